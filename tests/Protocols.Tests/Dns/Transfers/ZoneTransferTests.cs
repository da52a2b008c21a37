using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Transfers;

/// <summary>What one side gives is what the other takes: whole zones and differences, of random zones and random changes.</summary>
public class ZoneTransferTests
{
    private static readonly DnsName s_origin = DnsName.Parse("zone.test.");
    private static readonly QuerySource s_source = new(new Endpoint(IpAddress.Parse("192.0.2.1"), 4000), DnsTransport.Tcp);
    private static readonly TsigKey s_key = new(DnsName.Parse("k."), TsigAlgorithm.HmacSha256, "secret"u8);

    /// <summary>Names and data few enough that they meet.</summary>
    private static readonly Gen<string> s_line = Gen.Select(
        OneOf("a", "b", "c.b", "*", "deep.er.a"), OneOf("A 192.0.2.1", "A 192.0.2.2", "TXT \"x\"", "MX 1 a", "AAAA 2001:db8::1"), static (name, data) => $"{name} {data}");

    private static readonly Gen<string[]> s_lines = s_line.HashSet[0, 12].Select(static lines => lines.ToArray());

    [Fact]
    public void A_zone_and_its_versions_arrive_as_they_are() => Gen.Select(s_lines.Array[1, 6], Gen.Bool, Gen.Int[0, 5]).Sample((contents, isSigned, since) =>
    {
        var versions = new List<Zone>();
        foreach (var lines in contents)
        {
            var next = Load(lines, (uint)versions.Count + 1);
            versions.Add(versions.Count == 0 ? next : next.WithHistory(versions[^1].History.With(ZoneDifference.Between(versions[^1], next))));
        }
        var newest = versions[^1];
        var (kind, whole) = Fetch(newest, null, isSigned);
        Assert.Equal(TransferState.Whole, kind);
        Assert.True(Zone.TryCreate(s_origin, whole.Records, out var copy, out var problems), string.Join('\n', problems));
        Assert.Equal(Tell(newest), Tell(copy));
        var held = versions[since % versions.Count];
        var (state, reader) = Fetch(newest, held, isSigned);
        if (held == newest)
        {
            Assert.Equal(TransferState.UpToDate, state);
            return;
        }
        Assert.Equal(TransferState.Incremental, state);
        var next2 = held;
        foreach (var difference in reader.Differences) { Assert.True(next2.TryApply(difference, out next2, out _)); }
        Assert.Equal(Tell(newest), Tell(next2));
    });

    [Fact]
    public void A_version_that_is_not_kept_gets_the_whole_zone()
    {
        var zone = Load(["a A 192.0.2.1"], 9);
        var (state, reader) = Fetch(zone, Load(["b A 192.0.2.1"], 3), isSigned: false);
        Assert.Equal((TransferState.Whole, 3), (state, reader.Records.Count));
    }

    [Fact]
    public void A_history_keeps_to_its_limits()
    {
        var history = ZoneHistory.None;
        for (var serial = 1u; serial <= ZoneHistory.MaxVersions + 10; serial++) { history = history.With(Step(serial, serial + 1, 0)); }
        Assert.Equal(ZoneHistory.MaxVersions, history.Differences.Count);
        Assert.Null(history.Since(1));
        Assert.Equal(1, history.Since(ZoneHistory.MaxVersions + 10)!.Value.Length);
        // A version that does not follow begins anew; one that is larger than all that is kept leaves nothing.
        Assert.Single(history.With(Step(5000, 5001, 1)).Differences);
        Assert.Empty(history.With(Step(ZoneHistory.MaxVersions + 11, ZoneHistory.MaxVersions + 12, ZoneHistory.MaxRecords)).Differences);
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.7", null, true)]
    [InlineData("192.0.2.0/24", "192.0.3.7", null, false)]
    [InlineData("192.0.2.7", "192.0.2.7", "k.", true)]
    [InlineData("key=k", "192.0.2.7", "k.", true)]
    [InlineData("key=k", "192.0.2.7", "l.", false)]
    [InlineData("key=k", "192.0.2.7", null, false)]
    [InlineData("2001:db8::/32,key=K.", "2001:db8::1", "k.", true)]
    [InlineData("2001:db8::/32,key=K.", "2001:db9::1", "k.", false)]
    public void A_rule_says_who_may(string text, string client, string? key, bool expected)
    {
        Assert.True(AccessRule.TryParse(text, out var rule));
        var known = key is null ? null : new TsigKey(DnsName.Parse(key), TsigAlgorithm.HmacSha256, "x"u8);
        Assert.Equal(expected, rule.Allows(IpAddress.Parse(client), known));
        Assert.True(AccessRule.TryParse(rule.ToString(), out var again));
        Assert.Equal(rule, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("192.0.2.0/33")]
    [InlineData("key=a..b")]
    [InlineData("192.0.2.1,192.0.2.2")]
    [InlineData("key=a,key=b")]
    public void What_is_no_rule_is_none(string text) => Assert.False(AccessRule.TryParse(text, out _));

    [Theory]
    // What a primary, or who speaks in its name, may send instead of a zone.
    [InlineData("a A", TransferFault.NoSoa)]
    [InlineData("", TransferFault.NoSoa)]
    [InlineData("S2 other.test.!", TransferFault.OutOfZone)]
    [InlineData("S2 a S3", TransferFault.Disordered)]
    [InlineData("S2 a S2 b", TransferFault.Surplus)]
    [InlineData("S3 S1 a S2 b S4", TransferFault.Disordered)]
    [InlineData("S3 S2 a S3 b S3", TransferFault.Disordered)]
    [InlineData("S3 S1 a S1 b S3", TransferFault.Disordered)]
    [InlineData("S2 a a a a a a a", TransferFault.TooMuch)]
    public void What_is_no_transfer_is_told(string records, TransferFault expected)
    {
        var reader = new TransferReader(s_origin, 7, 1, new TransferLimits { MaxRecords = 7 });
        var message = new DnsMessage
        {
            Id = 7,
            Flags = HeaderFlags.Response,
            Answers = [.. records.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(static word => word != "A").Select(Record)],
        };
        Assert.Equal(TransferState.Failed, reader.Take(message.ToArray()));
        Assert.Equal(expected, reader.Fault);
        Assert.Equal(TransferState.Failed, reader.Take(message.ToArray()));
    }

    [Fact]
    public void Messages_that_answer_something_else_are_refused()
    {
        var whole = new DnsMessage { Id = 7, Flags = HeaderFlags.Response, Answers = [Record("S2"), Record("a"), Record("S2")] };
        Assert.Equal(TransferState.Whole, new TransferReader(s_origin, 7, null).Take(whole.ToArray()));
        Assert.Equal(TransferFault.NotAnAnswer, Fault(new TransferReader(s_origin, 8, null), whole.ToArray()));
        Assert.Equal(TransferFault.Malformed, Fault(new TransferReader(s_origin, 7, null), whole.ToArray().AsSpan(0, 40)));
        Assert.Equal(TransferFault.TooMuch, Fault(new TransferReader(s_origin, 7, null, new TransferLimits { MaxBytes = 20 }), whole.ToArray()));
        var refused = new DnsMessage { Id = 7, Flags = HeaderFlags.Response, ResponseCode = ResponseCode.Refused };
        var reader = new TransferReader(s_origin, 7, null);
        Assert.Equal((TransferFault.Refused, ResponseCode.Refused), (Fault(reader, refused.ToArray()), reader.Code));
    }

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static TransferFault Fault(TransferReader reader, ReadOnlySpan<byte> message)
    {
        Assert.Equal(TransferState.Failed, reader.Take(message));
        return reader.Fault;
    }

    private static DnsRecord Record(string word) => word[0] == 'S'
        ? Soa(uint.Parse(word.AsSpan(1)))
        : new DnsRecord(word.EndsWith('!') ? DnsName.Parse(word[..^1]) : DnsName.Parse($"{word}.zone.test."), new Ttl(60), new AddressData(IpAddress.Parse("192.0.2.1")));

    private static DnsRecord Soa(uint serial) => new(s_origin, new Ttl(60), new SoaData(s_origin, s_origin, serial, 1, 2, 3, 4));

    private static ZoneDifference Step(uint from, uint to, int records) =>
        new(Soa(from), Soa(to), [], [.. Enumerable.Repeat(Record("a"), records)]);

    private static Zone Load(string[] lines, uint serial) => ZoneTests.Load("zone.test.", $"@ SOA ns.test. h.test. {serial} 2 3 4 5\n@ NS ns.test.\n" + string.Join('\n', lines));

    private static IEnumerable<string> Tell(Zone zone) => zone.Sets.SelectMany(static set => set.Records).Select(static record => record.ToString()).Order(StringComparer.Ordinal);

    private static (TransferState State, TransferReader Reader) Fetch(Zone zone, Zone? held, bool isSigned)
    {
        var server = new AuthoritativeServer(
            new ZoneSet(zone), new AuthoritativeServerOptions { Keys = new TsigKeyring(s_key), TransferRules = [new AccessRule(null, isSigned ? s_key.Name : null)] });
        var query = new DnsMessage { Id = 7, Questions = [new Question(s_origin, held is null ? RecordType.AXFR : RecordType.IXFR)], Authorities = held is null ? [] : [held.SoaRecord] };
        var buffer = new byte[MessageView.MaxLength];
        var length = query.Write(buffer);
        var session = isSigned ? new TsigSession(s_key) : null;
        if (session is not null) { length = session.Sign(buffer, length, default(Instant)); }
        var transfer = server.BeginTransfer(buffer.AsSpan(0, length), s_source);
        Assert.NotNull(transfer);
        var reader = new TransferReader(s_origin, 7, held?.Soa.Serial);
        while (transfer.Next(buffer, default) is > 0 and var count)
        {
            Assert.Equal(TsigFault.None, session?.Verify(buffer.AsSpan(0, count), default, out _) ?? TsigFault.None);
            reader.Take(buffer.AsSpan(0, count));
        }
        Assert.NotEqual(TransferState.Open, reader.State);
        return (reader.State, reader);
    }
}
