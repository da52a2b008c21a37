using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Firstbyte.Dns;
using Firstbyte.Dns.Resolving;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Packets;
using Firstbyte.Probing;
using Firstbyte.Sockets;
using Firstbyte.Tcp;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Exports;

/// <summary>Every kind of event with its name, and its JSON in both directions: one object a line.</summary>
/// <remarks>The names are what other programs rely on; a leaf that is missing here fails a test.</remarks>
public static class TraceEventRegistry
{
    /// <summary>The member that tells an object's kind; it comes first.</summary>
    public const string Discriminator = "event";

    private static readonly JsonDerivedType[] Registered =
    [
        new(typeof(JourneyStarted), "journey-started"),
        new(typeof(SchemeAssumed), "scheme-assumed"),
        new(typeof(UrlParsed), "url-parsed"),
        new(typeof(UrlRefused), "url-refused"),
        new(typeof(UrlViolationFound), "url-violation-found"),
        new(typeof(ProxyNamed), "proxy-named"),
        new(typeof(RequestComposed), "request-composed"),
        new(typeof(ConnectionWanted), "connection-wanted"),
        new(typeof(HostIsAddress), "host-is-address"),
        new(typeof(JourneyCompleted), "journey-completed"),
        new(typeof(JourneyFailed), "journey-failed"),
        new(typeof(ResolutionStarted), "resolution-started"),
        new(typeof(CacheProbed), "cache-probed"),
        new(typeof(HostsFileMatched), "hosts-file-matched"),
        new(typeof(QuerySent), "query-sent"),
        new(typeof(ResponseReceived), "response-received"),
        new(typeof(ReferralFollowed), "referral-followed"),
        new(typeof(AliasFollowed), "alias-followed"),
        new(typeof(QueryTimedOut), "query-timed-out"),
        new(typeof(QueryFailed), "query-failed"),
        new(typeof(ResponseRejected), "response-rejected"),
        new(typeof(ServerLame), "server-lame"),
        new(typeof(ServerAddressDenied), "server-address-denied"),
        new(typeof(ServerAddressNeeded), "server-address-needed"),
        new(typeof(ResolutionJoined), "resolution-joined"),
        new(typeof(ResolutionCycleFound), "resolution-cycle-found"),
        new(typeof(ResolutionCompleted), "resolution-completed"),
        new(typeof(ResolutionFailed), "resolution-failed"),
        new(typeof(DnsServerStarted), "dns-server-started"),
        new(typeof(QueryReceived), "query-received"),
        new(typeof(ResponseSent), "response-sent"),
        new(typeof(ResponseNotSent), "response-not-sent"),
        new(typeof(ResponderFailed), "responder-failed"),
        new(typeof(DnsAcceptFailed), "dns-accept-failed"),
        new(typeof(DnsConnectionClosed), "dns-connection-closed"),
        new(typeof(SocketCreated), "socket-created"),
        new(typeof(ConnectStarted), "connect-started"),
        new(typeof(ConnectCompleted), "connect-completed"),
        new(typeof(ConnectFailed), "connect-failed"),
        new(typeof(BytesSent), "bytes-sent"),
        new(typeof(BytesReceived), "bytes-received"),
        new(typeof(StreamEnded), "stream-ended"),
        new(typeof(SocketClosed), "socket-closed"),
        new(typeof(TlsHandshakeStarted), "tls-handshake-started"),
        new(typeof(TlsHandshakeCompleted), "tls-handshake-completed"),
        new(typeof(TlsHandshakeFailed), "tls-handshake-failed"),
        new(typeof(CertificateFaultFound), "certificate-fault-found"),
        new(typeof(RequestWritten), "request-written"),
        new(typeof(InformationalReceived), "informational-received"),
        new(typeof(FirstByteReceived), "first-byte-received"),
        new(typeof(ResponseHeadReceived), "response-head-received"),
        new(typeof(MessageFlawFound), "message-flaw-found"),
        new(typeof(ResponseCompleted), "response-completed"),
        new(typeof(ExchangeFailed), "exchange-failed"),
        new(typeof(ConnectionReused), "connection-reused"),
        new(typeof(ConnectionKept), "connection-kept"),
        new(typeof(ConnectionClosing), "connection-closing"),
        new(typeof(RequestRetried), "request-retried"),
        new(typeof(TcpStateChanged), "tcp-state-changed"),
        new(typeof(TcpQuantityChanged), "tcp-quantity-changed"),
        new(typeof(TcpDecided), "tcp-decided"),
        new(typeof(TcpSegmentSent), "tcp-segment-sent"),
        new(typeof(TcpSegmentReceived), "tcp-segment-received"),
        new(typeof(FrameForwarded), "frame-forwarded"),
        new(typeof(FrameSent), "frame-sent"),
        new(typeof(FrameDelivered), "frame-delivered"),
        new(typeof(FrameDropped), "frame-dropped"),
        new(typeof(FrameRepeated), "frame-repeated"),
        new(typeof(FrameSwitched), "frame-switched"),
        new(typeof(StationLearned), "station-learned"),
        new(typeof(StationForgotten), "station-forgotten"),
        new(typeof(FrameLost), "frame-lost"),
        new(typeof(FaultChanged), "fault-changed"),
        new(typeof(NeighborLearned), "neighbor-learned"),
        new(typeof(NeighborForgotten), "neighbor-forgotten"),
        new(typeof(RouteChanged), "route-changed"),
        new(typeof(TranslationChanged), "translation-changed"),
        new(typeof(DhcpLeaseChanged), "dhcp-lease-changed"),
        new(typeof(DhcpBindingChanged), "dhcp-binding-changed"),
        new(typeof(PingStarted), "ping-started"),
        new(typeof(EchoAnswered), "echo-answered"),
        new(typeof(EchoUnanswered), "echo-unanswered"),
        new(typeof(EchoNotSent), "echo-not-sent"),
        new(typeof(PingCompleted), "ping-completed"),
        new(typeof(TracerouteStarted), "traceroute-started"),
        new(typeof(HopProbed), "hop-probed"),
        new(typeof(TracerouteCompleted), "traceroute-completed"),
        new(typeof(FrameSeen), "frame-seen"),
        new(typeof(PathTaken), "path-taken"),
        new(typeof(LinkChanged), "link-changed"),
    ];

    private static readonly JsonTypeInfo<TraceEvent> Json = MakeJson();

    /// <summary>The kinds, with their names.</summary>
    public static IEnumerable<(Type Leaf, string Name)> Leaves => Registered.Select(r => (r.DerivedType, (string)r.TypeDiscriminator!));

    /// <summary>Writes one event as one JSON object, without a line end.</summary>
    public static void Write(Utf8JsonWriter writer, TraceEvent traceEvent) => JsonSerializer.Serialize(writer, traceEvent, Json);

    /// <summary>Reads one event.</summary>
    /// <exception cref="JsonException">The text is not an event of this version; the message says where it stopped being one.</exception>
    public static TraceEvent Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Json) ?? throw new JsonException("null is not an event");

    private static JsonTypeInfo<TraceEvent> MakeJson()
    {
        var options = new JsonSerializerOptions(TraceEventJson.Default.Options)
        {
            TypeInfoResolver = TraceEventJson.Default.WithAddedModifier(info =>
            {
                if (info.Type != typeof(TraceEvent)) { return; }
                info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Discriminator, UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
                foreach (var leaf in Registered) { info.PolymorphismOptions.DerivedTypes.Add(leaf); }
            }),
        };
        return (JsonTypeInfo<TraceEvent>)options.GetTypeInfo(typeof(TraceEvent));
    }
}
