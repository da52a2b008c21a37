using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests.Curl;

/// <summary>Command lines, given to Debian's curl and to ours, against the same servers: the same bytes arrive, the same is printed and written, the same exit code.</summary>
/// <remarks>What differs between that curl and the newer one that is spoken here is evened out by <see cref="Even"/>, or stands behind "#newer" in the list, with its reason before it.</remarks>
public sealed partial class CurlOracleTests
{
    private static string[] Lines() =>
    [
        .. File.ReadAllLines(Path.Combine(RepositoryRoot.Require(), "tests", "Cli.Tests", "Curl", "command-lines.txt"))
            .Where(static line => line.Length > 0 && line[0] != '#'),
    ];

    [Fact]
    public void Our_double_does_what_curl_does()
    {
        if (!File.Exists("/usr/bin/curl")) { Assert.Skip("there is no curl to compare with: apt-get install curl"); }
        var lines = Lines();
        Assert.True(lines.Length >= 200, $"only {lines.Length} command lines");
        var differences = new ConcurrentDictionary<int, string>();
        Parallel.For(0, lines.Length, new ParallelOptions { MaxDegreeOfParallelism = CurlCaseRunner.AtOnce }, index =>
        {
            using var http = new OracleHttpServer();
            using var ftp = new CurlFtpServer(OracleHttpServer.FtpCase, IPAddress.Loopback);
            var line = lines[index].Replace("%H", $"127.0.0.1:{http.Port}", StringComparison.Ordinal).Replace("%P", http.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("%F", $"127.0.0.1:{ftp.Port}", StringComparison.Ordinal);
            string[] words = ["-q", "-sS", .. CurlCaseRunner.Words(line)];
            var theirs = Run(words, RunCurl, http, ftp);
            var ours = Run(words, RunOurs, http, ftp);
            if (theirs != ours) { differences[index] = $"{lines[index]}\n--- curl\n{theirs}\n--- ours\n{ours}"; }
        });
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_CURL_REPORT") is { Length: > 0 } report)
        {
            File.WriteAllText(report, string.Join("\n\n", differences.OrderBy(static one => one.Key).Select(static one => one.Value)));
        }
        Assert.True(differences.IsEmpty, $"{differences.Count} of {lines.Length} differ:\n" + string.Join("\n\n", differences.OrderBy(static one => one.Key).Take(5).Select(static one => one.Value)));
    }

    [Fact]
    public void A_difference_is_seen()
    {
        if (!File.Exists("/usr/bin/curl")) { Assert.Skip("there is no curl to compare with: apt-get install curl"); }
        using var http = new OracleHttpServer();
        using var ftp = new CurlFtpServer(OracleHttpServer.FtpCase, IPAddress.Loopback);
        var theirs = Run(["-q", "-sS", $"http://127.0.0.1:{http.Port}/ok"], RunCurl, http, ftp);
        Assert.NotEqual(theirs, Run(["-q", "-sS", "-H", "X: y", $"http://127.0.0.1:{http.Port}/ok"], RunOurs, http, ftp));
        Assert.NotEqual(theirs, Run(["-q", "-sS", $"http://127.0.0.1:{http.Port}/404"], RunOurs, http, ftp));
    }

    private static string Run(string[] words, Func<string, string[], (int, string)> run, OracleHttpServer http, CurlFtpServer ftp)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "data.txt"), "one line\nanother\r\nthe last");
        File.WriteAllText(Path.Combine(folder.Path, "part.txt"), "01234");
        File.WriteAllText(Path.Combine(folder.Path, "netrc"), "machine 127.0.0.1 login nina password secret\n");
        File.WriteAllText(Path.Combine(folder.Path, "jar"), "127.0.0.1\tFALSE\t/\tFALSE\t0\tkept\tyes\n127.0.0.1\tFALSE\t/other\tFALSE\t0\tnot\tno\n");
        File.WriteAllText(Path.Combine(folder.Path, "config"), $"# a comment\nurl = \"http://127.0.0.1:{http.Port}/ok\"\n-H \"X-One: a\\tb\"\nheader: X-Two\\n\nuser-agent = agent/1\n");
        File.WriteAllText(Path.Combine(folder.Path, "heads"), "X-File: one\nX-More: two\n");
        File.WriteAllText(Path.Combine(folder.Path, "format"), "%{http_code}-%{size_download}\\n");
        http.Clear();
        ftp.Record.Clear();
        var (code, output) = run(folder.Path, words);
        http.Settle();
        ftp.Settle();
        // Of connections that are made at once either may be served first.
        var wire = words.Contains("-Z") ? string.Concat(http.Record.Text.Split("GET ").Order(StringComparer.Ordinal).Select(static one => "GET " + one)) : http.Record.Text;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"exit {code}\nstdout {Shown(output)}\nwire {Shown(Even(wire))}\nftp {Shown(Even(ftp.Record.Text))}\n");
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"file {Path.GetRelativePath(folder.Path, file)} {Shown(Even(Encoding.Latin1.GetString(File.ReadAllBytes(file))))}\n");
        }
        return text.ToString();
    }

    private static string Shown(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // Versions, and what is made at random anew each time.
    private static string Even(string text)
    {
        text = Agent().Replace(text, "curl/X");
        text = Random().Replace(text, "$1=?");
        if (text.Contains("multipart/form-data", StringComparison.Ordinal))
        {
            text = Boundary().Replace(text, "BOUNDARY");
            text = Length().Replace(text, "Content-Length: ?");
        }
        // The newer curl asks for permission only above a megabyte.
        if (text.StartsWith("PUT ", StringComparison.Ordinal) || text.StartsWith("POST ", StringComparison.Ordinal))
        {
            text = SmallPut().Replace(text, static match => match.Value.Replace("Expect: 100-continue\r\n", "", StringComparison.Ordinal));
        }
        return EphemeralPort().Replace(text, "port ?");
    }

    private static (int, string) RunCurl(string folder, string[] words)
    {
        var start = new ProcessStartInfo("/usr/bin/curl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var word in words) { start.ArgumentList.Add(word); }
        foreach (var name in (string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]) { start.Environment.Remove(name); }
        start.Environment["HOME"] = folder;
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Write("from stdin");
            process.StandardInput.Close();
        }
        catch (IOException) { /* It has ended already, without reading. */ }
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        _ = errors.GetAwaiter().GetResult();
        return (process.ExitCode, Encoding.Latin1.GetString(output.ToArray()));
    }

    private static (int, string) RunOurs(string folder, string[] words)
    {
        var environment = new Dictionary<string, string> { ["HOME"] = folder };
        var run = Command.RunBytes(folder, "from stdin"u8.ToArray(), environment, ["curl", .. words]);
        // Of a fault of our own the message is all that there is to go by.
        return (run.ExitCode, Encoding.Latin1.GetString(run.Output) + (run.ExitCode == Exit.InternalFault ? $"\n--- stderr\n{Encoding.UTF8.GetString(run.Errors)}" : ""));
    }

    [GeneratedRegex(@"curl/[0-9.]+")]
    private static partial Regex Agent();

    [GeneratedRegex("(cnonce|response|nonce)=\"[^\"]*\"")]
    private static partial Regex Random();

    [GeneratedRegex("-{24}[A-Za-z0-9]+")]
    private static partial Regex Boundary();

    [GeneratedRegex("Content-Length: [0-9]+")]
    private static partial Regex Length();

    [GeneratedRegex(@"Content-Length: [0-9]{1,6}\r\nExpect: 100-continue\r\n")]
    private static partial Regex SmallPut();

    [GeneratedRegex(@"EPRT \|[^\r]*|PORT [0-9,]*|\|\|\|[0-9]+\|")]
    private static partial Regex EphemeralPort();
}

/// <summary>A server that answers by the path, the same to everybody.</summary>
internal sealed partial class OracleHttpServer() : CurlServer(new IPEndPoint(IPAddress.Loopback, 0))
{
    public static CurlCase FtpCase { get; } = CurlCase.Of("<testcase>\n<reply>\n<data>\nftp data\r\nof \rtwo lines\r\n</data>\n<mdtm>\n213 20200102030405\n</mdtm>\n</reply>\n</testcase>\n");

    private int _tries;

    public void Clear()
    {
        Record.Clear();
        _tries = 0;
    }

    protected override void Serve(NetworkStream stream)
    {
        stream.ReadTimeout = 10_000;
        var pending = new MemoryStream();
        while (Read(stream, pending) is { } request)
        {
            Record.Add(request);
            var words = request.Split(' ');
            var target = words[1];
            var path = target.StartsWith("http://", StringComparison.Ordinal) ? "/" + string.Join('/', target.Split('/')[3..]) : target;
            path = path.Split('?', ';')[0];
            var answer = Answer(words[0], path, request);
            var bytes = Encoding.Latin1.GetBytes(answer);
            stream.Write(bytes);
            if (answer.Contains("Connection: close", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.0", StringComparison.Ordinal)) { return; }
        }
    }

    private string Answer(string method, string path, string request)
    {
        const string Page = "0123456789abcdef\n";
        string Whole(string status, string fields, string content) =>
            $"HTTP/1.1 {status}\r\n{fields}Content-Length: {content.Length}\r\n\r\n{(method == "HEAD" ? "" : content)}";
        if (Status().Match(path) is { Success: true } match)
        {
            var code = match.Groups[1].Value;
            return Whole($"{code} Status", code[0] == '3' ? $"Location: {match.Groups[2].Value switch { "" => "/ok", var to => to }}\r\n" : "", $"status {code}\n");
        }
        var name = path.Split('/') is [_, var first, ..] ? first : "";
        switch (name)
        {
            case "chunked": return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n" + (method == "HEAD" ? "" : "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-End: yes\r\n\r\n");
            case "close": return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + (method == "HEAD" ? "" : Page);
            case "old": return "HTTP/1.0 200 OK\r\nX-Old: yes\r\n\r\n" + (method == "HEAD" ? "" : Page);
            case "empty": return Whole("200 OK", "", "");
            case "nothing": return "HTTP/1.1 204 No Content\r\nX-Empty: yes\r\n\r\n";
            case "short": return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n" + Page;
            case "lf": return "HTTP/1.1 200 OK\nContent-Length: 17\n\n" + Page;
            case "noreason": return "HTTP/1.1 200\r\nContent-Length: 17\r\n\r\n" + Page;
            case "folded": return "HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nContent-Length: 17\r\n\r\n" + Page;
            case "badlength": return "HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\n\r\n" + Page;
            case "badchunk": return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nxyz\r\nhello\r\n";
            case "cookie": return Whole("200 OK", "Set-Cookie: a=1; path=/\r\nSet-Cookie: b=2; path=/cookie\r\nSet-Cookie: gone=1; Max-Age=0\r\n", Page);
            case "tocookie": return Whole("302 Found", "Set-Cookie: way=there; path=/\r\nLocation: /ok\r\n", "moved\n");
            case "named": return Whole("200 OK", "Content-Disposition: attachment; filename=\"server name.txt\"; size=17\r\n", Page);
            case "evil": return Whole("200 OK", "Content-Disposition: attachment; filename=../../evil.txt\r\n", Page);
            case "etag":
                return request.Contains("If-None-Match: \"e1\"", StringComparison.Ordinal) ? "HTTP/1.1 304 Not Modified\r\nETag: \"e1\"\r\n\r\n" : Whole("200 OK", "ETag: \"e1\"\r\n", Page);
            case "dated": return Whole("200 OK", "Last-Modified: Tue, 13 Jun 2000 12:10:00 GMT\r\n", Page);
            case "range":
                var range = Regex.Match(request, @"Range: bytes=(\d+)-(\d*)");
                if (!range.Success) { return Whole("200 OK", "Accept-Ranges: bytes\r\n", Page); }
                var from = int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture);
                var to = range.Groups[2].Length > 0 ? int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture) : Page.Length - 1;
                if (from >= Page.Length) { return Whole("416 Range", $"Content-Range: bytes */{Page.Length}\r\n", "no\n"); }
                return Whole("206 Partial", $"Content-Range: bytes {from}-{to}/{Page.Length}\r\n", Page[from..(to + 1)]);
            case "gzip" or "deflate":
                using (var coded = new MemoryStream())
                {
                    using (Stream coder = name == "gzip" ? new GZipStream(coded, CompressionLevel.Fastest, true) : new ZLibStream(coded, CompressionLevel.Fastest, true))
                    {
                        coder.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Page, 20))));
                    }
                    return Whole("200 OK", $"Content-Encoding: {name}\r\n", Encoding.Latin1.GetString(coded.ToArray()));
                }
            case "badgzip": return Whole("200 OK", "Content-Encoding: gzip\r\n", Page);
            case "strange": return Whole("200 OK", "Content-Encoding: rot13\r\n", Page);
            case "basic": return request.Contains("Authorization: Basic", StringComparison.Ordinal) ? Whole("200 OK", "", Page) : Whole("401 Who", "WWW-Authenticate: Basic realm=\"here\"\r\n", "who?\n");
            case "digest":
                return request.Contains("Authorization: Digest", StringComparison.Ordinal) ? Whole("200 OK", "", Page)
                    : Whole("401 Who", "WWW-Authenticate: Digest realm=\"here\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\r\n", "who?\n");
            case "both":
                return request.Contains("Authorization: ", StringComparison.Ordinal) ? Whole("200 OK", "", Page)
                    : Whole("401 Who", "WWW-Authenticate: Basic realm=\"here\"\r\nWWW-Authenticate: Digest realm=\"here\", nonce=\"abc\", qop=\"auth\", opaque=\"o\"\r\n", "who?\n");
            case "refused": return Whole("401 Who", "WWW-Authenticate: Basic realm=\"here\"\r\n", "who?\n");
            case "busy": return Interlocked.Increment(ref _tries) == 1 ? Whole("503 Busy", "", "busy\n") : Whole("200 OK", "", Page);
            case "echo": return Whole("200 OK", "Content-Type: text/plain\r\n", method + "\n");
            case "loop": return Whole("302 Found", "Location: /loop\r\n", "again\n");
            case "away": return Whole("302 Found", "Location: http://localhost:" + Port.ToString(CultureInfo.InvariantCulture) + "/ok\r\n", "away\n");
            case "space": return Whole("302 Found", "Location: /o k?a b=c\r\n", "moved\n");
            case "relative": return Whole("302 Found", "Location: ../up/./x?y#z\r\n", "moved\n");
            case "tofile": return Whole("302 Found", "Location: file:///etc/passwd\r\n", "moved\n");
            case "toquery": return Whole("302 Found", "Location: ?only=query\r\n", "moved\n");
            case "nine": return "no head at all\n";
            case "informed": return "HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n" + Whole("200 OK", "", Page);
            default: return Whole("200 OK", "Server: oracle\r\nContent-Type: text/plain\r\n", Page);
        }
    }

    private static string? Read(NetworkStream stream, MemoryStream pending)
    {
        var piece = new byte[64 * 1024];
        var hasAsked = false;
        while (true)
        {
            var text = Encoding.Latin1.GetString(pending.GetBuffer(), 0, (int)pending.Length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var head = text[..(end + 4)];
                var length = end + 4;
                if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
                {
                    var last = text.IndexOf("0\r\n\r\n", end + 4, StringComparison.Ordinal);
                    length = last < 0 ? int.MaxValue : last + 5;
                }
                else if (Regex.Match(head, @"Content-Length: (?<length>\d+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture) is { Success: true } said) { length += int.Parse(said.Groups["length"].Value, CultureInfo.InvariantCulture); }
                if (text.Length >= length)
                {
                    pending.SetLength(0);
                    pending.Write(Encoding.Latin1.GetBytes(text[length..]));
                    return text[..length];
                }
                if (!hasAsked && head.Contains("Expect: 100-continue", StringComparison.Ordinal))
                {
                    hasAsked = true;
                    stream.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
                }
            }
            var count = stream.Read(piece);
            if (count == 0) { return null; }
            pending.Write(piece, 0, count);
        }
    }

    [GeneratedRegex("^/([1-5][0-9][0-9])(/.*)?$")]
    private static partial Regex Status();
}
