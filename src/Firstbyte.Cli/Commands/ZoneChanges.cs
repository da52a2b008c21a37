using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary>Who may copy and change the zones of a server, and where it gets them from: what the options say.</summary>
internal sealed class ZoneChanges(CommandIo io, TsigKeyring keys)
{
    private const ushort DnsPort = 53;
    private const string KeyWord = "key=", FileWord = "file=";

    /// <summary>Reads rules.</summary>
    /// <exception cref="UsageException">One is none, or names a key that was not given.</exception>
    public IReadOnlyList<AccessRule> Rules(string option, IReadOnlyList<Said> texts, bool needsKey) =>
        [.. texts.Select(said => said.Read(text => Rule(option, text, needsKey)))];

    /// <summary>Reads ADDR[#PORT][,key=NAME].</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public ServerPeer Peer(string option, string text)
    {
        var parts = text.Split(',');
        if (parts.Length > 2 || !TryParseAddress(parts[0], out var endpoint) || parts.Length == 2 && !parts[1].StartsWith(KeyWord, StringComparison.Ordinal))
        {
            throw new UsageException(io.Language.Changes.NoPeer(option, text));
        }
        return new ServerPeer(endpoint, parts.Length == 2 ? Key(option, parts[1][KeyWord.Length..]) : null);
    }

    /// <summary>Reads ORIGIN=ADDR[#PORT][,key=NAME],file=FILE.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public SecondaryOptions Secondary(string option, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var file = text.IndexOf("," + FileWord, StringComparison.Ordinal);
        if (equals <= 0 || file < equals || file + 1 + FileWord.Length == text.Length)
        {
            throw new UsageException(io.Language.Changes.NoSecondary(option, text));
        }
        if (!DnsName.TryParse(text[..equals], out var origin)) { throw new UsageException(io.Language.Usage.NoZoneOrigin(text, text[..equals])); }
        return new SecondaryOptions(origin, Peer(option, text[(equals + 1)..file]), new SecondaryFile(io, origin, text[(file + 1 + FileWord.Length)..]));
    }

    /// <summary>
    /// Brings a zone up to its journal, which stands beside its file. Null without one, where nobody may change the zone.
    /// </summary>
    /// <exception cref="UsageException">The journal is damaged or does not fit.</exception>
    /// <exception cref="FileException">It cannot be used.</exception>
    public JournalFile? OpenJournal(string file, bool mayChange, bool compacts, ref Zone zone)
    {
        var (name, read) = (JournalOf(file), zone);
        if (!mayChange && !io.Exists(name)) { return null; }
        var journal = io.OpenJournal(name);
        try
        {
            var bytes = journal.ReadAll();
            var replay = Replay(io, file, bytes, ref zone);
            var content = replay.Content;
            if (content.Length < bytes.Length)
            {
                io.Errors.Complain(io.Language.Changes.JournalCut(name, bytes.Length - content.Length));
                journal.Cut(content.Length);
            }
            if (replay.IsOlder) { SetAside(replay.Aside, bytes.AsSpan(0, (int)content.Length)); }
            Tell(file, replay, read, zone);
            var isMerged = compacts && content.Differences.Count > 0 && !replay.IsOlder;
            if (isMerged)
            {
                // Killed between the two, the next run finds changes that the file has already, and passes over them.
                SecondaryFile.Write(io, file, zone);
                io.Errors.Say(io.Language.Changes.Compacted(name, file));
            }
            if (isMerged || replay.IsOlder || content.Differences.Count == 0 && replay.IsAsTaken != true)
            {
                journal.Cut(0);
                Append(journal, [.. ZoneJournal.Head(zone.Origin), .. ZoneJournal.File(zone)]);
            }
            else if (replay.IsAsTaken is null) { Append(journal, ZoneJournal.File(read)); }
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private void SetAside(string name, ReadOnlySpan<byte> journal)
    {
        using var aside = io.Create(name);
        aside.Write(journal);
        aside.Complete(isDurable: true);
    }

    private void Tell(string file, JournalReplay replay, Zone read, Zone newest)
    {
        var (words, origin, differences) = (io.Language.Changes, $"{newest.Origin}", replay.Content.Differences);
        if (replay.IsOlder) { io.Errors.Complain(words.FileIsNewer(file, origin, newest.Soa.Serial, differences[^1].NewSerial, replay.Aside)); }
        if (replay.Made > 0) { io.Errors.Say(words.Replayed(JournalOf(file), replay.Made, newest.Soa.Serial, differences.Count - replay.Made)); }
        if (replay.IsAsTaken != false) { return; }
        io.Errors.Complain(replay.Made > 0 ? words.FileChanged(file, origin, read.Soa.Serial) : words.SerialNotNewer(origin, newest.Soa.Serial));
    }

    /// <summary>The journal of a zone stands beside its file.</summary>
    public static string JournalOf(string file) => file + ".journal";

    /// <summary>Brings a zone up to what its journal holds.</summary>
    /// <param name="io">The command's surroundings.</param>
    /// <param name="file">The zone's file.</param>
    /// <param name="journal">What stands in the journal.</param>
    /// <param name="zone">The zone as its file has it; then its newest version.</param>
    /// <exception cref="UsageException">The journal is damaged or does not fit.</exception>
    public static JournalReplay Replay(CommandIo io, string file, byte[] journal, ref Zone zone)
    {
        var name = JournalOf(file);
        var content = journal.Length == 0 ? JournalContent.Nothing() : ZoneJournal.Read(journal, zone.Origin);
        var (made, isAsTaken) = (0, content.IsAsTaken(zone));
        var fault = content.Fault == JournalFault.None ? ZoneJournal.TryReplay(zone, content.Differences, out zone, out made) : content.Fault;
        var isOlder = fault == JournalFault.DoesNotFollow && SerialNumber.IsNewer(zone.Soa.Serial, content.Differences[^1].NewSerial);
        return fault == JournalFault.None || isOlder
            ? new JournalReplay(content, made, isAsTaken, isOlder, isOlder ? $"{name}.{content.Differences[^1].NewSerial}" : "")
            : throw new UsageException(
                io.Language.Changes.NoJournal(
                    name, fault, $"{zone.Origin}", zone.Soa.Serial,
                    content.Differences is [var oldest, ..] ? oldest.OldSerial : 0, content.Differences is [.., var newest] ? newest.NewSerial : 0));
    }

    private static void Append(JournalFile journal, byte[] entries)
    {
        var error = journal.Append(entries);
        if (error != Errors.Errno.None) { throw new FileException(journal.Name, isWriting: true, new Sockets.NetworkException(error, "write")); }
    }

    private AccessRule Rule(string option, string text, bool needsKey)
    {
        if (!AccessRule.TryParse(text, out var rule) || needsKey && rule.Key is null)
        {
            throw new UsageException(io.Language.Changes.NoAccessRule(option, text, needsKey));
        }
        if (rule.Key is { } key) { Key(option, $"{key}"); }
        return rule;
    }

    private TsigKey Key(string option, string name) =>
        DnsName.TryParse(name, out var parsed) && keys.Find(parsed) is { } key ? key : throw new UsageException(io.Language.Changes.UnknownKey(option, name));

    private static bool TryParseAddress(string text, out Endpoint endpoint)
    {
        endpoint = default;
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var port = DnsPort;
        if (hash >= 0 && !ushort.TryParse(text.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) { return false; }
        if (!IpAddress.TryParse(hash < 0 ? text : text[..hash], out var address) || port == 0) { return false; }
        endpoint = new Endpoint(address, port);
        return true;
    }
}

/// <summary>What became of a zone by its journal.</summary>
/// <param name="Content">The journal.</param>
/// <param name="Made">How many changes were made again.</param>
/// <param name="IsAsTaken">Whether the file is as it was when the changes began; null where the journal does not know it.</param>
/// <param name="IsOlder">Whether the file is newer than all changes, as one that is taken while a server runs: they are of no account.</param>
/// <param name="Aside">Where such a journal is kept: no later one takes its place.</param>
internal sealed record JournalReplay(JournalContent Content, int Made, bool? IsAsTaken, bool IsOlder, string Aside);
