using Firstbyte.Addressing;
using Firstbyte.Fuzz.Packets;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Hosts;

/// <summary>A host on an Ethernet whose other end is the fuzzer: it listens on TCP port 80, has a UDP mailbox on port 53 and asks for an address by DHCP.</summary>
internal sealed class FuzzedHost
{
    public FuzzedHost(bool isRouter)
    {
        Stack = new HostStack(new HostSettings { IsRouter = isRouter }, new SipKey(7, 11), Frames);
        Eth = Stack.AddInterface("eth0", LinkKind.Ethernet, Sample.Own);
        Stack.AddAddress(Eth, InterfaceAddress.Parse("192.0.2.1/24"));
        Stack.AddAddress(Eth, InterfaceAddress.Parse("2001:db8::1/64"));
        Stack.AddDefaultRoute(Eth, IpAddress.Parse("192.0.2.254"));
        var listener = Stack.OpenTcp(IpVersion.V4);
        Stack.Bind(listener, new Endpoint(IpAddress.AnyV4, 80));
        Stack.Listen(listener, 4);
        Mailbox = Stack.OpenUdp(IpVersion.V4);
        Stack.Bind(Mailbox, new Endpoint(IpAddress.AnyV4, 53));
    }

    public FramePool Frames { get; } = new();

    public HostStack Stack { get; }

    public NetworkInterface Eth { get; }

    public UdpSocket Mailbox { get; }

    public Instant Now { get; private set; } = Instant.SimulationEpoch;

    public void Receive(ReadOnlySpan<byte> frame) => Stack.Receive(Eth, Frames.Copy(frame), Now);

    /// <summary>Lets time pass, deadline by deadline; the count of deadlines has a limit, so that a deadline that does not move is found.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        for (var served = 0; Stack.NextDeadline <= until; served++)
        {
            if (served > 10_000) { throw new Running.FuzzFindingException("a deadline that was served comes back for ever"); }
            Now = Stack.NextDeadline > Now ? Stack.NextDeadline : Now;
            Stack.OnDeadline(Now);
        }
        Now = until;
    }

    /// <summary>Takes what the host wants to send; how many frames.</summary>
    public int Drain()
    {
        var count = 0;
        for (; Stack.TryTakeFrame(out _, out var frame); count++) { frame.Release(); }
        return count;
    }
}
