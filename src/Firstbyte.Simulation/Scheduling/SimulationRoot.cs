using System.Runtime.ExceptionServices;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>Whether a run waits for a program's end.</summary>
public enum RootKind
{
    /// <summary>It has to end: a world that goes idle before has stalled.</summary>
    Journey,

    /// <summary>It waits for clients for ever; only its failure ends a run.</summary>
    Service,
}

/// <summary>A program of a host, as the kernel knows it.</summary>
public sealed class SimulationRoot
{
    private bool _isThrown;

    internal SimulationRoot(string host, string name, RootKind kind)
    {
        Host = host;
        Name = name;
        Kind = kind;
    }

    /// <summary>The host it runs on.</summary>
    public string Host { get; }

    /// <summary>What it does.</summary>
    public string Name { get; }

    /// <summary>Whether a run waits for its end.</summary>
    public RootKind Kind { get; }

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What it threw.</summary>
    public Exception? Error { get; private set; }

    internal bool IsSettled => HasEnded && (Error is null || _isThrown);

    internal void End(Exception? error)
    {
        Error = error;
        HasEnded = true;
    }

    internal void ThrowOnce()
    {
        if (Error is null || _isThrown) { return; }
        _isThrown = true;
        ExceptionDispatchInfo.Throw(Error);
    }
}
