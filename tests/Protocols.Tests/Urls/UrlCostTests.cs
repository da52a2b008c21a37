using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

/// <summary>What parsing costs: no allocation where none is promised, and time that grows with the input and not with its square.</summary>
public class UrlCostTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData("https://www.example.com/dir1/file1.html?a=b#c")]
    [InlineData("HTTPS://Example.com:8080/a/../b c")]
    [InlineData("https://bücher.example/ü")]
    [InlineData("https://192.0.2.0x1/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("https://exa mple/")]
    [InlineData("relative/path")]
    [InlineData(" https://exam\tple.com/ ")]
    public void CanParse_allocates_nothing(string input)
    {
        var utf8 = Encoding.UTF8.GetBytes(input);
        Assert.Equal(0, Allocations.Of(() => { Url.CanParse(input); Url.CanParse(input.AsSpan()); Url.CanParse(utf8); }));
    }

    [Fact]
    public void A_normal_url_costs_one_object_and_no_buffer()
    {
        const string input = "https://www.example.com/dir1/file1.html?a=b#c";
        Assert.InRange(Allocations.Of(() => Assert.True(Url.TryParse(input, out _)), 64), 1, 64);
    }

    [Theory]
    [InlineData("HTTPS://Example.com/a/../b c", "https://example.com/b%20c")]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://bücher.example/", "https://xn--bcher-kva.example/")]
    public void Any_other_url_costs_one_object_and_one_buffer(string input, string href)
    {
        // A string of n characters takes 22 + 2n bytes, rounded up to 8.
        var buffer = (22 + 2 * href.Length + 7) / 8 * 8;
        Assert.InRange(Allocations.Of(() => Assert.True(Url.TryParse(input, out _)), 64 + buffer), 1, 64 + buffer);
    }

    public static TheoryData<string> LongInputs => new(Long().Keys);

    [Theory]
    [MemberData(nameof(LongInputs))]
    public void A_megabyte_takes_about_four_times_a_quarter_of_it(string shape)
    {
        var make = Long()[shape];
        var (small, large) = (make(Megabyte / 4), make(Megabyte));
        // A square would be sixteen times; the rest is room for noise and for n log n.
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < 6 && ratio > 9; attempt++) { ratio = Math.Min(ratio, Measure(large) / Measure(small)); }
        Assert.True(ratio < 9, $"{shape}: {ratio:F1} times");
    }

    private static Dictionary<string, Func<int, string>> Long() => new(StringComparer.Ordinal)
    {
        ["path"] = n => "https://example.com/" + Repeat("segment/", n),
        ["dot segments"] = n => "https://example.com/" + Repeat("a/../", n),
        ["only dots"] = n => "https://example.com/" + Repeat("../", n),
        ["climbing out"] = n => "https://example.com/" + Repeat("a/", n / 2) + Repeat("../", n / 2),
        ["encoded path"] = n => "https://example.com/" + Repeat("é ", n),
        ["query"] = n => "https://example.com/?" + Repeat("a b'", n),
        ["fragment"] = n => "https://example.com/#" + Repeat("<>", n),
        ["tabs"] = n => "https://example.com/" + Repeat("\t\n", n),
        ["spaces before"] = n => new string(' ', n) + "https://example.com/",
        ["scheme"] = n => Repeat("a", n) + ":x",
        ["credentials"] = n => "https://" + Repeat("@:", n) + "@example.com/",
        ["brackets"] = n => "a://" + Repeat("[]", n) + "/",
        ["host"] = n => "https://" + Repeat("a.", n) + "example/",
        ["upper-case host"] = n => "https://" + Repeat("A.", n) + "example/",
        ["one international label"] = n => "https://" + Repeat("日本語", n) + ".example/",
        ["many letters in one label"] = n => "https://" + string.Concat(Enumerable.Range(0, n / 2).Select(i => (char)(0x4E00 + i % 20_000))) + "/",
        ["international labels"] = n => "https://" + Repeat("ü.", n) + "example/",
        ["encoded label"] = n => "https://ü.xn--" + Repeat("a", n / 4) + "-" + Repeat("bcd", n / 4) + "/",
        ["combining marks"] = n => "https://a" + Repeat("\u0301\u0323", n) + ".example/",
        ["joiners"] = n => "https://" + Repeat("ن\u200c", n) + "ن.example/",
        ["percent-encoded host"] = n => "https://" + Repeat("%C3%BC.", n) + "example/",
        ["number"] = n => "https://" + Repeat("0", n) + "/",
        ["number parts"] = n => "https://" + Repeat("1.", n) + "1/",
        ["opaque path"] = n => "a:" + Repeat("x ", n) + "#",
    };

    private static string Repeat(string text, int length) => new StringBuilder().Insert(0, text, Math.Max(1, length / text.Length)).ToString();

    private static double Measure(string input)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 2; i++)
        {
            var start = ThreadClock.Now();
            var parsed = Url.TryParse(input, out _);
            Assert.Equal(Url.CanParse(input), parsed);
            best = Math.Min(best, (ThreadClock.Now() - start) / 1e6);
        }
        // What takes less is no square: that would be seconds, and caches and collections decide more than the parser does.
        return Math.Max(best, 5);
    }
}
