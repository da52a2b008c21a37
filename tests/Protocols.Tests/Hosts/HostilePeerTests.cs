using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Hosts;

/// <summary>Peers and bystanders that mean ill, against a host with a connection: no crash, no memory without a limit, no wrong byte to the program.</summary>
public class HostilePeerTests
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";
    private const ushort OurPort = 80;
    private const ushort TheirPort = 9_000;

    private readonly Station _station = new();
    private readonly TcpSocket _socket;
    private readonly SequenceNumber _ours;
    private SequenceNumber _theirs = new(1_000);

    /// <summary>A host whose listener has taken the test's connection; the test is the peer.</summary>
    public HostilePeerTests()
    {
        _station.Introduce();
        var listener = _station.Stack.OpenTcp(IpVersion.V4);
        _station.Stack.Bind(listener, new Endpoint(IpAddress.AnyV4, OurPort));
        _station.Stack.Listen(listener, 4);
        Send(new TcpSegment { Flags = TcpFlags.Syn, Sequence = _theirs, Window = 10_000, Options = new TcpOptions { Present = TcpOptionSet.MaximumSegmentSize, MaximumSegmentSize = 1_460 } });
        _theirs += 1;
        _ours = TakeSegment()!.Value.Sequence + 1;
        Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs, Acknowledgment = _ours, Window = 10_000 });
        Assert.Equal(Errno.None, listener.Accept(out _socket));
    }

    [Fact]
    public void A_peer_whose_window_never_opens_is_probed_more_and_more_rarely_and_costs_no_more_than_a_send_buffer()
    {
        Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs, Acknowledgment = _ours, Window = 0 });
        var written = 0;
        while (_station.Stack.Send(_socket, new byte[50_000], out var count, _station.Now) == Errno.None) { written += count; }
        Assert.InRange(written, 1, _socket.Tcb.Settings.SendCapacity);
        var probes = 0;
        for (var minute = 0; minute < 120; minute++)
        {
            for (var second = 0; second < 60; second++)
            {
                _station.Pass(TimeSpan.FromSeconds(1));
                while (TakeSegment() is { } probe)
                {
                    probes++;
                    Assert.InRange(probe.PayloadLength, 0, 1);
                    Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs, Acknowledgment = _ours, Window = 0 });
                }
            }
        }
        // It answers, so it lives (RFC 9293 section 3.8.6.1, MUST-37): once a minute in the end, and nothing piles up.
        Assert.InRange(probes, 110, 140);
        Assert.Equal(TcpState.Established, _socket.Tcb.State);
        Assert.Equal(0, _station.Frames.Outstanding);
        Assert.Equal(Errno.EAGAIN, _station.Stack.Send(_socket, new byte[1], out _, _station.Now));
    }

    [Fact]
    public void A_peer_whose_window_never_opens_and_that_falls_silent_is_given_up()
    {
        Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs, Acknowledgment = _ours, Window = 0 });
        Assert.Equal(Errno.None, _station.Stack.Send(_socket, new byte[100], out _, _station.Now));
        for (var i = 0; i < 20 * 60; i++)
        {
            _station.Pass(TimeSpan.FromSeconds(1));
            while (TakeSegment() is not null) { }
        }
        Assert.Equal(Errno.ETIMEDOUT, _socket.TakeFault());
        Assert.Empty(_station.Stack.Connections);
        Assert.Equal(0, _station.Frames.Outstanding);
    }

    [Fact]
    public void Text_beyond_a_window_that_is_closed_takes_no_memory_and_reaches_nobody()
    {
        var capacity = _socket.Tcb.Settings.ReceiveCapacity;
        var sent = 0;
        // The program does not read; the peer does not care.
        for (var i = 0; i < 1_000; i++)
        {
            Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs + sent, Acknowledgment = _ours, Window = 10_000 }, Pattern(sent, 1_460));
            sent += 1_460;
        }
        Assert.InRange(_socket.Readable, capacity - 1_460, capacity);
        while (_station.Take() is not null) { }
        var buffer = new byte[capacity];
        Assert.Equal(Errno.None, _station.Stack.Receive(_socket, buffer, out var count, _station.Now));
        Assert.True(Pattern(0, count).AsSpan().SequenceEqual(buffer.AsSpan(0, count)));
        while (_station.Take() is not null) { }
        Assert.Equal(0, _station.Frames.Outstanding);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(67)]
    public void A_path_mtu_below_what_every_link_carries_is_a_lie(int mtu)
    {
        var inFlight = WriteAndTake(1_460);
        var before = _socket.Tcb.SegmentSize;
        Lie(IcmpType.DestinationUnreachable, 4, (uint)mtu, inFlight);
        // 0 is what routers older than RFC 1191 say: the next plateau below the packet.
        if (mtu == 0) { Assert.InRange(_socket.Tcb.SegmentSize, 1_006 - 40, before - 1); }
        else { Assert.Equal(before, _socket.Tcb.SegmentSize); }
    }

    [Fact]
    public void A_path_mtu_is_believed_only_about_what_is_under_way()
    {
        var inFlight = WriteAndTake(1_460);
        Send(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs, Acknowledgment = _ours + 1_460, Window = 10_000 });
        var before = _socket.Tcb.SegmentSize;
        // An old packet of ours, which whoever listened once may have kept (RFC 5927 section 7.2).
        Lie(IcmpType.DestinationUnreachable, 4, 576, inFlight);
        Assert.Equal(before, _socket.Tcb.SegmentSize);
        // A guess of one who has seen nothing.
        var guessed = (byte[])inFlight.Clone();
        guessed[20 + 4] ^= 0x40;
        Lie(IcmpType.DestinationUnreachable, 4, 576, guessed);
        Assert.Equal(before, _socket.Tcb.SegmentSize);
        Lie(IcmpType.DestinationUnreachable, 4, 576, WriteAndTake(1_460));
        Assert.Equal(576 - 40, _socket.Tcb.SegmentSize);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(13)]
    public void No_unreachable_of_any_kind_cuts_a_connection(byte code)
    {
        var inFlight = WriteAndTake(100);
        for (var i = 0; i < 100; i++) { Lie(IcmpType.DestinationUnreachable, code, 0, inFlight); }
        Lie(IcmpType.TimeExceeded, 0, 0, inFlight);
        Assert.Equal(TcpState.Established, _socket.Tcb.State);
        Send(new TcpSegment { Flags = TcpFlags.Ack | TcpFlags.Psh, Sequence = _theirs, Acknowledgment = _ours + 100, Window = 10_000 }, "still here"u8.ToArray());
        var buffer = new byte[100];
        Assert.Equal(Errno.None, _station.Stack.Receive(_socket, buffer, out var count, _station.Now));
        Assert.Equal("still here"u8.ToArray(), buffer[..count]);
    }

    [Fact]
    public void A_flood_of_SYNs_keeps_no_more_than_the_backlog_and_an_honest_client_is_served_in_the_middle_of_it()
    {
        var listener = _station.Stack.OpenTcp(IpVersion.V4);
        _station.Stack.Bind(listener, new Endpoint(IpAddress.AnyV4, 443));
        _station.Stack.Listen(listener, 16);
        var (kept, answers) = (0, 0);
        for (var i = 0; i < 50_000; i++)
        {
            SendTo(443, (ushort)(1_024 + i % 60_000), new TcpSegment { Flags = TcpFlags.Syn, Sequence = new SequenceNumber((uint)i * 7) });
            _station.Decisions.Clear();
            if (i % 100 == 0) { _station.Pass(TimeSpan.FromMilliseconds(10)); }
            while (TakeSegment() is not null) { answers++; }
            kept = Math.Max(kept, _station.Stack.Connections.Count());
        }
        Assert.InRange(kept, 1, 1 + 17);
        Assert.True(answers > 25_000, $"{answers} answers");
        Assert.Equal(0, _station.Frames.Outstanding);

        SendTo(443, 700, new TcpSegment { Flags = TcpFlags.Syn, Sequence = new SequenceNumber(5), Window = 10_000 });
        var cookie = TakeSegment()!.Value;
        SendTo(443, 700, new TcpSegment { Flags = TcpFlags.Ack, Sequence = new SequenceNumber(6), Acknowledgment = cookie.Sequence + 1, Window = 10_000 });
        Assert.Equal(Errno.None, listener.Accept(out var honest));
        SendTo(443, 700, new TcpSegment { Flags = TcpFlags.Ack, Sequence = new SequenceNumber(6), Acknowledgment = cookie.Sequence + 1, Window = 10_000 }, "honest"u8.ToArray());
        Assert.Equal(6, honest.Readable);
    }

    [Fact]
    public void A_mutated_capture_of_the_connection_never_changes_a_byte()
    {
        // What the peer sends over the connection, whole, as a capture would have it.
        var stream = Pattern(0, 20_000);
        var frames = new List<byte[]>();
        for (var at = 0; at < stream.Length; at += 1_000)
        {
            frames.Add(Frame(new TcpSegment { Flags = TcpFlags.Ack, Sequence = _theirs + at, Acknowledgment = _ours, Window = 10_000 }, stream[at..(at + 1_000)]));
        }
        Gen.Select(Gen.Int[0, frames.Count - 1], Gen.Int[0, 1_053], Gen.Byte[1, 255], Gen.Bool).Array[1, 60].Sample(mutations =>
        {
            var test = new HostilePeerTests();
            var received = new MemoryStream();
            var next = 0;
            foreach (var (which, place, change, isLast) in mutations)
            {
                var mutated = (byte[])frames[which].Clone();
                mutated[place] ^= change;
                if (isLast) { mutated = mutated[..Math.Max(place, 1)]; }
                test._station.Receive(mutated);
                if (next < frames.Count) { test._station.Receive(frames[next++]); }
                test.Drain(received);
            }
            for (; next < frames.Count; next++)
            {
                test._station.Receive(frames[next]);
                test.Drain(received);
            }
            return received.ToArray().AsSpan().SequenceEqual(stream) && test._station.Frames.Outstanding == 0;
        }, iter: 300);
    }

    private static byte[] Pattern(int from, int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++) { data[i] = (byte)((from + i) * 31 + ((from + i) >> 8) * 7); }
        return data;
    }

    private static byte[] Frame(TcpSegment segment, byte[]? text) => Packet.V4(Them, Us, IpProtocol.Tcp, Packet.Tcp(Them, TheirPort, Us, OurPort, segment, text));

    private void Send(TcpSegment segment, byte[]? text = null) => _station.Receive(Frame(segment, text));

    private void SendTo(ushort port, ushort from, TcpSegment segment, byte[]? text = null) =>
        _station.Receive(Packet.V4(Them, Us, IpProtocol.Tcp, Packet.Tcp(Them, from, Us, port, segment, text)));

    private void Drain(MemoryStream received)
    {
        var buffer = new byte[4_096];
        while (_station.Stack.Receive(_socket, buffer, out var count, _station.Now) == Errno.None && count > 0) { received.Write(buffer, 0, count); }
        while (_station.Take() is not null) { }
    }

    /// <summary>The next segment that the host sends to the test, which answers the host's questions for its hardware address on the way.</summary>
    private TcpSegment? TakeSegment()
    {
        while (_station.Take() is { } frame)
        {
            if (!EthernetView.TryParse(frame, out var ethernet, out _)) { continue; }
            if (ethernet.Type == EtherType.Arp) { _station.Receive(Packet.Arp(ArpOperation.Reply, Station.Peer, Them, Station.Own, Us)); }
            if (!Ipv4View.TryParse(ethernet.Payload, out var packet, out _)) { continue; }
            if (packet.Protocol == IpProtocol.Tcp && TcpView.TryParse(packet.Payload, out var view, out _)) { return TcpSegmentCodec.Read(view); }
        }
        return null;
    }

    /// <summary>Has the program write, and gives the IP packet that leaves.</summary>
    private byte[] WriteAndTake(int octets)
    {
        Assert.Equal(Errno.None, _station.Stack.Send(_socket, new byte[octets], out _, _station.Now));
        byte[]? packet = null;
        while (_station.Take() is { } frame) { packet ??= frame[14..]; }
        return packet!;
    }

    private void Lie(IcmpType type, byte code, uint rest, byte[] quoted) => _station.Receive(Packet.V4(Them, Us, IpProtocol.Icmp, Packet.Error(type, code, rest, quoted)));
}
