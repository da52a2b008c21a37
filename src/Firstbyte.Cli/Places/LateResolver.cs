using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>A resolver that is made when the first name is asked for: a command that goes to an address has none.</summary>
internal sealed class LateResolver(Func<INameResolver> make) : INameResolver
{
    private INameResolver? _made;

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default) =>
        (_made ??= make()).ResolveAsync(name, type, options, span, cancellationToken);
}
