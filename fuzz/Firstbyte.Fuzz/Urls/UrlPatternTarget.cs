using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Urls.Patterns;

namespace Firstbyte.Fuzz.Urls;

/// <summary>URL patterns: the first line is a pattern, the second a URL.</summary>
internal sealed class UrlPatternTarget : FuzzTarget
{
    public override string Name => "url-pattern";

    public override string Holds => "no exception; an error lies in the pattern; what is read again from its own components matches the same; limits hold";

    public override int MaximumLength => 512;

    // A pattern's matcher may take the time that its limit allows, and compiling an expression is slow.
    public override TimeSpan MaximumTime => 2 * UrlPatternLimits.RegExpTime;

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        ":a", "*", "(", ")", "{", "}", "?", "+", "\\", "(.*)", "[^/]", "{a}?", "(?:", "(?=", "\\1", "\\p{L}", "{1,3}", "|", "^", "$", "://", "/", "#", "@", "[", "]", "\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "https://*.example.com/books/:id(\\d+)\nhttps://a.example.com/books/12", "/a/{b/}?:c+\nhttps://x.test/a/b/c/d", "*://*:*/*?*#*\nhttp://u:p@h:1/p?q#f",
        "https://example.com/([a-z]+(?=x)|\\w{2,3})\nhttps://example.com/abx", "data\\:foo*\ndata:foobar", "http{s}?://[\\:\\:1]/\nhttp://[::1]/");

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var (source, subject) = line < 0 ? (text, text) : (text[..line], text[(line + 1)..]);
        if (!UrlPattern.TryParse(source, "https://base.example/dir/", UrlPatternOptions.None, out var pattern, out var error))
        {
            Require(error.Position >= 0 && error.Position <= source.Length, $"an error outside the pattern: {error}");
            return;
        }
        var outcome = pattern.TryMatch(subject, null, out var match);
        Require(outcome == UrlPatternOutcome.Match == match is not null, "an outcome without its match");
        // The standard's normal form of a few patterns ("/a*?*?**+") is no pattern, or another one; where it is the same, it matches the same.
        if (outcome == UrlPatternOutcome.GivenUp || !UrlPattern.TryCreate(pattern.ToInit(), UrlPatternOptions.None, out var again, out _) || again.ToInit() != pattern.ToInit()) { return; }
        var other = again.TryMatch(subject, null, out _);
        Require(other == outcome || other == UrlPatternOutcome.GivenUp, $"{pattern} matches otherwise when read again");
    }
}
