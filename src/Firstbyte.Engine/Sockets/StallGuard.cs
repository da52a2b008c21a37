namespace Firstbyte.Sockets;

/// <summary>Closes a stream on which nothing has moved for too long: the waiting call then ends, and <see cref="HasFired"/> says why.</summary>
internal sealed class StallGuard(IByteStream stream, TimeProvider time) : IDisposable
{
    private ITimer? _timer;
    private volatile bool _fired;

    public bool HasFired => _fired;

    /// <summary>Starts the wait anew; <see cref="Timeout.InfiniteTimeSpan"/> waits without end.</summary>
    public void Arm(TimeSpan patience)
    {
        if (_timer is null)
        {
            if (patience == Timeout.InfiniteTimeSpan) { return; }
            _timer = time.CreateTimer(static state => ((StallGuard)state!).Fire(), this, patience, Timeout.InfiniteTimeSpan);
        }
        else { _timer.Change(patience, Timeout.InfiniteTimeSpan); }
    }

    public void Disarm() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer?.Dispose();

    private void Fire()
    {
        _fired = true;
        stream.Close();
    }
}
