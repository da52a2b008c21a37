using Firstbyte.Addressing;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishJourneys : IJourneySentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase RetryPlanned(RetryPlanned retry)
    {
        var asked = retry.IsAsked ? ", as the server asks" : "";
        var why = retry.Status > 0 ? $"{retry.Status} may pass" : retry.ResumeAt is not null ? "the transfer broke off" : "this may pass";
        var from = retry.ResumeAt is { } at ? $", from byte {at} on" : "";
        return $"! again after {_amounts.Duration(retry.WaitNanoseconds)}{asked}: {why} ({retry.Number} of {retry.Most}){from}";
    }

    public Phrase RetryTooLate(RetryTooLate late) =>
        $"! not tried again: {(late.IsAskedFor ? "the server asks for" : "the next try comes after")} {_amounts.Duration(late.Nanoseconds)}, and of -m {_amounts.Duration(late.LeftNanoseconds)} are left";

    public Phrase ResumeImpossible(long position) =>
        $"! not tried again: {_amounts.Bytes(position)} had come, and the server gave no strong ETag that would show the rest to be of the same content";

    public Phrase ResumeRefused(long position) => $"! this is not the rest of what has come ({_amounts.Bytes(position)}): the content has changed meanwhile";

    public Phrase HstsHeeded(string by, string href) => $"{by:name} has asked to be asked over TLS alone (HSTS): {href}";

    public Phrase HstsNoted(HstsNoted wish) => wish.Seconds == 0
        ? $"{wish.Host:name} takes back its wish to be asked over TLS alone (HSTS)"
        : $"{wish.Host:name}{(wish.CoversSubdomains ? " and all names below it want" : " wants"):words} to be asked over TLS alone from now on (HSTS), for {_amounts.Duration(wish.Seconds * 1_000_000_000)}";

    public Phrase Continuation(ContinuationAnswered answer) => answer.Outcome switch
    {
        ContinuationOutcome.Verified => $"goes on from byte {answer.Position}: by its ETag it is still the same",
        ContinuationOutcome.Unverified =>
            $"! goes on from byte {answer.Position}; whether it is still the same nobody can tell, as no ETag was kept of what is here",
        ContinuationOutcome.Anew => $"! what is here ({_amounts.Bytes(answer.Position)}) is of another version: all of it comes anew",
        ContinuationOutcome.Complete => $"nothing is missing: {_amounts.Bytes(answer.Position)} are here, and no more are there",
    };

    public Phrase Pieces(PiecesJudged judged) => judged.Outcome switch
    {
        PiecesOutcome.Pieces => $"comes in pieces of {_amounts.Bytes(judged.PieceBytes)} over {judged.Connections} connections; each has to have the same ETag",
        PiecesOutcome.One => $"comes over one connection: it is no longer than one piece",
        PiecesOutcome.Empty => $"! there is no piece to ask for",
        PiecesOutcome.NoRanges => $"! comes over one connection: the server sends the whole and no pieces",
        PiecesOutcome.NoValidator => $"! the whole is asked for: no strong ETag would show that two pieces are of the same content",
        PiecesOutcome.NoLength => $"! the whole is asked for: the server does not say how long it is",
        _ => $"! the whole is asked for: the server sends less than it was asked for",
    };

    public Phrase BodyChosen(BodyChosen body)
    {
        var from = new EnglishFiles().Source(new BodyOrigin(body.From, body.Name));
        Phrase length = body.Length is { } bytes ? _amounts.Bytes(bytes) : "as it comes, in chunks";
        return $"content: {from}, {length}{(body.CanRewind ? "" : "; it can be read only once")}";
    }

    public Phrase FormPart(FormPartChosen part)
    {
        Phrase name = part.FileName is null ? part.Name : $"{part.Name}, a file called '{part.FileName}'";
        return $"part {name}{(part.Type is null ? "" : $" ({part.Type})")}{(part.Length is { } bytes ? Phrase.Say($": {_amounts.Bytes(bytes)}") : "")}";
    }

    public Phrase RetryImpossible(BodyOrigin from) => $"! not tried again: the content came from {new EnglishFiles().Source(from)}, which can be read only once";

    public Phrase BodyLengthChanged(long said, long? read) => read is { } bytes
        ? $"! what is stored had {_amounts.Bytes(said)} at first and ended after {_amounts.Bytes(bytes)}: somebody has cut it meanwhile"
        : $"! what is stored has grown meanwhile: what stands behind its first {_amounts.Bytes(said)} stays here";

    public Phrase RedirectFollowed(string href, string method, string[] leftOut) =>
        leftOut.Length == 0
            ? $"redirects to {href}: followed with {method}"
            : $"redirects to {href}: followed with {method}, without {string.Join(", ", leftOut)}";

    public Phrase RedirectNotFollowed(string location) => $"redirects to {location}: not followed; -L goes on there";

    public Phrase World(string place, ulong seed) => $"{place} · seed {seed} · virtual time";

    public Phrase SchemeAssumed(string input, string scheme) => $"no scheme in '{input}': tried as {scheme}://";

    public Phrase HostIsAddress(IpAddress address) => $"{address} is an address: nothing to resolve";

    public Phrase AddressesGiven(string host, int port, IpAddress[] addresses) =>
        $"{host:name} at port {port} is {string.Join(", ", addresses)}, as --resolve says: no resolver is asked";

    public Phrase LinkIsUp(string link) => $"{link:name} is plugged in again";

    public Phrase LinkIsDown(string link) => $"{link:name} is pulled: what is sent into it is lost";

    public Phrase Path(IEnumerable<string> elements) => "by " + Phrase.Join(" → ", elements.Select(static name => Phrase.Of(name, Role.Name)));

    public Phrase Because(Clause clause) => $"because {clause}";

    public string NamePart => "name";

    public string ConnectPart => "connect";

    public string TlsPart => "tls";

    public string WaitPart => "wait";

    public string ReadPart => "read";

    public Phrase NotText(long bytes) => $"({_amounts.Bytes(bytes)} that are not text)";

    public Phrase BinaryOnTerminal => "the body is not text and could upset the terminal: -o FILE saves it, -o - prints it all the same";

    public Phrase CharsetUnknown(string label) => $"charset={label} is not known here: read as UTF-8";

    public Phrase CharsetGuessed(string encoding) => $"the text is not UTF-8 and nothing says what it is: read as {encoding:words}";

    public Phrase Progress(long bytes, long? total, long bytesPerSecond, TimeSpan elapsed)
    {
        Phrase amount = total is { } all ? $"{Amounts.Number(bytes)} of {_amounts.Bytes(all)} · {Amounts.Share(bytes, all)}" : _amounts.Bytes(bytes);
        return $"{amount} · {Amounts.ByteRate(bytesPerSecond)} · "
            + (Amounts.Left(bytes, total, bytesPerSecond) is { } left
                ? Phrase.Say($"{Amounts.Span(left):words} left")
                : $"{Amounts.Span(elapsed):words}");
    }

    public Phrase BodySaved(string path, long bytes) => $"body saved to {path} ({_amounts.Bytes(bytes)})";

    public Phrase PartSaved(string path, string part, long bytes, bool hasOld) => hasOld
        ? $"{path} is as it was; {_amounts.Bytes(bytes)} of the body {(bytes == 1 ? "is" : "are"):words} in {part}"
        : $"there is no {path}; {_amounts.Bytes(bytes)} of the body {(bytes == 1 ? "is" : "are"):words} in {part}";

    public Phrase NothingReplaced(string path) => $"{path} is as it was: nothing was saved";

    public Phrase NothingSaved(string path) => $"{path}: nothing was saved";

    public Phrase BodyCame(long bytes) => bytes == 0 ? "nothing of a body had come" : $"{_amounts.Bytes(bytes)} of the body had come";

    public Phrase ErrorAnswered(int status) => $"the server answered {status}, and with -f what comes with an error is left out";

    public Phrase Interrupted(Phrase left) => $"interrupted: {left}";

    public Phrase BodyNotShown => "body neither shown nor saved (-o FILE saves it)";

    public Phrase BodyNotSaved => "body shown, not saved (-o FILE saves it)";

    public Phrase BodyGoesOn(long bytes, bool canBeSaved) => $"… {_amounts.Bytes(bytes)} more{(canBeSaved ? ": add -o FILE or --body" : ""):words}";

    public Phrase MoreBytes(long count) => $"… {count} more bytes";
}
