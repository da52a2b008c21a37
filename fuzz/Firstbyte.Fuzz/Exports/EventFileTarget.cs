using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Exports;

/// <summary>Saved runs, broken: the files that <c>firstbyte story</c> reads.</summary>
internal sealed class EventFileTarget : FuzzTarget
{
    private static readonly byte[][] s_lines =
    [
        """{"event":"trace.opened","at":"2026-01-01T00:00:00.000000000Z","span":0,"parent":0,"version":1,"level":"All"}"""u8.ToArray(),
        """{"event":"journey.started","at":"2026-01-01T00:00:00.000000001Z","span":1,"parent":0,"number":1,"input":"http://h/","place":"glasscom","seed":7}"""u8.ToArray(),
        """{"event":"dns.query-sent","at":"2026-01-01T00:00:01.000000000Z","span":2,"parent":1,"server":"192.0.2.53:53","serverName":"ns","zone":".","name":"h.","type":"A","id":7,"transport":"Udp","edns":true,"bytes":40,"attempt":1}"""u8.ToArray(),
        """{"event":"socket.bytes-sent","at":"2026-01-01T00:00:02.000000000Z","span":3,"parent":1,"because":"RFC 9293 3.9","descriptor":3,"count":3,"data":"YWJj"}"""u8.ToArray(),
        """{"event":"tcp.segment-sent","span":3,"parent":1,"local":"192.0.2.1:49152","remote":"[2001:db8::1]:80","flags":"Syn, Ack","sequence":1,"acknowledgment":2,"window":65535,"payloadLength":0}"""u8.ToArray(),
        """{"event":"switch.station-learned","switch":"s","station":"02:00:00:00:00:01","port":"1"}"""u8.ToArray(),
        """{"event":"link.path-taken","remote":"192.0.2.1:80","elements":["client","home"]}"""u8.ToArray(),
        """{"event":"trace.closed","events":1}"""u8.ToArray(),
        """{"event":"socket-closed","descriptor":3,"reset":true}"""u8.ToArray(),
    ];

    public override string Name => "story";

    public override string Holds => "each line is an event that reads again as it was written, or has a fault; masking takes every event";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. s_lines, "\n"u8.ToArray(), "null"u8.ToArray(), "\"\\ud800\""u8.ToArray(), "1e999"u8.ToArray(), "[[["u8.ToArray(),
        "\"event\":"u8.ToArray(), "\"99\""u8.ToArray(), "\"0001-01-01T00:00:00.000000000Z\""u8.ToArray(),
    ];

    public override IEnumerable<byte[]> Seeds() => [[.. s_lines.SelectMany(static line => (byte[])[.. line, (byte)'\n'])], .. s_lines];

    public override void Check(byte[] bytes)
    {
        var sink = new MaskingSink(new Listener());
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(bytes));
        while (reader.TryRead(out var traceEvent))
        {
            var written = Write(traceEvent);
            if (!EventRegistry.Default.TryRead(written, EventRegistry.Version, out var again, out var fault))
            {
                throw new FuzzFindingException($"what was written cannot be read: {fault}");
            }
            if (!Write(again).AsSpan().SequenceEqual(written)) { throw new FuzzFindingException("what was written reads differently"); }
            sink.Tell(traceEvent);
        }
        if (reader.Line > bytes.Count(static b => b == '\n') + 1) { throw new FuzzFindingException("more lines than there are"); }
    }

    private static byte[] Write(TraceEvent traceEvent)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) { EventRegistry.Default.Write(writer, traceEvent); }
        return stream.ToArray();
    }

    private sealed class Listener : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) { }
    }
}
