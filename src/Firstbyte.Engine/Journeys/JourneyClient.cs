using Firstbyte.Dns;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Takes URLs from their text to the last byte of their responses, one after the other, with one cache and one set of connections.</summary>
/// <remarks>
/// Theory of operation. A journey begins with its URL; the scheme chooses the client (<see cref="UrlClients"/>), and the client makes the steps of its protocol
/// (<see cref="JourneyStep"/>), each told by whoever makes it. What this class adds is what all journeys have: their number, the reading
/// of the URL, the limit of
/// time, and one vocabulary for how a journey can fail: the step, whose fault, curl's exit code.
/// </remarks>
public sealed class JourneyClient : IDisposable
{
    private readonly INetwork _network;
    private readonly JourneyOptions _options;
    private readonly ClientContext _context;
    private readonly UrlClients _clients;
    private ReadInput? _read;

    /// <summary>A client on a host's network.</summary>
    public JourneyClient(INetwork network, INameResolver resolver, ITlsProvider tls, JourneyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_network, _options) = (network, options);
        _context = new ClientContext(network, resolver, tls, options);
        _clients = new UrlClients(_context);
    }

    /// <summary>Makes one journey. What goes wrong on the way is in the result and among the events; only a cancelled token throws.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<JourneyResult> RunAsync(JourneyRequest request, IBodySink sink, Tracer tracer, CancellationToken cancellationToken = default) =>
        RunAsync(request, sink, tracer, null, cancellationToken);

    /// <summary>Makes one journey as the other overload does, with messages that are filled again; null makes new ones.</summary>
    internal ValueTask<JourneyResult> RunAsync(
        JourneyRequest request, IBodySink sink, Tracer tracer, ExchangeRoom? room, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tracer);
        // What is not asked for is passed by, here and in the chain: it costs a program that asks often neither memory nor time.
        if (TransferLimits.Of(_options, _network.Time) is { } limits) { return WithinLimitsAsync(request, sink, tracer, limits, cancellationToken); }
        var journey = _context.Begin(tracer.Root(_network), request, sink);
        journey.Room = room;
        return WithinTimeAsync(journey, cancellationToken);
    }

    private async ValueTask<JourneyResult> WithinLimitsAsync(
        JourneyRequest request, IBodySink sink, Tracer tracer, TransferLimits given, CancellationToken cancellationToken)
    {
        using var limits = given;
        var journey = _context.Begin(tracer.Root(_network), request with { Body = limits.Around(request.Body) }, limits.Around(sink));
        journey.Limits = limits;
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limits.Slow);
        try { return await WithinTimeAsync(journey, slow.Token); }
        catch (OperationCanceledException) when (limits.Slow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            while (journey.Next is { } next) { journey = next; }
            return journey.Fail(
                new TransferTooSlow(
                    journey.Peer ?? journey.Origin, _options.SlowestBytesPerSecond!.Value, _options.SlowestFor.Ticks * TimeSpan.NanosecondsPerTick),
                EndOf(journey));
        }
    }

    private ValueTask<JourneyResult> WithinTimeAsync(Journey journey, CancellationToken cancellationToken) =>
        _options is { MaximumTime: null, Rest.CanBeCanceled: false } ? GoAsync(journey, cancellationToken) : BeforeEndOfTimeAsync(journey, cancellationToken);

    private async ValueTask<JourneyResult> BeforeEndOfTimeAsync(Journey journey, CancellationToken cancellationToken)
    {
        var begun = _network.Time.GetTimestamp();
        using var patience = new CancellationTokenSource(_options.MaximumTime ?? Timeout.InfiniteTimeSpan, _network.Time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _options.Rest, cancellationToken);
        try { return await GoAsync(journey, all.Token); }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && all.IsCancellationRequested)
        {
            while (journey.Next is { } next) { journey = next; }
            var (time, limit) = patience.IsCancellationRequested
                ? (_options.MaximumTime!.Value, TimeLimit.WholeJourney)
                : (_network.Time.GetElapsedTime(begun), TimeLimit.Rest);
            var peer = journey.Peer ?? journey.Origin;
            JourneyFailure failure = new OutOfTime(
                journey.Step, journey.Step <= JourneyStep.Name ? journey.Peer?.Host ?? journey.Host : peer.ToString(),
                time.Ticks * TimeSpan.NanosecondsPerTick, limit);
            return journey.Fail(journey.IsUnconfirmed ? new MailUnconfirmed(peer, failure) : failure, EndOf(journey));
        }
    }

    private static JourneyEnd EndOf(Journey journey) => journey.Response?.Head is { Status: > 0 } head
        ? new JourneyEnd(head.Status, head.ReasonText, journey.Response.BodyBytes) : default;

    /// <inheritdoc/>
    public void Dispose() => _clients.Dispose();

    private ValueTask<JourneyResult> GoAsync(Journey journey, CancellationToken cancellationToken)
    {
        if (ReadUrl(journey) is { } unreadable) { return ValueTask.FromResult(journey.Fail(unreadable)); }
        journey.Step = JourneyStep.Client;
        if (_clients.For(journey.Url.Scheme) is not { } client) { return ValueTask.FromResult(journey.Fail(new SchemeWithoutClient(journey.Url.Scheme))); }
        _context.HeedHsts(journey);
        if (client.GoesByProxies) { _context.ChooseProxy(journey); }
        else { _context.TellProxyUnused(journey); }
        return client.RunAsync(journey, cancellationToken);
    }

    private UrlUnreadable? ReadUrl(Journey journey)
    {
        var input = journey.Request.Input;
        // Who asks for the same again and tells nobody need not have it read again.
        if (!journey.Span.IsListening && _read is { } read && read.Input == input)
        {
            journey.LeadTo(read.Url);
            return null;
        }
        if (!UrlInput.TryRead(input, out var url, out var error, out var assumed))
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new UrlRefused(input, error!.Reason, error.Position)); }
            return new UrlUnreadable(error!.Reason, UrlInput.CharactersBefore(input, error.Position));
        }
        if (journey.Span.IsListening && assumed) { journey.Span.Tell(new SchemeAssumed(input, "http")); }
        _read = new ReadInput(input, url!);
        journey.LeadTo(url!);
        if (journey.Span.IsListening)
        {
            foreach (var violation in UrlInput.ViolationsOf(input, assumed))
            {
                journey.Span.Tell(new UrlViolationFound(input, violation.Error, violation.Position));
            }
        }
        return null;
    }

    private sealed record ReadInput(string Input, Url Url);
}
