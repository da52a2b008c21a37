using System.Diagnostics;

namespace Firstbyte.Fuzz.Running;

/// <summary>Fuzzes one target for a time: inputs that take a new way through the code are kept and bred from.</summary>
internal sealed class FuzzSession(FuzzTarget target, CoverageMap map, ulong seed, CorpusFolder found, CorpusFolder findings)
{
    // A broken subject breaks in few ways; the rest would be the same ones again.
    private const int MaximumFindings = 10;

    private readonly FuzzRandom _random = new(seed);
    private readonly List<byte[]> _corpus = [];
    private readonly HashSet<string> _findings = new(StringComparer.Ordinal);

    /// <summary>How many inputs have a way of their own.</summary>
    public int CorpusCount => _corpus.Count;

    /// <summary>How many edges were taken.</summary>
    public int Edges => map.Edges;

    /// <summary>How many findings differ in what was thrown and where.</summary>
    public int Findings => _findings.Count;

    /// <summary>How many inputs were run.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs the given inputs, then breeds until the time is over or, with <paramref name="stopsAtFinding"/>, something is found.</summary>
    public void Run(IEnumerable<byte[]> inputs, TimeSpan time, bool stopsAtFinding)
    {
        using var runner = new InputRunner(target, findings.Path);
        var start = Stopwatch.GetTimestamp();
        foreach (var input in inputs) { Try(runner, input, isBred: false); }
        if (_corpus.Count == 0) { _corpus.Add([]); }
        var mutator = new Mutator(_random, target.Tokens, target.MaximumLength);
        while (Stopwatch.GetElapsedTime(start) < time && _findings.Count < (stopsAtFinding ? 1 : MaximumFindings))
        {
            var parent = Choose();
            // One parent has several children: looking at the clock and choosing cost as much as a short run.
            for (var children = 0; children < 16; children++) { Try(runner, mutator.Breed(parent, _corpus[_random.Below(_corpus.Count)]), isBred: true); }
        }
        Runs = runner.Runs;
    }

    // Half of the time one of the newest: what was just reached has neighbours that nobody has tried.
    private byte[] Choose()
    {
        var newest = Math.Max(1, _corpus.Count / 8);
        return _random.Below(2) == 0 ? _corpus[^(1 + _random.Below(newest))] : _corpus[_random.Below(_corpus.Count)];
    }

    private void Try(InputRunner runner, byte[] input, bool isBred)
    {
        map.Clear();
        if (runner.Run(input) is { } exception)
        {
            Keep(input, exception);
            return;
        }
        if (!map.Merge()) { return; }
        _corpus.Add(input);
        if (isBred) { found.Add(input); }
    }

    private void Keep(byte[] input, Exception exception)
    {
        // The same exception from the same line of ours is the same finding.
        var place = exception.StackTrace?.Split('\n').FirstOrDefault(static line => line.Contains("Firstbyte.", StringComparison.Ordinal)) ?? "";
        if (!_findings.Add($"{exception.GetType()} {(exception is FuzzFindingException ? exception.Message : "")} {place}")) { return; }
        Console.Error.WriteLine($"{target.Name}: {input.Length} bytes, kept in {findings.Add(input)}:\n{exception}\n");
    }
}
