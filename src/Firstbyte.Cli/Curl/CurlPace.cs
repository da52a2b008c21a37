using System.Globalization;
using Firstbyte.Journeys;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>How fast a transfer may be (<c>--limit-rate</c>), and how slow (<c>-Y</c>, <c>-y</c>).</summary>
internal sealed class CurlPace : IDisposable
{
    // curl: 30 s where only the speed is said, a byte a second where only the time is.
    private const long DefaultSeconds = 30, DefaultSpeed = 1;

    private readonly TransferLimits _limits;
    private readonly IBodySink _sink;
    private readonly (long Speed, long Seconds) _least;

    private CurlPace(CurlTask task, TimeProvider time)
    {
        _least = (task.SlowestSpeed ?? DefaultSpeed, task.SlowestSeconds ?? DefaultSeconds);
        var isWatched = task.SlowestSpeed is > 0 || (task.SlowestSpeed is null && task.SlowestSeconds is > 0);
        _limits = TransferLimits.Of(
            new JourneyOptions
            {
                BytesPerSecond = task.RateLimit is > 0 ? task.RateLimit : null,
                SlowestBytesPerSecond = isWatched ? _least.Speed : null,
                SlowestFor = TimeSpan.FromSeconds(_least.Seconds),
                // Only so that there are limits: no transfer has so many.
                MaximumBytes = long.MaxValue,
            }, time)!;
        _sink = _limits.Around(DiscardingSink.Instance);
    }

    /// <summary>Cancelled when the transfer is too slow.</summary>
    public CancellationToken Slow => _limits.Slow;

    /// <summary>What curl says then.</summary>
    public string Complaint => string.Create(CultureInfo.InvariantCulture,
        $"Operation too slow. Less than {_least.Speed} bytes/sec transferred the last {_least.Seconds} seconds");

    /// <summary>The pace of a transfer; null where any will do.</summary>
    public static CurlPace? Of(CurlTask task, TimeProvider time) =>
        task is { RateLimit: null or 0, SlowestSpeed: null or 0, SlowestSeconds: null or 0 } ? null : new CurlPace(task, time);

    /// <summary>A connection is there: from now on something has to move.</summary>
    public void Begin() => _sink.Begin(new ContentDescription(null, null));

    /// <summary>So much has come.</summary>
    public ValueTask PassAsync(ReadOnlyMemory<byte> piece, CancellationToken stop) => _sink.WriteAsync(piece, stop);

    /// <summary>Content that goes out at the pace.</summary>
    public IBodySource? Around(IBodySource? source) => _limits.Around(source);

    public void Dispose() => _limits.Dispose();
}
