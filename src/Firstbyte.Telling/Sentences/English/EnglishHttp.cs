using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Cookies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishHttp : IHttpSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Request(string method, string target, string version, int fields, long headBytes, long? bodyBytes) =>
        $"{method} {target} {version} · {_amounts.Fields(fields)} · {_amounts.Bytes(headBytes + (bodyBytes ?? 0))}{(bodyBytes is null ? " and the content" : "")}";

    public Phrase Retried(string method) => $"! the reused connection had died: {method} goes out once more on a new one";

    public Phrase NotRetried(string method) =>
        $"! the reused connection had died: {method} does not go out again by itself, as the server may have done it already (RFC 9110 9.2.2)";

    public Phrase ExpectationRefused(int status) => $"! {status}: the server does not say beforehand whether it takes the content: it goes out unasked";

    public Phrase ContentSent(long bytes, ContentEnd how) => how switch
    {
        ContentEnd.Whole or ContentEnd.UnderWay => $"{_amounts.Bytes(bytes)} of content sent",
        ContentEnd.Stopped => $"{_amounts.Bytes(bytes)} of content sent; the rest stays here, as the server has answered without it",
        ContentEnd.Broken => $"{_amounts.Bytes(bytes)} of content sent, then the connection broke",
        ContentEnd.Unreadable => $"! {_amounts.Bytes(bytes)} of content sent, and no more can be read",
        ContentEnd.Shrunk => $"! {_amounts.Bytes(bytes)} of content sent, fewer than promised: somebody has cut it meanwhile",
        ContentEnd.Grown => $"! {_amounts.Bytes(bytes)} of content sent, as promised; there are more by now, which stay here",
    };

    public Phrase CredentialsSent(CredentialsSent sent)
    {
        var (scheme, isReadable) = (sent.Scheme, sent.IsReadable);
        var from = sent.IsForProxy ? " for the proxy" : sent.Source switch
        {
            CredentialsSource.Url => " of the URL",
            CredentialsSource.Netrc => " of the netrc file",
            CredentialsSource.User => "",
        };
        return scheme switch
        {
            AuthenticationSchemes.Digest => $"the password{from} goes along as a hash: Digest",
            AuthenticationSchemes.Bearer when isReadable => $"! the token goes along: without TLS everybody on the way can read and use it",
            AuthenticationSchemes.Bearer => $"the token goes along",
            _ when isReadable => $"! the password{from} goes along as Basic: without TLS everybody on the way can read it, as base64 hides nothing",
            _ => $"the password{from} goes along as Basic, which TLS covers",
        };
    }

    public Phrase Challenged(ChallengeReceived challenge) =>
        $"the {(challenge.IsOfProxy ? "proxy" : "server")} asks who it is: {Becomes(challenge)}{Offered(challenge.Offered)}{For(challenge.Realm)}";

    private static string For(string realm) => realm.Length > 0 ? $" · for {realm}" : "";

    private static string Offered(string[] schemes) => schemes.Length == 0 ? " · offered: nothing" : $" · offered: {string.Join(", ", schemes)}";

    private static string Becomes(ChallengeReceived challenge) => challenge.Verdict switch
    {
        ChallengeVerdict.Answered when challenge.IsStale => "its nonce was too old, and the new one is answered",
        ChallengeVerdict.Answered => $"asked again with {challenge.Answered}",
        ChallengeVerdict.NoCredentials => challenge.IsOfProxy ? "-U USER:PASSWORD says it" : "-u USER:PASSWORD says it",
        ChallengeVerdict.NotAllowed => challenge.IsOfProxy ? "--proxy-anyauth allows what it offers" : "--anyauth allows what it offers",
        ChallengeVerdict.NotSpoken => "nothing of what it offers is spoken here",
        ChallengeVerdict.Refused => "it does not accept what it was told",
    };

    public Phrase Proven(bool isRight) => isRight
        ? $"the server knows the password too: its proof is right"
        : $"! the server's proof that it knows the password is wrong: this may be another server";

    public Phrase CookieSent(CookieName cookie) => $"cookie {Name(cookie.Name)} goes along: {Whose(cookie)}";

    public Phrase CookieLeftOut(CookieName cookie, CookieWithheld why) => why switch
    {
        CookieWithheld.OtherPath => $"cookie {Name(cookie.Name)} stays: it is for {cookie.Path}",
        CookieWithheld.NeedsSecure => $"cookie {Name(cookie.Name)} stays: it goes over TLS only",
        CookieWithheld.OtherSite => $"cookie {Name(cookie.Name)} stays: another site led here (SameSite)",
        CookieWithheld.NoRoom => $"cookie {Name(cookie.Name)} stays: the Cookie field is full ({_amounts.Bytes(CookieLimits.Field)})",
        CookieWithheld.None => CookieSent(cookie),
    };

    public Phrase CookieKept(CookieName cookie, bool isRemoved, DateTimeOffset? expires) => (isRemoved, expires) switch
    {
        (true, _) => $"cookie {Name(cookie.Name)} ends here: its server has let it expire",
        (_, { } end) => $"cookie {Name(cookie.Name)} kept until {end:yyyy-MM-dd HH:mm} UTC: {Whose(cookie)}",
        _ => $"cookie {Name(cookie.Name)} kept for this session: {Whose(cookie)}",
    };

    public Phrase CookieUnwritable(string name, string domain) =>
        $"the cookie {name:name} of {domain:name} is not in the file: it holds a tab, which ends a field there";

    public Phrase NoHstsFile(string file) => $"'{file}' holds something else than hosts for HSTS, and --hsts would write over it: name another file";

    public Phrase HstsLinesUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}: this line is no host with a time (host \"YYYYMMDD HH:MM:SS\") and is passed over"
        : $"{file}:{lines[0]}: this line and {lines.Count - 1} more are no hosts with a time (host \"YYYYMMDD HH:MM:SS\") and are passed over";

    public Phrase CookieLinesUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}: this line is no cookie of Netscape's form (seven fields with tabs between them) and is passed over"
        : $"{file}:{lines[0]}: this line and {lines.Count - 1} more are no cookies of Netscape's form (seven fields with tabs between them) "
            + "and are passed over";

    public Phrase NoCookieFile(string file) => $"there is no file '{file}' to read cookies from: none are sent (a single cookie is written NAME=VALUE)";

    public Phrase NetrcQuoteIsOpen(string file, int line) =>
        $"{file}:{line}: the quotation mark that begins here has no end on its line: whose password is which cannot be said, and nothing is asked";

    public Phrase NetrcWordsUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}: a word stands here that is none of machine, default, login, password, account and macdef, and is passed over"
        : $"{file}:{lines[0]}: a word stands here that is none of machine, default, login, password, account and macdef; it and {lines.Count - 1} more are passed over";

    public Phrase CookieRefused(string name, CookieRefusal why) => $"! cookie {Name(name)} refused: {Refusal(why)}";

    private static string Name(string name) => name.Length == 0 ? "without a name" : name;

    private static string Whose(CookieName cookie) =>
        $"{(cookie.IsHostOnly ? $"of {cookie.Domain} alone" : $"of {cookie.Domain} and all below it")}{(cookie.Path == "/" ? "" : $", for {cookie.Path}")}";

    internal static string Refusal(CookieRefusal why) => why switch
    {
        CookieRefusal.ControlCharacter => "it holds a control character",
        CookieRefusal.TooLong => $"it is longer than {CookieLimits.NameAndValue} bytes",
        CookieRefusal.Empty => "it has neither name nor value",
        CookieRefusal.PublicSuffix => "its domain is a public suffix, under which strangers live",
        CookieRefusal.ForeignDomain => "its domain is not the host's",
        CookieRefusal.SecureFromInsecure => "it is to be secure, and came without TLS",
        CookieRefusal.HidesSecure => "it would hide a secure one, and came without TLS",
        CookieRefusal.NoneWithoutSecure => "SameSite=None needs Secure",
        CookieRefusal.SecurePrefix => "its name promises __Secure- and it is not",
        CookieRefusal.HostPrefix => "its name promises __Host- and it does not keep that",
        CookieRefusal.TooMany => $"more than {CookieLimits.PerResponse} in one response",
        CookieRefusal.None => "nobody knows why",
    };

    public Phrase Decoded(string[] codings, long coded, long decoded) =>
        $"{string.Join(", ", codings)}: {_amounts.Bytes(coded)} decoded to {_amounts.Bytes(decoded)}";

    public Phrase CodingFault(CodingFault fault, string coding) => fault switch
    {
        Codings.CodingFault.Unknown => $"its content is coded as {coding}, which is not spoken here",
        Codings.CodingFault.TooManyLayers => $"its content is coded more than {CodingLimits.Layers} times over",
        Codings.CodingFault.Malformed => $"its content is said to be coded as {coding}, and is not",
        Codings.CodingFault.EndsAmiss => $"its content, coded as {coding}, does not end where the body ends",
        Codings.CodingFault.Bomb =>
            $"its content, coded as {coding}, grows to more than {CodingLimits.Ratio} times what was sent, and {_amounts.Bytes(CodingLimits.HarmlessBytes)}: a decompression bomb",
        Codings.CodingFault.None => "its content cannot be decoded",
    };

    public Phrase Interim(int status, string reason) => $"{status} {reason} (interim)";

    public Phrase Response(int status, string reason, string version, string? type, BodyFraming framing, long? length) =>
        $"{status} {reason} · {version}{(type is null ? "" : " · " + type)} · {Framing(framing, length)} · first byte";

    public Phrase Framing(BodyFraming framing, long? length) => framing switch
    {
        BodyFraming.None => "no body",
        BodyFraming.ContentLength => $"{_amounts.Bytes(length ?? 0)} (Content-Length)",
        BodyFraming.Chunked => "in chunks",
        BodyFraming.UntilClose => "until the server closes",
        BodyFraming.Tunnel => "a tunnel",
    };

    public Phrase Body(long content, long wire) => $"{_amounts.Bytes(content)} of content in {_amounts.Bytes(wire)} on the wire · last byte";

    public Phrase Keep(KeepReason reason, bool isKept) => reason switch
    {
        KeepReason.PersistentByDefault => "kept open for reuse (HTTP/1.1)",
        KeepReason.KeepAliveAsked => "kept open for reuse (Connection: keep-alive)",
        KeepReason.PeerCloses => "the server closes (Connection: close)",
        KeepReason.OwnClose => "closed after this response, as we asked",
        KeepReason.Http10 => "the server closes after its response (HTTP/1.0)",
        KeepReason.DelimitedByClose => "the server has closed: that was the end of the body",
        KeepReason.FramingInDoubt => "closed: it is not certain where the message ended",
        KeepReason.RequestUnfinished => "closed: the response came before the request was all sent",
        KeepReason.BytesAfterMessage => "closed: bytes came that belong to no message",
        KeepReason.Tunnel => "the connection now carries another protocol",
        KeepReason.NotYetKnown or KeepReason.Failed => isKept ? "kept open" : "closed",
    };

    public Phrase FlawFound(MessageFlaw flaw, long position, FlawAction action) => $"! {Flaw(flaw)} (byte {position}): {Action(action)}";

    public Phrase Repaired(MessageFault fault, long position) =>
        $"! {Fault(fault)} (byte {position}): taken as curl takes it, where it is refused as a rule; the connection is not used again";

    public Phrase Fault(MessageFault fault, MessageFlaw? flaw = null) => fault switch
    {
        MessageFault.NotHttp => "what came is not HTTP",
        MessageFault.VersionUnsupported => "the server speaks another major version of HTTP",
        MessageFault.StatusLineMalformed => "the status line is malformed",
        MessageFault.StatusOutOfRange => "the status code is below 100",
        MessageFault.HeadTooLong => $"the head of the response is longer than {HttpLimits.ResponseHead / 1024} KB",
        MessageFault.LineTooLong => "a line of the response's head is longer than any real one",
        MessageFault.TooManyFields => "the response has more fields than any real one",
        MessageFault.BareCarriageReturn => "a CR without LF",
        MessageFault.ControlInStartLine => "a control character in the first line",
        MessageFault.ControlInChunkLine => "a control character in a line of the chunked framing",
        MessageFault.ControlInField => "a control character in a field",
        MessageFault.FoldBeforeFirstField => "whitespace before the first field",
        MessageFault.FoldRefused => "a folded line where none is allowed",
        MessageFault.FieldLineMalformed => "a malformed field line",
        MessageFault.ContentLengthInvalid => "a Content-Length that is no number",
        MessageFault.ContentLengthsDiffer => "Content-Length fields that differ",
        MessageFault.TransferCodingUnknown => "a transfer coding that is not known",
        MessageFault.ChunkSizeInvalid => "a chunk size that is no hexadecimal number",
        MessageFault.ChunkSizeTooLarge => "a chunk size beyond all measure",
        MessageFault.ChunkSizeTooLong => "a chunk size of more than 16 digits",
        MessageFault.PartLengthDiffers => "the part that came is not as long as its Content-Range says: which bytes of the whole it has cannot be known",
        MessageFault.ChunkQuoteOpen => "a quoted string in a chunk line that does not end in it",
        MessageFault.ChunkedRepeated => "the transfer coding chunked more than once",
        MessageFault.FramingFieldMalformed => "a malformed field line that was to say where the body ends",
        MessageFault.ChunkLineTooLong or MessageFault.ChunkExtensionsTooLong => "a chunk line longer than any real one",
        MessageFault.ChunkLineEndInvalid => "a chunk line that does not end in CRLF",
        MessageFault.ChunkDataEndMissing => "chunk data that is longer than the chunk's size",
        MessageFault.TooManyInformational => "interim responses without end",
        MessageFault.SwitchingNotAsked => "the server switches to a protocol that nobody asked for",
        MessageFault.EndedBeforeFirstByte => "the server closed the connection without a byte of response",
        MessageFault.EndedInHead => "the connection ended inside the response's head",
        MessageFault.EndedInBody => "the connection ended before the body was complete",
        MessageFault.FlawRefused when flaw is { } one => $"{Flaw(one)}, and no flaw was to be passed over",
        MessageFault.FlawRefused => "the response has a flaw, and none was to be passed over",
        MessageFault.None or MessageFault.RequestLineMalformed or MessageFault.RequestLineTooLong or MessageFault.HostMissingOrRepeated
            or MessageFault.RequestFramingAmbiguous => "the response cannot be used",
    };

    internal static Phrase Action(FlawAction action) => action switch
    {
        FlawAction.Accepted => "taken as it was meant",
        FlawAction.AcceptedThenClose => "taken as it was meant, then the connection is closed",
        FlawAction.DroppedThenClose => "left out, then the connection is closed",
        FlawAction.Dropped => "left out",
    };

    internal static Phrase Flaw(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.BareLineFeed => "a line ends in LF without CR",
        MessageFlaw.ObsoleteFold => "a field value goes on in the next line (obsolete folding)",
        MessageFlaw.WhitespaceBeforeColon => "whitespace between a field's name and its colon",
        MessageFlaw.FieldNameInvalid => "a field name that is no token",
        MessageFlaw.FieldWithoutColon => "a line without colon where a field was due",
        MessageFlaw.ContentLengthRepeated => "Content-Length more than once",
        MessageFlaw.TransferEncodingWithContentLength => "Transfer-Encoding and Content-Length in one message",
        MessageFlaw.ChunkedNotFinal => "chunked is not the last transfer coding",
        MessageFlaw.IdentityCoding => "the withdrawn transfer coding identity",
        MessageFlaw.TransferEncodingInHttp10 => "Transfer-Encoding in an HTTP/1.0 message",
        MessageFlaw.FramingWithoutBody => "a framing field in a message that cannot have a body",
        MessageFlaw.StatusClassUnknown => "a status code of 600 or more",
        MessageFlaw.ChunkExtensionMalformed => "a malformed extension behind a chunk size",
        MessageFlaw.WhitespaceAfterChunkSize => "whitespace after a chunk size",
        MessageFlaw.TrailerNotAllowed => "a trailer field that only makes sense in the head",
        MessageFlaw.BytesAfterMessage => "bytes after the message's end",
        MessageFlaw.EmptyLineBeforeRequest => "empty lines before the start line",
    };
}
