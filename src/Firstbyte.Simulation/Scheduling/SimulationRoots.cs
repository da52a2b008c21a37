using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>The programs that were started in a world: which have ended and how, and what the others wait for.</summary>
internal sealed class SimulationRoots
{
    private readonly List<SimulationRoot> _roots = [];
    private readonly List<IWaitReporter> _reporters = [];

    /// <summary>A service that has ended with an exception: nothing that is found out after that is worth anything.</summary>
    public SimulationRoot? FailedService { get; private set; }

    /// <summary>Whether every journey has ended; a service may go on for ever.</summary>
    public bool JourneysHaveEnded
    {
        get
        {
            foreach (var root in _roots)
            {
                if (root is { Kind: RootKind.Journey, HasEnded: false }) { return false; }
            }
            return true;
        }
    }

    public void Add(SimulationRoot root) => _roots.Add(root);

    /// <summary>Adds one who can tell which socket calls are waiting.</summary>
    public void Add(IWaitReporter reporter) => _reporters.Add(reporter);

    public async Task RunAsync(SimulationRoot root, Func<Task> program)
    {
        try
        {
            await program();
            root.End(null);
        }
#pragma warning disable CA1031 // Not silent: the run that waits for this root throws it again, and a service's ends any run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            root.End(exception);
            if (root.Kind == RootKind.Service) { FailedService = root; }
        }
    }

    public void ThrowWhatTheyThrew()
    {
        foreach (var root in _roots) { root.ThrowOnce(); }
    }

    /// <summary>Forgets those of which nothing more is to be said.</summary>
    public void Settle() => _roots.RemoveAll(static root => root.IsSettled);

    /// <summary>What is said of a world in which nothing is left to happen, and somebody waits.</summary>
    public StalledException Stalled(Instant now)
    {
        var unfinished = _roots.Where(static root => root is { Kind: RootKind.Journey, HasEnded: false }).ToArray();
        var waits = new List<WaitingCall>();
        foreach (var reporter in _reporters) { reporter.ReportWaits(waits); }
        return new StalledException(now, unfinished, [.. waits.OrderBy(wait => !unfinished.Any(root => root.Host == wait.Host))]);
    }
}
