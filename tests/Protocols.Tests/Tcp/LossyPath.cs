using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

/// <summary>What a path does to segments; probabilities in 1/1000.</summary>
internal sealed record PathConditions(
    int LossPermille = 0, int DuplicatePermille = 0, int ReorderPermille = 0, long LatencyNanoseconds = 10_000_000, long BitsPerSecond = 0, int QueueOctets = int.MaxValue);

/// <summary>Two ends and a path between them in virtual time, everything drawn from one seed.</summary>
internal sealed class LossyPath
{
    private const byte ClientSalt = 17;
    private const byte ServerSalt = 91;
    private const int HeaderOctets = 40;

    private readonly PriorityQueue<(TcpEnd To, TcpSegment Segment, byte[] Text), (long At, long Order)> _underway = new();
    private readonly PathConditions _conditions;
    private readonly TcpSettings _serverSettings;
    private readonly long[] _free = new long[2];
    private readonly EmulatedLink[] _links;
    private ulong _random;
    private long _order;
    private bool _accepted;

    public Instant Now = Instant.SimulationEpoch;
    public readonly TcpEnd Client;
    public readonly TcpEnd Server;
    public int Dropped;
    public List<string>? Log { get; set; }

    public LossyPath(ulong seed, PathConditions conditions, in TcpSettings client, in TcpSettings server)
        : this(seed, conditions, client, server, []) { }

    private LossyPath(ulong seed, PathConditions conditions, in TcpSettings client, in TcpSettings server, EmulatedLink[] links)
    {
        _links = links;
        _random = seed * 0x9E3779B97F4A7C15 + 1;
        _conditions = conditions;
        _serverSettings = server;
        Client = new TcpEnd(client, ClientSalt);
        Server = new TcpEnd(server, ServerSalt);
        Client.OnSend = (segment, text) => Send(Client, Server, 0, segment, text);
        Server.OnSend = (segment, text) => Send(Server, Client, 1, segment, text);
        // Sequence numbers that wrap within the first 100 kB in both directions.
        Client.Open(client, new SequenceNumber(0xFFFF_FFFF - (uint)(Next() % 100_000)), Now);
    }

    /// <summary>The same over a link that real stacks are measured over too.</summary>
    public LossyPath(ulong seed, (EmulatedLink Data, EmulatedLink Answers) links, in TcpSettings client, in TcpSettings server)
        : this(seed, new PathConditions(), client, server, [links.Data, links.Answers]) { }

    public ulong Next()
    {
        _random += 0x9E3779B97F4A7C15;
        var z = _random;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private bool Happens(int permille) => permille > 0 && Next() % 1000 < (ulong)permille;

    private void Send(TcpEnd from, TcpEnd to, int direction, TcpSegment segment, byte[] text)
    {
        // Never beyond the window: what the peer has offered, but for the one octet of a probe.
        if (text.Length > 1 && from.Block.State >= TcpState.Established && segment.Sequence + text.Length > from.PeerEdge)
        {
            throw new InvalidOperationException($"{segment.Sequence + text.Length - from.PeerEdge} octets beyond the window");
        }
        Log?.Add($"{(Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1000,10} {(direction == 0 ? "->" : "<-")} {segment.Flags} {segment.Sequence}+{text.Length} ack {segment.Acknowledgment} win {segment.Window} sack {segment.Options.Sack.Count}");
        var at = Now.Nanoseconds;
        if (_links.Length > 0)
        {
            at = _links[direction].Arrival(at, HeaderOctets + segment.Options.WireLength + text.Length);
            if (at < 0) { Dropped++; }
            else { _underway.Enqueue((to, segment, text), (at, _order++)); }
            return;
        }
        if (_conditions.BitsPerSecond > 0)
        {
            var octets = text.Length + HeaderOctets;
            var waiting = (Math.Max(_free[direction], at) - at) * _conditions.BitsPerSecond / 8 / 1_000_000_000;
            if (waiting + octets > _conditions.QueueOctets)
            {
                Dropped++;
                return;
            }
            at = _free[direction] = Math.Max(_free[direction], at) + octets * 8L * 1_000_000_000 / _conditions.BitsPerSecond;
        }
        if (Happens(_conditions.LossPermille))
        {
            Dropped++;
            return;
        }
        at += _conditions.LatencyNanoseconds;
        if (Happens(_conditions.ReorderPermille)) { at += (long)(Next() % 30_000_000); }
        _underway.Enqueue((to, segment, text), (at, _order++));
        if (Happens(_conditions.DuplicatePermille)) { _underway.Enqueue((to, segment, text), (at + (long)(Next() % 50_000_000), _order++)); }
    }

    /// <summary>Carries so many octets each way, closes both ways, and gives the virtual time it took; throws when it does not end.</summary>
    public TimeSpan Transfer(long upload, long download, int readStep = 1 << 16, bool close = true, int steps = 2_000_000)
    {
        var start = Now;
        for (var step = 0; step < steps; step++)
        {
            Client.Write(upload, Now);
            if (_accepted) { Server.Write(download, Now); }
            Client.ReadSome(readStep, ServerSalt, Now);
            if (_accepted) { Server.ReadSome(readStep, ClientSalt, Now); }
            if (close && Client.Written == upload && Client.Block.State is TcpState.Established or TcpState.CloseWait) { Client.Step(TcpInput.ShutdownSend, Now); }
            if (close && _accepted && Server.Written == download && Server.Block.State is TcpState.Established or TcpState.CloseWait) { Server.Step(TcpInput.ShutdownSend, Now); }

            var everythingRead = Server.Read == upload && Client.Read == download;
            if (everythingRead && !close) { return Now - start; }
            if (everythingRead && IsOver(Client) && IsOver(Server)) { return Now - start; }
            // Slow readers finish after the connection has.
            if (Client.Block.State == TcpState.Closed && Server.Block.State == TcpState.Closed && Client.Block.Readable + Server.Block.Readable > 0) { continue; }
            Advance();
        }
        throw new InvalidOperationException($"no end after {steps} steps: client {Client.Block.State} read {Client.Read}, server {Server.Block.State} read {Server.Read}");

        static bool IsOver(TcpEnd end) => end.Block.State is TcpState.Closed or TcpState.TimeWait;
    }

    private void Advance()
    {
        var deadline = Client.Block.NextDeadline < Server.Block.NextDeadline || !_accepted ? Client : Server;
        var timer = deadline.Block.State == TcpState.Closed ? Instant.Never : deadline.Block.NextDeadline;
        if (_underway.TryPeek(out _, out var first) && first.At <= timer.Nanoseconds)
        {
            var (to, segment, text) = _underway.Dequeue();
            Now = new Instant(Math.Max(first.At, Now.Nanoseconds));
            Deliver(to, segment, text);
            return;
        }
        // A reader takes its step at a time, and may have more to take when nothing else is to come.
        if (timer == Instant.Never && Client.Block.Readable + Server.Block.Readable > 0) { return; }
        if (timer == Instant.Never) { throw new InvalidOperationException($"stalled: client {Client.Block.State}, server {Server.Block.State}"); }
        Now = timer > Now ? timer : Now;
        deadline.Step(TcpInput.Timer, Now);
    }

    private void Deliver(TcpEnd to, TcpSegment segment, byte[] text)
    {
        if (to == Server && !_accepted)
        {
            if (!segment.Has(TcpFlags.Syn) || segment.Has(TcpFlags.Ack)) { return; }
            _accepted = true;
            Server.Accept(segment, _serverSettings, new SequenceNumber(0xFFFF_FFFF - (uint)(Next() % 100_000)), Now);
            NoteWindow(Server, segment, isSyn: true);
            return;
        }
        NoteWindow(to, segment, segment.Has(TcpFlags.Syn));
        to.Step(TcpInput.Arrived(segment), Now, text);
        Check(to);
    }

    private void NoteWindow(TcpEnd end, in TcpSegment segment, bool isSyn)
    {
        if (!segment.Has(TcpFlags.Ack) && !isSyn) { return; }
        var scale = isSyn || !end.Block.UsesWindowScaling ? 0 : (end == Client ? Server : Client).Block.Settings.ReceiveCapacity switch { <= 65535 => 0, var c => System.Numerics.BitOperations.Log2((uint)c) - 15 };
        var edge = segment.Acknowledgment + ((uint)segment.Window << scale);
        if (end.PeerEdge == default || edge > end.PeerEdge) { end.PeerEdge = edge; }
    }

    private static void Check(TcpEnd end)
    {
        ref var block = ref end.Block;
        if (block.State == TcpState.Closed) { return; }
        if (block.SendUnacknowledged > block.SendMaximum || block.SendNext > block.SendMaximum || block.SendMaximum > block.SendEnd + 1
            || block.ReadAt > block.ReceiveNext || block.Flight < 0)
        {
            throw new InvalidOperationException("the block's pointers are out of order");
        }
    }
}
