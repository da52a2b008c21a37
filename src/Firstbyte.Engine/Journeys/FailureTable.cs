using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Tls;

namespace Firstbyte.Journeys;

/// <summary>What follows from a failure: the step, who can mend it, and the exit code by which a script knows it.</summary>
/// <param name="Step">The step that failed.</param>
/// <param name="AtFault">Who can mend it.</param>
/// <param name="ExitCode">curl's exit code for it.</param>
public readonly record struct FailureVerdict(JourneyStep Step, FaultParty AtFault, int ExitCode);

/// <summary>The one table from failures to steps, parties and curl's exit codes.</summary>
public static class FailureTable
{
    /// <summary>The row of a failure.</summary>
    public static FailureVerdict Of(JourneyFailure failure) =>
        OfItsKind(failure) is var verdict && failure.IsUnplugged ? verdict with { AtFault = FaultParty.Host } : verdict;

    private static FailureVerdict OfItsKind(JourneyFailure failure) => failure switch
    {
        UrlUnreadable => new(JourneyStep.Url, FaultParty.User, ExitCodes.UrlMalformed),
        SchemeWithoutClient => new(JourneyStep.Client, FaultParty.User, ExitCodes.UnsupportedProtocol),
        RequestUnwritable => new(JourneyStep.Request, FaultParty.User, ExitCodes.BadArgument),
        // Most names have an IPv4 address, and a host without a way to IPv4 cannot use it.
        NameWithoutAddress { Only: IpVersion.V6 } => new(JourneyStep.Name, FaultParty.Host, ExitCodes.NameNotResolved),
        NotADomainName or NameDoesNotExist or NameWithoutAddress or VersionUnavailable => new(JourneyStep.Name, FaultParty.User, ExitCodes.NameNotResolved),
        NameUnresolved name => new(JourneyStep.Name, name.Blamed, ExitCodes.NameNotResolved),
        NotConnected { Attempts: [.., { Error: Errno.ETIMEDOUT }] } => new(JourneyStep.Connect, FaultParty.Network, ExitCodes.TimedOut),
        NotConnected connect => new(JourneyStep.Connect, OfConnecting(connect.Attempts[^1]), ExitCodes.ConnectFailed),
        HandshakeFailed { Reason: TlsFailureReason.CertificateRejected } => new(JourneyStep.Tls, FaultParty.Server, ExitCodes.CertificateRefused),
        HandshakeFailed { Reason: TlsFailureReason.ClientCertificateMissing } => new(JourneyStep.Tls, FaultParty.User, ExitCodes.CertificateDemanded),
        HandshakeFailed { Reason: TlsFailureReason.ClientCertificateRefused } => new(JourneyStep.Tls, FaultParty.User, ExitCodes.TlsFailed),
        HandshakeFailed { Reason: TlsFailureReason.KeyNotPinned } => new(JourneyStep.Tls, FaultParty.Server, ExitCodes.KeyNotPinned),
        HandshakeFailed { Reason: TlsFailureReason.TransportFailed } tls => new(JourneyStep.Tls, OfBreaking(tls.Error ?? Errno.None), ExitCodes.TlsFailed),
        HandshakeFailed => new(JourneyStep.Tls, FaultParty.Server, ExitCodes.TlsFailed),
        ProxyFailed proxy => OfProxy(OfItsKind(proxy.Cause), proxy.Cause),
        TunnelRefused => new(JourneyStep.Connect, FaultParty.Proxy, ExitCodes.ReceiveFailed),
        SocksRefused socks => new(JourneyStep.Connect, OfSocks(socks.Fault), ExitCodes.ProxyRefused),
        RequestUnsent sent => new(JourneyStep.Write, OfBreaking(sent.Error), ExitCodes.SendFailed),
        ResponseUnreadable response => new(JourneyStep.Read, FaultParty.Server, OfMessage(response.Fault)),
        ResponseUnreceived received => new(JourneyStep.Read, OfBreaking(received.Error), ExitCodes.ReceiveFailed),
        ContentUndecodable => new(JourneyStep.Read, FaultParty.Server, ExitCodes.BadTransferCoding),
        FtpPathUnusable => new(JourneyStep.Url, FaultParty.User, ExitCodes.UrlMalformed),
        FtpReplyUnreadable reply =>
            new(JourneyStep.Read, FaultParty.Server,
            reply.Fault is FtpReplyFault.EndedBeforeReply or FtpReplyFault.EndedInReply ? ExitCodes.ReceiveFailed : ExitCodes.WeirdReply),
        FtpRefused refused => new(JourneyStep.Read, PartyOf(refused.Fault), ExitCodeOf(refused.Fault)),
        FilePathUnusable => new(JourneyStep.Url, FaultParty.User, ExitCodes.UrlMalformed),
        FileRefused { Fault: FileFault.Unreadable } file =>
            new(JourneyStep.Read, file.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG ? FaultParty.User : FaultParty.Host, ExitCodes.FileUnread),
        FileRefused { Fault: FileFault.NotRegular } => new(JourneyStep.Read, FaultParty.User, ExitCodes.FileUnread),
        FileRefused { Fault: FileFault.BeyondEnd } => new(JourneyStep.Read, FaultParty.User, ExitCodes.BadResume),
        FileRefused { Fault: FileFault.Unwritable } => new(JourneyStep.Save, FaultParty.Host, ExitCodes.WriteFailed),
        FileRefused => new(JourneyStep.Request, FaultParty.User, ExitCodes.UploadFailed),
        MailtoUnusable => new(JourneyStep.Url, FaultParty.User, ExitCodes.UrlMalformed),
        MailNotTaken => new(JourneyStep.Name, FaultParty.User, ExitCodes.NameNotResolved),
        MailReplyUnreadable reply =>
            new(JourneyStep.Read, FaultParty.Server,
            reply.Fault is SmtpReplyFault.EndedBeforeReply or SmtpReplyFault.EndedInReply ? ExitCodes.ReceiveFailed : ExitCodes.WeirdReply),
        MailRefused refused => new(JourneyStep.Write, PartyOf(refused.Fault), ExitCodeOf(refused.Fault)),
        NewsUnusable { Fault: NewsUrlFault.NotAnArticle or NewsUrlFault.ArticleTooLong or NewsUrlFault.FieldMissing } =>
            new(JourneyStep.Request, FaultParty.User, ExitCodes.ReadFailed),
        NewsUnusable { Fault: NewsUrlFault.NoServer } => new(JourneyStep.Name, FaultParty.User, ExitCodes.NameNotResolved),
        NewsUnusable => new(JourneyStep.Url, FaultParty.User, ExitCodes.UrlMalformed),
        NewsReplyUnreadable reply =>
            new(JourneyStep.Read, FaultParty.Server,
            reply.Fault is NntpReplyFault.EndedBeforeReply or NntpReplyFault.EndedInReply ? ExitCodes.ReceiveFailed : ExitCodes.WeirdReply),
        NewsRefused refused => new(JourneyStep.Read, PartyOf(refused.Fault), ExitCodeOf(refused.Fault)),
        BodyUnsaved => new(JourneyStep.Save, FaultParty.Host, ExitCodes.WriteFailed),
        BodyUnreadable { Error: Errno.ETIMEDOUT } => new(JourneyStep.Write, FaultParty.Host, ExitCodes.TimedOut),
        BodyUnreadable or BodyShrunk => new(JourneyStep.Write, FaultParty.Host, ExitCodes.ReadFailed),
        BodyNotRepeatable => new(JourneyStep.Write, FaultParty.User, ExitCodes.NoRewind),
        ContentTooLarge => new(JourneyStep.Read, FaultParty.User, ExitCodes.SizeExceeded),
        TransferTooSlow => new(JourneyStep.Read, FaultParty.Network, ExitCodes.TimedOut),
        ContinuationRefused { Fault: ContinuationFault.BeyondEnd } => new(JourneyStep.Read, FaultParty.User, ExitCodes.BadResume),
        ContinuationRefused { Fault: ContinuationFault.Upload } => new(JourneyStep.Request, FaultParty.User, ExitCodes.RangeRefused),
        ContinuationRefused => new(JourneyStep.Read, FaultParty.Server, ExitCodes.RangeRefused),
        RedirectRefused redirect => new(JourneyStep.Read, FaultParty.Server, OfRedirect(redirect.Fault)),
        MailUnconfirmed unconfirmed => OfItsKind(unconfirmed.Cause),
        OutOfTime { Limit: TimeLimit.Rest } time => new(time.Step, FaultParty.Unknown, ExitCodes.TimedOut),
        OutOfTime time => new(time.Step, OfWaiting(time.Step), ExitCodes.TimedOut),
        _ => throw new ArgumentException("a failure without a row", nameof(failure)),
    };

    // Whatever a server would have to answer for is the proxy's. Its name is not the URL's, and curl says so by a code of its own.
    private static FailureVerdict OfProxy(FailureVerdict cause, JourneyFailure failure) => cause with
    {
        AtFault = cause.AtFault == FaultParty.Server ? FaultParty.Proxy : cause.AtFault,
        ExitCode = failure is not OutOfTime && cause.ExitCode == ExitCodes.NameNotResolved ? ExitCodes.ProxyNotResolved : cause.ExitCode,
    };

    // What cannot be said in SOCKS was never sent.
    private static FaultParty OfSocks(SocksFault fault) =>
        fault is SocksFault.CredentialsUnsayable or SocksFault.NameUnsayable or SocksFault.NeedsIpv4 ? FaultParty.User : FaultParty.Proxy;

    private static FaultParty OfConnecting(ConnectAttempt last) => last.Error switch
    {
        Errno.ENETUNREACH when last.IsToMany => FaultParty.User,
        Errno.ENETUNREACH when !last.HasRoute => FaultParty.Host,
        // No network of the Internet has such an address: whoever wrote it, in a URL or in a zone, meant another place than this one.
        Errno.ENETUNREACH when last.IsNobodys => FaultParty.User,
        Errno.ECONNREFUSED or Errno.ECONNRESET => FaultParty.Server,
        Errno.ENETDOWN or Errno.EMFILE or Errno.ENOBUFS or Errno.EACCES or Errno.EPERM or Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL => FaultParty.Host,
        _ => FaultParty.Network,
    };

    // Who resets a connection, or has ended it while one writes, is its other end; what carries nothing any more is the network.
    private static FaultParty OfBreaking(Errno error) => error is Errno.ECONNRESET or Errno.EPIPE or Errno.EPROTO ? FaultParty.Server
        : error is Errno.ENETDOWN ? FaultParty.Host : FaultParty.Network;

    // A host that does not answer connect() is told as the network's fault with a limit as without one.
    private static FaultParty OfWaiting(JourneyStep step) => step switch
    {
        JourneyStep.Name or JourneyStep.Connect => FaultParty.Network,
        JourneyStep.Save => FaultParty.Host,
        _ => FaultParty.Server,
    };

    private static int OfRedirect(RedirectFault fault) => fault switch
    {
        RedirectFault.NotAUrl => ExitCodes.UrlMalformed,
        RedirectFault.OtherScheme => ExitCodes.UnsupportedProtocol,
        _ => ExitCodes.TooManyRedirects,
    };

    private static FaultParty PartyOf(NntpFault fault) => fault switch
    {
        NntpFault.LoginWanted or NntpFault.LoginDenied or NntpFault.NoGroup or NntpFault.NoArticle or NntpFault.ArticleRefused or NntpFault.CommandUnwritable =>
            FaultParty.User,
        _ => FaultParty.Server,
    };

    // curl has no news: its codes for the like of FTP and mail.
    private static int ExitCodeOf(NntpFault fault) => fault switch
    {
        NntpFault.WouldBeRead => ExitCodes.TlsNotOffered,
        NntpFault.LoginWanted or NntpFault.LoginDenied => ExitCodes.LoginDenied,
        NntpFault.NoGroup or NntpFault.NoArticle => ExitCodes.RemoteFileNotFound,
        NntpFault.PostingForbidden or NntpFault.ArticleRefused => ExitCodes.UploadFailed,
        NntpFault.ServerCloses => ExitCodes.ReceiveFailed,
        NntpFault.CommandUnwritable => ExitCodes.UrlMalformed,
        _ => ExitCodes.WeirdReply,
    };

    private static FaultParty PartyOf(SmtpFault fault) => fault switch
    {
        SmtpFault.LoginDenied or SmtpFault.TooLarge or SmtpFault.SenderRefused or SmtpFault.SomeRecipientsRefused or SmtpFault.RecipientsRefused
            or SmtpFault.CommandUnwritable => FaultParty.User,
        _ => FaultParty.Server,
    };

    // curl's for smtp: what a server does not take could not be sent.
    private static int ExitCodeOf(SmtpFault fault) => fault switch
    {
        SmtpFault.NotReady or SmtpFault.HelloRefused or SmtpFault.ReplyUnknown => ExitCodes.WeirdReply,
        SmtpFault.SecurityRefused or SmtpFault.WouldBeRead => ExitCodes.TlsNotOffered,
        SmtpFault.LoginDenied or SmtpFault.MechanismUnknown or SmtpFault.LoginUnreadable or SmtpFault.ServerUnproven => ExitCodes.LoginDenied,
        SmtpFault.TooLarge => ExitCodes.SizeExceeded,
        SmtpFault.ServerCloses => ExitCodes.ReceiveFailed,
        _ => ExitCodes.SendFailed,
    };

    private static FaultParty PartyOf(FtpFault fault) => fault switch
    {
        FtpFault.LoginDenied or FtpFault.DirectoryRefused or FtpFault.FileUnavailable or FtpFault.OffsetBeyondEnd
            or FtpFault.RangeBeyondEnd => FaultParty.User,
        FtpFault.DataUnconnected => FaultParty.Network,
        FtpFault.Abandoned => FaultParty.Host,
        _ => FaultParty.Server,
    };

    private static int ExitCodeOf(FtpFault fault) => fault switch
    {
        FtpFault.SecurityRefused => ExitCodes.TlsNotOffered,
        FtpFault.LoginDenied => ExitCodes.LoginDenied,
        FtpFault.LoginReplyUnknown => ExitCodes.WeirdPassReply,
        FtpFault.DirectoryRefused => ExitCodes.AccessDenied,
        FtpFault.TypeRefused => ExitCodes.TypeRefused,
        FtpFault.PassiveRefused => ExitCodes.WeirdPassiveReply,
        FtpFault.PassiveUnreadable => ExitCodes.WeirdPassiveAddress,
        FtpFault.PortRefused => ExitCodes.PortFailed,
        FtpFault.DataUnconnected => ExitCodes.ConnectFailed,
        FtpFault.RestartRefused => ExitCodes.RestartRefused,
        FtpFault.OffsetBeyondEnd or FtpFault.RangeBeyondEnd or FtpFault.LengthUnknown => ExitCodes.BadResume,
        FtpFault.FileUnavailable => ExitCodes.RemoteFileNotFound,
        FtpFault.RetrieveRefused => ExitCodes.RetrieveFailed,
        FtpFault.StoreRefused => ExitCodes.UploadFailed,
        FtpFault.NoRoom => ExitCodes.RemoteDiskFull,
        FtpFault.CutShort => ExitCodes.CutShort,
        FtpFault.ServerCloses => ExitCodes.ReceiveFailed,
        FtpFault.Abandoned => ExitCodes.WriteFailed,
        _ => ExitCodes.WeirdReply,
    };

    private static int OfMessage(MessageFault fault) => fault switch
    {
        MessageFault.EndedBeforeFirstByte => ExitCodes.EmptyReply,
        MessageFault.EndedInBody or MessageFault.PartLengthDiffers => ExitCodes.CutShort,
        MessageFault.TransferCodingUnknown => ExitCodes.BadTransferCoding,
        MessageFault.VersionUnsupported or MessageFault.NotHttp => ExitCodes.UnsupportedProtocol,
        MessageFault.EndedInHead or MessageFault.ChunkSizeInvalid or MessageFault.ChunkSizeTooLarge or MessageFault.ChunkSizeTooLong
            or MessageFault.ChunkQuoteOpen or MessageFault.ChunkLineEndInvalid
            or MessageFault.ChunkDataEndMissing => ExitCodes.ReceiveFailed,
        MessageFault.HeadTooLong or MessageFault.LineTooLong or MessageFault.TooManyFields or MessageFault.TooManyInformational
            or MessageFault.ChunkLineTooLong or MessageFault.ChunkExtensionsTooLong => ExitCodes.TooLarge,
        _ => ExitCodes.WeirdReply,
    };
}
