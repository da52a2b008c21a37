using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Policies;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What servers of our own are asked and answer.</summary>
public interface IServerSentences
{
    Phrase Query(Dns.QueryReceived query);

    Phrase Response(Dns.ResponseSent response);

    Phrase ResponseNotSent(Endpoint client, Errno error);

    Phrase ResponderFailed(Endpoint client, string exception);

    Phrase AcceptFailed(Endpoint listen, Errno error);

    /// <summary>Nobody's connection is accepted until something is mended; told once.</summary>
    Phrase CannotAccept(Endpoint listen, Errno error);

    Phrase AcceptsAgain(Endpoint listen);

    /// <summary>Where what is counted can be fetched.</summary>
    Phrase MetricsAt(string url);

    Phrase PolicyLoaded(string zone, int triggers);

    Phrase PolicyRefused(IEnumerable<Phrase> problems);

    Phrase PolicyProblem(PolicyProblem problem);

    /// <summary>A rule of a policy zone counts for an answer.</summary>
    Phrase PolicyApplied(PolicyApplied told);

    Phrase PolicyKept(Phrase reason);

    Phrase ListeningOnTls(Endpoint bound);

    /// <summary>Where the lab page can be opened; scripts wait for this line.</summary>
    Phrase PageAt(string url);

    /// <summary>A folder holds no published page: how one comes there.</summary>
    Phrase NoPage(string folder);

    /// <summary>Nobody said where a page is, and the folder beside the program holds none.</summary>
    Phrase NoPageBeside(string folder);

    /// <summary>The page with journeys over the real network wants a program that is not there.</summary>
    Phrase NoHost { get; }

    /// <summary>Something behind <c>--</c> that only the program behind the live page takes.</summary>
    Phrase HostOptionsAlone(string option);

    /// <summary>Two files are no certificate with its key.</summary>
    Phrase CertificateRefused(string certificate, string key, Tls.PemFlaw flaw);

    Phrase ZoneLoaded(string origin, long names, uint serial);

    /// <summary>A server waits for queries; scripts wait for this line.</summary>
    Phrase ListeningOn(Endpoint bound);

    /// <summary>A signal came before there was a server.</summary>
    Phrase EndedWhileReadingZones { get; }

    /// <summary>The same of a socket that was there before the program: what comes to it.</summary>
    Phrase ListeningInherited(Endpoint bound, bool hasDatagrams, bool hasConnections);

    /// <summary>What whoever started the program has left to it cannot be served.</summary>
    Phrase InheritanceRefused(InheritanceFault fault, string culprit);

    Phrase CannotListen(Endpoint endpoint, Errno error);

    /// <summary>Something that keeps a zone from being served.</summary>
    Phrase ZoneError(Phrase problem);

    /// <summary>Something with which a zone is served all the same.</summary>
    Phrase ZoneWarning(Phrase problem);

    /// <summary>What the check of a zone came to that cannot be served.</summary>
    Phrase ZoneUnfit(string origin);

    /// <summary>A zone file is faulty: where and how, a line each.</summary>
    Phrase ZoneRefused(string origin, IEnumerable<Phrase> problems);

    Phrase NoHints(string file);

    Phrase NoAnchors(string file);

    Phrase AnchorsRefused(IEnumerable<Phrase> problems);

    Phrase HintsRefused(IEnumerable<Phrase> problems);

    /// <summary>The reason for which zones were not read again.</summary>
    Phrase ZonesKept(Phrase reason);

    /// <summary>One zone cannot be served any other way than before.</summary>
    Phrase CertificateKept(Phrase reason);

    Phrase ZoneKept(Phrase reason, string origin);

    /// <summary>One zone cannot be served, while others are.</summary>
    Phrase ZoneNotServed(Phrase reason, string origin);

    /// <summary>A variable names a socket of who started the server, and nobody is there.</summary>
    Phrase NobodyHears(string variable, string address);

    Phrase LogLinesLost(long lines);

    /// <summary>Messages that were to be written down in dnstap's form.</summary>
    Phrase TapMessagesLost(long messages);
}
