using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What servers of our own are asked and answer.</summary>
public interface IServerSentences
{
    Phrase Query(Dns.QueryReceived query);

    Phrase Response(Dns.ResponseSent response);

    Phrase ResponseNotSent(Endpoint client, Errno error);

    Phrase ResponderFailed(Endpoint client, string exception, string message);

    Phrase AcceptFailed(Endpoint listen, Errno error);
}
