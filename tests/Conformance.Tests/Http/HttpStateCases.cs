using System.Text;
using Firstbyte.Http.Cookies;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Http.Cookies;

/// <summary>The cases of the IETF's http-state working group, which RFC 6265 was made of; where RFC 6265bis has changed a rule, the case says so here.</summary>
public class HttpStateCases
{
    // A day on which the cases were new, so that a date of 2019 had not passed and one of 2007 had.
    private static readonly Instant s_now = Instant.FromDateTimeOffset(new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Cases whose rule RFC 6265bis has changed, with the section and what it asks for now.</summary>
    private static readonly Dictionary<string, (string Section, string Expected)> s_changed = new(StringComparer.Ordinal)
    {
        // A pair without '=' is a value without a name, and an empty name is one too.
        ["0021"] = ("5.6", "Cookie: a=b; x; c=d"),
        ["0023"] = ("5.6", "Cookie: foo"),
        ["0025"] = ("5.6", "Cookie: foo"),
        ["0027"] = ("5.6", "Cookie: bar"),
        ["chromium0009"] = ("5.6", "Cookie: BLAHHH"),
        ["mozilla0012"] = ("5.6", "Cookie: test=\"fubar! = foo; five"),
        ["mozilla0014"] = ("5.6", "Cookie: six"),
        ["mozilla0016"] = ("5.6", "Cookie: eight"),
        ["name0017"] = ("5.6", "Cookie: a=bar"),
        ["name0023"] = ("5.6", "Cookie: foo"),
        ["name0025"] = ("5.6", "Cookie: ==a=bar"),
        ["name0031"] = ("5.6", "Cookie: \"foo"),
        ["name0033"] = ("5.6", "Cookie: aaa"),
        // Paths are compared as they are written: %6F is not o.
        ["disabled-path0029"] = ("5.1.4", ""),
        // Control characters end the whole of it.
        ["disabled-chromium0022"] = ("5.6", ""),
    };

    [Fact]
    public void Every_case_gives_the_cookies_that_it_expects()
    {
        var folder = ConformanceData.Require("http-cookies");
        var names = Directory.EnumerateFiles(folder, "*-test").Select(file => Path.GetFileName(file)[..^"-test".Length]).Order(StringComparer.Ordinal).ToArray();
        var wrong = new List<string>();
        foreach (var name in names)
        {
            var original = File.ReadAllText(Path.Combine(folder, name + "-expected")).TrimEnd('\n', '\r');
            var expected = original;
            if (s_changed.TryGetValue(name, out var changed))
            {
                expected = changed.Expected;
                if (expected == original) { wrong.Add($"{name}: nothing has changed"); }
            }
            if (Run(folder, name) is var got && got != expected) { wrong.Add($"{name}: {got}, expected {expected}"); }
        }
        Assert.Equal([], wrong);
        Assert.Equal(111, names.Length);
        Assert.Empty(s_changed.Keys.Except(names));
    }

    private static string Run(string folder, string name)
    {
        var jar = new CookieJar();
        var set = Url.Parse($"http://home.example.org:8888/cookie-parser?{name}");
        var next = Url.Parse($"http://home.example.org:8888/cookie-parser-result?{name}");
        foreach (var line in File.ReadAllText(Path.Combine(folder, name + "-test"), Encoding.UTF8).Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.StartsWith("Set-Cookie:", StringComparison.Ordinal)) { jar.Take(text["Set-Cookie:".Length..].Trim(' ', '\t'), set, s_now); }
            else if (text.StartsWith("Location:", StringComparison.Ordinal)) { next = Url.Parse(text["Location:".Length..].Trim(), set); }
        }
        return CookieJar.Field(jar.Choose(next, s_now, false, "GET")) is { } field ? "Cookie: " + field : "";
    }
}
