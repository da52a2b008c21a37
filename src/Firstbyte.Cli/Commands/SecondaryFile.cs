using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>The file in which a secondary keeps its zone; when it was written last is when the zone was last known to be the primary's.</summary>
internal sealed class SecondaryFile(CommandIo io, DnsName origin, string file) : ISecondaryStore
{
    /// <inheritdoc/>
    public (Zone Zone, Instant Refreshed)? Load()
    {
        if (!io.Exists(file)) { return null; }
        if (!Zone.TryLoad(io.ReadText(file), file, origin, out var zone, out var problems))
        {
            // The primary has it whole: it is fetched anew.
            io.Errors.Complain(io.Language.Servers.ZoneWarning(io.Language.Sources.ZoneProblem(problems.First(static problem => problem.IsError))));
            return null;
        }
        io.Errors.Say(io.Language.Servers.ZoneLoaded($"{origin}", zone.NameCount, zone.Soa.Serial));
        return (zone, Instant.FromDateTimeOffset(io.LastWritten(file)));
    }

    /// <inheritdoc/>
    public Errno Save(Zone zone)
    {
        try
        {
            Write(io, file, zone);
            return Errno.None;
        }
        catch (FileException e) { return e.Error; }
    }

    /// <inheritdoc/>
    public void Touch() => io.Touch(file);

    /// <summary>Writes a zone beside its file, and gives it the file's name when it is on the disk.</summary>
    /// <exception cref="FileException">It cannot be written; what was there is there.</exception>
    public static void Write(CommandIo io, string file, Zone zone)
    {
        using var whole = io.Create(file);
        using (var text = new StreamWriter(whole, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" })
        {
            text.WriteLine(zone.SoaRecord);
            foreach (var record in zone.Sets.Where(static set => set.Type != RecordType.SOA).SelectMany(static set => set.Records)) { text.WriteLine(record); }
        }
        whole.Complete(isDurable: true);
    }
}
