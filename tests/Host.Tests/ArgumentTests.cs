using Firstbyte.Host;
using Firstbyte.Host.Settings;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Tests.Host;

/// <summary>The program's command line: what it takes, and what it says to what it does not.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("--nothing", "there is no option '--nothing'")]
    [InlineData("page", "there is no option 'page'")]
    [InlineData("--listen", "--listen wants a value")]
    [InlineData("--listen nowhere", "'nowhere' is no value for --listen")]
    [InlineData("--public-only=yes", "'yes' is no value for --public-only")]
    [InlineData("--max-time 0", "'0' is no value for --max-time")]
    [InlineData("--max-time NaN", "'NaN' is no value for --max-time")]
    [InlineData("--max-bytes -1", "'-1' is no value for --max-bytes")]
    [InlineData("--max-journeys 65", "'65' is no value for --max-journeys")]
    [InlineData("--allow-target 10.0.0.0/33", "'10.0.0.0/33' is no value for --allow-target")]
    [InlineData("--server dns", "'dns' is no value for --server")]
    [InlineData("--lang fr", "'fr' is no value for --lang")]
    [InlineData("--no-page", "--no-page wants --doh ADDR:PORT")]
    [InlineData("--doh 127.0.0.1:0", "--doh wants --zone ORIGIN=FILE / --resolver as well")]
    [InlineData("--zone a=b", "--zone wants --doh ADDR:PORT as well")]
    [InlineData("--doh 127.0.0.1:0 --zone a=b --resolver", "are two servers")]
    [InlineData("--doh 127.0.0.1:0 --resolver --tls-cert x", "--tls-cert wants --tls-key FILE as well")]
    [InlineData("--doh 127.0.0.1:0 --zone a=b --allow 10.0.0.0/8", "--allow wants --resolver as well")]
    [InlineData("--doh 127.0.0.1:0 --zone a=b --trust-anchor x", "--trust-anchor wants --resolver as well")]
    [InlineData("--doh 127.0.0.1:0 --resolver --allow everybody", "'everybody' is no value for --allow")]
    [InlineData("--metrics 127.0.0.1:0", "--metrics wants --doh ADDR:PORT as well")]
    public async Task A_mistake_is_named(string line, string words)
    {
        var (code, _, errors) = await RunAsync(line.Split(' '));
        Assert.Equal(2, code);
        Assert.StartsWith("firstbyte-host: ", errors, StringComparison.Ordinal);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--root /nowhere/at/all", 37, "holds no page")]
    [InlineData("--no-page --doh 127.0.0.1:0 --zone test=/nowhere/test.zone", 37, "'/nowhere/test.zone' cannot be read")]
    [InlineData("--no-page --doh 127.0.0.1:0 --resolver --trust-anchor /nowhere/root.key", 37, "'/nowhere/root.key' cannot be read: there is no such file")]
    [InlineData("--no-page --doh 127.0.0.1:0 --zone test", 2, "test")]
    public async Task What_is_not_there_is_named(string line, int exitCode, string words)
    {
        var (code, _, errors) = await RunAsync(line.Split(' '));
        Assert.Equal(exitCode, code);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var host = await RunningHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("firstbyte-host-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), "page");
            var (code, _, errors) = await RunAsync("--root", folder, "--listen", new Uri(host.Page).Authority);
            Assert.Equal(7, code);
            Assert.Contains("another program has the port", errors, StringComparison.Ordinal);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Help_names_every_option(string language)
    {
        var (code, output, _) = await RunAsync("--lang", language, "--help");
        Assert.Equal(0, code);
        var words = Languages.Of(language)!.Host;
        Assert.StartsWith(words.Summary, output, StringComparison.Ordinal);
        foreach (var option in Enum.GetValues<HostOption>()) { Assert.Contains(words.Option(option), output, StringComparison.Ordinal); }
    }

    [Fact]
    public async Task It_ends_when_it_is_stopped()
    {
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        Assert.Equal(0, await host.StopAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(host.Page, TestContext.Current.CancellationToken));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var reloading = new ReloadSignal();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var code = await HostProgram.RunAsync(arguments, static _ => null, output, errors, reloading, patience.Token);
        Assert.False(patience.IsCancellationRequested, "it serves");
        return (code, output.ToString(), errors.ToString());
    }
}
