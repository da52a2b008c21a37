using System.Diagnostics;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Commands;

/// <summary>The line of progress of one body, on standard error where that is a terminal: bytes, rate, time left.</summary>
/// <remarks>
/// It has a thread of its own, because a server that stalls lets nobody else draw. It measures real time, also in a lab: it speaks to who waits. Whoever
/// prints anything else hides it first (<see cref="Hide"/>); the next byte brings it back.
/// </remarks>
internal sealed class BodyProgress(CommandIo io) : IDisposable
{
    /// <summary>What takes no longer is over before it could be read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    // The rate is that of the last four seconds, so that it follows a path that gets slower.
    private const int Samples = 16;

    private readonly object _gate = new();
    private readonly Queue<(TimeSpan At, long Bytes)> _samples = new();
    private readonly Stopwatch _watch = new();
    private Thread? _thread;
    private long? _total;
    private long _bytes;
    private bool _isHidden = true;
    private bool _isOver;

    /// <summary>A body comes.</summary>
    /// <param name="total">Its bytes, where they are known.</param>
    public void Begin(long? total)
    {
        _total = total;
        _watch.Start();
        _samples.Enqueue((TimeSpan.Zero, 0));
        _thread = new Thread(Draw, 256 * 1024) { IsBackground = true, Name = "progress" };
        _thread.Start();
    }

    /// <summary>So many more have come, which nobody sees by themselves.</summary>
    public void Advance(int count)
    {
        lock (_gate)
        {
            _bytes += count;
            _isHidden = false;
        }
    }

    /// <summary>Something else is printed.</summary>
    public void Hide()
    {
        lock (_gate)
        {
            _isHidden = true;
            io.Errors.DrawLine("");
        }
    }

    /// <summary>No more comes.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            io.Errors.DrawLine("");
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        End();
        _thread?.Join();
    }

    private void Draw()
    {
        lock (_gate)
        {
            Monitor.Wait(_gate, Patience);
            while (!_isOver)
            {
                var now = _watch.Elapsed;
                var (at, bytes) = _samples.Count == Samples ? _samples.Dequeue() : _samples.Peek();
                _samples.Enqueue((now, _bytes));
                if (!_isHidden)
                {
                    var rate = (long)((_bytes - bytes) / Math.Max(0.001, (now - at).TotalSeconds));
                    var line = io.Language.Journeys.Progress(_bytes, _total, rate, now).ToString();
                    io.Errors.DrawLine(DisplayWidth.Cut(line, CommandIo.ErrorColumns - 1));
                }
                Monitor.Wait(_gate, s_interval);
            }
        }
    }
}
