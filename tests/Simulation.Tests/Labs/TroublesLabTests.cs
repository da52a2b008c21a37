using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Each trouble of the lab ends in bounded virtual time and with its own error.</summary>
public class TroublesLabTests
{
    private static readonly LabDefinition Lab = LabCatalog.Load("troubles")!;

    [Theory]
    [InlineData("www.lame.test", 1)]
    [InlineData("www.silent.test", 30)]
    [InlineData("www.circle.test", 30)]
    public void A_name_whose_server_is_broken_fails_in_bounded_time(string name, int seconds)
    {
        var world = LabWorld.Build(Lab);
        var outcome = world.Run("resolve", async () => await world.FindResolver(IpAddress.Parse("10.11.12.2"))!.ResolveAsync(DnsName.Parse(name), RecordType.A));
        Assert.IsType<ResolutionFailure>(outcome);
        Assert.InRange(world.Kernel.Time.GetTimestamp(), 0, seconds * 1_000_000_000L);
    }

    [Theory]
    [InlineData("192.0.2.70", Errno.None, 200)]
    [InlineData("192.0.2.71", Errno.ECONNREFUSED, 0)]
    [InlineData("192.0.2.72", Errno.ECONNRESET, 3000)]
    [InlineData("192.0.2.73", Errno.None, 3000)]
    [InlineData("192.0.2.75", Errno.ETIMEDOUT, 0)]
    [InlineData("192.0.2.99", Errno.EHOSTUNREACH, 0)]
    [InlineData("198.18.0.1", Errno.ENETUNREACH, 0)]
    public void A_broken_web_server_gives_its_own_error(string address, Errno error, int bytes)
    {
        var world = LabWorld.Build(Lab);
        var (seen, received) = world.Run("fetch", () => Fetch(world, IpAddress.Parse(address)));
        Assert.Equal(error, seen);
        if (bytes == 200) { Assert.InRange(received, 50, 500); }
        else { Assert.Equal(bytes, received); }
    }

    [Fact]
    public void The_endless_page_goes_on_for_as_long_as_one_reads()
    {
        var world = LabWorld.Build(Lab);
        var received = world.Run("fetch", async () =>
        {
            using var socket = await Ask(world, IpAddress.Parse("192.0.2.74"));
            var buffer = new byte[65536];
            long sum = 0;
            for (int count; sum < 3_000_000 && (count = await socket.ReceiveAsync(buffer)) > 0;) { sum += count; }
            return sum;
        });
        Assert.True(received >= 3_000_000);
    }

    [Theory]
    [InlineData("www.test", "192.0.2.70", null)]
    [InlineData("expired.test", "192.0.2.81", "Expired")]
    [InlineData("early.test", "192.0.2.82", "NotYetValid")]
    [InlineData("wrong-name.test", "192.0.2.83", "WrongName")]
    [InlineData("unknown-issuer.test", "192.0.2.84", "UnknownIssuer")]
    [InlineData("self-signed.test", "192.0.2.85", "SelfSigned")]
    [InlineData("forged.test", "192.0.2.86", "BadSignature")]
    public void A_bad_certificate_is_rejected_for_what_is_wrong_with_it(string name, string address, string? fault)
    {
        var world = LabWorld.Build(Lab);
        var result = world.Run("handshake", async () =>
        {
            using var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse(address), 443));
            return await new BouncyCastleTlsProvider(world.Client).AuthenticateAsClientAsync(new SocketByteStream(socket), new TlsClientOptions(name), default);
        });
        if (fault is null) { Assert.IsType<TlsSession>(result); }
        else { Assert.Contains(Assert.IsType<TlsFailure>(result).Faults, found => found.ToString().Contains(fault, StringComparison.Ordinal)); }
    }

    private static async Task<ISocket> Ask(LabWorld world, IpAddress address)
    {
        var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(address, 80));
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
        return socket;
    }

    private static async Task<(Errno, int)> Fetch(LabWorld world, IpAddress address)
    {
        var received = 0;
        try
        {
            using var socket = await Ask(world, address);
            var buffer = new byte[4096];
            for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { received += count; }
            return (Errno.None, received);
        }
        catch (NetworkException failure) { return (failure.Error, received); }
    }
}
