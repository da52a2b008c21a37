using System.Text;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>Bytes of a content become text as the command reads them; the decoders are the browser's there, and the framework's here.</summary>
public sealed class ContentTextTests
{
    [Theory]
    [InlineData("text/plain", "6100", false, null)]
    [InlineData(null, "6101", false, null)]
    [InlineData("text/plain", "6101", false, "a\\x01")]
    [InlineData("text/plain;charset=utf-16le", "61000a00", false, "a\n")]
    [InlineData("text/plain; charset=windows-1251", "cff0e8e2e5f2", false, "Привет")]
    [InlineData("text/html; charset=gb2312", "c4e3bac3", false, "你好")]
    [InlineData("text/html; charset=Shift_JIS", "82b182f1", false, "こん")]
    [InlineData("text/plain; charset=latin1", "efbbbfc3bc", false, "ü")]
    [InlineData("text/plain; charset=\"utf-8\"", "c3bc", false, "ü")]
    [InlineData("text/plain", "e4bda0e5a5", true, "你")]
    [InlineData("text/plain", "", false, "")]
    public void What_it_says_decides(string? type, string hex, bool isCut, string? expected)
    {
        var read = ContentText.Read(Convert.FromHexString(hex), isCut, type, Decoders.Of);
        Assert.Equal(expected, read.Text);
        Assert.Equal((null, null), (read.UnknownLabel, read.Guessed));
    }

    [Fact]
    public void A_page_names_its_own_encoding()
    {
        byte[] page = [.. "<!DOCTYPE html><meta charset=koi8-r><p>"u8, 0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4];
        Assert.EndsWith("<p>Привет", ContentText.Read(page, false, "text/html", Decoders.Of).Text, StringComparison.Ordinal);
        // What is no HTML says nothing by its elements.
        Assert.Equal("windows-1252", ContentText.Read(page, false, "text/plain", Decoders.Of).Guessed);
    }

    [Fact]
    public void What_is_guessed_or_unknown_is_said()
    {
        Assert.Equal(new ContentText("naïve", null, "windows-1252"), ContentText.Read([0x6E, 0x61, 0xEF, 0x76, 0x65], false, "text/plain", Decoders.Of));
        Assert.Equal(new ContentText("ü", "nonsense", null), ContentText.Read("ü"u8.ToArray(), false, "text/plain; charset=nonsense", Decoders.Of));
    }
}

/// <summary>The framework's decoders in place of the browser's.</summary>
internal static class Decoders
{
    /// <summary>Text of bytes; null for a label that nobody knows.</summary>
    public static string? Of(string label, byte[] bytes, bool isCut)
    {
        Encoding encoding;
        try { encoding = CodePagesEncodingProvider.Instance.GetEncoding(label) ?? Encoding.GetEncoding(label); }
        catch (ArgumentException) { return null; }
        var decoder = encoding.GetDecoder();
        var text = new char[encoding.GetMaxCharCount(bytes.Length)];
        return new string(text, 0, decoder.GetChars(bytes, text, flush: !isCut));
    }
}
