using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http.Cookies;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Fuzz.Http;

/// <summary>Cookies: the input is what servers set, a line each, the first byte of which says who sets it.</summary>
internal sealed class CookieTarget : FuzzTarget
{
    private static readonly Url[] s_urls =
    [
        .. new[] { "https://www.example.com/a/b", "http://www.example.com/", "http://example.com/a", "https://other.example.com/", "https://example.co.uk/",
            "https://a.github.io/", "http://10.0.0.1/", "http://[::1]/a/" }.Select(static text => Url.Parse(text)),
    ];

    public override string Name => "cookies";

    public override string Holds => "nothing that a server sets reaches a host of another site; what is sent cannot break out of its field; a file keeps what it can keep";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "; Domain=", "example.com", "www.example.com", "other.example.com", "example.co.uk", "com", "co.uk", "github.io", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=None", "; Max-Age=", "; Expires=",
            "Fri, 07 Aug 2027 08:04:19 GMT", "__Host-", "__Secure-", "\n", "=" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => Utf8(
    [
        "0sid=1; Secure; HttpOnly; Path=/; Domain=example.com\n1lang=en; Max-Age=1000",
        "3__Host-a=b; Secure; Path=/\n2x=y; Domain=com\n4x=y; Domain=co.uk",
        "5a=b; Domain=github.io; SameSite=None; Secure\n6n=v; Expires=Fri, 07 Aug 2027 08:04:19 GMT\n7only a value",
        // A host sets one for each other.
        .. s_urls.Select(static (_, from) => string.Join('\n', s_urls.Select(to => $"{from}n=v; Domain={to.Hostname}"))),
    ]).Select(static text => FuzzChoices.Before(text));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        var (jar, now) = (new CookieJar(), Instant.SimulationEpoch);
        var sent = s_urls.Select(url => Sent(jar, url, now)).ToArray();
        foreach (var line in Encoding.UTF8.GetString(rest).Split('\n').Take(50))
        {
            if (line.Length == 0) { continue; }
            var from = s_urls[line[0] % s_urls.Length];
            jar.Take(line[1..], from, now);
            for (var i = 0; i < s_urls.Length; i++)
            {
                var after = Sent(jar, s_urls[i], now);
                Require(
                    after == sent[i] || PublicSuffixes.SiteOf(s_urls[i].Hostname) == PublicSuffixes.SiteOf(from.Hostname),
                    $"what {from.Hostname} sets changes what {s_urls[i].Hostname} is sent");
                Require(after is null || after.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, "a cookie breaks out of its field");
                Require(after is null || Encoding.UTF8.GetByteCount(after) <= CookieLimits.Field, "the field is longer than its limit");
                sent[i] = after;
            }
        }
        var file = NetscapeCookieFile.Write(jar);
        var read = new CookieJar();
        Require(NetscapeCookieFile.Read(file, read, now).Count == 0, "a line that was written is not read");
        Require(NetscapeCookieFile.Write(read) == file, "what was read is written differently");
        NetscapeCookieFile.Read(Encoding.UTF8.GetString(rest), read, now);
    }

    private static string? Sent(CookieJar jar, Url url, Instant now) => CookieJar.Field(jar.Choose(url, now, isCrossSite: false, "GET"));
}
