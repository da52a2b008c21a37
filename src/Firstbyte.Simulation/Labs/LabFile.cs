using System.Text.Json;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>The file of a lab: read, written, and exported as JSON.</summary>
/// <remarks>
/// Theory of operation. One text file says everything about a lab: brief enough to write by hand, strict enough that a wrong word is an
/// error with its line, column and what could have stood there. The reader makes values only; worlds are built from them (<see cref="LabWorld"/>).
/// What is written by <see cref="Write(LabDefinition)"/> is read as the same value again. docs/labs/README.md describes every statement
/// with an example.
/// <code>
/// lab "TITLE" [seed N] [client HOST] { title LANGUAGE "TITLE" }
/// subnet NAME PREFIX… [hub | switch]
/// (hub | switch) NAME in (SUBNET | HUB)
/// router NAME on PLUG, … [rip] [nat SUBNET] [advertise] { POOL } { ROUTE } PLUG = (SUBNET | HUB) [dhcp] ADDRESS… ROUTE = route PREFIX
/// via (ADDRESS | ROUTER)
///   POOL    = dhcp SUBNET FIRST..LAST [nameserver ADDRESS…] [domain NAME] [lease T]
/// host NAME on PLUG, … [gateway ROUTER|ADDRESS] { ROUTE } [nameserver ADDRESS…] [ports N..N] { serves SERVICE | forges FORGERY | file PATH CONTENT }
///   SERVICE = resolver [delay T] [trusts "RECORD"]…
///           | dns [delay T] zone "ORIGIN" (from "FILE" | { zone file })
///           | http | https | http, https [port N] [for NAME, …] [certificate FLAW] [delay T] [pace SIZE] (CONTENT | { PATH PAGE … })
///           | ftp [port N] [delay T] [account "USER" "PASSWORD"]… { PATH CONTENT … PATH writable … }
///           | mail [port N] [delay T] [size SIZE] [account "USER" "PASSWORD"]… for DOMAIN, …
///           | news [port N] [delay T] [for NAME, …] [account "USER" "PASSWORD"]… { GROUP [readonly] CONTENT… … }
///   PAGE    = CONTENT | size SIZE | redirect "URL" [STATUS] | form | endless                CONTENT = "TEXT" | from "FILE" | base64 "DATA"
///   FORGERY = "NAME" as ADDRESS to RESOLVER by (listening | guessing from SERVER rate N)
/// link NODE-SUBNET [up | down] [latency T] [jitter T] [rate R] [queue SIZE] [loss P%] [duplicate P%] [reorder P% [by T]] [corrupt P%] [mtu N]
/// at T (set ZONE NAME TTL TYPE DATA | unset ZONE NAME TYPE)
/// (at T | within T..T) FAULT [for T]
///   FAULT   = WORD and what FaultRegistry says of it: silence HOST [PORT] | cut LINK [up | down] | …
/// </code>
/// An address ".7" is host number 7 in the subnet's first IPv4 prefix; others are written in full, those outside the subnet as routes to this host alone.
/// </remarks>
public static class LabFile
{
    /// <summary>Reads a lab.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="readFile">Gives the files that it names, relative to it; null for one that is not there.</param>
    /// <param name="faults">The faults that it may name; null is all that come with the program.</param>
    /// <exception cref="LabFileException">The file is wrong: where, what was expected, what was found.</exception>
    public static LabDefinition Parse(string text, string file, Func<string, byte[]?>? readFile = null, FaultRegistry? faults = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LabLimits.FileLength)
        {
            throw new LabFileException(
                new LabPlace(file, 1, 1), new LabExpectation(LabTerm.LabFileLength, $"{LabLimits.FileLength}"),
                new LabFound(LabFoundKind.Count, $"{text.Length}"));
        }
        return new LabFileReader(new LabTokenizer(text, file), readFile ?? (static _ => null), faults ?? FaultRegistry.Standard).Read();
    }

    /// <summary>Reads one fault, and for how long, as it may stand behind "at T", of things that a lab has.</summary>
    /// <param name="text">The fault.</param>
    /// <param name="file">Where it comes from, for errors.</param>
    /// <param name="lab">The lab.</param>
    /// <param name="faults">The faults that there are; null is all that come with the program.</param>
    /// <exception cref="LabFileException">It is none: where, what was expected, what was found.</exception>
    public static Happening ParseFault(string text, string file, LabDefinition lab, FaultRegistry? faults = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(lab);
        try { return new LabFileReader(new LabTokenizer(text, file), static _ => null, faults ?? FaultRegistry.Standard).ReadFault(lab); }
        catch (LabFileException e) when (EndsTooSoon(e)) { throw InLine(e); }
    }

    /// <summary>Reads a time as it stands in a lab's file: <c>20ms</c>, <c>61s</c>; false when it is none.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isOne = LabQuantity.TryParseTime(text, out var nanoseconds);
        time = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return isOne;
    }

    /// <summary>Reads a change of the world of names, as it may stand behind "at T": <c>set ZONE NAME TTL TYPE DATA</c>, <c>unset ZONE NAME TYPE</c>.</summary>
    /// <param name="text">The change.</param>
    /// <param name="file">Where it comes from, for errors.</param>
    /// <param name="zones">The zones of the lab as they are now: one of them has to be left a zone by it.</param>
    /// <exception cref="LabFileException">It is none: where, what was expected, what was found.</exception>
    public static NameChange ParseNameChange(string text, string file, IEnumerable<Zone> zones)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(zones);
        try { return new LabFileReader(new LabTokenizer(text, file), static _ => null, FaultRegistry.Standard).ReadNameChange([.. zones]); }
        catch (LabFileException e) when (EndsTooSoon(e)) { throw InLine(e); }
    }

    private static bool EndsTooSoon(LabFileException e) => e.Problem is null && e.Found.Kind is LabFoundKind.EndOfFile or LabFoundKind.EndOfStatement;

    // Where there is one line and no file, nothing but the line ends.
    private static LabFileException InLine(LabFileException e) => new(e.Place, e.Expected, new LabFound(LabFoundKind.EndOfLine));

    /// <summary>The lab as a file that is read as the same value: one statement a line, every file that it named written out in it.</summary>
    public static string Write(LabDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new LabFileWriter().Write(definition);
    }

    /// <summary>A fault in the words of a lab's file.</summary>
    public static string Write(FaultDefinition fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return FaultText.Of(fault);
    }

    /// <summary>The lab as JSON, as docs/labs/lab.schema.json describes it: for programs that draw or check labs.</summary>
    public static string ToJson(LabDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return JsonSerializer.Serialize(LabDocument.Of(definition), LabJson.Default.LabDocument);
    }
}
