using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>The aliases that led from the question's name to the one that is looked for now, each with the moment at which it was taken.</summary>
internal sealed class AliasChain
{
    // Most names have no alias.
    private static readonly List<(SignedSet Set, Instant At)> s_none = [];

    private List<(SignedSet Set, Instant At)> _taken = s_none;
    private List<DnsName>? _names;

    /// <summary>Whether nothing was taken in.</summary>
    public bool IsEmpty => _taken.Count == 0;

    /// <summary>The records, in the order in which they lead on.</summary>
    public DnsRecord[] Records => [.. _taken.SelectMany(static one => one.Set.Records)];

    /// <summary>Takes a set in; a DNAME record stands before the alias that was made of it.</summary>
    public void Take(SignedSet set, Instant now)
    {
        if (_taken == s_none) { _taken = []; }
        _taken.Add((set, now));
    }

    /// <summary>Whether the alias that was taken last was made of the DNAME record before it (RFC 6672).</summary>
    public bool IsLastSubstituted => _taken.Count > 1 && _taken[^2].Set.Type == RecordType.DNAME;

    /// <summary>Goes on from a name to the one that it is an alias for; why that cannot be, or null.</summary>
    public ResolutionFailureReason? Follow(DnsName from, DnsName to)
    {
        _names ??= [];
        _names.Add(from);
        return _names.Contains(to) ? ResolutionFailureReason.AliasLoop
            : _names.Count > ResolutionLimits.AliasRestarts ? ResolutionFailureReason.AliasChainTooLong
            : null;
    }

    /// <summary>
    /// The sets with the time to live that is left to them now: they may have been taken seconds ago, while the question went on below them.
    /// </summary>
    public IEnumerable<SignedSet> At(Instant now)
    {
        foreach (var (set, taken) in _taken)
        {
            var age = (now.Nanoseconds - taken.Nanoseconds) / 1_000_000_000;
            yield return age <= 0 ? set : set.WithTtl(new Ttl((uint)Math.Max(0, set.TtlSeconds - age)));
        }
    }
}
