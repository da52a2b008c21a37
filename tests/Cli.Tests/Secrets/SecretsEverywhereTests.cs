using System.Text;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Secrets;

/// <summary>A marked secret goes into the command by every way that there is, and is looked for in everything that comes out.</summary>
public sealed class SecretsEverywhereTests : IDisposable
{
    // Long enough, and with digits, to be a token where a user's name stands; of letters that no cover and no name of a lab has.
    private const string Secret = "qXz7Kw9Qj4Zx8Vq2";

    private static readonly string s_percent = string.Concat(Secret.Select(static c => $"%{(int)c:x2}"));

    private static readonly string s_half = string.Concat(Secret.Select(static (c, i) => i % 2 == 0 ? $"%{(int)c:X2}" : c.ToString()));

    private static readonly string s_json = string.Concat(Secret.Select(static c => $"\\u{(int)c:x4}"));

    // What a secret looks like that shows: itself, in the encodings in which it goes in, and what Basic makes of it.
    private static readonly string[] s_looks =
    [
        Secret, Secret.ToLowerInvariant(), s_percent, s_half, s_json, Secret[..9], Secret[7..],
        .. Enumerable.Range(0, 3).Select(static shift => Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('u', shift) + Secret))[4..^4]),
        Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Secret[..8])), string.Join(' ', Encoding.ASCII.GetBytes(Secret[..4]).Select(static b => $"{b:x2}")),
    ];

    // Not from a file: -d takes line ends out of files.
    private static readonly string s_multipart = string.Concat(((string[])["password", "user[pass]", "api_key"]).Select(static name =>
        $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\nX-Pad: {new string('p', 300)}\r\n\r\n{Secret}{Secret}\r\n")) + "--b--\r\n";

    private readonly TemporaryFolder _folder = new();

    public SecretsEverywhereTests()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "secrets.lab"), $$"""
            lab "secrets" seed 3 client client
            subnet lan 10.1.0.0/24
            subnet wan 10.2.0.0/24
            router r on lan .1, wan .1
            host client on lan .2 gateway r nameserver 10.1.0.3
            host dns on lan .3 gateway r serves dns zone "test" { @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60
                @ 300 IN NS ns
                ns 300 IN A 10.1.0.3
                www 300 IN A 10.2.0.4 }
            host proxy on lan .5 gateway r nameserver 10.1.0.3
              serves proxy account "user" "{{Secret}}"
              serves socks account "user" "{{Secret}}"
            host www on wan .4 gateway r
              serves ftp account "user" "{{Secret}}" { /dir/page.txt "a page" /in writable }
              serves http, https for www.test {
              / "a page"
              /form form
              /staff account "bob" "{{Secret}}" "a page"
              /moved redirect "http://user:{{Secret}}@www.test/?token={{Secret}}#access_token={{Secret}}" 302
            }
            link www-wan mtu 296 loss 4% duplicate 4% reorder 10% by 3ms
            """);
        File.WriteAllText(Path.Combine(_folder.Path, "cookies"), $"www.test\tFALSE\t/\tFALSE\t0\tsid\t{Secret}\n.test\tTRUE\t/\tTRUE\t0\tother\t{Secret}\n");
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), Secret);
        File.WriteAllText(Path.Combine(_folder.Path, "pad"), new string('p', 700));
        File.WriteAllText(Path.Combine(_folder.Path, $"password={Secret}"), "a");
        File.WriteAllText(Path.Combine(_folder.Path, "netrc"), $"machine www.test login bob password {Secret}\n");
        File.WriteAllText(Path.Combine(_folder.Path, "json"), $$"""{"user":"a","password":"{{Secret}}","deep":{"list":[{"client_secret" : "{{s_json}}"}],"pass\u0077ord":"{{Secret}}"},"token":"\"{{Secret}}"}""");
        File.WriteAllText(Path.Combine(_folder.Path, "long"), $"a={new string('a', 230)}&password={Secret}&b={new string('b', 200)}&pass%77ord={Secret}&" + string.Join('&', Enumerable.Range(0, 20).Select(static i => $"password[{i}]={Secret}{new string('9', i)}")));
    }

    /// <summary>The place of a fault behind a covered password is where it is shown, however long the password was.</summary>
    [Theory]
    [InlineData("p")]
    [InlineData("a password that is long and has been typed")]
    public void A_fault_behind_a_password_is_pointed_at(string password)
    {
        var lines = Command.Run("--lab", $"http://u:{password.Replace(' ', '+')}@x:99999/").Output.Split('\n');
        var shown = Array.FindIndex(lines, static line => line.Contains("http://u:********@x:99999/", StringComparison.Ordinal));
        Assert.Equal(lines[shown].IndexOf("99999", StringComparison.Ordinal), lines[shown + 1].TakeWhile(static letter => letter == ' ').Count());
    }

    public static TheoryData<string, string[]> Ways => new()
    {
        { "password in the URL", [$"http://user:{Secret}@www.test/"] },
        { "password in the URL, encoded", [$"http://user:{s_percent}@www.test/"] },
        { "password in the URL, half encoded", [$"http://user:{s_half}@www.test/"] },
        { "token as the URL's user", [$"http://{Secret}@www.test/"] },
        { "token as the URL's user, encoded", [$"http://{s_half}@www.test/"] },
        { "members of the query", [$"http://www.test/?password={Secret}&pass%77ord={s_percent}&password[]={Secret}&access_token={s_half}&X-Amz-Signature={Secret}&sig={Secret}&code={Secret}&session={Secret}"] },
        { "members of the fragment", [$"http://www.test/#access_token={Secret}&id_token={s_percent}"] },
        { "fields", ["-H", $"Authorization: Bearer {Secret}", "-H", $"Cookie: a={Secret}; b={Secret}", "-H", $"X-Api-Key: {Secret}", "-H", $"x-auth-token:{Secret}", "-H", $"X-Amz-Security-Token: {Secret}", "-H", $"X-Session-Id: {Secret}", "-H", $"Ocp-Apim-Subscription-Key: {Secret}", "http://www.test/"] },
        { "a URL in a query", [$"http://www.test/?next=http%3A%2F%2Fh%2F%3Ftoken%3D{Secret}%26x%3D1&key={Secret}&pw={Secret}"] },
        { "a password for Basic", ["-u", $"bob:{Secret}", "http://www.test/staff"] },
        { "a password for Digest", ["--digest", "-u", $"bob:{Secret}", "http://www.test/staff", "http://www.test/staff"] },
        { "a bearer token", ["--oauth2-bearer", Secret, "http://www.test/staff"] },
        { "a netrc file", ["--netrc-file", "netrc", "http://www.test/staff"] },
        { "a URL in a field", ["-H", $"Referer: http://user:{Secret}@www.test/?token={Secret}", "http://www.test/"] },
        { "a form", ["-d", $"user=a&password={Secret}", "-d", $"pass%77ord={s_percent}&new_password={Secret}", "http://www.test/"] },
        { "a long form, over many segments", ["-d", "@long", "http://www.test/"] },
        { "JSON", ["-H", "Content-Type: application/json", "-d", "@json", "http://www.test/"] },
        { "JSON with several of a kind", ["--data-json", $$"""{"tokens":["{{Secret}}"],"secrets":{"a":"{{Secret}}"},"apiKeys":"{{Secret}}"}""", "http://www.test/form"] },
        { "members with another separator", [$"http://www.test/?token;={Secret}&x=1&session;={Secret}"] },
        { "multipart", ["-H", "Content-Type: multipart/form-data; boundary=b", "-d", s_multipart, "http://www.test/"] },
        { "a form of parts", ["-F", $"password={Secret}", "-F", "user[pass]=<secret", "-F", "api_key=@secret;filename=key.txt", "--form-string", $"new_password={Secret}", "http://www.test/form"] },
        { "a form of parts, over many segments", ["-F", "pad=@pad", "-F", "password=@secret", "-F", "pad=@pad", "-F", $"token={Secret}", "http://www.test/"] },
        { "a member of a form from a file", ["--data-urlencode", "password@secret", "--data-urlencode", $"token={Secret}", "--data-binary", "@long", "http://www.test/form"] },
        { "JSON from a file", ["--data-json", "@json", "http://www.test/form"] },
        { "data in the query", ["-G", "--data-urlencode", "password@secret", "-d", $"token={Secret}", "http://www.test/"] },
        { "a form that is redirected", ["-L", "-F", $"password={Secret}", "http://www.test/moved"] },
        { "a file's name", ["-F", $"f=@password={Secret}", "http://www.test/form"] },
        { "Location", ["http://www.test/moved"] },
        { "over TLS", ["-k", "-d", $"password={Secret}", $"https://user:{Secret}@www.test/moved?token={Secret}"] },
        { "a connection that is used again", [$"http://user:{Secret}@www.test/?token={Secret}", $"http://www.test/?token={Secret}"] },
        { "no host there", [$"http://user:{Secret}@nowhere.test/?token={Secret}"] },
        { "no such port", [$"http://user:{Secret}@www.test:81/?token={Secret}"] },
        { "a URL that is none", [$"http://user:{Secret}@www.test:99999/?token={Secret}"] },
        { "no scheme", [$"user:{Secret}@www.test/?token={Secret}"] },
        { "a scheme without a client", [$"gopher://user:{Secret}@www.test/?token={Secret}"] },
        { "who asks and from where", ["-e", $"http://user:{Secret}@www.test/?token={Secret}", "http://www.test/"] },
        { "an FTP login", [$"ftp://user:{Secret}@www.test/dir/page.txt"] },
        { "an FTP login, encoded", [$"ftp://user:{s_percent}@www.test/dir/"] },
        { "an FTP login that is refused", [$"ftp://user:{Secret}{Secret}@www.test/dir/page.txt"] },
        { "a token as FTP's user", [$"ftp://{Secret}@www.test/dir/page.txt"] },
        { "an FTP upload", ["-T", "long", $"ftp://user:{Secret}@www.test/in/"] },
        { "an upload", ["-H", "Content-Type: application/x-www-form-urlencoded", "-T", "long", $"http://user:{Secret}@www.test/up"] },
        { "an upload of JSON", ["-H", "Content-Type: application/json", "-T", "json", "http://www.test/up"] },
        { "cookies", ["-b", $"sid={Secret}; other={Secret}", "http://www.test/"] },
        { "cookies of a file", ["-b", "cookies", "-c", "jar", "http://www.test/"] },
        { "inside the host", ["--calls", "-d", $"password={Secret}", $"http://user:{Secret}@www.test/?token={Secret}"] },
        { "inside the server", ["--calls=www", "-b", $"sid={Secret}", $"http://user:{Secret}@www.test/?token={Secret}"] },
        { "a proxy's password", ["-x", "10.1.0.5:3128", "-U", $"user:{Secret}", "http://www.test/"] },
        { "a proxy's password in its URL", ["-k", "-x", $"http://user:{Secret}@10.1.0.5:3128", "https://www.test/"] },
        { "a proxy's password for Digest", ["-x", "10.1.0.5:3128", "--proxy-digest", "-U", $"user:{Secret}", "http://www.test/"] },
        { "a SOCKS proxy's password", ["-x", $"socks5h://user:{Secret}@10.1.0.5", "http://www.test/"] },
        { "a SOCKS proxy's password that is refused", ["--socks5", "10.1.0.5", "-U", $"user:{Secret}x", "http://www.test/"] },
        { "a URL with a blank", [$"http://user:{Secret} x@www.test/?token={Secret}"] },
    };

    private static string[][] OtherLanguages => [.. Languages.All.Skip(1).Select(static language => (string[])["--lang", language.Tag])];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_secret_that_goes_in_by_this_way_shows_nowhere(string way, string[] arguments)
    {
        _ = way;
        foreach (var said in (string[][])[[], ["-v"], ["-vv"], ["--json"], ["--json=packets"], ["--json=all"], ["--body"], .. OtherLanguages])
        {
            var run = Command.RunIn(_folder.Path, ["--lab=secrets.lab", "--pcap", "run.pcapng", "--pcap-secrets", "mask", "-m", "60", .. said, .. arguments]);
            var context = string.Join(' ', said.Concat(arguments));
            // A body that was asked for is as it came.
            if (said is not ["--body"]) { Look(context, run.Output, s_looks); }
            Look(context, run.Errors, s_looks);
            LookInCapture(context);
            if (said is ["--json=all"])
            {
                File.WriteAllText(Path.Combine(_folder.Path, "saved"), run.Output);
                Look("story of " + context, Command.RunIn(_folder.Path, "story", "-v", "saved").Output, s_looks);
            }
        }
    }

    /// <summary>FTP servers like to repeat the user's name, which may be a token.</summary>
    [Fact]
    public void What_an_FTP_server_repeats_of_a_token_shows_nowhere()
    {
        using var server = new RawServer(static connection =>
        {
            connection.Send("220 ready\r\n");
            connection.ReadLine();
            connection.Send($"331 Password required for {Secret}\r\n");
            connection.ReadLine();
            connection.Send($"530 {Secret}: login incorrect\r\n");
            connection.ReadLine();
            connection.Send("221 Goodbye\r\n");
        });
        var url = server.Url.Replace("http://", $"ftp://{Secret}@", StringComparison.Ordinal);
        foreach (var said in (string[][])[[], ["-v"], ["--json=all"], ["--body"], .. OtherLanguages])
        {
            var run = Command.RunIn(_folder.Path, [.. said, url]);
            Assert.Equal(67, run.ExitCode);
            Look(string.Join(' ', said), run.Output, s_looks);
            Look(string.Join(' ', said), run.Errors, s_looks);
        }
        Assert.Contains(Secret, Command.RunIn(_folder.Path, "--show-secrets", url).Output, StringComparison.Ordinal);
    }

    /// <summary>A file that was saved with its secrets is told without them, unless they are asked for.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_saved_run_is_told_without_its_secrets(string way, string[] arguments)
    {
        _ = way;
        var saved = Command.RunIn(_folder.Path, ["--lab=secrets.lab", "--show-secrets", "-v", "--json=all", "-m", "60", .. arguments]).Output;
        File.WriteAllText(Path.Combine(_folder.Path, "saved"), saved);
        foreach (var said in (string[][])[[], ["-v"], .. OtherLanguages])
        {
            var run = Command.RunIn(_folder.Path, ["story", .. said, "saved"]);
            Look(way, run.Output, s_looks);
            Look(way, run.Errors, s_looks);
        }
        // The test sees what it looks for: with --show-secrets it is there, unless it went as a hash.
        if (!arguments.Contains("--digest") && !arguments.Contains("--proxy-digest")) { Assert.Contains(s_looks, look => saved.Contains(look, StringComparison.Ordinal)); }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_prompt_keeps_them_too(string way, string[] arguments)
    {
        var typed = new StringBuilder();
        foreach (var url in arguments.Where(static one => one.Contains("://", StringComparison.Ordinal) && !one.Contains(' ', StringComparison.Ordinal))) { typed.Append($"fetch {url}\n"); }
        if (typed.Length == 0) { return; }
        foreach (var said in (string[][])[[], ["-vv"], ["--json=all"]])
        {
            var run = Command.RunWith(typed.ToString(), null, ["lab", "run", Path.Combine(_folder.Path, "secrets.lab"), "--pcap", Path.Combine(_folder.Path, "run.pcapng"), "--pcap-secrets=mask", .. said]);
            // What is typed into a prompt is on the screen already; what the prompt makes of it is not.
            Look(way, run.Output.Replace(typed.ToString(), "", StringComparison.Ordinal), s_looks);
            Look(way, run.Errors, s_looks);
            LookInCapture(way);
        }
    }

    [Theory]
    [InlineData("-H", "Authorization SECRET", "http://127.0.0.1:1/")]
    [InlineData("-H", ": SECRET", "http://127.0.0.1:1/")]
    [InlineData("-X", "GET", "-d", "password=SECRET", "http://127.0.0.1:1/", "--nonsense")]
    [InlineData("-u", "bob:SECRET", "http://127.0.0.1:1/")]
    [InlineData("-ubob:SECRET", "http://127.0.0.1:1/")]
    [InlineData("--user", "bob:SECRET", "http://127.0.0.1:1/")]
    [InlineData("--user=bob:SECRET", "http://127.0.0.1:1/")]
    [InlineData("-u", "SECRET", "http://127.0.0.1:1/")]
    [InlineData("-b", "sid=SECRET", "http://127.0.0.1:1/")]
    [InlineData("--oauth2-bearer", "SECRET", "http://127.0.0.1:1/")]
    [InlineData("--proxy", "http://u:SECRET@p/", "http://127.0.0.1:1/")]
    [InlineData("-x", "http://u:SECRET@p/", "http://127.0.0.1:1/")]
    [InlineData("--server", "u:SECRET@h", "http://127.0.0.1:1/")]
    [InlineData("-m", "password=SECRET", "http://127.0.0.1:1/")]
    [InlineData("--tun", "t,password=SECRET", "http://127.0.0.1:1/")]
    [InlineData("resolve", "--lab=secrets.lab", "http://u:SECRET@h/")]
    [InlineData("resolve", "--lab=secrets.lab", "www.test", "A", "http://u:SECRET@h/")]
    [InlineData("ping", "--lab=secrets.lab", "http://u:SECRET@h/")]
    [InlineData("lab", "ping", "secrets.lab", "http://u:SECRET@h/")]
    [InlineData("url", "http://u:SECRET@h:99999/?token=SECRET")]
    [InlineData("url", "http://u:SECRET@h/?token=SECRET#access_token=SECRET")]
    [InlineData("url", "--json", "http://u:SECRET@h/?token=SECRET")]
    [InlineData("url", "--base", "http://u:SECRET@h:99999/", "x")]
    [InlineData("url", "--base", "http://u:SECRET@h/?token=SECRET", "x")]
    [InlineData("-d", "@password=SECRET", "http://127.0.0.1:1/")]
    [InlineData("-F", "f=@token=SECRET", "http://127.0.0.1:1/")]
    [InlineData("-F", "password=SECRET;x=y", "http://127.0.0.1:1/")]
    [InlineData("-F", "SECRET", "http://127.0.0.1:1/")]
    [InlineData("--form-string", "SECRET", "http://127.0.0.1:1/")]
    [InlineData("-F", "password=(SECRET", "http://127.0.0.1:1/")]
    [InlineData("--data-urlencode", "password@token=SECRET", "http://127.0.0.1:1/")]
    [InlineData("--lab=secrets.lab", "htp://u:SECRET@h/")]
    [InlineData("--lab=secrets.lab", "fetch", "http://u:SECRET@h:99999/")]
    [InlineData("--password=SECRET", "http://127.0.0.1:1/")]
    public void A_complaint_does_not_say_it(params string[] arguments)
    {
        foreach (var language in Languages.All.Select(static one => one.Tag))
        {
            var run = Command.RunIn(_folder.Path, ["--lang", language, .. arguments.Select(static one => one.Replace("SECRET", Secret, StringComparison.Ordinal))]);
            Look(string.Join(' ', arguments), run.Output, s_looks);
            Look(string.Join(' ', arguments), run.Errors, s_looks);
        }
    }

    [Theory]
    [InlineData("lab", "show", "secrets.lab")]
    [InlineData("lab", "show", "secrets.lab", "--json")]
    [InlineData("lab", "hosts", "secrets.lab")]
    [InlineData("lab", "routes", "secrets.lab")]
    public void A_lab_is_shown_without_them(params string[] arguments)
    {
        var run = Command.RunIn(_folder.Path, arguments);
        Assert.Equal(0, run.ExitCode);
        Look(string.Join(' ', arguments), run.Output, s_looks);
    }

    [Fact]
    public void A_proxy_of_the_environment_is_named_without_its_password()
    {
        var proxy = new Dictionary<string, string> { ["http_proxy"] = $"http://user:{Secret}@proxy:3128/?token={Secret}" };
        foreach (var said in (string[])["-v", "--json=all"])
        {
            var run = Command.RunWith(null, proxy, said, "http://127.0.0.1:1/");
            Look(said, run.Output, s_looks);
            Look(said, run.Errors, s_looks);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void LookInCapture(string context)
    {
        var path = Path.Combine(_folder.Path, "run.pcapng");
        if (!File.Exists(path)) { return; }
        Look("capture of " + context, Encoding.Latin1.GetString(File.ReadAllBytes(path)), s_looks);
        File.Delete(path);
    }

    private static void Look(string context, string text, IEnumerable<string> looks)
    {
        foreach (var look in looks)
        {
            var at = text.IndexOf(look, StringComparison.Ordinal);
            if (at >= 0) { Assert.Fail($"{context}: shows {look} in: {text.AsSpan(Math.Max(0, at - 200), Math.Min(text.Length - Math.Max(0, at - 200), 400))}"); }
        }
    }
}
