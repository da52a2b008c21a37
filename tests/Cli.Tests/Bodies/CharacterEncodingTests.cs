using System.Text;
using System.Text.Json;
using Firstbyte.Cli.Bodies;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Bodies;

/// <summary>Bytes of a body become text by the byte order mark, by charset, or by what they look like.</summary>
public class CharacterEncodingTests
{
    [Theory]
    [InlineData("utf-8", "c3bc", "ü")]
    [InlineData(" LATIN1\t", "fc80", "ü€")]
    [InlineData("iso-8859-5", "bfe0d8d2d5e2", "Привет")]
    [InlineData("koi8-r", "f0d2c9d7c5d4", "Привет")]
    [InlineData("windows-1251", "cff0e8e2e5f2", "Привет")]
    [InlineData("gbk", "c4e3bac3", "你好")]
    [InlineData("GB2312", "c4e3bac3", "你好")]
    [InlineData("gb18030", "c4e3bac39439da33", "你好\U0001f4a9")]
    [InlineData("big5", "a741a66e", "你好")]
    [InlineData("shift_jis", "82b182f1", "こん")]
    [InlineData("euc-jp", "a4b3a4f3", "こん")]
    [InlineData("iso-2022-jp", "1b2442243324731b2842", "こん")]
    [InlineData("euc-kr", "bec8b3e7", "안녕")]
    [InlineData("windows-949", "bec8b3e7", "안녕")]
    [InlineData("utf-16be", "00fc20ac", "ü€")]
    [InlineData("utf-16", "fc00ac20", "ü€")]
    [InlineData("tis-620", "cacd", "สอ")]
    [InlineData("x-mac-cyrillic", "8ff0e8e2e5f2", null)]
    public void A_label_chooses_the_decoder(string label, string hex, string? text)
    {
        var encoding = CharacterEncodings.Find(label);
        Assert.NotNull(encoding);
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(text ?? Whole(encoding, bytes), Pieces(encoding, bytes));
        if (text is not null) { Assert.Equal(text, Whole(encoding, bytes)); }
    }

    /// <summary>Every label of the table has a decoder of the framework's behind it; those that it cannot decode are no labels.</summary>
    [Fact]
    public void Every_encoding_decodes_ascii_and_unknown_ones_are_none()
    {
        foreach (var label in (string[])["866", "latin2", "l3", "latin4", "cyrillic", "arabic", "greek", "hebrew", "logical", "iso-8859-13", "l9", "koi8-u", "mac", "cp1250", "cp1253", "latin5", "cp1255", "cp1256", "cp1257", "cp1258"])
        {
            Assert.Equal("a1~", Whole(CharacterEncodings.Find(label)!, "a1~"u8.ToArray()));
        }
        foreach (var label in (string[])["", "utf-7", "utf-32", "iso-2022-kr", "hz-gb-2312", "replacement", "x-user-defined", "iso-8859-16", "none"]) { Assert.Null(CharacterEncodings.Find(label)); }
    }

    /// <summary>The standard's own cases of encodings in URLs name each encoding that they use.</summary>
    [Fact]
    public void The_standard_s_test_data_names_no_encoding_that_is_missing()
    {
        using var data = JsonDocument.Parse(File.ReadAllText(ConformanceData.Require("url/percent-encoding.json")));
        foreach (var one in data.RootElement.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.Object))
        {
            foreach (var encoding in one.GetProperty("output").EnumerateObject()) { Assert.NotNull(CharacterEncodings.Find(encoding.Name)); }
        }
    }

    [Theory]
    [InlineData("text/plain", "6100", true, "")]
    [InlineData("", "611b5b62", false, "a\u001b[b")]
    [InlineData("", "6101", true, "")]
    [InlineData("text/plain", "6101", false, "a\u0001")]
    [InlineData("text/plain;charset=utf-16le", "61000a00", false, "a\n")]
    [InlineData("text/plain;charset=utf-8", "61fc62", false, "a\\xfcb")]
    [InlineData("text/plain", "61fc62", false, "aüb")]
    [InlineData("text/plain; charset=latin1", "efbbbfc3bc", false, "ü")]
    [InlineData("text/plain; charset=nonsense", "c3bc", false, "ü")]
    [InlineData("text/plain", "c3", false, "Ã")]
    [InlineData("", "", false, "")]
    public void A_body_is_read_as_what_it_says_or_looks_like(string type, string hex, bool isBinary, string expected)
    {
        var bytes = Convert.FromHexString(hex);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var text = new BodyText(new ContentDescription(Head(type.Length == 0 ? "" : $"Content-Type: {type}\r\n")));
            var read = new StringBuilder();
            foreach (var piece in bytes.Chunk(size)) { read.Append(text.Decode(piece, isLast: false)); }
            read.Append(text.Decode([], isLast: true));
            Assert.Equal(isBinary, text.IsBinary);
            if (!isBinary) { Assert.Equal(expected, read.ToString()); }
        }
    }

    [Fact]
    public void What_was_guessed_and_what_is_unknown_is_known()
    {
        var guessed = new BodyText(new ContentDescription(Head("Content-Type: text/html\r\n")));
        guessed.Decode("Gr\u00fc\u00dfe"u8, isLast: false);
        Assert.Null(guessed.Guessed);
        guessed.Decode([0xfc], isLast: true);
        Assert.Equal("windows-1252", guessed.Guessed);
        Assert.Equal("nonsense", new BodyText(new ContentDescription(Head("Content-Type: text/html; charset=\"nonsense\"\r\n"))).UnknownLabel);
        Assert.True(new BodyText(new ContentDescription(Head("Content-Encoding: gzip\r\n"))).IsBinary);
    }

    [Theory]
    [InlineData("text/html", "text/html", null)]
    [InlineData("Text/HTML;Charset=\"utf-8\"", "text/html", "utf-8")]
    [InlineData("text/html; a=\"b;charset=x\" ; charset=y;charset=z", "text/html", "y")]
    [InlineData("text/html;charset=\"a\\\"b", "text/html", "a\"b")]
    [InlineData("text/html;;=;charset=", "text/html", null)]
    public void A_media_type_is_read(string value, string essence, string? charset)
    {
        Assert.True(MediaType.TryParse(value, out var type));
        Assert.Equal((essence, charset), (type.Essence, type.Charset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("/html")]
    [InlineData("text/")]
    [InlineData("te xt/html")]
    public void What_is_no_media_type_is_none(string value) => Assert.False(MediaType.TryParse(value, out _));

    private static string Whole(CharacterEncoding encoding, byte[] bytes)
    {
        var decoder = encoding.Decoder();
        var letters = new char[decoder.GetCharCount(bytes, flush: true)];
        return new string(letters, 0, decoder.GetChars(bytes, letters, flush: true));
    }

    private static string Pieces(CharacterEncoding encoding, byte[] bytes)
    {
        var decoder = encoding.Decoder();
        var text = new StringBuilder();
        var letters = new char[16];
        for (var i = 0; i < bytes.Length; i++) { text.Append(letters, 0, decoder.GetChars(bytes.AsSpan(i, 1), letters, flush: i == bytes.Length - 1)); }
        return text.ToString();
    }

    private static ResponseHead Head(string fields)
    {
        var head = new ResponseHead();
        var reader = new ResponseReader();
        reader.Begin(head, RequestKind.Other, ownClose: false);
        var read = reader.Read(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{fields}\r\n"), ended: false, out _);
        Assert.Equal(MessageEventKind.Head, read.Kind);
        return head;
    }
}
