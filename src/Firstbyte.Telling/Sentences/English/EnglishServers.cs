using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal sealed class EnglishServers : IServerSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Query(QueryReceived query) => $"{query.Client} {query.Transport.ToString().ToUpperInvariant()}  "
        + (query.Name.Length > 0 ? $"{query.Name:name} {query.Type}" : $"unreadable: {Flaw(query.Flaw)}");

    public Phrase Response(ResponseSent response) => $"{response.Client} {response.Code}{(response.Authoritative ? ", aa" : ""):words}{(response.Truncated ? ", truncated" : ""):words} · "
        + $"{_amounts.Answers(response.AnswerCount)} · {_amounts.Bytes(response.Bytes)}";

    public Phrase ResponseNotSent(Endpoint client, Errno error) => $"to {client} could not be sent: {error}";

    public Phrase ResponderFailed(Endpoint client, string exception, string message) => $"SERVFAIL to {client}: a fault of this program ({exception}: {message})";

    public Phrase AcceptFailed(Endpoint listen, Errno error) => $"{listen}: {error}";

    private static Phrase Flaw(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.None => "no flaw",
        MessageFlaw.HeaderCut => "shorter than a header",
        MessageFlaw.QuestionCut => "it ends inside the question",
        MessageFlaw.RecordCut => "it ends inside a record",
        MessageFlaw.RecordDataCut => "it ends inside a record's data",
        MessageFlaw.RecordDataMalformed => "a record's data is malformed",
        MessageFlaw.NameCut => "it ends inside a name",
        MessageFlaw.NameLabelType => "a name with a label of a kind that nobody uses",
        MessageFlaw.NameTooLong => "a name longer than 255 bytes",
        MessageFlaw.NamePointerForward => "a compressed name that points forward",
        MessageFlaw.NamePointerChain => "a compressed name with too many pointers",
        MessageFlaw.OptMisplaced => "an OPT record where none belongs",
        MessageFlaw.OptOptions => "malformed options in the OPT record",
    };
}
