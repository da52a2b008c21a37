using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Measuring;

/// <summary>Makes the same journey again and again, and says what the times of its steps come to.</summary>
/// <remarks>
/// Theory of operation. Each journey is one like any other; its times are those that its last event tells, of a redirected one the sum of its hops. Without
/// more ado each makes a connection of its own, as separate commands would, so that every step is measured each time; the name comes from the cache as long as
/// its TTL allows, as it would for them. Whoever wants to know what a server does rather than what a connection costs keeps the connection
/// (<see cref="JourneyOptions.KeepConnections"/>).
/// </remarks>
public sealed class Repetition
{
    /// <summary>Journeys of one repetition (own choice): their times are kept until the end.</summary>
    public const int Maximum = 100_000;

    private readonly Tracer _tracer;
    private readonly TraceSpan _span;
    private readonly Meter _meter;
    private readonly List<long[]> _times = [];
    private readonly Dictionary<int, int> _statuses = [];
    private int _count;
    private int _failed;
    private JourneyFailure? _failure;

    /// <summary>Begins one, and tells it.</summary>
    /// <param name="span">The step that its own events belong to.</param>
    /// <param name="tracer">Where the journeys are told.</param>
    /// <param name="input">The URL as it was typed.</param>
    /// <param name="count">How many journeys there will be.</param>
    /// <param name="keepsConnection">Whether they share a connection.</param>
    public Repetition(TraceSpan span, Tracer tracer, string input, int count, bool keepsConnection)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        _span = span;
        _meter = new Meter(tracer.Sink);
        _tracer = tracer.Into(_meter);
        _span.Tell(new RepetitionStarted(input, count, keepsConnection));
    }

    /// <summary>Journeys that have been made.</summary>
    public int Count => _count;

    /// <summary>The median of the whole journeys so far, nanoseconds; null before the first that succeeds.</summary>
    public long? MedianSoFar => _times.Count == 0 ? null : StepTimes.Of(MeasuredStep.Total, _times.Select(static one => one[^1])).Median;

    /// <summary>Makes one journey, and keeps its times.</summary>
    /// <param name="journey">Makes it, and tells it to the tracer that it is handed.</param>
    public async ValueTask<JourneyResult> MeasureAsync(Func<Tracer, ValueTask<JourneyResult>> journey)
    {
        ArgumentNullException.ThrowIfNull(journey);
        _meter.Begin();
        var result = await journey(_tracer);
        _count++;
        if (result.Failure is { } failure)
        {
            (_failed, _failure) = (_failed + 1, failure);
            return result;
        }
        _times.Add(_meter.Times);
        _statuses[result.Status] = _statuses.GetValueOrDefault(result.Status) + 1;
        return result;
    }

    /// <summary>Says what has come of all, and tells it.</summary>
    public JourneysMeasured End()
    {
        var steps = Enum.GetValues<MeasuredStep>()
            .Where(step => _times.Exists(one => one[(int)step] > 0 || step == MeasuredStep.Total))
            .Select(step => StepTimes.Of(step, _times.Select(one => one[(int)step])));
        var statuses = _statuses.OrderByDescending(static one => one.Value).ThenBy(static one => one.Key)
            .Select(static one => new StatusCount(one.Key, one.Value));
        var measured = new JourneysMeasured(_count, _failed, [.. steps], [.. statuses], _failure);
        _span.Tell(measured);
        return measured;
    }

    /// <summary>Adds up what the hops of one journey took.</summary>
    private sealed class Meter(ITraceSink next) : ITraceSink
    {
        public long[] Times { get; private set; } = [];

        public bool IsListening => true;

        public void Begin() => Times = new long[(int)MeasuredStep.Total + 1];

        public void Tell(TraceEvent traceEvent)
        {
            if (traceEvent is JourneyCompleted e)
            {
                ReadOnlySpan<long> hop =
                    [e.NameNanoseconds, e.ConnectNanoseconds, e.TlsNanoseconds, e.WaitNanoseconds, e.ReadNanoseconds, e.TotalNanoseconds];
                for (var step = 0; step < hop.Length; step++) { Times[step] += hop[step]; }
            }
            if (next.IsListening) { next.Tell(traceEvent); }
        }
    }
}
