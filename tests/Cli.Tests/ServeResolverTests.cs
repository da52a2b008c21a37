using System.Text.RegularExpressions;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary><c>firstbyte serve resolver</c> with keys that it follows and rules that it keeps to, on loopback.</summary>
public sealed class ServeResolverTests
{
    private const string RootZone = "$TTL 300\n. SOA ns.root. mail.root. 1 60 60 60 60\n. NS ns.root.\nns.root. A 127.0.0.1\nwww.example. A 192.0.2.226\nmail.example. A 192.0.2.25\n";

    [Fact]
    public void The_keys_of_the_root_are_followed_in_a_file_that_outlives_the_server()
    {
        using var folder = new TemporaryFolder();
        string In(string name) => Path.Combine(folder.Path, name);
        var key = Sign(folder.Path);
        using var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + In("signed"), "--listen", "127.0.0.1:0");
        string[] words = ["serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", In("hints"), "--port-upstream", $"{authority.Port}", "--trust-anchor-file", In("keys")];
        using (var first = ServingCommand.StartWords([.. words, "--trust-anchor", key]))
        {
            // The file is made before anybody is asked, and is whole at any time.
            Assert.Contains(";;id: . 1\n", File.ReadAllText(In("keys")), StringComparison.Ordinal);
            Assert.Contains(" ad", Ask(first, "+dnssec www.example"), StringComparison.Ordinal);
            for (var tries = 0; tries < 100 && File.ReadAllText(In("keys")).Contains(";;last_success: 0 ", StringComparison.Ordinal); tries++) { Thread.Sleep(100); }
            var text = File.ReadAllText(In("keys"));
            Assert.Matches("\\tDNSKEY\\t257 3 13 .*;;state=2 \\[  VALID  \\] ;;count=0 ;;lastchange=[0-9]+", text);
            Assert.DoesNotContain(";;last_success: 0 ", text, StringComparison.Ordinal);
        }
        // The file alone says what is believed.
        using var second = ServingCommand.StartWords([.. words, "--trust-anchor", key]);
        Assert.Contains(" ad", Ask(second, "+dnssec www.example"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=7\n", "firstbyte: 'keys', line 1: the state of a key (';;state=') is none of 0 to 5; nothing is begun with it, and it stays as it is\n")]
    [InlineData(". 1 IN DNSKEY 257 3 13 AA", "firstbyte: 'keys', line 1: a record cannot be read; nothing is begun with it, and it stays as it is\n")]
    [InlineData("", "firstbyte: 'keys': there is no key in it; nothing is begun with it, and it stays as it is\n")]
    [InlineData(null, "firstbyte: 'keys' does not exist, and with roots of one's own there is nothing to begin it with: --trust-anchor FILE\n")]
    public void A_broken_file_of_keys_is_told_and_kept(string? text, string complaint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "hints"), ". 300 NS ns.root.\nns.root. 300 A 127.0.0.1\n");
        if (text is not null) { File.WriteAllText(Path.Combine(folder.Path, "keys"), text); }
        var run = Command.RunIn(folder.Path, "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", "hints", "--trust-anchor-file", "keys");
        Assert.Equal((2, complaint), (run.ExitCode, run.Errors));
        if (text is not null) { Assert.Equal(text, File.ReadAllText(Path.Combine(folder.Path, "keys"))); }
    }

    [Fact]
    public void A_file_of_followed_keys_that_cannot_be_made_is_told()
    {
        using var folder = new TemporaryFolder();
        var key = Sign(folder.Path);
        var run = Command.RunIn(folder.Path, "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", "hints", "--trust-anchor-file", "nowhere/keys", "--trust-anchor", key);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("nowhere/keys", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_kept_to_and_read_again()
    {
        using var folder = new TemporaryFolder();
        string In(string name) => Path.Combine(folder.Path, name);
        Sign(folder.Path);
        const string head = "$TTL 60\n@ SOA ns mail 1 60 60 60 60\n";
        File.WriteAllText(In("allow"), head + "mail.example CNAME rpz-passthru.\n");
        File.WriteAllText(In("block"), head + "*.example CNAME .\n");
        using var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + In("signed"), "--listen", "127.0.0.1:0");
        using var resolver = ServingCommand.StartWords(
            "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", In("hints"), "--port-upstream", $"{authority.Port}", "--rpz", In("allow") + "=allow.local",
            "--rpz", In("block") + "=block.local");
        Assert.Contains("policy zone block.local.: 1 trigger\n", resolver.Said, StringComparison.Ordinal);
        Assert.Contains("status: NXDOMAIN", Ask(resolver, "www.example"), StringComparison.Ordinal);
        Assert.Contains("EDE: 15 (Blocked)", Ask(resolver, "www.example"), StringComparison.Ordinal);
        Assert.Contains("192.0.2.25", Ask(resolver, "mail.example"), StringComparison.Ordinal);
        File.WriteAllText(In("allow"), head + "www.example CNAME rpz-passthru.\n");
        resolver.Signal("HUP");
        for (var tries = 0; tries < 100 && Ask(resolver, "www.example").Contains("NXDOMAIN", StringComparison.Ordinal); tries++) { Thread.Sleep(50); }
        Assert.Contains("192.0.2.226", Ask(resolver, "www.example"), StringComparison.Ordinal);
        Assert.Contains("status: NXDOMAIN", Ask(resolver, "mail.example"), StringComparison.Ordinal);
        File.WriteAllText(In("block"), head + "bad CNAME rpz-explode.\n");
        resolver.Signal("HUP");
        resolver.WaitFor("the policy zones stay as they were");
        Assert.Contains("status: NXDOMAIN", Ask(resolver, "mail.example"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_not_taken_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "list"), "$TTL 60\n@ SOA ns mail 1 60 60 60 60\n24.1.2.0.192.rpz-nsip CNAME .\nbad CNAME rpz-explode.\n");
        var run = Command.RunIn(folder.Path, "serve", "resolver", "--listen", "127.0.0.1:0", "--rpz", "list");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("list:3:1: '24.1.2.0.192.rpz-nsip.' is no network", run.Errors, StringComparison.Ordinal);
        Assert.Contains("list:4:1: 'rpz-explode.' names no action that is known", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>RFC 8767: what was known is better than nothing, and is said to be old.</summary>
    [Fact]
    public void Old_answers_stand_in_for_a_server_that_is_gone()
    {
        using var folder = new TemporaryFolder();
        string In(string name) => Path.Combine(folder.Path, name);
        File.WriteAllText(In("hints"), ". 300 NS ns.root.\nns.root. 300 A 127.0.0.1\n");
        File.WriteAllText(In("root"), RootZone.Replace("$TTL 300", "$TTL 1", StringComparison.Ordinal));
        var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + In("root"), "--listen", "127.0.0.1:0");
        using var resolver = ServingCommand.StartWords(
            "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", In("hints"), "--port-upstream", $"{authority.Port}", "--serve-stale", "on");
        using (authority) { Assert.DoesNotContain("EDE", Ask(resolver, "www.example"), StringComparison.Ordinal); }
        // Until its second is over it is not old.
        var old = "";
        for (var tries = 0; tries < 100 && !old.Contains("EDE", StringComparison.Ordinal); tries++)
        {
            Thread.Sleep(20);
            old = Ask(resolver, "www.example");
        }
        Assert.Contains("192.0.2.226", old, StringComparison.Ordinal);
        Assert.Contains("EDE: 3 (Stale Answer)", old, StringComparison.Ordinal);
        Assert.Contains("status: SERVFAIL", Ask(resolver, "other.example"), StringComparison.Ordinal);
    }

    /// <summary>BIND's own reader of dnstap has to understand it.</summary>
    [Fact]
    public async Task Every_message_is_written_down()
    {
        var reader = Programs.Require("dnstap-read");
        using var folder = new TemporaryFolder();
        string In(string name) => Path.Combine(folder.Path, name);
        Sign(folder.Path);
        using (var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + In("signed"), "--listen", "127.0.0.1:0"))
        using (var resolver = ServingCommand.StartWords(
            "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", In("hints"), "--port-upstream", $"{authority.Port}", "--dnstap", In("tap")))
        {
            Ask(resolver, "www.example");
            Ask(resolver, "+tcp www.example");
        }
        var (exitCode, output) = await Programs.RunAsync(reader, In("tap"));
        Assert.Equal(0, exitCode);
        var lines = System.Text.Encoding.UTF8.GetString(output).TrimEnd('\n').Split('\n');
        // Asked once and answered twice: the second time the cache knew. The client's query is written with its answer.
        Assert.Equal(["RQ UDP", "RR UDP", "CQ UDP", "CR UDP", "CQ TCP", "CR TCP"], lines.Select(static line => Regex.Match(line, "(CQ|CR|RQ|RR) .* (UDP|TCP) ") is { Success: true } found ? $"{found.Groups[1].Value} {found.Groups[2].Value}" : line));
        Assert.All(lines, static line => Assert.Contains("www.example/IN/A", line, StringComparison.OrdinalIgnoreCase));
    }

    private static string Ask(ServingCommand serving, string line) => Command.Run(["dig", "@127.0.0.1", "-p", $"{serving.Port}", .. line.Split(' ')]).Output;

    /// <summary>A signed root in "signed", its hints; returns the file of its key.</summary>
    private static string Sign(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "root"), RootZone);
        File.WriteAllText(Path.Combine(folder, "hints"), ". 300 NS ns.root.\nns.root. 300 A 127.0.0.1\n");
        Assert.Equal(0, Command.Run("zone", "key", ".", "--ksk", "-d", folder).ExitCode);
        var key = Assert.Single(Directory.GetFiles(folder, "*.key"));
        Assert.Equal(0, Command.Run("zone", "sign", ".=" + Path.Combine(folder, "root"), "-o", Path.Combine(folder, "signed"), "--key", key).ExitCode);
        return key;
    }
}
