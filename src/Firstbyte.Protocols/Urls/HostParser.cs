using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Firstbyte.Urls.Buffers;
using Firstbyte.Urls.Idna;

namespace Firstbyte.Urls;

/// <summary>The host parser of the WHATWG URL Standard (section 3.5): domains, IPv4 in all its spellings, IPv6, opaque hosts.</summary>
/// <remarks>The serialized host is appended to the URL's own buffer. Positions are those of the host's start in the input plus the place in it.</remarks>
internal ref partial struct HostParser(UrlParseLog? log, int start)
{
    // What a domain may hold and stays as it is: ASCII without upper case, "%" and the forbidden domain code points.
    internal static readonly SearchValues<char> PlainDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!\"$&'()*+,-.;=_`{}~");

    // The same with upper case, which becomes lower case.
    private static readonly SearchValues<char> CasedDomain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"$&'()*+,-.;=_`{}~");

    /// <summary>Where an ASCII domain ends that begins there and needs no more than lower case; -1 where there is none or where it may be an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int EndOfPlainDomain(ReadOnlySpan<char> input, int at)
    {
        var length = input[at..].IndexOfAnyExcept(CasedDomain);
        if (length < 0) { length = input.Length - at; }
        // A last label that begins with a digit may make it an IPv4 address; a final dot hides the label.
        var domain = input.Slice(at, length);
        var label = domain.LastIndexOf('.') + 1;
        return label == length || char.IsAsciiDigit(domain[label]) ? -1 : at + length;
    }

    private static readonly SearchValues<char> ForbiddenDomain = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F #%/:<>?@[\\]^|\u007F");
    private static readonly SearchValues<char> ForbiddenHost = SearchValues.Create("\0\t\n\r #/:<>?@[\\]^|");

    /// <summary>What the host turned out to be.</summary>
    public UrlHostKind Kind { get; private set; }

    public UrlValidationError Error { get; private set; }

    public int ErrorPosition { get; private set; }

    // https://url.spec.whatwg.org/#concept-host-parser
    public bool Parse(scoped ReadOnlySpan<char> host, bool isOpaque, ref SpanBuilder<char> output)
    {
        if (host.Length > 0 && host[0] == '[')
        {
            Kind = UrlHostKind.Ipv6;
            return host[^1] != ']' ? Fail(UrlValidationError.Ipv6Unclosed, host.Length) : ParseIpv6(host[1..^1], ref output);
        }
        return isOpaque ? ParseOpaque(host, ref output) : ParseDomain(host, ref output);
    }

    private bool Fail(UrlValidationError error, int position)
    {
        Error = error;
        ErrorPosition = start + position;
        log?.Violate(error, ErrorPosition);
        return false;
    }

    private readonly void Violate(UrlValidationError error, int position) => log?.Violate(error, start + position);

    private readonly void Change(UrlChangeKind kind, int length) => log?.Change(UrlPart.Host, kind, start, start + length);

    // https://url.spec.whatwg.org/#concept-opaque-host-parser
    private bool ParseOpaque(scoped ReadOnlySpan<char> host, ref SpanBuilder<char> output)
    {
        var forbidden = host.IndexOfAny(ForbiddenHost);
        if (forbidden >= 0) { return Fail(UrlValidationError.HostInvalidCodePoint, forbidden); }
        Kind = host.IsEmpty ? UrlHostKind.Empty : UrlHostKind.Opaque;
        if (log is not null) { TellOpaque(host); }
        PercentEncoding.Append(host, PercentEncoding.C0Control, ref output);
        return true;
    }

    private readonly void TellOpaque(ReadOnlySpan<char> host)
    {
        for (var i = 0; i < host.Length;)
        {
            Rune.DecodeFromUtf16(host[i..], out var rune, out var used);
            if (rune.Value == '%' ? !PercentEncoding.IsPercentEncoded(host[i..]) : !UrlCodePoints.Contains(host[i], rune))
            {
                Violate(UrlValidationError.InvalidUrlUnit, i);
            }
            i += used;
        }
        if (host.ContainsAnyExcept(PercentEncoding.C0Control.Values)) { Change(UrlChangeKind.PercentEncoded, host.Length); }
    }

    private bool ParseDomain(scoped ReadOnlySpan<char> host, ref SpanBuilder<char> output)
    {
        var at = output.Length;
        var special = host.IndexOfAnyExcept(PlainDomain);
        if (special < 0) { output.Append(host); }
        else if (host[special] is '%' or >= '\x80' || host[special..].Contains('%') || !Ascii.IsValid(host[special..]))
        {
            if (!ParseEncodedDomain(host, ref output)) { return false; }
        }
        else if (!AppendAsciiDomain(host, ref output)) { return false; }

        var domain = output.Written[at..];
        if (domain.IsEmpty) { return Fail(UrlValidationError.DomainToAscii, 0); }
        if (EndsInNumber(domain))
        {
            Kind = UrlHostKind.Ipv4;
            return ParseIpv4(host, at, ref output);
        }
        Kind = UrlHostKind.Domain;
        if (log is not null) { TellDomain(host, domain); }
        return true;
    }

    // An ASCII domain is lower-cased and not looked into, whatever its "xn--" labels hold (WHATWG URL, "domain to ASCII").
    private bool AppendAsciiDomain(scoped ReadOnlySpan<char> host, ref SpanBuilder<char> output)
    {
        var forbidden = host.IndexOfAny(ForbiddenDomain);
        if (forbidden >= 0) { return Fail(UrlValidationError.DomainInvalidCodePoint, forbidden); }
        Ascii.ToLower(host, output.AppendRoom(host.Length), out _);
        return true;
    }

    [SkipLocalsInit]
    private bool ParseEncodedDomain(scoped ReadOnlySpan<char> host, ref SpanBuilder<char> output)
    {
        if (!host.Contains('%')) { return ParseUnicodeDomain(host, host, ref output); }
        // Percent-decoded, then UTF-8 decoded without BOM: each wrong sequence is U+FFFD. No UTF-8 is longer in UTF-16.
        var bytes = new SpanBuilder<byte>(stackalloc byte[256]);
        PercentEncoding.Decode(host, ref bytes);
        var decoded = new SpanBuilder<char>(stackalloc char[256]);
        Utf8.ToUtf16(bytes.Written, decoded.AppendRoom(bytes.Length), out _, out var length, replaceInvalidSequences: true, isFinalBlock: true);
        decoded.Truncate(length);
        var good = Ascii.IsValid(decoded.Written)
            ? AppendDecodedAscii(host, decoded.Written, ref output)
            : ParseUnicodeDomain(host, decoded.Written, ref output);
        decoded.Dispose();
        bytes.Dispose();
        return good;
    }

    private bool AppendDecodedAscii(scoped ReadOnlySpan<char> host, scoped ReadOnlySpan<char> domain, ref SpanBuilder<char> output)
    {
        if (domain.ContainsAny(ForbiddenDomain)) { return Fail(UrlValidationError.DomainInvalidCodePoint, PlaceOfForbidden(host)); }
        Ascii.ToLower(domain, output.AppendRoom(domain.Length), out _);
        return true;
    }

    private bool ParseUnicodeDomain(scoped ReadOnlySpan<char> host, scoped ReadOnlySpan<char> domain, ref SpanBuilder<char> output)
    {
        var at = output.Length;
        if (!IdnaProcessing.TryToAscii(domain, ref output, out _)) { return Fail(UrlValidationError.DomainToAscii, FirstSuspect(host)); }
        return !output.Written[at..].ContainsAny(ForbiddenDomain) || Fail(UrlValidationError.DomainInvalidCodePoint, PlaceOfForbidden(host));
    }

    /// <summary>Where a forbidden code point stands in what was typed: as it is, or percent-encoded.</summary>
    private static int PlaceOfForbidden(ReadOnlySpan<char> host)
    {
        for (var i = 0; i < host.Length; i++)
        {
            var isEncoded = host[i] == '%' && i + 2 < host.Length && char.IsAsciiHexDigit(host[i + 1]) && char.IsAsciiHexDigit(host[i + 2]);
            var c = isEncoded ? (char)(Hex(host[i + 1]) << 4 | Hex(host[i + 2])) : host[i];
            if (ForbiddenDomain.Contains(c)) { return i; }
            if (isEncoded) { i += 2; }
        }
        // It came out of the mapping.
        return FirstSuspect(host);

        static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }

    private static int FirstSuspect(ReadOnlySpan<char> host)
    {
        var suspect = host.IndexOfAnyExcept(PlainDomain);
        return suspect < 0 ? 0 : suspect;
    }

    /// <summary>Domain to ASCII alone: the ASCII domain, or null.</summary>
    internal static string? DomainToAscii(ReadOnlySpan<char> domain)
    {
        var output = new SpanBuilder<char>(stackalloc char[256]);
        scoped var parser = new HostParser(null, 0);
        var ascii = parser.ParseDomain(domain, ref output) ? output.Written.ToString() : null;
        output.Dispose();
        return ascii;
    }

    /// <summary>An ASCII domain with its encoded labels decoded, as far as they keep the rules.</summary>
    internal static string ToUnicode(ReadOnlySpan<char> domain)
    {
        if (!domain.Contains("xn--", StringComparison.Ordinal)) { return domain.ToString(); }
        var unicode = new SpanBuilder<int>(stackalloc int[128]);
        IdnaProcessing.ToUnicode(domain, ref unicode);
        var text = new StringBuilder(unicode.Length);
        foreach (var c in unicode.Written) { text.Append(new Rune(c)); }
        unicode.Dispose();
        return text.ToString();
    }

    private readonly void TellDomain(ReadOnlySpan<char> host, ReadOnlySpan<char> domain)
    {
        if (host.Contains('%')) { Change(UrlChangeKind.PercentDecoded, host.Length); }
        if (!Ascii.IsValid(host) || (host.Contains('%') && domain.Contains("xn--", StringComparison.Ordinal)))
        {
            Change(UrlChangeKind.DomainEncoded, host.Length);
        }
        else if (!host.SequenceEqual(domain) && !host.Contains('%')) { Change(UrlChangeKind.Lowercased, host.Length); }
        if (!domain.Contains("xn--", StringComparison.Ordinal)) { return; }

        // The standard runs domain to Unicode for its validation errors alone; an ASCII domain with a broken label gets here too.
        var unicode = new SpanBuilder<int>(stackalloc int[128]);
        if (IdnaProcessing.ToUnicode(domain, ref unicode) != IdnaFault.None) { Violate(UrlValidationError.DomainToUnicode, 0); }
        unicode.Dispose();
    }
}
