using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Probing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>ping and traceroute, in the lines that everybody knows.</summary>
public interface IProbeSentences
{
    Phrase PingStarted(PingStarted ping);

    Phrase Echo(EchoAnswered answer);

    Phrase NoEcho(IpAddress from, string? name, ushort sequence, ProbeReply reply);

    Phrase Unanswered(ushort sequence);

    /// <summary>Who answers where no packet leaves.</summary>
    Phrase ThisHost { get; }

    Phrase NotSent(ushort sequence, Errno error);

    Phrase Unplugged { get; }

    Phrase Statistics(string name);

    Phrase Counts(PingCompleted ping);

    Phrase RoundTrips(PingCompleted ping);

    Phrase TracerouteStarted(TracerouteStarted trace);


    Phrase TargetSilent(int hops);
}
