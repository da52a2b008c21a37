using System.Diagnostics;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Simulation.Swarm;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Runs worlds side by side and tells of them in the order of their seeds.</summary>
/// <remarks>
/// A world is one thread's and shares nothing, so each thread takes the next seed when it has finished one. What is printed waits for its
/// turn.
/// </remarks>
internal sealed class SimRun(CommandIo io, (ulong First, ulong Last) seeds, bool isOne, IReadOnlySet<string>? kinds, int jobs, string folder, SimOutput mode)
{
    /// <summary>Broken worlds that are shrunk, captured and reported at length; the others are named.</summary>
    private const int MostReports = 5;

    // Worlds that have ended and wait for an earlier one: threads that are further ahead rest.
    private const int MostWaiting = 256;

    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(500);

    private readonly object _gate = new();
    private readonly SortedDictionary<ulong, SwarmResult> _waiting = [];
    private readonly SwarmCoverage _coverage = new();
    private readonly List<SwarmResult> _broken = [];
    private readonly SimWords _words = new(io.Text, io.OpenPage(), io.IsErrorTerminal ? io.Errors.DrawLine : null, io.Errors.Say, mode, io.Language);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ulong _next = seeds.First;
    private ulong _told = seeds.First;
    private volatile bool _stopped;
    private Exception? _failure;

    public int Run()
    {
        // The first signal ends in order, with what was done until then; the second ends at once.
        using var stopping = io.Signals.Stopping.Register(() => _stopped = true);
        var count = Math.Min((ulong)jobs, seeds.Last - seeds.First + 1);
        // Deep continuations of a world run on its own stack.
        var threads = Enumerable.Range(0, (int)count).Select(_ => new Thread(Work, 16 << 20) { IsBackground = true }).ToArray();
        foreach (var thread in threads) { thread.Start(); }
        try { while (Tell()) { } }
        catch (OutputLostException)
        {
            // Nobody is left to work for.
            _stopped = true;
            throw;
        }
        foreach (var thread in threads) { thread.Join(); }
        if (_failure is not null) { throw new InvalidOperationException("a world could not be made", _failure); }
        return End();
    }

    private void Work()
    {
        while (TryTake(out var seed))
        {
            try
            {
                var result = SwarmRun.Execute(SwarmPlan.Make(seed, kinds));
                lock (_gate)
                {
                    _waiting.Add(seed, result);
                    Monitor.PulseAll(_gate);
                }
            }
            // Handed to the thread that prints, which throws it again.
#pragma warning disable CA1031
            catch (Exception error)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    _failure ??= error;
                    _stopped = true;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private bool TryTake(out ulong seed)
    {
        lock (_gate)
        {
            while (!_stopped && _next <= seeds.Last && _next - _told > MostWaiting) { Monitor.Wait(_gate, s_progressInterval); }
            seed = _next;
            if (_stopped || _next > seeds.Last || _next < seeds.First) { return false; }
            _next++;
            return true;
        }
    }

    /// <summary>Tells of the next world in order; false when there is none left.</summary>
    private bool Tell()
    {
        SwarmResult? result;
        lock (_gate)
        {
            while (!_waiting.Remove(_told, out result))
            {
                // After Ctrl-C what is under way is still awaited, so that the worlds told of are a stretch without gaps.
                if (_failure is not null || (_stopped && _told >= _next) || _told > seeds.Last) { return false; }
                // Who reads along sees what there is while the next one runs.
                io.Text.Flush();
                io.Output.Flush();
                Monitor.Wait(_gate, s_progressInterval);
                _words.Progress(_coverage.Worlds, seeds.Last - seeds.First + 1, _coverage.Broken, _clock.Elapsed);
            }
            _told++;
            Monitor.PulseAll(_gate);
        }
        _coverage.Add(result);
        if (result.Breach is not null) { _broken.Add(result); }
        _words.World(result, isOne ? SwarmPlan.Make(result.Seed, kinds).Faults : null);
        return true;
    }

    private int End()
    {
        _words.ClearProgress();
        foreach (var result in _broken.Take(MostReports)) { Report(result); }
        if (_broken.Count > MostReports) { _words.Others(_broken.Skip(MostReports)); }
        var gaps = isOne || _stopped ? [] : _coverage.Gaps(kinds);
        _words.Coverage(_coverage, gaps, kinds, _clock.Elapsed, seeds, _stopped);
        return _stopped ? io.Signals.ExitCode : _broken.Count > 0 ? SimCommand.Broken : gaps.Count > 0 && mode != SimOutput.Hashes ? SimCommand.NotCovered : 0;
    }

    private void Report(SwarmResult result)
    {
        if (mode == SimOutput.Hashes) { return; }
        var plan = SwarmPlan.Make(result.Seed, kinds);
        var (capture, log) = (Path.Combine(folder, $"seed-{result.Seed}.pcapng"), Path.Combine(folder, $"seed-{result.Seed}.jsonl"));
        io.CreateFolder(folder);
        using (var events = io.Create(log))
        {
            using var packets = io.Create(capture);
            using (var buffer = new BufferedStream(events, 1 << 20))
            {
                var lines = new JsonLines(buffer, EventLevel.All);
                SwarmRun.Execute(plan, lines, packets);
                lines.Close();
            }
            events.Complete();
            packets.Complete();
        }
        _words.Shrinking(result);
        var shrunk = SwarmShrinker.Shrink(plan, result.Breach!.Invariant, () => _stopped);
        var command = $"firstbyte sim --seed {result.Seed}{(kinds is null ? "" : " --faults " + (kinds.Count == 0 ? "none" : string.Join(',', kinds.Order(StringComparer.Ordinal))))}";
        _words.Report(result, plan.Faults, shrunk, capture, log, command);
    }
}
