using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Firstbyte.Sockets.Os;

/// <summary>One direction of a socket, in which one call may wait: ends that call when its caller or the socket gives up.</summary>
/// <remarks>
/// Every call of the direction carries the direction's own token, so that a caller's token costs a registration only when the call really
/// waits, and closing needs no source that links the two.
/// </remarks>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "A source without timer and wait handle holds nothing to free, and a late cancellation must still find it.")]
internal sealed class OsDirection
{
    private CancellationTokenSource _source = new();
    private volatile bool _closed;

    public CancellationToken Token => _source.Token;

    public void Close()
    {
        _closed = true;
        _source.Cancel();
    }

    /// <summary>Awaits a call that was started with <see cref="Token"/>, and ends it when the caller's token is cancelled.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> FinishAsync<T>(ValueTask<T> pending, CancellationToken cancellationToken)
    {
        var source = _source;
        var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        try
        {
            return await pending;
        }
        catch (OperationCanceledException) when (!_closed && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            // After this no callback can come; one that came too late has spent the source for the next call.
            await registration.DisposeAsync();
            if (source.IsCancellationRequested && !_closed) { _source = new CancellationTokenSource(); }
        }
    }
}
