using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Extensions;

/// <summary>
/// The resolver of a whole program: one cache within one bound of bytes for all its clients. From the root down and with signatures checked, where the
/// options do not say otherwise.
/// </summary>
/// <remarks>
/// The host's own names come first (its hosts file, localhost), as for any program; resolv.conf is not asked, neither its servers nor its search list. It
/// answers on whatever thread it has the answer, and may be asked on any.
/// </remarks>
public sealed class FirstbyteResolver : INameResolver, IDisposable
{
    private readonly RecursiveService _service;
    private readonly LocalNameResolver _names;
    private int _isDisposed;

    /// <summary>A resolver on the operating system's network.</summary>
    /// <param name="options">How it works; null for a resolver of the public Internet.</param>
    /// <exception cref="ArgumentException">The options have what only a service for others does.</exception>
    public FirstbyteResolver(RecursiveServiceOptions? options = null) : this(new OsNetwork(), options) { }

    /// <summary>A resolver on a network.</summary>
    /// <param name="network">Sockets, clock, randomness and files.</param>
    /// <param name="options">How it works; null for a resolver of the public Internet.</param>
    /// <exception cref="ArgumentException">The options have what only a service for others does.</exception>
    public FirstbyteResolver(INetwork network, RecursiveServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new RecursiveServiceOptions();
        // What would be left out in silence is refused: a block list that blocks nothing, keys that nobody follows.
        if (options.Policy is not null) { throw new ArgumentException("a policy is about clients: only a service has them", nameof(options)); }
        if (options.Followed is not null) { throw new ArgumentException("keys are followed by a service that runs: give Anchors", nameof(options)); }
        _service = RecursiveService.Open(network, options, []);
        _names = new LocalNameResolver(network, _service.Names);
    }

    /// <summary>What it has asked and found out.</summary>
    public ResolverCounters Counters => _service.Counters;

    /// <summary>What it has learned.</summary>
    public DnsCache Cache => _service.Cache;

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default) =>
        _names.ResolveAsync(name, type, options, span, cancellationToken);

    /// <summary>Ends it: whoever still waits has a failure.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) { _service.Dispose(); }
    }
}
