namespace Firstbyte.Tests;

/// <summary>A server that demands a certificate, in its lab: what is shown, what is refused and why, and what helps.</summary>
public class ClientCertificateTests
{
    private const string Lab = "--lab=client-certificates";

    [Fact]
    public void Who_shows_a_certificate_of_the_authority_is_let_in_and_the_story_says_that_it_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Command.RunIn(folder.Path, Lab, "-s", "-u", "nina:sesame", "-o", "nina.pem", "https://desk.test/nina.pem").ExitCode);
        var run = Command.RunIn(folder.Path, Lab, "--cert", "nina.pem", "https://vault.test/");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("the server asks for a certificate, and is shown that of --cert", run.Output);
        Assert.Contains("You are known here.", run.Output);
        // The same key in a file of its own, and the same bytes in every run.
        var both = File.ReadAllText(Path.Combine(folder.Path, "nina.pem"));
        var key = both.IndexOf("-----BEGIN PRIVATE KEY-----", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "cert.pem"), both[..key]);
        File.WriteAllText(Path.Combine(folder.Path, "key.pem"), both[key..]);
        Assert.Equal("You are known here.\n", Command.RunIn(folder.Path, Lab, "-s", "--cert", "cert.pem", "--key", "key.pem", "https://vault.test/").Output);
        Assert.Equal(both, Command.RunIn(folder.Path, Lab, "-s", "-u", "nina:sesame", "https://desk.test/nina.pem").Output);
        // Who is not asked shows nothing.
        var unasked = Command.RunIn(folder.Path, Lab, "--cert", "nina.pem", "https://desk.test/");
        Assert.Equal(0, unasked.ExitCode);
        Assert.DoesNotContain("the server asks for a certificate", unasked.Output);
    }

    /// <summary>It is not given to whoever does not know the password.</summary>
    [Fact]
    public void The_desk_wants_a_password() =>
        Assert.Equal(22, Command.Run(Lab, "-s", "-f", "https://desk.test/nina.pem").ExitCode);

    [Theory]
    [InlineData("old.pem", "certificate_expired", "a certificate whose time has begun and is not over")]
    [InlineData("early.pem", "certificate_expired", "a certificate whose time has begun and is not over")]
    [InlineData("stranger.pem", "unknown_ca", "a certificate from an authority that the server trusts")]
    [InlineData("server.pem", "unsupported_certificate", "a certificate that is meant for clients")]
    public void A_certificate_that_the_server_does_not_take_is_refused_with_the_reason_and_the_cure(string file, string alert, string cure)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Command.RunIn(folder.Path, Lab, "-s", "-o", file, $"https://desk.test/{file}").ExitCode);
        foreach (var version in (string[])["1.2", "1.3"])
        {
            var run = Command.RunIn(folder.Path, Lab, "--tls-max", version, "--cert", file, "https://vault.test/");
            Assert.Equal(35, run.ExitCode);
            var told = (run.Output + run.Errors).ReplaceLineEndings(" ");
            Assert.Contains($"the server does not take the certificate that it was shown ({alert})", told);
            Assert.Contains("At fault: what was typed", told);
            Assert.Contains($"Try: {cure}", told);
            Assert.DoesNotContain("You are known here.", told);
        }
    }

    [Theory]
    [InlineData("1.2", "handshake_failure")]
    [InlineData("1.3", "certificate_required")]
    public void Who_shows_nothing_is_told_what_to_show(string version, string alert)
    {
        var run = Command.Run(Lab, "--tls-max", version, "https://vault.test/");
        Assert.Equal(98, run.ExitCode);
        var told = (run.Output + run.Errors).ReplaceLineEndings(" ");
        Assert.Contains($"the server demands a certificate of its client, and there is none here ({alert})", told);
        Assert.Contains("At fault: what was typed", told);
        Assert.Contains("Try: --cert FILE and --key FILE, with a certificate that the server takes", told);
    }
}
