using Firstbyte.Sockets;

namespace Firstbyte.Tracing;

/// <summary>Stamps events with time and place and passes them to the sink. One tracer a run.</summary>
public sealed class Tracer(ITraceSink sink)
{
    private readonly Tracer? _counting;
    private long _lastSpan;

    private Tracer(ITraceSink sink, Tracer counting) : this(sink) => _counting = counting;

    /// <summary>A tracer that nobody listens to.</summary>
    public static Tracer Silent => new(SilentSink.Instance);

    /// <summary>Where the events go.</summary>
    public ITraceSink Sink { get; } = sink;

    /// <summary>The number of the step that was begun last; whatever begins from now on has a higher one.</summary>
    public long LastSpan => _counting?.LastSpan ?? _lastSpan;

    /// <summary>A tracer whose events are told to another sink; its steps are counted among those of this one.</summary>
    internal Tracer Into(ITraceSink other) => new(other, this);

    /// <summary>Begins a step that no other step started.</summary>
    public TraceSpan Root(INetwork network) => new(this, network, Next(), 0);

    internal TraceSpan Begin(INetwork network, long parent) => new(this, network, Next(), parent);

    private long Next() => _counting?.Next() ?? ++_lastSpan;
}

/// <summary>One step of a run, to which events belong. A copyable handle.</summary>
public readonly struct TraceSpan
{
    private readonly Tracer _tracer;
    private readonly INetwork _network;

    internal TraceSpan(Tracer tracer, INetwork network, long id, long parent)
    {
        _tracer = tracer;
        _network = network;
        Id = id;
        Parent = parent;
    }

    /// <summary>The step's number in its run, from 1 on.</summary>
    public long Id { get; }

    /// <summary>The number of the step that started it; 0 for a root.</summary>
    public long Parent { get; }

    /// <summary>Whether an event would be seen: make none otherwise.</summary>
    public bool IsListening => _tracer is not null && _tracer.Sink.IsListening;

    /// <summary>Begins a step inside this one, on the same host.</summary>
    public TraceSpan Begin() => _tracer is null ? default : _tracer.Begin(_network, Id);

    /// <summary>Begins a step inside this one, on another host's network.</summary>
    public TraceSpan Begin(INetwork network) => _tracer is null ? default : _tracer.Begin(network, Id);

    /// <summary>Stamps the event with this step and the time, and tells it.</summary>
    public void Tell(TraceEvent traceEvent)
    {
        if (!IsListening) { return; }
        ArgumentNullException.ThrowIfNull(traceEvent);
        traceEvent.At = NetworkClock.Observed(_network);
        traceEvent.Span = Id;
        traceEvent.Parent = Parent;
        _tracer.Sink.Tell(traceEvent);
    }
}

/// <summary>The calendar time of a network as an <see cref="Instant"/>.</summary>
public static class NetworkClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Now, on the network's own clock; nanoseconds where its clock has them.</summary>
    public static Instant Now(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Time is INanosecondClock precise ? precise.Now : Instant.FromDateTimeOffset(network.Time.GetUtcNow());
    }

    /// <summary>Now, for whoever measures a time: it never jumps, however the calendar is set, and its beginning means nothing.</summary>
    public static Instant Monotonic(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new Instant(Nanoseconds(network.Time, network.Time.GetTimestamp()));
    }

    /// <summary>The nanoseconds between a timestamp of a clock and now.</summary>
    public static long NanosecondsSince(TimeProvider time, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Nanoseconds(time, time.GetTimestamp() - timestamp);
    }

    /// <summary>A clock's ticks as nanoseconds, exact also where they are long: the one place where they are worked out.</summary>
    public static long Nanoseconds(TimeProvider time, long ticks)
    {
        ArgumentNullException.ThrowIfNull(time);
        var frequency = time.TimestampFrequency;
        return frequency == NanosecondsPerSecond ? ticks : (long)((Int128)ticks * NanosecondsPerSecond / frequency);
    }

    /// <summary>Now, for whoever looks on: in a simulated world its own time, even where the host's clock is wrong.</summary>
    public static Instant Observed(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Time is IObservedClock observed ? observed.Observed : Now(network);
    }
}

/// <summary>A <see cref="TimeProvider"/> that knows nanoseconds (a simulated world's).</summary>
public interface INanosecondClock
{
    /// <summary>Now.</summary>
    Instant Now { get; }
}

/// <summary>A clock that may be wrong, in a world that knows the true time.</summary>
public interface IObservedClock
{
    /// <summary>The true time.</summary>
    Instant Observed { get; }
}
