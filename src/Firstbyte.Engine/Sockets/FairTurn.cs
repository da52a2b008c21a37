namespace Firstbyte.Sockets;

/// <summary>Gives others their turn in a long row of steps that all end at once, as those with files do: timers, signals and other journeys.</summary>
/// <remarks>
/// A network that runs its program on one thread fires timers between two waits; a program that never waits has to make one. In a simulated world, where files
/// take no time, there is none to be made.
/// </remarks>
/// <param name="time">The network's clock.</param>
public sealed class FairTurn(TimeProvider time)
{
    /// <summary>How long others wait at most (own choice: a fifth of the 100 ms within which limits hold).</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(1);

    private long _began = time.GetTimestamp();

    /// <summary>To be awaited between two steps: waits when the turn has been long enough.</summary>
    /// <exception cref="OperationCanceledException">The journey is to end.</exception>
    public ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled(cancellationToken); }
        return time.GetElapsedTime(_began) <= Longest ? ValueTask.CompletedTask : WaitAsync(cancellationToken);
    }

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(s_wait, time, cancellationToken);
        _began = time.GetTimestamp();
    }
}
