using System.Runtime.ExceptionServices;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>Runs one race: begins attempts when the machine says so, and tells it how they ended.</summary>
/// <remarks>Attempts end on whatever thread their network ends them; their endings wait in a queue that one loop empties.</remarks>
internal sealed class RaceDriver(INetwork network, ConnectionRace race, Func<RaceStep, CancellationToken, ValueTask<ISocket>> connect)
{
    private readonly Lock _lock = new();
    private readonly Queue<Ending> _ended = [];
    private TaskCompletionSource? _waiting;

    /// <summary>The socket of the attempt that won; null when all have failed.</summary>
    /// <param name="failures">Where failed attempts go; those that the limit ended fail with ETIMEDOUT.</param>
    /// <param name="limit">Cancelled when the time for all attempts together is over.</param>
    /// <param name="cancellationToken">Ends the race.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no socket is left open.</exception>
    /// <remarks>What an attempt throws that is no failure of the network, as a listener who can take no more, ends the race, and is thrown on.</remarks>
    public async ValueTask<ISocket?> RunAsync(List<ConnectAttempt> failures, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit, cancellationToken);
        var running = new List<Task>();
        ISocket? winner = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (winner is null && limit.IsCancellationRequested && running.Count > 0) { return null; }
                var step = race.Next(NetworkClock.Monotonic(network));
                switch (step.Kind)
                {
                    case RaceStepKind.Start: running.Add(AttemptAsync(step, over.Token)); break;
                    case RaceStepKind.Won: return winner;
                    case RaceStepKind.Lost: return null;
                    default:
                        await WaitAsync(step.Until, over.Token);
                        while (winner is null && TryTake(out var ending))
                        {
                            ending.Fault?.Throw();
                            if (ending.Socket is { } socket)
                            {
                                winner = socket;
                                race.Succeeded();
                            }
                            else
                            {
                                failures.Add(ending.Failure!);
                                race.Failed(NetworkClock.Monotonic(network));
                            }
                        }
                        break;
                }
            }
        }
        catch
        {
            winner?.Close();
            throw;
        }
        finally
        {
            over.Cancel();
            await Task.WhenAll(running);
            // Two may have succeeded before either was looked at.
            while (TryTake(out var late))
            {
                late.Socket?.Close();
                if (winner is not null && late.Fault is { } fault)
                {
                    winner.Close();
                    fault.Throw();
                }
                if (winner is null && late.Failure is { } ended)
                {
                    failures.Add(ended with { Error = ended.Error == Errno.ECANCELED ? Errno.ETIMEDOUT : ended.Error });
                }
            }
        }
    }

    private async Task AttemptAsync(RaceStep step, CancellationToken cancellationToken)
    {
        var began = network.Time.GetTimestamp();
        Ending ending;
        try { ending = new Ending(await connect(step, cancellationToken), null); }
        catch (NetworkException e) { ending = Failed(e.Error); }
        // Its socket is closed; the race is over, or the caller has given up, which the loop throws.
        catch (OperationCanceledException) { ending = Failed(Errno.ECANCELED); }
        // Whatever else it is, the loop waits for an ending.
        catch (Exception e) { ending = new Ending(null, null, ExceptionDispatchInfo.Capture(e)); }
        lock (_lock) { _ended.Enqueue(ending); }
        Wake();

        Ending Failed(Errno error) => new(null, new ConnectAttempt(step.Address, error, NetworkClock.NanosecondsSince(network.Time, began)));
    }

    private async ValueTask WaitAsync(Instant until, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource();
        lock (_lock)
        {
            if (_ended.Count > 0) { return; }
            _waiting = waiting;
        }
        // One tick more than what is left, which is cut to ticks: woken too early, the machine would only say the same again.
        var left = until == Instant.Never ? Timeout.InfiniteTimeSpan : until - NetworkClock.Monotonic(network) + TimeSpan.FromTicks(1);
        using var timer = left == Timeout.InfiniteTimeSpan
            ? null
            : network.Time.CreateTimer(static state => ((RaceDriver)state!).Wake(), this, left, Timeout.InfiniteTimeSpan);
        using var given = cancellationToken.UnsafeRegister(static state => ((RaceDriver)state!).Wake(), this);
        await waiting.Task;
    }

    private void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_lock) { (waiting, _waiting) = (_waiting, null); }
        waiting?.TrySetResult();
    }

    private bool TryTake(out Ending ending)
    {
        lock (_lock) { return _ended.TryDequeue(out ending!); }
    }

    private sealed record Ending(ISocket? Socket, ConnectAttempt? Failure, ExceptionDispatchInfo? Fault = null);
}
