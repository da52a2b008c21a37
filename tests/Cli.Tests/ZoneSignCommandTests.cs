using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tests.Conformance;

namespace Firstbyte.Tests;

/// <summary><c>firstbyte zone key</c> and <c>firstbyte zone sign</c>: from a zone file to answers that a validator believes.</summary>
public class ZoneSignCommandTests
{
    private const string Zone = """
        $TTL 300
        @ SOA ns mail 7 3600 300 3600000 60
        @ NS ns
        ns A 192.0.2.1
        www A 192.0.2.2
        *.wild TXT "a"
        deep.down A 192.0.2.3
        sub NS ns.elsewhere.test.
        """;

    private static readonly string[] s_times = ["--inception", "20260101000000", "--expiration", "20400101000000"];

    [Theory]
    [InlineData("ECDSAP256SHA256", false)]
    [InlineData("RSASHA256", true)]
    [InlineData("ED25519", true)]
    public void What_is_signed_is_accepted_by_the_verifiers_of_BIND_and_ldns(string algorithm, bool isHashed)
    {
        var (verifier, other) = (Http.Programs.Require("dnssec-verify"), Http.Programs.Require("ldns-verify-zone"));
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "signed.test", algorithm);
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        string[] chain = isHashed ? ["--nsec3", "--zonemd", "--cds"] : [];
        var run = Command.RunIn(folder.Path, ["zone", "sign", "signed.test=db", "-o", "db.signed", .. chain, "--key", .. keys]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith($"zone signed.test., serial 7, signed with 2 keys: ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{(isHashed ? "NSEC3" : "NSEC")} chain of ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"for the parent zone:\nsigned.test. IN DS {int.Parse(keys[0].Split('+')[2])} ", run.Output, StringComparison.Ordinal);
        PeerTool.Demand(verifier, folder.Path, "-o", "signed.test", "db.signed");
        PeerTool.Demand(other, folder.Path, "db.signed");
        Assert.Equal(0, Command.RunIn(folder.Path, "zone", "check", "--strict", "signed.test=db.signed").ExitCode);
    }

    [Fact]
    public void A_key_s_secret_is_its_owner_s_from_the_first_byte_on()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("modes are Unix's"); }
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "keys"));
        var run = Command.RunIn(folder.Path, "zone", "key", "Example.test", "--directory", "keys");
        var name = run.Output.TrimEnd('\n');
        Assert.Matches("^keys/Kexample\\.test\\.\\+013\\+[0-9]{5}$", name);
        var secret = Path.Combine(folder.Path, name + ".private");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(secret));
        // While it is being written nobody else may read it either.
        using var part = Cli.Io.WholeFile.Create("x", Path.Combine(folder.Path, "x"), null!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(Path.Combine(folder.Path, "x.part")));
        File.WriteAllText(Path.Combine(folder.Path, "x"), "open to all");
        part.Write("secret"u8);
        part.Complete();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(Path.Combine(folder.Path, "x")));
    }

    [Fact]
    public void The_same_zone_keys_and_times_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "signed.test", "ECDSAP256SHA256");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        var once = Sign(folder.Path, [.. s_times, "--deterministic", "--key", .. keys]);
        var again = Sign(folder.Path, [.. s_times, "--deterministic", "--key", .. keys]);
        Assert.Equal((0, once.Output), (again.ExitCode, again.Output));
        Assert.Contains(" IN RRSIG ", once.Output, StringComparison.Ordinal);
        // What is said of the zone does not stand in it.
        Assert.Contains("for the parent zone:", once.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_that_does_not_hold_now_is_told()
    {
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "signed.test", "ED25519");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        Assert.Contains(
            "warning: the signatures are over since 2002-01-01 00:00:00 UTC",
            Sign(folder.Path, ["--inception", "20010101000000", "--expiration", "20020101000000", "--key", .. keys]).Errors, StringComparison.Ordinal);
        Assert.Contains("warning: the signatures hold only from ", Sign(folder.Path, ["--inception", "+1d", "--key", .. keys]).Errors, StringComparison.Ordinal);
        var run = Command.RunIn(folder.Path, ["zone", "sign", "signed.test=db", "--inception", "+1d", "--lang", "zh", "--key", .. keys]);
        Assert.Contains("警告：签名要到 ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("供上级域使用：", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_cannot_sign_the_zone_is_named_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "other.test", "ED25519");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        AssertRefused($"firstbyte: {keys[0]}: a key of other.test., not of signed.test.\n", keys[0]);
        AssertRefused("firstbyte: 'Knone.key' cannot be read: there is no such file", "Knone");
        var secret = Path.Combine(folder.Path, keys[0] + ".private");
        var text = File.ReadAllText(secret);
        File.WriteAllText(secret, File.ReadAllText(Path.Combine(folder.Path, keys[1] + ".private")));
        AssertRefused($"firstbyte: {keys[0]}: the two files are not those of one key\n", keys[0]);
        File.WriteAllText(secret, text.Replace("PrivateKey: ", "PrivateKey: !", StringComparison.Ordinal));
        AssertRefused($"firstbyte: {keys[0]}: a number of the secret is missing in the private file, or is none of its kind\n", keys[0]);
        File.WriteAllText(secret, "");
        AssertRefused($"firstbyte: {keys[0]}: the private file does not begin with Private-key-format: v1; ", keys[0]);
        var shown = Path.Combine(folder.Path, keys[0] + ".key");
        File.WriteAllText(secret, text);
        File.WriteAllText(shown, File.ReadAllText(shown).Replace("DNSKEY 257", "DNSKEY 0", StringComparison.Ordinal));
        AssertRefused($"firstbyte: {keys[0]}: the flags of the DNSKEY record say that it is no zone's key\n", keys[0]);
        File.WriteAllText(shown, "other.test. IN A 192.0.2.1\n");
        AssertRefused($"firstbyte: {keys[0]}: the public file does not hold one DNSKEY record; ", keys[0]);

        void AssertRefused(string complaint, string key)
        {
            var run = Sign(folder.Path, ["--key", key]);
            Assert.NotEqual(0, run.ExitCode);
            Assert.Equal("", run.Output);
            Assert.StartsWith(complaint, run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_zone_that_cannot_be_signed_is_told_why()
    {
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "signed.test", "ED25519");
        File.WriteAllText(Path.Combine(folder.Path, "db"), "$TTL 60\n@ NS ns.elsewhere.test.\n");
        var run = Sign(folder.Path, ["--key", .. keys]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("expected an SOA record at signed.test., found nothing", run.Errors, StringComparison.Ordinal);

        var origin = string.Join('.', Enumerable.Repeat(new string('x', 55), 4));
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        run = Command.RunIn(folder.Path, ["zone", "sign", $"{origin}=db", "--nsec3", "--key", .. keys]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has 225 octets; NSEC3 puts a hash in front and needs a zone's name of at most 222: sign without --nsec3", run.Errors, StringComparison.Ordinal);

        // A key of another algorithm stays in the zone, and nobody signs with it.
        var rsa = MakeKeys(folder.Path, "signed.test", "RSASHA256")[0];
        File.WriteAllText(Path.Combine(folder.Path, "db"), $"{Zone}\n$INCLUDE {rsa}.key\n");
        run = Sign(folder.Path, ["--key", .. keys]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning: the zone shows keys of algorithm RSASHA256, but none of that algorithm was given", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--nsec3")]
    public void A_validator_believes_what_the_command_signs_and_serves(params string[] chain)
    {
        if (!File.Exists("/usr/sbin/unbound")) { Assert.Skip("unbound is not installed"); }
        using var folder = new TemporaryFolder();
        var keys = MakeKeys(folder.Path, "signed.test", "ECDSAP256SHA256");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        Assert.Equal(0, Command.RunIn(folder.Path, ["zone", "sign", "signed.test=db", "-o", "db.signed", .. chain, "--key", .. keys]).ExitCode);
        using var server = ServingCommand.Start(folder.Path, "--zone", "signed.test=db.signed");
        var anchor = File.ReadAllText(Path.Combine(folder.Path, keys[0] + ".key"));
        using var validator = PeerServer.StartValidator("signed.test.", anchor, server.Port)!;
        foreach (var (name, type, code) in ((string, RecordType, ResponseCode)[])
        [
            ("www", RecordType.A, ResponseCode.NoError), ("www", RecordType.MX, ResponseCode.NoError), ("no", RecordType.A, ResponseCode.NameError),
            ("x.wild", RecordType.TXT, ResponseCode.NoError), ("x.wild", RecordType.A, ResponseCode.NoError), ("down", RecordType.A, ResponseCode.NoError),
            ("sub", RecordType.DS, ResponseCode.NoError),
        ])
        {
            var question = new Question(DnsName.Parse($"{name}.signed.test."), type);
            var answer = validator.Ask(DnsMessage.Query(7, question, HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true }));
            Assert.Equal((code, true), (answer.ResponseCode, (answer.Flags & HeaderFlags.AuthenticData) != HeaderFlags.None));
        }
    }

    /// <summary>The key of the keys, then that of the zone.</summary>
    private static string[] MakeKeys(string folder, string zone, string algorithm) =>
        Array.ConvertAll<string[], string>([["--ksk"], []], kind =>
        {
            var run = Command.RunIn(folder, ["zone", "key", zone, "--algorithm", algorithm, .. kind]);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            return run.Output.TrimEnd('\n');
        });

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static CommandRun Sign(string folder, string[] rest) => Command.RunIn(folder, ["zone", "sign", "signed.test=db", .. rest]);
}
