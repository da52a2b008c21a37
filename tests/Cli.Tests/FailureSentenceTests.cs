using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Codings;
using Firstbyte.Connecting;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tests.Telling;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Tests;

/// <summary>Every way in which a journey can fail, told: the pages FailureSentences.*.txt are what a user reads.</summary>
public class FailureSentenceTests
{
    private static readonly Origin Origin = new("https", "www.example.test", 443);
    private static readonly IpAddress Address = IpAddress.Parse("192.0.2.80");
    private static readonly Endpoint Server = new(IpAddress.Parse("192.0.2.53"), 53);

    private static readonly Errno[] s_connecting =
        [Errno.EACCES, Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT, Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.EHOSTDOWN, Errno.EHOSTUNREACH, Errno.EMFILE, Errno.ENETDOWN, Errno.ENETUNREACH,
         Errno.ENOBUFS, Errno.ETIMEDOUT];

    private static readonly Errno[] s_breaking = [Errno.ECONNRESET, Errno.EPIPE, Errno.EPROTO, Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.ETIMEDOUT];

    private static readonly Errno[] s_saving =
        [Errno.EACCES, Errno.EDQUOT, Errno.EFBIG, Errno.EIO, Errno.EEXIST, Errno.EISDIR, Errno.EMFILE, Errno.ENAMETOOLONG, Errno.ENOENT, Errno.ENOSPC, Errno.ENOTDIR, Errno.EPIPE, Errno.EROFS, Errno.ETIMEDOUT];

    public static TheoryData<string> Tags => [.. Languages.All.Where(static language => language.IsComplete).Select(static language => language.Tag)];

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_failure_has_its_sentence_its_party_and_its_cure(string tag)
    {
        var sentences = Languages.Of(tag)!.Failures;
        var page = new StringBuilder();
        foreach (var group in All.GroupBy(failure => failure.GetType().Name))
        {
            page.Append("== ").Append(group.Key).Append('\n');
            foreach (var failure in group)
            {
                page.Append(sentences.OneLine(failure)).Append('\n');
                page.Append("    ").Append(sentences.AtFault(failure)).Append('\n');
                // Below each other: in the shell, in the shell for a lab, at a lab's prompt, where they differ.
                foreach (var cure in Standpoints.Select(at => sentences.Try(failure, at)?.ToString()).OfType<string>().Distinct())
                {
                    page.Append("    ").Append(cure).Append('\n');
                }
            }
        }
        ApprovedText.Check($"FailureSentences.{tag}.txt", page.ToString());
    }

    [Fact]
    public void No_kind_of_failure_and_no_reason_is_left_out()
    {
        var kinds = typeof(JourneyFailure).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(JourneyFailure)));
        Assert.Empty(kinds.Except(All.Select(failure => failure.GetType())));
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void No_sentence_is_cut_off_or_shows_the_name_of_a_reason_of_ours(string tag) => Assert.All(All, failure =>
    {
        var sentence = Languages.Of(tag)!.Failures.OneLine(failure).ToString();
        Assert.Matches("[.。]$", sentence);
        Assert.DoesNotMatch("(cannot be|could not be|failed|with)[^:]*: *\\.?$", sentence);
        Assert.DoesNotMatch("： *。?$", sentence);
        // Names in capitals are the field's (errno, NXDOMAIN); two capitals inside one word of small letters are ours.
        Assert.DoesNotMatch("\\b(?!WebSocket\\b)[A-Z][a-z]+[A-Z][a-z]+[A-Za-z]*\\b", sentence);
    });

    // What is typed is typed so in every language.
    private static readonly Regex Command = new("\\b(firstbyte|resolve|traceroute) [ -~]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [Fact]
    public void No_english_words_are_left_in_chinese() => Assert.All(All, failure =>
    {
        var sentences = Languages.Chinese.Failures;
        Assert.All((Phrase?[])[sentences.What(failure), sentences.AtFault(failure), .. Standpoints.Select(at => sentences.Try(failure, at))],
            static phrase => Assert.DoesNotMatch("[a-z]{3,} [a-z]{2,} [a-z]{2,}", Command.Replace(phrase?.ToString() ?? "", "")));
    });

    internal static readonly Standpoint[] Standpoints = [Standpoint.Here, new("x.lab"), new("x.lab", IsPrompt: true), new("x.lab", IsWithoutRoots: true)];

    internal static IEnumerable<JourneyFailure> All =>
    [
        .. Enum.GetValues<UrlValidationError>().Where(error => error != UrlValidationError.None).Select(error => new UrlUnreadable(error, 8)),
        new SchemeWithoutClient("gopher"),
        .. Enum.GetValues<WriteFault>().Where(fault => fault is not (WriteFault.None or WriteFault.DestinationTooShort or WriteFault.StatusOutOfRange or WriteFault.ReasonHasControl))
            .SelectMany(fault => (RequestUnwritable[])[new(fault, ""), new(fault, "X-Field")]),
        .. Enum.GetValues<FtpPathFault>().Where(fault => fault != FtpPathFault.None).Select(fault => new FtpPathUnusable(fault)),
        .. Enum.GetValues<FtpReplyFault>().Where(fault => fault != FtpReplyFault.None).Select(fault => new FtpReplyUnreadable(Origin, fault)),
        .. Enum.GetValues<FtpFault>().Where(fault => fault != FtpFault.None).Select(fault => new FtpRefused(Origin, fault, "RETR", 550, "no")),
        .. Enum.GetValues<MailtoFault>().Where(fault => fault != MailtoFault.None).Select(fault => new MailtoUnusable(fault, "a b")),
        new MailNotTaken("example.test"),
        .. Enum.GetValues<SmtpReplyFault>().Where(fault => fault != SmtpReplyFault.None).Select(fault => new MailReplyUnreadable(Origin, fault)),
        .. Enum.GetValues<SmtpFault>().Where(fault => fault != SmtpFault.None).Select(fault => new MailRefused(Origin, fault, "RCPT", 550, "no")),
        new MailRefused(Origin, SmtpFault.RecipientsRefused, "RCPT", 450, "greylisted, try again"),
        new MailRefused(Origin, SmtpFault.Utf8Unknown, "EHLO", 0, ""),
        new MailUnconfirmed(Origin, new OutOfTime(JourneyStep.Read, Origin.ToString(), 5_000_000_000, TimeLimit.WholeJourney)),
        new MailUnconfirmed(Origin, new MailReplyUnreadable(Origin, SmtpReplyFault.EndedBeforeReply)),
        new MailRefused(Origin, SmtpFault.NotReady, "", 421, "busy"),
        .. Enum.GetValues<NewsUrlFault>().Where(fault => fault != NewsUrlFault.None).Select(fault => new NewsUnusable(fault)),
        .. Enum.GetValues<NntpReplyFault>().Where(fault => fault != NntpReplyFault.None).Select(fault => new NewsReplyUnreadable(Origin, fault)),
        .. Enum.GetValues<NntpFault>().Where(fault => fault != NntpFault.None).Select(fault => new NewsRefused(Origin, fault, "GROUP", 411, "no")),
        new NewsRefused(Origin, NntpFault.WouldBeRead, "CAPABILITIES", 0, ""),
        .. ((string[])["data", "ws", "wss", "blob", "about", "javascript"]).Select(static scheme => new SchemeWithoutClient(scheme)),
        .. Enum.GetValues<FilePathFault>().Where(fault => fault != FilePathFault.None).Select(fault => new FilePathUnusable(fault)),
        .. Enum.GetValues<FileFault>().Select(fault => new FileRefused("/home/tone/notes.txt", fault, Errno.ENOENT)),
        new FileRefused("/home/tone/notes.txt", FileFault.Unreadable, Errno.EACCES),
        new FtpRefused(Origin, FtpFault.DataUnconnected, "EPSV", 0, ""),
        new FtpRefused(Origin with { Scheme = "ftp", Host = "192.0.2.1" }, FtpFault.CutShort, "RETR", 522, "SSL connection failed"),
        new NotADomainName("a..b"),
        new NameDoesNotExist("www.example.test", Said(AnswerSourceKind.RecursiveServer, "")),
        new NameDoesNotExist("www.glasscom.com", Said(AnswerSourceKind.RecursiveServer, "")),
        new NameDoesNotExist("printer.local", Said(AnswerSourceKind.RecursiveServer, "")),
        new NameDoesNotExist("www.example.test", Said(AnswerSourceKind.ResponsibleServer, "ns1.example.test")),
        new NameDoesNotExist("www.example.test", Said(AnswerSourceKind.RecursiveServer, "")) { LookUpAt = Origin with { Scheme = "socks5h" } },
        new NameDoesNotExist("www.invalid", new AnswerSource(AnswerSourceKind.SpecialUseName, null, "", "", false, 0, 0)),
        .. Enum.GetValues<IpVersion>().Select(only => new NameWithoutAddress("www.example.test", Said(AnswerSourceKind.RecursiveServer, ""), only)),
        new VersionUnavailable("www.example.test", IpVersion.V4),
        new VersionUnavailable("192.0.2.1", IpVersion.V6),
        .. Enum.GetValues<ResolutionFailureReason>().Select(reason => new NameUnresolved("www.example.test", reason, PartyOf(reason), ".", Server)),
        .. Enum.GetValues<FaultParty>().Where(party => party is not (FaultParty.Server or FaultParty.Proxy)).Select(party => new NameUnresolved("www.example.test", ResolutionFailureReason.NoServerAnswers, party, "example.test", Server)),
        .. s_connecting.Select(error => new NotConnected(Origin, [new ConnectAttempt(Address, error, 3_000_000_000)])),
        new NotConnected(Origin, [new ConnectAttempt(Address, Errno.ENETUNREACH, 0) { HasRoute = false }]),
        new NotConnected(Origin, [new ConnectAttempt(Address, Errno.ENETUNREACH, 0) { HasRoute = false, IsToMany = true }]),
        new NotConnected(Origin, [new ConnectAttempt(Address, Errno.ENETUNREACH, 0) { HasRoute = false, IsWithoutAddress = true }]),
        new NotConnected(Origin, [new ConnectAttempt(Address, Errno.ENETUNREACH, 0) { IsOfWorld = true }]),
        new NotConnected(Origin, [new ConnectAttempt(IpAddress.Parse("1.1.1.1"), Errno.ENETUNREACH, 3_000_000_000)]),
        new NotConnected(Origin, [new ConnectAttempt(Address, Errno.EHOSTUNREACH, 3_000_000_000)]) { IsUnplugged = true },
        .. Enum.GetValues<CertificateFaultKind>().Select(kind => new HandshakeFailed(Origin, TlsFailureReason.CertificateRejected, [Fault(kind, 0)], null, null)),
        new HandshakeFailed(Origin, TlsFailureReason.CertificateRejected, [Fault(CertificateFaultKind.Expired, 1)], null, null),
        new HandshakeFailed(
            Origin, TlsFailureReason.CertificateRejected,
            [Fault(CertificateFaultKind.SelfSigned, 0), Fault(CertificateFaultKind.WrongName, 0), Fault(CertificateFaultKind.WrongName, 1)], null, null),
        .. Enum.GetValues<TlsFailureReason>().Select(reason => new HandshakeFailed(Origin, reason, [], null, null) { Pin = reason == TlsFailureReason.KeyNotPinned ? "sha256//AAAA" : null }),
        .. Enum.GetValues<TlsAlert>().Select(alert => new HandshakeFailed(Origin, TlsFailureReason.AlertReceived, [], alert, null)),
        new HandshakeFailed(Origin, TlsFailureReason.TransportFailed, [], null, Errno.ECONNRESET),
        new HandshakeFailed(Origin, TlsFailureReason.ClientCertificateMissing, [], TlsAlert.CertificateRequired, null),
        .. ((TlsAlert[])[TlsAlert.CertificateExpired, TlsAlert.UnknownCa, TlsAlert.UnsupportedCertificate]).Select(alert =>
            new HandshakeFailed(Origin, TlsFailureReason.ClientCertificateRefused, [], alert, null)),
        .. ((JourneyFailure[])
        [
            new NameDoesNotExist("www.example.test", Said(AnswerSourceKind.RecursiveServer, "")), new NotConnected(Origin, [new ConnectAttempt(Address, Errno.ECONNREFUSED, 0)]),
            new HandshakeFailed(Origin, TlsFailureReason.ProtocolError, [], null, null), new ResponseUnreadable(Origin, MessageFault.EndedBeforeFirstByte, 0),
            new ResponseUnreceived(Origin, Errno.ECONNRESET, 117),
        ]).Select(cause => new ProxyFailed(Origin, cause)),
        .. ((int[])[403, 407, 502]).Select(status => new TunnelRefused(Origin, "other.example.test:443", status, "No")),
        .. Enum.GetValues<SocksFault>().Where(fault => fault != SocksFault.None).Select(fault => new SocksRefused(Origin, "other.example.test:443", fault, 117)),
        .. s_breaking.Select(error => new RequestUnsent(Origin, error)),
        .. Enum.GetValues<MessageFault>().Where(fault => fault != MessageFault.None).Select(fault => new ResponseUnreadable(Origin, fault, 117)),
        .. s_breaking.Select(error => new ResponseUnreceived(Origin, error, 117)),
        new ResponseUnreceived(Origin, Errno.ECONNRESET, 0),
        .. s_saving.Select(error => new BodyUnsaved(error, 117)),
        .. Enum.GetValues<BodyKind>().Select(kind => new BodyUnreadable(From(kind), Errno.EIO, 0)),
        .. ((Errno[])[Errno.ENOENT, Errno.EACCES, Errno.ETIMEDOUT]).Select(error => new BodyUnreadable(From(BodyKind.File), error, 117)),
        new BodyShrunk(From(BodyKind.File), 1170, 117),
        .. Enum.GetValues<RepeatCause>().Select(cause => new BodyNotRepeatable(Origin, From(BodyKind.StandardInput), cause, cause switch { RepeatCause.Redirect => 307, RepeatCause.Challenge => 401, _ => 0 })),
        .. Enum.GetValues<CodingFault>().Where(fault => fault != CodingFault.None).Select(fault => new ContentUndecodable(Origin, "gzip, br", fault, 117, 20_000_000)),
        new ContentTooLarge(Origin, 1000, 1170),
        new ContentTooLarge(Origin, 1000, null),
        new TransferTooSlow(Origin, 1024, 30_000_000_000),
        .. Enum.GetValues<ContinuationFault>().Select(fault => new ContinuationRefused(Origin, 117, fault == ContinuationFault.OtherStatus ? 404 : 200, fault)),
        .. Enum.GetValues<RedirectFault>().Select(fault => new RedirectRefused(Origin, "/next", fault, 50)),
        .. Enum.GetValues<JourneyStep>().Select(step => new OutOfTime(step, step == JourneyStep.Name ? "www.example.test" : Origin.ToString(), 2_500_000_000, TimeLimit.WholeJourney)),
        new OutOfTime(JourneyStep.Tls, Origin.ToString(), 2_500_000_000, TimeLimit.Connecting),
        new OutOfTime(JourneyStep.Read, Origin.ToString(), 2_500_000_000, TimeLimit.Rest),
    ];

    private static BodyOrigin From(BodyKind kind) => new(kind, kind is BodyKind.File or BodyKind.Pipe ? "content.bin" : "");

    private static FaultParty PartyOf(ResolutionFailureReason reason) => reason switch
    {
        ResolutionFailureReason.NoServerConfigured => FaultParty.Host,
        ResolutionFailureReason.NetworkUnreachable => FaultParty.Network,
        _ => FaultParty.RecursiveServer,
    };

    private static AnswerSource Said(AnswerSourceKind kind, string name) => new(kind, Server, name, "example.test", false, 0, 300);

    private static CertificateFault Fault(CertificateFaultKind kind, int position) =>
        new(kind, position, "CN=www.example.test", "CN=Example CA", Instant.SimulationEpoch, Instant.SimulationEpoch, Instant.SimulationEpoch, ["www.example.test"], "www.example.test");
}
