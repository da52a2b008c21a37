using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;

namespace Firstbyte.Dns.Resolving;

/// <summary>What came of asking the servers of one question, and what it means where nothing good came of any.</summary>
internal sealed class GatheredEvidence
{
    private readonly List<ServerEvidence> _evidence = [];

    /// <summary>All of it.</summary>
    public ServerEvidence[] All => [.. _evidence];

    /// <summary>Whether anybody was asked.</summary>
    public bool IsEmpty => _evidence.Count == 0;

    /// <summary>Whether nothing was heard of anybody.</summary>
    public bool IsSilence => _evidence.TrueForAll(static one => one.Outcome is ServerOutcome.Silent or ServerOutcome.Unreachable or ServerOutcome.Resting);

    /// <summary>Adds what came of a cut's servers. A server met again at the same cut stands once: with what came of asking it, if it was asked.</summary>
    public void Add(IEnumerable<ServerEvidence> servers)
    {
        foreach (var one in servers)
        {
            var before = _evidence.FindIndex(other => other.ServerName == one.ServerName && other.Server == one.Server && other.Zone == one.Zone);
            if (before < 0) { _evidence.Add(one); }
            else if (one.Tries > 0) { _evidence[before] = one with { Tries = one.Tries + _evidence[before].Tries }; }
        }
    }

    /// <summary>Why the servers of a zone are of no use.</summary>
    public ResolutionFailureReason ReasonAt(string zone)
    {
        var evidence = _evidence.FindAll(one => one.Zone == zone);
        var silent = evidence.Count(static one => one.Outcome is ServerOutcome.Silent or ServerOutcome.Resting);
        var lame = evidence.Count(static one => one.Outcome == ServerOutcome.Lame);
        var unreachable = evidence.Count(static one => one.Outcome == ServerOutcome.Unreachable);
        if (lame > 0) { return silent + unreachable > 0 ? ResolutionFailureReason.NoServerUsable : ResolutionFailureReason.AllServersLame; }
        if (silent > 0) { return ResolutionFailureReason.NoServerAnswers; }
        if (unreachable > 0)
        {
            // A refused connection comes from a host that was reached, and so does a certificate.
            return evidence.Exists(static one => one is { Outcome: ServerOutcome.Unreachable, Error: Errno.ECONNREFUSED or Errno.ECONNRESET }
                or { Fault: not (UpstreamFault.None or UpstreamFault.NoTls) })
                ? ResolutionFailureReason.NoServerAnswers
                : ResolutionFailureReason.NetworkUnreachable;
        }
        return evidence.Exists(static one => one.Outcome == ServerOutcome.Cyclic)
            ? ResolutionFailureReason.CyclicDelegation
            : ResolutionFailureReason.NoServerAddress;
    }
}
