using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Takes URLs from their text to the last byte of their responses, one after the other, with one cache and one set of connections.</summary>
/// <remarks>
/// Theory of operation. A journey is a straight line of steps (<see cref="JourneyStep"/>), each of which is somebody else's work: the URL
/// parser's, the composer's, the resolver's, the connector's, the HTTP connection's. What this class adds is their order, the choice of
/// what need not be done again, and one vocabulary for how a journey can fail: the step, whose fault, curl's exit code.
/// </remarks>
public sealed class JourneyClient : IDisposable
{
    private readonly INetwork _network;
    private readonly INameResolver _resolver;
    private readonly JourneyConnector _connector;
    private readonly JourneyOptions _options;
    private readonly IdleConnections _idle;
    private int _journeys;

    /// <summary>A server that says it closes is given a second to do so, as the chapter tells it; one that does not is closed from here.</summary>
    private static readonly HttpConnectionOptions Connections = new() { PeerCloseTimeout = TimeSpan.FromSeconds(1) };

    /// <summary>A client on a host's network.</summary>
    public JourneyClient(INetwork network, INameResolver resolver, ITlsProvider tls, JourneyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_network, _resolver, _options) = (network, resolver, options);
        _connector = new JourneyConnector(network, tls, options);
        _idle = new IdleConnections(network);
    }

    /// <summary>Makes one journey. What goes wrong on the way is in the result and among the events; only a cancelled token throws.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<JourneyResult> RunAsync(JourneyRequest request, IBodySink sink, Tracer tracer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tracer);
        var journey = new Journey(tracer.Root(_network), _network, request);
        if (journey.Span.IsListening) { journey.Span.Tell(new JourneyStarted(++_journeys, request.Input, _options.Place, _options.Seed)); }
        if (_options.MaximumTime is not { } limit) { return await GoAsync(journey, sink, cancellationToken); }

        using var patience = new CancellationTokenSource(limit, _network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try { return await GoAsync(journey, sink, both.Token); }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return journey.Fail(new OutOfTime(journey.Step, journey.Step <= JourneyStep.Name ? journey.Host : journey.Origin.ToString(), limit.Ticks * TimeSpan.NanosecondsPerTick, TimeLimit.WholeJourney));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();

    private async ValueTask<JourneyResult> GoAsync(Journey journey, IBodySink sink, CancellationToken cancellationToken)
    {
        if (ReadUrl(journey) is { } noUrl) { return noUrl; }
        var request = RequestComposer.Compose(journey.Url, journey.Request, _options.UserAgent);
        var prepared = new PreparedRequest(request);
        var check = prepared.Result;
        if (check.Fault != WriteFault.None)
        {
            return journey.Fail(new RequestUnwritable(check.Fault, check.FieldIndex >= 0 ? request.Fields[check.FieldIndex].Name : ""));
        }
        if (journey.Span.IsListening)
        {
            journey.Span.Tell(new RequestComposed(request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length, request.Body.Length));
        }

        journey.Step = JourneyStep.Name;
        var began = journey.Timestamp();
        var (addresses, noName) = await ResolveAsync(journey, cancellationToken);
        journey.NameNanoseconds = journey.Since(began);
        return noName ?? await ExchangeAsync(journey, prepared, addresses!, sink, cancellationToken);
    }

    private JourneyResult? ReadUrl(Journey journey)
    {
        var input = journey.Request.Input;
        if (!UrlInput.TryRead(input, out var url, out var error, out var assumed))
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new UrlRefused(input, error!.Reason, error.Position)); }
            return journey.Fail(new UrlUnreadable(error!.Reason, UrlInput.CharactersBefore(input, error.Position)));
        }
        journey.Url = url!;
        var port = url!.EffectivePort;
        journey.Host = url.HostKind == UrlHostKind.Ipv6 ? url.Hostname[1..^1] : url.Hostname;
        journey.Port = port;
        if (journey.Span.IsListening)
        {
            if (assumed) { journey.Span.Tell(new SchemeAssumed(input, "http")); }
            journey.Span.Tell(UrlParsed.Of(input, url));
            foreach (var violation in UrlInput.ViolationsOf(input, assumed)) { journey.Span.Tell(new UrlViolationFound(input, violation.Error, violation.Position)); }
        }
        if (url.Scheme is not ("http" or "https")) { return journey.Fail(new SchemeWithoutClient(url.Scheme)); }
        if (journey.Span.IsListening && _options.NamedProxy is { } proxy) { journey.Span.Tell(new ProxyNamed(proxy.Variable, proxy.Value)); }
        return null;
    }

    private async ValueTask<(IpAddress[]? Addresses, JourneyResult? Failure)> ResolveAsync(Journey journey, CancellationToken cancellationToken)
    {
        if (journey.Url.HostKind is UrlHostKind.Ipv4 or UrlHostKind.Ipv6)
        {
            var address = IpAddress.Parse(journey.Host);
            if (journey.Span.IsListening) { journey.Span.Tell(new HostIsAddress(address)); }
            return ([address], null);
        }
        if (!DnsName.TryParse(journey.Host, out var name)) { return (null, journey.Fail(new NotADomainName(journey.Host))); }

        var lookup = _options.Calls is { } calls && journey.Span.IsListening
            ? await ToldLookups.AddressesAsync(journey.Span, calls.Host, journey.Host, () => LookUpAsync(journey, name, cancellationToken))
            : await LookUpAsync(journey, name, cancellationToken);
        return lookup.Addresses.Length > 0 ? (lookup.Addresses, null) : (null, journey.Fail(NameFailure(journey.Host, lookup)));
    }

    private async ValueTask<AddressLookup> LookUpAsync(Journey journey, DnsName name, CancellationToken cancellationToken)
    {
        // Addresses of a version are asked for where there is a way to reach them, both at once. A host that reaches nothing beyond its own
        // networks cannot be told apart by its routes: it asks for both.
        var (reachesV4, reachesV6) = (await HostRoutes.ReachesInternetAsync(_network, IpVersion.V4), await HostRoutes.ReachesInternetAsync(_network, IpVersion.V6));
        var options = new ResolutionOptions { Fresh = _options.FreshNames, IsAbsolute = journey.Host.EndsWith('.') };
        return await _resolver.ResolveAddressesAsync(name, useV4: reachesV4 || !reachesV6, useV6: reachesV6 || !reachesV4, options, journey.Span, cancellationToken);
    }

    private static JourneyFailure NameFailure(string name, AddressLookup lookup)
    {
        // That a name does not exist is said of all its types: it stands, whatever became of the other question.
        var denial = lookup.Outcomes.OfType<ResolvedAnswer>().FirstOrDefault(answer => answer.Code == ResponseCode.NameError);
        if (denial is not null) { return new NameDoesNotExist(name, denial.Source); }
        if (lookup.Failure is { } failure)
        {
            var server = failure.Evidence.LastOrDefault(one => one.Server is not null)?.Server;
            return new NameUnresolved(name, failure.Reason, failure.AtFault, failure.Zone.ToHostString(), server);
        }
        return new NameWithoutAddress(name, lookup.Outcomes.OfType<ResolvedAnswer>().First().Source);
    }

    private async ValueTask<JourneyResult> ExchangeAsync(Journey journey, PreparedRequest prepared, IpAddress[] addresses, IBodySink sink, CancellationToken cancellationToken)
    {
        var (origin, request) = (journey.Origin, prepared.Request);
        while (true)
        {
            var connection = _idle.Take(origin);
            var reused = connection is not null;
            if (reused && journey.Span.IsListening) { journey.Span.Tell(new ConnectionReused(origin.Scheme, origin.Host, origin.Port, connection!.Exchanges)); }
            try { connection ??= new HttpConnection(await _connector.ConnectAsync(journey, addresses, cancellationToken), _network, Connections); }
            catch (ConnectException e) { return journey.Fail(e.Failure); }

            journey.Step = JourneyStep.Read;
            var result = await connection.SendAsync(prepared, sink, journey.Span, null, cancellationToken);
            // RFC 9112 9.3.1: the server's close may have crossed our request on a connection that was idle; ask once more on a new one.
            if (reused && HttpConnectionPool.MayRetry(result, request))
            {
                if (journey.Span.IsListening) { journey.Span.Tell(new RequestRetried(request.Method, result.Failure!.Reason)); }
                continue;
            }
            if (_options.KeepConnections && result.Head.Framing != BodyFraming.Tunnel) { _idle.Keep(origin, connection); }
            else { connection.Close(); }
            if (result.Failure is { Reason: ExchangeFailureReason.Cancelled }) { cancellationToken.ThrowIfCancellationRequested(); }
            return result.Failure is { } failure ? journey.Fail(FailureOf(failure, request, origin), result) : journey.Succeed(result);
        }
    }

    private static JourneyFailure FailureOf(ExchangeFailure failure, HttpRequest request, HttpOrigin origin) => failure.Reason switch
    {
        ExchangeFailureReason.RequestRefused => new RequestUnwritable(failure.WriteFault, failure.Position >= 0 ? request.Fields[(int)failure.Position].Name : ""),
        ExchangeFailureReason.ResponseMalformed or ExchangeFailureReason.EmptyReply or ExchangeFailureReason.CutOff =>
            new ResponseUnreadable(origin, failure.MessageFault, failure.Position),
        ExchangeFailureReason.SinkFailed => new BodyUnsaved(failure.Error, failure.Position),
        ExchangeFailureReason.BodyTooLong => new BodyUnsaved(Errno.EFBIG, failure.Position),
        ExchangeFailureReason.Stalled => new OutOfTime(StepOf(failure.Step), origin.ToString(), Connections.StallTimeout.Ticks * TimeSpan.NanosecondsPerTick, null),
        // Also a connection that was not open any more when the exchange began.
        _ when failure.Step is ExchangeStep.Send or ExchangeStep.Prepare => new RequestUnsent(origin, failure.Error),
        _ => new ResponseUnreceived(origin, failure.Error, failure.Position),
    };

    private static JourneyStep StepOf(ExchangeStep step) => step switch
    {
        ExchangeStep.Prepare => JourneyStep.Request,
        ExchangeStep.Send => JourneyStep.Write,
        ExchangeStep.Deliver => JourneyStep.Save,
        _ => JourneyStep.Read,
    };
}
