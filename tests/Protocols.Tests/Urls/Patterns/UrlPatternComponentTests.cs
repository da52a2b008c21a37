using Firstbyte.Urls.Patterns;

namespace Firstbyte.Tests.Urls.Patterns;

/// <summary>What a pattern consists of once it is read: components, inheritance, normal forms.</summary>
public class UrlPatternComponentTests
{
    // protocol username password hostname port pathname search hash, between bars
    [Theory]
    [InlineData("https://example.com/:category/*", null, "https|*|*|example.com||/:category/*|*|*")]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", null, "http{s}?|*|*|{:subdomain.}?shop.example||/products/:id([0-9]+)||reviews")]
    [InlineData("../admin/*", "https://discussion.example/forum/?page=2", "https|*|*|discussion.example||/admin/*|*|*")]
    [InlineData("https://example.com", null, "https|*|*|example.com||*|*|*")]
    [InlineData("https://example.com/", null, "https|*|*|example.com||/|*|*")]
    [InlineData("https://example.com?q", null, "https|*|*|example.com||/|q|*")]
    [InlineData("https://example.com#h", null, "https|*|*|example.com||/||h")]
    [InlineData("https://example.com/?", null, "https|*|*|example.com||/||*")]
    [InlineData("https://example.com/#", null, "https|*|*|example.com||/||")]
    [InlineData("https://*", null, "https|*|*|*||*|*|*")]
    [InlineData("https://*:*", null, "https|*|*|*|*|*|*|*")]
    [InlineData("https://example.com:443/a", null, "https|*|*|example.com||/a|*|*")]
    [InlineData("http://example.com:443/a", null, "http|*|*|example.com|443|/a|*|*")]
    [InlineData("http{s}?://example.com:443/a", null, "http{s}?|*|*|example.com|443|/a|*|*")]
    [InlineData("https://example.com:80{8}?0/a", null, "https|*|*|example.com|80{8}?0|/a|*|*")]
    [InlineData("https://example.com:(80|8080)", null, "https|*|*|example.com|(80|8080)|*|*|*")]
    [InlineData("https://user@example.com/", null, "https|user|*|example.com||/|*|*")]
    [InlineData("https://user\\:secret@example.com/", null, "https|user|secret|example.com||/|*|*")]
    [InlineData("https://:user(a|b)@example.com/", null, "https|:user(a|b)|*|example.com||/|*|*")]
    [InlineData("https://:name:word@example.com/", null, "https|:name:word|*|example.com||/|*|*")]
    [InlineData("https://:name::word@example.com/", null, "https|:name|:word|example.com||/|*|*")]
    [InlineData("https://a.:label.example.com:8080/", null, "https|*|*|a.:label.example.com|8080|/|*|*")]
    [InlineData("https://[\\:\\:1]/", null, "https|*|*|[\\:\\:1]||/|*|*")]
    [InlineData("https://[2001\\:DB8\\:\\:*]:8080/", null, "https|*|*|[2001\\:db8\\:\\:*]|8080|/|*|*")]
    [InlineData("https://{[\\:\\:ab\\:}:num]/", null, "https|*|*|[\\:\\:ab\\::num]||/|*|*")]
    [InlineData("https://[:address]/", null, "https|*|*|[:address]||/|*|*")]
    [InlineData("https://EXAMPLE.com/PATH", null, "https|*|*|example.com||/PATH|*|*")]
    [InlineData("https://bücher.example/straße?größe#maß", null, "https|*|*|xn--bcher-kva.example||/stra%C3%9Fe|gr%C3%B6%C3%9Fe|ma%C3%9F")]
    [InlineData("https://example.com/a/../b/./c", null, "https|*|*|example.com||/b/c|*|*")]
    [InlineData("https://example.com/a b", null, "https|*|*|example.com||/a%20b|*|*")]
    [InlineData("https://example.com/{a}b", null, "https|*|*|example.com||/ab|*|*")]
    [InlineData("https://example.com/{a}?b", null, "https|*|*|example.com||/{a}?b|*|*")]
    [InlineData("https://example.com/a\\?b", null, "https|*|*|example.com||/a|b|*")]
    [InlineData("https://example.com/:id?", null, "https|*|*|example.com||/:id?|*|*")]
    [InlineData("https://example.com/:id\\?x", null, "https|*|*|example.com||/:id|x|*")]
    [InlineData("https://example.com/:id??x", null, "https|*|*|example.com||/:id?|x|*")]
    [InlineData("https://example.com/*?x", null, "https|*|*|example.com||/*?x|*|*")]
    [InlineData("https://example.com/*\\?x", null, "https|*|*|example.com||/*|x|*")]
    [InlineData("https://example.com/(a?)?x", null, "https|*|*|example.com||/(a?)?x|*|*")]
    [InlineData("https://example.com/a?x#y\\?z", null, "https|*|*|example.com||/a|x|y\\?z")]
    [InlineData("https://{sub.}?example{.com/}foo", null, "https|*|*|{sub.}?example.com||*|*|*")]
    [InlineData("data:foobar", null, null)]
    [InlineData("data\\:foobar", null, "data|*|*|||foobar|*|*")]
    [InlineData("data\\:text/:type?", null, "data|*|*|||text/:type?|*|*")]
    [InlineData("about:(blank|srcdoc)", null, "about|*|*|||(blank|srcdoc)|*|*")]
    [InlineData("mailto\\:*@example.com", null, "mailto|*|*|||*@example.com|*|*")]
    [InlineData("javascript\\:var x = 1;", null, "javascript|*|*|||var x = 1;|*|*")]
    [InlineData("file:///etc/*", null, "file|*|*|||/etc/*|*|*")]
    [InlineData("git://host/:repo", null, "git|*|*|host||/:repo|*|*")]
    [InlineData("(https|git)://host/a/:repo", null, "(https|git)|*|*|host||/a/:repo|*|*")]
    [InlineData("https\\:example.com/", null, "https|*|*|example.com||/|*|*")]
    [InlineData("/foo?bar#baz", "https://example.com:8080", "https|*|*|example.com|8080|/foo|bar|baz")]
    [InlineData("?q=:x", "https://user:pass@example.com/a/b?z#f", "https|*|*|example.com||/a/b|q=:x|*")]
    [InlineData("#part-:n", "https://example.com/a/b?z#f", "https|*|*|example.com||/a/b|z|part-:n")]
    [InlineData("", "https://example.com/a/b?z#f", "https|*|*|example.com||/a/|*|*")]
    [InlineData("b/:c", "https://example.com/x(y)/z?q", "https|*|*|example.com||/x\\(y\\)/b/:c|*|*")]
    [InlineData("{/b}", "https://example.com/x/y", "https|*|*|example.com||/b|*|*")]
    [InlineData("\\/b", "https://example.com/x/y", "https|*|*|example.com||/b|*|*")]
    [InlineData("(/b)", "https://example.com/x/y", "https|*|*|example.com||/x/(/b)|*|*")]
    [InlineData("a\\:b", "data:text", "a|*|*|||b|*|*")]
    public void A_pattern_string_is_cut_into_components(string pattern, string? baseUrl, string? components)
    {
        if (components is null) { Assert.False(UrlPattern.TryParse(pattern, out _)); return; }
        var parsed = UrlPattern.Parse(pattern, baseUrl);
        Assert.Equal(components, Join(parsed));
        Assert.Equal(components, Join(UrlPattern.Create(parsed.ToInit())));
    }

    internal static string Join(UrlPattern pattern) =>
        string.Join('|', pattern.Protocol, pattern.Username, pattern.Password, pattern.Hostname, pattern.Port, pattern.Pathname, pattern.Search, pattern.Hash);

    [Fact]
    public void Nothing_given_matches_anything()
    {
        var pattern = UrlPattern.Create(new UrlPatternInit());
        Assert.Equal("*|*|*|*|*|*|*|*", Join(pattern));
        Assert.True(pattern.Test("https://user:pass@example.com:8080/a?b#c"));
        Assert.True(pattern.Test("mailto:someone@example.com"));
        Assert.False(pattern.HasRegExpGroups);
    }

    [Fact]
    public void A_base_url_supplies_what_is_more_general_than_all_that_is_given()
    {
        const string BaseUrl = "https://user:pass@example.com:8080/a/b?q#f";
        Assert.Equal("https|*|*|example.com|8080|/a/b|q|f", Join(UrlPattern.Create(new(BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|example.com|8080|/a/b|q|x", Join(UrlPattern.Create(new(Hash: "#x", BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|example.com|8080|/a/b|x|*", Join(UrlPattern.Create(new(Search: "?x", BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|example.com|8080|/a/x|*|*", Join(UrlPattern.Create(new(Pathname: "x", BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|example.com|8080|/x|*|*", Join(UrlPattern.Create(new(Pathname: "../x", BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|example.com|99|*|*|*", Join(UrlPattern.Create(new(Port: "99", BaseUrl: BaseUrl))));
        Assert.Equal("https|*|*|x|*|*|*|*", Join(UrlPattern.Create(new(Hostname: "x", BaseUrl: BaseUrl))));
        Assert.Equal("http|*|*|*|*|*|*|*", Join(UrlPattern.Create(new(Protocol: "http:", BaseUrl: BaseUrl))));
        Assert.Equal("https|x|*|example.com|8080|/a/b|q|f", Join(UrlPattern.Create(new(Username: "x", BaseUrl: BaseUrl))));
        Assert.Equal("data|*|*|||x\\:y|*|*", Join(UrlPattern.Create(new(Search: "*", BaseUrl: "data:x:y"))));
    }

    // The pathname of a URL with a special scheme.
    [Theory]
    [InlineData("/:foo", "/:foo")]
    [InlineData("/:foo*", "/:foo*")]
    [InlineData("/{:foo}", "/{:foo}")]
    [InlineData("{/:foo}", "/:foo")]
    [InlineData("/{:foo}bar", "/{:foo}bar")]
    [InlineData("/{:foo}-bar", "/{:foo}-bar")]
    [InlineData("a{:foo}bar", "a{:foo}bar")]
    [InlineData("a{:foo}-bar", "a:foo-bar")]
    [InlineData("/:foo\\bar", "{/:foo}bar")]
    [InlineData("{/:foo\\bar}?", "{/:foo\\bar}?")]
    [InlineData("/:foo([^\\/]+?)", "/:foo")]
    [InlineData("/([^\\/]+?)", "/([^\\/]+?)")]
    [InlineData("/(.*)", "/*")]
    [InlineData("/*/(.*)", "/*/*")]
    [InlineData("/:foo(.*)", "/:foo(.*)")]
    [InlineData(":foo{}(.*)", "{:foo}(.*)")]
    [InlineData("*{}**?", "*(.*)?")]
    [InlineData("/foo{}bar", "/foobar")]
    [InlineData("/{foo}{bar}", "/foobar")]
    [InlineData("/a\\*b", "/a\\*b")]
    [InlineData("/a\\:b", "/a\\:b")]
    [InlineData("/a\\{b\\}", "/a%7Bb%7D")]
    [InlineData("/\\(x\\)", "/\\(x\\)")]
    [InlineData("{/}:x", "/{:x}")]
    [InlineData("/é:x", "/%C3%A9:x")]
    [InlineData("/:é", "/:é")]
    [InlineData("/%41", "/%41")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/{..}/:b", "//:b")]
    public void A_component_is_shown_in_its_normal_form(string pattern, string expected)
    {
        Assert.Equal(expected, UrlPattern.Create(new(Pathname: pattern)).Pathname);
    }

    [Theory]
    [InlineData("https://example.com/:id", false)]
    [InlineData("https://example.com/(.*)", false)]
    [InlineData("https://example.com/:id([^\\/]+?)", false)]
    [InlineData("https://example.com/:id(\\d+)", true)]
    [InlineData("http(s?)://example.com/", true)]
    [InlineData("https://(a|b).example.com/", true)]
    public void It_is_known_whether_there_are_regular_expressions(string pattern, bool has) => Assert.Equal(has, UrlPattern.Parse(pattern).HasRegExpGroups);
}
