using Firstbyte.Addressing;
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
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishFailures : IFailureSentences
{
    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishUrls _urls = new();
    private readonly EnglishNames _names = new();
    private readonly EnglishTls _tls = new();
    private readonly EnglishHttp _http = new();
    private readonly EnglishFtp _ftp = new();
    private readonly EnglishNews _news = new();
    private readonly EnglishMail _mail = new();
    private readonly EnglishHostFiles _hostFiles = new();
    private readonly EnglishProxies _proxies = new();
    private readonly EnglishFiles _files = new();

    public Phrase OneLine(JourneyFailure failure) => $"firstbyte: ({FailureTable.Of(failure).ExitCode}) {What(failure)}";

    public Phrase What(JourneyFailure failure) =>
        failure.IsUnplugged ? Say($"{Reason(failure)} No network card of this host hears its link.") : Reason(failure);

    private Phrase Reason(JourneyFailure failure) => failure switch
    {
        UrlUnreadable url => Say($"This is not a URL: {_urls.Violation(url.Error)} (character {url.Position + 1})."),
        SchemeWithoutClient { Scheme: "data" } => Say($"A data: URL holds its content itself (RFC 2397): there is nobody to ask, and no client for it here."),
        SchemeWithoutClient { Scheme: "ws" or "wss" } client =>
            $"{client.Scheme}: is WebSocket (RFC 6455), which begins as HTTP and goes on in messages both ways; there is no client for it here.",
        SchemeWithoutClient { Scheme: "about" or "blob" or "javascript" } client => $"{client.Scheme}: names something within a browser: no server has it.",
        SchemeWithoutClient client => $"There is no client for {client.Scheme} yet; this version speaks http:, https:, ftp:, ftps:, file:, mailto:, news: and nntp:.",
        RequestUnwritable request => $"The request cannot be written: {Unwritable(request.Fault, request.Field)}.",
        NotADomainName name => $"{name.Name:name} is not a domain name: a part of it is empty or longer than 63 bytes, or the whole is longer than 255.",
        NameDoesNotExist name => $"The name {name.Name:name} does not exist{SaidBy(name.SaidBy)}.",
        NameWithoutAddress { Only: IpVersion.None } name => $"The name {name.Name:name} exists, but has no address.",
        NameWithoutAddress name =>
            $"The name {name.Name:name} exists, but has no {Of(name.Only):words} address; this host has no way to {Other(name.Only):words} and asked for no other.",
        VersionUnavailable name => $"There is no {Of(name.Version):words} address for {name.Name:name}, and no other is wanted.",
        NameUnresolved name =>
            $"The name {name.Name:name} could not be resolved: {(name.Blamed == FaultParty.ZoneOperator ? Say($"{Zone(name):name}: ") : "")}{(name.Blamed == FaultParty.RecursiveServer ? _names.FailureOfResolvers(name.Reason) : _names.Failure(name.Reason))}.",
        NotConnected connect => Connect($"{connect.Origin}", connect.Attempts[^1], connect.IsUnplugged),
        HandshakeFailed tls => $"The TLS handshake with {$"{tls.Origin}":name} failed: {Handshake(tls)}.",
        ProxyFailed proxy => $"The proxy {$"{proxy.Proxy}":name} cannot be used. {Reason(proxy.Cause)}",
        TunnelRefused { Status: 407 } tunnel => $"The proxy {$"{tunnel.Proxy}":name} makes no tunnel to {tunnel.Target:name}: it wants to know who asks (407).",
        TunnelRefused tunnel => $"The proxy {$"{tunnel.Proxy}":name} makes no tunnel to {tunnel.Target:name}: {tunnel.Status} {tunnel.Reason}.",
        SocksRefused socks => $"The proxy {$"{socks.Proxy}":name} makes no tunnel to {socks.Target:name}: {_proxies.Fault(socks.Fault, socks.Code)}.",
        RequestUnsent sent => $"{$"{sent.Origin}":name} did not take the whole request: the connection broke ({sent.Error}).",
        ResponseUnreadable response =>
            $"{$"{response.Origin}":name}: {_http.Fault(response.Fault, response.Flaw)}"
                + $"{(response.Position > 0 ? Say($" (byte {response.Position} of the response)") : "")}.",
        ResponseUnreceived { Error: Errno.ECONNRESET } broken =>
            $"{$"{broken.Origin}":name} reset the connection{(broken.Position > 0 ? Say($" after byte {broken.Position}") : "")}.",
        ResponseUnreceived broken => $"The connection to {$"{broken.Origin}":name} broke while its response was read ({broken.Error}, byte {broken.Position}).",
        ContentUndecodable content => $"{$"{content.Origin}":name}: {_http.CodingFault(content.Fault, content.Coding)}.",
        FtpPathUnusable path => $"The path cannot be asked for: {_ftp.PathFault(path.Fault)}.",
        FtpReplyUnreadable reply => $"{$"{reply.Origin}":name}: {_ftp.ReplyFault(reply.Fault)}.",
        FtpRefused refused =>
            $"{$"{refused.Origin}":name} {_ftp.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}.",
        FilePathUnusable path => $"The URL names no file of this host: {_hostFiles.PathFault(path.Fault)}.",
        FileRefused file => $"{file.Path:name} {_hostFiles.Refusal(file.Fault, file.Error)}.",
        MailtoUnusable url => $"The mailto: URL cannot be used: {_mail.UrlFault(url.Fault, url.Part)}.",
        MailNotTaken none => $"{none.Domain:name} takes no mail: its MX record says so (RFC 7505).",
        MailReplyUnreadable reply => $"{$"{reply.Origin}":name}: {_mail.ReplyFault(reply.Fault)}.",
        MailRefused refused =>
            $"{$"{refused.Origin}":name} {_mail.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}"
            + $"{(refused.Code / 100 == 4 ? "; this may pass" : "")}.",
        NewsUnusable url => $"The news: URL cannot be used: {_news.UrlFault(url.Fault)}.",
        NewsReplyUnreadable reply => $"{$"{reply.Origin}":name}: {_news.ReplyFault(reply.Fault)}.",
        NewsRefused refused =>
            $"{$"{refused.Origin}":name} {_news.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}.",
        BodyUnsaved body => $"The body could not be saved: {_files.NotWritten(body.Error)}.",
        BodyUnreadable body =>
            $"The content could not be read from {_files.Source(body.From)}{(body.Position > 0 ? Say($" any further (after {_amounts.Bytes(body.Position)})") : "")}: {_files.NotRead(body.Error)}.",
        BodyShrunk body =>
            $"The content ended after {_amounts.Bytes(body.Position)} of the {_amounts.Bytes(body.Promised)} that were promised: somebody has cut {_files.Source(body.From)} meanwhile.",
        BodyNotRepeatable body => $"{Repeating(body)}, and {_files.Source(body.From)} can be read only once.",
        OutOfTime { Limit: TimeLimit.Rest } rest =>
            $"{rest.Party:name} says nothing more, and nothing else will happen in this lab: without a limit the wait would never end.",
        ContentTooLarge large => large.Said is { } said
            ? Say($"{$"{large.Origin}":name} has {_amounts.Bytes(said)}, and {_amounts.Bytes(large.Limit)} may come.")
            : $"{$"{large.Origin}":name} sends more than the {_amounts.Bytes(large.Limit)} that may come.",
        TransferTooSlow slow =>
            $"The transfer with {$"{slow.Origin}":name} was too slow: less than {_amounts.Bytes(slow.BytesPerSecond)} a second for {_amounts.Duration(slow.LimitNanoseconds)}.",
        ContinuationRefused { Fault: ContinuationFault.Upload } => "An upload over HTTP cannot be gone on with: a server stores the whole or nothing.",
        ContinuationRefused rest => $"What {$"{rest.Origin}":name} sends is not the rest of the {_amounts.Bytes(rest.Position)} that are here: {Rest(rest)}.",
        MailUnconfirmed unconfirmed =>
            $"{$"{unconfirmed.Origin}":name} has the whole message and has not said whether it takes it, "
            + $"so whether it is delivered is unknown. {Reason(unconfirmed.Cause)}",
        OutOfTime time => Time(time),
        RedirectRefused redirect => Redirect(redirect),
        _ => throw new ArgumentException("a failure without words", nameof(failure)),
    };

    private static Phrase Rest(ContinuationRefused rest) => rest.Fault switch
    {
        ContinuationFault.NoParts => "all of it comes, and no ETag was kept that would show whether it is still the same",
        ContinuationFault.OtherPart => "it begins at another place",
        ContinuationFault.BeyondEnd => "so many the server does not have",
        _ => $"it answers with {rest.Status}",
    };

    private static Phrase Repeating(BodyNotRepeatable body) => body.Cause switch
    {
        RepeatCause.Redirect => Say($"{body.Status} sends the request on to {$"{body.Origin}":name}"),
        RepeatCause.Challenge => $"{$"{body.Origin}":name} asks who it is ({body.Status}) after the content went out, so the request has to go again",
        RepeatCause.Hash => $"{$"{body.Origin}":name} wants a hash of the content before the content itself (Digest, auth-int)",
        RepeatCause.Connection => $"The reused connection to {$"{body.Origin}":name} had died, so the request has to go again",
        RepeatCause.NextUrl => $"{$"{body.Origin}":name} is to have the content that the URL before it was sent",
    };

    public Phrase AtFault(JourneyFailure failure) => $"At fault: {Party(failure)}";

    public Phrase? Try(JourneyFailure failure, Standpoint at) =>
        (failure.IsUnplugged ? Plug(at) : Cure(failure, at)) is { } cure
            ? at.IsElsewhere(cure.ToString()) ? Say($"With the command, try: {cure:words}") : Say($"Try: {cure:words}")
            : null;

    private static string Of(IpVersion version) => version == IpVersion.V4 ? "IPv4" : "IPv6";

    private static string Other(IpVersion version) => version == IpVersion.V4 ? "IPv6" : "IPv4";

    private static string Wrong(JourneyFailure failure) => failure switch
    {
        NameUnresolved { Reason: ResolutionFailureReason.AliasLoop or ResolutionFailureReason.AliasChainTooLong } => "their aliases are",
        NameUnresolved { Reason: ResolutionFailureReason.Bogus } => "their signatures or their parent's DS records are",
        NameUnresolved { Zone: "." } => "their servers are",
        _ => "their servers or their parent's entries are",
    };

    private static string Zone(NameUnresolved name) => name.Zone == "." ? "the root" : name.Zone.TrimEnd('.');

    private static Phrase SaidBy(AnswerSource source) => source.Kind switch
    {
        AnswerSourceKind.SpecialUseName => ", by a rule for special-use names (RFC 6761)",
        _ when source.ServerName.Length > 0 => $": {source.ServerName:name} says so",
        _ when source.Server is { } server => $": {server.Address} says so",
        _ => "",
    };

    private Phrase Connect(string party, ConnectAttempt last, bool isUnplugged) => last.Error switch
    {
        Errno.ECONNREFUSED => Say($"The connection to {party:name} was refused: the host is there, but nothing listens on that port."),
        Errno.ETIMEDOUT => $"No connection to {party:name}: no answer came within {_amounts.Duration(last.ElapsedNanoseconds)}.",
        Errno.ENETUNREACH when last.IsToMany =>
            $"No connection to {party:name}: {last.Address} is no host's address but that of many at once, and TCP speaks with one.",
        Errno.ENETUNREACH when last is { HasRoute: true, IsOfWorld: true } =>
            $"No connection to {party:name}: a router on the way has no way to {last.Address} now.",
        Errno.ENETUNREACH when last.HasRoute => $"No connection to {party:name}: a router on the way knows no network that has the address {last.Address}.",
        Errno.ENETUNREACH when last.IsWithoutAddress =>
            $"No connection to {party:name}: this host has no {Version(last):words} address: none was set, and nobody has lent it one (DHCP).",
        Errno.ENETUNREACH => $"No connection to {party:name}: this host has no route to that network.",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN when isUnplugged => $"No connection to {party:name}: the host cannot be reached.",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN =>
            $"No connection to {party:name}: nobody answers for the address {last.Address}, "
            + $"or a router on the way to it cannot get any further (or a firewall says so).",
        Errno.ENETDOWN => $"No connection to {party:name}: this host's network is down: it has no power, or its network card is shut.",
        Errno.EAFNOSUPPORT => $"No connection to {party:name}: this host does not speak that version of IP.",
        Errno.EMFILE => "No socket could be created: this process has too many open already.",
        _ => $"No connection to {party:name}: {EnglishSockets.ReasonOf(last.Error)}.",
    };

    private Phrase Handshake(HandshakeFailed tls) => tls switch
    {
        { Reason: TlsFailureReason.CertificateRejected, Faults: [var first, .. var others] } => others
            .Where(fault => fault.Kind != first.Kind).Select(static fault => Certificate(fault.Kind)).Distinct()
            .Aggregate(
                Say($"{(first.Position == 0 ? "the server's certificate " : "a certificate above the server's "):words}{Certificate(first.Kind):words}"),
                static (all, next) => $"{all}, and {next:words}"),
        _ => _tls.Failure(tls.Reason, tls.Alert, tls.Error),
    };

    private static string Certificate(CertificateFaultKind fault) => fault switch
    {
        CertificateFaultKind.Expired => "has expired",
        CertificateFaultKind.NotYetValid => "is not valid yet",
        CertificateFaultKind.WrongName => "is for another name",
        CertificateFaultKind.UnknownIssuer => "was issued by somebody whom nobody here trusts",
        CertificateFaultKind.SelfSigned => "is self-signed, and nobody else vouches for it",
        CertificateFaultKind.Revoked => "was revoked",
        CertificateFaultKind.RevocationUnknown => "may have been revoked, and no list that can be used says so or denies it",
        CertificateFaultKind.BadSignature => "bears a signature that is not its issuer's",
        CertificateFaultKind.WeakSignature => "was signed by means that can be forged",
        CertificateFaultKind.BadUsage => "is not meant for servers",
        CertificateFaultKind.NotAnAuthority => "was issued by one who may not issue certificates",
        CertificateFaultKind.Malformed => "cannot be read",
        CertificateFaultKind.Missing => "is missing",
    };

    // What a server says of itself answers no command.
    private static Phrase Said(string command, int code, string said) => command.Length > 0 ? $" ({command} → {code} {said})" : Say($" ({code} {said})");

    private Phrase Time(OutOfTime time) => time.Step switch
    {
        JourneyStep.Name => Say($"The name {time.Party:name} was not resolved within {_amounts.Duration(time.LimitNanoseconds)}."),
        JourneyStep.Connect => $"No connection to {time.Party:name}: no answer came within {_amounts.Duration(time.LimitNanoseconds)}.",
        JourneyStep.Tls => $"The TLS handshake with {time.Party:name} was not finished within {_amounts.Duration(time.LimitNanoseconds)}.",
        JourneyStep.Write => $"{time.Party:name} did not take the whole request within {_amounts.Duration(time.LimitNanoseconds)}.",
        JourneyStep.Save => $"The body was not saved within {_amounts.Duration(time.LimitNanoseconds)}.",
        JourneyStep.Url or JourneyStep.Client or JourneyStep.Request or JourneyStep.Read =>
            $"{time.Party:name} did not finish its response within {_amounts.Duration(time.LimitNanoseconds)}.",
    };

    private static Phrase Redirect(RedirectRefused redirect) => redirect.Fault switch
    {
        RedirectFault.Limit =>
            Say($"{$"{redirect.Origin}":name} redirects to {redirect.Location:name}, and {redirect.Limit} redirects have been followed already."),
        RedirectFault.Loop =>
            $"{$"{redirect.Origin}":name} redirects to {redirect.Location:name}, where the same request has been made before: it would go round in circles.",
        RedirectFault.NotAUrl => $"{$"{redirect.Origin}":name} redirects to {redirect.Location:name}, which is not a URL.",
        RedirectFault.OtherScheme => $"{$"{redirect.Origin}":name} redirects to {redirect.Location:name}; redirects are followed to http: and https: only.",
    };

    private static Phrase Unwritable(WriteFault fault, string field) => fault switch
    {
        WriteFault.MethodNotToken => "the method may hold letters, digits and !#$%&'*+-.^_`|~ only",
        WriteFault.TargetEmpty => "its target is empty",
        WriteFault.TargetHasWhitespaceOrControl => "its target holds a space or a control character, and what follows would be read as something else",
        WriteFault.TargetNotAscii => "its target holds characters beyond ASCII, which have to be percent-encoded",
        WriteFault.FieldNameNotToken => Say($"'{field}' is no field name: letters, digits and !#$%&'*+-.^_`|~ are allowed"),
        WriteFault.FieldValueHasLineBreakOrNul =>
            $"the value of {(field.Length == 0 ? "Host" : field)} holds a line break or NUL, and what follows would be read as another field",
        WriteFault.HostRepeated => "Host is there twice, and a request has one",
        WriteFault.ContentLengthWrong => "Content-Length is not the length of the body, or is there twice",
        WriteFault.TransferEncodingWithContentLength => "Transfer-Encoding and Content-Length exclude each other",
        WriteFault.TransferCodingUnknown => "no other transfer coding than chunked is written here",
        WriteFault.LengthUnknownInHttp10 =>
            "the length of the content is not known, and HTTP/1.0 needs it beforehand",
        WriteFault.ContentInTrace => "TRACE carries no content, which its answer would show to others",
        WriteFault.TunnelToPage => "CONNECT asks for a tunnel to a host and port, and the URL names a page there",
        WriteFault.ChunkedInHttp10 => "HTTP/1.0 does not know the chunked coding",
        WriteFault.None or WriteFault.StatusOutOfRange or WriteFault.ReasonHasControl or WriteFault.DestinationTooShort => "it would be malformed",
    };

    private static Phrase Party(JourneyFailure failure) => FailureTable.Of(failure) switch
    {
        { AtFault: FaultParty.Host } when failure.IsUnplugged => "this host, whose network cable is out",
        { AtFault: FaultParty.User } when failure is NotConnected { Attempts: [.., { IsToMany: true }] } =>
            "the address, for whoever typed it or gave it to the name: no host has it",
        { AtFault: FaultParty.User } when failure is NotConnected => "the address, for whoever typed it or gave it to the name: no network has it",
        { AtFault: FaultParty.User } when failure is NameWithoutAddress => "the name as it was typed (or whoever manages it)",
        { AtFault: FaultParty.User } when failure is ProxyFailed => "whoever named the proxy: on the command line, or in the environment",
        { AtFault: FaultParty.User } => failure is NameDoesNotExist ? "the name as it was typed (or whoever should have registered it)" : "what was typed",
        { AtFault: FaultParty.Host } when failure is NameWithoutAddress => "this host, which has no way to IPv4",
        { AtFault: FaultParty.Host, Step: JourneyStep.Name } => "this host's resolver configuration",
        { AtFault: FaultParty.Host } => "this host",
        { AtFault: FaultParty.Network } when failure is NotConnected { Attempts: [.., { Error: Errno.EHOSTUNREACH or Errno.EHOSTDOWN }] } =>
            "the host at that address, or the network on the way to it: the error does not say which",
        { AtFault: FaultParty.Network } => "the network between here and there",
        { AtFault: FaultParty.ZoneOperator } when failure is NameUnresolved { Reason: ResolutionFailureReason.NoServerAnswers } silent =>
            Say($"the operators of {Zone(silent):name}, or the network on the way to their servers: silence does not say which"),
        { AtFault: FaultParty.ZoneOperator } =>
            Say($"the operators of {(failure is NameUnresolved name ? Zone(name) : ""):name} ({Wrong(failure)} wrong)"),
        { AtFault: FaultParty.RecursiveServer } when failure is NameUnresolved { Reason: ResolutionFailureReason.NoServerAnswers } =>
            "the DNS server that was asked, those that it asked in its turn, or the network: silence does not say which",
        { AtFault: FaultParty.RecursiveServer } => "the DNS server that was asked",
        { AtFault: FaultParty.Proxy } when failure is SocksRefused
        {
            Fault: SocksFault.GeneralFailure or SocksFault.NetworkUnreachable or SocksFault.HostUnreachable or SocksFault.ConnectionRefused
                or SocksFault.TimeToLiveExpired
        } or TunnelRefused { Status: >= 500 } => Say($"the proxy at {Server(failure):name}, or who is behind it: it is known by the proxy's word alone"),
        { AtFault: FaultParty.Proxy } => Say($"the proxy at {Server(failure):name}"),
        { AtFault: FaultParty.Server } when failure is HandshakeFailed { Reason: TlsFailureReason.CertificateRejected, Faults: [var first, ..] } tls
            && Array.TrueForAll(tls.Faults, static one => one.Kind is CertificateFaultKind.NotYetValid or CertificateFaultKind.Expired) =>
            Say($"the certificate of the server at {Server(failure):name}, or this host's clock, "
                + $"which says {Amounts.Day(first.JudgedAt)}: one of the two is wrong"),
        { AtFault: FaultParty.Server } => Say($"the server at {Server(failure):name}"),
        _ => "nobody can be named by what was seen",
    };

    private static string Server(JourneyFailure failure) => failure switch
    {
        NotConnected connect => connect.Origin.ToString(),
        HandshakeFailed tls => tls.Origin.ToString(),
        ProxyFailed proxy => proxy.Proxy.ToString(),
        TunnelRefused tunnel => tunnel.Proxy.ToString(),
        SocksRefused socks => socks.Proxy.ToString(),
        RequestUnsent sent => sent.Origin.ToString(),
        ResponseUnreadable response => response.Origin.ToString(),
        ResponseUnreceived received => received.Origin.ToString(),
        ContentUndecodable content => content.Origin.ToString(),
        FtpReplyUnreadable reply => reply.Origin.ToString(),
        FtpRefused refused => refused.Origin.ToString(),
        RedirectRefused redirect => redirect.Origin.ToString(),
        BodyNotRepeatable body => body.Origin.ToString(),
        ContinuationRefused rest => rest.Origin.ToString(),
        MailReplyUnreadable reply => reply.Origin.ToString(),
        NewsReplyUnreadable reply => reply.Origin.ToString(),
        NewsRefused refused => refused.Origin.ToString(),
        MailRefused refused => refused.Origin.ToString(),
        ContentTooLarge large => large.Origin.ToString(),
        TransferTooSlow slow => slow.Origin.ToString(),
        MailUnconfirmed unconfirmed => unconfirmed.Origin.ToString(),
        OutOfTime time => time.Party,
        _ => "",
    };

    private static string Plug(Standpoint at) => at switch
    {
        { IsPrompt: true } => "'links' shows which cable is out, 'mend LINK' plugs it in again",
        { Lab: { } lab } => $"firstbyte lab show {lab} shows which fault of the lab pulls the cable",
        _ => "plug the network cable in, or switch the card on",
    };

    private static string? Cure(JourneyFailure failure, Standpoint at) => failure switch
    {
        NameFailure { LookUpAt: { } proxy } => $"-x {proxy.Scheme}://{proxy}, which has the proxy look the name up",
        UrlUnreadable => "firstbyte url '…' shows where the text stops being a URL",
        SchemeWithoutClient { Scheme: "data" } => "firstbyte url '…' shows its parts",
        SchemeWithoutClient { Scheme: "ws" or "wss" } => "http:// instead of ws://, https:// instead of wss://: the same server, asked for a page",
        SchemeWithoutClient => "a URL that begins with http://, https://, ftp:// or ftps://",
        RequestUnwritable { Fault: WriteFault.FieldNameNotToken } => "-H 'Name: value', the name in one word of letters, digits and hyphens",
        NotADomainName => "check the spelling: between two dots there is a part",
        RedirectRefused { Fault: RedirectFault.Loop } => "-v shows each Location; a cookie may be what the server waits for: -b ''",
        RequestUnwritable { Fault: WriteFault.ContentInTrace } => "without -d, -F and -T, or another method, such as POST",
        RequestUnwritable { Fault: WriteFault.TunnelToPage } => "the URL without its path: a tunnel leads to the host",
        RequestUnwritable { Fault: WriteFault.MethodNotToken } => "a method in one word, such as -X PROPFIND, or none: GET is asked for then",
        NameDoesNotExist { SaidBy.Kind: AnswerSourceKind.SpecialUseName } => "another name: this one is reserved, and nobody can register it",
        NameDoesNotExist when at.IsPrompt => "check the spelling",
        NameDoesNotExist when at is { Lab: { } lab, IsWithoutRoots: true } => $"check the spelling; firstbyte lab show {lab} shows which names there are",
        NameDoesNotExist name when at.Lab is null && SpecialUseNames.IsMulticastDns(name.Name) =>
            "another name: those under .local are looked up by multicast DNS (RFC 6762), which is not spoken here",
        NameDoesNotExist name when at.Lab is null && SpecialUseNames.IsReserved(name.Name) => "another name: this one is reserved, and nobody can register it",
        NameDoesNotExist { SaidBy.Kind: AnswerSourceKind.ResponsibleServer } => "check the spelling",
        NameDoesNotExist => "check the spelling; --iterative asks from the root servers down, past any cache",
        NameWithoutAddress { Only: IpVersion.V6 } name =>
            $"{at.Command("resolve", $"{name.Name} A")} to see whether the name has an IPv4 address; then this host needs one too, and a route",
        NameWithoutAddress name => $"{at.Command("resolve", $"{name.Name} MX")} (or another type) to see what the name has",
        VersionUnavailable { Version: var version } => $"without -{(version == IpVersion.V4 ? "4" : "6")}, which asks for {Of(version):words} alone",
        NameUnresolved name => Resolving(name, at),
        NotConnected connect => Connecting(connect.Attempts[^1], at),
        HandshakeFailed tls => Securing(tls, at),
        ProxyFailed or TunnelRefused or SocksRefused => ThroughProxy(failure, at),
        ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte } or ResponseUnreceived { Error: Errno.ECONNRESET, Position: 0 } =>
            "https:// instead of http:// (or the reverse): the server may speak the other",
        ResponseUnreadable or ResponseUnreceived when at.IsPrompt => $"firstbyte lab run {at.Lab} -v shows the bytes on the wire",
        ResponseUnreadable { Fault: MessageFault.NotHttp } => "-v shows the bytes; another protocol may live on that port",
        ContentUndecodable => "without --compressed the server may send it as it is",
        RedirectRefused { Fault: RedirectFault.Limit } => "--max-redirs changes how many are followed",
        OutOfTime { Limit: TimeLimit.Rest } when at.IsPrompt =>
            "'sockets HOST' shows whether the other side still knows of the connection, 'links' which cable is out",
        OutOfTime { Limit: TimeLimit.Rest } => "-vv shows the last packet that came, and what became of those after it; --max-time ends such a wait sooner",
        ContentTooLarge => "--max-filesize changes how much may come",
        TransferTooSlow => "--speed-limit and --speed-time change how slow a transfer may be",
        ContinuationRefused { Fault: not ContinuationFault.OtherStatus } => "all of it, without -C",
        MailUnconfirmed => null,
        OutOfTime when at.IsPrompt => null,
        OutOfTime { Step: JourneyStep.Tls, Limit: TimeLimit.Connecting } =>
            "--connect-timeout changes how long connecting may take, TLS included; or http:// instead of https://: the server may wait for words without TLS",
        OutOfTime { Step: JourneyStep.Tls } =>
            "--max-time changes how long the whole journey may take; or http:// instead of https://: the server may wait for words without TLS",
        OutOfTime { Limit: TimeLimit.Connecting } => "--connect-timeout changes how long connecting may take, TLS included",
        OutOfTime => "--max-time changes how long the whole journey may take",
        ResponseUnreadable or ResponseUnreceived => "-v shows the bytes on the wire",
        FtpRefused { Fault: FtpFault.LoginDenied } => "another user or password in the URL (ftp://USER:PASSWORD@host/)",
        FtpRefused ftp when FtpSessions.IsWanted(ftp) =>
            "the server's name instead of its address: here a session is kept by name alone (--resolve gives an address a name)",
        FtpRefused { Fault: FtpFault.FileUnavailable or FtpFault.DirectoryRefused } => "the directory with a / at its end shows what is there",
        MailtoUnusable { Fault: MailtoFault.NoSender } => "--mail-from ADDRESS says who sends it",
        MailtoUnusable { Fault: MailtoFault.NoRecipient or MailtoFault.NotAMailbox } => "mailto:name@example.com",
        MailRefused { Code: >= 400 and < 500 } => "the same later: a code that begins with 4 may pass",
        MailRefused { Fault: SmtpFault.LoginDenied } => "another user or password with -u USER:PASSWORD",
        MailRefused { Fault: SmtpFault.RecipientsRefused or SmtpFault.SomeRecipientsRefused or SmtpFault.SenderRefused } =>
            "check the addresses; a server that wants to know who sends is a --smarthost with -u USER:PASSWORD",
        MailRefused { Fault: SmtpFault.SecurityRefused or SmtpFault.WouldBeRead } => "--smarthost HOST:465, if the server speaks TLS from the first byte",
        NewsUnusable { Fault: NewsUrlFault.NoServer } => "--news-server HOST, or the server in the URL: news://HOST/GROUP",
        NewsUnusable { Fault: NewsUrlFault.FieldMissing } => "a line 'Subject: …' at the file's head, and --mail-from ADDRESS",
        NewsRefused { Fault: NntpFault.NoGroup or NntpFault.NoArticle } => "'news:*' lists the server's groups, news:GROUP what there is in one",
        NewsRefused { Fault: NntpFault.LoginWanted or NntpFault.LoginDenied } => "-u USER:PASSWORD, with a user whom the server knows",
        NewsRefused { Fault: NntpFault.WouldBeRead } => "nntps://, if the server speaks TLS on port 563",
        FileRefused { Fault: FileFault.Unreadable, Error: Errno.ENOENT } => "the directory above it, with a / at its end, shows what is there",
        FileRefused { Fault: FileFault.WritingNotAllowed } => "--allow-file-write lets -T write a file of this host",
        FileRefused { Fault: FileFault.BeyondEnd } => "-I shows how long the file is",
        FilePathUnusable { Fault: FilePathFault.OtherHost } => "file:///PATH for a file of this host, or the scheme by which that host serves it (https:, ftp:)",
        BodyUnsaved { Error: Errno.ENOSPC or Errno.EDQUOT } => "make room, or -o FILE on another disk",
        BodyUnsaved { Error: Errno.ETIMEDOUT } => "a reader at the pipe's other end before the journey starts, or -o with a regular file",
        BodyNotRepeatable => "the content from a file, which can be read again: -T FILE, -d @FILE",
        RequestUnwritable { Fault: WriteFault.LengthUnknownInHttp10 } => "without --http1.0, or the content from a file",
        BodyUnsaved => "another file with -o FILE",
        _ => null,
    };

    private static string? ThroughProxy(JourneyFailure failure, Standpoint at) => failure switch
    {
        TunnelRefused { Status: 407 } or SocksRefused { Fault: SocksFault.CredentialsWanted or SocksFault.CredentialsRefused } when at.IsPrompt =>
            "user and password before the proxy's host: -x http://USER:PASSWORD@HOST:PORT, or with the scheme that it has",
        TunnelRefused { Status: 407 } => "-U USER:PASSWORD tells the proxy; --proxy-anyauth allows every way that it offers",
        SocksRefused { Fault: SocksFault.CredentialsWanted or SocksFault.CredentialsRefused } => "-U USER:PASSWORD tells the proxy",
        SocksRefused { Fault: SocksFault.NotSocks or SocksFault.Ended } socks => $"-x http://{socks.Proxy}, if it is an HTTP proxy",
        SocksRefused { Fault: SocksFault.NeedsIpv4 } => "--socks5-hostname instead, if the proxy speaks it",
        ProxyFailed { Cause: ResponseUnreadable { Fault: MessageFault.NotHttp or MessageFault.EndedBeforeFirstByte } } proxy =>
            $"-x socks5h://{proxy.Proxy}, if it is a SOCKS proxy",
        ProxyFailed { Cause: HandshakeFailed { Reason: TlsFailureReason.ProtocolError or TlsFailureReason.ConnectionEnded } } proxy =>
            $"-x http://{proxy.Proxy}: the proxy may be spoken to without TLS",
        SocksRefused { Fault: SocksFault.CredentialsUnsayable or SocksFault.NameUnsayable } => null,
        _ => "another proxy with -x, or none with --noproxy '*', where the server can be reached without one",
    };

    private static string? Resolving(NameUnresolved name, Standpoint at) => name switch
    {
        { Reason: ResolutionFailureReason.NoServerConfigured } when at.Lab is not null => "a nameserver of the host in the lab's file",
        { Reason: ResolutionFailureReason.NoServerConfigured } => "a nameserver line in /etc/resolv.conf, or --server ADDR",
        { Blamed: FaultParty.Network } => Route(at),
        { Reason: ResolutionFailureReason.Bogus } => $"{at.Shell("resolve", $"{name.Name} --explain")} shows where the chain of trust breaks",
        { Blamed: FaultParty.ZoneOperator } => $"{at.Shell("resolve", $"{name.Name} --iterative -v")} shows which server fails, and how",
        { Blamed: not FaultParty.RecursiveServer } => null,
        _ when at is { Lab: { } lab, IsWithoutRoots: true } => $"firstbyte lab show {lab} shows which server knows which names",
        _ when at.IsPrompt => $"{at.Shell("resolve", $"{name.Name} --iterative")} asks from the root servers down",
        _ => "--iterative to ask from the root servers down, or --server ADDR to ask another resolver",
    };

    private static string Version(ConnectAttempt last) => last.Address.IsV4 ? "IPv4" : "IPv6";

    private static string? Connecting(ConnectAttempt last, Standpoint at) => last.Error switch
    {
        Errno.ECONNREFUSED when at.IsPrompt => "another port: 'sockets HOST' shows at which ones a host listens",
        Errno.ECONNREFUSED when at.Lab is { } lab => $"another port: firstbyte lab show {lab} says what each host serves",
        Errno.ECONNREFUSED => "another port (http://host:8080/), or start the server",
        Errno.ETIMEDOUT when at.IsPrompt => "'links' and 'faults' show what may swallow the packets",
        Errno.ETIMEDOUT => "a firewall may drop the packets; --connect-timeout changes how long to wait",
        Errno.ENETUNREACH when last.IsToMany => "the address of one host",
        Errno.ENETUNREACH when last is { HasRoute: true, IsOfWorld: true } && at.IsPrompt =>
            $"'links' and 'faults' show what is out; traceroute {last.Address} shows which router says so",
        Errno.ENETUNREACH when last.HasRoute => $"{at.Command("traceroute", $"{last.Address}")} shows who says so",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN => $"{at.Command("traceroute", $"{last.Address}")} shows who says so; the host may be off, or its cable out",
        Errno.ENETDOWN when at.IsPrompt => "'faults' shows what has no power, and 'heal down' gives it back",
        Errno.ENETUNREACH when last.IsWithoutAddress && at.IsPrompt =>
            "the DHCP server of its network: 'hosts' shows who has addresses and power, 'links' which cables are out",
        Errno.ENETUNREACH when last.IsWithoutAddress => "the DHCP server of its network, or an address of its own",
        Errno.ENETUNREACH => Route(at),
        Errno.EADDRNOTAVAIL or Errno.ENETDOWN when at.Lab is null => "whether the network cards of this host are up and have addresses: ip address",
        _ => null,
    };

    private static string Route(Standpoint at) => at switch
    {
        { IsPrompt: true } => "the host's routes and its network cable ('routes', 'links')",
        { Lab: { } lab } => $"the host's routes and its network cable (firstbyte lab routes {lab}, firstbyte lab links {lab})",
        _ => "the host's routes and its network cable",
    };

    private static string? Securing(HandshakeFailed tls, Standpoint at) => tls switch
    {
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.Missing }, ..] } => null,
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.NotYetValid }] } =>
            "this host's clock, if it is wrong; -k goes on in spite of the certificate",
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.WrongName }] } =>
            "a name that the certificate is for; -k goes on in spite of it",
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.UnknownIssuer or CertificateFaultKind.SelfSigned }] }
            when !at.IsPrompt =>
            "--cacert FILE, if you have the root that vouches for the server; -k goes on in spite of the certificate",
        { Reason: TlsFailureReason.CertificateRejected } => "-k goes on in spite of the certificate, if you know why it fails the check",
        { Reason: TlsFailureReason.ClientCertificateMissing } => "--cert FILE and --key FILE, with a certificate that the server takes",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.CertificateExpired } =>
            "a certificate whose time has begun and is not over, from its issuer",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.UnknownCa } =>
            "a certificate from an authority that the server trusts; the file of --cert may hold the issuers between the two, behind the own one",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.UnsupportedCertificate } =>
            "a certificate that is meant for clients (extended key usage clientAuth)",
        { Reason: TlsFailureReason.ClientCertificateRefused } => "another certificate with --cert and --key",
        { Reason: TlsFailureReason.KeyNotPinned } => $"--pinnedpubkey '{tls.Pin}', if you know from elsewhere that the key is the server's",
        { Reason: TlsFailureReason.ProtocolError or TlsFailureReason.ConnectionEnded }
            or { Reason: TlsFailureReason.TransportFailed, Error: Errno.ECONNRESET } =>
            "http:// instead of https://: the server may speak it without TLS on that port",
        { Alert: TlsAlert.HandshakeFailure or TlsAlert.ProtocolVersion or TlsAlert.InsufficientSecurity } =>
            "the server's settings: TLS 1.2 and 1.3 are spoken here, unless --tlsv1.3, --tls-max or --ciphers leave some out",
        _ => null,
    };
}
