using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests;

/// <summary>What -d, -F and -T send: the bytes that a server gets, from files, pipes and standard input.</summary>
public sealed class ContentCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _requests = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-d|@lines|-d|c=d", "a=b&xc=d&e=f&c=d")]
    [InlineData("--data-binary|@lines", "a=b&x\r\nc=d&e=f\n")]
    [InlineData("--data-raw|@lines", "@lines")]
    [InlineData("-d|@lines|--data-binary|@lines|--data-raw|@x|-d|y", "a=b&xc=d&e=f&a=b&x\r\nc=d&e=f\n&@x&y")]
    [InlineData("--data-urlencode|a=b c&~*|--data-urlencode|=q|--data-urlencode|n@lines|--data-urlencode|plain text", "a=b+c%26~%2A&q&n=a%3Db%26x%0D%0Ac%3Dd%26e%3Df%0A&plain+text")]
    [InlineData("-d|@-", "from input")]
    [InlineData("-d|@-|-d|@-", "from input&")]
    [InlineData("--data-binary|@-", "from\n input")]
    [InlineData("-d|@empty", "")]
    public void Data_goes_out_as_the_options_say(string options, string content)
    {
        WriteFiles();
        var request = Send("from\n input", options.Split('|'));
        Assert.EndsWith("\r\n\r\n" + content, request);
        Assert.StartsWith("POST / HTTP/1.1\r\n", request);
        Assert.Contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n", request);
        Assert.Contains($"\r\nContent-Length: {content.Length}\r\n", request);
    }

    [Fact]
    public void Json_is_sent_as_json_and_json_is_wanted()
    {
        WriteFiles();
        var request = Send("{\"a\":1}\n", "--data-json", "@-", "--data-json", "[1]");
        Assert.Contains("\r\nContent-Type: application/json\r\nAccept: application/json\r\n", request);
        Assert.EndsWith("\r\n\r\n{\"a\":1}\n[1]", request);
        Assert.DoesNotContain("*/*", request);
    }

    [Theory]
    [InlineData("", "a=b", "/?a=b")]
    [InlineData("?x=1#f", "a=b|c=d", "/?x=1&a=b&c=d")]
    [InlineData("?", "a=b", "/?a=b")]
    public void Get_puts_the_data_into_the_query(string behind, string data, string target)
    {
        var request = Send(null, ["-G", .. data.Split('|').SelectMany(static one => (string[])["-d", one])], behind);
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", request);
        Assert.EndsWith("\r\n\r\n", request);
        Assert.DoesNotContain("Content-", request);
    }

    [Fact]
    public void Standard_input_is_stored_as_it_comes()
    {
        var request = Send("from input", "-T", "-");
        Assert.StartsWith("PUT / HTTP/1.1\r\n", request);
        Assert.Contains("\r\nExpect: 100-continue\r\n", request);
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", request);
        Assert.EndsWith("\r\n\r\na\r\nfrom input\r\n0\r\n\r\n", request);
    }

    /// <summary>A file that a shell has put onto standard input is a file, and is read from where it stands.</summary>
    [Fact]
    public void A_file_on_standard_input_has_a_length()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs /proc and sh"); }
        WriteFiles();
        using var server = Server();
        Shell($"(head -c 5 > /dev/null; {This} -T - {server.Url} > /dev/null; cat > left) < lines");
        Assert.EndsWith("\r\n\r\n\r\nc=d&e=f\n", _requests[0]);
        Assert.Contains("\r\nContent-Length: 10\r\n", _requests[0]);
        Assert.DoesNotContain("Expect", _requests[0]);
        // Whoever reads on finds what was sent gone.
        Assert.Equal("", File.ReadAllText(Path.Combine(_folder.Path, "left")));
    }

    [Fact]
    public void A_pipe_is_sent_while_it_is_written()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        using var server = Server();
        Shell($"mkfifo p; (sleep 0.2; printf one; sleep 0.4; printf two) > p & {This} -T p {server.Url} > said");
        Assert.EndsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", _requests[0]);
        Assert.Contains("content: the pipe or device 'p', as it comes, in chunks; it can be read only once", Flat(File.ReadAllText(Path.Combine(_folder.Path, "said"))));
    }

    [Fact]
    public void Long_input_is_sent_in_pieces_and_not_held()
    {
        var request = Send(new string('+', (3 << 20) + 5) + "\n", "-d", "@-");
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", request);
        Assert.Equal((3 << 20) + 5, request.Count(static letter => letter == '+'));
        Assert.EndsWith("\r\n0\r\n\r\n", request);
    }

    [Fact]
    public void A_form_has_its_parts_in_their_order()
    {
        WriteFiles();
        var request = Send("from input", "-F", "a=b;type=text/foo", "--form-string", "k=@x;y", "-F", "f=@lines,page.html;type=x/y;filename=\"q\\\"w.txt\"", "-F", "g=<-;headers=\"X-A: b\"", "-F", "h=\"quoted; \\\"text\\\"\"", "-F", "i=@page.html");
        var boundary = Regex.Match(request, "\r\nContent-Type: multipart/form-data; boundary=(?<boundary>-{24}[0-9A-Za-z]{22})\r\n", RegexOptions.None, TimeSpan.FromSeconds(5)).Groups["boundary"].Value;
        var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", request);
        Assert.Equal(
            [
                "", "\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/foo\r\n\r\nb\r\n",
                "\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\n@x;y\r\n",
                "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"lines\"\r\nContent-Type: application/octet-stream\r\n\r\na=b&x\r\nc=d&e=f\n\r\n",
                "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"q%22w.txt\"\r\nContent-Type: x/y\r\n\r\n<p>\r\n",
                "\r\nContent-Disposition: form-data; name=\"g\"\r\nX-A: b\r\n\r\nfrom input\r\n",
                "\r\nContent-Disposition: form-data; name=\"h\"\r\n\r\nquoted; \"text\"\r\n",
                "\r\nContent-Disposition: form-data; name=\"i\"; filename=\"page.html\"\r\nContent-Type: text/html\r\n\r\n<p>\r\n",
                "--\r\n",
            ],
            body.Split("--" + boundary));
    }

    [Fact]
    public void Two_urls_get_the_same_file_and_only_the_first_gets_standard_input()
    {
        WriteFiles();
        using var server = Server();
        Assert.Equal(0, Command.RunIn(_folder.Path, "--data-binary", "@lines", server.Url + "a", server.Url + "b").ExitCode);
        Assert.Equal(2, _requests.Count);
        Assert.All(_requests, static request => Assert.EndsWith("\r\n\r\na=b&x\r\nc=d&e=f\n", request));
        var run = Command.RunIn(_folder.Path, new MemoryStream(new byte[2 * 1024 * 1024]), "--data-binary", "@-", server.Url + "a", server.Url + "b");
        Assert.Equal(65, run.ExitCode);
        Assert.Contains("standard input can be read only once", Flat(run.Output));
        Assert.Equal(3, _requests.Count);
    }

    /// <summary>Two hundred megabytes of a file take a piece of memory at a time, by PUT and in a form.</summary>
    [Theory]
    [InlineData("-T|sparse")]
    [InlineData("-F|f=@sparse")]
    [InlineData("--data-binary|@sparse")]
    public void A_large_file_is_not_held_in_memory(string options)
    {
        const long Length = 200L << 20;
        using (var file = File.Create(Path.Combine(_folder.Path, "sparse"))) { file.SetLength(Length); }
        var received = 0L;
        using var server = new RawServer(connection =>
        {
            var length = long.Parse(Regex.Match(connection.ReadHead(), "(?<=Content-Length: )[0-9]+", RegexOptions.None, TimeSpan.FromSeconds(5)).ValueSpan, CultureInfo.InvariantCulture);
            connection.Send("HTTP/1.1 100 Continue\r\n\r\n");
            received = connection.Discard(length);
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        // A heap of 96 MB (hexadecimal, as the runtime reads it) has no room for a copy of the content.
        var limit = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "6000000" };
        var run = Command.Start(_folder.Path, null, limit, [.. options.Split('|'), server.Url]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.InRange(received, Length, Length + 1000);
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_sent_ends_the_request()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "big"), new byte[2_000_000]);
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            // The content waits for this: by then its length is promised.
            using (var file = new FileStream(Path.Combine(_folder.Path, "big"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { file.SetLength(1_000_000); }
            connection.Send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.AwaitEnd();
        });
        var run = Command.RunIn(_folder.Path, "-T", "big", server.Url);
        Assert.Equal(26, run.ExitCode);
        Assert.Contains("The content ended after 1,000,000 bytes of the 2,000,000 bytes that were promised: somebody has cut the file 'big' meanwhile.", Flat(run.Output));
    }

    [Theory]
    [InlineData("-F|a", "-F wants NAME=CONTENT, NAME=@FILE or NAME=<FILE")]
    [InlineData("-F|a=(b", "parts within parts are not spoken here")]
    [InlineData("-F|a=b;encoder=base64", "without encoder=")]
    [InlineData("-F|a=b;c=d", "behind ';' only type=, filename= and headers= may stand")]
    [InlineData("-F|a=b;headers=x", "headers= wants \"NAME: VALUE\"")]
    [InlineData("-F|a=@nothing", "'nothing' cannot be read: there is no such file", 26)]
    [InlineData("-F|a=b|-d|c", "-d, -F and -T each say what is sent")]
    [InlineData("-F|a=b|-T|lines", "-d, -F and -T each say what is sent")]
    [InlineData("-G|-F|a=b", "-d, -F and -T each say what is sent")]
    [InlineData("-T|nothing", "'nothing' cannot be read: there is no such file", 26)]
    public void What_cannot_be_sent_is_said_before_anything_is(string options, string complaint, int exitCode = 2)
    {
        WriteFiles();
        var run = Command.RunIn(_folder.Path, [.. options.Split('|'), "http://x.invalid/"]);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(complaint, run.Errors);
    }

    private void WriteFiles()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "lines"), "a=b&x\r\nc=d&e=f\n");
        File.WriteAllText(Path.Combine(_folder.Path, "page.html"), "<p>");
        File.WriteAllText(Path.Combine(_folder.Path, "empty"), "");
    }

    private string Send(string? input, params string[] options) => Send(input, options, "");

    private string Send(string? input, string[] options, string behind)
    {
        using var server = Server();
        var run = Command.RunIn(_folder.Path, new MemoryStream(Encoding.UTF8.GetBytes(input ?? "")), [.. options, server.Url + behind]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return Assert.Single(_requests);
    }

    // Reads a request to its end and says no more than that.
    private RawServer Server() => new(connection =>
    {
        var head = connection.ReadHead();
        if (head.Contains("100-continue", StringComparison.Ordinal)) { connection.Send("HTTP/1.1 100 Continue\r\n\r\n"); }
        var length = Regex.Match(head, "(?<=Content-Length: )[0-9]+", RegexOptions.None, TimeSpan.FromSeconds(5));
        var content = length.Success ? connection.Read(int.Parse(length.ValueSpan, CultureInfo.InvariantCulture)) : head.Contains("chunked", StringComparison.Ordinal) ? connection.ReadUntil("\r\n0\r\n\r\n") : "";
        lock (_requests) { _requests.Add(head + content); }
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });

    // A story breaks its lines where a page ends.
    private static string Flat(string text) => Regex.Replace(text, "\\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string This => Command.Published ?? $"dotnet {Path.Combine(AppContext.BaseDirectory, "firstbyte.dll")}";

    private void Shell(string script)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.Path };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), script);
    }
}
