using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Labs;

// What changes in the world of names, and when.
internal sealed partial class LabFileReader
{
    private readonly List<NameChange> _nameChanges = [];

    // Where each names its zone; compared as objects, for two changes may be equal.
    private readonly Dictionary<NameChange, LabPlace> _zoneNames = new(ReferenceEqualityComparer.Instance);

    /// <summary>"set ZONE NAME TTL TYPE DATA" in the words of a zone file, to the end of the line.</summary>
    private void ReadNameSetting(LabToken word, long at)
    {
        var zoneName = tokens.Peek().Place;
        var origin = TakeZone();
        var (text, place) = tokens.ReadRestOfLine();
        var file = ZoneFileReader.Read(text, place.File, origin);
        // The line is a zone file of one line, whose first column is the one where it begins.
        if (file.Problems.FirstOrDefault(static problem => problem.IsError) is { } problem)
        {
            throw new LabFileException(place with { Column = place.Column + Math.Max(problem.Place.Column - 1, 0) }, problem);
        }
        if (file.Lines is not [var line])
        {
            throw new LabFileException(
                place, LabTerm.RecordLine,
                text.Length == 0 ? new LabFound(LabFoundKind.EndOfStatement) : new LabFound(LabFoundKind.Word, LabWords.Shown(text)));
        }
        Add(new NameSetting(word.Place, at, origin, line.Record), zoneName);
    }

    /// <summary>"unset ZONE NAME TYPE".</summary>
    private void ReadNameRemoval(LabToken word, long at)
    {
        var zoneName = tokens.Peek().Place;
        var origin = TakeZone();
        var name = TakeWord(LabTerm.OwnerName);
        var owner = origin;
        if (name.Value != "@" && !DnsName.TryParse(name.Value, origin, out owner, out _, out _))
        {
            throw Expected(name, LabTerm.OwnerName);
        }
        var type = TakeWord(LabTerm.RecordType);
        if (!RecordType.TryParse(type.Value, out var wanted)) { throw Expected(type, LabTerm.RecordType); }
        Add(new NameRemoval(word.Place, at, origin, owner, wanted), zoneName);
    }

    private void Add(NameChange change, LabPlace zoneName)
    {
        _nameChanges.Add(change);
        _zoneNames.Add(change, zoneName);
    }

    /// <summary>One change of zones as they are now.</summary>
    public NameChange ReadNameChange(IReadOnlyList<Zone> zones)
    {
        var word = tokens.Next();
        if (word is { Kind: LabTokenKind.Word, Value: "set" }) { ReadNameSetting(word, at: 0); }
        else if (word is { Kind: LabTokenKind.Word, Value: "unset" }) { ReadNameRemoval(word, at: 0); }
        else { throw Expected(word, LabTerm.OneOf, "set", "unset"); }
        EndStatement();
        CheckChanges(_nameChanges, [.. zones.Where(zone => zone.Origin == _nameChanges[0].Origin)]);
        return _nameChanges[0];
    }

    private DnsName TakeZone()
    {
        var name = tokens.Next();
        return name.Kind is LabTokenKind.Word or LabTokenKind.Text && DnsName.TryParse(name.Value, out var origin)
            ? origin
            : throw Expected(name, LabTerm.ZoneName);
    }

    /// <summary>Every change leaves a zone on every server that has it, in the order in which they will happen.</summary>
    private void CheckNameChanges()
    {
        foreach (var changes in _nameChanges.GroupBy(static change => change.Origin))
        {
            var services = _hosts.SelectMany(static host => host.Services).OfType<ZoneService>();
            CheckChanges(
                [.. changes.OrderBy(static change => change.AtNanoseconds)],
                [.. services.Where(service => service.Zone.Origin == changes.Key).Select(static service => service.Zone).Distinct()]);
        }
    }

    private void CheckChanges(List<NameChange> changes, Zone[] zones)
    {
        if (zones.Length == 0)
        {
            throw new LabFileException(_zoneNames[changes[0]], LabTerm.ZoneOfLab, new LabFound(LabFoundKind.Word, $"{changes[0].Origin}"));
        }
        foreach (var zone in zones)
        {
            var now = zone;
            foreach (var change in changes)
            {
                if (!change.TryApply(now, out var next, out var problems))
                {
                    throw new LabFileException(change.Place, problems.First(static problem => problem.IsError));
                }
                now = next;
            }
        }
    }
}
