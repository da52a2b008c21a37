using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>Makes connections by way of a proxy: to the proxy, TLS over it where it is asked for, and the tunnel.</summary>
/// <remarks>
/// Theory of operation. What comes out is a connection whose other end is the server, as if nobody stood between; TLS with the server goes over it like over
/// any other. A proxy that reads every message is at the other end itself, and no tunnel is made. All that goes wrong here is the proxy's to answer for,
/// and comes back as a failure that names it. The server's password is never said here, and the proxy's nowhere else.
/// </remarks>
internal sealed class ProxyPassage(ClientContext context)
{
    private static readonly string[] s_alpn = ["http/1.1"];

    private static readonly HttpConnectionOptions s_connections = new() { MaximumBodyBytes = ProxyLimits.RefusalContent };

    private readonly ChallengeAnswering _answering = context.ProxyAnswering;

    /// <summary>A connection to the origin, or to the proxy that reads what is for it.</summary>
    public async ValueTask<(Connected? Connection, JourneyFailure? Failure)> OpenAsync(
        Journey journey, Origin origin, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var proxy = journey.Proxy!;
        var tunnel = new TunnelTask(journey, proxy, TargetOf(journey, origin), FirstAnswer(proxy, TargetOf(journey, origin)));
        while (true)
        {
            var (connection, unreached) = await ReachAsync(journey, proxy, addresses, cancellationToken);
            if (connection is null || !proxy.IsTunnel) { return (connection, unreached); }
            var (opened, failure) = await WithinLimitAsync(tunnel, connection, cancellationToken);
            // A proxy that asks who it is and closes is answered on a new connection.
            if (opened is not null || failure is not null) { return (opened, failure); }
        }
    }

    private async ValueTask<(Connected? Connection, JourneyFailure? Failure)> ReachAsync(
        Journey journey, JourneyProxy proxy, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var (connection, unreached) = await context.ReachAsync(journey, proxy.Origin, proxy.Address.Host, addresses, cancellationToken);
        if (connection is null) { return (null, new ProxyFailed(proxy.Origin, unreached!)); }
        if (proxy.Address.Kind != ProxyKind.Https) { return (connection, null); }
        var (session, insecure) = await context.SecureAsync(journey, proxy.Origin, proxy.Address.Host, connection, s_alpn, cancellationToken, isProxy: true);
        return session is null ? (null, new ProxyFailed(proxy.Origin, insecure!)) : (connection with { Stream = session.Stream }, null);
    }

    /// <summary>Makes the tunnel, in what is left of the time for connecting. Neither a connection nor a failure: again, on another connection.</summary>
    private async ValueTask<(Connected? Connection, JourneyFailure? Failure)> WithinLimitAsync(
        TunnelTask tunnel, Connected connection, CancellationToken cancellationToken)
    {
        using var _ = tunnel.Journey.Doing(JourneyStep.Connect);
        using var patience = new CancellationTokenSource(context.LeftToConnect(connection), context.Network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var isOpen = false;
        try
        {
            var (stream, failure) = ProxyKinds.IsHttp(tunnel.Proxy.Address.Kind)
                ? await ByConnectAsync(tunnel, connection, both.Token)
                : await BySocksAsync(tunnel, connection, both.Token);
            isOpen = stream is not null;
            return (stream is null ? null : connection with { Stream = stream }, failure);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var limit = context.Options.ConnectTimeout.Ticks * TimeSpan.NanosecondsPerTick;
            return (null, new ProxyFailed(tunnel.Proxy.Origin, new OutOfTime(JourneyStep.Connect, tunnel.Target, limit, TimeLimit.Connecting)));
        }
        finally
        {
            if (!isOpen) { connection.Stream.Close(); }
        }
    }

    // RFC 9110 9.3.6
    private async ValueTask<(IByteStream? Stream, JourneyFailure? Failure)> ByConnectAsync(
        TunnelTask tunnel, Connected connection, CancellationToken cancellationToken)
    {
        var (journey, proxy, span, began) = (tunnel.Journey, tunnel.Proxy, connection.Span, context.Network.Time.GetTimestamp());
        var http = new HttpConnection(connection.Stream, context.Network, s_connections);
        var asked = new AskedFor("CONNECT", tunnel.Target);
        while (http.IsOpen)
        {
            var request = RequestOf(tunnel);
            TellRequest(tunnel, request, span);
            tunnel.Tries++;
            var result = await http.SendAsync(request, DiscardingSink.Instance, span, cancellationToken);
            var head = result.Head;
            if (result.Failure is { Reason: ExchangeFailureReason.Cancelled }) { cancellationToken.ThrowIfCancellationRequested(); }
            if (head is { Framing: BodyFraming.Tunnel, Status: >= 200 and < 300 } && result.Failure is null)
            {
                _answering.NoteProof(span, proxy.Origin, tunnel.Answer, head);
                var extra = http.BytesBeyond.Length;
                var stream = http.TakeTunnel();
                TellOpened(tunnel, span, began, extra);
                return (stream, null);
            }
            // A refusal whose content is too long, or ends early, is one all the same.
            if (head.Status == 0
                || result.Failure is not (null or { Reason: ExchangeFailureReason.BodyTooLong } or { MessageFault: MessageFault.EndedInBody }))
            {
                return (null, new ProxyFailed(proxy.Origin, TransportExchange.FailureOf(result.Failure!, request, proxy.Origin)));
            }
            if (Next(tunnel, span, head, asked) is not { } next)
            {
                return (null, new TunnelRefused(proxy.Origin, tunnel.Target, head.Status, head.ReasonText));
            }
            tunnel.Answer = next;
        }
        return (null, null);
    }

    private ChallengeAnswer? Next(TunnelTask tunnel, TraceSpan span, ResponseHead head, AskedFor asked)
    {
        if (tunnel.Proxy.Identity is { } identity && OwnField(tunnel.Journey) is null)
        {
            return _answering.Decide(span, tunnel.Proxy.Origin, identity, tunnel.Answer, head, asked, tunnel.Tries == ProxyLimits.TunnelTries);
        }
        _answering.TellUnanswered(span, head, OwnField(tunnel.Journey) is null ? ChallengeVerdict.NoCredentials : ChallengeVerdict.Refused);
        return null;
    }

    private HttpRequest RequestOf(TunnelTask tunnel)
    {
        var fields = new List<HttpField>(2);
        if (OwnField(tunnel.Journey) is { } own) { fields.Add(own); }
        else if (tunnel.Answer is { } answer) { fields.Add(new HttpField("Proxy-Authorization", answer.Field)); }
        fields.Add(new HttpField("User-Agent", context.Options.UserAgent));
        return new HttpRequest("CONNECT", tunnel.Target, tunnel.Target) { Fields = fields };
    }

    private void TellRequest(TunnelTask tunnel, HttpRequest request, TraceSpan span)
    {
        if (!span.IsListening) { return; }
        if (tunnel.Answer is { } answer && OwnField(tunnel.Journey) is null)
        {
            _answering.TellSent(span, tunnel.Proxy.Identity!, answer, tunnel.Proxy.Address.Kind == ProxyKind.Https);
        }
        var prepared = new PreparedRequest(request);
        span.Tell(new RequestComposed(
            request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length, request.ContentLength));
    }

    private async ValueTask<(IByteStream? Stream, JourneyFailure? Failure)> BySocksAsync(
        TunnelTask tunnel, Connected connection, CancellationToken cancellationToken)
    {
        var (span, time, began) = (connection.Span, context.Network.Time, context.Network.Time.GetTimestamp());
        var proxy = tunnel.Proxy.Address;
        var version = proxy.Kind is ProxyKind.Socks4 or ProxyKind.Socks4a ? 4 : 5;
        var talk = tunnel.Journey.TargetAddress is { } address
            ? new SocksConversation(version, address, tunnel.Port, proxy.Credentials)
            : new SocksConversation(version, tunnel.Journey.Host, tunnel.Port, proxy.Credentials);
        var piece = new byte[ProxyLimits.SocksText + 2];
        var sent = began;
        try
        {
            while (!talk.IsOpen && talk.Fault == SocksFault.None)
            {
                var message = talk.Message;
                if (talk.Outgoing is { Length: > 0 } outgoing)
                {
                    if (span.IsListening)
                    {
                        span.Tell(new SocksMessageSent(version, message, message == SocksMessage.Connect ? tunnel.SocksTarget : "", talk.OffersPassword));
                    }
                    sent = time.GetTimestamp();
                    await connection.Stream.SendAsync(outgoing, cancellationToken);
                    talk.Sent();
                    continue;
                }
                var count = await connection.Stream.ReceiveAsync(piece.AsMemory(0, talk.Missing), cancellationToken);
                if (count == 0) { talk.End(); }
                else { talk.Receive(piece.AsSpan(0, count)); }
                if (span.IsListening && talk.Missing == 0)
                {
                    span.Tell(new SocksReplyReceived(version, message, talk.Code, talk.Fault, talk.Bound, NetworkClock.NanosecondsSince(time, sent)));
                }
            }
        }
        catch (NetworkException e) { return (null, new ProxyFailed(tunnel.Proxy.Origin, new ResponseUnreceived(tunnel.Proxy.Origin, e.Error, 0))); }
        if (!talk.IsOpen) { return (null, new SocksRefused(tunnel.Proxy.Origin, tunnel.SocksTarget, talk.Fault, talk.Code)); }
        TellOpened(tunnel, span, began, 0);
        return (connection.Stream, null);
    }

    private void TellOpened(TunnelTask tunnel, TraceSpan span, long began, int bytesBeyond)
    {
        if (span.IsListening) { span.Tell(new TunnelOpened(tunnel.Target, NetworkClock.NanosecondsSince(context.Network.Time, began), bytesBeyond)); }
    }

    private ChallengeAnswer? FirstAnswer(JourneyProxy proxy, string target) =>
        proxy is { IsTunnel: true, Identity: { } identity } && ProxyKinds.IsHttp(proxy.Address.Kind)
            ? _answering.First(proxy.Origin, identity, new AskedFor("CONNECT", target))
            : null;

    private static HttpField? OwnField(Journey journey)
    {
        foreach (var field in journey.Request.Fields)
        {
            if (field.Name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase) && field.Value.Length > 0) { return field; }
        }
        return null;
    }

    // authority-form = uri-host ":" port (RFC 9112 3.2.3): the port always.
    private static string TargetOf(Journey journey, Origin origin) => string.Create(CultureInfo.InvariantCulture, $"{journey.Url.Hostname}:{origin.Port}");

    /// <summary>One tunnel to be made.</summary>
    private sealed class TunnelTask(Journey journey, JourneyProxy proxy, string target, ChallengeAnswer? answer)
    {
        public Journey Journey { get; } = journey;

        public JourneyProxy Proxy { get; } = proxy;

        public string Target { get; } = target;

        public ushort Port { get; } = ushort.Parse(target.AsSpan(target.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

        /// <summary>As it is said in SOCKS: by the address where this host has looked it up.</summary>
        public string SocksTarget => Journey.TargetAddress is { } address ? new Endpoint(address, Port).ToString() : Target;

        /// <summary>What the next request says of who asks.</summary>
        public ChallengeAnswer? Answer { get; set; } = answer;

        public int Tries { get; set; }
    }
}
