namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>The runner itself, with a scenario of our own: it passes, and each change to what is expected makes it fail.</summary>
public sealed class ScenarioRunnerTests
{
    private const string Text =
        """
        stub-addr: 192.0.2.1 # the root
        CONFIG_END
        SCENARIO_BEGIN a name below a delegation, then the denial of another
        RANGE_BEGIN 0 100 192.0.2.1
        ENTRY_BEGIN
        MATCH opcode subdomain
        ADJUST copy_id copy_query
        REPLY QR NOERROR
        SECTION QUESTION
        example. IN A
        SECTION AUTHORITY
        example. IN NS ns.example.
        SECTION ADDITIONAL
        ns.example. IN A 192.0.2.2
        ENTRY_END
        RANGE_END
        RANGE_BEGIN 0 100
          ADDRESS 192.0.2.2
        ENTRY_BEGIN
        MATCH opcode qtype qname
        ADJUST copy_id
        REPLY QR AA NOERROR
        SECTION QUESTION
        www.example. IN A
        SECTION ANSWER
        www.example. 300 IN A 192.0.2.3
        www.example. 300 IN A 192.0.2.4
        ENTRY_END
        ENTRY_BEGIN
        MATCH opcode
        ADJUST copy_id copy_query
        REPLY QR AA NXDOMAIN
        SECTION QUESTION
        x.example. IN A
        SECTION AUTHORITY
        example. 60 IN SOA ns.example. mail.example. 1 2 3 4 60
        ENTRY_END
        RANGE_END
        STEP 1 QUERY
        ENTRY_BEGIN
        REPLY RD
        SECTION QUESTION
        www.example. IN A
        ENTRY_END
        STEP 2 CHECK_ANSWER
        ENTRY_BEGIN
        MATCH all
        REPLY QR RD RA NOERROR
        SECTION QUESTION
        www.example. IN A
        SECTION ANSWER
        www.example. IN A 192.0.2.4
        www.example. IN A 192.0.2.3
        ENTRY_END
        STEP 3 QUERY
        ENTRY_BEGIN
        REPLY RD
        SECTION QUESTION
        no.example. IN A
        ENTRY_END
        STEP 4 CHECK_ANSWER
        ENTRY_BEGIN
        MATCH all
        REPLY QR RD RA NXDOMAIN
        SECTION QUESTION
        no.example. IN A
        SECTION AUTHORITY
        example. IN SOA ns.example. mail.example. 1 2 3 4 60
        ENTRY_END
        SCENARIO_END
        """;

    [Fact]
    public void A_scenario_is_played_in_both_ways_and_met() => Assert.Null(ScenarioRun.Play(Scenario.Parse(Text)));

    [Theory]
    [InlineData("www.example. IN A 192.0.2.3\nENTRY_END\nSTEP 3", "www.example. IN A 192.0.2.5\nENTRY_END\nSTEP 3", "step 2")]
    [InlineData("www.example. IN A 192.0.2.4\nwww.example. IN A 192.0.2.3\nENTRY", "www.example. IN A 192.0.2.4\nENTRY", "step 2")]
    [InlineData("REPLY QR RD RA NOERROR", "REPLY QR RD RA AD NOERROR", "step 2")]
    [InlineData("REPLY QR RD RA NOERROR", "REPLY QR RD RA SERVFAIL", "step 2")]
    [InlineData("REPLY QR RD RA NXDOMAIN", "REPLY QR RD RA NOERROR", "step 4")]
    [InlineData("example. IN SOA ns.example. mail.example. 1 2 3 4 60\nENTRY_END\nSCENARIO", "example. IN SOA ns.example. mail.example. 9 2 3 4 60\nENTRY_END\nSCENARIO", "step 4")]
    [InlineData("SECTION AUTHORITY\nexample. IN SOA ns.example. mail.example. 1 2 3 4 60\nENTRY_END\nSCENARIO", "ENTRY_END\nSCENARIO", "step 4")]
    public void A_changed_expectation_is_not_met(string expected, string changed, string step)
    {
        Assert.Contains(expected, Text, StringComparison.Ordinal);
        Assert.StartsWith(step, ScenarioRun.Play(Scenario.Parse(Text.Replace(expected, changed, StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_any_resolver_would_have_is_not_that_of_signatures()
    {
        const string Anchor = "trust-anchor: \"example. 3600 IN DS 1 13 2 00\n  00000000000000000000000000000000000000000000000000000000000000\"\n";
        var silent = Text[..Text.IndexOf("RANGE_BEGIN 0 100\n", StringComparison.Ordinal)] + Text[Text.IndexOf("STEP 1", StringComparison.Ordinal)..];
        var wanted = silent.Replace("REPLY QR RD RA NOERROR", "REPLY QR RD RA SERVFAIL", StringComparison.Ordinal)
            .Replace("SECTION ANSWER\nwww.example. IN A 192.0.2.4\nwww.example. IN A 192.0.2.3\n", "", StringComparison.Ordinal);
        wanted = wanted[..wanted.IndexOf("STEP 3", StringComparison.Ordinal)] + "SCENARIO_END\n";
        Assert.Null(ScenarioRun.Play(Scenario.Parse(wanted)));
        Assert.Contains("not that of signatures", ScenarioRun.Play(Scenario.Parse(Anchor + wanted)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_prints_a_line_for_each_and_fails_when_one_fails()
    {
        var folder = Directory.CreateTempSubdirectory("firstbyte-scenarios-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "good.rpl"), Text);
            var output = new StringWriter();
            Assert.Equal(0, ScenarioFolder.Play(folder, output));
            Assert.Equal("PASS good\n1 passed, 0 failed\n", output.ToString().ReplaceLineEndings("\n"));
            File.WriteAllText(Path.Combine(folder, "odd.rpl"), Text.Replace("NXDOMAIN\nSECTION QUESTION\nno", "REFUSED\nSECTION QUESTION\nno", StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(folder, "none.rpl"), "SCENARIO_BEGIN without a header");
            output = new StringWriter();
            Assert.Equal(1, ScenarioFolder.Play(folder, output));
            var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
            Assert.Equal("PASS good", lines[0]);
            Assert.StartsWith("FAIL none: ", lines[1], StringComparison.Ordinal);
            Assert.StartsWith("FAIL odd: step 4: ", lines[2], StringComparison.Ordinal);
            Assert.Equal("1 passed, 2 failed", lines[3]);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
