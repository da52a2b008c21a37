using Firstbyte.Cli.Io;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary>A zone that was named ORIGIN=FILE, with the text of every file it was read from.</summary>
internal sealed class ZoneSource
{
    /// <summary>Characters of all included files together (own choice): a zone of a million names has 50 million.</summary>
    private const int MaxIncludedLength = 1 << 28;

    private readonly CommandIo _io;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly string _folder;
    private int _includedLength;

    /// <summary>Takes an argument apart and reads its file.</summary>
    /// <exception cref="UsageException">It is no ORIGIN=FILE.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public ZoneSource(CommandIo io, string argument)
    {
        _io = io;
        (Origin, File) = Parse(io, argument);
        _folder = Path.GetDirectoryName(io.PathOf(File))!;
        _texts[File] = io.ReadText(File);
    }

    /// <summary>Takes ORIGIN=FILE apart.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static (DnsName Origin, string File) Parse(CommandIo io, string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == argument.Length - 1) { throw new UsageException(io.Language.Usage.NoZone(argument)); }
        if (!DnsName.TryParse(argument[..equals], out var origin)) { throw new UsageException(io.Language.Usage.NoZoneOrigin(argument, argument[..equals])); }
        return (origin, argument[(equals + 1)..]);
    }

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
    public DnsName Origin { get; }

    /// <summary>The file as it was named.</summary>
    public string File { get; }

    /// <summary>Makes the zone; false when it cannot be served, or not without warnings where that is asked for.</summary>
    /// <param name="isStrict">Whether warnings count as errors.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="problems">What is wrong.</param>
    /// <param name="inspection">What is looked at beside.</param>
    public bool TryLoad(bool isStrict, out Zone zone, out IReadOnlyList<ZoneProblem> problems, ZoneInspection? inspection = null) =>
        Zone.TryLoad(_texts[File], File, Origin, out zone, out problems, ReadIncluded, inspection) && !(isStrict && problems.Count > 0);

    /// <summary>Makes the zone, telling its warnings.</summary>
    /// <exception cref="UsageException">It cannot be served; the message says why.</exception>
    public Zone Load(bool isStrict, ZoneInspection? inspection = null)
    {
        if (TryLoad(isStrict, out var zone, out var problems, inspection))
        {
            foreach (var problem in problems) { _io.Errors.Complain(_io.Language.Servers.ZoneWarning(_io.Language.Sources.ZoneProblem(problem))); }
            return zone;
        }
        throw new UsageException(
            _io.Language.Servers.ZoneRefused(
                Origin.ToString(), problems.Where(problem => problem.IsError || isStrict).Select(_io.Language.Sources.ZoneProblem)));
    }

    /// <summary>The line at a place; null for a file as a whole.</summary>
    public string? Line(ZonePlace place)
    {
        if (place.Line == 0 || !_texts.TryGetValue(place.File, out var text)) { return null; }
        var start = 0;
        for (var line = 1; line < place.Line && start >= 0; line++) { start = text.IndexOf('\n', start) + 1; }
        var end = text.IndexOf('\n', start);
        return text[start..(end < 0 ? text.Length : end)].TrimEnd('\r');
    }

    /// <summary>What $INCLUDE asks for: a regular file, as a device never ends and a pipe may never begin.</summary>
    private string? ReadIncluded(string name)
    {
        var path = Path.Combine(_folder, name);
        if (!_io.Exists(path) || !FileKinds.IsRegular(path) || new FileInfo(path).Length > MaxIncludedLength - _includedLength) { return null; }
        var text = _io.ReadText(path);
        _includedLength += text.Length;
        return _texts[name] = text;
    }
}
