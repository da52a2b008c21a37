using System.Buffers;
using System.Runtime.CompilerServices;

namespace Firstbyte.Urls;

/// <summary>Recognizes an http, https or file URL that is serialized already, which nearly every URL is that a program meets.</summary>
/// <remarks>
/// Four vector scans (host, path, query, fragment) look for a character that the parser would do something about; whatever they find is
/// left to the parser: upper case in the host, an address, credentials, a dot segment, a character to encode. So this says yes only where
/// the parser would copy its input, and a test compares the two.
/// </remarks>
internal static class NormalUrlScan
{
    private static readonly SearchValues<char> PlainQuery = PercentEncoding.SpecialQuery.Values;
    private static readonly SearchValues<char> PlainFragment = PercentEncoding.Fragment.Values;

    /// <summary>
    /// True when <paramref name="input"/> is its own serialization, but perhaps for the "/" of an empty path, missing at
    /// <paramref name="offsets"/>' PathStart. When it is not, a PathStart above 0 says that the authority is normal at least.
    /// </summary>
    [SkipLocalsInit]
    public static bool TryScan(ReadOnlySpan<char> input, out UrlOffsets offsets, out bool lacksRoot)
    {
        lacksRoot = false;
        if (!TryScanAuthority(input, out offsets)) { offsets.PathStart = 0; return false; }
        var at = offsets.PathStart;
        if (at == input.Length) { offsets.SearchStart = offsets.HashStart = at; lacksRoot = true; return true; }
        if (input[at] == '/')
        {
            var end = EndOfPath(input, at);
            if (end < 0) { return false; }
            at = end;
        }
        else { lacksRoot = true; }
        offsets.SearchStart = offsets.HashStart = at;
        if (at < input.Length && input[at] == '?')
        {
            var next = input[(at + 1)..].IndexOfAnyExcept(PlainQuery);
            at = next < 0 ? input.Length : at + 1 + next;
            offsets.HashStart = at;
        }
        return at == input.Length || (input[at] == '#' && !input[(at + 1)..].ContainsAnyExcept(PlainFragment));
    }

    /// <summary>True when the input begins with a scheme and an authority that are normal: from there on nothing can fail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScanAuthority(ReadOnlySpan<char> input, out UrlOffsets offsets)
    {
        Unsafe.SkipInit(out offsets);
        int host;
        SpecialScheme scheme;
        if (input.StartsWith("https://")) { (host, scheme) = (8, SpecialScheme.Https); }
        else if (input.StartsWith("http://")) { (host, scheme) = (7, SpecialScheme.Http); }
        else { return TryScanFile(input, out offsets); }
        var length = input[host..].IndexOfAnyExcept(HostParser.PlainDomain);
        var end = length < 0 ? input.Length : host + length;
        if (end == host) { return false; }
        var name = input[host..end];
        // A last label that begins with a digit may make the host an IPv4 address; a final dot hides the label.
        var last = name[(name.LastIndexOf('.') + 1)..];
        if (last.IsEmpty || char.IsAsciiDigit(last[0])) { return false; }
        offsets = new UrlOffsets
        {
            SchemeEnd = host - 2,
            UsernameEnd = host,
            HostStart = host,
            HostEnd = end,
            PathStart = end,
            Port = -1,
            Scheme = scheme,
            HostKind = UrlHostKind.Domain
        };
        return end == input.Length || input[end] is '/' or '?' or '#' || (input[end] == ':' && TryScanPort(input, ref offsets));
    }

    // A drive letter with "|" becomes one with ":", and "localhost" is dropped.
    private static bool TryScanFile(ReadOnlySpan<char> input, out UrlOffsets offsets)
    {
        const int host = 7;
        Unsafe.SkipInit(out offsets);
        if (!input.StartsWith("file://")) { return false; }
        var end = input.Length > host && input[host] == '/' ? host : EndOfFileHost(input, host);
        if (end < 0 || end == input.Length || input[end] != '/' || (input.Length > end + 2 && input[end + 2] == '|')) { return false; }
        var kind = end == host ? UrlHostKind.Empty : UrlHostKind.Domain;
        offsets = new UrlOffsets
        {
            SchemeEnd = host - 2,
            UsernameEnd = host,
            HostStart = host,
            HostEnd = end,
            PathStart = end,
            Port = -1,
            Scheme = SpecialScheme.File,
            HostKind = kind
        };
        return true;
    }

    private static int EndOfFileHost(ReadOnlySpan<char> input, int at)
    {
        var length = input[at..].IndexOfAnyExcept(HostParser.PlainDomain);
        if (length < 0) { return -1; }
        var name = input.Slice(at, length);
        var label = name.LastIndexOf('.') + 1;
        return label == length || char.IsAsciiDigit(name[label]) || name.SequenceEqual("localhost") ? -1 : at + length;
    }

    private static bool TryScanPort(ReadOnlySpan<char> input, ref UrlOffsets offsets)
    {
        var at = offsets.HostEnd + 1;
        var port = 0;
        if (at == input.Length || input[at] is < '1' or > '9') { return false; }
        for (; at < input.Length && char.IsAsciiDigit(input[at]); at++)
        {
            port = port * 10 + (input[at] - '0');
            if (port > ushort.MaxValue) { return false; }
        }
        offsets.Port = port;
        offsets.PathStart = at;
        return port != offsets.Scheme.DefaultPort() && (at == input.Length || input[at] is '/' or '?' or '#');
    }

    /// <summary>Where the path ends, or -1 when it is not normal.</summary>
    private static int EndOfPath(ReadOnlySpan<char> input, int start)
    {
        var at = start;
        while (true)
        {
            var next = input[at..].IndexOfAnyExcept(UrlParser.PlainPath);
            if (next < 0) { at = input.Length; break; }
            at += next;
            if (input[at] is '?' or '#') { break; }
            // "%2e" is a dot to the parser; every other "%" stays.
            if (input[at] != '%' || (at + 2 < input.Length && input[at + 1] == '2' && (input[at + 2] | 0x20) == 'e')) { return -1; }
            at++;
        }
        return input[start..at].IndexOf("/.") < 0 ? at : -1;
    }
}
