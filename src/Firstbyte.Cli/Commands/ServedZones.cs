using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
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
    // What was said of each zone that is served: its file, or where it is copied from. A zone that cannot be served has none.
    private readonly Dictionary<DnsName, string> _told = new(DnsNameComparer.Instance);
    private readonly Dictionary<DnsName, byte[]> _fingerprints = new(DnsNameComparer.Instance);
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

    /// <summary>Takes all zones up; those that cannot be served are told, and the others are.</summary>
    /// <exception cref="UsageException">An argument is faulty, or there is no zone that can be served; the message says where.</exception>
    /// <exception cref="FileException">There is none, as its file cannot be read.</exception>
    public void Load()
    {
        foreach (var (options, told) in Secondaries(_settings)) { Keep(options, told); }
        var faults = new List<(DnsName Origin, Exception Fault)>();
        var zones = new ZoneFiles(_io, _settings.Zones, _settings.IsStrict).LoadEach();
        foreach (var loaded in zones)
        {
            if (_keeper.Holds(loaded.Origin)) { throw new UsageException(_io.Language.Changes.ZoneTwice($"{loaded.Origin}")); }
            if (TryPrepare(loaded, out var prepared, out var fault)) { Keep(prepared); }
            else { faults.Add((loaded.Origin, fault)); }
        }
        if (_keeper.Origins.Count == 0)
        {
            foreach (var (_, fault) in faults.SkipLast(1)) { _io.Errors.Complain(_io.Reason(fault)); }
            ExceptionDispatchInfo.Throw(faults[^1].Fault);
        }
        foreach (var (origin, fault) in faults) { GiveUp(origin, fault); }
        ZoneFiles.Settle(zones);
    }

    /// <summary>
    /// Reads every file again and serves what they hold now. A zone that is faulty is served as it was; where the settings are, all are.
    /// </summary>
    public void Reload()
    {
        try { ReadAgain(); }
        catch (Exception e) when (e is UsageException or FileException) { _io.Errors.Complain(_io.Language.Servers.ZonesKept(_io.Reason(e))); }
    }

    public void Dispose()
    {
        foreach (var journal in _journals.Values) { journal.Dispose(); }
    }

    // Whatever can be faulty is read and opened before anything is changed.
    private void ReadAgain()
    {
        var next = _readSettings();
        var secondaries = Secondaries(next).ToArray();
        var loaded = new ZoneFiles(_io, next.Zones, next.IsStrict).LoadEach();
        foreach (var one in loaded)
        {
            if (!secondaries.Any(secondary => secondary.Options.Origin == one.Origin)) { continue; }
            throw new UsageException(_io.Language.Changes.ZoneTwice($"{one.Origin}"));
        }
        var named = secondaries.Select(static secondary => secondary.Options.Origin)
            .Concat(loaded.Select(static one => one.Origin)).ToHashSet(DnsNameComparer.Instance);
        var prepared = new List<PreparedZone>();
        var faults = new List<(DnsName Origin, Exception Fault)>();
        foreach (var one in loaded)
        {
            if (one.Zone is { } zone && (IsReadAgain(one.Origin) || IsJournaled(one))) { prepared.Add(new PreparedZone(one, zone, null, false)); }
            else if (TryPrepare(one, out var ready, out var fault)) { prepared.Add(ready); }
            else { faults.Add((one.Origin, fault)); }
        }
        RenewCertificate();
        foreach (var origin in _keeper.Origins.Where(origin => !named.Contains(origin)))
        {
            Leave(origin);
            _io.Errors.Say(_io.Language.Settings.ZoneLeft($"{origin}"));
        }
        foreach (var (options, told) in secondaries)
        {
            if (_keeper.Holds(options.Origin) && _told.GetValueOrDefault(options.Origin) == told) { continue; }
            Leave(options.Origin);
            Keep(options, told);
        }
        foreach (var one in prepared) { Take(one); }
        foreach (var (origin, fault) in faults) { GiveUp(origin, fault); }
        var later = _settings.DifferAtStart(next).ToArray();
        _settings = next;
        if (later.Length > 0) { _io.Errors.Complain(_io.Language.Settings.AtTheNextStart(later)); }
        ZoneFiles.Settle(loaded);
    }

    private void RenewCertificate()
    {
        try { _certificate?.Renew(); }
        catch (Exception e) when (e is UsageException or FileException) { _io.Errors.Complain(_io.Language.Servers.CertificateKept(_io.Reason(e))); }
    }

    /// <summary>Serves what a file has now, where that is anything else than before.</summary>
    private void Take(PreparedZone one)
    {
        var (loaded, origin) = (one.Loaded, one.Zone.Origin);
        var isReadAgain = IsReadAgain(origin);
        if (!isReadAgain && !IsJournaled(loaded))
        {
            Leave(origin);
            Keep(one);
            return;
        }
        _told[origin] = loaded.File;
        if (loaded.Fingerprint.AsSpan().SequenceEqual(_fingerprints[origin])) { return; }
        if (!isReadAgain) { TakeFile(loaded, one.Zone); }
        else
        {
            _fingerprints[origin] = loaded.Fingerprint;
            if (_keeper.Reload(one.Zone) != FileVersion.NotNewer) { return; }
            _io.Errors.Complain(_io.Language.Changes.SerialNotNewer($"{origin}", one.Zone.Soa.Serial));
        }
    }

    /// <summary>Says of a zone that it is served as it was, or not at all.</summary>
    private void GiveUp(DnsName origin, Exception fault)
    {
        var isServed = _told.ContainsKey(origin);
        if (!isServed) { _keeper.AddPrimary(Zone.Absent(origin)); }
        var (reason, name) = (_io.Reason(fault), $"{origin}");
        _io.Errors.Complain(isServed ? _io.Language.Servers.ZoneKept(reason, name) : _io.Language.Servers.ZoneNotServed(reason, name));
    }

    /// <summary>Takes what the file of a zone has that is changed by messages, where it is the newest.</summary>
    private void TakeFile(LoadedZone loaded, Zone zone)
    {
        var (origin, serial) = ($"{zone.Origin}", zone.Soa.Serial);
        var taken = _keeper.TakeFile(zone);
        switch (taken.Version)
        {
            case FileVersion.NotNewer:
                _io.Errors.Complain(_io.Language.Changes.FileNotTaken(loaded.File, origin, serial, taken.Served));
                return;
            case FileVersion.Newer:
                _io.Errors.Say(_io.Language.Changes.FileTaken(loaded.File, origin, serial, taken.Difference!.Removed.Count, taken.Difference.Added.Count));
                if (taken.Undone > 0) { _io.Errors.Complain(_io.Language.Changes.FileUndoes(origin, taken.Undone)); }
                if (!ZoneUpdate.CanChange(zone)) { _io.Errors.Complain(_io.Language.Changes.SignedNotChanged(origin)); }
                break;
            // That the journal cannot be written was told.
            case FileVersion.NotWritten: return;
        }
        _fingerprints[zone.Origin] = loaded.Fingerprint;
    }

    /// <summary>Whether a zone is served from its file alone, so that another version takes its place.</summary>
    private bool IsReadAgain(DnsName origin) => _told.ContainsKey(origin) && !_journals.ContainsKey(origin) && _keeper.SecondaryOf(origin) is null;

    /// <summary>Whether a zone is served from this file and a journal.</summary>
    private bool IsJournaled(LoadedZone loaded) => _journals.ContainsKey(loaded.Origin) && _told[loaded.Origin] == loaded.File;

    private IEnumerable<(SecondaryOptions Options, string Told)> Secondaries(ServeSettings settings) =>
        settings.Secondaries.Select(said => (said.Read(text => _changes.Secondary(ServeCommand.SecondaryOf, text)), said.Text));

    private void Keep(SecondaryOptions options, string told)
    {
        if (_keeper.Holds(options.Origin)) { throw new UsageException(_io.Language.Changes.ZoneTwice($"{options.Origin}")); }
        _told[options.Origin] = told;
        _keeper.AddSecondary(options);
    }

    /// <summary>Opens the journal of a zone, where there is one or may be one.</summary>
    private bool TryPrepare(LoadedZone loaded, [NotNullWhen(true)] out PreparedZone? prepared, [NotNullWhen(false)] out Exception? fault)
    {
        (prepared, fault) = (null, null);
        if (loaded.Zone is not { } zone)
        {
            fault = loaded.Fault!;
            return false;
        }
        var hasFile = loaded.File != CommandIo.StandardStream;
        var mayChange = _updateRules.Count > 0 && hasFile;
        if (mayChange && !ZoneUpdate.CanChange(zone))
        {
            _io.Errors.Complain(_io.Language.Changes.SignedNotChanged($"{zone.Origin}"));
            mayChange = false;
        }
        try
        {
            var journal = hasFile ? _changes.OpenJournal(loaded.File, mayChange, _settings.Compacts, ref zone) : null;
            // A file that was written anew is known as it is now.
            if (_settings.Compacts && !ReferenceEquals(zone, loaded.Zone))
            {
                loaded = loaded with { Fingerprint = new ZoneSource(_io, $"{loaded.Origin}={loaded.File}").Fingerprint() };
            }
            prepared = new PreparedZone(loaded, zone, journal, mayChange);
            return true;
        }
        catch (Exception e) when (e is UsageException or FileException)
        {
            fault = e;
            return false;
        }
    }

    private void Keep(PreparedZone one)
    {
        var origin = one.Zone.Origin;
        (_told[origin], _fingerprints[origin]) = (one.Loaded.File, one.Loaded.Fingerprint);
        // With a journal the file is not the newest version, whoever may change the zone now.
        if (one.Journal is null) { _keeper.Reload(one.Zone); }
        else
        {
            _journals[origin] = one.Journal;
            _keeper.AddChanging(one.Zone, one.MayChange ? _updateRules : [], one.Journal);
        }
    }

    private void Leave(DnsName origin)
    {
        _keeper.Remove(origin);
        _told.Remove(origin);
        _fingerprints.Remove(origin);
        if (_journals.Remove(origin, out var journal)) { journal.Dispose(); }
    }

    /// <summary>A zone that can be served now.</summary>
    /// <param name="Loaded">What its file has.</param>
    /// <param name="Zone">The version to serve: with a journal it is newer.</param>
    /// <param name="Journal">Its journal; null without one, and where it is open already.</param>
    /// <param name="MayChange">Whether messages may change it.</param>
    private sealed record PreparedZone(LoadedZone Loaded, Zone Zone, JournalFile? Journal, bool MayChange);
}
