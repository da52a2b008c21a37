using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Tests.Hosts;

/// <summary>Paths that carry little, or less than they say, and addresses to which no connection can be.</summary>
public class PathTests
{
    private static readonly Endpoint s_www = Endpoint.TryParse("10.0.2.80:80", out var www) ? www : default;

    [Theory]
    [InlineData(68)]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(88)]
    public void A_path_of_the_smallest_packets_carries_a_page_both_ways(int mtu)
    {
        foreach (var (lan, mid, wan) in new[] { (1_500, mtu, 1_500), (mtu, 1_500, 1_500), (1_500, 1_500, mtu) })
        {
            var (net, alice, www) = Routed(lan, mid, wan);
            net.LossOneIn = 40;
            var (client, server) = Connect(net, alice, www);
            var data = new byte[6_000];
            new Random(1).NextBytes(data);
            Assert.Equal(data, Carry(net, alice, client, www, server, data, TimeSpan.FromMinutes(2)));
            Assert.Equal(data, Carry(net, www, server, alice, client, data, TimeSpan.FromMinutes(2)));
        }
    }

    [Theory]
    [InlineData(1_400)]
    [InlineData(1_250)]
    [InlineData(600)]
    [InlineData(300)]
    public void A_path_that_swallows_large_packets_makes_progress_and_is_measured(int octets)
    {
        var (net, alice, www) = Routed();
        net.Swallows = ("mid", octets);
        var (client, server) = Connect(net, alice, www);
        var data = new byte[400_000];
        new Random(1).NextBytes(data);
        var began = net.Now;
        Assert.Equal(data, Carry(net, alice, client, www, server, data, TimeSpan.FromMinutes(1)));
        Assert.InRange((net.Now - began).TotalSeconds, 0, 15);
        Assert.InRange(client.Tcb.PathSegmentSize, octets - 40 - 32, octets - 40);
        // Another connection to the same host begins with what this one has found.
        var (second, other) = Connect(net, alice, www);
        began = net.Now;
        Assert.Equal(data, Carry(net, alice, second, www, other, data, TimeSpan.FromMinutes(1)));
        Assert.InRange((net.Now - began).TotalSeconds, 0, 2);
    }

    [Fact]
    public void An_interruption_does_not_leave_small_segments_behind()
    {
        var (net, alice, www) = Routed();
        var (client, server) = Connect(net, alice, www);
        var data = new byte[2_000_000];
        net.Run(TimeSpan.FromMilliseconds(1));
        var before = client.Tcb.PathSegmentSize;
        var cut = false;
        Assert.Equal(data, Carry(net, alice, client, www, server, data, TimeSpan.FromMinutes(1), sent =>
        {
            if (cut || sent < 1_000_000) { return; }
            cut = true;
            net.Lost = ["mid"];
            net.Run(TimeSpan.FromSeconds(4));
            net.Lost = [];
        }));
        Assert.True(cut);
        Assert.Equal(before, client.Tcb.PathSegmentSize);
    }

    [Theory]
    [InlineData("10.0.0.255")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    public void A_connection_to_many_is_refused_at_once(string to)
    {
        var (net, alice, _) = Routed();
        var client = alice.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.ENETUNREACH, alice.Connect(client, new Endpoint(IpAddress.Parse(to), 80), net.Now));
        Assert.Empty(alice.Connections);
    }

    private static (Internet Net, HostStack Alice, HostStack Www) Routed(int lan = 1_500, int mid = 1_500, int wan = 1_500)
    {
        var net = new Internet();
        var (alice, www) = (net.Add("alice"), net.Add("www"));
        var (first, second) = (net.Add("r1", new HostSettings { IsRouter = true }), net.Add("r2", new HostSettings { IsRouter = true }));
        alice.AddDefaultRoute(net.Attach(alice, "lan", "10.0.0.2/24", lan), IpAddress.Parse("10.0.0.1"));
        net.Attach(first, "lan", "10.0.0.1/24", lan);
        first.AddDefaultRoute(net.Attach(first, "mid", "10.0.1.1/24", mid), IpAddress.Parse("10.0.1.2"));
        second.AddDefaultRoute(net.Attach(second, "mid", "10.0.1.2/24", mid), IpAddress.Parse("10.0.1.1"));
        net.Attach(second, "wan", "10.0.2.1/24", wan);
        www.AddDefaultRoute(net.Attach(www, "wan", "10.0.2.80/24", wan), IpAddress.Parse("10.0.2.1"));
        return (net, alice, www);
    }

    private static (TcpSocket Client, TcpSocket Server) Connect(Internet net, HostStack from, HostStack to)
    {
        var listener = to.OpenTcp(IpVersion.V4);
        listener.ReuseAddress = true;
        Assert.Equal(Errno.None, to.Bind(listener, new Endpoint(IpAddress.AnyV4, 80)));
        Assert.Equal(Errno.None, to.Listen(listener, 8));
        var client = from.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.None, from.Connect(client, s_www, net.Now));
        net.Run(TimeSpan.FromSeconds(30), () => listener.IsAcceptable);
        Assert.Equal(Errno.None, listener.Accept(out var server));
        to.Close(listener, byReset: false, net.Now);
        return (client, server);
    }

    private static byte[] Carry(Internet net, HostStack from, TcpSocket source, HostStack to, TcpSocket sink, byte[] data, TimeSpan limit, Action<int>? onSent = null)
    {
        var received = new MemoryStream();
        var buffer = new byte[50_000];
        var sent = 0;
        net.Run(limit, () =>
        {
            while (sent < data.Length && from.Send(source, data.AsSpan(sent), out var count, net.Now) == Errno.None) { sent += count; }
            while (to.Receive(sink, buffer, out var count, net.Now) == Errno.None && count > 0) { received.Write(buffer, 0, count); }
            onSent?.Invoke((int)received.Length);
            return received.Length >= data.Length;
        });
        return received.ToArray();
    }
}
