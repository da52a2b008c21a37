using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Simulation.Swarm;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Drawing;

/// <summary>Words for random worlds: their results, what was broken, and what was covered.</summary>
/// <param name="output">Where they are printed.</param>
/// <param name="page">The same for people.</param>
/// <param name="draw">Where a line is drawn over itself while the worlds run; null where nobody looks on.</param>
/// <param name="say">Where a line is said that is none of the results.</param>
/// <param name="mode">What is printed.</param>
/// <param name="language">In which language.</param>
internal sealed class SimWords(TextWriter output, Page page, Action<string>? draw, Action<Phrase> say, SimOutput mode, Language language)
{
    private readonly SwarmStory _story = new(page, language);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _showsProgress = mode == SimOutput.Text && draw is not null;
    private bool _hasProgress;

    public void Progress(int done, ulong all, int broken, TimeSpan elapsed)
    {
        if (!_showsProgress) { return; }
        _hasProgress = true;
        var rate = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        draw!(language.Swarm.Progress(done, all, rate, broken).ToString());
    }

    public void ClearProgress()
    {
        if (_hasProgress) { draw!(""); }
        _hasProgress = false;
    }

    /// <summary>One world; with its faults when it is the only one.</summary>
    public void World(SwarmResult result, IReadOnlyList<PlannedFault>? faults)
    {
        if (mode == SimOutput.Hashes) { page.ResultLine($"{result.Seed} {result.TraceHash:x16}"); }
        else if (mode == SimOutput.Json) { Json(json => Write(json, result)); }
        else if (faults is not null) { _story.World(result, faults); }
    }

    public void Shrinking(SwarmResult result)
    {
        if (!_showsProgress) { return; }
        _hasProgress = true;
        draw!(language.Swarm.Shrinking(result.Seed).ToString());
    }

    /// <summary>A broken world at length.</summary>
    public void Report(SwarmResult result, IReadOnlyList<PlannedFault> faults, IReadOnlyList<PlannedFault> shrunk, string capture, string log, string command)
    {
        ClearProgress();
        if (mode != SimOutput.Json)
        {
            _story.Report(result, faults, shrunk, capture, log, command);
            return;
        }
        Json(json =>
        {
            json.WriteString("type", "failure");
            json.WriteNumber("seed", result.Seed);
            WriteBreach(json, result.Breach!);
            json.WriteStartArray("shrunk");
            foreach (var fault in shrunk) { json.WriteStringValue(fault.ToString()); }
            json.WriteEndArray();
            json.WriteString("capture", capture);
            json.WriteString("log", log);
            json.WriteString("command", command);
        });
    }

    public void Others(IEnumerable<SwarmResult> broken)
    {
        if (mode == SimOutput.Text) { _story.Others(broken); }
    }

    public void Coverage(
        SwarmCoverage coverage, IReadOnlyList<CoverageGap> gaps, IReadOnlySet<string>? kinds, TimeSpan elapsed,
        (ulong First, ulong Last) seeds, bool stopped)
    {
        if (mode == SimOutput.Hashes) { return; }
        if (mode == SimOutput.Json)
        {
            Json(json => Write(json, coverage, gaps));
            return;
        }
        _story.Coverage(coverage, gaps, kinds, stopped ? seeds.Last - seeds.First + 1 : null);
        page.Flush();
        if (draw is not null) { say(language.Swarm.Elapsed(elapsed.TotalSeconds)); }
    }

    private static void Write(Utf8JsonWriter json, SwarmResult result)
    {
        json.WriteString("type", "world");
        json.WriteNumber("seed", result.Seed);
        json.WriteString("hash", result.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteNumber("events", result.Events);
        json.WriteNumber("deliveries", result.Deliveries);
        json.WriteNumber("seconds", result.Seconds);
        json.WriteNumber("subnets", result.Subnets);
        json.WriteNumber("routers", result.Routers);
        json.WriteNumber("hosts", result.Hosts);
        json.WriteNumber("journeys", result.Journeys);
        json.WriteNumber("failedJourneys", result.FailedJourneys);
        json.WriteStartObject("fired");
        foreach (var (kind, fired) in result.Fired) { json.WriteNumber(kind, fired); }
        json.WriteEndObject();
        json.WriteStartObject("checked");
        foreach (var invariant in Enum.GetValues<Invariant>()) { json.WriteNumber(invariant.ToString(), result.Checked[(int)invariant]); }
        json.WriteEndObject();
        if (result.Breach is { } breach) { WriteBreach(json, breach); }
    }

    private static void Write(Utf8JsonWriter json, SwarmCoverage coverage, IReadOnlyList<CoverageGap> gaps)
    {
        json.WriteString("type", "coverage");
        json.WriteNumber("worlds", coverage.Worlds);
        json.WriteNumber("broken", coverage.Broken);
        json.WriteStartObject("sizes");
        foreach (var row in coverage.Sizes)
        {
            json.WriteStartArray(row.Name);
            json.WriteNumberValue(row.Minimum);
            json.WriteNumberValue(row.Median);
            json.WriteNumberValue(row.Maximum);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteStartObject("faults");
        foreach (var (kind, fired) in coverage.Faults) { json.WriteNumber(kind, fired); }
        json.WriteEndObject();
        json.WriteStartObject("invariants");
        foreach (var (invariant, count) in coverage.Invariants) { json.WriteNumber(invariant.ToString(), count); }
        json.WriteEndObject();
        json.WriteStartArray("notCovered");
        foreach (var gap in gaps) { json.WriteStringValue(gap.ToString()); }
        json.WriteEndArray();
    }

    private static void WriteBreach(Utf8JsonWriter json, Breach breach)
    {
        json.WriteStartObject("breach");
        json.WriteString("invariant", breach.Invariant.ToString());
        json.WriteNumber("event", breach.EventNumber);
        json.WriteNumber("seconds", breach.Seconds);
        json.WriteString("machine", breach.Machine);
        json.WriteString("detail", breach.Detail);
        json.WriteEndObject();
    }

    private void Json(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        output.Write(Encoding.UTF8.GetString(line.WrittenSpan) + "\n");
    }
}
