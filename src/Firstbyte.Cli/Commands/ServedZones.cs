using Firstbyte.Cli.Io;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary>The zones of a server: taken up when it starts, and read again, with the file of settings that names them, when it is asked to.</summary>
internal sealed class ServedZones : IDisposable
{
    private readonly CommandIo _io;
    private readonly ZoneKeeper _keeper;
    private readonly ZoneChanges _changes;
    private readonly ServerCertificate? _certificate;
    private readonly Func<ServeSettings> _readSettings;
    private readonly IReadOnlyList<AccessRule> _updateRules;
    private readonly Dictionary<DnsName, JournalFile> _journals = new(DnsNameComparer.Instance);
    private readonly Dictionary<DnsName, string> _told = new(DnsNameComparer.Instance);
    private ServeSettings _settings;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="io">The command's surroundings.</param>
    /// <param name="settings">What the server was told when it started.</param>
    /// <param name="readSettings">What it is told now.</param>
    /// <param name="keeper">Who keeps the zones.</param>
    /// <param name="changes">Who may change them.</param>
    /// <param name="certificate">What is shown over TLS, and renewed with the zones.</param>
    public ServedZones(
        CommandIo io, ServeSettings settings, Func<ServeSettings> readSettings, ZoneKeeper keeper, ZoneChanges changes, ServerCertificate? certificate)
    {
        (_io, _settings, _readSettings, _keeper, _changes, _certificate) = (io, settings, readSettings, keeper, changes, certificate);
        _updateRules = changes.Rules(ServeCommand.AllowUpdate, settings.AllowUpdate, needsKey: true);
    }

    /// <summary>Takes all zones up.</summary>
    /// <exception cref="UsageException">An argument or a zone is faulty; the message says where.</exception>
    /// <exception cref="FileException">A file cannot be read.</exception>
    public void Load()
    {
        foreach (var (options, told) in Secondaries(_settings)) { Keep(options, told); }
        foreach (var (file, zone) in new ZoneFiles(_io, _settings.Zones, _settings.IsStrict).LoadEach())
        {
            if (_keeper.Holds(zone.Origin)) { throw new UsageException(_io.Language.Changes.ZoneTwice($"{zone.Origin}")); }
            Keep(Prepare(file, zone));
        }
        ZoneFiles.Settle();
    }

    /// <summary>Reads every file again and serves what they hold now; where one is faulty, all goes on as it was.</summary>
    /// <returns>True: the signal that asks for it is handled either way.</returns>
    public bool TryReload()
    {
        try { Reload(); }
        catch (UsageException e) { _io.Errors.Complain(_io.Language.Servers.ZonesKept(e.Complaint)); }
        catch (FileException e) { _io.Errors.Complain(_io.Language.Servers.ZonesKept(_io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error))); }
        return true;
    }

    public void Dispose()
    {
        foreach (var journal in _journals.Values) { journal.Dispose(); }
    }

    // Whatever can be faulty is read and opened before anything is changed.
    private void Reload()
    {
        var next = _readSettings();
        var secondaries = Secondaries(next).ToArray();
        var loaded = new ZoneFiles(_io, next.Zones, next.IsStrict).LoadEach((origin, file) => _journals.ContainsKey(origin) && _told[origin] == file);
        foreach (var (_, zone) in loaded)
        {
            if (!secondaries.Any(secondary => secondary.Options.Origin == zone.Origin)) { continue; }
            throw new UsageException(_io.Language.Changes.ZoneTwice($"{zone.Origin}"));
        }
        var named = secondaries.Select(static secondary => secondary.Options.Origin)
            .Concat(next.Zones.Select(said => said.Read(text => ZoneSource.Parse(_io, text).Origin))).ToHashSet(DnsNameComparer.Instance);
        var prepared = new List<PreparedZone>();
        try
        {
            foreach (var (file, zone) in loaded) { prepared.Add(IsReadAgain(zone.Origin) ? new PreparedZone(file, zone, null, false) : Prepare(file, zone)); }
            _certificate?.Renew();
        }
        catch
        {
            prepared.ForEach(static one => one.Journal?.Dispose());
            throw;
        }
        foreach (var origin in _keeper.Origins.Where(origin => !named.Contains(origin)))
        {
            Leave(origin);
            _io.Errors.Say(_io.Language.Settings.ZoneLeft($"{origin}"));
        }
        foreach (var (options, told) in secondaries)
        {
            if (_keeper.Holds(options.Origin) && _told[options.Origin] == told) { continue; }
            Leave(options.Origin);
            Keep(options, told);
        }
        foreach (var one in prepared)
        {
            if (IsReadAgain(one.Zone.Origin))
            {
                _told[one.Zone.Origin] = one.File;
                _keeper.Reload([one.Zone]);
                continue;
            }
            Leave(one.Zone.Origin);
            Keep(one);
        }
        var later = _settings.DifferAtStart(next).ToArray();
        _settings = next;
        if (later.Length > 0) { _io.Errors.Complain(_io.Language.Settings.AtTheNextStart(later)); }
        ZoneFiles.Settle();
    }

    /// <summary>Whether a zone is served from its file alone, so that another version takes its place.</summary>
    private bool IsReadAgain(DnsName origin) => _keeper.Holds(origin) && !_journals.ContainsKey(origin) && _keeper.SecondaryOf(origin) is null;

    private IEnumerable<(SecondaryOptions Options, string Told)> Secondaries(ServeSettings settings) =>
        settings.Secondaries.Select(said => (said.Read(text => _changes.Secondary(ServeCommand.SecondaryOf, text)), said.Text));

    private void Keep(SecondaryOptions options, string told)
    {
        if (_keeper.Holds(options.Origin)) { throw new UsageException(_io.Language.Changes.ZoneTwice($"{options.Origin}")); }
        _told[options.Origin] = told;
        _keeper.AddSecondary(options);
    }

    /// <summary>Opens the journal of a zone, where there is one or may be one.</summary>
    private PreparedZone Prepare(string file, Zone zone)
    {
        var mayChange = _updateRules.Count > 0 && file != CommandIo.StandardStream;
        if (mayChange && !ZoneUpdate.CanChange(zone))
        {
            _io.Errors.Complain(_io.Language.Changes.SignedNotChanged($"{zone.Origin}"));
            mayChange = false;
        }
        var journal = file == CommandIo.StandardStream ? null : _changes.OpenJournal(file, mayChange, _settings.Compacts, ref zone);
        return new PreparedZone(file, zone, journal, mayChange);
    }

    private void Keep(PreparedZone one)
    {
        _told[one.Zone.Origin] = one.File;
        // With a journal the file is not the newest version, whoever may change the zone now.
        if (one.Journal is null) { _keeper.AddPrimary(one.Zone); }
        else
        {
            _journals[one.Zone.Origin] = one.Journal;
            _keeper.AddChanging(one.Zone, one.MayChange ? _updateRules : [], one.Journal);
        }
    }

    private void Leave(DnsName origin)
    {
        _keeper.Remove(origin);
        _told.Remove(origin);
        if (_journals.Remove(origin, out var journal)) { journal.Dispose(); }
    }

    /// <summary>A zone that can be served now.</summary>
    private sealed record PreparedZone(string File, Zone Zone, JournalFile? Journal, bool MayChange);
}
