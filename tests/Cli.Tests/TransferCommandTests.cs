using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Tests.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Tests;

/// <summary>Zones that are copied and changed between <c>firstbyte serve dns</c> and NSD, Knot and BIND, with TSIG.</summary>
public class TransferCommandTests
{
    private const string Keys = "key k { algorithm hmac-sha256; secret \"" + TransferPeer.Secret + "\"; };\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Enough for several messages, with what is easily got wrong on the way.</summary>
    private static readonly string s_zone = """
        $ORIGIN example.test.
        $TTL 3600
        @          SOA   ns hostmaster 1 3600 900 1209600 300
        @          NS    ns
        @          MX    10 mail
        ns         A     192.0.2.53
        mail       A     192.0.2.25
        *.wild     TXT   "one" "two\010\"three"
        esc\.aped  TXT   "a dot in a label"
        UPPER      A     192.0.2.5
        sub        NS    ns.sub
        ns.sub     A     192.0.2.60
        sub        DS    1 8 2 0000000000000000000000000000000000000000000000000000000000000000
        tree       DNAME other.example.net.
        svc        HTTPS 1 . alpn=h2 ipv4hint=192.0.2.80
        odd        TYPE65280 \# 4 0a000001
        _s._tcp    SRV   0 5 80 mail

        """ + string.Concat(Enumerable.Range(0, 3000).Select(static i => $"host{i} A 10.0.{i / 256}.{i % 256}\nhost{i} TXT \"number {i}\"\n"));

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
    [InlineData("nsd", "the whole zone")]
    [InlineData("knot", "differences")]
    [InlineData("bind", "differences")]
    public async Task We_follow_the_changes_of_a_primary(string name, string how)
    {
        TransferPeer.Require(name);
        var dig = Programs.Require("dig");
        using var folder = Folder();
        var (ours, theirs) = (TransferPeer.FreePort(), TransferPeer.FreePort());
        using var peer = TransferPeer.StartPrimary(name, s_zone, theirs, ours);
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
                        Path.Combine(peer.Folder, "zone"), s_zone.Replace("hostmaster 1 ", $"hostmaster {serial} ", StringComparison.Ordinal) + $"new{serial} A 192.0.2.{serial}\n");
                    peer.Reload();
                }
                else { Assert.Equal(ResponseCode.NoError, Update(theirs, ($"new{serial}", $"A 192.0.2.{serial}", true), ($"host{serial}", $"A 10.0.0.{serial}", false))); }
                await UntilAsync(() => SerialAt(ours) == serial, () => $"we do not follow\n{server.Said}\n{peer.Said}");
                server.WaitFor($"says that zone example.test. is newer, serial {serial}");
                server.WaitFor($"zone example.test., serial {serial}, from 127.0.0.1:{theirs}: {how}");
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
            folder.Path, "--zone", "example.test=db", "--tsig-key", "keys", "--allow-transfer", "192.0.2.0/24", "--allow-transfer", "key=k", "--allow-update", "key=k");
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
        Assert.Equal(1u, SerialAt(server.Port));
    }

    [Fact]
    public async Task A_file_that_is_newer_after_SIGHUP_is_given_as_differences()
    {
        var dig = Programs.Require("dig");
        using var folder = Folder();
        using var server = ServingCommand.Start(folder.Path, "--zone", "example.test=db", "--allow-transfer", "127.0.0.1");
        File.WriteAllText(Path.Combine(folder.Path, "db"), s_zone.Replace("hostmaster 1 ", "hostmaster 2 ", StringComparison.Ordinal) + "new A 192.0.2.99\n");
        server.Signal("HUP");
        await UntilAsync(() => SerialAt(server.Port) == 2, () => server.Said);
        var text = await RunAsync(dig, server.Port, "example.test", "IXFR=1", "+noall", "+answer");
        Assert.Equal(5, text.Split('\n').Count(static line => line.StartsWith("example.test.", StringComparison.Ordinal) || line.StartsWith("new.example.test.", StringComparison.Ordinal)));
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
        File.WriteAllText(db, s_zone.Replace("hostmaster 1 ", "hostmaster 9 ", StringComparison.Ordinal));
        var run = Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("db.journal: the journal's changes do not lead on from the zone file (zone example.test., serial 9)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("日志中的更改与区域文件不相接", Command.RunIn(folder.Path, ["serve", "dns", .. arguments, "--listen", "127.0.0.1:0", "--lang", "zh"]).Errors, StringComparison.Ordinal);
        File.WriteAllText(db, s_zone);
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

    [Theory]
    [InlineData(8)]
    [InlineData(1000)]
    public async Task No_acknowledged_change_is_lost_when_the_server_is_killed(int kills)
    {
        if (kills > 8 && Environment.GetEnvironmentVariable("FIRSTBYTE_LONG_TESTS") != "1") { Assert.Skip("a thousand kills take an hour: FIRSTBYTE_LONG_TESTS=1"); }
        using var folder = Folder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), "$TTL 60\n@ SOA ns mail 1 3600 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n");
        var random = new Random(kills);
        var (acknowledged, asked) = (0, 0);
        for (var kill = 0; kill <= kills; kill++)
        {
            string[] compacts = kill % 7 == 6 ? ["--compact"] : [];
            using var server = ServingCommand.Start(folder.Path, ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k", .. compacts]);
            // Every change that was acknowledged is there, and of the others at most the one that was under way.
            await UntilAsync(() => SerialAt(server.Port) is not null, () => server.Said);
            var serial = SerialAt(server.Port)!.Value;
            Assert.InRange(serial, (uint)acknowledged + 1, (uint)asked + 1);
            acknowledged = asked = (int)serial - 1;
            for (var i = 1; i <= acknowledged; i += Math.Max(1, acknowledged / 50)) { await UntilAsync(() => TextAt(server.Port, $"c{i}") == $"\"change {i}\"", () => $"change {i} of {acknowledged} is lost"); }
            if (acknowledged > 0) { await UntilAsync(() => TextAt(server.Port, $"c{acknowledged}") == $"\"change {acknowledged}\"", () => $"the last change, {acknowledged}, is lost"); }
            TestContext.Current.SendDiagnosticMessage($"{kill} kills, {acknowledged} changes");
            if (kill == kills) { break; }
            // Some are killed in the middle of their first change, the others of a later one.
            using var killing = new Timer(_ => server.Kill());
            if (kill % 4 == 0) { Arm(); }
            for (var change = 0; change < 10_000; change++)
            {
                asked++;
                if (TryUpdate(server.Port, Key, "example.test.", [($"c{asked}", $"TXT \"change {asked}\"", true)]) is not { } code) { break; }
                Assert.Equal(ResponseCode.NoError, code);
                acknowledged++;
                if (change == 0 && kill % 4 != 0) { Arm(); }
            }

            void Arm() => killing.Change(TimeSpan.FromMilliseconds(random.Next(1, 60)), Timeout.InfiniteTimeSpan);

            server.Kill();
        }
        Assert.True(acknowledged >= kills / 2, $"{acknowledged} changes were made before {kills} kills");
    }

    private static TsigKey Key => new(DnsName.Parse("k."), TsigAlgorithm.HmacSha256, Convert.FromBase64String(TransferPeer.Secret));

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), s_zone);
        File.WriteAllText(Path.Combine(folder.Path, "keys"), Keys);
        return folder;
    }

    private static async Task UntilAsync(Func<bool> holds, Func<string> says)
    {
        for (var clock = Stopwatch.StartNew(); !holds(); await Task.Delay(50))
        {
            if (clock.Elapsed > s_patience) { throw new InvalidOperationException(says()); }
        }
    }

    /// <summary>
    /// A whole zone, as dig prints it, in order. A server that takes up a changed zone replaces the processes that answer: a copy that it breaks off meanwhile is asked for again.
    /// </summary>
    private static async Task<string> TransferAsync(string dig, int port)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            var text = await RunAsync(dig, port, "-y", $"hmac-sha256:k:{TransferPeer.Secret}", "example.test", "AXFR", "+noall", "+answer");
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith(';'))
                .Select(static line => string.Join(' ', line.ToLowerInvariant().Split(' ', '\t').Where(static word => word.Length > 0))).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (lines.Length > 6_000) { return string.Join('\n', lines); }
            Assert.True(clock.Elapsed < s_patience, text);
        }
    }

    private static async Task<string> RunAsync(string dig, int port, params string[] arguments)
    {
        var (_, output) = await Programs.RunAsync(dig, ["@127.0.0.1", "-p", $"{port}", .. arguments]);
        return Encoding.UTF8.GetString(output);
    }

    private static uint? SerialAt(int port)
    {
        var answer = Ask(port, DnsMessage.Query(7, new Question(DnsName.Parse("example.test."), RecordType.SOA)).ToArray());
        return answer is { ResponseCode.Value: 0, Answers: [{ Data: SoaData soa }] } ? soa.Serial : null;
    }

    private static string? TextAt(int port, string name)
    {
        var answer = Ask(port, DnsMessage.Query(7, new Question(DnsName.Parse($"{name}.example.test."), RecordType.TXT)).ToArray());
        return answer is { Answers: [{ Data: var data }] } ? data.ToString() : null;
    }

    private static ResponseCode Update(int port, params (string Name, string Data, bool IsAdded)[] changes) => Update(port, Key, "example.test.", changes);

    private static ResponseCode Update(int port, TsigKey? key, string zone, params (string Name, string Data, bool IsAdded)[] changes) =>
        TryUpdate(port, key, zone, changes) ?? throw new InvalidOperationException("no answer");

    private static ResponseCode? TryUpdate(int port, TsigKey? key, string zone, (string Name, string Data, bool IsAdded)[] changes)
    {
        var records = new List<DnsRecord>();
        foreach (var (name, data, isAdded) in changes)
        {
            var read = Firstbyte.Dns.Zones.ZoneFileReader.Read(string.Create(CultureInfo.InvariantCulture, $"{name} {(isAdded ? 60 : 0)} {data}\n"), "", DnsName.Parse(zone)).Records.Single();
            records.Add(new DnsRecord(read.Owner, isAdded ? RecordClass.IN : RecordClass.None, read.Ttl, read.Data));
        }
        var message = new DnsMessage { Id = 7, OpCode = OpCode.Update, Questions = [new Question(DnsName.Parse(zone), RecordType.SOA)], Authorities = records };
        var buffer = new byte[4096];
        var length = message.Write(buffer);
        var session = key is null ? null : new TsigSession(key);
        var now = Instant.FromDateTimeOffset(DateTimeOffset.UtcNow);
        if (session is not null) { length = session.Sign(buffer, length, now); }
        return Ask(port, buffer[..length], bytes => Assert.Equal(TsigFault.None, session?.Verify(bytes, now, out _) ?? TsigFault.None))?.ResponseCode;
    }

    /// <summary>The answer; null when there is none.</summary>
    private static DnsMessage? Ask(int port, byte[] query, Action<byte[]>? check = null)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1_000 };
        socket.Connect(IPAddress.Loopback, port);
        var buffer = new byte[4096];
        try
        {
            socket.Send(query);
            var length = socket.Receive(buffer);
            check?.Invoke(buffer[..length]);
            return DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) ? answer : null;
        }
        catch (SocketException) { return null; }
    }
}
