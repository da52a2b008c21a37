using System.Buffers;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Curl;

/// <summary>What a command line says of TLS with a server, or with a proxy, as it was typed.</summary>
internal sealed record CurlTlsWords
{
    public bool Insecure { get; init; }

    public string? CaCert { get; init; }

    /// <summary>The folder of roots, each in a file that is named by the hash of its subject (c_rehash).</summary>
    public string? CaPath { get; init; }

    /// <summary>The file of what issuers have taken back.</summary>
    public string? Revoked { get; init; }

    /// <summary>The file of the client's certificate, and behind a colon its password.</summary>
    public string? Cert { get; init; }

    public string? Key { get; init; }

    public string? Pass { get; init; }

    public string? Pinned { get; init; }

    public string? Ciphers { get; init; }

    public string? Ciphers13 { get; init; }

    public string? Minimum { get; init; }

    public string? Maximum { get; init; }
}

/// <summary>The same, with its files read.</summary>
/// <param name="Words">What was typed.</param>
internal sealed record CurlTls(CurlTlsWords Words)
{
    public IReadOnlyList<byte[]>? Anchors { get; private init; }

    public IReadOnlyList<RevocationList>? Revoked { get; private init; }

    public TlsClientCertificate? Certificate { get; private init; }

    public IReadOnlyList<byte[]> Pins { get; private init; } = [];

    public IReadOnlyList<string>? Suites { get; private init; }

    /// <summary>Reads the files that are named.</summary>
    /// <param name="words">What was typed.</param>
    /// <param name="read">Reads a file; null where it cannot be.</param>
    /// <param name="list">The names of a folder's files; none where it cannot be read.</param>
    /// <exception cref="CurlStop">A file cannot be used.</exception>
    public static CurlTls Of(CurlTlsWords words, Func<string, byte[]?> read, Func<string, IEnumerable<string>> list) => new(words)
    {
        Anchors = words.CaPath is { } folder ? AnchorsOf(words.CaCert, folder, read, list) : words.CaCert is { } anchors ? AnchorsOf(anchors, read) : null,
        Revoked = words.Revoked is { } lists ? ListsOf(lists, read) : null,
        Certificate = CertificateOf(words, read),
        Pins = words.Pinned is { } pinned ? PinsOf(pinned, read) : [],
        Suites = SuitesOf(words),
    };

    // What is spoken begins with TLS 1.2: as with Debian's OpenSSL, there is none below that would be allowed.
    private bool HasVersion => Words.Maximum is not ("1.0" or "1.1") && !(Words is { Minimum: "1.3", Maximum: "1.2" });

    /// <summary>Settings of connections, with these of TLS.</summary>
    /// <exception cref="CurlStop">No version is left.</exception>
    public ConnectingOptions In(ConnectingOptions options)
    {
        if (!HasVersion) { throw new CurlStop(CurlCode.SslConnectError, "TLS connect error: no protocols available"); }
        return options with
        {
            AllowCertificateFaults = Words.Insecure,
            TrustAnchors = Anchors,
            RevocationLists = Revoked,
            ClientCertificate = Certificate,
            PinnedKeys = Pins,
            Suites = Suites,
            MinimumTls = Words.Minimum is "1.3" ? TlsVersion.Tls13 : TlsVersion.Tls12,
            MaximumTls = Words.Maximum is "1.2" ? TlsVersion.Tls12 : TlsVersion.Tls13,
        };
    }

    private static List<byte[]> AnchorsOf(string name, Func<string, byte[]?> read)
    {
        var bytes = read(name);
        if (bytes is not null && PemFile.ReadCertificates(OctetText.Of(bytes), out var found) == PemFault.None) { return found; }
        throw new CurlStop(CurlCode.SslCacertBadfile, $"error setting certificate verify locations:  CAfile: {name}");
    }

    private static IReadOnlyList<RevocationList> ListsOf(string name, Func<string, byte[]?> read) =>
        read(name) is { } bytes && PemFile.ReadRevocationLists(OctetText.Of(bytes)) is { } lists ? lists
            : throw new CurlStop(CurlCode.SslCrlBadfile, $"error loading CRL file: {name}");

    // The roots of the folder stand beside those of a file: the one that is named, else the system's, as curl of Debian has it.
    private static List<byte[]> AnchorsOf(string? file, string folder, Func<string, byte[]?> read, Func<string, IEnumerable<string>> list)
    {
        var anchors = file is not null ? AnchorsOf(file, read)
            : read(SystemBundle) is { } bundle && PemFile.ReadCertificates(OctetText.Of(bundle), out var system) == PemFault.None ? system : [];
        // What is no certificate in such a folder is passed over, as OpenSSL passes it over.
        foreach (var name in list(folder).Where(IsHashed).Take(MostRoots).Order(StringComparer.Ordinal))
        {
            if (read(Path.Join(folder, name)) is not { } bytes) { continue; }
            if (PemFile.ReadCertificates(OctetText.Of(bytes), out var found) == PemFault.None) { anchors.AddRange(found); }
        }
        return anchors;
    }

    // As many as a system's folder has, some times over (own choice).
    private const int MostRoots = 10_000;

    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdef");

    private const string SystemBundle = "/etc/ssl/certs/ca-certificates.crt";

    // X509_LOOKUP_hash_dir(3): "the hash of the subject name … followed by a '.' and a sequence number".
    private static bool IsHashed(string name) =>
        name.Length > 9 && name[8] == '.' && !name.AsSpan(0, 8).ContainsAnyExcept(s_hexadecimal) && !name.AsSpan(9).ContainsAnyExceptInRange('0', '9');

    private static TlsClientCertificate? CertificateOf(CurlTlsWords words, Func<string, byte[]?> read)
    {
        if (words.Cert is not { } typed) { return null; }
        var (name, password) = Split(typed);
        password = words.Pass ?? password;
        var text = read(name) is { } bytes ? OctetText.Of(bytes)
            : throw new CurlStop(CurlCode.SslCertProblem, $"could not load PEM client certificate from {name}, no such file or directory");
        var key = words.Key is not { } file ? text : read(file) is { } own ? OctetText.Of(own)
            : throw new CurlStop(CurlCode.SslCertProblem, $"unable to set private key file: '{file}' type PEM");
        return PemFile.ReadClient(text, key, password, out var certificate) == PemFault.None ? certificate
            : throw new CurlStop(CurlCode.SslCertProblem, $"unable to set private key file: '{words.Key ?? name}' type PEM");
    }

    // curl's parse_cert_parameter: FILE[:PASSWORD], where a backslash stands before a colon or a backslash of the name.
    private static (string Name, string? Password) Split(string text)
    {
        var name = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '\\' or ':') { name.Append(text[++i]); }
            else if (text[i] == ':') { return (name.ToString(), text[(i + 1)..] is { Length: > 0 } password ? password : null); }
            else { name.Append(text[i]); }
        }
        return (name.ToString(), null);
    }

    private static List<byte[]> PinsOf(string text, Func<string, byte[]?> read)
    {
        if (PinnedKey.Read(text) is { } pins) { return pins; }
        // A file that cannot be read has the server's key as little as another one.
        return read(text) is { } bytes && PemFile.ReadPublicKey(bytes) is { } key ? [key]
            : throw new CurlStop(CurlCode.SslPinned, "SSL: public key does not match pinned public key");
    }

    private static List<string>? SuitesOf(CurlTlsWords words)
    {
        var list = string.Join(':', ((string?[])[words.Ciphers, words.Ciphers13]).OfType<string>());
        if (list.Length == 0) { return null; }
        return CipherSuiteNames.Read(list, out var unknown)
            ?? throw new CurlStop(CurlCode.SslCipher, $"failed setting cipher list: {unknown}");
    }
}
