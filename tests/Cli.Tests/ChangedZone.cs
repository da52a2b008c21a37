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

/// <summary>A zone of <c>firstbyte serve dns</c> whose changes are watched: what asks it, changes it and copies it.</summary>
public abstract class ChangedZone
{
    private protected const string Keys = "key k { algorithm hmac-sha256; secret \"" + TransferPeer.Secret + "\"; };\n";

    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Enough for several messages, with what is easily got wrong on the way.</summary>
    private protected static readonly string Zone = """
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

    private protected static TsigKey Key => new(DnsName.Parse("k."), TsigAlgorithm.HmacSha256, Convert.FromBase64String(TransferPeer.Secret));

    private protected static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), Zone);
        File.WriteAllText(Path.Combine(folder.Path, "keys"), Keys);
        return folder;
    }

    private protected static async Task UntilAsync(Func<bool> holds, Func<string> says)
    {
        for (var clock = Stopwatch.StartNew(); !holds(); await Task.Delay(50))
        {
            if (clock.Elapsed > Patience) { throw new InvalidOperationException(says()); }
        }
    }

    /// <summary>
    /// A whole zone, as dig prints it, in order. A server that takes up a changed zone replaces the processes that answer: a copy that it breaks off meanwhile is asked for again.
    /// </summary>
    private protected static async Task<string> TransferAsync(string dig, int port)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            var text = await RunAsync(dig, port, "-y", $"hmac-sha256:k:{TransferPeer.Secret}", "example.test", "AXFR", "+noall", "+answer");
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith(';'))
                .Select(static line => string.Join(' ', line.ToLowerInvariant().Split(' ', '\t').Where(static word => word.Length > 0))).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (lines.Length > 6_000) { return string.Join('\n', lines); }
            Assert.True(clock.Elapsed < Patience, text);
        }
    }

    private protected static async Task<string> RunAsync(string dig, int port, params string[] arguments)
    {
        var (_, output) = await Programs.RunAsync(dig, ["@127.0.0.1", "-p", $"{port}", .. arguments]);
        return Encoding.UTF8.GetString(output);
    }

    private protected static uint? SerialAt(int port)
    {
        var answer = Ask(port, DnsMessage.Query(7, new Question(DnsName.Parse("example.test."), RecordType.SOA)).ToArray());
        return answer is { ResponseCode.Value: 0, Answers: [{ Data: SoaData soa }] } ? soa.Serial : null;
    }

    private protected static string? TextAt(int port, string name)
    {
        var answer = Ask(port, DnsMessage.Query(7, new Question(DnsName.Parse($"{name}.example.test."), RecordType.TXT)).ToArray());
        return answer is { Answers: [{ Data: var data }] } ? data.ToString() : null;
    }

    private protected static ResponseCode Update(int port, params (string Name, string Data, bool IsAdded)[] changes) => Update(port, Key, "example.test.", changes);

    private protected static ResponseCode Update(int port, TsigKey? key, string zone, params (string Name, string Data, bool IsAdded)[] changes) =>
        TryUpdate(port, key, zone, changes) ?? throw new InvalidOperationException("no answer");

    private protected static ResponseCode? TryUpdate(int port, TsigKey? key, string zone, (string Name, string Data, bool IsAdded)[] changes)
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
    private protected static DnsMessage? Ask(int port, byte[] query, Action<byte[]>? check = null)
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
