using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Cli.Curl;
using Firstbyte.Http;

namespace Firstbyte.Tests.Curl;

/// <summary>Runs one case: its servers, its files, the command in this process, and everything that has to be so afterwards.</summary>
internal static partial class CurlCaseRunner
{
    private const string Logs = "log";

    /// <summary>How many conversations are held at once: they wait more than they compute.</summary>
    public const int AtOnce = 12;

    /// <summary>What <c>--version</c> claims.</summary>
    public static ISet<string> Claimed { get; } = Features();

    private static HashSet<string> Features()
    {
        var version = Command.Run("curl", "--version").Output;
        var words = version.Split('\n').Where(static line => line.StartsWith("Features:", StringComparison.Ordinal) || line.StartsWith("Protocols:", StringComparison.Ordinal))
            .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
        // What curl's own harness derives from the version, and what every build of curl has unless it was left out.
        return [.. words, "cookies", "proxy", "Mime", "local-http", "http", "ftp", "!torture", "!win32"];
    }

    /// <summary>Runs a case.</summary>
    /// <returns>What is not so; empty where everything is.</returns>
    public static IReadOnlyList<string> Run(string path, Func<string, string>? change = null)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, Logs));
        var number = Path.GetFileName(path)["test".Length..];
        var variables = new Dictionary<string, string>
        {
            ["TESTNUMBER"] = number,
            ["HOSTIP"] = "127.0.0.1",
            ["HOST6IP"] = "[::1]",
            ["CLIENTIP"] = "127.0.0.1",
            ["CLIENT6IP"] = "[::1]",
            ["CLIENT6IP-NB"] = "::1",
            ["VERSION"] = CurlEdition.Version,
            ["LOGDIR"] = Logs,
            ["PWD"] = folder.Path,
            ["FILE_PWD"] = folder.Path,
            ["SRCDIR"] = folder.Path,
            ["DEV_NULL"] = "/dev/null",
            ["HTTPUNIXPATH"] = Path.Combine(folder.Path, "http.sock"),
        };
        // The ports are known when the servers stand, and the servers know their case: first the ports, by servers that get it at once.
        using var servers = new Servers(path, variables);
        var one = servers.Case;
        if (change is not null) { one = one.Mutated(change); }
        var missing = one.LinesOf("client", "features").Where(static name => !Claimed.Contains(name) && !(name.StartsWith('!') && !Claimed.Contains(name[1..]))).ToArray();
        if (missing.Length > 0) { return [$"not claimed: {string.Join(' ', missing)}"]; }
        foreach (var file in one.FindEach("client", "file"))
        {
            if (file.Attributes.GetValueOrDefault("name") is { } name) { File.WriteAllBytes(Path.Combine(folder.Path, name), Encoding.Latin1.GetBytes(file.Text)); }
        }
        var environment = one.LinesOf("client", "setenv").Select(static line => line.Split('=', 2)).Where(static pair => pair.Length == 2)
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        var command = one.Find("client", "command")!;
        string[] arguments = [.. Before(one, command, number), .. Words(command.Text)];
        var run = Command.RunBytes(folder.Path, Encoding.Latin1.GetBytes(one.TextOf("client", "stdin")), environment, ["curl", .. arguments]);
        var output = Encoding.Latin1.GetString(run.Output);
        var errors = Encoding.Latin1.GetString(run.Errors);
        File.WriteAllBytes(Path.Combine(folder.Path, Logs, "stdout" + number), run.Output);
        File.WriteAllBytes(Path.Combine(folder.Path, Logs, "stderr" + number), run.Errors);
        servers.Settle();
        return [.. Verify(one, command, folder.Path, number, run.ExitCode, output, errors, servers)];
    }

    private static IEnumerable<string> Before(CurlCase one, CurlCase.Part command, string number)
    {
        yield return "-q";
        if (!command.Has("option", "no-output") && one.Find("verify", "stdout") is null)
        {
            yield return "--output";
            yield return $"{Logs}/curl{number}.out";
        }
        if (!command.Has("option", "no-include")) { yield return "--include"; }
        yield return "--trace-ascii";
        yield return $"{Logs}/trace{number}";
        yield return "--trace-time";
    }

    private static IEnumerable<string> Verify(
        CurlCase one, CurlCase.Part command, string folder, string number, int exitCode, string output, string errors, Servers servers)
    {
        var wanted = one.TextOf("verify", "errorcode").Trim() is { Length: > 0 } codes ? codes : "0";
        if (!wanted.Split(',').Contains(exitCode.ToString(CultureInfo.InvariantCulture))) { yield return $"exit code {exitCode}, wanted {wanted}: {errors.Trim()}"; }
        if (one.Find("verify", "stdout") is { } stdout)
        {
            // In a case with files that are stripped too, what is printed is one of them.
            var changes = one.LinesOf("verify", "stripfile").ToArray();
            if (Difference("stdout", Stripped(stdout.Text, [], changes), Stripped(output, [], changes), stdout.Attributes) is { } other) { yield return other; }
        }
        if (one.Find("verify", "stderr") is { } stderr && Difference("stderr", stderr.Text, errors, stderr.Attributes) is { } wrong) { yield return wrong; }
        foreach (var difference in Delivered(one, command, folder, number)) { yield return difference; }
        var strips = one.LinesOf("verify", "strip").ToArray();
        var parts = one.LinesOf("verify", "strippart").ToArray();
        if (one.Find("verify", "protocol") is { } protocol)
        {
            var arrived = servers.Arrived;
            if (Difference("protocol", Stripped(protocol.Text, strips, parts), Stripped(arrived, strips, parts), protocol.Attributes) is { } different) { yield return different; }
        }
        if (one.Find("verify", "proxy") is { } proxy
            && Difference("proxy", Stripped(proxy.Text, strips, parts), Stripped(servers.ArrivedAtProxy, strips, parts), proxy.Attributes) is { } unlike) { yield return unlike; }
        if (one.Find("verify", "upload") is { } upload && Difference("upload", upload.Text, servers.Stored ?? "", upload.Attributes) is { } lost) { yield return lost; }
        for (var i = 0; i < 6; i++)
        {
            var suffix = i == 0 ? "" : i.ToString(CultureInfo.InvariantCulture);
            if (one.Find("verify", "file" + suffix) is not { } file || file.Attributes.GetValueOrDefault("name") is not { } name) { continue; }
            var path = Path.Combine(folder, name);
            var text = File.Exists(path) ? Encoding.Latin1.GetString(File.ReadAllBytes(path)) : null;
            if (text is null)
            {
                yield return $"no file {name}";
                continue;
            }
            var changes = one.LinesOf("verify", "stripfile" + suffix).ToArray();
            if (Difference(name, Stripped(file.Text, [], changes), Stripped(text, [], changes), file.Attributes) is { } changed) { yield return changed; }
        }
        foreach (var name in one.LinesOf("verify", "notexists"))
        {
            if (File.Exists(Path.Combine(folder, name))) { yield return $"there is a file {name}"; }
        }
    }

    private static IEnumerable<string> Delivered(CurlCase one, CurlCase.Part command, string folder, string number)
    {
        if (command.Has("option", "no-output") || one.Find("verify", "stdout") is not null) { yield break; }
        CurlCase.Part[] parts = [.. one.FindAll("reply", "datacheck")];
        if (parts.Length == 0 && one.Find("reply", "data") is { } data) { parts = [data]; }
        if (parts.Length == 0 || one.Find("reply", "data") is { } first && first.Has("nocheck", "yes")) { yield break; }
        var path = Path.Combine(folder, Logs, $"curl{number}.out");
        var text = File.Exists(path) ? Encoding.Latin1.GetString(File.ReadAllBytes(path)) : "";
        var wanted = string.Concat(parts.Select(static part => part.Text));
        // The text of another file, which is not among the cases: what stands before it is compared, and that something well-formed comes behind.
        if (wanted.IndexOf("%includetext ", StringComparison.Ordinal) is >= 0 and var other)
        {
            if (text.Length > other && text.AsSpan(other).TrimEnd().EndsWith(">")) { text = text[..other]; }
            wanted = wanted[..other];
        }
        if (Difference("data", wanted, text, parts[0].Attributes) is { } difference) { yield return difference; }
    }

    private static string Stripped(string text, string[] patterns, string[] changes)
    {
        var lines = Regex.Split(text, "(?<=\n)").Where(line => !Array.Exists(patterns, pattern => Regex.IsMatch(line, pattern))).ToArray();
        foreach (var change in changes)
        {
            if (Change().Match(change) is not { Success: true } match) { continue; }
            for (var i = 0; i < lines.Length; i++) { lines[i] = Regex.Replace(lines[i], match.Groups[1].Value, match.Groups[2].Value); }
        }
        return string.Concat(lines);
    }

    private static string? Difference(string what, string wanted, string found, IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.GetValueOrDefault("mode") == "text")
        {
            wanted = wanted.Replace("\r\n", "\n", StringComparison.Ordinal);
            found = found.Replace("\r\n", "\n", StringComparison.Ordinal);
        }
        if (wanted == found) { return null; }
        var at = 0;
        while (at < Math.Min(wanted.Length, found.Length) && wanted[at] == found[at]) { at++; }
        static string Near(string text, int at) => (text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 100)]).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{what} differs at {at}: wanted «{Near(wanted, at)}» found «{Near(found, at)}»";
    }

    /// <summary>Splits a line as a shell does: blanks, both kinds of quotes, backslashes.</summary>
    public static List<string> Words(string line)
    {
        var (words, word, isOpen, quote) = (new List<string>(), new StringBuilder(), false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var one = line[i];
            if (quote == '\'')
            {
                if (one == '\'') { quote = '\0'; } else { word.Append(one); }
            }
            else if (one == '\\' && i + 1 < line.Length && (quote == '\0' || line[i + 1] is '"' or '\\' or '$' or '`'))
            {
                isOpen = true;
                if (line[++i] != '\n') { word.Append(line[i]); }
            }
            else if (quote == '"')
            {
                if (one == '"') { quote = '\0'; } else { word.Append(one); }
            }
            else if (one is '\'' or '"') { (quote, isOpen) = (one, true); }
            else if (char.IsWhiteSpace(one))
            {
                if (isOpen) { words.Add(OctetText.Of(Encoding.Latin1.GetBytes(word.ToString()))); }
                word.Clear();
                isOpen = false;
            }
            else
            {
                word.Append(one);
                isOpen = true;
            }
        }
        if (isOpen) { words.Add(OctetText.Of(Encoding.Latin1.GetBytes(word.ToString()))); }
        return words;
    }

    [GeneratedRegex(@"^s/(.*?)/(.*?)/[gi]*$")]
    private static partial Regex Change();

    /// <summary>The servers of a case.</summary>
    private sealed class Servers : IDisposable
    {
        private readonly CurlHttpServer? _http;
        private readonly CurlHttpServer? _http6;
        private readonly CurlHttpServer? _proxy;
        private readonly CurlHttpServer? _unix;
        private readonly CurlFtpServer? _ftp;
        private readonly CurlFtpServer? _ftp6;
        private readonly CurlRecord _proxyRecord = new();

        public Servers(string path, Dictionary<string, string> variables)
        {
            // Ports stand in the replies of the case, which its servers read when they are asked.
            var ports = new Dictionary<string, int>();
            Case = CurlCase.Read(path, Claimed, variables);
            string[] wanted = [.. Case.LinesOf("client", "server")];
            _http = new CurlHttpServer(Case, new IPEndPoint(IPAddress.Loopback, 0));
            ports["HTTPPORT"] = _http.Port;
            if (wanted.Contains("http-ipv6")) { ports["HTTP6PORT"] = (_http6 = new CurlHttpServer(Case, new IPEndPoint(IPAddress.IPv6Loopback, 0))).Port; }
            if (wanted.Contains("http-proxy")) { ports["PROXYPORT"] = (_proxy = new CurlHttpServer(Case, new IPEndPoint(IPAddress.Loopback, 0), _proxyRecord, () => _http.Port)).Port; }
            if (wanted.Contains("http-unix")) { _unix = new CurlHttpServer(Case, new System.Net.Sockets.UnixDomainSocketEndPoint(variables["HTTPUNIXPATH"])); }
            foreach (var (name, port) in ports) { variables[name] = port.ToString(CultureInfo.InvariantCulture); }
            if (wanted.Contains("ftp") || wanted.Contains("ftps")) { variables["FTPPORT"] = (_ftp = new CurlFtpServer(Case, IPAddress.Loopback)).Port.ToString(CultureInfo.InvariantCulture); }
            if (wanted.Contains("ftp-ipv6")) { variables["FTP6PORT"] = (_ftp6 = new CurlFtpServer(Case, IPAddress.IPv6Loopback)).Port.ToString(CultureInfo.InvariantCulture); }
            // The last free port: nobody listens there.
            variables["NOLISTENPORT"] = "1";
            Case.Become(CurlCase.Read(path, Claimed, variables));
        }

        public CurlCase Case { get; }

        public string Arrived => _http!.Record.Text + _unix?.Record.Text + _http6?.Record.Text + _ftp?.Record.Text + _ftp6?.Record.Text;

        public string ArrivedAtProxy => _proxyRecord.Text;

        public string? Stored => _ftp?.Stored ?? _ftp6?.Stored;

        public void Settle()
        {
            _proxy?.Settle();
            _unix?.Settle();
            _http!.Settle();
            _http6?.Settle();
            _ftp?.Settle();
            _ftp6?.Settle();
        }

        public void Dispose()
        {
            _http?.Dispose();
            _http6?.Dispose();
            _proxy?.Dispose();
            _unix?.Dispose();
            _ftp?.Dispose();
            _ftp6?.Dispose();
        }
    }
}
