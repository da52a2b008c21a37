using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Commands;

/// <summary>The certificate that a server shows, from its files.</summary>
internal sealed class ServerCertificate(CommandIo io, string certificates, string key)
{
    private DnsServerTls? _tls;

    /// <summary>Reads the files.</summary>
    /// <exception cref="UsageException">They are no certificate with its key.</exception>
    /// <exception cref="FileException">One cannot be read.</exception>
    public DnsServerTls Open(INetwork network) => _tls = new DnsServerTls(new SslStreamTlsProvider(network), [Read()]);

    /// <summary>Reads them again, as after a renewal; where they are faulty the old one is shown on.</summary>
    /// <exception cref="UsageException">They are no certificate with its key.</exception>
    /// <exception cref="FileException">One cannot be read.</exception>
    public void Renew() => _tls?.Renew([Read()]);

    private TlsServerCertificate Read() => PemCertificate.TryRead(io.ReadText(certificates), io.ReadText(key), out var read, out var flaw)
        ? read
        : throw new UsageException(io.Language.Servers.CertificateRefused(certificates, key, flaw));
}
