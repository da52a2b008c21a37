using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Judges a zone before it is delegated: what is wrong in its file, and what a registry would ask of it.</summary>
/// <remarks>
/// Theory of operation. What a file shows is found when it is read (<see cref="ZoneProblem"/>): here each is weighed as one who wants the zone delegated
/// would. The rest is asked of the zone as it would be served: are there servers enough, apart from each other and reachable; do its times keep secondaries
/// alive; do its signatures hold for long enough, by keys that one may use; and what must its parent be given. Nobody is asked over a network, so of servers
/// outside the zone only their names are known, and nothing is said of their addresses.
/// </remarks>
/// <param name="network">The host whose clock it goes by.</param>
public sealed class ZoneDoctor(INetwork network)
{
    private readonly FindingRounds _rounds = new(network);

    /// <summary>Examines the zone of a file once, and tells it; from the second time on also what is other than before.</summary>
    /// <param name="href">What is examined, as it was named.</param>
    /// <param name="zone">The zone; null where its file makes none.</param>
    /// <param name="problems">What was found when the file was read.</param>
    /// <param name="tracer">Who is told.</param>
    /// <returns>What the exit code says of it.</returns>
    public ExaminationCompleted Examine(string href, Zone? zone, IReadOnlyList<ZoneProblem> problems, Tracer tracer)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(tracer);
        var (span, began) = (tracer.Root(network), network.Time.GetTimestamp());
        _rounds.Begin(span, href);
        var findings = new List<Finding>(problems.Select(static problem => new ZoneFaulty(problem)));
        if (zone is not null) { findings.AddRange(FindingsOf(zone, network.Time.GetUtcNow())); }
        return _rounds.Complete(span, href, findings, 0, began);
    }

    /// <summary>What is to be said of a zone beside what its file shows.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="now">The time, by which signatures hold.</param>
    public static IEnumerable<Finding> FindingsOf(Zone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var servers = new ZoneServers(zone);
        return [.. servers.Findings(), .. StartOfAuthority(zone, servers), .. Signing(zone, now), Delegation(zone, servers)];
    }

    private static IEnumerable<Finding> StartOfAuthority(Zone zone, ZoneServers servers)
    {
        var soa = zone.Soa;
        if (!servers.Names.Contains(soa.Primary)) { yield return new ZonePrimaryHidden($"{soa.Primary}"); }
        if (soa.Mailbox.ToString().Contains('@', StringComparison.Ordinal)) { yield return new ZoneMailboxMiswritten($"{soa.Mailbox}"); }
        foreach (var (timer, seconds, least, most) in ((SoaTimer Timer, uint Seconds, uint Least, uint Most)[])
        [
            (SoaTimer.Refresh, soa.Refresh, DoctorLimits.LeastRefresh, DoctorLimits.MostRefresh),
            // Whoever asks again later than he would have asked anyway has not asked again.
            (SoaTimer.Retry, soa.Retry, DoctorLimits.LeastRetry, Math.Max(soa.Refresh, DoctorLimits.LeastRetry + 1) - 1),
            (SoaTimer.Expire, soa.Expire, Math.Max(DoctorLimits.LeastExpire, Sum(soa.Refresh, soa.Retry)), DoctorLimits.MostExpire),
            (SoaTimer.Minimum, soa.Minimum, DoctorLimits.LeastMinimum, DoctorLimits.MostMinimum),
        ])
        {
            if (seconds < least || seconds > most) { yield return new ZoneTimerUnwise(timer, seconds, least, most); }
        }
    }

    private static uint Sum(uint one, uint other) => (uint)Math.Min((ulong)one + other, int.MaxValue);

    private static IEnumerable<Finding> Signing(Zone zone, DateTimeOffset now)
    {
        var keys = Keys(zone);
        if (keys.Length == 0)
        {
            yield return new ZoneUnsigned();
            yield break;
        }
        foreach (var key in keys)
        {
            // RFC 8624 section 3.1: must not be used for signing, or is not recommended.
            if (key.Algorithm.Value is 1 or 3 or 5 or 6 or 7 or 10 or 12) { yield return new ZoneAlgorithmOld(key.KeyTag, $"{key.Algorithm}"); }
        }
        if (Parameters(zone) is { } hashing && (hashing.Iterations > 0 || hashing.SaltLength > 0))
        {
            yield return new ZoneHashesCostly(hashing.Iterations, hashing.SaltLength);
        }
        if (FirstToEnd(zone, now) is { } ending) { yield return ending; }
        foreach (var finding in ChildRecords(zone, keys)) { yield return finding; }
    }

    private static ZonePublicKey[] Keys(Zone zone) =>
        [.. (Set(zone, RecordType.DNSKEY)?.Data ?? []).Select(data => new ZonePublicKey(zone.Origin, data)).Where(static key => key.IsOfZone)];

    private static RecordSet? Set(Zone zone, RecordType type) =>
        zone.Find(zone.Origin, type) is { Kind: ZoneFindingKind.Answer, IsSynthesized: false } finding ? finding.Set : null;

    /// <summary>RFC 5155 section 4.2: the algorithm, flags, iterations, and the salt after its length.</summary>
    private static (int Iterations, int SaltLength)? Parameters(Zone zone) =>
        Set(zone, RecordType.NSEC3PARAM)?.Data is [{ Wire: { Length: >= 5 } wire }, ..] ? (BinaryPrimitives.ReadUInt16BigEndian(wire[2..]), wire[4]) : null;

    /// <summary>The signature that ends first of those that hold; those that hold no more are told when the file is read.</summary>
    private static ZoneSignaturesExpiring? FirstToEnd(Zone zone, DateTimeOffset now)
    {
        var moment = (uint)now.ToUnixTimeSeconds();
        (RecordSet Set, RecordData Data, uint Left)? first = null;
        foreach (var set in zone.Sets)
        {
            if (set.Type != RecordType.RRSIG) { continue; }
            foreach (var data in set.Data)
            {
                var left = BinaryPrimitives.ReadUInt32BigEndian(data.Wire[8..]) - moment;
                // RFC 4034 section 3.1.5: times are compared by RFC 1982.
                if ((int)left >= 0 && (first is null || left < first.Value.Left)) { first = (set, data, left); }
            }
        }
        if (first is not { } ending || TimeSpan.FromSeconds(ending.Left) >= DoctorLimits.LeastValidity) { return null; }
        var covered = new RecordType(BinaryPrimitives.ReadUInt16BigEndian(ending.Data.Wire));
        return new ZoneSignaturesExpiring(
            $"{ending.Set.Owner}", $"{covered}", Instant.FromDateTimeOffset(now.AddSeconds(ending.Left)), (int)TimeSpan.FromSeconds(ending.Left).TotalDays);
    }

    /// <summary>RFC 7344 section 4.1, RFC 8078 section 4.</summary>
    private static IEnumerable<Finding> ChildRecords(Zone zone, ZonePublicKey[] keys)
    {
        var isUnsigning = false;
        foreach (var data in Set(zone, RecordType.CDS)?.Data ?? [])
        {
            if (data.Wire is [0, 0, 0, 0, 0]) { isUnsigning = true; }
            // Of another digest than SHA-256 only the number of the key is known here.
            else if (!Array.Exists(keys, key => data.Wire[3] == 2
                ? data.Wire.SequenceEqual(key.ToDelegationSigner().Wire)
                : data.Wire[2] == key.Algorithm.Value && BinaryPrimitives.ReadUInt16BigEndian(data.Wire) == key.KeyTag))
            {
                yield return new ZoneChildRecordForeign("CDS", $"{data}");
            }
        }
        foreach (var data in Set(zone, RecordType.CDNSKEY)?.Data ?? [])
        {
            if (data.Wire is [0, 0, 3, 0, 0]) { isUnsigning = true; }
            else if (!Array.Exists(keys, key => data.Wire.SequenceEqual(key.Data.Wire))) { yield return new ZoneChildRecordForeign("CDNSKEY", $"{data}"); }
        }
        if (isUnsigning) { yield return new ZoneAsksForUnsigning(); }
    }

    private static ZoneDelegation Delegation(Zone zone, ZoneServers servers)
    {
        var keys = Keys(zone);
        // A key that was taken back is nothing to point to; where none is marked as entry point all are.
        var entries = Array.FindAll(keys, static key => !key.IsRevoked);
        if (Array.Exists(entries, static key => key.IsEntryPoint)) { entries = Array.FindAll(entries, static key => key.IsEntryPoint); }
        return new ZoneDelegation(
            [
                .. servers.Names.Select(server => $"{zone.Origin} {zone.Class} NS {server}"),
                .. servers.Addresses.Select(one => $"{one.Server} {zone.Class} {(one.Address.IsV4 ? RecordType.A : RecordType.AAAA)} {one.Address}"),
                .. entries.Select(key => $"{zone.Origin} {zone.Class} DS {key.ToDelegationSigner()}"),
            ],
            entries.Length > 0);
    }
}
