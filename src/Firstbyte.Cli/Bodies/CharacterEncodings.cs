using System.Collections.Frozen;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Bodies;

/// <summary>Encodings by the labels that servers write: those of the Encoding standard (https://encoding.spec.whatwg.org/#names-and-labels).</summary>
/// <remarks>
/// The decoders are the framework's; of the standard's encodings it lacks ISO-8859-10, -14 and -16, x-user-defined, and those that the
/// standard refuses to decode.
/// </remarks>
internal static class CharacterEncodings
{
    // Name, code page, labels besides the name in lower case. GBK is decoded as gb18030, as the standard says; code page 949 is its EUC-KR.
    private const string Table = """
        UTF-8|65001|unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8
        IBM866|866|866 cp866 csibm866
        ISO-8859-2|28592|csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
        ISO-8859-3|28593|csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
        ISO-8859-4|28594|csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
        ISO-8859-5|28595|csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
        ISO-8859-6|28596|arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
        ISO-8859-7|28597|csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek
        ISO-8859-8|28598|csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual
        ISO-8859-8-I|28598|csiso88598i logical
        ISO-8859-13|28603|iso8859-13 iso885913
        ISO-8859-15|28605|csisolatin9 iso8859-15 iso885915 iso_8859-15 l9
        KOI8-R|20866|cskoi8r koi koi8 koi8_r
        KOI8-U|21866|koi8-ru
        macintosh|10000|csmacintosh mac x-mac-roman
        windows-874|874|dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
        windows-1250|1250|cp1250 x-cp1250
        windows-1251|1251|cp1251 x-cp1251
        windows-1252|1252|ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252
        windows-1253|1253|cp1253 x-cp1253
        windows-1254|1254|cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254
        windows-1255|1255|cp1255 x-cp1255
        windows-1256|1256|cp1256 x-cp1256
        windows-1257|1257|cp1257 x-cp1257
        windows-1258|1258|cp1258 x-cp1258
        x-mac-cyrillic|10017|x-mac-ukrainian
        GBK|54936|chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk
        gb18030|54936|
        Big5|950|big5-hkscs cn-big5 csbig5 x-x-big5
        EUC-JP|51932|cseucpkdfmtjapanese x-euc-jp
        ISO-2022-JP|50220|csiso2022jp
        Shift_JIS|932|csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis
        EUC-KR|949|cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
        UTF-16BE|1201|unicodefffe
        UTF-16LE|1200|csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
        """;

    private static FrozenDictionary<string, CharacterEncoding>? s_labels;

    /// <summary>The encoding that is tried where bytes are not UTF-8 and nothing says what they are: what browsers take.</summary>
    public static CharacterEncoding Fallback => Find(TextSniffing.FallbackLabel)!;

    /// <summary>The encoding of a label, in any case and with blanks around it; null when there is none, or none to decode it with.</summary>
    public static CharacterEncoding? Find(string label) => (s_labels ??= Read()).GetValueOrDefault(label.Trim(' ', '\t', '\n', '\f', '\r').ToLowerInvariant());

    private static FrozenDictionary<string, CharacterEncoding> Read()
    {
        var labels = new Dictionary<string, CharacterEncoding>(StringComparer.Ordinal);
        foreach (var line in Table.Split('\n'))
        {
            var cells = line.TrimEnd('\r').Split('|');
            var encoding = new CharacterEncoding(cells[0], int.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture));
            labels[cells[0].ToLowerInvariant()] = encoding;
            foreach (var label in cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)) { labels[label] = encoding; }
        }
        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>An encoding by the name that the standard gives it.</summary>
internal sealed record CharacterEncoding(string Name, int CodePage)
{
    /// <summary>A decoder that escapes what is no character.</summary>
    public Decoder Decoder()
    {
        // The framework's own have no provider, and the provider none of those.
        var encoding = CodePage is 65001 or 1200 or 1201
            ? null
            : CodePagesEncodingProvider.Instance.GetEncoding(CodePage, EncoderFallback.ReplacementFallback, new EscapingFallback());
        return (encoding ?? Encoding.GetEncoding(CodePage, EncoderFallback.ReplacementFallback, new EscapingFallback())).GetDecoder();
    }

    /// <summary>Bytes that are no character of their encoding are written as they are: \xfc.</summary>
    private sealed class EscapingFallback : DecoderFallback
    {
        // Longer than any malformed sequence of these encodings.
        public override int MaxCharCount => 4 * 8;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new EscapingBuffer();
    }

    private sealed class EscapingBuffer : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            (_text, _next) = (string.Concat(bytesUnknown.Select(static b => $"\\x{b:x2}")), 0);
            return _text.Length > 0;
        }

        public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0) { return false; }
            _next--;
            return true;
        }

        public override void Reset() => (_text, _next) = ("", 0);
    }
}
