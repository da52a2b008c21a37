using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Probing;

/// <summary>What a ping sends.</summary>
/// <param name="Target">Whom it asks.</param>
/// <param name="Name">The target as the user named it.</param>
public sealed record PingOptions(IpAddress Target, string Name)
{
    /// <summary>The most data that fits an IPv4 packet: 65,535 less two headers.</summary>
    public const int MaxDataBytes = 65_507;

    /// <summary>Echo requests.</summary>
    public int Count { get; init; } = 4;

    /// <summary>Bytes of data in each (iputils' 56, which makes 64 with the header).</summary>
    public int DataBytes { get; init; } = 56;

    /// <summary>Time between two requests.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long is waited for the answers after the last request (iputils' MAXWAIT: 10 s).</summary>
    public TimeSpan LastWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Hops that the requests may take; 0 leaves it to the host.</summary>
    public byte HopLimit { get; init; }
}

/// <summary>Asks a host whether it is there, and how long the way to it and back takes.</summary>
public static class Ping
{
    /// <summary>Sends the requests, tells every answer, and returns the summary.</summary>
    /// <param name="network">The host that asks.</param>
    /// <param name="options">What to send.</param>
    /// <param name="nameOf">The name of whoever answers, where one is known.</param>
    /// <param name="span">Where it is told.</param>
    /// <param name="cancellationToken">Ends it early; the summary is told all the same.</param>
    public static async Task<PingCompleted> RunAsync(
        IProbeNetwork network, PingOptions options, Func<IpAddress, string?> nameOf, TraceSpan span,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(nameOf);
        using var socket = new ProbeSocket(network, options.Target.Version, ProbeKind.Echo);
        var run = new PingRun(network, options, nameOf, span);
        span.Tell(new PingStarted(options.Target, options.Name, network.SourceFor(options.Target), options.DataBytes));
        var data = new byte[options.DataBytes];
        // The pattern of every ping since the first: each byte its own place.
        for (var i = 0; i < data.Length; i++) { data[i] = (byte)i; }
        for (ushort sequence = 1; sequence <= options.Count && !cancellationToken.IsCancellationRequested; sequence++)
        {
            run.OnSent(sequence, await socket.SendAsync(options.Target, sequence, data, options.HopLimit));
            var isLast = sequence == options.Count;
            await run.ListenAsync(socket, isLast ? options.LastWait : options.Interval, untilAllAnswered: isLast, cancellationToken);
            run.TellIfUnanswered(sequence);
        }
        return run.Complete();
    }
}

/// <summary>The book of one ping: what was sent when, and what has come back.</summary>
internal sealed class PingRun(IProbeNetwork network, PingOptions options, Func<IpAddress, string?> nameOf, TraceSpan span)
{
    private readonly long _began = NetworkClock.Monotonic(network).Nanoseconds;
    private readonly Dictionary<ushort, long> _sentAt = [];
    private readonly HashSet<ushort> _settled = [];
    private readonly List<long> _roundTrips = [];
    private int _errors;
    private int _sent;

    private long Now => NetworkClock.Monotonic(network).Nanoseconds;

    public void OnSent(ushort sequence, Errno error)
    {
        _sent++;
        if (error == Errno.None) { _sentAt.Add(sequence, Now); return; }
        _errors++;
        span.Tell(new EchoNotSent(sequence, error));
    }

    public async Task ListenAsync(ProbeSocket socket, TimeSpan time, bool untilAllAnswered, CancellationToken cancellationToken)
    {
        if (untilAllAnswered && _settled.Count == _sentAt.Count) { return; }
        using var limit = new CancellationTokenSource(time, network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (!untilAllAnswered || _settled.Count < _sentAt.Count) { OnAnswer(await socket.ReceiveAsync(either.Token)); }
        }
        // The time for this request is over, or the user has had enough: both are how waiting ends.
        catch (OperationCanceledException) { return; }
    }

    public void TellIfUnanswered(ushort sequence)
    {
        if (_sentAt.ContainsKey(sequence) && !_settled.Contains(sequence)) { span.Tell(new EchoUnanswered(sequence)); }
    }

    public PingCompleted Complete()
    {
        var mean = _roundTrips.Count == 0 ? 0 : (long)(_roundTrips.Aggregate((Int128)0, static (sum, one) => sum + one) / _roundTrips.Count);
        var squares = _roundTrips.Aggregate((Int128)0, static (sum, one) => sum + (Int128)one * one);
        var variance = _roundTrips.Count == 0 ? 0 : squares / _roundTrips.Count - (Int128)mean * mean;
        var completed = new PingCompleted(
            options.Name, _sent, _roundTrips.Count, _errors, Now - _began,
            _roundTrips.Count == 0 ? 0 : _roundTrips.Min(), mean, _roundTrips.Count == 0 ? 0 : _roundTrips.Max(),
                (long)Math.Sqrt((double)Int128.Max(variance, 0)));
        if (_roundTrips.Count == 0 && network.IsUnpluggedFrom(options.Target)) { span.Tell(new HostUnplugged()); }
        span.Tell(completed);
        return completed;
    }

    private void OnAnswer(ProbeAnswer answer)
    {
        if (!_sentAt.TryGetValue(answer.Sequence, out var sentAt)) { return; }
        var isFirst = _settled.Add(answer.Sequence);
        var elapsed = Now - sentAt;
        if (answer.Reply != ProbeReply.Reached) { _errors++; }
        else if (isFirst) { _roundTrips.Add(elapsed); }
        span.Tell(new EchoAnswered(answer.Sequence, answer.From, nameOf(answer.From), answer.Reply, answer.HopLimit, answer.Length, elapsed, !isFirst));
    }
}
