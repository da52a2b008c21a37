using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>How much of a host can be seen from outside its programs.</summary>
public enum StackSight
{
    /// <summary>Our own stack in a lab: every frame is seen.</summary>
    Whole,

    /// <summary>Our own stack on a device: its frames are in the capture.</summary>
    Device,

    /// <summary>The operating system's: what it answers is seen, not what it does.</summary>
    Closed,
}

/// <summary>The inside of a host: who calls whom, and what comes back.</summary>
public interface ICallSentences
{
    /// <summary>Above the lanes.</summary>
    Phrase Inside(string host);

    /// <summary>The heads of the lanes, from the left.</summary>
    IReadOnlyList<Phrase> Lanes(StackSight sight);

    Phrase Composes(RequestComposed request);

    Phrase LooksUp(string name, string? type);

    Phrase LookedUp(LookupReturned lookup);

    /// <summary>Whether the resolver should ask for addresses of a version at all.</summary>
    Phrase AsksForWay(IpVersion version);

    Phrase Way(bool isThere);

    Phrase MakesQuery(QuerySent query);

    Phrase ReadsAnswer(ResponseReceived response);

    Phrase KnowsFromCache(long leftSeconds);

    Phrase KnowsFromHostsFile(int line, string path);

    Phrase Call(CallMade call);

    /// <summary>What a call gave; <paramref name="made"/> is how it went down.</summary>
    Phrase Return(CallReturned returned, CallMade made);

    /// <summary>A call that has not come back when the story ends.</summary>
    Phrase StillWaits(CallMade call);

    Phrase BeginsHandshake(string server);

    /// <summary>What the application reads in its receive buffer.</summary>
    Phrase FindsInBuffer(Phrase response);

    /// <summary>The body is read to its end.</summary>
    Phrase ReadsBody(long bytes);
}
