using System.Text;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>Signed messages between <c>firstbyte serve dns</c> and the tools of BIND and Knot.</summary>
public class TsigCommandTests
{
    private const string Secret = "bm9ib2R5IHNoYWxsIHNlZSB0aGlz";

    [Theory]
    [InlineData("dig")]
    [InlineData("kdig")]
    public async Task Signatures_are_believed_by_both_sides(string tool)
    {
        var path = Programs.Require(tool);
        using var folder = Folder();
        var algorithms = (string[])["hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"];
        File.WriteAllText(Path.Combine(folder.Path, "keys"), string.Concat(algorithms.Select(static name => $"key \"{name}.key\" {{ algorithm {name}; secret \"{Secret}\"; }};\n")));
        using var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db", "--tsig-key", "keys", "--tsig-md5", "--verbose");
        foreach (var name in algorithms)
        {
            foreach (var transport in (string[])["+notcp", "+tcp"])
            {
                var text = await AskAsync(path, server.Port, transport, $"{name}:{name}.key:{Secret}");
                Assert.Contains("status: NOERROR", text, StringComparison.Ordinal);
                Assert.Contains("192.0.2.7", text, StringComparison.Ordinal);
                Assert.Contains("TSIG", text, StringComparison.Ordinal);
                Assert.DoesNotContain("WARNING", text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("could not be validated", text, StringComparison.Ordinal);
            }
        }
        var unknown = await AskAsync(path, server.Port, "+notcp", $"hmac-sha256:nobody.key:{Secret}");
        Assert.Contains("BADKEY", unknown, StringComparison.Ordinal);
        var wrong = await AskAsync(path, server.Port, "+notcp", "hmac-sha256:hmac-sha256.key:d3Jvbmc=");
        Assert.Contains("BADSIG", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, server.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key k { algorithm hmac-md5; secret \"" + Secret + "\"; };", "keys:1: hmac-md5 is not safe any more (RFC 8945 section 6): make a key with another algorithm, or allow it with --tsig-md5")]
    [InlineData("key k { algorithm hmac-sha256; secret " + Secret + " };", "keys:1: something else stands here; a key is written as tsig-keygen writes it")]
    [InlineData("# nothing\n", "keys:2: no key, or more than 1000; a key is written as tsig-keygen writes it")]
    public void A_file_without_keys_is_refused_and_its_secret_kept(string text, string expected)
    {
        using var folder = Folder();
        File.WriteAllText(Path.Combine(folder.Path, "keys"), text);
        var run = Command.RunIn(folder.Path, "serve", "dns", "--zone", "example.test=db", "--tsig-key", "keys", "--listen", "127.0.0.1:0");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Errors + run.Output, StringComparison.Ordinal);
    }

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), "$TTL 60\n@ SOA ns mail 1 2 3 4 5\n@ NS ns\nns A 192.0.2.7\n");
        return folder;
    }

    private static async Task<string> AskAsync(string tool, int port, string transport, string key)
    {
        var (_, output) = await Programs.RunAsync(tool, "@127.0.0.1", "-p", $"{port}", "-y", key, transport, "+norecurse", "ns.example.test", "A");
        return Encoding.UTF8.GetString(output);
    }
}
