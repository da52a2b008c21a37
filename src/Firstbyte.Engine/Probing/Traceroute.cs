using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Probing;

/// <summary>How a path is probed.</summary>
/// <param name="Target">Where it leads.</param>
/// <param name="Name">The target as the user named it.</param>
public sealed record TracerouteOptions(IpAddress Target, string Name)
{
    /// <summary>What the probes are.</summary>
    public ProbeKind Kind { get; init; } = ProbeKind.Datagram;

    /// <summary>The last hop that is tried (traceroute's custom: 30).</summary>
    public int MaximumHops { get; init; } = 30;

    /// <summary>Probes for each hop (traceroute's custom: 3).</summary>
    public int Probes { get; init; } = 3;

    /// <summary>How long is waited for each answer (traceroute's custom: 5 s).</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// Finds the routers on the way to a host: probes are given one hop, two, three…, and whoever has to drop one says so (RFC 792, RFC 4443
/// section 3.3).
/// </summary>
public static class Traceroute
{
    // RFC 792 wants 8 bytes of what was sent in an error; traceroute's own packets carry 60 bytes with their IPv4 and UDP headers.
    private const int DataBytes = 32;

    /// <summary>
    /// Probes hop by hop until the target answers, somebody says that it cannot be reached, or the last hop was tried. True when the
    /// target answered.
    /// </summary>
    /// <param name="network">The host from which it probes.</param>
    /// <param name="options">How.</param>
    /// <param name="nameOf">The name of whoever answers, where one is known.</param>
    /// <param name="span">Where it is told.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<bool> RunAsync(
        IProbeNetwork network, TracerouteOptions options, Func<IpAddress, string?> nameOf, TraceSpan span,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(nameOf);
        using var socket = new ProbeSocket(network, options.Target.Version, options.Kind);
        span.Tell(new TracerouteStarted(options.Target, options.Name, network.SourceFor(options.Target), options.Kind, options.MaximumHops));
        var data = new byte[DataBytes];
        ushort sequence = 0;
        var (reached, hop) = (false, 0);
        var isOver = false;
        while (!isOver && hop < options.MaximumHops)
        {
            hop++;
            for (var probe = 1; probe <= options.Probes; probe++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sequence++;
                var sentAt = NetworkClock.Monotonic(network).Nanoseconds;
                var answer = await socket.SendAsync(options.Target, sequence, data, (byte)hop) is var error && error != Errno.None
                    ? new ProbeAnswer(
                        network.SourceFor(options.Target) ?? default, sequence,
                        error == Errno.EHOSTUNREACH ? ProbeReply.HostUnreachable : ProbeReply.NetworkUnreachable, 0, 0)
                    : await NextAsync(network, socket, sequence, options.Wait, cancellationToken);
                var elapsed = NetworkClock.Monotonic(network).Nanoseconds - sentAt;
                var isAnswered = answer.Reply != ProbeReply.None;
                // Where there is no way at all, the host itself says so, and has no address to say it with.
                IpAddress? from = isAnswered && answer.From.Version != IpVersion.None ? answer.From : null;
                span.Tell(new HopProbed(hop, probe, answer.Reply, from, from is { } known ? nameOf(known) : null, elapsed));
                reached |= answer.Reply == ProbeReply.Reached;
                isOver |= isAnswered && answer.Reply != ProbeReply.HopsExceeded;
            }
        }
        if (!reached && network.IsUnpluggedFrom(options.Target)) { span.Tell(new HostUnplugged()); }
        span.Tell(new TracerouteCompleted(hop, reached));
        return reached;
    }

    private static async ValueTask<ProbeAnswer> NextAsync(
        IProbeNetwork network, ProbeSocket socket, ushort sequence, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                var answer = await socket.ReceiveAsync(either.Token);
                // An answer to an earlier probe comes too late to count.
                if (answer.Sequence == sequence) { return answer; }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeAnswer(default, sequence, ProbeReply.None, 0, 0);
        }
    }
}
