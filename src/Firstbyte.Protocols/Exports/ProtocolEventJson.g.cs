// Made of the rows of ProtocolEvents.cs: EventJsonListTests holds them together.
using System.Text.Json.Serialization;
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

/// <summary>The JSON of the events that this assembly tells, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter)])]
// HTTP has faults of the same name.
[JsonSerializable(typeof(Firstbyte.Dns.Wire.MessageFault), TypeInfoPropertyName = "DnsMessageFault")]
[JsonSerializable(typeof(TraceOpened))]
[JsonSerializable(typeof(TraceClosed))]
[JsonSerializable(typeof(UrlParsed))]
[JsonSerializable(typeof(UrlViolationFound))]
[JsonSerializable(typeof(UrlRefused))]
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
[JsonSerializable(typeof(ValidationStarted))]
[JsonSerializable(typeof(ValidationCompleted))]
[JsonSerializable(typeof(QuestionAnswered))]
[JsonSerializable(typeof(QuestionFailed))]
[JsonSerializable(typeof(ChallengeReceived))]
[JsonSerializable(typeof(CredentialsSent))]
[JsonSerializable(typeof(ServerProven))]
[JsonSerializable(typeof(CookiesChosen))]
[JsonSerializable(typeof(CookieKept))]
[JsonSerializable(typeof(CookieRefused))]
[JsonSerializable(typeof(CacheAnswered))]
[JsonSerializable(typeof(CacheDoubted))]
[JsonSerializable(typeof(CacheKept))]
[JsonSerializable(typeof(CacheNotKept))]
[JsonSerializable(typeof(CacheForgot))]
[JsonSerializable(typeof(CacheUnwritten))]
[JsonSerializable(typeof(RequestWritten))]
[JsonSerializable(typeof(InformationalReceived))]
[JsonSerializable(typeof(FirstByteReceived))]
[JsonSerializable(typeof(ResponseHeadReceived))]
[JsonSerializable(typeof(ResponseRepaired))]
[JsonSerializable(typeof(MessageFlawFound))]
[JsonSerializable(typeof(ResponseCompleted))]
[JsonSerializable(typeof(ProxyChosen))]
[JsonSerializable(typeof(ProxyBypassed))]
[JsonSerializable(typeof(ProxyUnused))]
[JsonSerializable(typeof(NameLeftToProxy))]
[JsonSerializable(typeof(TunnelOpened))]
[JsonSerializable(typeof(SocksMessageSent))]
[JsonSerializable(typeof(SocksReplyReceived))]
[JsonSerializable(typeof(FtpCommandSent))]
[JsonSerializable(typeof(FtpReplyReceived))]
[JsonSerializable(typeof(FtpAddressIgnored))]
[JsonSerializable(typeof(FtpDataConnected))]
[JsonSerializable(typeof(FtpTransferStarted))]
[JsonSerializable(typeof(FtpTransferEnded))]
[JsonSerializable(typeof(FtpFileFound))]
[JsonSerializable(typeof(FileFound))]
[JsonSerializable(typeof(FileRead))]
[JsonSerializable(typeof(DirectoryListed))]
[JsonSerializable(typeof(FileStored))]
[JsonSerializable(typeof(MailComposed))]
[JsonSerializable(typeof(MailFieldIgnored))]
[JsonSerializable(typeof(MailExchangersFound))]
[JsonSerializable(typeof(SmtpCommandSent))]
[JsonSerializable(typeof(SmtpReplyReceived))]
[JsonSerializable(typeof(MailContentSent))]
[JsonSerializable(typeof(MailRecipientAnswered))]
[JsonSerializable(typeof(NewsServerChosen))]
[JsonSerializable(typeof(NntpCommandSent))]
[JsonSerializable(typeof(NntpReplyReceived))]
[JsonSerializable(typeof(NntpBlockReceived))]
[JsonSerializable(typeof(NewsArticleSent))]
[JsonSerializable(typeof(TcpStateChanged))]
[JsonSerializable(typeof(TcpQuantityChanged))]
[JsonSerializable(typeof(TcpDecided))]
[JsonSerializable(typeof(TcpSegmentSent))]
[JsonSerializable(typeof(TcpSegmentReceived))]
[JsonSerializable(typeof(FrameForwarded))]
[JsonSerializable(typeof(FrameSent))]
[JsonSerializable(typeof(FrameDelivered))]
[JsonSerializable(typeof(FrameDropped))]
[JsonSerializable(typeof(NeighborLearned))]
[JsonSerializable(typeof(NeighborForgotten))]
[JsonSerializable(typeof(RouteChanged))]
[JsonSerializable(typeof(DhcpLeaseChanged))]
[JsonSerializable(typeof(DhcpBindingChanged))]
[JsonSerializable(typeof(TranslationChanged))]
[JsonSerializable(typeof(FrameRepeated))]
[JsonSerializable(typeof(FrameSwitched))]
[JsonSerializable(typeof(StationLearned))]
[JsonSerializable(typeof(StationForgotten))]
[JsonSerializable(typeof(FrameLost))]
[JsonSerializable(typeof(FaultChanged))]
internal sealed partial class ProtocolEventJson : JsonSerializerContext;
