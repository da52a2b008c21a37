using System.Globalization;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>Zones that are copied and changed between <c>firstbyte serve dns</c> and NSD, Knot and BIND, with TSIG.</summary>
public sealed class TransferCommandTests : ChangedZone
{
    [Theory]
    [InlineData("nsd")]
    [InlineData("knot")]
    [InlineData("bind")]
    public async Task A_secondary_of_ours_follows_our_changes(string name)
    {
        TransferPeer.Require(name);
        var dig = Programs.Require("dig");
        using var folder = Folder();
        var (ours, theirs) = (TransferPeer.FreePort(), TransferPeer.FreePort());
        using var server = ServingCommand.Start(
            folder.Path, "--zone", "example.test=db", "--listen", $"127.0.0.1:{ours}", "--tsig-key", "keys", "--allow-transfer", "127.0.0.1,key=k",
            "--allow-update", "key=k", "--notify", $"127.0.0.1#{theirs},key=k");
        using var peer = TransferPeer.StartSecondary(name, theirs, ours);
        await UntilAsync(() => SerialAt(theirs) == 1, () => $"the secondary has not the zone\n{server.Said}\n{peer.Said}");
        server.WaitFor("with key k.: the whole zone");
        Assert.Equal(await TransferAsync(dig, ours), await TransferAsync(dig, theirs));
        for (var serial = 2u; serial < 5; serial++)
        {
            Assert.Equal(ResponseCode.NoError, Update(ours, ($"new{serial}", $"A 192.0.2.{serial}", true), ($"host{serial}", $"TXT \"number {serial}\"", false)));
            await UntilAsync(() => SerialAt(theirs) == serial, () => $"the secondary does not follow\n{server.Said}\n{peer.Said}");
        }
        server.WaitFor("with key k.: differences");
        Assert.Equal(await TransferAsync(dig, ours), await TransferAsync(dig, theirs));
        Assert.DoesNotContain(TransferPeer.Secret, server.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nsd")]
    [InlineData("knot")]
    [InlineData("bind")]
    public async Task We_follow_the_changes_of_a_primary(string name)
    {
        TransferPeer.Require(name);
        var dig = Programs.Require("dig");
        using var folder = Folder();
        var (ours, theirs) = (TransferPeer.FreePort(), TransferPeer.FreePort());
        using var peer = TransferPeer.StartPrimary(name, Zone, theirs, ours);
        await UntilAsync(() => SerialAt(theirs) == 1, () => $"the primary does not start\n{peer.Said}");
        using (var server = Secondary())
        {
            await UntilAsync(() => SerialAt(ours) == 1, () => $"we have not the zone\n{server.Said}\n{peer.Said}");
            server.WaitFor($"zone example.test., serial 1, from 127.0.0.1:{theirs}: the whole zone");
            Assert.Equal(await TransferAsync(dig, theirs), await TransferAsync(dig, ours));
            for (var serial = 2u; serial < 4; serial++)
            {
                if (name == "nsd")
                {
                    File.WriteAllText(
                        Path.Combine(peer.Folder, "zone"), Zone.Replace("hostmaster 1 ", $"hostmaster {serial} ", StringComparison.Ordinal) + $"new{serial} A 192.0.2.{serial}\n");
                    peer.Reload();
                }
                else { Assert.Equal(ResponseCode.NoError, Update(theirs, ($"new{serial}", $"A 192.0.2.{serial}", true), ($"host{serial}", $"A 10.0.0.{serial}", false))); }
                await UntilAsync(() => SerialAt(ours) == serial, () => $"we do not follow\n{server.Said}\n{peer.Said}");
                server.WaitFor($"says that zone example.test. is newer, serial {serial}");
                server.WaitFor($"zone example.test., serial {serial}, from 127.0.0.1:{theirs}: differences");
            }
            Assert.Equal(await TransferAsync(dig, theirs), await TransferAsync(dig, ours));
        }
        // What was copied is there without the primary too.
        peer.Dispose();
        using var again = Secondary();
        Assert.Equal(3u, SerialAt(ours));

        ServingCommand Secondary() => ServingCommand.Start(
            folder.Path, "--secondary", $"example.test=127.0.0.1#{theirs},key=k,file=copy", "--listen", $"127.0.0.1:{ours}", "--tsig-key", "keys",
            "--allow-transfer", "key=k");
    }

    [Fact]
    public async Task Who_has_no_right_is_refused_logged_and_counted()
    {
        var dig = Programs.Require("dig");
        using var folder = Folder();
        using var server = ServingCommand.Start(
            folder.Path, "--zone", "example.test=db", "--tsig-key", "keys", "--allow-transfer", "192.0.2.0/24", "--allow-transfer", "key=k", "--allow-update", "key=k", "--metrics", "127.0.0.1:0");
        Assert.Contains("Transfer failed", await RunAsync(dig, server.Port, "example.test", "AXFR"), StringComparison.Ordinal);
        var ixfr = new Question(DnsName.Parse("example.test."), RecordType.IXFR);
        Assert.Equal(ResponseCode.Refused, Ask(server.Port, DnsMessage.Query(7, ixfr).ToArray())?.ResponseCode);
        Assert.Contains("Transfer failed", await RunAsync(dig, server.Port, "elsewhere.test", "AXFR"), StringComparison.Ordinal);
        Assert.Equal(ResponseCode.Refused, Update(server.Port, null, "example.test.", ("x", "A 192.0.2.1", true)));
        Assert.Equal(ResponseCode.NotAuthoritative, Update(server.Port, Key, "elsewhere.test.", ("x", "A 192.0.2.1", true)));
        var said = server.WaitFor("to change zone elsewhere.test. (2 so far)");
        Assert.Contains("REFUSED: a copy of zone example.test. (1 so far)", said, StringComparison.Ordinal);
        Assert.Contains("NOTAUTH: a copy of zone elsewhere.test. (3 so far)", said, StringComparison.Ordinal);
        Assert.Contains("REFUSED: to change zone example.test. (1 so far)", said, StringComparison.Ordinal);
        Assert.Equal(ResponseCode.NoError, Update(server.Port, Key, "example.test.", ("y", "A 192.0.2.1", true)));
        var url = said.Split('\n').First(static line => line.Contains("/metrics", StringComparison.Ordinal)).Split(' ')[^1];
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(url, TestContext.Current.CancellationToken);
        Assert.Contains("firstbyte_dns_requests_refused_total{kind=\"transfer\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("firstbyte_dns_requests_refused_total{kind=\"update\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("firstbyte_dns_requests_granted_total{kind=\"update\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("firstbyte_dns_requests_granted_total{kind=\"transfer\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Equal(2u, SerialAt(server.Port));
    }

    [Fact]
    public async Task A_file_that_is_newer_after_SIGHUP_is_given_as_differences()
    {
        var dig = Programs.Require("dig");
        using var folder = Folder();
        using var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db", "--allow-transfer", "127.0.0.1");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone.Replace("hostmaster 1 ", "hostmaster 2 ", StringComparison.Ordinal) + "new A 192.0.2.99\n");
        server.Signal("HUP");
        await UntilAsync(() => SerialAt(server.Port) == 2, () => server.Said);
        var text = await RunAsync(dig, server.Port, "example.test", "IXFR=1", "+noall", "+answer");
        Assert.Equal(5, text.Split('\n').Count(static line => line.StartsWith("example.test.", StringComparison.Ordinal) || line.StartsWith("new.example.test.", StringComparison.Ordinal)));
    }

    /// <summary>Who edits the file of a zone that messages change is told what became of it, and the server starts again whatever came of it.</summary>
    [Fact]
    public async Task A_file_that_was_changed_by_hand_is_taken_where_it_is_the_newest()
    {
        using var folder = Folder();
        string[] arguments = ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k"];
        var db = Path.Combine(folder.Path, "db");
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c1", "TXT \"one\"", true)));
            File.WriteAllText(db, Zone + "hand TXT \"old\"\n");
            server.Signal("HUP");
            server.WaitFor("db: not taken: it was changed by hand, but its serial 1 is not newer than 2 of zone example.test. as it is served.");
            Assert.Equal((2u, null), (SerialAt(server.Port), TextAt(server.Port, "hand")));
            // As the help says: written with the journal's changes, changed, and given a newer number.
            Assert.Equal(0, Command.RunIn(folder.Path, ["zone", "format", "example.test=db", "-o", "db"]).ExitCode);
            var text = File.ReadAllText(db);
            Assert.Contains("c1.example.test.", text, StringComparison.Ordinal);
            File.WriteAllText(db, text.Replace("hostmaster.example.test. 2 ", "hostmaster.example.test. 10 ", StringComparison.Ordinal).Replace("\"old\"", "\"new\"", StringComparison.Ordinal));
            server.Signal("HUP");
            server.WaitFor("db: taken as the newest version of zone example.test., serial 10: 0 records fewer, 1 more");
            await UntilAsync(() => SerialAt(server.Port) == 10, () => server.Said);
            Assert.Equal(("\"one\"", "\"new\""), (TextAt(server.Port, "c1"), TextAt(server.Port, "hand")));
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c2", "TXT \"two\"", true)));
        }
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Equal((11u, "\"one\""), (SerialAt(server.Port), TextAt(server.Port, "c1")));
            Assert.Contains("db.journal: 1 change made again, serial 11 now", server.Said, StringComparison.Ordinal);
            Assert.Equal(("\"two\"", "\"new\""), (TextAt(server.Port, "c2"), TextAt(server.Port, "hand")));
            var before = server.Said.Length;
            server.Signal("HUP");
            await UntilAsync(() => server.Said.Length > before, () => server.Said);
            await Task.Delay(200);
            Assert.DoesNotContain("taken", server.Said[before..], StringComparison.Ordinal);
        }
    }

    /// <summary>The serial number of a file that was changed while no server had it may be as before: secondaries never learn of that, so somebody has to.</summary>
    [Fact]
    public void A_file_that_was_changed_by_hand_under_its_number_is_told_at_the_start()
    {
        using var folder = Folder();
        string[] arguments = ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k"];
        var db = Path.Combine(folder.Path, "db");
        const string Unheard = "warning: zone example.test. was changed, but its serial 1 is not newer than before: secondaries do not take it over";
        using (var server = ServingCommand.Start(folder.Path, arguments)) { Assert.DoesNotContain("warning", server.Said, StringComparison.Ordinal); }
        File.WriteAllText(db, Zone + "early TXT \"1\"\n");
        using (var server = ServingCommand.Start(folder.Path, arguments)) { Assert.Contains(Unheard, server.Said, StringComparison.Ordinal); }
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.DoesNotContain("warning", server.Said, StringComparison.Ordinal);
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c1", "TXT \"one\"", true)));
        }
        File.WriteAllText(db, "; a word of no account\n" + Zone + "early TXT \"1\"\n");
        using (var server = ServingCommand.Start(folder.Path, arguments)) { Assert.DoesNotContain("warning", server.Said, StringComparison.Ordinal); }
        File.WriteAllText(db, Zone + "early TXT \"1\"\nhand TXT \"2\"\n");
        for (var start = 0; start < 2; start++)
        {
            using var server = ServingCommand.Start(folder.Path, arguments);
            Assert.Contains("warning: db was changed by hand under serial 1, from which the changes of its journal lead on", server.Said, StringComparison.Ordinal);
            Assert.Equal((2u, "\"one\"", "\"2\""), (SerialAt(server.Port), TextAt(server.Port, "c1"), TextAt(server.Port, "hand")));
        }
    }

    /// <summary>A journal may be as long as the system lets it: what does not fit is not acknowledged, and the server lives.</summary>
    [Fact]
    public void A_journal_that_may_not_grow_is_told()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs ulimit -f"); }
        using var folder = Folder();
        string File(string name) => Path.Combine(folder.Path, name);
        using var run = RunningCommand.StartIn(
            "ulimit -f 2; exec \"$@\"", "serve", "dns", "--zone", "example.test=" + File("db"), "--tsig-key", File("keys"), "--allow-update", "key=k",
            "--listen", "127.0.0.1:0");
        var port = int.Parse(run.WaitForErrors("listening on").Split(' ')[2].TrimEnd(',').Split(':')[^1], CultureInfo.InvariantCulture);
        var codes = Enumerable.Range(0, 40).Select(i => Update(port, ($"c{i}", $"TXT \"{new string('x', 100)}\"", true))).ToList();
        Assert.Equal(ResponseCode.NoError, codes[0]);
        Assert.Equal(ResponseCode.ServerFailure, codes[^1]);
        run.WaitForErrors("EFBIG");
        Assert.Equal(1u + (uint)codes.Count(static code => code == ResponseCode.NoError), SerialAt(port));
        run.Signal("TERM");
        Assert.Equal(0, run.ExitCode);
    }

    /// <summary>A newer file is taken at the start as it is while the server runs; no change that somebody was told to be made is lost without a word.</summary>
    [Fact]
    public async Task A_file_that_is_newer_than_its_journal_is_served_and_the_journal_kept()
    {
        using var folder = Folder();
        string[] arguments = ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k"];
        var db = Path.Combine(folder.Path, "db");
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c1", "TXT \"one\"", true)));
        }
        var journal = File.ReadAllBytes(db + ".journal");
        File.WriteAllText(db, Zone.Replace("hostmaster 1 ", "hostmaster 50 ", StringComparison.Ordinal));
        const string Newer = "warning: db has serial 50 of zone example.test., which is newer than 2, to which its journal leads: it is served as it is, without the changes of the journal";
        Assert.Contains(Newer + "\n", Command.RunIn(folder.Path, ["zone", "check", "example.test=db"]).Errors, StringComparison.Ordinal);
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Contains(Newer + ", which is kept as db.journal.2\n", server.Said, StringComparison.Ordinal);
            Assert.Equal(journal, File.ReadAllBytes(db + ".journal.2"));
            Assert.Equal((50u, null), (SerialAt(server.Port), TextAt(server.Port, "c1")));
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c2", "TXT \"two\"", true)));
            // As it is taken with SIGHUP, where what came by messages is known.
            File.WriteAllText(db, Zone.Replace("hostmaster 1 ", "hostmaster 60 ", StringComparison.Ordinal));
            server.Signal("HUP");
            server.WaitFor("warning: 1 record of zone example.test. is as before messages had changed them: the file did not have these changes");
            await UntilAsync(() => SerialAt(server.Port) == 60, () => server.Said);
        }
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.DoesNotContain("warning", server.Said, StringComparison.Ordinal);
            Assert.Equal((60u, null), (SerialAt(server.Port), TextAt(server.Port, "c2")));
        }
    }

    /// <summary>What looks at zone files sees the zone as a server would serve it.</summary>
    [Fact]
    public void The_journal_beside_a_file_belongs_to_its_zone()
    {
        using var folder = Folder();
        string[] arguments = ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k"];
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c1", "TXT \"one\"", true), ("lost", "NS ns.lost", true)));
            // Also while a server has it.
            Assert.Contains("serial 2", Command.RunIn(folder.Path, ["zone", "check", "example.test=db"]).Output, StringComparison.Ordinal);
        }
        var check = Command.RunIn(folder.Path, ["zone", "check", "example.test=db"]);
        Assert.Equal("db.journal: 1 change made again, serial 2 now\n", check.Errors);
        Assert.Contains("lost.example.test.", check.Output, StringComparison.Ordinal);
        Assert.Contains("db + db.journal:", check.Output, StringComparison.Ordinal);
        Assert.Contains("c1.example.test.", Command.RunIn(folder.Path, ["zone", "format", "example.test=db"]).Output, StringComparison.Ordinal);
        Assert.Contains("lost.example.test.", Command.RunIn(folder.Path, ["doctor", "--zone", "example.test=db"]).Output, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone.Replace("hostmaster 1 ", "hostmaster 4000000000 ", StringComparison.Ordinal));
        foreach (var words in (string[][])[["zone", "check", "example.test=db"], ["zone", "format", "example.test=db"], ["doctor", "--zone", "example.test=db"]])
        {
            var run = Command.RunIn(folder.Path, words);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("do not lead on from the zone file", run.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>A zone that cannot be served is no reason to serve none.</summary>
    [Fact]
    public async Task One_faulty_zone_leaves_the_others()
    {
        using var folder = Folder();
        var bad = Path.Combine(folder.Path, "bad");
        File.WriteAllText(bad, "nonsense");
        const string other = "$TTL 60\n@ SOA ns mail 1 3600 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n";
        using var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db", "--zone", "other.test=bad");
        ResponseCode? Code() => Ask(server.Port, DnsMessage.Query(7, new Question(DnsName.Parse("ns.other.test."), RecordType.A)).ToArray())?.ResponseCode;
        Assert.Contains("bad:1:", server.Said, StringComparison.Ordinal);
        Assert.Contains("zone other.test. is not served: queries for it get SERVFAIL", server.Said, StringComparison.Ordinal);
        Assert.Equal(((uint?)1, (ResponseCode?)ResponseCode.ServerFailure), (SerialAt(server.Port), Code()));
        File.WriteAllText(bad, other);
        server.Signal("HUP");
        await UntilAsync(() => Code() == ResponseCode.NoError, () => server.Said);
        File.WriteAllText(bad, "nonsense");
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone.Replace("hostmaster 1 ", "hostmaster 2 ", StringComparison.Ordinal));
        server.Signal("HUP");
        server.WaitFor("zone other.test. is served as it was");
        await UntilAsync(() => SerialAt(server.Port) == 2, () => server.Said);
        Assert.Equal(ResponseCode.NoError, Code());
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone.Replace("hostmaster 1 ", "hostmaster 2 ", StringComparison.Ordinal) + "more A 192.0.2.77\n");
        server.Signal("HUP");
        server.WaitFor("warning: zone example.test. was changed, but its serial 2 is not newer than before: secondaries do not take it over");
        var run = Command.RunIn(folder.Path, ["serve", "dns", "--zone", "other.test=bad", "--zone", "third.test=none", "--listen", "127.0.0.1:0"]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("bad:1:", run.Errors, StringComparison.Ordinal);
        Assert.Contains("none", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>RFC 1996 section 3.7 and RFC 2136 section 3.1.1: the question names the one zone that both are about.</summary>
    [Fact]
    public void News_and_changes_are_about_one_zone()
    {
        using var folder = Folder();
        using var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k");
        var zone = new Question(DnsName.Parse("example.test."), RecordType.SOA);
        foreach (var opCode in (OpCode[])[OpCode.Notify, OpCode.Update])
        {
            foreach (var questions in (Question[][])[[], [zone, zone]])
            {
                Assert.Equal(ResponseCode.FormatError, Ask(server.Port, new DnsMessage { Id = 7, OpCode = opCode, Questions = questions }.ToArray())?.ResponseCode);
            }
        }
    }

    [Fact]
    public async Task A_journal_is_replayed_or_says_why_it_cannot_be()
    {
        using var folder = Folder();
        string[] arguments = ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k"];
        var (db, journal) = (Path.Combine(folder.Path, "db"), Path.Combine(folder.Path, "db.journal"));
        using (var server = ServingCommand.Start(folder.Path, arguments))
        {
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c1", "TXT \"one\"", true)));
            // The file is not read again: it is older than what is served.
            server.Signal("HUP");
            Assert.Equal(ResponseCode.NoError, Update(server.Port, ("c2", "TXT \"two\"", true)));
            Assert.Equal(3u, SerialAt(server.Port));
            Assert.Contains("another program uses it", Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0"]).Errors, StringComparison.Ordinal);
        }
        File.AppendAllText(journal, "FBJ1 and no more");
        // Also where nobody may change the zone now.
        using (var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db"))
        {
            Assert.Contains("db.journal: 16 bytes at its end were part of a change that was not made: dropped", server.Said, StringComparison.Ordinal);
            Assert.Contains("db.journal: 2 changes made again, serial 3 now", server.Said, StringComparison.Ordinal);
            server.Signal("HUP");
            await Task.Delay(200);
            Assert.Equal((3u, "\"two\""), (SerialAt(server.Port), TextAt(server.Port, "c2")));
        }
        File.WriteAllText(db, Zone.Replace("hostmaster 1 ", "hostmaster 4000000000 ", StringComparison.Ordinal));
        var run = Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("db.journal: the journal's changes do not lead on from the zone file (zone example.test., serial 4000000000; the journal leads from 1 to 3)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("日志中的更改与区域文件不相接", Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0", "--lang", "zh"]).Errors, StringComparison.Ordinal);
        File.WriteAllText(db, Zone);
        var bytes = File.ReadAllBytes(journal);
        bytes[60] ^= 1;
        File.WriteAllBytes(journal, bytes);
        Assert.Contains("db.journal: the journal is damaged", Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0"]).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--allow-transfer x", "--allow-transfer 'x': expected ADDR[/LENGTH], a key by its name, or both with a comma (see --help)")]
    [InlineData("--allow-transfer key=nobody", "--allow-transfer: no key nobody. in the files of --tsig-key")]
    [InlineData("--allow-update 127.0.0.1", "--allow-update '127.0.0.1': expected a key by its name, behind ADDR[/LENGTH] and a comma if need be (see --help): who changes a zone has to have a key")]
    [InlineData("--notify name", "--notify 'name': expected an address, as 192.0.2.1#5300 with its port, and behind a comma the name of the key if there is one (see --help)")]
    [InlineData("--secondary a=127.0.0.1", "--secondary 'a=127.0.0.1': expected ORIGIN=ADDR[#PORT], the name of the key if there is one, and file=FILE, with commas between (see --help)")]
    [InlineData("--secondary example.test=127.0.0.1,file=x", "zone example.test. is named twice")]
    public void What_an_option_does_not_understand_it_says(string options, string expected)
    {
        using var folder = Folder();
        var run = Command.RunIn(folder.Path, ["serve", "dns", "--zone", "example.test=db", "--tsig-key", "keys", "--listen", "127.0.0.1:0", .. options.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }
}
