using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Tries short names in the domains of a search list, as resolv.conf(5) says under "search" and "ndots".</summary>
public sealed class SearchListResolver(INameResolver next, DnsName[] search, int dots) : INameResolver
{
    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default) =>
        search.Length == 0 || options is { IsAbsolute: true } || name.IsRoot
            ? next.ResolveAsync(name, type, options, span, cancellationToken)
            : SearchAsync(name, type, options, span, cancellationToken);

    private async ValueTask<ResolutionOutcome> SearchAsync(
        DnsName name, RecordType type, ResolutionOptions? options, TraceSpan span, CancellationToken cancellationToken)
    {
        // A name of n labels is written with n - 1 dots.
        var asItStandsFirst = name.LabelCount - 1 >= dots;
        ResolutionOutcome? first = null;
        foreach (var candidate in asItStandsFirst ? [name, .. Candidates(name)] : Candidates(name).Append(name))
        {
            var outcome = await next.ResolveAsync(candidate, type, options, span, cancellationToken);
            if (outcome is not ResolvedAnswer { IsDenial: true }) { return outcome; }
            // What is told in the end is the fate of the name as it stands.
            if (first is null || candidate == name) { first = outcome; }
        }
        return first!;
    }

    private IEnumerable<DnsName> Candidates(DnsName name)
    {
        foreach (var domain in search)
        {
            var wire = new byte[name.Length - 1 + domain.Length];
            name.Wire[..^1].CopyTo(wire);
            domain.Wire.CopyTo(wire.AsSpan(name.Length - 1));
            if (DnsName.TryFromWire(wire, out var candidate)) { yield return candidate; }
        }
    }
}
