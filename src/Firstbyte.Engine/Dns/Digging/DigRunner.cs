using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Digging;

/// <summary>A server that may be asked.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">What it was called: its address where it was called by that.</param>
public readonly record struct DigServer(IpAddress Address, string Name);

/// <summary>What a line of dig's needs around it.</summary>
/// <param name="Network">The host's network.</param>
/// <param name="Tls">How it secures connections; null where it cannot.</param>
/// <param name="Find">The addresses of a server by its name; none when there are none.</param>
/// <param name="Print">Takes what is shown, line ends and all.</param>
public sealed record DigSurroundings(
    INetwork Network, ITlsProvider? Tls, Func<string, DigQuery, CancellationToken, ValueTask<IReadOnlyList<IpAddress>>> Find, Action<string> Print);

/// <summary>Asks the questions of a line one after the other and shows what comes, as dig does.</summary>
/// <remarks>
/// Theory of operation. A question goes to the servers in turn until one answers; what the answer asks for (TCP where it is truncated, the server's
/// cookie, an older version of EDNS) is done once each. What is shown is <see cref="DigPage"/>'s; the same events as a resolver's are told on the way,
/// so that a story can be made of them.
/// </remarks>
public sealed class DigRunner
{
    /// <summary>dig's own exit code: nobody answered.</summary>
    public const int NoReply = 9;

    /// <summary>+trace: more referrals than any name has labels in practice (own choice, as for a resolver).</summary>
    private const int MaxReferrals = 30;

    private readonly DigSurroundings _around;
    private readonly Tracer _tracer;
    private string _greeting;

    /// <summary>A line, whose greeting is shown before the first answer.</summary>
    public DigRunner(DigSurroundings around, Tracer tracer, string greeting) => (_around, _tracer, _greeting) = (around, tracer, greeting);

    /// <summary>Asks one question and returns dig's exit code.</summary>
    /// <param name="query">The question.</param>
    /// <param name="servers">Whom to ask, in order.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<int> RunAsync(DigQuery query, IReadOnlyList<DigServer> servers, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(servers);
        var root = _tracer.Root(_around.Network);
        var span = root.Begin();
        if (span.IsListening)
        {
            Endpoint? first = servers.Count > 0 ? new Endpoint(servers[0].Address, query.Port) : null;
            var mode = query.IsTrace ? ResolutionMode.Iterative : ResolutionMode.Stub;
            span.Tell(new ResolutionStarted(query.Name.ToString(), query.Type.ToString(), mode, first) { IsNamed = query.Server is not null });
        }
        var began = _around.Network.Time.GetTimestamp();
        var exchange = new DigExchange(_around.Network, _around.Tls, span);
        if (query.IsTransfer && !query.IsTrace) { return await TransferAsync(exchange, query, servers, stop); }
        var (reply, server) = query.IsTrace ? await TraceAsync(exchange, span, query, servers, stop) : await LookUpAsync(exchange, query, servers, stop);
        var elapsed = _around.Network.Time.GetElapsedTime(began);
        TellOutcome(root, span, query, reply, server, elapsed);
        return reply is null ? NoReply : 0;
    }

    private async Task<(DnsMessage? Reply, Endpoint Server)> LookUpAsync(
        DigExchange exchange, DigQuery query, IReadOnlyList<DigServer> servers, CancellationToken stop)
    {
        var found = await AskAsync(exchange, query, servers, stop);
        if (found is not { } answer) { return (null, default); }
        Show(query, answer.Reply, answer.Message, answer.Server, answer.Transport);
        return (answer.Message, new Endpoint(answer.Server.Address, query.Port));
    }

    /// <summary>Asks the servers in turn, as often as the line says; null when none answers, which has been said then.</summary>
    private async Task<Answer?> AskAsync(DigExchange exchange, DigQuery query, IReadOnlyList<DigServer> servers, CancellationToken stop)
    {
        var overStream = query.IsOverTls || (query.IsOverTcp ?? query.Type == RecordType.Any);
        for (var round = 1; round <= query.Tries; round++)
        {
            foreach (var server in servers)
            {
                var asked = query;
                var stream = overStream;
                var cookie = query.HasCookie && query.EdnsVersion is not null ? query.Cookie ?? exchange.NewCookie() : null;
                var (hasNegotiated, hasCookie) = (false, false);
                while (true)
                {
                    var endpoint = new Endpoint(server.Address, query.Port);
                    var reply = await exchange.AskAsync(asked, endpoint, NameOf(server), stream, cookie, round, stop);
                    if (query.Display.Query) { ShowSent(reply, asked); }
                    foreach (var stranger in reply.Strangers) { Say(stranger); }
                    if (reply.Bytes is null)
                    {
                        Complain(query, server, reply, stream);
                        break;
                    }
                    if (!DnsMessage.TryParse(reply.Bytes, out var message, out var error))
                    {
                        Say($";; Got bad packet: FORMERR (at byte {error.Offset})");
                        break;
                    }
                    if (message.IsTruncated && !stream && !query.IgnoresTruncation)
                    {
                        if (query.Display.Comments) { Say(";; Truncated, retrying in TCP mode."); }
                        stream = true;
                        continue;
                    }
                    if (message.ResponseCode == ResponseCode.BadVersion && query.NegotiatesEdns && !hasNegotiated && message.Edns is { } edns
                        && asked.EdnsVersion > edns.Version)
                    {
                        if (query.Display.Comments) { Say($";; BADVERS, retrying with EDNS version {edns.Version}."); }
                        (asked, hasNegotiated) = (asked with { EdnsVersion = edns.Version }, true);
                        continue;
                    }
                    if (message.ResponseCode == ResponseCode.BadCookie && query.RetriesBadCookie && !hasCookie && CookieOf(message) is { } given)
                    {
                        if (query.Display.Comments) { Say(";; BADCOOKIE, retrying."); }
                        (cookie, hasCookie) = (given, true);
                        continue;
                    }
                    if (reply.Signature != TsigFault.None) { Say($";; Couldn't verify signature: {Said(reply.Signature)}"); }
                    return new Answer(reply, message, server, query.IsOverTls ? "TLS" : stream ? "TCP" : "UDP");
                }
            }
        }
        // A connection that fails has said so each time.
        if (!overStream) { Say(Greet() + ";; no servers could be reached"); }
        return null;
    }

    private static byte[]? CookieOf(DnsMessage message) => message.Edns?.Options.FirstOrDefault(static option => option.Code == EdnsOptionCode.Cookie)?.Data;

    // What dig says of each, in dig's words.
    private static string Said(TsigFault fault) => fault switch
    {
        TsigFault.Unsigned => "expected a TSIG or SIG(0)",
        TsigFault.Malformed => "FORMERR",
        TsigFault.BadTime => "clocks are unsynchronized",
        TsigFault.RefusedByPeer or TsigFault.BadKey => "tsig indicates error",
        _ => "tsig verify failure",
    };

    private void Complain(DigQuery query, DigServer server, DigReply reply, bool overStream)
    {
        var shown = DigPage.Shown(new Endpoint(server.Address, query.Port));
        var why = reply.Handshake is { } handshake ? $"TLS peer certificate verification or handshake failed ({handshake})" : Said(reply.Error);
        if (overStream && reply.Error is not Errno.ETIMEDOUT)
        {
            Say($";; Connection to {shown}({server.Name}) for {query.TypedName} failed: {why}.");
            Say(";; no servers could be reached");
            return;
        }
        Say($";; communications error to {shown}: {why}");
    }

    private static string Said(Errno error) => error switch
    {
        Errno.ETIMEDOUT => "timed out",
        Errno.ECONNREFUSED => "connection refused",
        Errno.ECONNRESET => "connection reset",
        Errno.ENETUNREACH => "network unreachable",
        Errno.EHOSTUNREACH => "host unreachable",
        Errno.EADDRNOTAVAIL => "address not available",
        Errno.EACCES or Errno.EPERM => "permission denied",
        _ => error.ToString(),
    };

    private void ShowSent(DigReply reply, DigQuery query)
    {
        _around.Print(Greet());
        _around.Print(DigPage.Message(reply.Query, query, isQuery: true, null));
        if (query.Display.Comments) { _around.Print($";; QUERY SIZE: {reply.Query.Length}\n\n"); }
    }

    private void Show(DigQuery query, DigReply reply, DnsMessage message, DigServer server, string transport)
    {
        var delivery = Delivery(query, reply, server, transport);
        if (query.Display.IsShort)
        {
            _around.Print(DigPage.Short(message, query, delivery));
            return;
        }
        _around.Print(Greet());
        _around.Print(DigPage.Message(reply.Bytes, query, isQuery: false, reply.Cookie));
        _around.Print(DigPage.Statistics(query, delivery, DigPage.MessageSize(reply.Bytes!.Length)));
    }

    private DigDelivery Delivery(DigQuery query, DigReply reply, DigServer server, string transport) =>
        new(new Endpoint(server.Address, query.Port), server.Name, transport, reply.Elapsed, Now())
        {
            SentCookie = reply.Cookie,
            IsForged = reply.Signature != TsigFault.None,
        };

    private DateTimeOffset Now() => TimeZoneInfo.ConvertTime(_around.Network.Time.GetUtcNow(), _around.Network.Time.LocalTimeZone);

    private async Task<int> TransferAsync(DigExchange exchange, DigQuery query, IReadOnlyList<DigServer> servers, CancellationToken stop)
    {
        for (var round = 1; round <= query.Tries; round++)
        {
            foreach (var server in servers)
            {
                if (await TransferAsync(exchange, query, server, stop)) { return 0; }
            }
        }
        return NoReply;
    }

    /// <summary>Asks one server for the zone; false when it cannot be reached, which has been said then.</summary>
    private async Task<bool> TransferAsync(DigExchange exchange, DigQuery query, DigServer server, CancellationToken stop)
    {
        var reader = (TransferReader?)null;
        var (messages, bytes, bad) = (0, 0L, TsigFault.None);
        var endpoint = new Endpoint(server.Address, query.Port);
        var reply = await exchange.TransferAsync(query, endpoint, NameOf(server), Take, Began, stop);
        if (reply.Bytes is null)
        {
            Complain(query, server, reply, overStream: true);
            return false;
        }
        if (bad != TsigFault.None) { Say($";; Couldn't verify signature: {Said(bad)}"); }
        if (reader!.State == TransferState.Failed || bad != TsigFault.None)
        {
            Say(Greet() + "; Transfer failed.");
            return true;
        }
        if (query.Display.Statistics && !query.Display.IsShort)
        {
            var delivery = Delivery(query, reply, server, query.IsOverTls ? "TLS" : "TCP");
            _around.Print(DigPage.Statistics(query, delivery, DigPage.TransferSize(reader.RecordCount, messages, bytes)));
        }
        return true;

        void Began(byte[] sent)
        {
            if (query.Display.Query) { ShowSent(new DigReply(null, TimeSpan.Zero) { Query = sent }, query); }
            var id = (ushort)(sent[0] << 8 | sent[1]);
            reader = new TransferReader(query.Name, id, query.Type == RecordType.IXFR ? query.Serial : null);
        }

        bool Take(ReadOnlyMemory<byte> message, TsigFault fault)
        {
            bad = bad == TsigFault.None ? fault : bad;
            if (bad != TsigFault.None) { return false; }
            var state = reader!.Take(message.Span);
            if (state == TransferState.Failed) { return false; }
            (messages, bytes) = (messages + 1, bytes + message.Length);
            _around.Print(Greet());
            var records = DnsMessage.TryParse(message.Span, out var read, out _) ? read.Answers : [];
            var isLast = state != TransferState.Open;
            _around.Print(DigPage.Transfer(query.Display.OneSoa && isLast && records.Count > 0 ? records.SkipLast(1) : records, query));
            return !isLast;
        }
    }

    /// <summary>From the root down, each zone's servers shown as the zone above names them (dig's +trace).</summary>
    private async Task<(DnsMessage? Reply, Endpoint Server)> TraceAsync(
        DigExchange exchange, TraceSpan span, DigQuery query, IReadOnlyList<DigServer> servers, CancellationToken stop)
    {
        // Whoever is configured knows the root's servers: that question alone may be passed on.
        var step = query with { Name = DnsName.Root, TypedName = ".", Type = RecordType.NS, Flags = query.Flags | HeaderFlags.RecursionDesired };
        var zone = DnsName.Root;
        for (var referrals = 0; referrals <= MaxReferrals; referrals++)
        {
            if (await AskAsync(exchange, step, servers, stop) is not { } answer) { return (null, default); }
            Show(step, answer.Reply, answer.Message, answer.Server, answer.Transport);
            var message = answer.Message;
            var isRoot = step.Name.IsRoot && step.Type == RecordType.NS && referrals == 0;
            var names = (isRoot ? message.Answers : message.Answers.Count > 0 ? [] : message.Authorities)
                .Where(record => record.Type == RecordType.NS && query.Name.IsSubdomainOf(record.Owner)
                    && (isRoot || record.Owner.IsSubdomainOf(zone) && record.Owner != zone))
                .ToList();
            // Only downwards: what names no servers of a zone below is the answer, or the end.
            if (names.Count == 0) { return (message, new Endpoint(answer.Server.Address, query.Port)); }
            var below = names[0].Owner;
            if (!isRoot && span.IsListening)
            {
                string[] named = [.. names.Select(static one => one.Data.ToString())];
                span.Tell(new ReferralFollowed(zone.ToString(), below.ToString(), named, message.Additionals.Count));
            }
            zone = below;
            exchange.Zone = $"{zone}";
            servers = await ServersAsync(query, message, names, stop);
            step = query;
        }
        Say(";; too many referrals");
        return (null, default);
    }

    /// <summary>The addresses beside the referral, or those that the host finds for the names.</summary>
    private async Task<IReadOnlyList<DigServer>> ServersAsync(DigQuery query, DnsMessage message, List<DnsRecord> names, CancellationToken stop)
    {
        var servers = new List<DigServer>();
        foreach (var name in names.Select(static record => ((NameData)record.Data).Target))
        {
            foreach (var glue in message.Additionals.Where(record => record.Owner == name).Select(static record => record.Data).OfType<AddressData>())
            {
                if (query.Version == IpVersion.None || glue.Address.Version == query.Version) { servers.Add(new DigServer(glue.Address, name.ToHostString())); }
            }
        }
        foreach (var name in servers.Count > 0 ? [] : names.Select(static record => ((NameData)record.Data).Target))
        {
            var found = await _around.Find(name.ToString(), query, stop);
            servers.AddRange(found.Select(address => new DigServer(address, name.ToHostString())));
            // One server that is known is enough to go on with.
            if (servers.Count > 0) { break; }
        }
        if (servers.Count == 0) { Say($";; couldn't get address for '{names[0].Data}': not found"); }
        return servers;
    }

    private static void TellOutcome(TraceSpan root, TraceSpan span, DigQuery query, DnsMessage? reply, Endpoint server, TimeSpan elapsed)
    {
        if (!span.IsListening) { return; }
        var (question, nanoseconds) = (new Question(query.Name, query.Type, query.Class), (long)elapsed.TotalNanoseconds);
        if (reply is null)
        {
            span.Tell(new ResolutionFailed(
                query.Name.ToString(), query.Type.ToString(), ResolutionFailureReason.NoServerAnswers, FaultParty.Network, null, [], nanoseconds));
            root.Tell(QuestionFailed.Of(new ResolutionFailure(question, ResolutionFailureReason.NoServerAnswers, FaultParty.Network, DnsName.Root, [])));
            return;
        }
        var kind = reply.IsAuthoritative ? AnswerSourceKind.ResponsibleServer : AnswerSourceKind.RecursiveServer;
        var ttl = reply.Answers.Count == 0 ? 0 : reply.Answers.Min(static record => record.Ttl.Seconds);
        span.Tell(new ResolutionCompleted(
            query.Name.ToString(), query.Type.ToString(), [.. reply.Answers.Select(static record => record.Data.ToString())], kind, reply.IsAuthoritative, 0,
            ttl, reply.ResponseCode.ToString(), nanoseconds));
        root.Tell(QuestionAnswered.Of(new ResolvedAnswer(
            question, reply.ResponseCode, [.. reply.Answers], null, new AnswerSource(kind, server, "", "", reply.IsAuthoritative, 0, ttl))));
    }

    private static string NameOf(DigServer server) => server.Name == server.Address.ToString() ? "" : server.Name;

    private void Say(string line) => _around.Print(line + "\n");

    /// <summary>The greeting, once; short answers have none.</summary>
    private string Greet()
    {
        var greeting = _greeting;
        _greeting = "";
        return greeting;
    }

    private readonly record struct Answer(DigReply Reply, DnsMessage Message, DigServer Server, string Transport);
}
