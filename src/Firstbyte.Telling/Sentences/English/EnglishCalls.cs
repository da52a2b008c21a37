using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishCalls : ICallSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Inside(string host) => host.Length == 0
        ? "this machine: what goes down is a call, what comes back is its result (ms)"
        : Say($"{host:name}: what goes down is a call, what comes back is its result (ms)");

    public IReadOnlyList<Phrase> Lanes(StackSight sight) =>
    [
        "application",
        "Socket library; in it the resolver, getaddrinfo (once gethostbyname)",
        sight == StackSight.Closed ? "protocol stack: the operating system's, closed to us; what it answers is seen" : "protocol stack (our own)",
        sight switch
        {
            StackSight.Whole => "network card",
            StackSight.Device => "network device: its packets are in the capture (--pcap)",
            StackSight.Closed => "network card: not seen from here",
        },
    ];

    public Phrase Composes(RequestComposed request) =>
        $"prepares the request in memory: {request.Method} {request.Target}, {_amounts.Bytes(request.HeadBytes + (request.BodyBytes ?? 0))}";

    public Phrase LooksUp(string name, string? type) => type is null
        ? Say($"addresses = getaddrinfo(\"{name:name}\"); and waits")
        : $"answers = res_query(\"{name:name}\", IN, {type}); and waits";

    public Phrase LookedUp(LookupReturned lookup) => lookup.End switch
    {
        LookupEnd.Found => $"in memory: {(lookup.Type is null ? "addresses" : "answers"):words} = {string.Join(", ", lookup.Answers)}",
        LookupEnd.NoSuchName => "EAI_NONAME: there is no such name; nothing is written to memory",
        LookupEnd.NoSuchRecords => "EAI_NODATA: the name has no such records; nothing is written to memory",
        LookupEnd.Failed => "EAI_AGAIN: nobody could say; nothing is written to memory",
    };

    public Phrase AsksForWay(IpVersion version) =>
        $"is there a way to {(version == IpVersion.V6 ? "IPv6" : "IPv4"):words} addresses? (socket, connect, close; nothing is sent)";

    public Phrase Way(bool isThere) => isThere ? "yes: their addresses are worth asking for" : "no";

    public Phrase MakesQuery(QuerySent query) => query.Attempt == 1
        ? Say($"makes a query for {query.Server.Address}: {(query.Name == "." ? query.Name : query.Name.TrimEnd('.')):name} IN {query.Type}, {_amounts.Bytes(query.Bytes)}")
        : $"no answer came; makes query {query.Attempt} for {query.Server.Address}, {_amounts.Bytes(query.Bytes)}";

    public Phrase ReadsAnswer(ResponseReceived response) => response.AnswerCount > 0
        ? Say($"reads the response message, {_amounts.Bytes(response.Bytes)}: {string.Join(", ", response.Answers)}")
        : $"reads the response message, {_amounts.Bytes(response.Bytes)}: {response.Code}, {_amounts.Answers(0)}";

    public Phrase KnowsFromCache(long leftSeconds) => $"has it in its cache for {leftSeconds} s more: nobody is asked";

    public Phrase KnowsFromHostsFile(int line, string path) => $"finds it in line {line} of {path}: nobody is asked";

    public Phrase Call(CallMade call) => call.Call switch
    {
        SocketCall.Socket => $"descriptor = {CallWords.Socket(call)}",
        SocketCall.Bind or SocketCall.Connect => CallWords.WithEndpoint(CallWords.Name(call.Call), call),
        SocketCall.Listen => $"listen({call.Descriptor}, {call.Value})",
        SocketCall.Accept => $"descriptor = accept({call.Descriptor})",
        SocketCall.Write => $"write({call.Descriptor}, {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.Read => $"read({call.Descriptor}, receive buffer of {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.SendTo => $"sendto({call.Descriptor}, {_amounts.Bytes(call.Length ?? 0)}, {call.Endpoint})",
        SocketCall.ReceiveFrom => $"recvfrom({call.Descriptor}, receive buffer of {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.Shutdown => CallWords.Shutdown(call),
        SocketCall.SetOption or SocketCall.GetOption => CallWords.Option(call),
        SocketCall.Close => CallWords.Bare("close", call),
        SocketCall.SealedWrite => $"hands {_amounts.Bytes(call.Length ?? 0)} to TLS, which seals them",
        SocketCall.SealedRead => $"asks TLS for what has come, receive buffer of {_amounts.Bytes(call.Length ?? 0)}",
    };

    public Phrase Return(CallReturned returned, CallMade made) => returned.Error != Errno.None ? Failed(returned, made) : returned.Call switch
    {
        SocketCall.Socket => $"in memory: descriptor = {returned.Descriptor}",
        SocketCall.Accept => $"in memory: descriptor = {returned.Descriptor}, connected with {returned.Remote}",
        SocketCall.Connect when made.Kind == SocketKind.Datagram => $"the peer is fixed; the stack has picked the own port {returned.Local?.Port}",
        SocketCall.Connect => $"connected; the stack has picked the own port {returned.Local?.Port}",
        SocketCall.Write or SocketCall.SendTo => $"{_amounts.Bytes(returned.Result ?? 0)} taken over",
        SocketCall.Read when returned.Result == 0 && made.Kind == SocketKind.Stream => "0: the other side has closed, nothing more will come",
        SocketCall.Read => $"{_amounts.Bytes(returned.Result ?? 0)} in the receive buffer",
        SocketCall.ReceiveFrom => $"{_amounts.Bytes(returned.Result ?? 0)} in the receive buffer, from {returned.Remote}",
        SocketCall.GetOption => $"{returned.Result}",
        SocketCall.Close => $"descriptor {returned.Descriptor} is deleted",
        SocketCall.SealedWrite => "TLS has written them, sealed",
        SocketCall.SealedRead when returned.Result == 0 => "TLS: the other side has ended, nothing more will come",
        SocketCall.SealedRead => $"TLS has opened {_amounts.Bytes(returned.Result ?? 0)} into the receive buffer",
        SocketCall.Bind or SocketCall.Listen or SocketCall.Shutdown or SocketCall.SetOption => "done",
    };

    public Phrase StillWaits(CallMade call) => $"still waiting: {Call(call)}";

    public Phrase BeginsHandshake(string server) => $"TLS, a library of the application's own, begins its handshake with {server:name}";

    public Phrase FindsInBuffer(Phrase response) => $"finds in the receive buffer: {response}";

    public Phrase ReadsBody(long bytes) => $"has read the body to its end, {_amounts.Bytes(bytes)}";

    private static Phrase Failed(CallReturned returned, CallMade made) => returned.Error switch
    {
        Errno.ECONNREFUSED => "ECONNREFUSED: the other side refuses; there is no connection",
        Errno.ECONNRESET => "ECONNRESET: the other side has cut the connection off",
        Errno.ETIMEDOUT => "ETIMEDOUT: nobody answered in time",
        Errno.ENETUNREACH => "ENETUNREACH: there is no route to it",
        Errno.EHOSTUNREACH => "EHOSTUNREACH: nobody on the way can reach it",
        Errno.ECANCELED => $"ECANCELED: {CallWords.Name(made.Call):words} was given up",
        var error => $"{error}",
    };
}
