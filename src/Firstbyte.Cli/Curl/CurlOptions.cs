using System.Buffers;
using System.Globalization;

namespace Firstbyte.Cli.Curl;

/// <summary>What stands behind an option.</summary>
internal enum CurlArgument
{
    /// <summary>Nothing, and it cannot be taken back.</summary>
    None,

    /// <summary>Nothing; <c>--no-NAME</c> takes it back.</summary>
    Switch,

    /// <summary>A text.</summary>
    Text,

    /// <summary>The name of a file.</summary>
    File,
}

/// <summary>One option of curl's command line.</summary>
/// <param name="Name">Its long name, without hyphens.</param>
/// <param name="Letter">Its letter; null where it has none.</param>
/// <param name="Argument">What stands behind it.</param>
/// <param name="Group">To what it belongs, by curl's own categories.</param>
internal sealed record CurlOption(string Name, char? Letter, CurlArgument Argument, string Group)
{
    /// <summary>Takes a text; null where none is taken, or nothing is done.</summary>
    public Action<CurlLine, string>? Take { get; init; }

    /// <summary>Takes yes or no.</summary>
    public Action<CurlLine, bool>? Set { get; init; }

    /// <summary>Whether it is done here.</summary>
    public bool IsDone => Take is not null || Set is not null;
}

/// <summary>The table of curl's options: the one place where their names, letters and values stand.</summary>
/// <remarks>Names and letters are those of curl(1). What is accepted and has no effect here is so by its nature; what would have one and is not carried
/// out has no action, and is refused.</remarks>
internal static class CurlOptions
{
    private static readonly Action<CurlLine, bool> s_harmless = static (_, _) => { };

    private static readonly Action<CurlLine, string> s_harmlessText = static (_, _) => { };

    /// <summary>All options, in the order of their names.</summary>
    public static IReadOnlyList<CurlOption> All { get; } = [.. Rows().OrderBy(static one => one.Name, StringComparer.Ordinal)];

    private static readonly Dictionary<string, CurlOption> s_byName = All.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    private static readonly Dictionary<char, CurlOption> s_byLetter =
        All.Where(static one => one.Letter is not null).ToDictionary(static one => one.Letter!.Value);

    /// <summary>The option of a letter.</summary>
    public static CurlOption? Of(char letter) => s_byLetter.GetValueOrDefault(letter);

    /// <summary>The option of a name, or of the only one that begins so.</summary>
    /// <param name="name">Without hyphens.</param>
    /// <param name="isAmbiguous">More than one begins so.</param>
    public static CurlOption? Of(string name, out bool isAmbiguous)
    {
        isAmbiguous = false;
        if (s_byName.TryGetValue(name, out var exact)) { return exact; }
        if (name.Length == 0) { return null; }
        CurlOption[] found = [.. All.Where(one => one.Name.StartsWith(name, StringComparison.Ordinal))];
        isAmbiguous = found.Length > 1;
        return found.Length == 1 ? found[0] : null;
    }

    private static CurlOption Switch(string name, char? letter, string group, Action<CurlTask, bool> set) =>
        new(name, letter, CurlArgument.Switch, group) { Set = (line, on) => set(line.Task, on) };

    private static CurlOption Once(string name, char? letter, string group, Action<CurlTask> set) =>
        new(name, letter, CurlArgument.None, group) { Set = (line, _) => set(line.Task) };

    private static CurlOption Whole(string name, char? letter, string group, Action<CurlLineSettings, bool> set) =>
        new(name, letter, CurlArgument.Switch, group) { Set = (line, on) => set(line.Settings, on) };

    private static CurlOption Text(string name, char? letter, string group, Action<CurlTask, string> take) =>
        new(name, letter, CurlArgument.Text, group) { Take = (line, text) => take(line.Task, text) };

    private static CurlOption Read(string name, char? letter, string group, Action<CurlLine, string> take) =>
        new(name, letter, CurlArgument.Text, group) { Take = take };

    private static CurlOption File(string name, char? letter, string group, Action<CurlTask, string> take) =>
        new(name, letter, CurlArgument.File, group) { Take = (line, text) => take(line.Task, text) };

    private static CurlOption Harmless(string name, char? letter = null) => new(name, letter, CurlArgument.Switch, "output") { Set = s_harmless };

    private static CurlOption HarmlessText(string name) => new(name, null, CurlArgument.Text, "misc") { Take = s_harmlessText };

    private static CurlOption NotDone(string name, CurlArgument argument = CurlArgument.Text, char? letter = null) => new(name, letter, argument, "");

    private static IEnumerable<CurlOption> Rows() => [.. Requests(), .. Outputs(), .. Ways(), .. Others()];

    private static CurlOption[] Requests() =>
    [
        Text("request", 'X', "http", static (task, text) => task.Method = text),
        Switch("head", 'I', "http ftp", static (task, on) => (task.IsHead, task.ShowsHeaders) = (on, on)),
        Switch("get", 'G', "http", static (task, on) => task.UsesGet = on),
        Read("data", 'd', "http post", static (line, text) => line.AddData(text, CurlDataKind.Ascii)),
        Read("data-ascii", null, "http post", static (line, text) => line.AddData(text, CurlDataKind.Ascii)),
        Read("data-binary", null, "http post", static (line, text) => line.AddData(text, CurlDataKind.Binary)),
        Read("data-raw", null, "http post", static (line, text) => line.AddData(text, CurlDataKind.Raw)),
        Read("data-urlencode", null, "http post", static (line, text) => line.AddData(text, CurlDataKind.UrlEncode)),
        Read("json", null, "http post", static (line, text) => line.AddData(text, CurlDataKind.Json)),
        Text("form", 'F', "http post", static (task, text) => task.Form.Add((CurlFormKind.Form, text))),
        Text("form-string", null, "http post", static (task, text) => task.Form.Add((CurlFormKind.Text, text))),
        Switch("form-escape", null, "http post", static (task, on) => task.EscapesForm = on),
        Read("header", 'H', "http", static (line, text) => line.AddHeader(text, line.Task.Headers)),
        Read("proxy-header", null, "proxy", static (line, text) => line.AddHeader(text, line.Task.ProxyHeaders)),
        Text("user-agent", 'A', "http", static (task, text) => task.UserAgent = text),
        Text("referer", 'e', "http", static (task, text) =>
        {
            var auto = text.IndexOf(";auto", StringComparison.Ordinal);
            (task.AutoReferer, var value) = auto >= 0 ? (true, text[..auto]) : (false, text);
            task.Referer = value.Length > 0 ? value : null;
        }),
        Read("url-query", null, "http", static (line, text) => line.AddUrlQuery(text)),
        File("request-target", null, "http", static (task, text) => task.RequestTarget = text),
        Switch("path-as-is", null, "curl", static (task, on) => task.PathAsIs = on),
        Switch("globoff", 'g', "curl", static (task, on) => task.GlobOff = on),
        Text("range", 'r', "http ftp file", static (task, text) => task.Range = CurlNumbers.Range(text)),
        Text("continue-at", 'C', "connection", static (task, text) =>
        {
            task.ResumesHere = text == "-";
            task.ResumeFrom = task.ResumesHere ? 0 : CurlNumbers.Offset("--continue-at", text);
        }),
        Read("time-cond", 'z', "http ftp", static (line, text) => line.SetTimeCondition(text)),
        File("etag-save", null, "http", static (task, text) => task.EtagSave = text),
        File("etag-compare", null, "http", static (task, text) => task.EtagCompare = text),
        Switch("compressed", null, "http", static (task, on) => task.Compressed = on),
        Switch("raw", null, "http", static (task, on) => task.Raw = on),
        Switch("tr-encoding", null, "http", static (task, on) => task.TransferEncoding = on),
        Once("http1.0", '0', "http", static task => task.HttpVersion = 10),
        Once("http1.1", null, "http", static task => task.HttpVersion = 11),
        Switch("http0.9", null, "http", static (task, on) => task.AllowsHttp09 = on),
        Switch("ignore-content-length", null, "http ftp", static (task, on) => task.IgnoresContentLength = on),
        Text("expect100-timeout", null, "http", static (task, text) => task.ExpectTimeout = CurlNumbers.Seconds("--expect100-timeout", text)),
        Switch("location", 'L', "http", static (task, on) => task.Follows = on),
        Switch("follow", null, "http", static (task, on) => (task.Follows, task.FollowsWithMethod) = (on, on)),
        Switch("location-trusted", null, "http auth", static (task, on) => (task.Follows, task.IsTrusted) = (on, on)),
        Text("max-redirs", null, "http", static (task, text) => task.MaxRedirects = CurlNumbers.Signed("--max-redirs", text)),
        Switch("post301", null, "http post", static (task, on) => task.Post301 = on),
        Switch("post302", null, "http post", static (task, on) => task.Post302 = on),
        Switch("post303", null, "http post", static (task, on) => task.Post303 = on),
        Text("proto", null, "connection", static (task, text) => task.Protocols = CurlNumbers.Protocols(text, CurlNumbers.AllProtocols)),
        Text("proto-redir", null, "connection", static (task, text) => task.RedirectProtocols = CurlNumbers.Protocols(text, CurlNumbers.Redirected)),
        Text("proto-default", null, "connection", static (task, text) => task.DefaultProtocol = CurlNumbers.Protocol(text)),
        Switch("disallow-username-in-url", null, "curl", static (task, on) => task.RefusesUserInUrl = on),
        Text("user", 'u', "important auth", static (task, text) => task.User = text),
        Switch("basic", null, "auth", static (task, on) => task.Auth = on ? task.Auth | CurlAuth.Basic : task.Auth & ~CurlAuth.Basic),
        Switch("digest", null, "auth", static (task, on) => task.Auth = on ? task.Auth | CurlAuth.Digest : task.Auth & ~CurlAuth.Digest),
        Once("anyauth", null, "auth", static task => task.Auth = CurlAuth.Any),
        Text("oauth2-bearer", null, "auth", static (task, text) => (task.Bearer, task.Auth) = (text, task.Auth | CurlAuth.Bearer)),
        Switch("netrc", 'n', "auth", static (task, on) => task.Netrc = on),
        Switch("netrc-optional", null, "auth", static (task, on) => task.NetrcOptional = on),
        File("netrc-file", null, "auth", static (task, text) => task.NetrcFile = text),
        Text("cookie", 'b', "http", static (task, text) =>
        {
            if (text.Contains('=', StringComparison.Ordinal)) { task.Cookies.Add(text); }
            else { task.CookieFiles.Add(text); }
        }),
        File("cookie-jar", 'c', "http", static (task, text) => task.CookieJar = text),
        Switch("junk-session-cookies", 'j', "http", static (task, on) => task.JunksSessionCookies = on),
        new("upload-file", 'T', CurlArgument.File, "important upload") { Take = static (line, text) => line.AddUpload(text) },
        new("url", null, CurlArgument.Text, "curl") { Take = static (line, text) => line.AddUrls(text) },
    ];

    private static CurlOption[] Outputs() =>
    [
        new("output", 'o', CurlArgument.File, "important output") { Take = static (line, text) => line.AddOutput(text) },
        new("out-null", null, CurlArgument.Switch, "output") { Set = static (line, _) => line.DiscardOutput() },
        new("remote-name", 'O', CurlArgument.Switch, "important output") { Set = static (line, on) => line.AddRemoteName(on) },
        Switch("remote-name-all", null, "output", static (task, on) => task.RemoteNameAll = on),
        Switch("remote-header-name", 'J', "output", static (task, on) => task.RemoteHeaderName = on),
        Switch("remote-time", 'R', "output", static (task, on) => task.KeepsRemoteTime = on),
        File("output-dir", null, "curl", static (task, text) => task.OutputDir = text),
        Switch("create-dirs", null, "output", static (task, on) => task.CreatesDirs = on),
        Switch("clobber", null, "output", static (task, on) => task.NoClobber = !on),
        Switch("skip-existing", null, "output", static (task, on) => task.SkipsExisting = on),
        Switch("remove-on-error", null, "output", static (task, on) => task.RemovesOnError = on),
        Switch("include", 'i', "important verbose", static (task, on) => task.ShowsHeaders = on),
        Switch("show-headers", null, "important verbose", static (task, on) => task.ShowsHeaders = on),
        File("dump-header", 'D', "http ftp", static (task, text) => task.DumpHeader = text),
        Read("write-out", 'w', "verbose", static (line, text) => line.SetWriteOut(text)),
        Switch("fail", 'f', "important http", static (task, on) => task.Fails = on),
        Switch("fail-with-body", null, "http output", static (task, on) => task.FailsWithBody = on),
        Text("max-filesize", null, "connection", static (task, text) => task.MaxFileSize = CurlNumbers.Size("--max-filesize", text)),
        Whole("silent", 's', "important verbose", static (settings, on) => settings.IsSilent = on),
        Whole("show-error", 'S', "curl", static (settings, on) => settings.ShowsErrors = on),
        Whole("verbose", 'v', "important verbose", static (settings, on) => (settings.Verbosity, settings.TraceIsAscii) = (on ? 1 : 0, true)),
        new("trace", null, CurlArgument.File, "verbose") { Take = static (line, text) => (line.Settings.TraceFile, line.Settings.TraceIsAscii) = (text,
            false) },
        new("trace-ascii", null, CurlArgument.File, "verbose") { Take = static (line, text) => (line.Settings.TraceFile, line.Settings.TraceIsAscii) = (text,
            true) },
        Whole("trace-time", null, "verbose", static (settings, on) => settings.TraceTime = on),
        Whole("trace-ids", null, "verbose", static (settings, on) => settings.TraceIds = on),
        new("stderr", null, CurlArgument.File, "verbose") { Take = static (line, text) => line.Settings.ErrorFile = text },
        Whole("progress-meter", null, "verbose", static (settings, on) => settings.HidesMeter = !on),
        Whole("progress-bar", '#', "verbose", static (settings, on) => settings.ShowsBar = on),
        Harmless("styled-output"), Harmless("buffer", 'N'),
        Whole("parallel", 'Z', "connection curl", static (settings, on) => settings.IsParallel = on),
        Harmless("parallel-immediate"),
        Read("parallel-max", null, "connection curl", static (line, text) => line.Settings.ParallelMax = CurlNumbers.Count("--parallel-max", text)),
        HarmlessText("parallel-max-host"),
        Whole("fail-early", null, "curl", static (settings, on) => settings.FailsEarly = on),
        Read("rate", null, "connection", static (line, text) => line.Settings.Rate = CurlNumbers.Rate(text)),
        Text("retry", null, "curl", static (task, text) => task.Retry = CurlNumbers.Count("--retry", text)),
        Switch("retry-all-errors", null, "curl", static (task, on) => task.RetryAllErrors = on),
        Switch("retry-connrefused", null, "curl", static (task, on) => task.RetryConnRefused = on),
        Text("retry-delay", null, "curl", static (task, text) => task.RetryDelay = CurlNumbers.Seconds("--retry-delay", text)),
        Text("retry-max-time", null, "curl", static (task, text) => task.RetryMaxTime = CurlNumbers.Seconds("--retry-max-time", text)),
        Switch("use-ascii", 'B', "misc", static (task, on) => task.UseAscii = on),
        Switch("crlf", null, "ftp smtp", static (task, on) => task.Crlf = on),
        Switch("append", 'a', "ftp sftp", static (task, on) => task.Append = on),
        new("help", 'h', CurlArgument.Switch, "important curl") { Set = static (line, _) => line.Settings.WantsHelp = true },
        new("manual", 'M', CurlArgument.Switch, "curl") { Set = static (line, _) => line.Settings.WantsManual = true },
        new("version", 'V', CurlArgument.Switch, "important curl") { Set = static (line, _) => line.Settings.WantsVersion = true },
        new("next", ':', CurlArgument.None, "curl") { Set = static (line, _) => line.Next() },
        new("config", 'K', CurlArgument.File, "curl") { Take = static (line, text) => line.ReadConfig(text) },
        new("variable", null, CurlArgument.Text, "curl") { Take = static (line, text) => line.SetVariable(text) },
        new("disable", 'q', CurlArgument.Switch, "curl") { Set = s_harmless },
    ];

    private static CurlOption[] Ways() =>
    [
        Text("proxy", 'x', "proxy", static (task, text) => (task.Proxy, task.ProxyScheme, task.ProxyHttp10) = (text, "http", false)),
        Text("proxy1.0", null, "proxy", static (task, text) => (task.Proxy, task.ProxyScheme, task.ProxyHttp10) = (text, "http", true)),
        Text("socks4", null, "proxy", static (task, text) => (task.Proxy, task.ProxyScheme) = (text, "socks4")),
        Text("socks4a", null, "proxy", static (task, text) => (task.Proxy, task.ProxyScheme) = (text, "socks4a")),
        Text("socks5", null, "proxy", static (task, text) => (task.Proxy, task.ProxyScheme) = (text, "socks5")),
        Text("socks5-hostname", null, "proxy", static (task, text) => (task.Proxy, task.ProxyScheme) = (text, "socks5h")),
        Harmless("socks5-basic"),
        Switch("proxytunnel", 'p', "proxy", static (task, on) => task.ProxyTunnel = on),
        Text("proxy-user", 'U', "proxy auth", static (task, text) => task.ProxyUser = text),
        Switch("proxy-basic", null, "proxy auth", static (task, on) => task.ProxyAuth = on ? CurlAuth.Basic : task.ProxyAuth & ~CurlAuth.Basic),
        Switch("proxy-digest", null, "proxy auth", static (task, on) => task.ProxyAuth = on ? CurlAuth.Digest : task.ProxyAuth & ~CurlAuth.Digest),
        Switch("proxy-anyauth", null, "proxy auth", static (task, on) => task.ProxyAuth = on ? CurlAuth.Any : CurlAuth.None),
        Text("noproxy", null, "proxy", static (task, text) => task.NoProxy = text),
        Switch("suppress-connect-headers", null, "proxy", static (task, on) => task.SuppressesConnectHeaders = on),
        Text("resolve", null, "connection dns", static (task, text) => task.Resolve.Add(text)),
        Text("connect-to", null, "connection", static (task, text) => task.ConnectTo.Add(text)),
        Text("interface", null, "connection", static (task, text) => task.Interface = text),
        Text("local-port", null, "connection", static (task, text) => task.LocalPorts = CurlNumbers.Ports(text)),
        File("unix-socket", null, "connection", static (task, text) => (task.UnixSocket, task.AbstractSocket) = (text, false)),
        File("abstract-unix-socket", null, "connection", static (task, text) => (task.UnixSocket, task.AbstractSocket) = (text, true)),
        Once("ipv4", '4', "connection dns", static task => task.IpVersion = 4),
        Once("ipv6", '6', "connection dns", static task => task.IpVersion = 6),
        Text("connect-timeout", null, "connection", static (task, text) => task.ConnectTimeout = CurlNumbers.Seconds("--connect-timeout", text)),
        Text("max-time", 'm', "connection", static (task, text) => task.MaxTime = CurlNumbers.Seconds("--max-time", text)),
        Harmless("keepalive"), HarmlessText("keepalive-time"), HarmlessText("keepalive-cnt"), Harmless("tcp-nodelay"),
            HarmlessText("happy-eyeballs-timeout-ms"),
        Harmless("sessionid"), Harmless("alpn"), Harmless("npn"), Harmless("ssl-allow-beast"), Harmless("ssl-no-revoke"), Harmless("ssl-revoke-best-effort"),
        Harmless("false-start"),
        Switch("insecure", 'k', "tls sftp", static (task, on) => task.Tls = task.Tls with { Insecure = on }),
        Switch("proxy-insecure", null, "proxy tls", static (task, on) => task.ProxyTls = task.ProxyTls with { Insecure = on }),
        File("cacert", null, "tls", static (task, text) => task.Tls = task.Tls with { CaCert = text }),
        File("capath", null, "tls", static (task, text) => task.Tls = task.Tls with { CaPath = text }),
        File("proxy-capath", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { CaPath = text }),
        File("crlfile", null, "tls", static (task, text) => task.Tls = task.Tls with { Revoked = text }),
        File("proxy-crlfile", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Revoked = text }),
        Once("tlsv1", '1', "tls", static task => task.Tls = task.Tls with { Minimum = "1.0" }),
        Once("tlsv1.0", null, "tls", static task => task.Tls = task.Tls with { Minimum = "1.0" }),
        Once("tlsv1.1", null, "tls", static task => task.Tls = task.Tls with { Minimum = "1.1" }),
        Once("tlsv1.2", null, "tls", static task => task.Tls = task.Tls with { Minimum = "1.2" }),
        Once("tlsv1.3", null, "tls", static task => task.Tls = task.Tls with { Minimum = "1.3" }),
        Text("tls-max", null, "tls", static (task, text) => task.Tls = task.Tls with { Maximum = text }),
        Text("cert", 'E', "tls", static (task, text) => task.Tls = task.Tls with { Cert = text }),
        File("key", null, "tls", static (task, text) => task.Tls = task.Tls with { Key = text }),
        Text("pass", null, "ssh tls auth", static (task, text) => task.Tls = task.Tls with { Pass = text }),
        Text("cert-type", null, "tls", static (_, text) => CurlNumbers.Pem("--cert-type", text)),
        Text("key-type", null, "tls", static (_, text) => CurlNumbers.Pem("--key-type", text)),
        Text("pinnedpubkey", null, "tls", static (task, text) => task.Tls = task.Tls with { Pinned = text }),
        Text("ciphers", null, "tls", static (task, text) => task.Tls = task.Tls with { Ciphers = text }),
        Text("tls13-ciphers", null, "tls", static (task, text) => task.Tls = task.Tls with { Ciphers13 = text }),
        File("proxy-cacert", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { CaCert = text }),
        Text("proxy-cert", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Cert = text }),
        File("proxy-key", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Key = text }),
        Text("proxy-pass", null, "proxy tls auth", static (task, text) => task.ProxyTls = task.ProxyTls with { Pass = text }),
        Text("proxy-cert-type", null, "proxy tls", static (_, text) => CurlNumbers.Pem("--proxy-cert-type", text)),
        Text("proxy-key-type", null, "proxy tls", static (_, text) => CurlNumbers.Pem("--proxy-key-type", text)),
        Text("proxy-pinnedpubkey", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Pinned = text }),
        Text("proxy-ciphers", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Ciphers = text }),
        Text("proxy-tls13-ciphers", null, "proxy tls", static (task, text) => task.ProxyTls = task.ProxyTls with { Ciphers13 = text }),
        Once("proxy-tlsv1", null, "proxy tls auth", static task => task.ProxyTls = task.ProxyTls with { Minimum = "1.0" }),
        Text("preproxy", null, "proxy", static (task, text) => task.PreProxy = text),
        File("hsts", null, "http", static (task, text) => task.Hsts = text),
        Text("limit-rate", null, "connection", static (task, text) => task.RateLimit = CurlNumbers.Size("--limit-rate", text)),
        Text("speed-limit", 'Y', "connection", static (task, text) => task.SlowestSpeed = CurlNumbers.Count("--speed-limit", text)),
        Text("speed-time", 'y', "connection", static (task, text) => task.SlowestSeconds = CurlNumbers.Count("--speed-time", text)),
        Switch("ssl", null, "tls", static (task, on) => task.TriesSsl = on),
        Switch("ssl-reqd", null, "tls", static (task, on) => task.NeedsSsl = on),
        Switch("ftp-ssl", null, "tls", static (task, on) => task.TriesSsl = on),
        Switch("ftp-ssl-reqd", null, "tls", static (task, on) => task.NeedsSsl = on),
        Switch("list-only", 'l', "ftp", static (task, on) => task.ListOnly = on),
        Text("ftp-port", 'P', "ftp", static (task, text) => task.FtpPort = text),
        Once("ftp-pasv", null, "ftp", static task => task.FtpPort = null),
        Switch("epsv", null, "ftp", static (task, on) => task.NoEpsv = !on),
        Switch("eprt", null, "ftp", static (task, on) => task.NoEprt = !on),
        Switch("disable-epsv", null, "ftp", static (task, on) => task.NoEpsv = on),
        Switch("disable-eprt", null, "ftp", static (task, on) => task.NoEprt = on),
        Switch("ftp-skip-pasv-ip", null, "ftp", static (task, on) => task.TrustsPasvAddress = !on),
        Switch("ftp-create-dirs", null, "ftp sftp", static (task, on) => task.CreatesFtpDirs = on),
        Text("ftp-method", null, "ftp", static (task, text) => task.FtpMethod = text.ToLowerInvariant() switch
        {
            "singlecwd" => CurlFtpMethod.SingleCwd, "nocwd" => CurlFtpMethod.NoCwd, _ => CurlFtpMethod.MultiCwd,
        }),
        Text("quote", 'Q', "ftp sftp", static (task, text) =>
            (text.Length > 0 && text[0] == '-' ? task.PostQuote : text.Length > 0 && text[0] == '+' ? task.PreQuote : task.Quote)
                .Add(text.Length > 0 && text[0] is '-' or '+' ? text[1..] : text)),
        Text("ftp-account", null, "ftp auth", static (task, text) => task.FtpAccount = text),
        Text("ftp-alternative-to-user", null, "ftp", static (task, text) => task.FtpAlternative = text),
        Switch("ftp-pret", null, "ftp", static (task, on) => task.FtpPret = on),
    ];

    // curl's own options that are not carried out: each is refused by name.
    private static IEnumerable<CurlOption> Others()
    {
        foreach (var name in (string[])[
            "aws-sigv4", "alt-svc", "create-file-mode", "curves", "delegation", "dns-interface",
            "dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "ech", "egd-file", "engine", "ftp-ssl-ccc-mode", "haproxy-clientip", "hostpubmd5",
            "hostpubsha256", "ip-tos", "ipfs-gateway", "knownhosts", "krb", "libcurl", "login-options", "mail-auth", "mail-from",
            "mail-rcpt",
            "proxy-service-name", "proxy-tlsauthtype", "proxy-tlspassword",
            "proxy-tlsuser", "pubkey", "random-file", "sasl-authzid", "service-name", "sigalgs", "socks5-gssapi-service", "ssl-sessions", "telnet-option",
            "tftp-blksize", "tlsauthtype", "tlspassword", "tlsuser", "trace-config", "upload-flags", "vlan-priority"])
        {
            yield return NotDone(name, letter: name == "telnet-option" ? 't' : null);
        }
        foreach (var name in (string[])[
            "ca-native", "cert-status", "compressed-ssh", "doh-cert-status", "doh-insecure", "dump-ca-embed", "ftp-ssl-ccc", "ftp-ssl-control",
            "haproxy-protocol", "mail-rcpt-allowfails", "metalink", "mptcp", "negotiate", "ntlm", "ntlm-wb", "proxy-ca-native", "proxy-http2",
            "proxy-negotiate", "proxy-ntlm", "proxy-ssl-allow-beast", "proxy-ssl-auto-client-cert", "sasl-ir", "socks5-gssapi",
            "socks5-gssapi-nec", "ssl-auto-client-cert", "tcp-fastopen", "tftp-no-options", "tls-earlydata", "xattr"])
        {
            yield return NotDone(name, CurlArgument.Switch);
        }
        yield return NotDone("http2", CurlArgument.None);
        yield return NotDone("http2-prior-knowledge", CurlArgument.None);
        yield return NotDone("http3", CurlArgument.None);
        yield return NotDone("http3-only", CurlArgument.None);
        yield return NotDone("sslv2", CurlArgument.None, '2');
        yield return NotDone("sslv3", CurlArgument.None, '3');
    }
}

/// <summary>The numbers of curl's options.</summary>
internal static class CurlNumbers
{
    /// <summary>All that is spoken here.</summary>
    public static readonly string[] AllProtocols = ["http", "https", "ftp", "ftps", "file"];

    /// <summary>Whereto a redirect may lead, where nobody has said otherwise (CURLOPT_REDIR_PROTOCOLS).</summary>
    public static readonly string[] Redirected = ["http", "https", "ftp", "ftps"];

    private static readonly SearchValues<char> s_decimal = SearchValues.Create("0123456789.");

    // Protocols that curl knows and that are not spoken here.
    private static readonly string[] s_known = ["dict", "gopher", "gophers", "imap", "imaps", "ldap", "ldaps", "mqtt", "mqtts", "pop3", "pop3s", "rtmp",
        "rtsp", "scp", "sftp", "smb", "smbs", "smtp", "smtps", "telnet", "tftp", "ws", "wss", "ipfs", "ipns"];

    public static int Count(string option, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? (int)Math.Min(value, int.MaxValue)
        : throw Bad(option, text.StartsWith('-') && text.Length > 1 && char.IsAsciiDigit(text[1]) ? "expected a positive numerical parameter"
            : "expected a proper numerical parameter");

    public static int Signed(string option, string text) => text == "-1" ? -1 : Count(option, text);

    public static long Offset(string option, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value : throw Bad(option, "expected a proper numerical parameter");

    public static double Seconds(string option, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= 0 && value < 9_000_000_000
            ? value : throw Bad(option, text.StartsWith('-') ? "expected a positive numerical parameter" : "expected a proper numerical parameter");

    /// <summary>PEM is the one form of certificates and keys that is read.</summary>
    public static void Pem(string option, string text)
    {
        if (!text.Equals("PEM", StringComparison.OrdinalIgnoreCase))
        {
            throw new CurlStop(CurlCode.SslCertProblem, $"curl: option {option}: only PEM is read here");
        }
    }

    /// <summary>A number of bytes, with B, K, M, G, T or P behind it.</summary>
    public static long Size(string option, string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(s_decimal) is >= 0 and var end ? end : text.Length;
        var unit = text[digits..];
        var power = unit.Length == 0 ? 0 : unit.Length > 1 ? -1 : "bkmgtp".IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal);
        if (digits == 0 || power < 0 || !decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            throw Bad(option, "expected a proper numerical parameter");
        }
        for (; power > 0; power--) { number *= 1024; }
        return number > long.MaxValue ? throw Bad(option, "the given number was too large") : (long)number;
    }

    /// <summary>The seconds between two transfers, from "N/U".</summary>
    public static double Rate(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var count = Count("--rate", slash < 0 ? text : text[..slash]);
        var unit = slash < 0 ? "h" : text[(slash + 1)..];
        var digits = unit.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : unit.Length;
        var number = digits == 0 ? 1 : Count("--rate", unit[..digits]);
        var seconds = unit[digits..] switch { "s" or "" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => 0 };
        return count == 0 || number == 0 || seconds == 0 ? throw Bad("--rate", "expected a proper numerical parameter") : (double)seconds * number / count;
    }

    public static (int From, int To) Ports(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Count("--local-port", (dash < 0 ? text : text[..dash]).Trim());
        var last = dash < 0 ? first : Count("--local-port", text[(dash + 1)..].Trim());
        return first is > 0 and <= 65535 && last >= first && last <= 65535 ? (first, last) : throw Bad("--local-port", "a bad parameter was used");
    }

    // A number alone is the beginning of the rest.
    public static string Range(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? text + "-" : text;

    public static HashSet<string> Protocols(string text, string[] before)
    {
        var set = new HashSet<string>(before, StringComparer.Ordinal);
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var action = '+';
            var at = 0;
            for (; at < word.Length && word[at] is '+' or '-' or '='; at++) { action = word[at]; }
            var name = word[at..].ToLowerInvariant();
            string[] named = name == "all" ? AllProtocols : [name];
            if (action == '=') { set = [.. named]; }
            else if (action == '+') { set.UnionWith(named); }
            else { set.ExceptWith(named); }
        }
        return set;
    }

    public static string Protocol(string text) => Knows(text) ? text.ToLowerInvariant() : throw new CurlStop(CurlCode.UnsupportedProtocol,
        "curl: option --proto-default: a specified protocol is unsupported by libcurl");

    /// <summary>Whether it is a name of a protocol of curl's.</summary>
    public static bool Knows(string text) =>
        AllProtocols.Contains(text, StringComparer.OrdinalIgnoreCase) || s_known.Contains(text, StringComparer.OrdinalIgnoreCase);

    public static CurlStop Bad(string option, string reason) => new(CurlCode.FailedInit, $"curl: option {option}: {reason}");
}
