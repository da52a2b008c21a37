using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Bodies;

/// <summary>Makes text of a body's bytes, piece by piece as they come.</summary>
/// <remarks>
/// Theory of operation. A byte order mark decides; then what Content-Type says; then the bytes are taken for UTF-8 as long as they are, and from the first
/// one that is not for windows-1252, as browsers do (https://encoding.spec.whatwg.org/#decode). Up to there both read the same where the
/// text is ASCII, so nothing that was shown is wrong
/// but letters that only look like UTF-8. Before windows-1252 a page of HTML is asked what it says of itself (a meta element within its first 1024 bytes,
/// https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding).
/// Whether it is text at all is told by the control characters that no text has (MIME Sniffing 3: binary data bytes).
/// </remarks>
internal sealed class BodyText
{
    private readonly List<byte> _kept = [];
    private readonly List<byte> _first = [];
    private readonly bool _isDeclaredText;
    private readonly bool _mayNameItself;
    private Decoder? _decoder;
    private bool _isBegun;

    public BodyText(ContentDescription content)
    {
        Type = content.Type is { } value && MediaType.TryParse(value, out var type) ? type : new MediaType("", null);
        _isDeclaredText = Type.IsText;
        // What is compressed is nothing to read, whatever it is made from.
        IsBinary = content.Coding is { } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase);
        _mayNameItself = Type is { Essence: "text/html", Charset: null };
        if (Type.Charset is not { } label) { return; }
        Declared = CharacterEncodings.Find(label);
        if (Declared is null) { UnknownLabel = label; }
    }

    /// <summary>What the body is said to be.</summary>
    public MediaType Type { get; }

    /// <summary>Whether something came that no text has; nothing is decoded from there on.</summary>
    public bool IsBinary { get; private set; }

    /// <summary>The charset that was named and that nobody knows.</summary>
    public string? UnknownLabel { get; }

    /// <summary>The encoding that was taken because the bytes are not UTF-8; null when they are, or when it was named.</summary>
    public string? Guessed { get; private set; }

    private CharacterEncoding? Declared { get; }

    /// <summary>The text of the next bytes; some of them may wait for those that follow.</summary>
    public string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (IsBinary) { return ""; }
        _kept.AddRange(bytes);
        if (_mayNameItself && _first.Count < TextSniffing.PrescanLength)
        {
            _first.AddRange(bytes[..Math.Min(bytes.Length, TextSniffing.PrescanLength - _first.Count)]);
        }
        if (!_isBegun && !isLast && _kept.Count < TextSniffing.LongestMark) { return ""; }
        if (!_isBegun) { Begin(); }
        var waiting = _kept.ToArray();
        _kept.Clear();
        var text = _decoder is null ? DecodeUtf8(waiting, isLast) : DecodeAs(_decoder, waiting, isLast);
        if (TextSniffing.IsText(text, _isDeclaredText)) { return text; }
        IsBinary = true;
        return "";
    }

    private void Begin()
    {
        _isBegun = true;
        var name = TextSniffing.MarkOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_kept), out var mark);
        _kept.RemoveRange(0, mark);
        _decoder = (name is null ? Declared : CharacterEncodings.Find(name))?.Decoder();
    }

    private string DecodeUtf8(byte[] bytes, bool isLast)
    {
        var letters = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, letters, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: isLast);
        var text = new string(letters, 0, written);
        if (status != OperationStatus.InvalidData)
        {
            _kept.AddRange(bytes.AsSpan(read));
            return text;
        }
        var own = OwnEncoding();
        Guessed = own is null ? CharacterEncodings.Fallback.Name : null;
        _decoder = (own ?? CharacterEncodings.Fallback).Decoder();
        return text + DecodeAs(_decoder, bytes.AsSpan(read), isLast);
    }

    // The first whose name is known.
    private CharacterEncoding? OwnEncoding() =>
        TextSniffing.LabelsOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_first)).Select(CharacterEncodings.Find)
            .FirstOrDefault(static found => found?.Name.StartsWith("utf-", StringComparison.OrdinalIgnoreCase) == false);

    private static string DecodeAs(Decoder decoder, ReadOnlySpan<byte> bytes, bool isLast)
    {
        var letters = new char[decoder.GetCharCount(bytes, isLast)];
        return new string(letters, 0, decoder.GetChars(bytes, letters, isLast));
    }
}
