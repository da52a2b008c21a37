using System.Text.Json;
using System.Text.RegularExpressions;
using Firstbyte.Urls;
using Firstbyte.Urls.Patterns;

namespace Firstbyte.Tests.Urls;

/// <summary>The code of docs/urls.md, which is compiled and run here; a test compares both texts.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void The_code_of_the_page_holds()
    {
        var url = Url.Parse("HTTPS://user@Bücher.example:443/a/../b?q=1#top");
        Assert.Equal("https://user@xn--bcher-kva.example/b?q=1#top", url.Href);
        Assert.Equal("bücher.example", url.UnicodeHostname);
        Assert.Equal("https://xn--bcher-kva.example", url.Origin);
        Assert.Equal(443, url.EffectivePort);
        Assert.Equal("https://xn--bcher-kva.example:8080/c", url.WithUsername("").WithPort("8080").WithPathname("c").WithSearch("").WithHash("").Href);
        Assert.Equal("https://example.com/x", Url.Parse("../x", Url.Parse("https://example.com/a/b/")).WithPathname("x").Href);

        Assert.False(Url.TryParse("https://example.com:65536/", null, out _, out var error));
        Assert.Equal(new UrlError("https://example.com:65536/", UrlValidationError.PortOutOfRange, 20), error);

        var explanation = Url.Explain("https://EXAMPLE.com:443\\a");
        Assert.Equal("https://example.com/a", explanation.Url!.Href);
        Assert.Contains(explanation.Changes, change => change.Kind == UrlChangeKind.DefaultPortDropped);
        Assert.Contains(explanation.Violations, violation => violation.Error == UrlValidationError.InvalidReverseSolidus);

        var query = Url.Parse("https://example.com/?a=1&b=2&a=3").SearchParams;
        Assert.Equal(["1", "3"], query.GetAll("a"));
        query.Set("a", "x y");
        query.Append("c", "&");
        Assert.Equal("https://example.com/?a=x+y&b=2&c=%26", Url.Parse("https://example.com/").WithSearchParams(query).Href);

        var pattern = UrlPattern.Parse("https://{:shop.}?example.com/products/:id(\\d+)/*");
        var match = pattern.Match("https://toys.example.com/products/42/reviews?page=2")!;
        Assert.Equal("toys", match.Hostname["shop"]);
        Assert.Equal("42", match.Pathname["id"]);
        Assert.Equal("reviews", match.Pathname["0"]);
        Assert.False(pattern.Test("https://example.com:8443/products/42/"));

        var relative = UrlPattern.Parse("../admin/*", "https://example.com/forum/?page=2");
        Assert.Equal("/admin/*", relative.Pathname);

        var byComponents = UrlPattern.Create(new UrlPatternInit(Hostname: "*.example.com", Pathname: "/Books/:isbn"), UrlPatternOptions.IgnoreCase);
        Assert.True(byComponents.Test("http://www.example.com:81/books/1"));

        Assert.True(url.TryToUri(out var uri));
        Assert.Equal(url, Url.FromUri(uri));
        Assert.Equal("\"https://example.com/\"", JsonSerializer.Serialize(Url.Parse("https://example.com")));
    }

    [Fact]
    public void The_page_shows_the_code_that_is_run()
    {
        var root = RepositoryRoot.Require();
        var source = string.Join('\n', File.ReadAllLines(Path.Combine(root, "tests", "Protocols.Tests", "Urls", "DocumentationTests.cs")).Select(line => line.Trim()));
        var blocks = CodeBlock().Matches(File.ReadAllText(Path.Combine(root, "docs", "urls.md")).ReplaceLineEndings("\n"));
        Assert.Equal(6, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block.Groups["code"].Value.Trim(), source));
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CodeBlock();
}
