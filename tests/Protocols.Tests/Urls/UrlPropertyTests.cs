using System.Text;
using CsCheck;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

/// <summary>What holds for every input: drawn from the characters and words that the states of the parser care about.</summary>
public class UrlPropertyTests
{
    private static readonly string[] Pieces =
    [
        "http:", "https:", "HTTPS:", "file:", "ftp:", "ws:", "a:", "mailto:", "blob:", "/", "//", "\\", "?", "#", "@", ":", "[", "]", ".", "..", "%2e", "%2E%2e", "%", "%41", "%zz",
        "|", "C:", "c|", "localhost", "example.com", "EXAMPLE", "xn--", "xn--bcher-kva", "bücher", "faß", "日本", "א", "ا1", "\u200d", "\u00ad", "1.2.3.4", "0x7f", "256", "1", "::", "::1", "2001:db8::",
        ":80", ":443", ":8080", ":99999", "user", "pa ss", " ", "\t", "\n", "\0", "'", "\"", "<", "`", "{", "^", "~", "é", "\ud800", "\udfff", "\ud83d\ude00", "a=b&c", "\ufffe", "x",
    ];

    internal static readonly Gen<string> Inputs = OneOf(Pieces).Array[0, 9].Select(string.Concat);

    private static readonly Gen<string> UrlLike = Gen.Select(OneOf("http://", "https://", "file:///", "file://", "ws://", "a://", "a:/", "http:", "/", "//", "?", "#", ""), Inputs, (start, rest) => start + rest);

    private static readonly Url?[] Bases = [null, Url.Parse("http://user:pass@base.example:8080/a/b/c?q#f"), Url.Parse("file:///C:/a/b"), Url.Parse("a:opaque?q#f"), Url.Parse("a:/.//b/c"), Url.Parse("a://host/p/q")];

    [Fact]
    public void A_serialized_url_is_a_fixed_point_of_parsing() => Gen.Select(UrlLike, OneOf(Bases)).Sample((input, against) =>
    {
        if (!Url.TryParse(input, against, out var url)) { return; }
        var again = Url.Parse(url.Href);
        Assert.Equal(url.Href, again.Href);
        Assert.Equal(url.Offsets, again.Offsets);
        Assert.False(url.Href.AsSpan().ContainsAnyExceptInRange(' ', '~'));
    }, iter: Depth.Of(20_000));

    [Fact]
    public void The_scan_for_normal_urls_says_what_the_parser_says() => UrlLike.Sample(input =>
    {
        var quick = Url.TryParse(input, out var url) ? url : null;
        var full = Url.ParseFully(input, null, null, default);
        Assert.Equal(full?.Href, quick?.Href);
        Assert.Equal(full?.Offsets, quick?.Offsets);
        Assert.Equal(full is not null, Url.CanParse(input));
    }, iter: Depth.Of(20_000));

    [Fact]
    public void Text_and_utf8_and_collecting_violations_give_the_same_url() => Gen.Select(UrlLike, OneOf(Bases)).Sample((input, against) =>
    {
        var url = Url.TryParse(input, against, out var fromText) ? fromText : null;
        var utf8 = Url.TryParse(Encoding.UTF8.GetBytes(input), against, out var fromUtf8) ? fromUtf8 : null;
        var explained = Url.Explain(input, against);
        Assert.Equal(url, utf8);
        Assert.Equal(url, explained.Url);
        Assert.Equal(url?.Offsets, explained.Url?.Offsets);
        Assert.Equal(url is null, explained.Error is not null);
        Assert.All(explained.Violations, violation => Assert.InRange(violation.Position, 0, input.Length));
        Assert.All(explained.Changes, change => Assert.InRange(change.InputStart + change.InputLength, change.InputStart, input.Length));
        Assert.All(explained.Parts, part => Assert.InRange(part.InputStart + part.InputLength, part.InputStart, input.Length));
        Assert.All(explained.Parts, part => Assert.Equal(part.Value, explained.Url!.Href.Substring(part.HrefStart, part.HrefLength)));
    }, iter: Depth.Of(20_000));

    [Fact]
    public void What_a_setter_leaves_behind_parses_to_itself() => Gen.Select(UrlLike, Inputs, Gen.Int[0, 8]).Sample((input, value, setter) =>
    {
        if (!Url.TryParse(input, Bases[1], out var url)) { return; }
        // The standard's protocol setter changes the scheme alone: it may leave "file://localhost/" behind, which the parser would write
        // without its host, and "file:///c|", a Windows drive letter, which the parser would write as "c:".
        if (setter == 0 && (url.Hostname == "localhost" || url.Pathname is ['/', var drive, '|', ..] && char.IsAsciiLetter(drive))) { return; }
        var changed = setter switch
        {
            0 => url.WithProtocol(value),
            1 => url.WithUsername(value),
            2 => url.WithPassword(value),
            3 => url.WithHost(value),
            4 => url.WithHostname(value),
            5 => url.WithPort(value),
            6 => url.WithPathname(value),
            7 => url.WithSearch(value),
            _ => url.WithHash(value),
        };
        var again = Url.Parse(changed.Href);
        Assert.Equal(changed.Href, again.Href);
        Assert.Equal(changed.Offsets, again.Offsets);
    }, iter: 30_000);

    [Fact]
    public void Search_params_survive_a_round_trip() => Gen.Select(Inputs, Inputs).Array[0, 6].Sample(pairs =>
    {
        var written = new SearchParams(pairs.Select(p => KeyValuePair.Create(Whole(p.Item1), Whole(p.Item2))));
        Assert.Equal(written.ToArray(), SearchParams.Parse(written.ToString()).ToArray());
    }, iter: Depth.Of(5_000));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // A lone surrogate is written as U+FFFD.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
