using System.Text;

namespace Firstbyte.Tls;

/// <summary>Collects the secrets of sessions in the format that capture readers take (draft-ietf-tls-keylogfile, "SSLKEYLOGFILE").</summary>
/// <remarks>Whoever has these lines reads everything: they are kept only where the caller asked for them.</remarks>
public sealed class TlsKeyLog
{
    private readonly List<string> _lines = [];

    /// <summary>The lines so far: label, client random and secret, in hexadecimal.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds the secret of one session.</summary>
    public void Add(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret) =>
        _lines.Add($"{label} {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(secret)}");

    /// <summary>The file: one line each, in ASCII.</summary>
    public byte[] ToFile() => Encoding.ASCII.GetBytes(string.Concat(_lines.Select(line => line + "\n")));
}
