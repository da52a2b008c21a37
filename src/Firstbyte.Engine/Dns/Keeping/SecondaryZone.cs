using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>
/// Keeps one zone as its primary has it: asks when it is time or when told, takes over, and gives the zone up when the primary is silent too long.
/// </summary>
internal sealed class SecondaryZone
{
    /// <summary>Timers end somewhere; who waits longer looks again.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly INetwork _network;
    private readonly ZoneKeeper _keeper;
    private readonly SecondaryTimes _times;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private bool _isTold;
    private Zone? _zone;

    public SecondaryZone(INetwork network, SecondaryOptions options, ZoneKeeper keeper)
    {
        (_network, Options, _keeper) = (network, options, keeper);
        _times = new SecondaryTimes(NetworkClock.Now(network));
    }

    public SecondaryOptions Options { get; }

    /// <summary>Serves what was kept from an earlier run, if anything.</summary>
    public Zone Load()
    {
        if (Options.Store.Load() is not { } kept) { return Zone.Absent(Options.Origin); }
        _zone = kept.Zone;
        _times.Loaded(kept.Zone.Soa, kept.Refreshed, NetworkClock.Now(_network));
        return kept.Zone;
    }

    /// <summary>The primary says that there is a newer version.</summary>
    public void Notify()
    {
        TaskCompletionSource? waiting;
        lock (_lock) { (_isTold, waiting, _waiting) = (true, _waiting, null); }
        waiting?.SetResult();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!await WaitAsync(stopping)) { continue; }
            if (_times.Step == SecondaryStep.Expire)
            {
                _times.Expired();
                _keeper.Expire(this, _zone!);
                _zone = null;
            }
            else { await RefreshAsync(stopping); }
        }
    }

    /// <summary>True when it is time.</summary>
    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        var told = default(TaskCompletionSource);
        lock (_lock)
        {
            if (_isTold)
            {
                _isTold = false;
                _times.Notified(NetworkClock.Now(_network));
            }
            else { _waiting = told = new TaskCompletionSource(); }
        }
        var left = _times.At - NetworkClock.Now(_network);
        if (left <= TimeSpan.Zero || told is null) { return left <= TimeSpan.Zero; }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(told.Task, Task.Delay(left < s_longestWait ? left + TimeSpan.FromMilliseconds(1) : s_longestWait, _network.Time, ended.Token));
        ended.Cancel();
        return false;
    }

    private async Task RefreshAsync(CancellationToken stopping)
    {
        var client = new TransferClient(_network, Options);
        var result = await client.FetchAsync(_zone, wantsWhole: false, stopping);
        if (stopping.IsCancellationRequested) { return; }
        var isIncremental = result.Reader?.State == TransferState.Incremental;
        var (fault, next) = result.Fault == RefreshFault.None ? Build(result.Reader!) : (result.Fault, null);
        // RFC 1995 section 4: differences that cannot be had or do not fit are no reason to go without the zone.
        if (_zone is not null && (fault == RefreshFault.Unfit && isIncremental || fault == RefreshFault.Answer))
        {
            result = await client.FetchAsync(_zone, wantsWhole: true, stopping);
            if (stopping.IsCancellationRequested) { return; }
            isIncremental = false;
            (fault, next) = result.Fault == RefreshFault.None ? Build(result.Reader!) : (result.Fault, null);
        }
        var now = NetworkClock.Now(_network);
        if (fault != RefreshFault.None)
        {
            _times.Failed(now);
            _keeper.Tell(Failed(fault, result));
            return;
        }
        if (next is null)
        {
            _times.Refreshed(_zone!.Soa, now);
            Options.Store.Touch();
            return;
        }
        _zone = next;
        _times.Refreshed(next.Soa, now);
        var saved = Options.Store.Save(next);
        _keeper.Tell(new ZoneTaken(
            Options.Primary.Endpoint, $"{Options.Origin}", isIncremental, next.Soa.Serial, result.Reader!.RecordCount, result.Reader.ByteCount));
        if (saved != Errno.None) { _keeper.Tell(Failed(RefreshFault.NotSaved, result with { Error = saved })); }
        _keeper.Publish(this, next);
    }

    /// <summary>The version that a transfer makes; null when there is nothing newer.</summary>
    private (RefreshFault Fault, Zone? Next) Build(TransferReader reader)
    {
        switch (reader.State)
        {
            case TransferState.Incremental:
                var next = _zone!;
                foreach (var difference in reader.Differences)
                {
                    if (!next.TryApply(difference.Onto(next), out next, out _)) { return (RefreshFault.Unfit, null); }
                }
                return (RefreshFault.None, next);
            case TransferState.Whole:
                if (!Zone.TryCreate(Options.Origin, reader.Records, out var whole, out _)) { return (RefreshFault.Unfit, null); }
                return (RefreshFault.None, WithHistory(whole));
            default: return (RefreshFault.None, null);
        }
    }

    /// <summary>Whoever copies from us gets differences too, where comparing costs little.</summary>
    private Zone WithHistory(Zone next)
    {
        if (_zone is null || _zone.NameCount > ZoneHistory.MaxRecords || next.NameCount > ZoneHistory.MaxRecords
            || !SerialNumber.IsNewer(next.Soa.Serial, _zone.Soa.Serial)) { return next; }
        return next.WithHistory(_zone.History.With(ZoneDifference.Between(_zone, next)));
    }

    private ZoneRefreshFailed Failed(RefreshFault fault, FetchResult result) => new(
        Options.Primary.Endpoint, $"{Options.Origin}", fault, result.Error, result.Signature, result.Answer,
        result.Code == default ? "" : $"{result.Code}");
}
