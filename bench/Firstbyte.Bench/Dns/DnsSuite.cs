using System.Globalization;
using System.Runtime.CompilerServices;
using Firstbyte.Cli.Commands;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Bench.Dns;

/// <summary>DNS messages read in place, written from records, and answered from zones, each beside the same by way of message objects.</summary>
internal static class DnsSuite
{
    private const int Passes = 15;
    private const int CallsInPass = 20_000;
    private const long WarmUpNanoseconds = 1_200_000_000;

    /// <summary><c>dns</c></summary>
    public static int Run(string[] args)
    {
        if (args.Length > 0) { Console.Error.WriteLine("usage: dns"); return 2; }
        Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeCompiled ? "just in time, warmed up" : "ahead of time")}; {(ThreadClock.IsCpuTime ? "CPU time of the thread" : "elapsed time")}, median of interleaved passes");
        Console.WriteLine("| what | way | ns/op | B/op |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (what, contestants) in Rows())
        {
            foreach (var (way, nanoseconds, bytes) in Measure(contestants))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {way} | {nanoseconds:F0} | {bytes:F0} |"));
            }
        }
        return 0;
    }

    private static IEnumerable<(string What, (string Way, Func<int> Call)[] Contestants)> Rows()
    {
        var zones = new ZoneSet(Load());
        var server = new AuthoritativeServer(zones);
        var zone = zones.Zones.First();
        var response = new byte[1232];
        var answer = new byte[1232];
        var length = server.Answer(Query("www.example.com.", RecordType.A), new QuerySource(default, DnsTransport.Udp), answer);
        var referral = new byte[1232];
        var referralLength = server.Answer(Query("a.b.sub.example.com.", RecordType.A), new QuerySource(default, DnsTransport.Udp), referral);
        yield return ("read a referral: every owner, type, address and target", [
            ("MessageView", () => ReadView(referral.AsSpan(0, referralLength))),
            ("DnsMessage (objects)", () => DnsMessage.TryParse(referral.AsSpan(0, referralLength), out var message, out _) ? message.Authorities.Count : 0),
        ]);
        yield return ("read an answer: one A record", [
            ("MessageView", () => ReadView(answer.AsSpan(0, length))),
            ("DnsMessage (objects)", () => DnsMessage.TryParse(answer.AsSpan(0, length), out var message, out _) ? message.Answers.Count : 0),
        ]);
        var written = Parse(referral.AsSpan(0, referralLength));
        yield return ("write a referral: question, 4 NS, 8 addresses, OPT", [
            ("MessageWriter", () => Write(written, response)),
            ("DnsMessage.Write (objects)", () => written.Write(response)),
        ]);
        foreach (var (what, name, type) in new[]
        {
            ("answer: A of a name", "www.example.com.", RecordType.A), ("answer: alias and its target", "alias.example.com.", RecordType.A),
            ("answer: MX with addresses", "example.com.", RecordType.MX), ("answer: wildcard", "any.wild.example.com.", RecordType.A),
            ("answer: NXDOMAIN", "none.example.com.", RecordType.A), ("answer: referral with glue", "a.b.sub.example.com.", RecordType.A),
        })
        {
            var query = Query(name, type);
            (string, Func<int>) own = ("AuthoritativeServer.Answer", () => server.Answer(query, new QuerySource(default, DnsTransport.Udp), response));
            // The baseline knows neither aliases nor additional records: it stands only where its answer is the same.
            var isSame = AnswerByObjects(zone, query, new byte[response.Length]) == server.Answer(query, new QuerySource(default, DnsTransport.Udp), response);
            yield return (what, isSame ? [own, ("by objects", () => AnswerByObjects(zone, query, response))] : [own]);
        }
    }

    private static int ReadView(ReadOnlySpan<byte> bytes)
    {
        if (!MessageView.TryRead(bytes, out var view, out _)) { return 0; }
        var sum = 0;
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        foreach (var section in (ReadOnlySpan<MessageSection>)[MessageSection.Answer, MessageSection.Authority, MessageSection.Additional])
        {
            foreach (var record in view.Records(section))
            {
                sum += record.Owner.CopyTo(name) + record.Type.Value;
                if (record.TryGetAddress(out var address)) { sum += address.BitLength; }
                else if (record.TryGetTarget(out var target)) { sum += target.CopyTo(name); }
            }
        }
        return sum;
    }

    private static int Write(DnsMessage message, Span<byte> buffer)
    {
        var writer = new MessageWriter(buffer);
        writer.TryReserveEdns(0);
        writer.TryWriteQuestion(message.Questions[0]);
        for (var i = 0; i < message.Authorities.Count; i++) { writer.TryWriteRecord(MessageSection.Authority, message.Authorities[i]); }
        for (var i = 0; i < message.Additionals.Count; i++) { writer.TryWriteRecord(MessageSection.Additional, message.Additionals[i]); }
        writer.TryWriteEdns(Edns.DefaultPayloadSize, ResponseCode.NoError, false, default);
        return writer.Finish(message.Id, message.Flags, message.OpCode, message.ResponseCode);
    }

    /// <summary>The same answer the plain way: parse into objects, collect records, write the objects.</summary>
    private static int AnswerByObjects(Zone zone, byte[] bytes, byte[] buffer)
    {
        var query = Parse(bytes);
        var question = query.Questions[0];
        var finding = zone.Find(question.Name, question.Type);
        var records = finding.Set is null ? [new DnsRecord(zone.Origin, zone.NegativeSoa.Ttl, zone.Soa)] : finding.Set.Records.Select(record => finding.IsSynthesized ? record.WithOwner(question.Name) : record).ToList();
        var isAnswer = finding.Kind is ZoneFindingKind.Answer or ZoneFindingKind.Alias;
        var response = new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
            Questions = query.Questions,
            Answers = isAnswer ? records : [],
            Authorities = isAnswer ? [] : records,
            Edns = Edns.Default,
            ResponseCode = finding.Kind == ZoneFindingKind.NameError ? ResponseCode.NameError : ResponseCode.NoError,
        };
        return response.Write(buffer);
    }

    private static DnsMessage Parse(ReadOnlySpan<byte> bytes) =>
        DnsMessage.TryParse(bytes, out var message, out var error) ? message : throw new InvalidOperationException(error.ToString());

    private static byte[] Query(string name, RecordType type) => DnsMessage.Query(1, new Question(DnsName.Parse(name), type), edns: Edns.Default).ToArray();

    private static Zone Load()
    {
        var text = "$TTL 300\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\n@ MX 10 mail\nns1 A 192.0.2.53\nmail A 192.0.2.25\nmail AAAA 2001:db8::25\nwww A 192.0.2.80\nalias CNAME www\n*.wild A 192.0.2.7\n"
            + string.Concat(Enumerable.Range(1, 4).Select(i => $"sub NS ns{i}.sub\nns{i}.sub A 192.0.2.{i}\nns{i}.sub AAAA 2001:db8::{i}\n"))
            + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"host{i} A 192.0.2.9\n"));
        return Zone.TryLoad(text, "bench", DnsName.Parse("example.com."), out var zone, out var problems) ? zone : throw new InvalidOperationException(problems[0].ToString());
    }

    private static IEnumerable<(string Way, double Nanoseconds, double Bytes)> Measure((string Way, Func<int> Call)[] contestants)
    {
        var times = contestants.Select(_ => new long[Passes]).ToArray();
        var bytes = new long[contestants.Length];
        foreach (var (_, call) in contestants)
        {
            var start = ThreadClock.Now();
            while (ThreadClock.Now() - start < WarmUpNanoseconds) { Pass(call); }
        }
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var i = 0; i < contestants.Length; i++)
            {
                var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now());
                Pass(contestants[i].Call);
                times[i][pass] = ThreadClock.Now() - start;
                bytes[i] = GC.GetAllocatedBytesForCurrentThread() - allocated;
            }
        }
        for (var i = 0; i < contestants.Length; i++)
        {
            Array.Sort(times[i]);
            yield return (contestants[i].Way, times[i][Passes / 2] / (double)CallsInPass, bytes[i] / (double)CallsInPass);
        }
    }

    private static void Pass(Func<int> call)
    {
        for (var i = 0; i < CallsInPass; i++)
        {
            if (call() == 0) { throw new InvalidOperationException("nothing was read or written"); }
        }
    }
}
