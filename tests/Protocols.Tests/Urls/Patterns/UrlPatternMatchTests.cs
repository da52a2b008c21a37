using Firstbyte.Urls;
using Firstbyte.Urls.Patterns;

namespace Firstbyte.Tests.Urls.Patterns;

/// <summary>Which URLs match, and what the groups hold.</summary>
public class UrlPatternMatchTests
{
    [Theory]
    [InlineData("https://example.com/:category/*", "https://example.com/products/", true)]
    [InlineData("https://example.com/:category/*", "https://example.com/blog/our-greatest-product-ever", true)]
    [InlineData("https://example.com/:category/*", "https://example.com/", false)]
    [InlineData("https://example.com/:category/*", "http://example.com/products/", false)]
    [InlineData("https://example.com/:category/*", "https://example.com:8443/blog/our-greatest-product-ever", false)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "https://shop.example/products/74205#reviews", true)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "https://kathryn@voyager.shop.example/products/74656#reviews", true)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "http://insecure.shop.example/products/1701#reviews", true)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "https://shop.example/products/2000", false)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "http://shop.example:8080/products/0#reviews", false)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "https://nx.shop.example/products/01?speed=5#reviews", false)]
    [InlineData("http{s}?://{:subdomain.}?shop.example/products/:id([0-9]+)#reviews", "https://shop.example/products/chair#reviews", false)]
    [InlineData("https://example.com/*", "https://EXAMPLE.com:443/", true)]
    [InlineData("https://example.com/*", "https://example.com", true)]
    [InlineData("https://example.com/*", "nothing", false)]
    [InlineData("https://*.example.com/*", "https://a.b.example.com/", true)]
    [InlineData("https://*.example.com/*", "https://example.com/", false)]
    [InlineData("https://:sub.example.com/*", "https://a.b.example.com/", false)]
    [InlineData("https://{*.}?example.com/*", "https://badexample.com/", false)]
    [InlineData("https://[\\:\\:1]/*", "https://[::1]/x", true)]
    [InlineData("https://[\\:\\:1]/*", "https://[0:0:0:0:0:0:0:1]/x", true)]
    [InlineData("https://[\\:\\:1]/*", "https://[::2]/x", false)]
    [InlineData("https://[*\\:1]/*", "https://[2001:db8::1]/x", true)]
    [InlineData("https://{192.0.2}.:last/", "https://192.0.2.7/", false)]
    [InlineData("https://192.0.:three.:four/", "https://192.0.2.7/", false)]
    [InlineData("https://192.*/", "https://192.0.2.7/", false)]
    [InlineData("https://:one.:two.:three.:four/", "https://192.0.2.7/", true)]
    [InlineData("https://bücher.example/*", "https://xn--bcher-kva.example/", true)]
    [InlineData("https://example.com/é", "https://example.com/%C3%A9", true)]
    [InlineData("https://example.com/%c3%a9", "https://example.com/é", false)]
    [InlineData("https://example.com/a?b", "https://example.com/a?b", true)]
    [InlineData("https://example.com/a?b", "https://example.com/a", false)]
    [InlineData("https://example.com/a\\?", "https://example.com/a?", true)]
    [InlineData("https://example.com/a\\?", "https://example.com/a?x", false)]
    [InlineData("https://u:p@example.com/", "https://u:p@example.com/", false)]
    [InlineData("https://u\\:p@example.com/", "https://u:p@example.com/", true)]
    [InlineData("https://u\\:p@example.com/", "https://u:q@example.com/", false)]
    [InlineData("mailto\\::user@example.com", "mailto:someone@example.com", true)]
    [InlineData("mailto\\::user@example.com", "mailto:someone@example.org", false)]
    [InlineData("data\\:text/*", "data:text/plain,hello", true)]
    [InlineData("about\\:(blank|srcdoc)", "about:blank", true)]
    [InlineData("about\\:(blank|srcdoc)", "about:config", false)]
    [InlineData("file:///*/:name.txt", "file:///etc/motd.txt", true)]
    [InlineData("file:///*/:name.txt", "file:///motd.txt", false)]
    public void Urls_match_pattern_strings(string pattern, string url, bool expected)
    {
        var parsed = UrlPattern.Parse(pattern);
        Assert.Equal(expected, parsed.Test(url));
        Assert.Equal(expected, parsed.Match(url) is not null);
    }

    [Theory]
    [InlineData("https://discussion.example/admin/", true)]
    [InlineData("https://edd:librarian@discussion.example/admin/update?id=1", true)]
    [InlineData("https://discussion.example/forum/admin/", false)]
    [InlineData("http://discussion.example:8080/admin/update?id=1", false)]
    public void A_relative_pattern_is_resolved_against_its_base(string url, bool expected) =>
        Assert.Equal(expected, UrlPattern.Parse("../admin/*", "https://discussion.example/forum/?page=2").Test(url));

    // Groups as name=value in their order; a name alone took no part.
    [Theory]
    [InlineData("/blog/:title", "/blog/hello-world", "title=hello-world")]
    [InlineData("/blog/:title", "/blog/2012/02", null)]
    [InlineData("/blog/:title", "/blog/", null)]
    [InlineData("/blog/:year(\\d+)/:month(\\d+)", "/blog/2012/02", "year=2012 month=02")]
    [InlineData("/blog/:year(\\d+)/:month(\\d+)", "/blog/2012/feb", null)]
    [InlineData("/products/:id?", "/products", "id")]
    [InlineData("/products/:id?", "/products/2", "id=2")]
    [InlineData("/products/:id?", "/products/", null)]
    [InlineData("/products/{:id}?", "/products/", "id")]
    [InlineData("/products/{:id}?", "/products/2", "id=2")]
    [InlineData("/products/{:id}?", "/products", null)]
    [InlineData("/products/*", "/products/a/b", "0=a/b")]
    [InlineData("/products/*", "/products/", "0=")]
    [InlineData("/products/*", "/products", null)]
    [InlineData("/products/*?", "/products", "0")]
    [InlineData("/products{/*}?", "/products/x", "0=x")]
    [InlineData("/foo/:bar?/baz", "/foo/baz", "bar")]
    [InlineData("/foo/:bar?/baz", "/foo/x/baz", "bar=x")]
    [InlineData("/:path*", "/a/b/c", "path=a/b/c")]
    [InlineData("/:path+", "/a/b/c", "path=a/b/c")]
    [InlineData("/:path+", "/", null)]
    [InlineData("/a/:path*", "/a", "path")]
    [InlineData("/a/:path+/z", "/a/b/c/z", "path=b/c")]
    [InlineData("/a/:path+/z", "/a/z", null)]
    [InlineData("/a/:path*/z", "/a/z", "path")]
    [InlineData("/a/:x/:y*/:z", "/a/1/2/3/4", "x=1 y=2/3 z=4")]
    [InlineData("/a/:x/:y*/:z", "/a/1/4", "x=1 y z=4")]
    [InlineData("/:from-:to", "/lis-opo", "from=lis to=opo")]
    [InlineData("/:from-:to", "/a-b-c", "from=a to=b-c")]
    [InlineData("/*-*", "/a-b-c", "0=a-b 1=c")]
    [InlineData("/:name.:ext", "/a.tar.gz", "name=a ext=tar.gz")]
    [InlineData("/*.:ext", "/dir/a.tar.gz", "0=dir/a.tar ext=gz")]
    [InlineData("/x{-:tag!}*", "/x-a!-b!", "tag=a!-b")]
    [InlineData("/x{-:tag!}*", "/x", "tag")]
    [InlineData("/x{-:tag!}+", "/x-a!", "tag=a")]
    [InlineData("/x{-:tag!}+", "/x", null)]
    [InlineData("/x{ab}*", "/xababab", "")]
    [InlineData("/x{ab}*", "/x", "")]
    [InlineData("/x{ab}+", "/x", null)]
    [InlineData("/x{ab}+c", "/xababc", "")]
    [InlineData("/x{ab}?c", "/xababc", null)]
    [InlineData("/x{:a}*", "/xyz", "a=yz")]
    [InlineData("/x{:a}*", "/x", "a=")]
    [InlineData("/x{:a}+", "/x", null)]
    [InlineData("/x{*}*", "/x/y", "0=/y")]
    [InlineData("/x{*}?", "/x", "0")]
    [InlineData("/(a|b)", "/b", "0=b")]
    [InlineData("/(a|b)?", "/", null)]
    [InlineData("/x(a|b)?", "/x", "0")]
    [InlineData("/x(a*)?", "/x", "0")]
    [InlineData("/(a|b)*", "/a/b/a", "0=a/b/a")]
    [InlineData("/(a|b)+", "/a/c", null)]
    [InlineData("/x{(a|b)}*", "/xabba", "0=abba")]
    [InlineData("/x{-(a|b);}*", "/x-a;-b;", "0=a;-b")]
    [InlineData("/x(a|b)(c)*", "/xacc", "0=a 1=cc")]
    [InlineData("/:a(x)/:b/*", "/x/y/z", "a=x b=y 0=z")]
    [InlineData("/:é", "/x", "é=x")]
    [InlineData("/:$1", "/x", "$1=x")]
    [InlineData("/a/../b/:c", "/b/1", "c=1")]
    [InlineData("/a%20b/:c", "/a b/1", "c=1")]
    [InlineData("/\\::a", "/:x", "a=x")]
    [InlineData("*", "/anything/at/all", "0=/anything/at/all")]
    [InlineData("/*/*", "/a/b/c", "0=a/b 1=c")]
    [InlineData("(/a)/b", "/a/b", "0=/a")]
    [InlineData("/x{(a|ab)}*:q?", "/xabc", "0=a q=bc")]
    [InlineData("/{(a*?)}:q?", "/a", "0= q=a")]
    public void Groups_of_a_pathname_hold_what_they_matched(string pattern, string pathname, string? groups)
    {
        var parsed = UrlPattern.Create(new(Pathname: pattern));
        var match = parsed.Match(new UrlPatternInit(Pathname: pathname));
        Assert.Equal(groups, match is null ? null : Groups(match.Pathname));
        Assert.Equal(groups is not null, parsed.Test($"https://example.com{pathname}"));
    }

    private static string Groups(UrlPatternComponentMatch match) => string.Join(' ', match.Groups.Select(group => group.Value is null ? group.Key : $"{group.Key}={group.Value}"));

    [Theory]
    [InlineData("*.example.com", "a.b.example.com", "0=a.b")]
    [InlineData(":sub.example.com", "a.example.com", "sub=a")]
    [InlineData(":sub.example.com", "a.b.example.com", null)]
    [InlineData("{:sub.}*example.com", "a.b.example.com", "sub=a.b")]
    [InlineData("{:sub.}*example.com", "example.com", "sub")]
    [InlineData("{:sub.}+example.com", "example.com", null)]
    [InlineData(":a.:b", "x.y", "a=x b=y")]
    [InlineData("(www|m).example.com", "m.example.com", "0=m")]
    [InlineData("EXAMPLE.com", "example.COM", "")]
    [InlineData("faß.example", "fa%C3%9F.example", "")]
    [InlineData("[2001\\:db8\\:\\:*]", "[2001:DB8::1]", "0=1")]
    [InlineData("[:address]", "[::1]", "address=::1")]
    [InlineData("{[\\:\\:ab\\:}:num]", "[::ab:1]", "num=1")]
    [InlineData("[\\:\\:ab\\::num]", "[::ab:1]", "num=1")]
    public void Groups_of_a_hostname_stop_at_its_dots(string pattern, string hostname, string? groups)
    {
        var match = UrlPattern.Create(new(Hostname: pattern)).Match(new UrlPatternInit(Hostname: hostname));
        Assert.Equal(groups, match is null ? null : Groups(match.Hostname));
    }

    [Fact]
    public void Every_component_reports_its_input_and_its_groups()
    {
        var match = UrlPattern.Parse(":scheme://:user\\::word@:host:*/:path\\?q=:query#:hash").Match("https://u:p@h:8080/a?q=b#c")!;
        Assert.Equal("https://u:p@h:8080/a?q=b#c", match.Input);
        Assert.Null(match.BaseUrl);
        Assert.Equal("https u p h 8080 /a q=b c", string.Join(' ', Enum.GetValues<UrlPart>().Select(part => match[part].Input)));
        Assert.Equal("scheme=https user=u word=p host=h 0=8080 path=a query=b hash=c", string.Join(' ', Enum.GetValues<UrlPart>().Select(part => Groups(match[part]))));
        Assert.Equal("a", match.Pathname["path"]);
        Assert.Null(match.Pathname["none"]);
    }

    [Fact]
    public void An_input_may_be_relative_and_inherits_credentials_then()
    {
        var pattern = UrlPattern.Parse("https://u\\:p@example.com/b");
        var match = pattern.Match("../b", "https://u:p@example.com/a/")!;
        Assert.Equal(("../b", "https://u:p@example.com/a/"), (match.Input, match.BaseUrl));
        Assert.True(pattern.Test(new UrlPatternInit(Pathname: "../b", BaseUrl: "https://u:p@example.com/a/")));
        Assert.False(pattern.Test(new UrlPatternInit(Hostname: "example.com", Pathname: "/b", BaseUrl: "https://u:p@example.com/a/")));
        Assert.Equal(UrlPatternOutcome.InputInvalid, pattern.TryMatch("b", null, out _));
        Assert.Equal(UrlPatternOutcome.InputInvalid, pattern.TryMatch("b", "none", out _));
        Assert.Equal(UrlPatternOutcome.NoMatch, pattern.TryMatch("https://example.com/b", null, out _));
    }

    [Theory]
    [InlineData("http", "80", true)]
    [InlineData("http", "0080", true)]
    [InlineData("http", "8080", false)]
    [InlineData("http", "80x", true)]
    [InlineData("http", "x80", false)]
    [InlineData("https", "80", false)]
    [InlineData("file", "80", false)]
    [InlineData("git", "", true)]
    public void A_port_to_match_is_put_into_form_for_its_protocol(string protocol, string port, bool isEmpty) =>
        Assert.Equal(isEmpty, UrlPattern.Create(new(Port: "")).Test(new UrlPatternInit(Protocol: protocol, Port: port)));

    [Fact]
    public void Components_to_match_are_put_into_form()
    {
        Assert.True(UrlPattern.Create(new(Pathname: "/bar")).Test(new UrlPatternInit(Pathname: "/foo/../bar")));
        Assert.True(UrlPattern.Create(new(Search: "q=%C3%A9")).Test(new UrlPatternInit(Search: "?q=é")));
        Assert.True(UrlPattern.Create(new(Hash: "%C3%A9")).Test(new UrlPatternInit(Hash: "#é")));
        Assert.True(UrlPattern.Create(new(Username: "%40")).Test(new UrlPatternInit(Username: "@")));
        Assert.True(UrlPattern.Create(new(Password: "p%3A")).Test(new UrlPatternInit(Password: "p:")));
        Assert.True(UrlPattern.Create(new(Protocol: "javascript", Pathname: "var x = 1;")).Test(new UrlPatternInit(Protocol: "javascript", Pathname: "var x = 1;")));
        Assert.False(UrlPattern.Create(new(Pathname: "var x = 1;")).Test(new UrlPatternInit(Protocol: "javascript", Pathname: "var x = 1;")));
        Assert.False(UrlPattern.Create(new(Hostname: "*")).Test(new UrlPatternInit(Hostname: "bad host")));
        Assert.False(UrlPattern.Create(new(Protocol: "*")).Test(new UrlPatternInit(Protocol: "b@d")));
    }

    [Theory]
    [InlineData("https://example.com/Foo?Bar#Baz", "https://example.com/foo?bar#baz", true)]
    [InlineData("https://example.com/(Foo[a-c])", "https://example.com/fOOB", true)]
    [InlineData("https://example.com/:id([A-Z]+)", "https://example.com/abc", true)]
    [InlineData("https://example.com/([^a])", "https://example.com/A", false)]
    [InlineData("https://example.com/(\\u212A)", "https://example.com/k", true)]
    [InlineData("https://example.com/(?-i:A)", "https://example.com/a", null)]
    [InlineData("https://example.com/(x(?-i:A))", "https://example.com/Xa", false)]
    [InlineData("https://example.com/(x(?-i:A))", "https://example.com/XA", true)]
    [InlineData("https://User@example.com/", "https://user@example.com/", false)]
    [InlineData("https://example.com/a/:B?", "https://EXAMPLE.com/A/b", true)]
    public void Case_may_be_ignored_in_path_search_and_hash(string pattern, string url, bool? expected)
    {
        var parsed = UrlPattern.TryParse(pattern, null, UrlPatternOptions.IgnoreCase, out var result, out _);
        Assert.Equal(expected is not null, parsed);
        if (expected is { } matches) { Assert.Equal(matches, result!.Test(url)); }
    }

    [Fact]
    public void Case_matters_otherwise() => Assert.False(UrlPattern.Parse("https://example.com/Foo").Test("https://example.com/foo"));

    // The part of the path behind its slash against one regular expression.
    [Theory]
    [InlineData("\\d+", "42", true)]
    [InlineData("\\D+", "42", false)]
    [InlineData("\\w+", "a_1", true)]
    [InlineData("\\W", "-", true)]
    [InlineData("\\s", "-", false)]
    [InlineData("\\S", "-", true)]
    [InlineData("[a-c]{2}", "ab", true)]
    [InlineData("[a-c]{2}", "abc", false)]
    [InlineData("[a-c]{2,}", "abc", true)]
    [InlineData("a{0}b", "b", true)]
    [InlineData("a{1,2}?b", "aab", true)]
    [InlineData("[^a-c]", "d", true)]
    [InlineData("[^]", "d", true)]
    [InlineData("[]", "d", false)]
    [InlineData("[[a-z]--a]", "a", false)]
    [InlineData("[[a-z]--a]", "z", true)]
    [InlineData("[[a-z]--[aeiou]--z]", "z", false)]
    [InlineData("[\\d&&[0-1]]", "0", true)]
    [InlineData("[\\d&&[0-1]]", "3", false)]
    [InlineData("[^\\d&&[0-1]]", "3", true)]
    [InlineData("[[a-c][x-z]_]", "y", true)]
    [InlineData("[\\-\\&]", "&", true)]
    [InlineData("[\\x61-\\x63]", "b", true)]
    [InlineData("[\\u{61}-\\u{10FFFF}]", "z", true)]
    [InlineData("\\p{Lu}", "A", true)]
    [InlineData("\\p{Lu}", "a", false)]
    [InlineData("\\P{L}", "1", true)]
    [InlineData("\\p{General_Category=Decimal_Number}", "1", true)]
    [InlineData("\\p{Script=Latin}", "x", true)]
    [InlineData("[\\p{L}--\\p{Lu}]", "x", true)]
    [InlineData("\\x61\\u0062\\u{63}", "abc", true)]
    [InlineData("a|bc|", "", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a(?:b|c)d", "acd", true)]
    [InlineData("^a", "a", false)]
    [InlineData("a$", "a", true)]
    [InlineData("x\\1", "x", true)]
    [InlineData("x\\1{1,}?", "x", true)]
    [InlineData("x\\k<c>(?<c>a)", "xa", true)]
    [InlineData("x(?<=\\2(?<c>x))", "x", false)]
    [InlineData("xx(?<=\\2(?<c>x))", "xx", true)]
    [InlineData("a$b", "ab", false)]
    [InlineData("a^b", "ab", false)]
    [InlineData("a\\b-b", "a-b", true)]
    [InlineData("a\\Bb", "ab", true)]
    [InlineData("a(?=b)b", "ab", true)]
    [InlineData("a(?!b).", "ab", false)]
    [InlineData("a(?!b).", "ac", true)]
    [InlineData("a.(?<=b)", "ab", true)]
    [InlineData("a.(?<!b)", "ab", false)]
    [InlineData("x(?<c>[ab])\\k<c>", "xaa", true)]
    [InlineData("x(?<c>[ab])\\k<c>", "xab", false)]
    [InlineData("x(?<c>[ab])?\\k<c>y", "xy", true)]
    [InlineData("a\\/b", "a/b", true)]
    [InlineData("\\.\\*\\+", ".*+", true)]
    [InlineData("(?i:A)b", "ab", true)]
    [InlineData("x(?i:A)b", "xab", true)]
    [InlineData("x(?i:A)b", "xaB", false)]
    [InlineData("[\\$\\^]", "$", true)]
    [InlineData("a&b", "a&b", true)]
    [InlineData("\\cJ", "x", false)]
    [InlineData(".*?", "abc", true)]
    [InlineData("(?:ab)+c", "ababc", true)]
    public void Regular_expressions_are_ecmascripts(string expression, string segment, bool expected)
    {
        var pattern = UrlPattern.Create(new(Pathname: $"/({expression})"));
        Assert.Equal(expected, pattern.Test($"https://example.com/{segment}"));
        Assert.Equal(expected, pattern.Match($"https://example.com/{segment}")?.Pathname["0"] == segment);
    }

    [Fact]
    public void Only_look_around_and_references_backtrack()
    {
        Assert.False(Backtracks("/:a(\\d{3}|[^x]+)/(.+)"));
        Assert.True(Backtracks("/(a(?=b).)"));
        Assert.True(Backtracks("/(x(?<c>.)\\k<c>)"));
        static bool Backtracks(string pathname) => ((RegExpMatcher)UrlPattern.Create(new(Pathname: pathname)).Component(UrlPart.Path).Matcher).Backtracks;
    }

    [Fact]
    public void A_group_within_an_expression_takes_a_number_as_in_ecmascript() =>
        Assert.Equal("0=ab x=b", Groups(UrlPattern.Create(new(Pathname: "/(a(?<y>b))/:x")).Match("https://example.com/ab/c")!.Pathname));
}
