using System.Text.RegularExpressions;
using CsCheck;
using Firstbyte.Urls;
using Firstbyte.Urls.Patterns;

namespace Firstbyte.Tests.Urls.Patterns;

/// <summary>What holds for every pattern, limits, and what matching costs.</summary>
public class UrlPatternPropertyTests
{
    private const string UrlAlphabet = "ab.-~%4:@/?#[]{}()*+\\ é$,;=!'\"<>|^`_";
    private const string PatternAlphabet = "ab/:.*?+{}()\\#@[]é1-|^d";

    private static readonly string[] Starts = ["https://example.com", "http://u:p@h.example:8080", "https://[2001:db8::1]", "file://", "git://[::1]:1", "mailto:", "data:", "https://xn--bcher-kva.example"];

    private static readonly Gen<string> Urls =
        Gen.Select(Gen.Int[0, Starts.Length - 1], Gen.String[Gen.Char[UrlAlphabet], 0, 30], (start, end) => Starts[start] + (Starts[start].EndsWith(':') ? end : "/" + end));

    private static readonly Gen<string> Pathnames = Gen.String[Gen.Char[PatternAlphabet], 0, 14].Select(text => "/" + text);

    [Fact]
    public void A_pattern_of_a_urls_own_escaped_components_matches_it() => Urls.Sample(text =>
    {
        if (!Url.TryParse(text, out var url)) { return; }
        var init = new UrlPatternInit(
            url.Scheme, Escape(url.Username), Escape(url.Password), Escape(url.Hostname), url.Port, Escape(url.Pathname), Escape(url.Search.TrimStart('?')), Escape(url.Hash.TrimStart('#')));
        // The standard takes every host and query for those of a special URL: an opaque host becomes a domain, "'" in a query is encoded.
        if (url.HostKind == UrlHostKind.Opaque || (!url.IsSpecial && url.Search.Contains('\''))) { return; }
        // A query or fragment that begins with its own mark loses it once when it is given alone.
        if (url.Search.StartsWith("??", StringComparison.Ordinal) || url.Hash.StartsWith("##", StringComparison.Ordinal)) { return; }
        var pattern = UrlPattern.Create(init);
        Assert.True(pattern.Test(url), $"{url}: {pattern}");
        Assert.Equal(url.Pathname, pattern.Match(url)!.Pathname.Input);
        Assert.False(pattern.HasRegExpGroups);
    }, iter: Depth.Of(10_000));

    // PatternText.Escape is what the standard escapes; a test must not use the code under test, so all punctuation is escaped here.
    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c > 0x7F ? c.ToString() : "\\" + c));

    [Fact]
    public void The_normal_form_of_a_pattern_is_the_same_pattern() => Pathnames.Sample(text =>
    {
        if (!UrlPattern.TryCreate(new(Pathname: text), UrlPatternOptions.None, out var pattern, out _)) { return; }
        var again = UrlPattern.Create(pattern.ToInit());
        Assert.Equal(pattern.Component(UrlPart.Path).GroupNames, again.Component(UrlPart.Path).GroupNames);
        Assert.Equal(pattern.Pathname, again.Pathname);
    }, iter: Depth.Of(5_000));

    // The standard's own regular expression for the parts is the oracle of the matcher without regular expressions.
    [Fact]
    public void Both_matchers_agree() => Gen.Select(Pathnames, Gen.String[Gen.Char["ab/.-"], 0, 10], Gen.Bool).Sample((text, input, isPath) =>
    {
        var rules = isPath ? PatternRules.Pathname : PatternRules.Default;
        var parts = PatternParser.Parse(text, rules, value => value, UrlPatternFault.HostnameInvalid, out _);
        if (parts is null || parts.Exists(part => part.Kind == PatternPartKind.RegExp)) { return; }
        var groups = parts.Count(part => part.Kind != PatternPartKind.FixedText);
        var (own, oracle) = (new int[2 * groups + 2], new int[2 * groups + 2]);
        var outcome = new PartMatcher(parts, rules).Match("/" + input, own);
        Assert.Equal(RegExpTranslation.Compile(parts, rules, out _)!.Match("/" + input, oracle), outcome);
        if (outcome == UrlPatternOutcome.Match) { Assert.Equal(oracle[..(2 * groups)], own[..(2 * groups)]); }
    }, iter: Depth.Of(20_000));

    [Fact]
    public void Any_text_is_a_pattern_or_a_fault() => Gen.Select(Gen.OneOf(Gen.String, Gen.String[Gen.Char[PatternAlphabet], 0, 25].Select(text => "https://" + text)), Gen.Bool).Sample((text, isRelative) =>
    {
        var parsed = UrlPattern.TryParse(text, isRelative ? "https://example.com/a/b" : null, UrlPatternOptions.None, out var pattern, out var error);
        Assert.Equal(parsed, error is null);
        if (error is not null) { Assert.InRange(error.Position, 0, Math.Max(text.Length, "https://example.com/a/b".Length)); }
        pattern?.TryMatch("https://ab.a/a/b?1#d", null, out _);
    }, iter: Depth.Of(5_000));

    [Fact]
    public void Wildcards_in_a_row_take_linear_time()
    {
        // A backtracking matcher would try some 10^15 ways.
        var pattern = UrlPattern.Create(new(Pathname: "/*a*a*a*b"));
        Assert.Equal(UrlPatternOutcome.NoMatch, pattern.TryMatch($"https://example.com/{new string('a', 100_000)}", null, out _));
        Assert.Equal(UrlPatternOutcome.Match, pattern.TryMatch($"https://example.com/{new string('a', 100_000)}b", null, out var match));
        Assert.Equal(new string('a', 99_997), match!.Pathname["0"]);
    }

    [Fact]
    public void Repeated_choices_in_an_expression_take_linear_time()
    {
        var pattern = UrlPattern.Create(new(Pathname: "/((?:a+a+)+b)"));
        Assert.Equal(UrlPatternOutcome.NoMatch, pattern.TryMatch($"https://example.com/{new string('a', 20_000)}", null, out _));
    }

    [Fact]
    public void An_expression_that_backtracks_too_long_is_given_up()
    {
        var pattern = UrlPattern.Create(new(Pathname: "/((?:a+b?)+(?=[ab]c)..)"));
        Assert.Equal(UrlPatternOutcome.GivenUp, pattern.TryMatch($"https://example.com/{new string('a', 60)}", null, out var match));
        Assert.Null(match);
        Assert.False(pattern.Test($"https://example.com/{new string('a', 60)}"));
    }

    [Fact]
    public void A_match_that_needs_too_much_room_is_given_up()
    {
        var pattern = UrlPattern.Create(new(Pathname: "/*a*a*a*a*a*a*a*a*b"));
        Assert.Equal(UrlPatternOutcome.GivenUp, pattern.TryMatch($"https://example.com/{new string('a', UrlPatternLimits.MatchVisits / 8)}", null, out _));
    }

    [Theory]
    [InlineData(":NAME?", 240, 394, 1)]
    [InlineData(":NAME?", 240, 394, 2)]
    [InlineData(":NAME?", 200, 200, 3)]
    public void Many_choices_take_no_more_memory_than_a_request_may(string part, int times, int length, int letters)
    {
        var parts = string.Concat(Enumerable.Range(0, times).Select(i => part.Replace("NAME", $"n{i}", StringComparison.Ordinal)));
        var pattern = UrlPattern.Create(new(Pathname: $"/(a|b)?{parts}"));
        var random = new Random(7);
        var url = $"https://example.com/{string.Concat(Enumerable.Range(0, length).Select(_ => "abc"[random.Next(letters)]))}/";
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotEqual(UrlPatternOutcome.Match, pattern.TryMatch(url, null, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    /// <summary>The choices squared times the characters of this one are more than 2^63.</summary>
    [Fact]
    public void No_pattern_and_no_input_are_too_large_to_be_multiplied()
    {
        var matcher = new RegExpMatcher(new Regex("a", RegexOptions.NonBacktracking), new Regex("b"), choices: 819_000, groups: 0, absentWhenEmpty: []);
        Assert.Equal(UrlPatternOutcome.NoMatch, matcher.Match(new string('a', 16_000_000), []));
    }

    [Fact]
    public void A_route_of_many_choices_is_still_decided()
    {
        var pattern = UrlPattern.Create(new(Pathname: "/(\\d{1,9})" + string.Concat(Enumerable.Range(0, 99).Select(static i => $"/:part{i}"))));
        Assert.Equal(UrlPatternOutcome.Match, pattern.TryMatch("https://example.com/12" + string.Concat(Enumerable.Repeat("/segment", 99)), null, out _));
        Assert.Equal(UrlPatternOutcome.NoMatch, pattern.TryMatch("https://example.com/12" + string.Concat(Enumerable.Repeat("/segment", 98)), null, out _));
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        Assert.Equal(UrlPatternFault.PatternTooLong, ErrorOf(new string('a', UrlPatternLimits.PatternLength + 1)).Reason);
        Assert.Equal(UrlPatternFault.TooManyParts, ErrorOf("/" + string.Concat(Enumerable.Repeat("*-", UrlPatternLimits.Parts))).Reason);
        Assert.Equal(UrlPatternFault.RegExpTooLarge, ErrorOf($"/(x{string.Concat(Enumerable.Repeat("(?:", UrlPatternLimits.RegExpDepth))}{new string(')', UrlPatternLimits.RegExpDepth)})").Reason);
        Assert.Equal(UrlPatternFault.RegExpTooLarge, ErrorOf($"/({new string('a', UrlPatternLimits.RegExpSize)})").Reason);
        Assert.True(UrlPattern.TryCreate(new(Pathname: "/" + string.Concat(Enumerable.Repeat("*-", 100))), UrlPatternOptions.None, out _, out _));

        static UrlPatternError ErrorOf(string pathname)
        {
            Assert.False(UrlPattern.TryCreate(new(Pathname: pathname), UrlPatternOptions.None, out _, out var error));
            return error;
        }
    }

    [Fact]
    public void A_test_of_a_url_allocates_nothing()
    {
        var pattern = UrlPattern.Parse("https://{*.}?example.com/books/:id/*\\?q=:query");
        var url = Url.Parse("https://www.example.com/books/42/pages/7?q=x");
        Assert.True(pattern.Test(url));
        Assert.Equal(0, Allocations.Of(() => pattern.Test(url)));
    }
}
