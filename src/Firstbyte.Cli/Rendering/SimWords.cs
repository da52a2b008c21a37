using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Cli.Commands;
using Firstbyte.Simulation.Swarm;

namespace Firstbyte.Cli.Rendering;

/// <summary>Words for random worlds: their results, what was broken, and what was covered.</summary>
internal sealed class SimWords(SimOutput mode)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _showsProgress = mode == SimOutput.Text && !Console.IsErrorRedirected;
    private bool _hasProgress;

    public void Progress(int done, ulong all, int broken, TimeSpan elapsed)
    {
        if (!_showsProgress) { return; }
        _hasProgress = true;
        var rate = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done:#,0} of {all:#,0} worlds, {rate:0} a second{(broken > 0 ? $", {broken} broken" : "")}   "));
    }

    public void ClearProgress()
    {
        if (_hasProgress) { Console.Error.Write("\r" + new string(' ', 70) + "\r"); }
        _hasProgress = false;
    }

    /// <summary>One world; with its faults when it is the only one.</summary>
    public void World(SwarmResult result, IReadOnlyList<PlannedFault>? faults)
    {
        if (mode == SimOutput.Hashes) { Line($"{result.Seed} {result.TraceHash:x16}"); }
        else if (mode == SimOutput.Json) { Json(json => Write(json, result)); }
        else if (faults is not null)
        {
            Line($"Seed {result.Seed}: {result.Subnets} subnets, {result.Routers} routers, {result.Hosts} hosts, {result.Journeys} journeys, {result.Deliveries:#,0} frame deliveries in {result.Seconds:0.0} s of its own time");
            foreach (var fault in faults) { Line($"  {fault}"); }
            Line($"  {(result.Breach is null ? "everything held" : "broken")}; {result.FailedJourneys} of the journeys failed while things went wrong; trace {result.TraceHash:x16} after {result.Events:#,0} events");
        }
    }

    public void Shrinking(SwarmResult result)
    {
        if (_showsProgress)
        {
            _hasProgress = true;
            Console.Error.Write($"\rseed {result.Seed}: shrinking the faults   ");
        }
    }

    /// <summary>A broken world at length.</summary>
    public void Report(SwarmResult result, IReadOnlyList<PlannedFault> faults, IReadOnlyList<PlannedFault> shrunk, string capture, string log, string command)
    {
        ClearProgress();
        var breach = result.Breach!;
        if (mode == SimOutput.Json)
        {
            Json(json =>
            {
                json.WriteString("type", "failure");
                json.WriteNumber("seed", result.Seed);
                WriteBreach(json, breach);
                json.WriteStartArray("shrunk");
                foreach (var fault in shrunk) { json.WriteStringValue(fault.ToString()); }
                json.WriteEndArray();
                json.WriteString("capture", capture);
                json.WriteString("log", log);
                json.WriteString("command", command);
            });
            return;
        }
        Line($"BROKEN  seed {result.Seed}: {breach.Invariant}");
        Line($"  first seen  event {breach.EventNumber:#,0}, at {breach.Seconds:0.000000} s, on {Printable.Text(breach.Machine)}");
        Line($"  what        {Printable.Text(breach.Detail)}");
        Line($"  faults      {faults.Count} planned, {(shrunk.Count == 0 ? "none is needed" : $"{shrunk.Count} needed:")}");
        foreach (var fault in shrunk) { Line($"              {fault}"); }
        Line($"  capture     {capture}");
        Line($"  event log   {log}");
        Line($"  again by    {command}");
        Line("");
    }

    public void Others(IEnumerable<SwarmResult> broken)
    {
        if (mode != SimOutput.Text) { return; }
        Line($"broken too: {string.Join(", ", broken.Select(static result => $"{result.Seed} ({result.Breach!.Invariant})"))}");
        Line("");
    }

    public void Coverage(SwarmCoverage coverage, IReadOnlyList<string> gaps, IReadOnlySet<FaultKind>? kinds, TimeSpan elapsed, (ulong First, ulong Last) seeds, bool stopped)
    {
        if (mode == SimOutput.Hashes) { return; }
        if (mode == SimOutput.Json)
        {
            Json(json => Write(json, coverage, gaps));
            return;
        }
        Line($"{"worlds",-26}{"smallest",12}{"median",12}{"largest",12}");
        foreach (var row in coverage.Sizes) { Line($"  {row.Name,-24}{row.Minimum,12:#,0}{row.Median,12:#,0}{row.Maximum,12:#,0}"); }
        Line($"{"faults",-26}{"did something",24}");
        foreach (var (kind, fired) in coverage.Faults.Where(row => kinds is null || kinds.Contains(row.Kind))) { Line($"  {Name(kind.ToString()),-24}{fired,24:#,0}"); }
        Line($"{"invariants",-26}{"checked",24}");
        foreach (var (invariant, count) in coverage.Invariants) { Line($"  {Name(invariant.ToString()),-24}{count,24:#,0}"); }
        Line("");
        if (gaps.Count > 0) { Line($"NOT COVERED: {string.Join(", ", gaps.Select(Name))}"); }
        var held = coverage.Broken == 0 ? "everything held" : $"{coverage.Broken:#,0} broken";
        Line($"{coverage.Worlds:#,0} {(coverage.Worlds == 1 ? "world" : "worlds")}{(stopped ? $" of {seeds.Last - seeds.First + 1:#,0}, then stopped" : "")}: {held}");
        if (!Console.IsErrorRedirected) { Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in {elapsed.TotalSeconds:0.0} s")); }
    }

    // "FourTuple" is read as "four tuple".
    private static string Name(string identifier)
    {
        var words = new StringBuilder();
        foreach (var letter in identifier)
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0) { words.Append(' '); }
            words.Append(char.ToLowerInvariant(letter));
        }
        return words.ToString();
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
        foreach (var kind in Enum.GetValues<FaultKind>()) { json.WriteNumber(kind.ToString(), result.Fired[(int)kind]); }
        json.WriteEndObject();
        json.WriteStartObject("checked");
        foreach (var invariant in Enum.GetValues<Invariant>()) { json.WriteNumber(invariant.ToString(), result.Checked[(int)invariant]); }
        json.WriteEndObject();
        if (result.Breach is { } breach) { WriteBreach(json, breach); }
    }

    private static void Write(Utf8JsonWriter json, SwarmCoverage coverage, IReadOnlyList<string> gaps)
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
        foreach (var (kind, fired) in coverage.Faults) { json.WriteNumber(kind.ToString(), fired); }
        json.WriteEndObject();
        json.WriteStartObject("invariants");
        foreach (var (invariant, count) in coverage.Invariants) { json.WriteNumber(invariant.ToString(), count); }
        json.WriteEndObject();
        json.WriteStartArray("notCovered");
        foreach (var gap in gaps) { json.WriteStringValue(gap); }
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

    private static void Json(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        Console.Out.Write(Encoding.UTF8.GetString(line.WrittenSpan) + "\n");
    }

    private static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Line(string text) => Console.Out.WriteLine(text);
}
