namespace Firstbyte.Sockets;

/// <summary>Closes a stream on which nothing has moved for too long: the waiting call then ends, and <see cref="HasFired"/> says why.</summary>
internal sealed class StallGuard(IByteStream stream, TimeProvider time) : IDisposable
{
    private ITimer? _timer;
    private TimeSpan _patience;
    private long _taken;
    private volatile bool _fired;

    public bool HasFired => _fired;

    /// <summary>Starts the wait anew; <see cref="Timeout.InfiniteTimeSpan"/> waits without end.</summary>
    public void Arm(TimeSpan patience)
    {
        (_patience, _taken) = (patience, stream.Taken);
        if (_timer is null)
        {
            if (patience == Timeout.InfiniteTimeSpan) { return; }
            _timer = time.CreateTimer(static state => ((StallGuard)state!).Fire(), this, patience, Timeout.InfiniteTimeSpan);
        }
        else { _timer.Change(patience, Timeout.InfiniteTimeSpan); }
    }

    public void Disarm()
    {
        _patience = Timeout.InfiniteTimeSpan;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();

    private void Fire()
    {
        // A slow peer takes a long piece bit by bit: that is no stall.
        if (stream.Taken is var taken && taken != _taken)
        {
            _taken = taken;
            _timer!.Change(_patience, Timeout.InfiniteTimeSpan);
            // Disarmed meanwhile, on the connection's own thread.
            if (_patience == Timeout.InfiniteTimeSpan) { _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); }
            return;
        }
        _fired = true;
        stream.Close();
    }
}
