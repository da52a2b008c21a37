using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>From text to a URL. Only <c>Parse</c> throws; lone surrogates and wrong UTF-8 are read as U+FFFD.</summary>
public sealed partial class Url
{
    // On the stack for nearly every URL that is seen; longer ones take pooled memory.
    private const int StackCharacters = 512;

    /// <summary>Parses an absolute URL (WHATWG URL section 4.4).</summary>
    public static bool TryParse([NotNullWhen(true)] string? input, [NotNullWhen(true)] out Url? url) => TryParse(input, null, out url);

    /// <summary>Parses a URL, a relative one against <paramref name="baseUrl"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? input, Url? baseUrl, [NotNullWhen(true)] out Url? url)
    {
        url = null;
        return input is not null && TryParse(input, input, baseUrl, out url);
    }

    /// <inheritdoc cref="TryParse(string?, out Url?)"/>
    public static bool TryParse(ReadOnlySpan<char> input, [NotNullWhen(true)] out Url? url) => TryParse(input, null, null, out url);

    /// <inheritdoc cref="TryParse(string?, Url?, out Url?)"/>
    public static bool TryParse(ReadOnlySpan<char> input, Url? baseUrl, [NotNullWhen(true)] out Url? url) => TryParse(input, null, baseUrl, out url);

    /// <inheritdoc cref="TryParse(string?, out Url?)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Input, [NotNullWhen(true)] out Url? url) => TryParse(utf8Input, null, out url);

    /// <inheritdoc cref="TryParse(string?, Url?, out Url?)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Input, Url? baseUrl, [NotNullWhen(true)] out Url? url)
    {
        var text = new SpanBuilder<char>(stackalloc char[StackCharacters]);
        Transcode(utf8Input, ref text);
        var parsed = TryParse(text.Written, null, baseUrl, out url);
        text.Dispose();
        return parsed;
    }

    /// <summary>Parses a URL; <paramref name="error"/> says why there is none, and where.</summary>
    public static bool TryParse([NotNullWhen(true)] string? input, Url? baseUrl, [NotNullWhen(true)] out Url? url, [NotNullWhen(false)] out UrlError? error)
    {
        var parsed = TryParse(input, baseUrl, out url);
        error = parsed ? null : ErrorOf(input, baseUrl, input ?? "");
        return parsed;
    }

    /// <inheritdoc cref="TryParse(string?, Url?, out Url?, out UrlError?)"/>
    public static bool TryParse(ReadOnlySpan<char> input, Url? baseUrl, [NotNullWhen(true)] out Url? url, [NotNullWhen(false)] out UrlError? error)
    {
        var parsed = TryParse(input, baseUrl, out url);
        error = parsed ? null : ErrorOf(input, baseUrl, input.ToString());
        return parsed;
    }

    /// <inheritdoc cref="TryParse(string?, Url?, out Url?, out UrlError?)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Input, Url? baseUrl, [NotNullWhen(true)] out Url? url, [NotNullWhen(false)] out UrlError? error)
    {
        error = null;
        if (TryParse(utf8Input, baseUrl, out url)) { return true; }
        var text = Encoding.UTF8.GetString(utf8Input);
        error = ErrorOf(text, baseUrl, text);
        error = error with { Position = PositionInUtf8(utf8Input, error.Position) };
        return false;
    }

    /// <summary>Parses a URL or throws.</summary>
    /// <exception cref="UrlFormatException">The input is no URL; the exception carries input, reason and position.</exception>
    public static Url Parse(string input, Url? baseUrl = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        return TryParse(input, baseUrl, out var url, out var error) ? url : throw new UrlFormatException(error);
    }

    /// <inheritdoc cref="Parse(string, Url?)"/>
    public static Url Parse(ReadOnlySpan<char> input, Url? baseUrl = null) =>
        TryParse(input, baseUrl, out var url, out var error) ? url : throw new UrlFormatException(error);

    /// <inheritdoc cref="Parse(string, Url?)"/>
    public static Url Parse(ReadOnlySpan<byte> utf8Input, Url? baseUrl = null) =>
        TryParse(utf8Input, baseUrl, out var url, out var error) ? url : throw new UrlFormatException(error);

    /// <summary>True when the input can be parsed; builds nothing and allocates nothing.</summary>
    public static bool CanParse([NotNullWhen(true)] string? input, Url? baseUrl = null) => input is not null && CanParse(input.AsSpan(), baseUrl);

    /// <inheritdoc cref="CanParse(string?, Url?)"/>
    public static bool CanParse(ReadOnlySpan<char> input, Url? baseUrl = null) =>
        NormalUrlScan.TryScanAuthority(input, out _) || AuthorityCheck.Holds(input) || CanParseFully(input, baseUrl);

    private static Url AddRoot(ReadOnlySpan<char> input, UrlOffsets offsets)
    {
        offsets.SearchStart++;
        offsets.HashStart++;
        return new Url(string.Concat(input[..offsets.PathStart], "/", input[offsets.PathStart..]), offsets);
    }

    /// <inheritdoc cref="CanParse(string?, Url?)"/>
    public static bool CanParse(ReadOnlySpan<byte> utf8Input, Url? baseUrl = null)
    {
        var text = new SpanBuilder<char>(stackalloc char[StackCharacters]);
        Transcode(utf8Input, ref text);
        var parsed = CanParse(text.Written, baseUrl);
        text.Dispose();
        return parsed;
    }

    private static bool TryParse(ReadOnlySpan<char> input, string? whole, Url? baseUrl, [NotNullWhen(true)] out Url? url)
    {
        // A normal URL is absolute, so that the base does not matter.
        url = NormalUrlScan.TryScan(input, out var offsets, out var lacksRoot)
            ? lacksRoot ? AddRoot(input, offsets) : new Url(whole ?? input.ToString(), offsets)
            : ParseFully(input, whole, baseUrl, offsets);
        return url is not null;
    }

    [SkipLocalsInit]
    internal static Url? ParseFully(ReadOnlySpan<char> input, string? whole, Url? baseUrl, in UrlOffsets authority)
    {
        using var cleaned = new CleanedInput(input);
        var parser = new UrlParser(cleaned.Text, baseUrl, stackalloc char[StackCharacters]);
        var parsed = authority.PathStart > 0 ? parser.ParseBehind(authority) : parser.Parse();
        var url = parsed ? parser.ToUrl(whole) : null;
        parser.Dispose();
        return url;
    }

    [SkipLocalsInit]
    private static bool CanParseFully(ReadOnlySpan<char> input, Url? baseUrl)
    {
        using var cleaned = new CleanedInput(input);
        var parser = new UrlParser(cleaned.Text, baseUrl, stackalloc char[StackCharacters], checkOnly: true);
        var parsed = parser.Parse();
        parser.Dispose();
        return parsed;
    }

    // Failure is rare and slow paths may be slow: the parser runs once more, to know where.
    private static UrlError ErrorOf(ReadOnlySpan<char> input, Url? baseUrl, string text)
    {
        using var cleaned = new CleanedInput(input);
        var parser = new UrlParser(cleaned.Text, baseUrl, stackalloc char[StackCharacters], checkOnly: true);
        parser.Parse();
        var error = new UrlError(text, parser.Error, cleaned.PlaceOf(parser.ErrorPosition));
        parser.Dispose();
        return error;
    }

    private static void Transcode(ReadOnlySpan<byte> utf8, ref SpanBuilder<char> text)
    {
        // No UTF-8 is longer in UTF-16.
        var room = text.AppendRoom(utf8.Length);
        Utf8.ToUtf16(utf8, room, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        text.Truncate(written);
    }

    private static int PositionInUtf8(ReadOnlySpan<byte> utf8, int position)
    {
        var at = 0;
        while (position > 0 && at < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[at..], out var rune, out var used);
            at += used;
            position -= rune.Utf16SequenceLength;
        }
        return at;
    }

    static Url IParsable<Url>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Url>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Url result) =>
        TryParse(s, null, out result);

    static Url ISpanParsable<Url>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Url>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Url result) =>
        TryParse(s, null, null, out result);

    static Url IUtf8SpanParsable<Url>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<Url>.TryParse(
        ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Url result) =>
            TryParse(utf8Text, null, out result);
}
