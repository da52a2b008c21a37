using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Tells by an answer or its failure which keys of the root are trusted here, to whoever asks for a name made for that (RFC 8509).</summary>
/// <remarks>
/// Section 3.1: nothing is altered but what was checked for the client, is secure, and was asked for as an A or AAAA record by a name whose first label
/// is a sentinel; where an alias leads does not count.
/// </remarks>
/// <param name="inner">Finds and checks the answers.</param>
/// <param name="memory">Knows what is trusted, which may change.</param>
public sealed class RootKeySentinelResolver(INameResolver inner, ResolverMemory memory) : INameResolver
{
    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var finding = inner.ResolveAsync(name, type, options, span, cancellationToken);
        return type != RecordType.A && type != RecordType.AAAA || options is { Unchecked: true } || !RootKeySentinel.TryRead(name.Wire, out var sentinel)
            ? finding
            : AnswerAsync(finding, sentinel);
    }

    private async ValueTask<ResolutionOutcome> AnswerAsync(ValueTask<ResolutionOutcome> finding, RootKeySentinel sentinel)
    {
        var outcome = await finding;
        return outcome is not ResolvedAnswer { Status: SecurityStatus.Secure } || memory.Anchors.TrustsRootKey(sentinel.KeyTag) == sentinel.WantsTrusted
            ? outcome
            : new ResolutionFailure(outcome.Question, ResolutionFailureReason.KeySentinel, FaultParty.Unknown, DnsName.Root, []);
    }
}
