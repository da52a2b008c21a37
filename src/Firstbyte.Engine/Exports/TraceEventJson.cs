using System.Text.Json.Serialization;
using Firstbyte.Dns;
using Firstbyte.Dns.Resolving;
using Firstbyte.Frames;
using Firstbyte.Hosts;
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

/// <summary>The JSON of events, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter)])]
[JsonSerializable(typeof(TraceEvent))]
[JsonSerializable(typeof(JourneyStarted))]
[JsonSerializable(typeof(SchemeAssumed))]
[JsonSerializable(typeof(UrlParsed))]
[JsonSerializable(typeof(UrlRefused))]
[JsonSerializable(typeof(UrlViolationFound))]
[JsonSerializable(typeof(ProxyNamed))]
[JsonSerializable(typeof(RequestComposed))]
[JsonSerializable(typeof(ConnectionWanted))]
[JsonSerializable(typeof(HostIsAddress))]
[JsonSerializable(typeof(JourneyCompleted))]
[JsonSerializable(typeof(JourneyFailed))]
[JsonSerializable(typeof(ResolutionStarted))]
[JsonSerializable(typeof(CacheProbed))]
[JsonSerializable(typeof(HostsFileMatched))]
[JsonSerializable(typeof(QuerySent))]
[JsonSerializable(typeof(ResponseReceived))]
[JsonSerializable(typeof(ReferralFollowed))]
[JsonSerializable(typeof(AliasFollowed))]
[JsonSerializable(typeof(QueryTimedOut))]
[JsonSerializable(typeof(QueryFailed))]
[JsonSerializable(typeof(ResponseRejected))]
[JsonSerializable(typeof(ServerLame))]
[JsonSerializable(typeof(ServerAddressDenied))]
[JsonSerializable(typeof(ServerAddressNeeded))]
[JsonSerializable(typeof(ResolutionJoined))]
[JsonSerializable(typeof(ResolutionCycleFound))]
[JsonSerializable(typeof(ResolutionCompleted))]
[JsonSerializable(typeof(ResolutionFailed))]
// HTTP has flaws of the same name.
[JsonSerializable(typeof(Firstbyte.Dns.Wire.MessageFlaw), TypeInfoPropertyName = "DnsMessageFlaw")]
[JsonSerializable(typeof(DnsServerStarted))]
[JsonSerializable(typeof(QueryReceived))]
[JsonSerializable(typeof(ResponseSent))]
[JsonSerializable(typeof(ResponseNotSent))]
[JsonSerializable(typeof(ResponderFailed))]
[JsonSerializable(typeof(DnsAcceptFailed))]
[JsonSerializable(typeof(DnsConnectionClosed))]
[JsonSerializable(typeof(SocketCreated))]
[JsonSerializable(typeof(ConnectStarted))]
[JsonSerializable(typeof(ConnectCompleted))]
[JsonSerializable(typeof(ConnectFailed))]
[JsonSerializable(typeof(BytesSent))]
[JsonSerializable(typeof(BytesReceived))]
[JsonSerializable(typeof(StreamEnded))]
[JsonSerializable(typeof(SocketClosed))]
[JsonSerializable(typeof(TlsHandshakeStarted))]
[JsonSerializable(typeof(TlsHandshakeCompleted))]
[JsonSerializable(typeof(TlsHandshakeFailed))]
[JsonSerializable(typeof(CertificateFaultFound))]
[JsonSerializable(typeof(RequestWritten))]
[JsonSerializable(typeof(InformationalReceived))]
[JsonSerializable(typeof(FirstByteReceived))]
[JsonSerializable(typeof(ResponseHeadReceived))]
[JsonSerializable(typeof(MessageFlawFound))]
[JsonSerializable(typeof(ResponseCompleted))]
[JsonSerializable(typeof(ExchangeFailed))]
[JsonSerializable(typeof(ConnectionReused))]
[JsonSerializable(typeof(ConnectionKept))]
[JsonSerializable(typeof(ConnectionClosing))]
[JsonSerializable(typeof(RequestRetried))]
[JsonSerializable(typeof(TcpStateChanged))]
[JsonSerializable(typeof(TcpQuantityChanged))]
[JsonSerializable(typeof(TcpDecided))]
[JsonSerializable(typeof(TcpSegmentSent))]
[JsonSerializable(typeof(TcpSegmentReceived))]
[JsonSerializable(typeof(FrameForwarded))]
[JsonSerializable(typeof(FrameSent))]
[JsonSerializable(typeof(FrameDelivered))]
[JsonSerializable(typeof(FrameDropped))]
[JsonSerializable(typeof(FrameRepeated))]
[JsonSerializable(typeof(FrameSwitched))]
[JsonSerializable(typeof(StationLearned))]
[JsonSerializable(typeof(StationForgotten))]
[JsonSerializable(typeof(FrameLost))]
[JsonSerializable(typeof(FaultChanged))]
[JsonSerializable(typeof(NeighborLearned))]
[JsonSerializable(typeof(NeighborForgotten))]
[JsonSerializable(typeof(RouteChanged))]
[JsonSerializable(typeof(TranslationChanged))]
[JsonSerializable(typeof(DhcpLeaseChanged))]
[JsonSerializable(typeof(PingStarted))]
[JsonSerializable(typeof(EchoAnswered))]
[JsonSerializable(typeof(EchoUnanswered))]
[JsonSerializable(typeof(EchoNotSent))]
[JsonSerializable(typeof(PingCompleted))]
[JsonSerializable(typeof(TracerouteStarted))]
[JsonSerializable(typeof(HopProbed))]
[JsonSerializable(typeof(TracerouteCompleted))]
[JsonSerializable(typeof(FrameSeen))]
[JsonSerializable(typeof(PathTaken))]
[JsonSerializable(typeof(LinkChanged))]
internal sealed partial class TraceEventJson : JsonSerializerContext;
