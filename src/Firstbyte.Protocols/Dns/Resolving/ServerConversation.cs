using System.Runtime.CompilerServices;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>What a conversation needs of the resolution that holds it, and tells it.</summary>
internal interface IConversationHolder
{
    /// <summary>Flags of the queries: RD for those who ask a recursive server.</summary>
    HeaderFlags QueryFlags { get; }

    /// <summary>Whether queries carry an OPT record at all.</summary>
    bool UsesEdns { get; }

    /// <summary>Whether signatures are wanted (DO, RFC 3225).</summary>
    bool WantsSignatures { get; }

    /// <summary>How long to wait for a datagram from this server.</summary>
    TimeSpan UdpTimeout(AskedServer server);

    /// <summary>A whole reply came from the server that was asked.</summary>
    void OnReply(Reply reply, AskedServer server, DnsTransport transport);

    /// <summary>The server was silent, unreachable or unreadable; what it was stands in <see cref="AskedServer.Outcome"/>.</summary>
    void OnServerFailed(AskedServer server);

    /// <summary>The client's time is over.</summary>
    void OnOutOfTime();

    /// <summary>No message may be sent any more.</summary>
    void OnBudgetSpent();
}

/// <summary>The conversation with one server at a time, which is the same for every kind of resolver.</summary>
/// <remarks>
/// <code>
///   Ask ──► over UDP with EDNS ──► accepted reply ──► OnReply
///             │  TC, second near miss, other case ──► over TCP
///             │  FORMERR, NOTIMP, BADVERS         ──► without EDNS
///             │  silence                          ──► OnServerFailed; the third try goes without EDNS where no signatures are wanted
///   Ask ──► over TLS or HTTPS     ──► not to be had    ──► in clear where that was allowed, else OnServerFailed
/// </code>
/// What a reply means, and which server is next, the holder decides. At most one message is under way, and each step gets one random
/// number: 16 bits become the message's id, 16 choose the server, 32 the case of the name. The conversation uses the resolution's timer.
/// </remarks>
internal sealed class ServerConversation(Resolution resolution, IConversationHolder holder, InfrastructureCache infrastructure, bool mixCase)
{
    private QueryExchange? _exchange;
    private AskedServer? _server;
    private int _lastExchange;

    private Instant Now => resolution.Now;

    private bool IsListening => resolution.IsListening;

    /// <summary>Takes one input; what is not of this conversation is ignored.</summary>
    public void Take(ResolutionInput input)
    {
        switch (input)
        {
            case ResolutionInput.ResponseArrived arrived when _exchange is { } exchange && exchange.Number == arrived.Exchange:
                TakeMessage(exchange, arrived.From, arrived.Message.Span);
                break;
            case ResolutionInput.TimedOut:
                TakeTimeout();
                break;
            case ResolutionInput.NetworkFailed failed when _exchange is { } exchange && exchange.Number == failed.Exchange:
                TakeNetworkFailure(exchange, failed);
                break;
        }
    }

    /// <summary>Asks a server a question.</summary>
    public void Ask(AskedServer server, Question question)
    {
        // Two silences may be the work of something on the way that drops EDNS: the third try does without. Not where signatures are wanted: what a lost
        // datagram cost would then be an answer without them, which is no answer in a signed zone (the work-around ended with DNS flag day 2019).
        var edns = holder.UsesEdns && (server.Tries < 2 || holder.WantsSignatures) && !infrastructure.RejectsEdns(server.Endpoint.Address, Now);
        server.Tries++;
        Send(server, server.Endpoint, question, server.Named?.Transport ?? DnsTransport.Udp, edns);
    }

    private void Send(AskedServer server, Endpoint endpoint, Question question, DnsTransport transport, bool edns)
    {
        if (!resolution.Budget.TryChargeSend())
        {
            holder.OnBudgetSpent();
            return;
        }
        var sent = mixCase && transport == DnsTransport.Udp
            ? question with { Name = QueryExchange.MixCase(question.Name, (uint)(resolution.Random >> 32)) }
            : question;
        var id = (ushort)resolution.Random;
        var exchange = new QueryExchange
        {
            Number = ++_lastExchange,
            Server = endpoint,
            Zone = server.Zone,
            Transport = transport,
            Id = id,
            Question = sent,
            Asked = question,
            Edns = edns,
            Attempt = server.Tries,
            SentAt = Now,
            Message = WriteQuery(id, holder.QueryFlags, sent, edns, holder.WantsSignatures, transport),
        };
        (_exchange, _server) = (exchange, server);
        infrastructure.NoteSent(endpoint.Address, server.Zone, Now);
        if (IsListening)
        {
            resolution.Tell(new QuerySent(
                endpoint, server.Name, server.Zone.ToHostString(), question.Name.ToHostString(), question.Type.ToString(), id,
                transport, edns,
                exchange.Message.Length, server.Tries));
        }
        resolution.Add(new ResolutionEffect.SendQuery(exchange.Number, endpoint, transport, exchange.Message) { Named = server.Named });
        resolution.SetTimer(Now + (transport switch
        {
            DnsTransport.Udp => holder.UdpTimeout(server),
            DnsTransport.Tcp => ResolutionLimits.TcpTimeout,
            _ => ResolutionLimits.SecuredTimeout,
        }));
    }

    private void SendAgain(QueryExchange exchange, DnsTransport transport, bool edns)
    {
        EndExchange();
        Send(_server!, exchange.Server, exchange.Asked, transport, edns);
    }

    /// <summary>Ends what is under way.</summary>
    public void EndExchange()
    {
        if (_exchange is not { } exchange) { return; }
        _exchange = null;
        resolution.Add(new ResolutionEffect.EndExchange(exchange.Number));
    }

    private void TakeMessage(QueryExchange exchange, Endpoint from, ReadOnlySpan<byte> message)
    {
        var read = exchange.Read(message);
        if ((read is null ? CheckBroken(exchange, from, message) : exchange.Check(from, read)) is { } reason)
        {
            Reject(exchange, from, reason);
            return;
        }
        var (reply, server) = (read!, _server!);
        var elapsed = Now - exchange.SentAt;
        if (exchange.Transport != DnsTransport.Tcp) { infrastructure.NoteAnswered(exchange.Server.Address, exchange.Zone, elapsed); }
        else { infrastructure.NoteAwake(exchange.Server.Address, exchange.Zone); }
        if (IsListening) { TellReceived(exchange, reply); }
        if (reply.IsTruncated)
        {
            if (exchange.Transport == DnsTransport.Udp) { SendAgain(exchange, DnsTransport.Tcp, exchange.Edns); }
            else { FailServer(exchange, LamenessKind.Malformed, null); }
            return;
        }
        if (exchange.Edns && (reply.Code == ResponseCode.FormatError || reply.Code == ResponseCode.NotImplemented || reply.Code == ResponseCode.BadVersion))
        {
            server.HasRejectedEdns = true;
            SendAgain(exchange, exchange.Transport, edns: false);
            return;
        }
        // It answers the plain question after an error, or silence, to the one with EDNS. One that has errors for every question does not say that it is for
        // EDNS: asked without that for a quarter of an hour it would give no signatures, long after it is well again.
        if (!exchange.Edns && holder.UsesEdns && (server.HasRejectedEdns || server.Tries > 2)
            && (reply.Code == ResponseCode.NoError || reply.Code == ResponseCode.NameError))
        {
            infrastructure.NoteEdnsRejected(exchange.Server.Address, Now);
        }
        EndExchange();
        holder.OnReply(reply, server, exchange.Transport);
    }

    /// <summary>A message that cannot be read still comes from the server when its sender and id are right.</summary>
    private static RejectionReason CheckBroken(QueryExchange exchange, Endpoint from, ReadOnlySpan<byte> message) =>
        !MessageHeader.TryRead(message, out var header) ? RejectionReason.TooShort
        : from != exchange.Server ? RejectionReason.OtherSender
        : header.Id != exchange.Id ? RejectionReason.OtherId
        : RejectionReason.Malformed;

    private void Reject(QueryExchange exchange, Endpoint from, RejectionReason reason)
    {
        if (IsListening) { resolution.Tell(new ResponseRejected(from, reason)); }
        // Whatever it says to this question, it is there: what it was silent about before is asked of it again.
        if (reason == RejectionReason.Malformed) { infrastructure.NoteAwake(exchange.Server.Address, exchange.Zone); }
        if (exchange.Transport != DnsTransport.Udp)
        {
            FailServer(exchange, LamenessKind.Malformed, null);
            return;
        }
        if (reason == RejectionReason.Malformed)
        {
            if (exchange.Edns) { SendAgain(exchange, DnsTransport.Udp, edns: false); }
            else { FailServer(exchange, LamenessKind.Malformed, null); }
            return;
        }
        exchange.NearMisses++;
        // A reply in other case has the right id: the server has answered, and waiting on would only end in a timeout.
        if (reason == RejectionReason.OtherCase || exchange.NearMisses > ResolutionLimits.NearMisses) { SendAgain(exchange, DnsTransport.Tcp, exchange.Edns); }
    }

    private void TakeTimeout()
    {
        if (_exchange is { } exchange)
        {
            var silentFor = Now - exchange.SentAt;
            if (exchange.Transport == DnsTransport.Udp && (Now < resolution.Budget.Deadline || silentFor >= ResolutionLimits.UnknownServerTimeout))
            {
                infrastructure.NoteSilent(exchange.Server.Address, resolution.Question, exchange.Zone, Now);
            }
            if (IsListening)
            {
                resolution.Tell(new QueryTimedOut(
                    exchange.Server, _server!.Name, exchange.Zone.ToHostString(), exchange.Attempt,
                    Now.Nanoseconds - exchange.SentAt.Nanoseconds));
            }
            EndExchange();
            _server!.Outcome = ServerOutcome.Silent;
            if (Now < resolution.Budget.Deadline)
            {
                holder.OnServerFailed(_server);
                return;
            }
        }
        holder.OnOutOfTime();
    }

    private void TakeNetworkFailure(QueryExchange exchange, ResolutionInput.NetworkFailed failed)
    {
        if (IsListening)
        {
            resolution.Tell(new QueryFailed(
                exchange.Server, _server!.Name, exchange.Zone.ToHostString(), exchange.Transport, failed.Error, failed.WasSent)
            { Fault = failed.Fault });
        }
        if (_server!.Named is { InClear: { } inClear } named && exchange.Transport == named.Transport)
        {
            // Opportunistic privacy (RFC 8310 section 5): better an answer that others can read than none.
            EndExchange();
            Send(_server, inClear, exchange.Asked, DnsTransport.Udp, exchange.Edns);
            return;
        }
        _server.Fault = failed.Fault;
        FailServer(exchange, null, failed.Error);
    }

    private void FailServer(QueryExchange exchange, LamenessKind? lameness, Errno? error)
    {
        EndExchange();
        var server = _server!;
        (server.Outcome, server.IsFinished) = (lameness is null ? ServerOutcome.Unreachable : ServerOutcome.Lame, true);
        (server.Lameness, server.Error) = (lameness, error);
        if (IsListening && lameness is { } kind)
        {
            resolution.Tell(new ServerLame(exchange.Server, server.Name, exchange.Zone.ToHostString(), kind));
        }
        holder.OnServerFailed(server);
    }

    [SkipLocalsInit]
    private static byte[] WriteQuery(ushort id, HeaderFlags flags, Question question, bool edns, bool wantsSignatures, DnsTransport transport)
    {
        // A header, the longest name with type and class, and an OPT record with padding always fit.
        Span<byte> buffer = stackalloc byte[512];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(question);
        if (edns)
        {
            Span<byte> padding = stackalloc byte[QueryPadding.MaxLength];
            var padded = transport is DnsTransport.Tls or DnsTransport.Https ? QueryPadding.Write(padding, writer.Length + MessageWriter.EdnsLength) : 0;
            writer.TryWriteEdns(ResolutionLimits.UdpPayload, ResponseCode.NoError, dnssecOk: wantsSignatures, padding[..padded]);
        }
        return buffer[..writer.Finish(id, flags, OpCode.Query, ResponseCode.NoError)].ToArray();
    }

    private void TellReceived(QueryExchange exchange, Reply reply)
    {
        var answers = reply.Answer.Take(Resolution.MaxSummaries).Select(record => record.Data.ToString()).ToArray();
        long? ttl = reply.Answer.Count > 0 ? reply.Answer.Min(record => record.Ttl.Seconds) : null;
        if (ttl is null && reply.Authority.Find(record => record.Type == RecordType.SOA) is { } soa) { ttl = DnsCache.NegativeTtl(soa); }
        resolution.Tell(new ResponseReceived(
            exchange.Server, _server!.Name, exchange.Zone.ToHostString(), reply.Code.ToString(), reply.IsAuthoritative,
            reply.IsTruncated,
            reply.AnswerCount, reply.AuthorityCount, reply.AdditionalCount, reply.Length, Now.Nanoseconds - exchange.SentAt.Nanoseconds, answers, ttl));
    }
}

/// <summary>A server that a resolution asks or has asked, and what came of it.</summary>
internal sealed class AskedServer(Endpoint endpoint, DnsName? name, DnsName zone)
{
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>For people and for what is kept; empty where it has none. Most servers of a cut are never asked.</summary>
    public string Name => field ??= Named?.Name ?? name?.ToHostString() ?? "";

    public DnsName Zone { get; } = zone;
    public int Tries { get; set; }

    /// <summary>How long an answer is waited for, while servers are compared; null where it may not be asked.</summary>
    public TimeSpan? Wait { get; set; }

    /// <summary>How somebody has named it; null for one that was found.</summary>
    public UpstreamServer? Named { get; init; }

    /// <summary>It had an error for a question with EDNS, and was asked without.</summary>
    public bool HasRejectedEdns { get; set; }

    /// <summary>Not to be asked again in this resolution.</summary>
    public bool IsFinished { get; set; }

    public ServerOutcome? Outcome { get; set; }
    public LamenessKind? Lameness { get; set; }
    public Errno? Error { get; set; }

    /// <summary>Why a secured transport brought no answer, where the error is of that.</summary>
    public UpstreamFault Fault { get; set; }

    /// <summary>The code of its last reply.</summary>
    public ResponseCode Code { get; set; }

    /// <summary>What it said of its error.</summary>
    public ExtendedErrorOption? Said { get; set; }

    /// <summary>The same as a word, where nothing else says which error it was; empty otherwise.</summary>
    public string CodeOfError => Lameness == LamenessKind.OtherError ? $"{Code}" : "";

    public ServerEvidence ToEvidence() =>
        new(Name, Endpoint, Zone.ToHostString(), Outcome ?? ServerOutcome.Silent, Tries)
        {
            Lameness = Lameness,
            Error = Error,
            Fault = Fault,
            Code = CodeOfError,
            Said = Said,
        };
}
