using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

namespace Firstbyte.Labs.Attackers;

/// <summary>
/// Sits far from its victim and sees nothing: it asks the victim for the name, and while the victim asks the real server, sends answers
/// with guessed ids and ports in that server's name.
/// </summary>
/// <remarks>
/// It has until the real answer is there, and must guess 16 bits of id and the port (RFC 5452 section 4), so it sends as many as it can: one frame
/// every 1/N second, for <see cref="Nanoseconds"/>.
/// </remarks>
internal sealed class Guesser(Forgery forgery, IpAddress claimed, long packetsPerSecond, Internet internet, SimulatedHost host)
{
    // Longer than any answer takes in a lab that is not slow on purpose.
    private const long Nanoseconds = 500_000_000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    // How long it waits for the hardware address of its own router, a look at a time.
    private const int MaxLooks = 100;
    private const long LookNanoseconds = 1_000_000;

    private readonly HostSettings _victim = internet.FindPlug(forgery.Resolver)?.Node.Machine.Stack.Settings ?? new HostSettings();

    public async Task RunAsync()
    {
        using var mailbox = host.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await mailbox.ConnectAsync(new Endpoint(forgery.Resolver, Forgery.DnsPort));
        var question = new Question(forgery.Name, RecordType.A);
        await mailbox.SendAsync(Ask(question));
        if (await FindRouterAsync() is not { } router) { return; }
        var plug = host.Plugs[0];
        var ports = _victim.LastEphemeralPort - _victim.FirstEphemeralPort + 1;
        var random = internet.Kernel.Stream($"guesser {host.Name} {forgery.Name}");
        for (long sent = 0; sent < Nanoseconds * packetsPerSecond / NanosecondsPerSecond; sent++)
        {
            var target = new Endpoint(forgery.Resolver, (ushort)(_victim.FirstEphemeralPort + random.NextBelow(ports)));
            plug.Wire.A.Send(ForgedAnswer.Make(
                internet.Frames, router, plug.Interface.Hardware, new Endpoint(claimed, Forgery.DnsPort), target,
                    (ushort)random.NextBelow(ushort.MaxValue + 1), question, forgery.Answer));
            await internet.Kernel.Delay(NanosecondsPerSecond / packetsPerSecond);
        }
    }

    private static byte[] Ask(Question question)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(question);
        return buffer[..writer.Finish(1, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError)];
    }

    // Whoever its own question went to: the router, or the victim where it is a neighbour.
    private async Task<MacAddress?> FindRouterAsync()
    {
        for (var look = 0; look < MaxLooks; look++)
        {
            foreach (var row in host.Machine.Stack.Neighbors)
            {
                if (row.Hardware != default && (row.Address == forgery.Resolver || host.Gateways.Contains(row.Address))) { return row.Hardware; }
            }
            await internet.Kernel.Delay(LookNanoseconds);
        }
        return null;
    }
}
