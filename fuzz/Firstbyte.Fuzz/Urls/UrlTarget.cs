using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Urls;

namespace Firstbyte.Fuzz.Urls;

/// <summary>The URL parser.</summary>
internal sealed class UrlTarget : FuzzTarget
{
    private static readonly Url s_base = Url.Parse("https://user:pass@base.example:8080/a/b/c?q#f");

    public override string Name => "url";

    public override string Holds => "no exception; a serialization parses to itself; text, bytes, CanParse and Explain agree; setters leave a URL behind";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "/", "//", "\\", "?", "#", "@", ":", "[", "]", ".", "..", "%2e", "%", "%zz", "|", " ", "\t", "\n", "\0", "xn--", "\u00ad", "\u200d", "\u0301", "\ufffd", "\U0001F600",
        "file:", "http:", "ws:", "a:", "::", "0x", "256", "99999", ":443", "localhost", "C:", "^", "'", "<");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "https://user:pa%20ss@www.example.com:8080/a/./b/../c%2e/d?q=1&r='#frag", "HTTP://WWW.SITE.com:80/../a/./b/%7ex\\c d?q=#f\"",
        "http://192.0.2.1/", "http://0x7f.1/", "https://[2001:db8::ffff:192.0.2.1]:443/x", "file:///C|/a/../b", "file://localhost/etc",
        "mailto:someone@example.com", "data:text/plain,a  ?b", "a:/.//b", "//host/path", "../x?y", "\\\\a\\b",
        "https://b\u00fccher.\u65e5\u672c/\u00e9", "https://xn--bcher-kva.example/", "https://\u05d0\u0661.example/", "blob:https://example.com/id")
        .SelectMany(static text => new[] { FuzzChoices.Before(text), FuzzChoices.Before(text, 1) });

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var bytes);
        var against = choices.Below(2) == 0 ? null : s_base;
        var text = Encoding.UTF8.GetString(bytes);
        var parsed = Url.TryParse(text, against, out var url);
        Require(Url.TryParse(bytes, against, out var fromBytes) == parsed && url == fromBytes, "text and bytes differ");
        Require(Url.CanParse(text, against) == parsed, "CanParse differs");
        Require(Url.Explain(text, against).Url == url, "Explain differs");
        if (url is null) { return; }
        RequireFixedPoint(url);
        var value = text[..choices.Below(text.Length + 1)];
        RequireFixedPoint(choices.Below(9) switch
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
        });
    }

    private static void RequireFixedPoint(Url url)
    {
        Require(Url.TryParse(url.Href, out var again) && again.Href == url.Href, $"{url} is not a fixed point: {again}");
        var same = again!.Protocol == url.Protocol && again.Username == url.Username && again.Password == url.Password && again.Host == url.Host
            && again.Pathname == url.Pathname && again.Search == url.Search && again.Hash == url.Hash && again.Origin == url.Origin;
        Require(same, $"{url} parsed again has other parts");
    }
}
