using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Tests.Telling;

/// <summary>Every scheme that has a client (docs/schemes.md, which another test holds against the clients) is called something in every language.</summary>
public class SchemeNameTests
{
    [Fact]
    public void Every_client_has_its_name_in_every_language()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Require(), "docs", "schemes.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        var schemes = rows.SelectMany(static line => line.Split('|')[1].Split(',')).Select(static scheme => scheme.Trim(' ', '`')).ToArray();
        Assert.Contains("nntps", schemes);
        foreach (var language in Languages.All.Where(static language => language.IsComplete))
        {
            var nobody = Named(language, "gopher");
            Assert.All(schemes, scheme => Assert.NotEqual(nobody, Named(language, scheme)));
        }
    }

    private static string Named(Language language, string scheme) => language.Urls.SchemeChooses(scheme).ToString()!.Replace(scheme, "", StringComparison.Ordinal);
}
