using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Sockets;

namespace Firstbyte.Probing;

/// <summary>What a probe is.</summary>
public enum ProbeKind
{
    /// <summary>An ICMP echo request.</summary>
    Echo,

    /// <summary>A UDP datagram to a port where nobody is expected to listen.</summary>
    Datagram,
}

/// <summary>What came back for a probe.</summary>
/// <param name="From">Who answered.</param>
/// <param name="Sequence">Which probe it is about.</param>
/// <param name="Reply">What was said.</param>
/// <param name="HopLimit">Hops that the answer had left; 0 for an error.</param>
/// <param name="Length">Bytes of the ICMP message; 0 where only its sense is known.</param>
internal readonly record struct ProbeAnswer(IpAddress From, ushort Sequence, ProbeReply Reply, byte HopLimit, int Length);

/// <summary>Sends probes of either kind with a hop limit, and takes what comes back with its sender.</summary>
internal sealed class ProbeSocket : IDisposable
{
    /// <summary>The first port of datagram probes (traceroute's, by custom since 1988); the probe's number is added.</summary>
    private const ushort FirstPort = 33_434;

    private readonly IEchoSocket? _ping;
    private readonly ISocket? _mailbox;

    public ProbeSocket(IProbeNetwork network, IpVersion version, ProbeKind kind)
    {
        if (kind == ProbeKind.Echo) { _ping = network.CreateEchoSocket(version); }
        else
        {
            _mailbox = network.CreateSocket(version, SocketKind.Datagram);
            ((IErrorQueue)_mailbox).KeepErrors();
        }
    }

    /// <summary>Sends a probe; its number is how the answer is known.</summary>
    /// <returns>What the host said: ENETUNREACH without a route, EMSGSIZE.</returns>
    public async ValueTask<Errno> SendAsync(IpAddress target, ushort sequence, ReadOnlyMemory<byte> data, byte hopLimit)
    {
        try
        {
            if (_ping is not null) { _ping.Send(target, sequence, data.Span, hopLimit); }
            else
            {
                if (hopLimit > 0) { _mailbox!.SetOption(SocketOption.TimeToLive, hopLimit); }
                await _mailbox!.SendToAsync(data, new Endpoint(target, PortOf(sequence)));
            }
            return Errno.None;
        }
        catch (NetworkException e) { return e.Error; }
    }

    /// <summary>Waits for the next answer.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async ValueTask<ProbeAnswer> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_ping is not null)
        {
            var echo = await _ping.ReceiveAsync(cancellationToken);
            return new ProbeAnswer(
                echo.From, echo.Sequence, echo.IsReply ? ProbeReply.Reached : Judge(echo.From.IsV6, echo.Type, echo.Code), echo.HopLimit,
                echo.Length);
        }
        var error = await ((IErrorQueue)_mailbox!).ReceiveErrorAsync(cancellationToken);
        return new ProbeAnswer(error.From, (ushort)(error.About.Port - FirstPort), Judge(error.From.IsV6, error.Type, error.Code), 0, 0);
    }

    public void Dispose()
    {
        _ping?.Dispose();
        _mailbox?.Dispose();
    }

    // Numbers beyond the last port begin again at the first.
    private static ushort PortOf(ushort sequence) => (ushort)(FirstPort + sequence % (ushort.MaxValue - FirstPort + 1));

    private static ProbeReply Judge(bool isV6, byte type, byte code) => isV6
        ? (Icmpv6Type)type switch
        {
            Icmpv6Type.TimeExceeded => ProbeReply.HopsExceeded,
            Icmpv6Type.PacketTooBig => ProbeReply.TooBig,
            Icmpv6Type.ParameterProblem when code == 1 => ProbeReply.ProtocolUnreachable,
            Icmpv6Type.DestinationUnreachable => (Icmpv6UnreachableCode)code switch
            {
                Icmpv6UnreachableCode.NoRoute => ProbeReply.NetworkUnreachable,
                Icmpv6UnreachableCode.Address => ProbeReply.HostUnreachable,
                Icmpv6UnreachableCode.Prohibited => ProbeReply.Prohibited,
                Icmpv6UnreachableCode.Port => ProbeReply.Reached,
                _ => ProbeReply.Unreachable,
            },
            _ => ProbeReply.Unreachable,
        }
        : (IcmpType)type switch
        {
            IcmpType.TimeExceeded => ProbeReply.HopsExceeded,
            IcmpType.DestinationUnreachable => (IcmpUnreachableCode)code switch
            {
                IcmpUnreachableCode.Network => ProbeReply.NetworkUnreachable,
                IcmpUnreachableCode.Host => ProbeReply.HostUnreachable,
                IcmpUnreachableCode.Protocol => ProbeReply.ProtocolUnreachable,
                IcmpUnreachableCode.Port => ProbeReply.Reached,
                IcmpUnreachableCode.FragmentationNeeded => ProbeReply.TooBig,
                IcmpUnreachableCode.Prohibited => ProbeReply.Prohibited,
                _ => ProbeReply.Unreachable,
            },
            _ => ProbeReply.Unreachable,
        };
}
