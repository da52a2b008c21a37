using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>
/// Keeps the zones of a server while they change: copies those of which it is secondary, takes changes, tells secondaries, and says who was refused.
/// </summary>
/// <remarks>
/// Theory of operation. A version of a zone never changes, and what a server answers from is one set of versions. Whoever has a newer version hands it
/// to <see cref="Publish(Zone)"/>, which makes the next set. A change by message is worked out, applied to a version of its own, written to the journal, and
/// only then published and acknowledged: one after the other, under one lock, so that each starts from the one before it. Queries never wait for it.
/// </remarks>
public sealed class ZoneKeeper : IZoneKeeper
{
    /// <summary>Own choice: refusals told in a minute; the others are counted.</summary>
    private const int MaxRefusalsTold = 60;

    private readonly INetwork _network;
    private readonly TraceSpan _span;
    private readonly Lock _publishing = new(), _updating = new(), _telling = new();
    private readonly Dictionary<DnsName, Zone> _zones = new(DnsNameComparer.Instance);
    private readonly Dictionary<DnsName, SecondaryZone> _secondaries = new(DnsNameComparer.Instance);
    private readonly Dictionary<SecondaryZone, CancellationTokenSource> _refreshes = [];
    private readonly Dictionary<DnsName, ChangingZone> _changing = new(DnsNameComparer.Instance);
    private readonly IReadOnlyList<ServerPeer> _notified;
    // The zones of which a secondary is being told, each with the newer version that came meanwhile. There is one entry for each zone and secondary.
    private readonly Dictionary<(ServerPeer Peer, DnsName Origin), Zone?> _told = [];
    private readonly InFlight _notifying = new(int.MaxValue), _refreshing = new(int.MaxValue);
    private readonly TaskCompletionSource _broken = new();
    private readonly long[] _refusals = new long[(int)RequestKind.Update + 1];
    private readonly long[] _granted = new long[(int)RequestKind.Update + 1];
    private CancellationToken _stopping;
    private bool _isRunning;
    private AuthoritativeServer? _server;
    private Instant _refusalMinute;
    private int _refusalsTold;

    /// <summary>A keeper; it does nothing before <see cref="Attach"/> and <see cref="RunAsync"/>.</summary>
    /// <param name="network">Where it works.</param>
    /// <param name="notified">The servers that are told of every new version.</param>
    /// <param name="span">What it tells belongs here.</param>
    public ZoneKeeper(INetwork network, IReadOnlyList<ServerPeer>? notified = null, TraceSpan span = default) =>
        (_network, _notified, _span) = (network, notified ?? [], span);

    /// <summary>The server whose zones these are.</summary>
    public void Attach(AuthoritativeServer server)
    {
        lock (_publishing)
        {
            _server = server;
            SetZones();
        }
    }

    /// <summary>How often somebody was refused.</summary>
    public long Refusals(RequestKind kind) => Interlocked.Read(ref _refusals[(int)kind]);

    /// <summary>
    /// How often somebody got what was asked for: a copy that came whole, a newer version heard of, a change made. Signatures are not counted.
    /// </summary>
    public long Granted(RequestKind kind) => Interlocked.Read(ref _granted[(int)kind]);

    /// <summary>A zone of which this is the primary server.</summary>
    public void AddPrimary(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        lock (_publishing)
        {
            _zones[zone.Origin] = zone;
            SetZones();
        }
    }

    /// <summary>A primary zone that may be changed by messages.</summary>
    /// <param name="zone">Its newest version.</param>
    /// <param name="rules">Who may change it.</param>
    /// <param name="journal">Where changes are kept.</param>
    public void AddChanging(Zone zone, IReadOnlyList<AccessRule> rules, IJournalFile journal)
    {
        ArgumentNullException.ThrowIfNull(zone);
        lock (_publishing)
        {
            _changing[zone.Origin] = new ChangingZone(rules, journal);
            AddPrimary(zone);
        }
    }

    /// <summary>A zone of which this is a secondary server; where the keeper runs its primary is asked at once.</summary>
    public void AddSecondary(SecondaryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var secondary = new SecondaryZone(_network, options, this);
        var kept = secondary.Load();
        lock (_publishing)
        {
            _secondaries[options.Origin] = secondary;
            AddPrimary(kept);
            if (_isRunning) { _ = RefreshAsync(secondary); }
        }
    }

    /// <summary>Serves a zone no more; a change or a transfer that is under way is of no account then.</summary>
    /// <returns>Its journal, which is the caller's to close; null where it has none.</returns>
    public IJournalFile? Remove(DnsName origin)
    {
        lock (_updating)
        {
            lock (_publishing)
            {
                _changing.Remove(origin, out var changing);
                _zones.Remove(origin);
                SetZones();
                if (_secondaries.Remove(origin, out var secondary) && _refreshes.TryGetValue(secondary, out var refresh)) { refresh.Cancel(); }
                return changing?.Journal;
            }
        }
    }

    /// <summary>The names of all zones.</summary>
    public IReadOnlyList<DnsName> Origins
    {
        get { lock (_publishing) { return [.. _zones.Keys]; } }
    }

    /// <summary>Where the zone of a name is copied from; null where this is no secondary server of it.</summary>
    public SecondaryOptions? SecondaryOf(DnsName origin)
    {
        lock (_publishing) { return _secondaries.TryGetValue(origin, out var secondary) ? secondary.Options : null; }
    }

    /// <summary>Whether it keeps a zone of a name.</summary>
    public bool Holds(DnsName origin)
    {
        lock (_publishing) { return _zones.ContainsKey(origin); }
    }

    /// <summary>Serves another version of a primary zone, as its file has it now; what is newer is told to secondaries, and given as differences.</summary>
    /// <returns>What secondaries make of its serial number.</returns>
    public FileVersion Reload(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        Zone? before;
        lock (_publishing) { _zones.TryGetValue(zone.Origin, out before); }
        if (before is null || before.IsExpired)
        {
            Publish(zone);
            return FileVersion.Newer;
        }
        var isSmall = IsSmall(before) && IsSmall(zone);
        if (SerialNumber.IsNewer(zone.Soa.Serial, before.Soa.Serial))
        {
            Publish(isSmall ? zone.WithHistory(before.History.With(ZoneDifference.Between(before, zone))) : zone);
            return FileVersion.Newer;
        }
        AddPrimary(zone);
        // Of a large zone the number alone is looked at.
        return zone.Soa.Serial == before.Soa.Serial && (!isSmall || IsSame(before, zone)) ? FileVersion.Same : FileVersion.NotNewer;
    }

    /// <summary>
    /// Takes what the file of a zone that is changed by messages has now for its next version, as one change more in its journal, where its serial number is
    /// newer than that of all changes. A file whose serial number is not newer is left: what came by messages would be lost, and secondaries would not take it.
    /// </summary>
    /// <param name="zone">What the file has now.</param>
    public TakenFile TakeFile(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        lock (_updating)
        {
            Zone before;
            ChangingZone changing;
            lock (_publishing) { (before, changing) = (_zones[zone.Origin], _changing[zone.Origin]); }
            var served = before.Soa.Serial;
            if (!SerialNumber.IsNewer(zone.Soa.Serial, served))
            {
                return new TakenFile(zone.Soa.Serial == served && IsSame(before, zone) ? FileVersion.Same : FileVersion.NotNewer, served);
            }
            var difference = ZoneDifference.Between(before, zone);
            var error = changing.Journal.Append([.. ZoneJournal.Entry(difference), .. ZoneJournal.File(zone)]);
            if (error != Errno.None)
            {
                Tell(new JournalNotWritten($"{zone.Origin}", error));
                return new TakenFile(FileVersion.NotWritten, served);
            }
            Publish(IsSmall(before) && IsSmall(zone) ? zone.WithHistory(before.History.With(difference)) : zone);
            return new TakenFile(FileVersion.Newer, served) { Difference = difference, Undone = Undone(difference, before.History) };
        }
    }

    /// <summary>Asks primaries and tells secondaries until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        List<Zone> zones;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var ended = stopping.Register(() => _broken.TrySetResult());
        lock (_publishing)
        {
            (_stopping, _isRunning) = (ending.Token, true);
            zones = [.. _zones.Values.Where(static zone => !zone.IsExpired)];
            foreach (var secondary in _secondaries.Values) { _ = RefreshAsync(secondary); }
        }
        // RFC 1996 section 3.3: also when the server starts.
        foreach (var zone in zones) { Notify(zone); }
        try { await _broken.Task; }
        finally
        {
            ending.Cancel();
            await _refreshing.EmptyAsync();
            await _notifying.EmptyAsync();
        }
    }

    /// <inheritdoc/>
    public ResponseCode TakeNotify(DnsName zone, uint? serial, in QuerySource source)
    {
        SecondaryZone? secondary;
        lock (_publishing) { _secondaries.TryGetValue(zone, out secondary); }
        if (secondary is null)
        {
            // RFC 1996 section 3.10: NOTAUTH from who is no secondary of the zone.
            Refused(RequestKind.Notify, zone, ResponseCode.NotAuthoritative, source);
            return ResponseCode.NotAuthoritative;
        }
        var primary = secondary.Options.Primary;
        // Where there is a key it says who speaks, else the address does (section 3.10).
        var isPrimary = primary.Key is { } key ? source.Key == key : source.Client.Address == primary.Endpoint.Address;
        if (!isPrimary)
        {
            Refused(RequestKind.Notify, zone, ResponseCode.Refused, source);
            return ResponseCode.Refused;
        }
        Grant(RequestKind.Notify);
        Tell(new NotifyReceived(source.Client, $"{zone}", serial));
        Zone? held;
        lock (_publishing) { _zones.TryGetValue(zone, out held); }
        if (serial is not { } newest || held is null || held.IsExpired || SerialNumber.IsNewer(newest, held.Soa.Serial)) { secondary.Notify(); }
        return ResponseCode.NoError;
    }

    /// <inheritdoc/>
    public ResponseCode TakeUpdate(ReadOnlySpan<byte> message, DnsName zone, in QuerySource source)
    {
        bool isHeld;
        ChangingZone? changing;
        lock (_publishing) { (isHeld, _) = (_zones.ContainsKey(zone), _changing.TryGetValue(zone, out changing)); }
        var code = !isHeld ? ResponseCode.NotAuthoritative
            : changing is null || !Allows(changing.Rules, source) ? ResponseCode.Refused
            : Change(message, zone, changing.Journal, source);
        if (code == ResponseCode.NotAuthoritative || code == ResponseCode.Refused) { Refused(RequestKind.Update, zone, code, source); }
        return code;
    }

    /// <inheritdoc/>
    public void Transferred(ZoneTransfer transfer, in QuerySource source, bool isWhole)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (isWhole) { Grant(RequestKind.Transfer); }
        Tell(new ZoneGiven(
            source.Client, $"{transfer.Zone.Origin}", transfer.Kind, transfer.Zone.Soa.Serial, transfer.Key is null ? "" : $"{transfer.Key.Name}",
            transfer.MessageCount, transfer.RecordCount, transfer.ByteCount, isWhole));
    }

    /// <inheritdoc/>
    public void Refused(RequestKind kind, DnsName zone, ResponseCode code, in QuerySource source)
    {
        var count = Interlocked.Increment(ref _refusals[(int)kind]);
        if (!MayTellRefusal()) { return; }
        // BADSIG has the number of BADVERS (RFC 8945 section 3).
        var word = kind == RequestKind.Signature && code == ResponseCode.BadSignature ? "BADSIG" : $"{code}";
        Tell(new RequestRefused(source.Client, source.Transport, kind, $"{zone}", word, source.Key is null ? "" : $"{source.Key.Name}", count));
    }

    internal void Tell(TraceEvent traceEvent)
    {
        lock (_telling) { _span.Tell(traceEvent); }
    }

    /// <summary>Serves a version from now on, and tells secondaries.</summary>
    internal void Publish(Zone zone)
    {
        AddPrimary(zone);
        if (_isRunning) { Notify(zone); }
    }

    /// <summary>The same of what a secondary has fetched, unless the zone was removed meanwhile.</summary>
    internal void Publish(SecondaryZone secondary, Zone zone)
    {
        lock (_publishing)
        {
            if (!IsOurs(secondary)) { return; }
            AddPrimary(zone);
        }
        Notify(zone);
    }

    internal void Expire(SecondaryZone secondary, Zone zone)
    {
        lock (_publishing)
        {
            if (!IsOurs(secondary)) { return; }
            AddPrimary(zone.WithExpiry(true));
        }
        Tell(new ZoneExpired($"{zone.Origin}"));
    }

    private bool IsOurs(SecondaryZone secondary) => _secondaries.TryGetValue(secondary.Options.Origin, out var one) && one == secondary;

    // A fault of the program in one of them ends the keeper, and with it the server: nobody would see a zone that is never refreshed again.
    private async Task RefreshAsync(SecondaryZone secondary)
    {
        using var refresh = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        lock (_publishing) { _refreshes[secondary] = refresh; }
        _refreshing.Enter();
        try { await secondary.RunAsync(refresh.Token); }
#pragma warning disable CA1031 // Handed to who waits for RunAsync.
        catch (Exception e) { _broken.TrySetException(e); }
#pragma warning restore CA1031
        finally
        {
            lock (_publishing) { _refreshes.Remove(secondary); }
            _refreshing.Leave();
        }
    }

    private static bool IsSmall(Zone zone) => zone.NameCount <= ZoneHistory.MaxRecords;

    private static bool IsSame(Zone one, Zone other) =>
        one.SoaRecord.Equals(other.SoaRecord) && ZoneDifference.Between(one, other) is { Removed.Count: 0, Added.Count: 0 };

    private static int Undone(ZoneDifference difference, ZoneHistory history)
    {
        var came = history.Differences.SelectMany(static earlier => earlier.Added).ToHashSet();
        var went = history.Differences.SelectMany(static earlier => earlier.Removed).ToHashSet();
        return difference.Removed.Count(came.Contains) + difference.Added.Count(went.Contains);
    }

    private static bool Allows(IReadOnlyList<AccessRule> rules, in QuerySource source)
    {
        foreach (var rule in rules)
        {
            if (rule.Allows(source.Client.Address, source.Key)) { return true; }
        }
        return false;
    }

    private ResponseCode Change(ReadOnlySpan<byte> message, DnsName origin, IJournalFile journal, in QuerySource source)
    {
        lock (_updating)
        {
            Zone? zone;
            lock (_publishing) { zone = _changing.ContainsKey(origin) ? _zones[origin] : null; }
            // It was removed meanwhile.
            if (zone is null) { return ResponseCode.NotAuthoritative; }
            var code = ZoneUpdate.TryMake(message, zone, out var difference);
            if (code != ResponseCode.NoError || difference is null) { return code; }
            // What comes out must be a zone: a DNAME with names below it is none.
            if (!zone.TryApply(difference, out var next, out _)) { return ResponseCode.Refused; }
            var error = journal.Append(ZoneJournal.Entry(difference));
            if (error != Errno.None)
            {
                Tell(new JournalNotWritten($"{origin}", error));
                return ResponseCode.ServerFailure;
            }
            Publish(next);
            Grant(RequestKind.Update);
            Tell(new ZoneUpdated(
                source.Client, $"{origin}", source.Key is null ? "" : $"{source.Key.Name}", next.Soa.Serial, difference.Removed.Count, difference.Added.Count));
            return ResponseCode.NoError;
        }
    }

    private void Grant(RequestKind kind) => Interlocked.Increment(ref _granted[(int)kind]);

    private void SetZones()
    {
        if (_server is not null) { _server.Zones = new ZoneSet(_zones.Values); }
    }

    private void Notify(Zone zone)
    {
        foreach (var peer in _notified)
        {
            lock (_told)
            {
                // Who is told of a version needs to hear of the newest after it, and of none between.
                if (!_told.TryAdd((peer, zone.Origin), null))
                {
                    _told[(peer, zone.Origin)] = zone;
                    continue;
                }
            }
            _ = NotifyAsync(peer, zone);
        }
    }

    private async Task NotifyAsync(ServerPeer peer, Zone zone)
    {
        var key = (peer, zone.Origin);
        _notifying.Enter();
        try
        {
            for (var next = zone; next is not null;)
            {
                var code = await new NotifySender(_network, peer).SendAsync(next, _stopping);
                if (_stopping.IsCancellationRequested) { return; }
                Tell(new NotifySent(peer.Endpoint, $"{next.Origin}", next.Soa.Serial, code is null ? "" : $"{code}"));
                lock (_told)
                {
                    next = _told[key];
                    if (next is null) { _told.Remove(key); }
                    else { _told[key] = null; }
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { return; }
        finally { _notifying.Leave(); }
    }

    private bool MayTellRefusal()
    {
        lock (_telling)
        {
            var now = NetworkClock.Monotonic(_network);
            if (now - _refusalMinute >= TimeSpan.FromMinutes(1)) { (_refusalMinute, _refusalsTold) = (now, 0); }
            return ++_refusalsTold <= MaxRefusalsTold;
        }
    }

    private sealed record ChangingZone(IReadOnlyList<AccessRule> Rules, IJournalFile Journal);
}
