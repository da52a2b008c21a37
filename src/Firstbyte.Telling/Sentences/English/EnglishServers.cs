using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishServers : IServerSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Query(QueryReceived query) => $"{query.Client} {query.Transport.ToString().ToUpperInvariant()}  "
        + (query.Name.Length > 0 ? $"{query.Name:name} {query.Type}" : $"unreadable: {Flaw(query.Flaw)}");

    public Phrase Response(ResponseSent response) =>
        $"{response.Client} {response.Code}{(response.Authoritative ? ", aa" : ""):words}{(response.Truncated ? ", truncated" : ""):words} · "
        + $"{_amounts.Answers(response.AnswerCount)} · {_amounts.Bytes(response.Bytes)}";

    public Phrase ResponseNotSent(Endpoint client, Errno error) => $"to {client} could not be sent: {EnglishSockets.ReasonOf(error)}";

    public Phrase ResponderFailed(Endpoint client, string exception) => $"SERVFAIL to {client}: a fault of this program ({exception})";

    public Phrase CannotAccept(Endpoint listen, Errno error) =>
        $"connections to {listen} have to wait: {error}. UDP is answered all the same, and nothing that is open is lost; "
        + (error == Errno.EMFILE ? "let the process have more open files (ulimit -n, LimitNOFILE=)" : "look for what takes the system's memory");

    public Phrase AcceptsAgain(Endpoint listen) => $"connections to {listen} are accepted again";

    public Phrase MetricsAt(string url) => $"metrics for Prometheus at {url}";

    public Phrase PolicyLoaded(string zone, int triggers) => $"policy zone {zone:name}: {triggers:#,0} {(triggers == 1 ? "trigger" : "triggers"):words}";

    public Phrase PolicyRefused(IEnumerable<Phrase> problems) => $"the policy zone cannot be used:{Lines(problems)}";

    public Phrase PolicyProblem(PolicyProblem problem)
    {
        Phrase why = problem.Flaw switch
        {
            PolicyFlaw.BadNetwork => "is no network, written as 24.0.2.0.192 for 192.0.2.0/24 or 32.zz.db8.2001 for 2001:db8::/32",
            PolicyFlaw.UnknownAction => "names no action that is known: rpz-passthru, rpz-drop, rpz-tcp-only, '.' or '*.'",
            PolicyFlaw.MixedRule => "has rules that exclude each other",
            PolicyFlaw.OutOfZone => "is not in the policy zone",
            _ => "cannot be read",
        };
        return $"{problem.Place.ToString():name}: '{problem.Found:name}' {why}";
    }

    public Phrase PolicyApplied(PolicyApplied told)
    {
        Phrase met = told.Trigger switch
        {
            PolicyTrigger.Client => $"the client {told.Met}",
            PolicyTrigger.Name => $"the name {told.Met:name}",
            PolicyTrigger.Address => $"the address {told.Met}",
            PolicyTrigger.ServerName => $"the name server {told.Met:name}",
            _ => $"the name server's address {told.Met}",
        };
        Phrase action = told.Action switch
        {
            PolicyAction.NameError => "NXDOMAIN",
            PolicyAction.NoData => "no records",
            PolicyAction.PassThrough => "the answer as it is",
            PolicyAction.Drop => "no answer",
            PolicyAction.TcpOnly => "only over TCP",
            _ => "records of its own",
        };
        return $"policy zone {told.Zone:name} has a rule for {told.Name:name} {told.Type}, met by {met}: {action}";
    }

    public Phrase PolicyKept(Phrase reason) => $"{reason}\nthe policy zones stay as they were";

    public Phrase PageAt(string url) => $"the lab page is at {url}; Ctrl-C ends";

    public Phrase NoPage(string folder) =>
        $"'{folder}' holds no page (an index.html): docs/page.md of Firstbyte's sources has the line that publishes one; "
        + Say($"'--root DIR' says where it is, or put it beside this program as 'web'");

    public Phrase NoPageBeside(string folder) =>
        $"there is no page beside this program ('{folder}' has no index.html). From Firstbyte's sources: 'dotnet publish src/Firstbyte.Web -c Release -o DIR', "
        + Say($"then 'firstbyte web --lab-page --root DIR'. What 'dotnet publish src/Firstbyte.Cli' and the tool's package install has it")
        + Say($" (unless '-p:WithPage=false' left it out)");

    public Phrase NoHost =>
        "journeys over the real network in a page want 'firstbyte-host', which is neither beside this program nor on the PATH. From Firstbyte's sources: "
        + Say($"'dotnet publish src/Firstbyte.Host -o DIR', then DIR on the PATH. The lab page works without it: 'firstbyte web --lab-page'");

    public Phrase HostOptionsAlone(string option) => $"'{option}' is for firstbyte-host, which 'web --lab-page' does not start";

    public Phrase ListeningOnTls(Endpoint bound) => $"listening on {bound}, TLS; Ctrl-C ends";

    public Phrase CertificateRefused(string certificate, string key, Tls.PemFlaw flaw) => flaw switch
    {
        Tls.PemFlaw.NoCertificate => $"'{certificate}' holds no certificate in PEM form",
        Tls.PemFlaw.BadCertificate => $"a certificate in '{certificate}' cannot be read",
        Tls.PemFlaw.NoKey => $"'{key}' holds no private key in PEM form",
        Tls.PemFlaw.EncryptedKey => $"the private key in '{key}' wants a passphrase: store it without one ('openssl pkey'), readable by its owner alone",
        Tls.PemFlaw.OtherKey => $"the private key in '{key}' is not that of the first certificate in '{certificate}'",
        _ => $"the private key in '{key}' cannot be read, or is neither RSA nor of an elliptic curve",
    };

    public Phrase AcceptFailed(Endpoint listen, Errno error) => $"{listen}: {error}";

    public Phrase ZoneLoaded(string origin, long names, uint serial) => $"zone {origin}: {_amounts.Names(names)}, serial {serial}";

    public Phrase ZoneError(Phrase problem) => $"error: {problem}";

    public Phrase ZoneWarning(Phrase problem) => $"warning: {problem}";

    public Phrase ZoneUnfit(string origin) => $"zone {origin} cannot be served";

    public Phrase EndedWhileReadingZones => "ended while the zones were read: nobody was served";

    public Phrase ListeningOn(Endpoint bound) => $"listening on {bound}, UDP and TCP; Ctrl-C ends";

    public Phrase ListeningInherited(Endpoint bound, bool hasDatagrams, bool hasConnections)
    {
        var carried = hasDatagrams && hasConnections ? "UDP and TCP" : hasDatagrams ? "UDP" : "TCP";
        return $"listening on {bound}, {carried:words}, as it was opened for this server; Ctrl-C ends";
    }

    public Phrase InheritanceRefused(InheritanceFault fault, string culprit) => fault switch
    {
        InheritanceFault.Number => $"LISTEN_FDS is '{culprit}', which is no number of sockets",
        InheritanceFault.Family => $"descriptor {culprit:words} of LISTEN_FDS is no socket of IPv4 or IPv6",
        InheritanceFault.Kind => $"descriptor {culprit:words} of LISTEN_FDS is neither for datagrams nor a stream",
        InheritanceFault.Unbound => $"descriptor {culprit:words} of LISTEN_FDS is bound to no port",
        InheritanceFault.Connected =>
            $"descriptor {culprit:words} of LISTEN_FDS does not wait for connections: a socket unit wants 'Accept=no'",
    };

    public Phrase CannotListen(Endpoint endpoint, Errno error) => $"cannot listen on {endpoint}: {error}" + error switch
    {
        Errno.EADDRINUSE => " (another program has the port: choose another, or end that one)",
        Errno.EACCES or Errno.EPERM => " (ports below 1024 are root's: choose a higher one)",
        Errno.EADDRNOTAVAIL => " (this machine does not have that address)",
        _ => Phrase.Empty,
    };

    public Phrase ZoneRefused(string origin, IEnumerable<Phrase> problems) => $"zone {origin} cannot be served:{Lines(problems)}";

    public Phrase NoHints(string file) =>
        $"'{file}' names no server of the root: an NS record of '.' and an address of its host are wanted (as in named.root of IANA)";

    public Phrase NoAnchors(string file) => $"'{file}' holds no trust anchor: DS or DNSKEY records of a zone are wanted (as in root.key)";

    public Phrase AnchorsRefused(IEnumerable<Phrase> problems) => $"the trust anchors cannot be used:{Lines(problems)}";

    public Phrase HintsRefused(IEnumerable<Phrase> problems) => $"the root hints cannot be used:{Lines(problems)}";

    public Phrase ZonesKept(Phrase reason) => $"{reason}\nthe zones are served as they were";

    public Phrase CertificateKept(Phrase reason) => $"{reason}\nthe certificate is shown that there was before";

    public Phrase ZoneKept(Phrase reason, string origin) => $"{reason}\nzone {origin:name} is served as it was";

    public Phrase ZoneNotServed(Phrase reason, string origin) =>
        $"{reason}\nzone {origin:name} is not served: queries for it get SERVFAIL until its file is mended and read again (SIGHUP)";

    public Phrase NobodyHears(string variable, string address) =>
        $"{variable} names '{address}', where nobody listens: who started the server does not hear from it";

    public Phrase LogLinesLost(long lines) => $"{_amounts.Lines(lines)} of the log could not be written";

    public Phrase TapMessagesLost(long messages) =>
        $"{messages:#,0} {(messages == 1 ? "message" : "messages"):words} could not be written down (--dnstap)";

    private static Phrase Lines(IEnumerable<Phrase> lines) => Phrase.Join("", lines.Select(static line => Say($"\n  {line}")));

    private static Phrase Flaw(MessageFault flaw) => flaw switch
    {
        MessageFault.None => "no flaw",
        MessageFault.HeaderCut => "shorter than a header",
        MessageFault.QuestionCut => "it ends inside the question",
        MessageFault.RecordCut => "it ends inside a record",
        MessageFault.RecordDataCut => "it ends inside a record's data",
        MessageFault.RecordDataMalformed => "a record's data is malformed",
        MessageFault.NameCut => "it ends inside a name",
        MessageFault.NameLabelType => "a name with a label of a kind that nobody uses",
        MessageFault.NameTooLong => "a name longer than 255 bytes",
        MessageFault.NamePointerForward => "a compressed name that points forward",
        MessageFault.NamePointerChain => "a compressed name with too many pointers",
        MessageFault.TooManyLabels => "more labels behind the pointers of its names than are read",
        MessageFault.OptMisplaced => "an OPT record where none belongs",
        MessageFault.OptOptions => "malformed options in the OPT record",
    };
}
