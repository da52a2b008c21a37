using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Firstbyte.Urls;

/// <summary>A URL record of the WHATWG URL Standard: an immutable value, equal to another when they serialize alike.</summary>
/// <remarks>
/// Theory of operation. A URL is one string, its serialization, and the places where its parts begin (<see cref="UrlOffsets"/> has the
/// drawing); every getter is a slice of the string. Parsing an input that is already normal makes one object around the input itself.
/// The standard's setters are the <c>With…</c> methods: each gives the URL that the setter would have left behind, the same instance
/// where the standard ignores the value. Getters carry the names and the punctuation of the standard's URL class: <see cref="Protocol"/>
/// ends in ":", <see cref="Search"/> begins with "?".
/// </remarks>
[JsonConverter(typeof(UrlJsonConverter))]
[TypeConverter(typeof(UrlTypeConverter))]
public sealed partial class Url : IEquatable<Url>, ISpanParsable<Url>, IUtf8SpanParsable<Url>, ISpanFormattable, IUtf8SpanFormattable
{
    internal readonly UrlOffsets Offsets;

    internal Url(string href, in UrlOffsets offsets)
    {
        Href = href;
        Offsets = offsets;
    }

    /// <summary>The serialized URL.</summary>
    public string Href { get; }

    /// <summary>The scheme without its colon: "https".</summary>
    public string Scheme => Offsets.Scheme switch
    {
        SpecialScheme.Http => "http",
        SpecialScheme.Https => "https",
        SpecialScheme.Ws => "ws",
        SpecialScheme.Wss => "wss",
        SpecialScheme.Ftp => "ftp",
        SpecialScheme.File => "file",
        _ => Href[..(Offsets.SchemeEnd - 1)],
    };

    /// <summary>The scheme with its colon: "https:".</summary>
    public string Protocol => Href[..Offsets.SchemeEnd];

    /// <summary>True for the schemes that the standard treats specially: http, https, ws, wss, ftp, file.</summary>
    public bool IsSpecial => Offsets.IsSpecial;

    /// <summary>The username, percent-encoded; "" when there is none.</summary>
    public string Username => UsernameSpan.ToString();

    /// <inheritdoc cref="Username"/>
    public ReadOnlySpan<char> UsernameSpan =>
        Offsets.UsernameEnd > Offsets.SchemeEnd + 2 ? Href.AsSpan()[(Offsets.SchemeEnd + 2)..Offsets.UsernameEnd] : default;

    /// <summary>The password, percent-encoded; "" when there is none.</summary>
    public string Password => PasswordSpan.ToString();

    /// <inheritdoc cref="Password"/>
    public ReadOnlySpan<char> PasswordSpan =>
        Offsets.HostStart - Offsets.UsernameEnd > 1 ? Href.AsSpan()[(Offsets.UsernameEnd + 1)..(Offsets.HostStart - 1)] : default;

    /// <summary>True when there is a username or a password.</summary>
    public bool HasCredentials => Offsets.HostStart > Offsets.UsernameEnd;

    /// <summary>Host and port: "example.com:8080"; "" when there is no host.</summary>
    public string Host => HostSpan.ToString();

    /// <inheritdoc cref="Host"/>
    public ReadOnlySpan<char> HostSpan => Offsets.HasHost ? Href.AsSpan()[Offsets.HostStart..Offsets.PathStart] : default;

    /// <summary>The host without the port, in ASCII; an IPv6 address stands in brackets.</summary>
    public string Hostname => HostnameSpan.ToString();

    /// <inheritdoc cref="Hostname"/>
    public ReadOnlySpan<char> HostnameSpan => Href.AsSpan()[Offsets.HostStart..Offsets.HostEnd];

    /// <summary>What kind of host it is.</summary>
    public UrlHostKind HostKind => Offsets.HostKind;

    /// <summary>The host for people to read: labels of a domain that are written in Punycode are decoded (UTS #46, ToUnicode).</summary>
    public string UnicodeHostname => Offsets.HostKind == UrlHostKind.Domain ? HostParser.ToUnicode(HostnameSpan) : Hostname;

    /// <summary>The port in digits; "" when it is the scheme's default or there is none.</summary>
    public string Port => Offsets.Port < 0 ? "" : Offsets.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>The port; null when it is the scheme's default or there is none.</summary>
    public int? PortNumber => Offsets.Port < 0 ? null : Offsets.Port;

    /// <summary>The port to connect to: the URL's own, else the scheme's default, else -1 (a scheme without a default port).</summary>
    public int EffectivePort => Offsets.Port < 0 ? Offsets.Scheme.DefaultPort() : Offsets.Port;

    /// <summary>The path.</summary>
    public string Pathname => PathnameSpan.ToString();

    /// <inheritdoc cref="Pathname"/>
    public ReadOnlySpan<char> PathnameSpan => Href.AsSpan()[Offsets.PathStart..Offsets.SearchStart];

    /// <summary>True when the path is one string that is not cut into segments: mailto:someone@example.com.</summary>
    public bool HasOpaquePath => Offsets.HasOpaquePath;

    /// <summary>The query with its "?"; "" when it is empty or absent.</summary>
    public string Search => SearchSpan.ToString();

    /// <inheritdoc cref="Search"/>
    public ReadOnlySpan<char> SearchSpan => Offsets.HashStart - Offsets.SearchStart > 1 ? Href.AsSpan()[Offsets.SearchStart..Offsets.HashStart] : default;

    /// <summary>The fragment with its "#"; "" when it is empty or absent.</summary>
    public string Hash => HashSpan.ToString();

    /// <inheritdoc cref="Hash"/>
    public ReadOnlySpan<char> HashSpan => Href.Length - Offsets.HashStart > 1 ? Href.AsSpan()[Offsets.HashStart..] : default;

    /// <summary>True when there is a query, be it empty ("?").</summary>
    public bool HasQuery => Offsets.HashStart > Offsets.SearchStart;

    /// <summary>True when there is a fragment, be it empty ("#").</summary>
    public bool HasFragment => Href.Length > Offsets.HashStart;

    /// <summary>Path and query as a request line carries them: "/a?b" (RFC 9112 section 3.2.1, origin form).</summary>
    public ReadOnlySpan<char> PathAndQuerySpan => Href.AsSpan()[Offsets.PathStart..Offsets.HashStart];

    /// <summary>The origin, serialized: "https://example.com:8080", or "null" for an opaque one (WHATWG URL section 4.7).</summary>
    public string Origin
    {
        get
        {
            switch (Offsets.Scheme)
            {
                case SpecialScheme.File: return "null";
                case SpecialScheme.None:
                    // The origin of a blob URL is that of the URL in its path.
                    return Href.StartsWith("blob:", StringComparison.Ordinal) && TryParse(PathnameSpan, out var inner)
                        && inner.Offsets.Scheme is SpecialScheme.Http or SpecialScheme.Https ? inner.Origin : "null";
                default:
                    return Offsets.HostStart == Offsets.SchemeEnd + 2
                        ? Href[..Offsets.PathStart]
                        : string.Concat(Href.AsSpan(0, Offsets.SchemeEnd), "//", HostSpan);
            }
        }
    }

    /// <summary>True when both serialize alike; with <paramref name="excludeFragments"/> the fragments are left out (WHATWG URL section 4.6).</summary>
    public bool Equals(Url? other, bool excludeFragments) => other is not null && (excludeFragments
        ? Href.AsSpan(0, Offsets.HashStart).SequenceEqual(other.Href.AsSpan(0, other.Offsets.HashStart))
        : Href == other.Href);

    /// <inheritdoc/>
    public bool Equals(Url? other) => other is not null && Href == other.Href;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Url other && Href == other.Href;

    /// <inheritdoc/>
    public override int GetHashCode() => Href.GetHashCode(StringComparison.Ordinal);

    /// <summary>The serialized URL.</summary>
    public override string ToString() => Href;

    public static bool operator ==(Url? left, Url? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(Url? left, Url? right) => !(left == right);

    /// <inheritdoc/>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => Href;

    /// <inheritdoc/>
    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = Href.TryCopyTo(destination) ? Href.Length : 0;
        return charsWritten == Href.Length;
    }

    /// <inheritdoc/>
    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        System.Text.Encoding.UTF8.TryGetBytes(Href, utf8Destination, out bytesWritten);
}
