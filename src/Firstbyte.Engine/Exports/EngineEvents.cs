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
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Exports;

/// <summary>The events that the engine tells, with their names.</summary>
/// <remarks>The names are what other programs rely on; a leaf that is missing here fails a test.</remarks>
public static class EngineEvents
{
    /// <summary>The kinds and their JSON.</summary>
    public static EventCatalogue Catalogue { get; } = new(EngineEventJson.Default,
    [
        new(typeof(JourneyStarted), "journey.started", EventLevel.Journey, "journey-started"),
        new(typeof(SchemeAssumed), "journey.scheme-assumed", EventLevel.Journey, "scheme-assumed"),
        new(typeof(ProxyNamed), "journey.proxy-named", EventLevel.Journey, "proxy-named"),
        new(typeof(ConnectionWanted), "journey.connection-wanted", EventLevel.Journey, "connection-wanted"),
        new(typeof(ConnectAbandoned), "socket.connect-abandoned", EventLevel.Journey),
        new(typeof(HostIsAddress), "journey.host-is-address", EventLevel.Journey, "host-is-address"),
        new(typeof(AddressesGiven), "journey.addresses-given", EventLevel.Journey),
        new(typeof(JourneyCompleted), "journey.completed", EventLevel.Journey, "journey-completed"),
        new(typeof(RedirectNotFollowed), "journey.redirect-not-followed", EventLevel.Journey),
        new(typeof(RetryPlanned), "journey.retry-planned", EventLevel.Journey),
        new(typeof(HstsHeeded), "journey.hsts-heeded", EventLevel.Journey),
        new(typeof(HstsNoted), "journey.hsts-noted", EventLevel.Journey),
        new(typeof(ContinuationAnswered), "journey.continuation-answered", EventLevel.Journey),
        new(typeof(PiecesJudged), "journey.pieces-judged", EventLevel.Journey),
        new(typeof(ResumeImpossible), "journey.resume-impossible", EventLevel.Journey),
        new(typeof(ResumeRefused), "journey.resume-refused", EventLevel.Journey),
        new(typeof(RedirectFollowed), "journey.redirect-followed", EventLevel.Journey),
        new(typeof(JourneyFailed), "journey.failed", EventLevel.Journey, "journey-failed"),
        new(typeof(MailStored), "mail.stored", EventLevel.Journey),
        new(typeof(DnsServerStarted), "dns-server.started", EventLevel.All, "dns-server-started"),
        new(typeof(QueryReceived), "dns-server.query-received", EventLevel.All, "query-received"),
        new(typeof(ResponseSent), "dns-server.response-sent", EventLevel.All, "response-sent"),
        new(typeof(PolicyApplied), "dns-server.policy-applied", EventLevel.Journey),
        new(typeof(ResponseNotSent), "dns-server.response-not-sent", EventLevel.Journey, "response-not-sent"),
        new(typeof(ResponderFailed), "dns-server.responder-failed", EventLevel.Journey, "responder-failed"),
        new(typeof(DnsAcceptFailed), "dns-server.accept-failed", EventLevel.Journey, "dns-accept-failed"),
        new(typeof(DnsAcceptResumed), "dns-server.accept-resumed", EventLevel.Journey),
        new(typeof(DnsConnectionClosed), "dns-server.connection-closed", EventLevel.All, "dns-connection-closed"),
        new(typeof(ZoneChanged), "dns-server.zone-changed", EventLevel.All),
        new(typeof(ZoneGiven), "dns-server.zone-given", EventLevel.Journey),
        new(typeof(RequestRefused), "dns-server.request-refused", EventLevel.Journey),
        new(typeof(ZoneTaken), "dns-server.zone-taken", EventLevel.Journey),
        new(typeof(ZoneRefreshFailed), "dns-server.zone-refresh-failed", EventLevel.Journey),
        new(typeof(ZoneExpired), "dns-server.zone-expired", EventLevel.Journey),
        new(typeof(NotifyReceived), "dns-server.notify-received", EventLevel.Journey),
        new(typeof(NotifySent), "dns-server.notify-sent", EventLevel.Journey),
        new(typeof(ZoneUpdated), "dns-server.zone-updated", EventLevel.Journey),
        new(typeof(JournalNotWritten), "dns-server.journal-not-written", EventLevel.Journey),
        new(typeof(TrustAnchorChanged), "dns-server.trust-anchor-changed", EventLevel.Journey),
        new(typeof(TrustAnchorInTrouble), "dns-server.trust-anchor-in-trouble", EventLevel.Journey),
        new(typeof(BackgroundWorkFailed), "dns-server.background-work-failed", EventLevel.Journey),
        new(typeof(LookupCalled), "call.lookup-called", EventLevel.Journey),
        new(typeof(LookupReturned), "call.lookup-returned", EventLevel.Journey),
        new(typeof(CallMade), "call.made", EventLevel.Journey),
        new(typeof(CallReturned), "call.returned", EventLevel.Journey),
        new(typeof(SocketCreated), "socket.created", EventLevel.Journey, "socket-created"),
        new(typeof(ConnectStarted), "socket.connect-started", EventLevel.Journey, "connect-started"),
        new(typeof(ConnectCompleted), "socket.connect-completed", EventLevel.Journey, "connect-completed"),
        new(typeof(ConnectFailed), "socket.connect-failed", EventLevel.Journey, "connect-failed"),
        new(typeof(BytesSent), "socket.bytes-sent", EventLevel.Journey, "bytes-sent"),
        new(typeof(BytesReceived), "socket.bytes-received", EventLevel.Journey, "bytes-received"),
        new(typeof(StreamEnded), "socket.stream-ended", EventLevel.Journey, "stream-ended"),
        new(typeof(TransportMeasured), "socket.transport-measured", EventLevel.Journey),
        new(typeof(SocketClosed), "socket.closed", EventLevel.Journey, "socket-closed"),
        new(typeof(TlsHandshakeStarted), "tls.handshake-started", EventLevel.Journey, "tls-handshake-started"),
        new(typeof(TlsHandshakeCompleted), "tls.handshake-completed", EventLevel.Journey, "tls-handshake-completed"),
        new(typeof(TlsHandshakeFailed), "tls.handshake-failed", EventLevel.Journey, "tls-handshake-failed"),
        new(typeof(CertificateFaultFound), "tls.certificate-fault-found", EventLevel.Journey, "certificate-fault-found"),
        new(typeof(ClientCertificateAsked), "tls.client-certificate-asked", EventLevel.Journey),
        new(typeof(RequestComposed), "http.request-composed", EventLevel.Journey, "request-composed"),
        new(typeof(BodyChosen), "http.body-chosen", EventLevel.Journey),
        new(typeof(ContentSent), "http.content-sent", EventLevel.Journey),
        new(typeof(RetryImpossible), "journey.retry-impossible", EventLevel.Journey),
        new(typeof(RetryTooLate), "journey.retry-too-late", EventLevel.Journey),
        new(typeof(BodyLengthChanged), "journey.body-length-changed", EventLevel.Journey),
        new(typeof(ExchangeFailed), "http.exchange-failed", EventLevel.Journey, "exchange-failed"),
        new(typeof(ConnectionReused), "http.connection-reused", EventLevel.Journey, "connection-reused"),
        new(typeof(ConnectionKept), "http.connection-kept", EventLevel.Journey, "connection-kept"),
        new(typeof(ConnectionClosing), "http.connection-closing", EventLevel.Journey, "connection-closing"),
        new(typeof(ContentDecoded), "http.content-decoded", EventLevel.Journey),
        new(typeof(ExpectationRefused), "http.expectation-refused", EventLevel.Journey),
        new(typeof(RequestRetried), "http.request-retried", EventLevel.Journey, "request-retried"),
        new(typeof(RequestNotRetried), "http.request-not-retried", EventLevel.Journey),
        new(typeof(PingStarted), "ping.started", EventLevel.Journey, "ping-started"),
        new(typeof(EchoAnswered), "ping.echo-answered", EventLevel.Journey, "echo-answered"),
        new(typeof(EchoUnanswered), "ping.echo-unanswered", EventLevel.Journey, "echo-unanswered"),
        new(typeof(EchoNotSent), "ping.echo-not-sent", EventLevel.Journey, "echo-not-sent"),
        new(typeof(HostUnplugged), "host.unplugged", EventLevel.Journey),
        new(typeof(PingCompleted), "ping.completed", EventLevel.Journey, "ping-completed"),
        new(typeof(TracerouteStarted), "traceroute.started", EventLevel.Journey, "traceroute-started"),
        new(typeof(HopProbed), "traceroute.hop-probed", EventLevel.Journey, "hop-probed"),
        new(typeof(TracerouteCompleted), "traceroute.completed", EventLevel.Journey, "traceroute-completed"),
        new(typeof(ExaminationStarted), "doctor.examination-started", EventLevel.Journey),
        new(typeof(SiteFound), "doctor.site-found", EventLevel.Journey),
        new(typeof(LookStarted), "doctor.look-started", EventLevel.Journey),
        new(typeof(LookTaken), "doctor.look-taken", EventLevel.Journey),
        new(typeof(FindingFound), "doctor.finding-found", EventLevel.Journey),
        new(typeof(ExaminationCompared), "doctor.examination-compared", EventLevel.Journey),
        new(typeof(ExaminationCompleted), "doctor.examination-completed", EventLevel.Journey),
        new(typeof(RepetitionStarted), "journey.repetition-started", EventLevel.Journey),
        new(typeof(JourneysMeasured), "journey.measured", EventLevel.Journey),
        new(typeof(FrameSeen), "link.frame-seen", EventLevel.Packets, "frame-seen"),
        new(typeof(LinkChanged), "link.changed", EventLevel.Journey, "link-changed"),
        new(typeof(PathTaken), "link.path-taken", EventLevel.Journey, "path-taken"),
    ]);
}
