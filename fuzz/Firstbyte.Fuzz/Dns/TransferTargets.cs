using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>The zone that is copied and changed.</summary>
internal static class ChangingZone
{
    public static readonly Zone Zone = Load(
        "$TTL 60\n@ SOA ns h 7 2 3 4 5\n@ NS ns\n@ NS ns2\nns A 192.0.2.1\na A 192.0.2.2\na TXT \"x\"\nalias CNAME a\nb.ent A 192.0.2.4\n*.w MX 1 a\nsub NS ns.sub\nns.sub A 192.0.2.5\nd DNAME a\n");

    public static string Tell(Zone zone) =>
        string.Join('\n', zone.Sets.SelectMany(static set => set.Records).Select(static record => record.ToString()).Order(StringComparer.Ordinal));

    /// <summary>A message of changes.</summary>
    public static byte[] Update(params DnsRecord[] changes) =>
        new DnsMessage { Id = 7, OpCode = OpCode.Update, Questions = [new Question(Zone.Origin, RecordType.SOA)], Authorities = changes }.ToArray();

    public static DnsRecord Record(string line, RecordClass recordClass)
    {
        var record = ZoneFileReader.Read(line + "\n", "fuzz", Zone.Origin).Records.Single();
        return new DnsRecord(record.Owner, recordClass, recordClass == RecordClass.IN ? record.Ttl : Ttl.Zero, record.Data);
    }

    private static Zone Load(string text) =>
        Zone.TryLoad(text, "fuzz", DnsName.Parse("example."), out var zone, out var problems) ? zone : throw new InvalidOperationException(string.Join('\n', problems));
}

/// <summary>Takes a transfer whose messages stand behind their lengths, as a stream brings them.</summary>
internal sealed class TransferTarget : FuzzTarget
{
    private static readonly TransferLimits s_limits = new() { MaxRecords = 30, MaxBytes = 3000 };

    public override string Name => "dns-transfer";

    public override string Holds => "no exception; what is taken over is a zone that is given as it was taken, and nothing goes over the limits";

    public override int MaximumLength => 4096;

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds()
    {
        var older = ChangingZone.Zone;
        ZoneUpdate.TryMake(ChangingZone.Update(ChangingZone.Record("c 60 A 192.0.2.9", RecordClass.IN), ChangingZone.Record("a 60 TXT \"x\"", RecordClass.None)), older, out var difference);
        if (!older.TryApply(difference!, out var newer, out _)) { throw new InvalidOperationException("the seed's change does not fit"); }
        foreach (var zone in (Zone[])[older, newer])
        {
            yield return Stream(zone, null);
            yield return Stream(zone, older);
        }
        yield return OneByOne(older);
        yield return OneByOne(newer);
    }

    public override void Check(byte[] input)
    {
        foreach (var held in (Zone?[])[null, ChangingZone.Zone])
        {
            var reader = new TransferReader(ChangingZone.Zone.Origin, 7, held?.Soa.Serial, s_limits);
            for (var at = 0; DnsStreamReader.Read(input.AsSpan(at), ended: false, out var consumed) is { Kind: DnsStreamEventKind.Message } found; at += consumed)
            {
                if (reader.Take(input.AsSpan(at + found.Start, found.Length)) != TransferState.Open) { break; }
            }
            Require(reader.RecordCount <= s_limits.MaxRecords + 1 && reader.State == TransferState.Failed == (reader.Fault != TransferFault.None), "limits, or a fault without failure");
            var next = held;
            var isTaken = reader.State switch
            {
                TransferState.Whole => Zone.TryCreate(ChangingZone.Zone.Origin, reader.Records, out next!, out _),
                TransferState.Incremental => reader.Differences.All(difference => next!.TryApply(difference, out next, out _)),
                _ => false,
            };
            if (!isTaken) { continue; }
            Require(next!.Soa.Serial == reader.Serial, "another version than was said");
            var again = new TransferReader(next.Origin, 7, null);
            var stream = Stream(next, null);
            for (var at = 0; DnsStreamReader.Read(stream.AsSpan(at), ended: false, out var consumed) is { Kind: DnsStreamEventKind.Message } found; at += consumed)
            {
                again.Take(stream.AsSpan(at + found.Start, found.Length));
            }
            Require(Zone.TryCreate(next.Origin, again.Records, out var copy, out _) && ChangingZone.Tell(copy) == ChangingZone.Tell(next), $"given again it is another zone:\n{ChangingZone.Tell(next)}\n--\n{string.Join((char)10, again.Records)}\n{again.Fault} {again.State}");
        }
    }

    /// <summary>A record a message, as the oldest primaries send a zone (RFC 5936 2.2).</summary>
    private static byte[] OneByOne(Zone zone)
    {
        var (stream, prefix) = (new MemoryStream(), new byte[2]);
        var records = zone.Sets.SelectMany(static set => set.Records).Where(static record => record.Type != RecordType.SOA);
        foreach (var record in records.Prepend(zone.SoaRecord).Append(zone.SoaRecord))
        {
            var message = new DnsMessage { Id = 7, Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer, Answers = [record] }.ToArray();
            DnsStreamReader.WritePrefix(prefix, message.Length);
            stream.Write(prefix);
            stream.Write(message);
        }
        return stream.ToArray();
    }

    private static byte[] Stream(Zone zone, Zone? held)
    {
        var server = new AuthoritativeServer(new ZoneSet(zone), new AuthoritativeServerOptions { TransferRules = [new AccessRule(null, null)] });
        var query = new DnsMessage
        {
            Id = 7,
            Questions = [new Question(zone.Origin, held is null ? RecordType.AXFR : RecordType.IXFR, zone.Class)],
            Authorities = held is null ? [] : [held.SoaRecord],
        };
        var transfer = server.BeginTransfer(query.ToArray(), new QuerySource(default(Endpoint), DnsTransport.Tcp))!;
        var (buffer, stream) = (new byte[MessageView.MaxLength], new MemoryStream());
        Span<byte> prefix = stackalloc byte[2];
        while (transfer.Next(buffer, default) is > 0 and var length)
        {
            DnsStreamReader.WritePrefix(prefix, length);
            stream.Write(prefix);
            stream.Write(buffer, 0, length);
        }
        return stream.ToArray();
    }
}

/// <summary>Asks for changes to a zone.</summary>
internal sealed class UpdateTarget : FuzzTarget
{
    public override string Name => "dns-update";

    public override string Holds => "no exception; a change keeps the SOA record and a name server, makes a newer version, and its journal entry makes the same one";

    public override int MaximumLength => 1024;

    public override IReadOnlyList<byte[]> Tokens => [.. DnsTokens.All, [0, 254], [0, 255], [0, 0, 0, 0]];

    public override IEnumerable<byte[]> Seeds()
    {
        yield return ChangingZone.Update(ChangingZone.Record("c 60 A 192.0.2.9", RecordClass.IN), ChangingZone.Record("a 60 TXT \"x\"", RecordClass.None));
        yield return ChangingZone.Update(ChangingZone.Record("a 9 A 192.0.2.2", RecordClass.IN), ChangingZone.Record("@ 60 NS ns", RecordClass.None));
        yield return ChangingZone.Update(ChangingZone.Record("@ 60 SOA ns h 9 2 3 4 5", RecordClass.IN), ChangingZone.Record("alias 60 CNAME ns", RecordClass.IN));
        yield return ChangingZone.Update(ChangingZone.Record("ent 60 DNAME a", RecordClass.IN));
    }

    public override void Check(byte[] input)
    {
        var zone = ChangingZone.Zone;
        var code = ZoneUpdate.TryMake(input, zone, out var difference);
        Require(code.Value <= 10 && (code == ResponseCode.NoError || difference is null), $"{code} and a change");
        if (difference is null || !zone.TryApply(difference, out var next, out _)) { return; }
        Require(SerialNumber.IsNewer(next.Soa.Serial, zone.Soa.Serial), "a version that is not newer");
        Require(next.Find(next.Origin, RecordType.NS).Set is not null, "no name server is left");
        var journal = ZoneJournal.Read([.. ZoneJournal.Head(zone.Origin), .. ZoneJournal.Entry(difference)], zone.Origin);
        Require(journal is { Fault: JournalFault.None, Differences.Count: 1 }, "an entry that cannot be read");
        Require(ZoneJournal.TryReplay(zone, journal.Differences, out var again, out _) == JournalFault.None && ChangingZone.Tell(again) == ChangingZone.Tell(next), "another version from the journal");
    }
}

/// <summary>Reads a journal.</summary>
internal sealed class JournalTarget : FuzzTarget
{
    public override string Name => "dns-journal";

    public override string Holds => "no exception; what is read stands in the file, whole, and a file that is cut there is read the same";

    public override int MaximumLength => 2048;

    public override IReadOnlyList<byte[]> Tokens => [.. DnsTokens.All, "FBJ1"u8.ToArray()];

    public override IEnumerable<byte[]> Seeds()
    {
        var (zone, journal) = (ChangingZone.Zone, ZoneJournal.Head(ChangingZone.Zone.Origin).ToList());
        yield return [.. journal];
        foreach (var line in (string[])["c 60 A 192.0.2.9", "c 60 TXT \"x\""])
        {
            ZoneUpdate.TryMake(ChangingZone.Update(ChangingZone.Record(line, RecordClass.IN)), zone, out var difference);
            if (!zone.TryApply(difference!, out zone, out _)) { throw new InvalidOperationException("the seed's change does not fit"); }
            journal.AddRange(ZoneJournal.Entry(difference!));
            yield return [.. journal];
        }
        yield return [.. journal, .. "FBJ1"u8];
    }

    public override void Check(byte[] input)
    {
        var origin = ChangingZone.Zone.Origin;
        var content = ZoneJournal.Read(input, origin);
        Require(content.Length <= input.Length, "more than there is");
        if (content.Fault != JournalFault.None) { return; }
        byte[] expected = content.Length == 0 ? [] : [.. ZoneJournal.Head(origin), .. content.Differences.SelectMany(ZoneJournal.Entry)];
        Require(input.AsSpan(0, (int)content.Length).SequenceEqual(expected), "what was read is not what stands there");
        ZoneJournal.TryReplay(ChangingZone.Zone, content.Differences, out _, out _);
    }
}
