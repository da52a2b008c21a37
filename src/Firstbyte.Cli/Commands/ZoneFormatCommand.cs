using System.CommandLine;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte zone format ORIGIN=FILE</c>: the same zone in one form alone, whoever has written the file.</summary>
/// <remarks>
/// One record a line, everything in it written out: absolute owner, TTL, class, type, data in the common form of its type. The SOA record is first, the names
/// follow in canonical order (RFC 4034 section 6.1), at a name the types by their numbers and each followed by its signatures, in a set the records in
/// canonical order (section 6.3). What has been formatted stays as it is, and two files of one zone become the same bytes. Comments, directives and the order
/// of before are gone.
/// </remarks>
internal static class ZoneFormatCommand
{
    public static Command Create(CommandIo io)
    {
        var zone = new Argument<string>("zone") { Description = io.Language.Help.ZoneCheckZones, HelpName = "ORIGIN=FILE" };
        var output = new Option<string>("--output", "-o") { Description = io.Language.Help.ZoneFormatOutput, HelpName = "FILE" };
        var command = new Command("format", io.Language.Help.ZoneFormat) { zone, output };
        command.SetAction(parsed =>
            Write(io, new ZoneSource(io, parsed.GetValue(zone)!).LoadNewest(), parsed.GetValue(output) ?? CommandIo.StandardStream));
        return command;
    }

    private static void Write(CommandIo io, Zone zone, string output)
    {
        if (output == CommandIo.StandardStream)
        {
            foreach (var record in Records(zone)) { io.Text.WriteLine(record); }
            io.Text.Flush();
            return;
        }
        using var file = io.Create(output);
        using (var text = new StreamWriter(file, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" })
        {
            foreach (var record in Records(zone)) { text.WriteLine(record); }
        }
        file.Complete();
    }

    /// <summary>The records in that form's order.</summary>
    public static IEnumerable<DnsRecord> Records(Zone zone)
    {
        var atName = new List<DnsRecord>();
        foreach (var set in zone.Sets)
        {
            if (atName.Count > 0 && atName[0].Owner != set.Owner)
            {
                foreach (var record in InOrder(atName)) { yield return record; }
                atName.Clear();
            }
            atName.AddRange(set.Records);
        }
        foreach (var record in InOrder(atName)) { yield return record; }
    }

    private static IEnumerable<DnsRecord> InOrder(List<DnsRecord> records) => records
        .OrderBy(static record => SignedType(record) != RecordType.SOA)
        .ThenBy(static record => SignedType(record).Value)
        .ThenBy(static record => record.Type == RecordType.RRSIG)
        .ThenBy(static record => record.Data);

    /// <summary>The type of a record; of a signature that of the set that it covers (RFC 4034 section 3.1.1).</summary>
    private static RecordType SignedType(DnsRecord record) => record.Type == RecordType.RRSIG
        ? new RecordType((ushort)(record.RawData[0] << 8 | record.RawData[1]))
        : record.Type;
}
