using Firstbyte.Dns.Resolving;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Caching;
using Firstbyte.Http.Cookies;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Packets;
using Firstbyte.Proxies;
using Firstbyte.Tcp;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Exports;

/// <summary>The events that the protocols tell, with their names.</summary>
/// <remarks>The names are what other programs rely on; a leaf that is missing here fails a test.</remarks>
public static class ProtocolEvents
{
    /// <summary>The kinds and their JSON.</summary>
    public static EventCatalogue Catalogue { get; } = new(ProtocolEventJson.Default,
    [
        new(typeof(TraceOpened), "trace.opened", EventLevel.Journey),
        new(typeof(TraceClosed), "trace.closed", EventLevel.Journey),
        new(typeof(UrlParsed), "url.parsed", EventLevel.Journey, "url-parsed"),
        new(typeof(UrlViolationFound), "url.violation-found", EventLevel.Journey, "url-violation-found"),
        new(typeof(UrlRefused), "url.refused", EventLevel.Journey, "url-refused"),
        new(typeof(ResolutionStarted), "dns.resolution-started", EventLevel.Journey, "resolution-started"),
        new(typeof(CacheProbed), "dns.cache-probed", EventLevel.Journey, "cache-probed"),
        new(typeof(HostsFileMatched), "dns.hosts-file-matched", EventLevel.Journey, "hosts-file-matched"),
        new(typeof(QuerySent), "dns.query-sent", EventLevel.Journey, "query-sent"),
        new(typeof(ResponseReceived), "dns.response-received", EventLevel.Journey, "response-received"),
        new(typeof(ReferralFollowed), "dns.referral-followed", EventLevel.Journey, "referral-followed"),
        new(typeof(AliasFollowed), "dns.alias-followed", EventLevel.Journey, "alias-followed"),
        new(typeof(QueryTimedOut), "dns.query-timed-out", EventLevel.Journey, "query-timed-out"),
        new(typeof(QueryFailed), "dns.query-failed", EventLevel.Journey, "query-failed"),
        new(typeof(ResponseRejected), "dns.response-rejected", EventLevel.Journey, "response-rejected"),
        new(typeof(ServerLame), "dns.server-lame", EventLevel.Journey, "server-lame"),
        new(typeof(ServerAddressDenied), "dns.server-address-denied", EventLevel.Journey, "server-address-denied"),
        new(typeof(ServerAddressNeeded), "dns.server-address-needed", EventLevel.Journey, "server-address-needed"),
        new(typeof(ResolutionJoined), "dns.resolution-joined", EventLevel.Journey, "resolution-joined"),
        new(typeof(ResolutionCycleFound), "dns.resolution-cycle-found", EventLevel.Journey, "resolution-cycle-found"),
        new(typeof(ResolutionCompleted), "dns.resolution-completed", EventLevel.Journey, "resolution-completed"),
        new(typeof(ResolutionFailed), "dns.resolution-failed", EventLevel.Journey, "resolution-failed"),
        new(typeof(ValidationStarted), "dns.validation-started", EventLevel.Journey),
        new(typeof(ValidationCompleted), "dns.validation-completed", EventLevel.Journey),
        new(typeof(QuestionAnswered), "dns.question-answered", EventLevel.Journey),
        new(typeof(QuestionFailed), "dns.question-failed", EventLevel.Journey),
        new(typeof(ChallengeReceived), "http.challenge-received", EventLevel.Journey),
        new(typeof(CredentialsSent), "http.credentials-sent", EventLevel.Journey),
        new(typeof(ServerProven), "http.server-proven", EventLevel.Journey),
        new(typeof(CookiesChosen), "http.cookies-chosen", EventLevel.Journey),
        new(typeof(CookieKept), "http.cookie-kept", EventLevel.Journey),
        new(typeof(CookieRefused), "http.cookie-refused", EventLevel.Journey),
        new(typeof(CacheAnswered), "http.cache-answered", EventLevel.Journey),
        new(typeof(CacheDoubted), "http.cache-doubted", EventLevel.Journey),
        new(typeof(CacheKept), "http.cache-kept", EventLevel.Journey),
        new(typeof(CacheNotKept), "http.cache-not-kept", EventLevel.Journey),
        new(typeof(CacheForgot), "http.cache-forgot", EventLevel.Journey),
        new(typeof(CacheUnwritten), "http.cache-unwritten", EventLevel.Journey),
        new(typeof(RequestWritten), "http.request-written", EventLevel.Journey, "request-written"),
        new(typeof(InformationalReceived), "http.informational-received", EventLevel.Journey, "informational-received"),
        new(typeof(FirstByteReceived), "http.first-byte-received", EventLevel.Journey, "first-byte-received"),
        new(typeof(ResponseHeadReceived), "http.response-head-received", EventLevel.Journey, "response-head-received"),
        new(typeof(ResponseRepaired), "http.response-repaired", EventLevel.Journey),
        new(typeof(MessageFlawFound), "http.message-flaw-found", EventLevel.Journey, "message-flaw-found"),
        new(typeof(ResponseCompleted), "http.response-completed", EventLevel.Journey, "response-completed"),
        new(typeof(ProxyChosen), "proxy.chosen", EventLevel.Journey),
        new(typeof(ProxyBypassed), "proxy.bypassed", EventLevel.Journey),
        new(typeof(ProxyUnused), "proxy.unused", EventLevel.Journey),
        new(typeof(NameLeftToProxy), "proxy.name-left", EventLevel.Journey),
        new(typeof(TunnelOpened), "proxy.tunnel-opened", EventLevel.Journey),
        new(typeof(SocksMessageSent), "proxy.socks-message-sent", EventLevel.Journey),
        new(typeof(SocksReplyReceived), "proxy.socks-reply-received", EventLevel.Journey),
        new(typeof(FtpCommandSent), "ftp.command-sent", EventLevel.Journey),
        new(typeof(FtpReplyReceived), "ftp.reply-received", EventLevel.Journey),
        new(typeof(FtpAddressIgnored), "ftp.address-ignored", EventLevel.Journey),
        new(typeof(FtpDataConnected), "ftp.data-connected", EventLevel.Journey),
        new(typeof(FtpTransferStarted), "ftp.transfer-started", EventLevel.Journey),
        new(typeof(FtpTransferEnded), "ftp.transfer-ended", EventLevel.Journey),
        new(typeof(FtpFileFound), "ftp.file-found", EventLevel.Journey),
        new(typeof(FileFound), "file.found", EventLevel.Journey),
        new(typeof(FileRead), "file.read", EventLevel.Journey),
        new(typeof(DirectoryListed), "file.directory-listed", EventLevel.Journey),
        new(typeof(FileStored), "file.stored", EventLevel.Journey),
        new(typeof(MailComposed), "mail.composed", EventLevel.Journey),
        new(typeof(MailFieldIgnored), "mail.field-ignored", EventLevel.Journey),
        new(typeof(MailExchangersFound), "mail.exchangers-found", EventLevel.Journey),
        new(typeof(SmtpCommandSent), "smtp.command-sent", EventLevel.Journey),
        new(typeof(SmtpReplyReceived), "smtp.reply-received", EventLevel.Journey),
        new(typeof(MailContentSent), "smtp.content-sent", EventLevel.Journey),
        new(typeof(MailRecipientAnswered), "mail.recipient-answered", EventLevel.Journey),
        new(typeof(NewsServerChosen), "news.server-chosen", EventLevel.Journey),
        new(typeof(NntpCommandSent), "nntp.command-sent", EventLevel.Journey),
        new(typeof(NntpReplyReceived), "nntp.reply-received", EventLevel.Journey),
        new(typeof(NntpBlockReceived), "nntp.block-received", EventLevel.Journey),
        new(typeof(NewsArticleSent), "nntp.article-sent", EventLevel.Journey),
        new(typeof(TcpStateChanged), "tcp.state-changed", EventLevel.All, "tcp-state-changed"),
        new(typeof(TcpQuantityChanged), "tcp.quantity-changed", EventLevel.All, "tcp-quantity-changed"),
        new(typeof(TcpDecided), "tcp.decided", EventLevel.All, "tcp-decided"),
        new(typeof(TcpSegmentSent), "tcp.segment-sent", EventLevel.Packets, "tcp-segment-sent"),
        new(typeof(TcpSegmentReceived), "tcp.segment-received", EventLevel.Packets, "tcp-segment-received"),
        new(typeof(FrameForwarded), "host.frame-forwarded", EventLevel.Packets, "frame-forwarded"),
        new(typeof(FrameSent), "host.frame-sent", EventLevel.Packets, "frame-sent"),
        new(typeof(FrameDelivered), "host.frame-delivered", EventLevel.Packets, "frame-delivered"),
        new(typeof(FrameDropped), "host.frame-dropped", EventLevel.Packets, "frame-dropped"),
        new(typeof(NeighborLearned), "host.neighbor-learned", EventLevel.All, "neighbor-learned"),
        new(typeof(NeighborForgotten), "host.neighbor-forgotten", EventLevel.All, "neighbor-forgotten"),
        new(typeof(RouteChanged), "host.route-changed", EventLevel.All, "route-changed"),
        new(typeof(DhcpLeaseChanged), "dhcp.lease-changed", EventLevel.All, "dhcp-lease-changed"),
        new(typeof(DhcpBindingChanged), "dhcp.binding-changed", EventLevel.All),
        new(typeof(TranslationChanged), "nat.translation-changed", EventLevel.All, "translation-changed"),
        new(typeof(FrameRepeated), "hub.frame-repeated", EventLevel.Packets, "frame-repeated"),
        new(typeof(FrameSwitched), "switch.frame-switched", EventLevel.Packets, "frame-switched"),
        new(typeof(StationLearned), "switch.station-learned", EventLevel.All, "station-learned"),
        new(typeof(StationForgotten), "switch.station-forgotten", EventLevel.All, "station-forgotten"),
        new(typeof(FrameLost), "link.frame-lost", EventLevel.Packets, "frame-lost"),
        new(typeof(FaultChanged), "world.fault-changed", EventLevel.All, "fault-changed"),
    ]);
}
