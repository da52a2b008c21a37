using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Tests;

/// <summary><c>firstbyte web</c>: a published page by the program's own server.</summary>
public sealed class WebCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("en", "neither beside this program nor on the PATH")]
    [InlineData("zh", "PATH 里都没有它")]
    public void Without_the_host_it_says_what_works_all_the_same(string language, string words)
    {
        var run = Command.RunWith(null, new Dictionary<string, string> { ["PATH"] = "" }, "--lang", language, "web");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Contains("'dotnet publish src/Firstbyte.Host -o DIR'", run.Errors, StringComparison.Ordinal);
        Assert.Contains("firstbyte web --lab-page", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_takes_the_commands_place_with_its_options_and_its_exit_code()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("a script stands for the host");
            return;
        }
        var host = Path.Combine(_folder, "firstbyte-host");
        File.WriteAllText(host, "#!/bin/sh\nfor one; do printf '[%s]' \"$one\"; done\nexit 9\n");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var run = Command.Start(
            null, new Dictionary<string, string> { ["PATH"] = _folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH") },
            "--lang", "zh", "web", "--listen", "127.0.0.1:0", "--root", _folder, "--", "--public-only", "--doh", "127.0.0.1:0 x");
        Assert.Equal($"[--lang][zh][--listen][127.0.0.1:0][--root][{_folder}][--public-only][--doh][127.0.0.1:0 x]", run.Output);
        Assert.Equal(9, run.ExitCode);
    }

    [Fact]
    public void Options_of_the_host_are_no_options_of_the_lab_page()
    {
        var run = Command.Run("web", "--lab-page", "--", "--public-only");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'--public-only' is for firstbyte-host", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "holds no page")]
    [InlineData("zh", "里没有页面")]
    public void A_folder_without_a_page_is_named_with_the_way_to_one(string language, string words)
    {
        var run = Command.Run("--lang", language, "web", "--lab-page", "--root", _folder);
        Assert.Equal(37, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Contains(_folder, run.Errors, StringComparison.Ordinal);
        Assert.Contains("docs/page.md", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "no page beside this program")]
    [InlineData("zh", "本程序旁边没有页面")]
    public void Where_no_page_stands_beside_the_program_the_line_that_makes_one_is_said(string language, string words)
    {
        var run = Command.Run("--lang", language, "web", "--lab-page");
        Assert.Equal(37, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Contains("'dotnet publish src/Firstbyte.Web -c Release -o DIR'", run.Errors, StringComparison.Ordinal);
        Assert.Contains("'firstbyte web --lab-page --root DIR'", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_packed_goes_out_packed_with_its_type_its_age_and_what_it_may_do()
    {
        const string script = "{ \"imports\": {} }";
        Write("index.html", $"<!DOCTYPE html><script type=\"importmap\">{script}</script><p>page</p>");
        Write("_framework/app.abcdefghi1.wasm", "plain");
        WritePacked("_framework/app.abcdefghi1.wasm.br", "plain");
        Write("page.css", "p { color: red }");
        Write("page.css.gz", "not handed out");
        using var server = await ServeAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(server.Address) };

        var page = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", page.Headers.GetValues("Cache-Control").Single());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("'sha256-" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script))) + "'", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());

        using var wants = new HttpRequestMessage(HttpMethod.Get, "/_framework/app.abcdefghi1.wasm");
        wants.Headers.Add("Accept-Encoding", "gzip, br");
        var packed = await client.SendAsync(wants, TestContext.Current.CancellationToken);
        Assert.Equal("br", packed.Content.Headers.ContentEncoding.Single());
        Assert.Equal("application/wasm", packed.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", packed.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("Accept-Encoding", packed.Headers.GetValues("Vary").Single());
        await using (var content = new BrotliStream(await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress))
        using (var reader = new StreamReader(content)) { Assert.Equal("plain", await reader.ReadToEndAsync(TestContext.Current.CancellationToken)); }

        var plain = await client.GetAsync("/_framework/app.abcdefghi1.wasm", TestContext.Current.CancellationToken);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("plain", await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/page.css");
        again.Headers.TryAddWithoutValidation("If-None-Match", (await client.GetAsync("/page.css", TestContext.Current.CancellationToken)).Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
        foreach (var path in (string[])["/page.css.gz", "/_framework/app.abcdefghi1.wasm.br", "/nothing", "/../etc/passwd", "/%2e%2e/etc/passwd"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        Write("index.html", "<p>page</p>");
        using var server = await ServeAsync();
        var run = Command.Run("web", "--lab-page", "--root", _folder, "--listen", server.Address["http://".Length..].TrimEnd('/'));
        Assert.Equal(7, run.ExitCode);
        Assert.Contains("another program has the port", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("BR;q=0.1", true)]
    [InlineData("br;q=0, *", false)]
    [InlineData("br;q=0.000", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip, brotli", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Who_takes_brotli(string? accepted, bool takes) => Assert.Equal(takes, PublishedPage.TakesBrotli(accepted));

    private async Task<RunningServer> ServeAsync()
    {
        var process = Process.Start(Command.StartInfo(["web", "--lab-page", "--root", _folder, "--listen", "127.0.0.1:0"], new Dictionary<string, string>()))!;
        process.StandardInput.Close();
        var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return new RunningServer(process, line!.Split(' ').First(static word => word.StartsWith("http://", StringComparison.Ordinal)).TrimEnd(';'));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllText(Path.Combine(_folder, name), text);
    }

    private void WritePacked(string name, string text)
    {
        using var packed = new BrotliStream(File.Create(Path.Combine(_folder, name)), CompressionLevel.Optimal);
        packed.Write(Encoding.UTF8.GetBytes(text));
    }

    private sealed record RunningServer(Process Process, string Address) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
