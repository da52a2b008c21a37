using System.ComponentModel;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

public class UrlConversionTests
{
    [Fact]
    public void A_url_goes_to_the_base_library_and_back()
    {
        var url = Url.Parse("https://user@example.com:8080/a?b#c");
        Assert.Equal(new Uri("https://user@example.com:8080/a?b#c"), url.ToUri());
        Assert.True(Url.TryFromUri(url.ToUri(), out var back));
        Assert.Equal(url, back);
        Assert.False(Url.TryFromUri(new Uri("a/b", UriKind.Relative), out _));
        Assert.Throws<UrlFormatException>(() => Url.FromUri(new Uri("a/b", UriKind.Relative)));
    }

    [Fact]
    public void The_type_converter_reads_text()
    {
        var converter = TypeDescriptor.GetConverter(typeof(Url));
        Assert.True(converter.CanConvertFrom(typeof(string)));
        Assert.Equal(Url.Parse("https://example.com"), converter.ConvertFromInvariantString("https://example.com"));
        Assert.Equal("https://example.com/", converter.ConvertToInvariantString(Url.Parse("https://example.com")));
    }

    [Fact]
    public void Generic_parsing_and_formatting_work()
    {
        Assert.Equal("https://example.com/", Read<Url>("https://example.com").ToString());
        Span<char> room = stackalloc char[32];
        Assert.True(((ISpanFormattable)Url.Parse("a:b")).TryFormat(room, out var written, default, null));
        Assert.Equal("a:b", room[..written]);
        Span<byte> bytes = stackalloc byte[2];
        Assert.False(((IUtf8SpanFormattable)Url.Parse("a:b")).TryFormat(bytes, out _, default, null));
    }

    private static T Read<T>(string text) where T : ISpanParsable<T> => T.TryParse(text.AsSpan(), null, out var value) ? value : throw new FormatException(text);

    [Fact]
    public void A_setter_that_the_standard_ignores_gives_the_same_instance()
    {
        var url = Url.Parse("https://example.com/");
        Assert.Same(url, url.WithProtocol("mailto"));
        Assert.Same(url, url.WithPort("x"));
        Assert.Same(url, url.WithHostname("a:1"));
        Assert.Same(url, url.WithHost("exa mple"));
        Assert.Equal("ftp://example.com/", url.WithProtocol("ftp").Href);
        Assert.Equal("https://b.example:81/", url.WithHost("b.example:81").Href);
    }

    [Fact]
    public void Search_params_are_a_list()
    {
        var list = SearchParams.Parse("?b=1&a=%C3%A9+x&b=2&&c");
        Assert.Equal(4, list.Count);
        Assert.Equal("é x", list["a"]);
        Assert.Equal(["1", "2"], list.GetAll("b"));
        Assert.True(list.Has("c", ""));
        Assert.Null(list.Get("d"));
        list.Set("b", "3");
        list.Append("a", "&=");
        Assert.Equal("b=3&a=%C3%A9+x&c=&a=%26%3D", list.ToString());
        list.Sort();
        Assert.Equal("a=%C3%A9+x&a=%26%3D&b=3&c=", list.ToString());
        list.Delete("a", "é x");
        list.Delete("c");
        var url = Url.Parse("https://example.com/?old#f").WithSearchParams(list);
        Assert.Equal("https://example.com/?a=%26%3D&b=3#f", url.Href);
        Assert.Equal("https://example.com/#f", url.WithSearchParams(new SearchParams()).Href);
        Assert.Equal("&=", url.SearchParams["a"]);
    }
}
