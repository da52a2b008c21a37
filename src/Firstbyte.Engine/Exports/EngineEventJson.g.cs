// Made of the rows of EngineEvents.cs: EventJsonListTests holds them together.
using System.Text.Json.Serialization;
using Firstbyte.Codings;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Doctor;
using Firstbyte.Frames;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.Measuring;
using Firstbyte.Probing;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Exports;

/// <summary>The JSON of the events that this assembly tells, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter)])]
// HTTP has faults of the same name.
[JsonSerializable(typeof(Firstbyte.Dns.Wire.MessageFault), TypeInfoPropertyName = "DnsMessageFault")]
[JsonSerializable(typeof(JourneyStarted))]
[JsonSerializable(typeof(SchemeAssumed))]
[JsonSerializable(typeof(ProxyNamed))]
[JsonSerializable(typeof(ConnectionWanted))]
[JsonSerializable(typeof(ConnectAbandoned))]
[JsonSerializable(typeof(HostIsAddress))]
[JsonSerializable(typeof(AddressesGiven))]
[JsonSerializable(typeof(JourneyCompleted))]
[JsonSerializable(typeof(RedirectNotFollowed))]
[JsonSerializable(typeof(RetryPlanned))]
[JsonSerializable(typeof(HstsHeeded))]
[JsonSerializable(typeof(HstsNoted))]
[JsonSerializable(typeof(ContinuationAnswered))]
[JsonSerializable(typeof(PiecesJudged))]
[JsonSerializable(typeof(ResumeImpossible))]
[JsonSerializable(typeof(ResumeRefused))]
[JsonSerializable(typeof(RedirectFollowed))]
[JsonSerializable(typeof(JourneyFailed))]
[JsonSerializable(typeof(MailStored))]
[JsonSerializable(typeof(DnsServerStarted))]
[JsonSerializable(typeof(QueryReceived))]
[JsonSerializable(typeof(ResponseSent))]
[JsonSerializable(typeof(PolicyApplied))]
[JsonSerializable(typeof(ResponseNotSent))]
[JsonSerializable(typeof(ResponderFailed))]
[JsonSerializable(typeof(DnsAcceptFailed))]
[JsonSerializable(typeof(DnsAcceptResumed))]
[JsonSerializable(typeof(DnsConnectionClosed))]
[JsonSerializable(typeof(ZoneChanged))]
[JsonSerializable(typeof(ZoneGiven))]
[JsonSerializable(typeof(RequestRefused))]
[JsonSerializable(typeof(ZoneTaken))]
[JsonSerializable(typeof(ZoneRefreshFailed))]
[JsonSerializable(typeof(ZoneExpired))]
[JsonSerializable(typeof(NotifyReceived))]
[JsonSerializable(typeof(NotifySent))]
[JsonSerializable(typeof(ZoneUpdated))]
[JsonSerializable(typeof(JournalNotWritten))]
[JsonSerializable(typeof(TrustAnchorChanged))]
[JsonSerializable(typeof(TrustAnchorInTrouble))]
[JsonSerializable(typeof(BackgroundWorkFailed))]
[JsonSerializable(typeof(LookupCalled))]
[JsonSerializable(typeof(LookupReturned))]
[JsonSerializable(typeof(CallMade))]
[JsonSerializable(typeof(CallReturned))]
[JsonSerializable(typeof(SocketCreated))]
[JsonSerializable(typeof(ConnectStarted))]
[JsonSerializable(typeof(ConnectCompleted))]
[JsonSerializable(typeof(ConnectFailed))]
[JsonSerializable(typeof(BytesSent))]
[JsonSerializable(typeof(BytesReceived))]
[JsonSerializable(typeof(StreamEnded))]
[JsonSerializable(typeof(TransportMeasured))]
[JsonSerializable(typeof(SocketClosed))]
[JsonSerializable(typeof(TlsHandshakeStarted))]
[JsonSerializable(typeof(TlsHandshakeCompleted))]
[JsonSerializable(typeof(TlsHandshakeFailed))]
[JsonSerializable(typeof(CertificateFaultFound))]
[JsonSerializable(typeof(ClientCertificateAsked))]
[JsonSerializable(typeof(RequestComposed))]
[JsonSerializable(typeof(BodyChosen))]
[JsonSerializable(typeof(ContentSent))]
[JsonSerializable(typeof(RetryImpossible))]
[JsonSerializable(typeof(RetryTooLate))]
[JsonSerializable(typeof(BodyLengthChanged))]
[JsonSerializable(typeof(ExchangeFailed))]
[JsonSerializable(typeof(ConnectionReused))]
[JsonSerializable(typeof(ConnectionKept))]
[JsonSerializable(typeof(ConnectionClosing))]
[JsonSerializable(typeof(ContentDecoded))]
[JsonSerializable(typeof(ExpectationRefused))]
[JsonSerializable(typeof(RequestRetried))]
[JsonSerializable(typeof(RequestNotRetried))]
[JsonSerializable(typeof(PingStarted))]
[JsonSerializable(typeof(EchoAnswered))]
[JsonSerializable(typeof(EchoUnanswered))]
[JsonSerializable(typeof(EchoNotSent))]
[JsonSerializable(typeof(HostUnplugged))]
[JsonSerializable(typeof(PingCompleted))]
[JsonSerializable(typeof(TracerouteStarted))]
[JsonSerializable(typeof(HopProbed))]
[JsonSerializable(typeof(TracerouteCompleted))]
[JsonSerializable(typeof(ExaminationStarted))]
[JsonSerializable(typeof(SiteFound))]
[JsonSerializable(typeof(LookStarted))]
[JsonSerializable(typeof(LookTaken))]
[JsonSerializable(typeof(FindingFound))]
[JsonSerializable(typeof(ExaminationCompared))]
[JsonSerializable(typeof(ExaminationCompleted))]
[JsonSerializable(typeof(RepetitionStarted))]
[JsonSerializable(typeof(JourneysMeasured))]
[JsonSerializable(typeof(FrameSeen))]
[JsonSerializable(typeof(LinkChanged))]
[JsonSerializable(typeof(PathTaken))]
internal sealed partial class EngineEventJson : JsonSerializerContext;
