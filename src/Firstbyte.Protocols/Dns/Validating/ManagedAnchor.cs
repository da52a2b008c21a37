using System.Runtime.InteropServices;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Validating;

/// <summary>When a zone's keys are asked for, in seconds since 1970.</summary>
/// <param name="LastQueried">When they were asked for last; 0 for never.</param>
/// <param name="LastSuccess">When a set came that held; 0 for never.</param>
/// <param name="NextProbe">When they are to be asked for.</param>
/// <param name="Failures">How often in a row none came that held.</param>
/// <param name="QueryInterval">Seconds to the next question after a set that held (RFC 5011 section 2.3).</param>
/// <param name="RetryTime">The same after one that did not.</param>
public readonly record struct AnchorTimes(long LastQueried, long LastSuccess, long NextProbe, int Failures, long QueryInterval, long RetryTime);

/// <summary>A zone whose keys are believed without a parent, and followed when the zone rolls them over (RFC 5011).</summary>
/// <remarks>
/// Theory of operation. The zone's keys are asked for now and then. A set counts when a key that is believed has signed it, and then says of each key with the
/// SEP bit whether it is there:
/// <code>
///   Start   ─ new ───────────────► Pending ─ there after 30 days ─► Valid ◄─ there ─ Missing
///   Start   ◄─ not there ───────── Pending                          Valid ─ not there ─► Missing
///   Valid, Missing ─ taken back ─► Revoked ─ gone for 30 days ────► Removed
/// </code>
/// So who has stolen a key can make no other one believed if its owner takes it back within 30 days. A key is taken back by a set that says so and that it has
/// signed itself, whoever else has. When all keys are taken back nothing is believed any more, and the zone is as one that never had an anchor (section 5).
/// An anchor that is a digest (DS) becomes the keys that it names with the first set that one of them has signed.
/// </remarks>
public sealed class ManagedAnchor
{
    /// <summary>RFC 5011 section 2.4.1: 30 days, or the time to live of the set that had the key first where that is longer; in seconds.</summary>
    public const long AddHoldDown = 30 * Day;

    /// <summary>RFC 5011 section 2.4.2: 30 days.</summary>
    public const long RemoveHoldDown = 30 * Day;

    /// <summary>How long a key that nobody shows is believed beside another one. Unbound's keep-missing: 366 days.</summary>
    public const long KeepMissing = 366 * Day;

    /// <summary>Keys that are held for a zone, those that are gone among them (own choice: the root has had three in sixteen years).</summary>
    public const int MaxKeys = 64;

    private const long Hour = 3600, Day = 24 * Hour;

    private readonly List<ManagedKey> _keys;

    /// <summary>A zone with its keys.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="keys">What is known of its keys.</param>
    /// <param name="signers">Data of DS records, where its keys have not been seen yet.</param>
    /// <param name="times">When they were asked for; by default never, so that they are to be asked for at once.</param>
    public ManagedAnchor(DnsName zone, IEnumerable<ManagedKey> keys, IEnumerable<RecordData>? signers = null, AnchorTimes times = default) =>
        (Zone, _keys, Signers, Times) = (zone, [.. keys], [.. signers ?? []], times);

    /// <summary>The zone.</summary>
    public DnsName Zone { get; }

    /// <summary>Its keys.</summary>
    public IReadOnlyList<ManagedKey> Keys => _keys;

    /// <summary>Data of DS records, until the keys that they name have been seen.</summary>
    public RecordData[] Signers { get; private set; }

    /// <summary>When they were and will be asked for.</summary>
    public AnchorTimes Times { get; private set; }

    /// <summary>Whether all keys have been taken back, so that the zone has no anchor any more.</summary>
    public bool IsDeleted => Signers.Length == 0 && !_keys.Exists(static key => key.IsBelieved);

    /// <summary>What is believed, as records of the zone.</summary>
    public IEnumerable<DnsRecord> Believed => _keys.Where(static key => key.IsBelieved).Select(static key => key.Data).Concat(Signers)
        .Select(data => new DnsRecord(Zone, Ttl.Zero, data));

    /// <summary>A zone of which an anchor is known that nobody has followed yet.</summary>
    /// <param name="anchor">The anchor.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static ManagedAnchor From(TrustAnchor anchor, long now)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return new ManagedAnchor(anchor.Zone, anchor.Keys.Select(data => new ManagedKey(data, ManagedKeyState.Valid, now, 0)), anchor.Signers);
    }

    /// <summary>No answer came, or none with keys: asked again after a while.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public void NoteFailure(long now) => Times = Times with
    {
        LastQueried = now,
        Failures = Times.Failures + 1,
        NextProbe = now + Math.Max(Hour, Times.RetryTime),
    };

    /// <summary>
    /// Takes the keys that the zone shows, and says what has changed; false where the set does not hold, though a key may have been taken back by it.
    /// </summary>
    /// <param name="set">The DNSKEY records with their signatures, unchecked.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="verify">Says whether a key made a signature.</param>
    /// <param name="changes">Filled with what has changed, in order.</param>
    public bool Take(SignedSet set, long now, SignatureVerdict verify, ICollection<ManagedKeyChange> changes)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(changes);
        if (set.Type != RecordType.DNSKEY || set.Owner != Zone)
        {
            NoteFailure(now);
            return false;
        }
        var shown = set.Records.Take(ResolutionLimits.KeysPerZone).Select(record => new ZonePublicKey(Zone, record.Data)).ToArray();
        var look = new Look(set, Zone, (uint)now, verify);
        TakeRevocations(shown, look, now, changes);
        var anchors = _keys.Where(static key => key.IsBelieved).Select(static key => key.Data).ToArray();
        var entries = TrustChain.FindEntries(shown, Signers, anchors, out _);
        SignatureFields? signature = null;
        foreach (var entry in entries) { if ((signature = look.FindSignature(entry)) is not null) { break; } }
        if (signature is null)
        {
            NoteFailure(now);
            return false;
        }
        // What is named by a digest was believed before it was seen.
        if (Signers.Length > 0)
        {
            foreach (var entry in entries) { if (Find(entry) < 0) { Add(entry, ManagedKeyState.Valid, now, signature.OriginalTtl, changes); } }
            Signers = [];
        }
        foreach (var key in shown)
        {
            if (key is { IsEntryPoint: true, IsOfZone: true, IsRevoked: false }) { TakeShown(key, now, signature.OriginalTtl, changes); }
        }
        TakeAbsent(shown, now, changes);
        NoteSuccess(signature, now);
        return true;
    }

    /// <summary>RFC 5011 section 2.1: the set has to be signed by the key itself.</summary>
    private void TakeRevocations(ZonePublicKey[] shown, Look look, long now, ICollection<ManagedKeyChange> changes)
    {
        foreach (var key in shown)
        {
            if (key is not { IsRevoked: true, IsOfZone: true } || Find(key) is not (>= 0 and var at)) { continue; }
            switch (_keys[at].State)
            {
                case ManagedKeyState.Valid or ManagedKeyState.Missing when look.FindSignature(key) is not null:
                    _keys[at] = _keys[at] with { Data = key.Data };
                    Move(at, ManagedKeyState.Revoked, now, changes);
                    break;
                case ManagedKeyState.Revoked:
                    // It has to be gone for the whole of the time.
                    _keys[at] = _keys[at] with { Since = now };
                    break;
            }
        }
    }

    private void TakeShown(ZonePublicKey key, long now, uint ttl, ICollection<ManagedKeyChange> changes)
    {
        if (Find(key) is not (>= 0 and var at))
        {
            Add(key, ManagedKeyState.Pending, now, ttl, changes);
            return;
        }
        var known = _keys[at];
        if (known.State == ManagedKeyState.Missing || known.State == ManagedKeyState.Pending && now - known.Since >= Math.Max(AddHoldDown, known.TtlSeconds))
        {
            Move(at, ManagedKeyState.Valid, now, changes);
        }
    }

    private void TakeAbsent(ZonePublicKey[] shown, long now, ICollection<ManagedKeyChange> changes)
    {
        for (var at = _keys.Count - 1; at >= 0; at--)
        {
            var known = _keys[at];
            var isShown = Array.Exists(shown, key => known.IsSameAs(key) && (known.State == ManagedKeyState.Revoked || !key.IsRevoked));
            if (isShown || known.State == ManagedKeyState.Removed) { continue; }
            switch (known.State)
            {
                case ManagedKeyState.Pending:
                    _keys.RemoveAt(at);
                    changes.Add(new ManagedKeyChange(known.KeyTag, known.State, ManagedKeyState.Start));
                    break;
                case ManagedKeyState.Valid:
                    Move(at, ManagedKeyState.Missing, now, changes);
                    break;
                case ManagedKeyState.Revoked when now - known.Since >= RemoveHoldDown:
                case ManagedKeyState.Missing when now - known.Since >= KeepMissing && _keys.Exists(static key => key.State == ManagedKeyState.Valid):
                    Move(at, ManagedKeyState.Removed, now, changes);
                    break;
            }
        }
    }

    /// <summary>
    /// RFC 5011 section 2.3: half of the time that the set may be kept, an hour at least and 15 days at most; a tenth, and a day at most, to try again.
    /// </summary>
    private void NoteSuccess(SignatureFields signature, long now)
    {
        var life = Math.Min(signature.OriginalTtl, Math.Max(0, (int)(signature.Expiration - (uint)now)));
        var interval = Math.Max(Hour, Math.Min(15 * Day, life / 2));
        Times = new AnchorTimes(now, now, now + interval, 0, interval, Math.Max(Hour, Math.Min(Day, life / 10)));
    }

    private void Add(ZonePublicKey key, ManagedKeyState state, long now, uint ttl, ICollection<ManagedKeyChange> changes)
    {
        if (_keys.Count >= MaxKeys)
        {
            var oldest = _keys.FindIndex(static one => one.State == ManagedKeyState.Removed);
            if (oldest < 0) { return; }
            _keys.RemoveAt(oldest);
        }
        _keys.Add(new ManagedKey(key.Data, state, now, ttl));
        changes.Add(new ManagedKeyChange(key.KeyTag, ManagedKeyState.Start, state));
    }

    private void Move(int at, ManagedKeyState state, long now, ICollection<ManagedKeyChange> changes)
    {
        changes.Add(new ManagedKeyChange(_keys[at].KeyTag, _keys[at].State, state));
        _keys[at] = _keys[at] with { State = state, Since = now };
    }

    private int Find(ZonePublicKey key) => _keys.FindIndex(one => one.IsSameAs(key));

    /// <summary>The signatures of one set, of which so many are looked at.</summary>
    private sealed class Look(SignedSet set, DnsName zone, uint now, SignatureVerdict verify)
    {
        private readonly Dictionary<RecordData, SignatureFields?> _found = [];
        private int _left = ResolutionLimits.VerificationsPerClientQuery;

        /// <summary>A signature by this key that holds now; null where there is none.</summary>
        public SignatureFields? FindSignature(ZonePublicKey key)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, key.Data, out var isKnown);
            if (isKnown) { return found; }
            foreach (var record in set.Signatures.Take(ResolutionLimits.SignaturesPerSet))
            {
                var signature = new SignatureFields(record.Data);
                if (signature.KeyTag != key.KeyTag || signature.Algorithm != key.Algorithm) { continue; }
                if (SetCheck.FlawOf(signature, set, zone, now) != ValidationFlaw.None) { continue; }
                if (_left-- <= 0) { return null; }
                if (verify(set.ToRecordSet(), record.Data, key)) { return found = signature; }
            }
            return null;
        }
    }
}
