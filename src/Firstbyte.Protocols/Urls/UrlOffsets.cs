namespace Firstbyte.Urls;

/// <summary>The special schemes (WHATWG URL section 4.2); all others are not special.</summary>
internal enum SpecialScheme : byte { None, Http, Https, Ws, Wss, Ftp, File }

/// <summary>What the host of a URL is (WHATWG URL section 3.1).</summary>
public enum UrlHostKind : byte
{
    /// <summary>There is no host: mailto:someone.</summary>
    None,

    /// <summary>The empty host: file:///etc/hosts.</summary>
    Empty,

    /// <summary>A domain, in ASCII.</summary>
    Domain,

    /// <summary>An IPv4 address, as four decimal numbers.</summary>
    Ipv4,

    /// <summary>An IPv6 address, in brackets.</summary>
    Ipv6,

    /// <summary>The host of a URL whose scheme is not special: anything without forbidden code points.</summary>
    Opaque,
}

/// <summary>Where the parts of a serialized URL begin and end.</summary>
/// <remarks>
/// <code>
///   https://user:pass@example.com:1234/foo/bar?baz#quux
///         |     |    |          |     |       |   |
///         |     |    |          |     |       |   HashStart      (the length when there is no fragment)
///         |     |    |          |     |       SearchStart        (HashStart when there is no query)
///         |     |    |          |     PathStart                  (behind "/." where that keeps "//" from reading as a host)
///         |     |    |          HostEnd                          (the port stands between here and PathStart)
///         |     |    HostStart                                   (behind "@"; equal to SchemeEnd when there is no host)
///         |     UsernameEnd                                      (equal to HostStart when there are no credentials)
///         SchemeEnd                                              (behind ":")
/// </code>
/// One string and these numbers are the whole value; every getter is a slice.
/// </remarks>
internal record struct UrlOffsets
{
    public int SchemeEnd;
    public int UsernameEnd;
    public int HostStart;
    public int HostEnd;
    public int PathStart;
    public int SearchStart;
    public int HashStart;

    /// <summary>The port, or -1 when it is null: none, or the scheme's default.</summary>
    public int Port;
    public SpecialScheme Scheme;
    public UrlHostKind HostKind;
    public bool HasOpaquePath;

    public readonly bool HasHost => HostKind != UrlHostKind.None;
    public readonly bool IsSpecial => Scheme != SpecialScheme.None;

    /// <summary>Where the authority ends: what comes before the path in every URL with the same authority.</summary>
    public readonly int AuthorityEnd => HasHost ? PathStart : SchemeEnd;
}

/// <summary>The table of special schemes and their default ports.</summary>
internal static class SpecialSchemes
{
    /// <summary>The special scheme of that lower-case name.</summary>
    public static SpecialScheme Of(ReadOnlySpan<char> scheme) => scheme switch
    {
        "http" => SpecialScheme.Http,
        "https" => SpecialScheme.Https,
        "ws" => SpecialScheme.Ws,
        "wss" => SpecialScheme.Wss,
        "ftp" => SpecialScheme.Ftp,
        "file" => SpecialScheme.File,
        _ => SpecialScheme.None,
    };

    /// <summary>The special scheme that the text begins with, in any case, its colon included; <paramref name="length"/> is theirs.</summary>
    public static SpecialScheme AtStartOf(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        if (text.Length < 6) { return SpecialScheme.None; }
        var (four, fifth, sixth) = (PackLower(text), text[4], text[5]);
        SpecialScheme scheme;
        switch (four)
        {
            case Http:
                (length, scheme) = fifth == ':'
                ? (5, SpecialScheme.Http)
                : (fifth | 0x20) == 's' && sixth == ':' ? (6, SpecialScheme.Https) : default; break;
            case File: (length, scheme) = fifth == ':' ? (5, SpecialScheme.File) : default; break;
            case Ftp: (length, scheme) = text[3] == ':' ? (4, SpecialScheme.Ftp) : default; break;
            case Wss: (length, scheme) = text[3] == ':' ? (4, SpecialScheme.Wss) : default; break;
            default: (length, scheme) = (four & 0xFFFF_FFFF_FFFF) == Ws && text[2] == ':' ? (3, SpecialScheme.Ws) : default; break;
        }
        return scheme;
    }

    // Four characters in one number, letters in lower case. Beside letters, "| 0x20" moves U+001A and the like onto other characters, never onto a letter.
    private static ulong PackLower(ReadOnlySpan<char> text) =>
        (text[0] | (ulong)text[1] << 16 | (ulong)text[2] << 32 | (ulong)text[3] << 48) | 0x0020_0020_0020_0020;

    /// <summary>The scheme with its colon.</summary>
    public static string Protocol(this SpecialScheme scheme) => scheme switch
    {
        SpecialScheme.Http => "http:",
        SpecialScheme.Https => "https:",
        SpecialScheme.Ws => "ws:",
        SpecialScheme.Wss => "wss:",
        SpecialScheme.Ftp => "ftp:",
        SpecialScheme.File => "file:",
        _ => "",
    };

    private const ulong Http = 'h' | (ulong)'t' << 16 | (ulong)'t' << 32 | (ulong)'p' << 48;
    private const ulong File = 'f' | (ulong)'i' << 16 | (ulong)'l' << 32 | (ulong)'e' << 48;
    private const ulong Ftp = 'f' | (ulong)'t' << 16 | (ulong)'p' << 32 | (ulong)':' << 48;
    private const ulong Wss = 'w' | (ulong)'s' << 16 | (ulong)'s' << 32 | (ulong)':' << 48;
    private const ulong Ws = 'w' | (ulong)'s' << 16 | (ulong)':' << 32;

    /// <summary>The default port, or -1.</summary>
    public static int DefaultPort(this SpecialScheme scheme) => scheme switch
    {
        SpecialScheme.Http or SpecialScheme.Ws => 80,
        SpecialScheme.Https or SpecialScheme.Wss => 443,
        SpecialScheme.Ftp => 21,
        _ => -1,
    };
}
