using System.Runtime.ExceptionServices;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Recording;

/// <summary>A program that was started from outside; in every world it is started anew.</summary>
public sealed class LabProgram
{
    private readonly Func<LabElements, CancellationToken, Task<int>> _run;
    private Action? _cancel;
    private int? _result;
    private Exception? _error;

    internal LabProgram(string machine, string name, Func<LabElements, CancellationToken, Task<int>> run) => (Machine, Name, _run) = (machine, name, run);

    /// <summary>Where it runs.</summary>
    public string Machine { get; }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The program in the world that was made last.</summary>
    internal SimulationRoot? Root { get; private set; }

    /// <summary>Whether it has been started in that world and has not ended there.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>What it threw there; null when it threw nothing.</summary>
    public Exception? Error => _error;

    internal void Start(LabElements elements)
    {
        var stop = new CancellationTokenSource();
        (_cancel, _result, _error, IsRunning) = (stop.Cancel, null, null, true);
        Root = elements.World.Kernel.Start(Machine, Name, async () =>
        {
            try { _result = await _run(elements, stop.Token); }
#pragma warning disable CA1031 // Not silent: whoever waits for the program gets it; a replay has nobody who waits.
            catch (Exception e) { _error = e; }
#pragma warning restore CA1031
            finally
            {
                IsRunning = false;
                stop.Dispose();
            }
        });
    }

    internal void Cancel()
    {
        if (IsRunning) { _cancel!(); }
    }

    /// <summary>What it returned; throws what it threw.</summary>
    public int Result()
    {
        if (_error is not null) { ExceptionDispatchInfo.Throw(_error); }
        return _result ?? throw new InvalidOperationException($"'{Name}' on {Machine} has not ended.");
    }
}
