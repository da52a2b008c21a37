using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary>A zone that was named ORIGIN=FILE: read by the command, which says what is wrong with it.</summary>
internal sealed class ZoneSource
{
    private readonly CommandIo _io;
    private NamedZoneFile _file;

    /// <summary>Takes an argument apart and reads its file.</summary>
    /// <exception cref="UsageException">It is no ORIGIN=FILE.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public ZoneSource(CommandIo io, string argument)
    {
        _io = io;
        var (origin, file) = Parse(io, argument);
        _file = new NamedZoneFile(origin, file, io.PathOf(file), io.ReadText(file), (path, most) =>
            io.Exists(path) && FileKinds.IsRegular(path) && new FileInfo(path).Length <= most ? io.ReadText(path) : null);
    }

    /// <summary>Takes ORIGIN=FILE apart.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static (DnsName Origin, string File) Parse(CommandIo io, string argument) =>
        NamedZoneFile.TryParse(argument, out var origin, out var file, out var name)
        ? (origin, file) : throw new UsageException(name.Length == 0 ? io.Language.Usage.NoZone(argument) : io.Language.Usage.NoZoneOrigin(argument, name));

    /// <summary>
    /// The same, or the file alone where it says of which zone it is: then the name of its SOA record is the zone's, which only an absolute name or $ORIGIN can
    /// give it.
    /// </summary>
    /// <exception cref="UsageException">It is something else, or the file does not say it.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static (DnsName Origin, string File) ParseOrFind(CommandIo io, string argument)
    {
        if (argument.Contains('=', StringComparison.Ordinal)) { return Parse(io, argument); }
        var lines = ZoneFileReader.Read(io.ReadText(argument), argument, DnsName.Root).Lines;
        return lines.FirstOrDefault(static line => line.Record.Type == RecordType.SOA) is { Record.Owner: { IsRoot: false } owner }
            ? (owner, argument)
            : throw new UsageException(io.Language.Usage.NoZone(argument));
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin => _file.Origin;

    /// <summary>The file as it was named.</summary>
    public string File => _file.File;

    /// <inheritdoc cref="NamedZoneFile.TryLoad"/>
    public bool TryLoad(bool isStrict, out Zone zone, out IReadOnlyList<ZoneProblem> problems, ZoneInspection? inspection = null) =>
        _file.TryLoad(isStrict, out zone, out problems, inspection);

    /// <summary>
    /// The same of the zone as a server has it: with the changes of the journal beside its file, if there are any. Places are then those of the zone as
    /// <see cref="ZoneFormatCommand"/> writes it.
    /// </summary>
    /// <exception cref="UsageException">The journal is damaged or does not fit.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public bool TryLoadNewest(bool isStrict, out Zone zone, out IReadOnlyList<ZoneProblem> problems, ZoneInspection? inspection = null)
    {
        var isFit = TryLoad(isStrict, out zone, out problems, inspection);
        var journal = ZoneChanges.JournalOf(File);
        if (zone is null || File == CommandIo.StandardStream || !_io.Exists(journal)) { return isFit; }
        var replay = ZoneChanges.Replay(_io, File, JournalFile.Peek(journal, _io.PathOf(journal)), ref zone);
        if (replay.IsOlder)
        {
            var last = replay.Content.Differences[^1].NewSerial;
            _io.Errors.Complain(_io.Language.Changes.FileIsNewer(File, $"{zone.Origin}", zone.Soa.Serial, last, ""));
        }
        if (replay.Made == 0) { return isFit; }
        _io.Errors.Say(_io.Language.Changes.Replayed(journal, replay.Made, zone.Soa.Serial, replay.Content.Differences.Count - replay.Made));
        var text = string.Concat(ZoneFormatCommand.Records(zone).Select(static record => $"{record}\n"));
        _file = new NamedZoneFile(Origin, $"{File} + {journal}", _io.PathOf(File), text, static (_, _) => null);
        return TryLoad(isStrict, out zone, out problems, inspection);
    }

    /// <inheritdoc cref="NamedZoneFile.Fingerprint"/>
    public byte[] Fingerprint() => _file.Fingerprint();

    /// <summary>Makes the zone, telling its warnings.</summary>
    /// <exception cref="UsageException">It cannot be served; the message says why.</exception>
    public Zone Load(bool isStrict, ZoneInspection? inspection = null) =>
        Accept(TryLoad(isStrict, out var zone, out var problems, inspection), isStrict, zone, problems);

    /// <summary>The same of the zone as a server has it: <see cref="TryLoadNewest"/>.</summary>
    /// <exception cref="UsageException">It cannot be served, or the journal is damaged or does not fit; the message says why.</exception>
    /// <exception cref="FileException">The journal cannot be read.</exception>
    public Zone LoadNewest() => Accept(TryLoadNewest(isStrict: false, out var zone, out var problems), isStrict: false, zone, problems);

    private Zone Accept(bool isFit, bool isStrict, Zone zone, IReadOnlyList<ZoneProblem> problems)
    {
        if (isFit)
        {
            foreach (var problem in problems) { _io.Errors.Complain(_io.Language.Servers.ZoneWarning(_io.Language.Sources.ZoneProblem(problem))); }
            return zone;
        }
        throw new UsageException(
            _io.Language.Servers.ZoneRefused(
                Origin.ToString(), problems.Where(problem => problem.IsError || isStrict).Select(_io.Language.Sources.ZoneProblem)));
    }

    /// <inheritdoc cref="NamedZoneFile.Line"/>
    public string? Line(ZonePlace place) => _file.Line(place);
}
