using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Finds the answer to one question: a pure machine that is told what happened and says what should be done.</summary>
/// <remarks>
/// Theory of operation. This base carries the conversation with one server at a time, which is the same for every kind of resolver:
/// <code>
///   Ask ──► over UDP with EDNS ──► accepted reply ──► OnReply
///             │  TC, second near miss, other case ──► over TCP
///             │  FORMERR, NOTIMP, BADVERS         ──► without EDNS
///             │  silence                          ──► OnServerFailed; the third try goes without EDNS
/// </code>
/// What a reply means, and which server is next, the leaves decide. At most one message is under way, and each step gets one random
/// number: 16 bits become the message's id, 16 choose the server, 32 the case of the name. The machine has one timer.
/// </remarks>
public abstract class Resolution
{
    private readonly InfrastructureCache _infrastructure;
    private readonly bool _mixCase;
    private ResolutionEffects _effects = new();
    private ulong _random;
    private QueryExchange? _exchange;
    private AskedServer? _server;
    private Instant _timer;
    private int _lastExchange;
    private bool _completed;

    private protected Resolution(Question question, ResolutionBudget budget, int depth, InfrastructureCache infrastructure, bool mixCase)
    {
        (Question, Budget, Depth) = (question, budget, depth);
        (_infrastructure, _mixCase) = (infrastructure, mixCase);
    }

    /// <summary>What was asked.</summary>
    public Question Question { get; }

    /// <summary>What it may cost; shared with every question that hangs together with it.</summary>
    public ResolutionBudget Budget { get; }

    /// <summary>How many questions wait for this one in a row; 0 for a client's own.</summary>
    public int Depth { get; }

    private protected Instant Now { get; private set; }
    private protected Instant StartedAt { get; private set; }

    /// <summary>16 random bits for choosing a server; new ones with each input.</summary>
    private protected ushort Choice => (ushort)(_random >> 16);

    private protected bool IsListening => _effects.IsListening;

    /// <summary>Takes one input and adds what is to be done to the effects. After <see cref="ResolutionEffect.Complete"/> every input is ignored.</summary>
    public void Handle(ResolutionInput input, Instant now, ulong random, ResolutionEffects effects)
    {
        if (_completed) { return; }
        (Now, _random, _effects) = (now, random, effects);
        switch (input)
        {
            case ResolutionInput.Begin:
                StartedAt = now;
                OnBegin();
                break;
            case ResolutionInput.ResponseArrived arrived when _exchange is { } exchange && exchange.Number == arrived.Exchange:
                TakeMessage(exchange, arrived.From, arrived.Message.Span);
                break;
            case ResolutionInput.TimedOut timeout when timeout.Due == _timer:
                TakeTimeout();
                break;
            case ResolutionInput.NetworkFailed failed when _exchange is { } exchange && exchange.Number == failed.Exchange:
                TakeNetworkFailure(exchange, failed.Error);
                break;
            case ResolutionInput.SubQuestionAnswered answered:
                OnSubQuestionAnswered(answered.Question, answered.Outcome);
                break;
        }
    }

    private protected abstract void OnBegin();

    /// <summary>A whole reply came from the server that was asked.</summary>
    private protected abstract void OnReply(Reply reply, AskedServer server, DnsTransport transport);

    /// <summary>The server was silent, unreachable or unreadable; what it was stands in <see cref="AskedServer.Outcome"/>.</summary>
    private protected abstract void OnServerFailed(AskedServer server);

    private protected virtual void OnSubQuestionAnswered(Question question, ResolutionOutcome outcome) { }

    /// <summary>The client's time is over.</summary>
    private protected abstract void OnOutOfTime();

    /// <summary>No message may be sent any more.</summary>
    private protected abstract void OnBudgetSpent();

    /// <summary>Flags of the queries: RD for those who ask a recursive server.</summary>
    private protected virtual HeaderFlags QueryFlags => HeaderFlags.None;

    /// <summary>How long to wait for a datagram from this server.</summary>
    private protected virtual TimeSpan UdpTimeout(AskedServer server) => _infrastructure.Timeout(server.Endpoint.Address);

    /// <summary>Whether queries carry an OPT record at all.</summary>
    private protected virtual bool UsesEdns => true;

    private protected void Ask(AskedServer server, DnsName name, DnsTransport transport)
    {
        // Two silences may be the work of something on the way that drops EDNS: the third try does without.
        var edns = UsesEdns && server.Tries < 2 && !_infrastructure.RejectsEdns(server.Endpoint.Address, Now);
        server.Tries++;
        Send(server, new Question(name, Question.Type), transport, edns);
    }

    private protected void AskFirst(Question question)
    {
        _effects.Add(new ResolutionEffect.AskSubQuestion(question));
        SetTimer(Budget.Deadline);
    }

    private protected void Tell(TraceEvent traceEvent) => _effects.Add(new ResolutionEffect.Tell(traceEvent));

    private protected void Complete(ResolutionOutcome outcome)
    {
        EndExchange();
        _completed = true;
        if (IsListening) { TellOutcome(outcome); }
        _effects.Add(new ResolutionEffect.Complete(outcome));
    }

    private void Send(AskedServer server, Question question, DnsTransport transport, bool edns)
    {
        if (!Budget.TryChargeSend())
        {
            OnBudgetSpent();
            return;
        }
        var sent = _mixCase && transport == DnsTransport.Udp ? question with { Name = QueryExchange.MixCase(question.Name, (uint)(_random >> 32)) } : question;
        var id = (ushort)_random;
        var exchange = new QueryExchange
        {
            Number = ++_lastExchange,
            Server = server.Endpoint,
            ServerName = server.Name,
            Zone = server.Zone,
            Transport = transport,
            Id = id,
            Question = sent,
            Asked = question,
            Edns = edns,
            Attempt = server.Tries,
            SentAt = Now,
            Message = WriteQuery(id, QueryFlags, sent, edns),
        };
        (_exchange, _server) = (exchange, server);
        _infrastructure.NoteSent(server.Endpoint.Address, Now);
        if (IsListening)
        {
            Tell(new QuerySent(
                server.Endpoint, server.Name, server.Zone.ToHostString(), question.Name.ToHostString(), question.Type.ToString(), id,
                transport, edns,
                exchange.Message.Length, server.Tries));
        }
        _effects.Add(new ResolutionEffect.SendQuery(exchange.Number, server.Endpoint, transport, exchange.Message));
        SetTimer(Now + (transport == DnsTransport.Udp ? UdpTimeout(server) : ResolutionLimits.TcpTimeout));
    }

    private void SendAgain(QueryExchange exchange, DnsTransport transport, bool edns)
    {
        EndExchange();
        Send(_server!, exchange.Asked, transport, edns);
    }

    private void SetTimer(Instant due)
    {
        _timer = due > Budget.Deadline ? Budget.Deadline : due;
        _effects.Add(new ResolutionEffect.SetTimer(_timer));
    }

    private void EndExchange()
    {
        if (_exchange is not { } exchange) { return; }
        _exchange = null;
        _effects.Add(new ResolutionEffect.EndExchange(exchange.Number));
    }

    private void TakeMessage(QueryExchange exchange, Endpoint from, ReadOnlySpan<byte> message)
    {
        var reply = Reply.Read(message);
        if ((reply is null ? CheckBroken(exchange, from, message) : exchange.Check(from, reply)) is { } reason)
        {
            Reject(exchange, from, reason);
            return;
        }
        reply = exchange.RestoreCase(reply!, message);
        var server = _server!;
        var elapsed = Now - exchange.SentAt;
        if (exchange.Transport == DnsTransport.Udp) { _infrastructure.NoteAnswered(exchange.Server.Address, elapsed); }
        if (IsListening) { TellReceived(exchange, reply); }
        if (reply.IsTruncated)
        {
            if (exchange.Transport == DnsTransport.Udp) { SendAgain(exchange, DnsTransport.Tcp, exchange.Edns); }
            else { FailServer(exchange, LamenessKind.Malformed, null); }
            return;
        }
        if (exchange.Edns && (reply.Code == ResponseCode.FormatError || reply.Code == ResponseCode.NotImplemented || reply.Code == ResponseCode.BadVersion))
        {
            _infrastructure.NoteEdnsRejected(exchange.Server.Address, Now);
            SendAgain(exchange, exchange.Transport, edns: false);
            return;
        }
        // It answers the plain question after silence to the one with EDNS.
        if (!exchange.Edns && UsesEdns && server.Tries > 2) { _infrastructure.NoteEdnsRejected(exchange.Server.Address, Now); }
        EndExchange();
        OnReply(reply, server, exchange.Transport);
    }

    /// <summary>A message that cannot be read still comes from the server when its sender and id are right.</summary>
    private static RejectionReason CheckBroken(QueryExchange exchange, Endpoint from, ReadOnlySpan<byte> message) =>
        !MessageHeader.TryRead(message, out var header) ? RejectionReason.TooShort
        : from != exchange.Server ? RejectionReason.OtherSender
        : header.Id != exchange.Id ? RejectionReason.OtherId
        : RejectionReason.Malformed;

    private void Reject(QueryExchange exchange, Endpoint from, RejectionReason reason)
    {
        if (IsListening) { Tell(new ResponseRejected(from, reason)); }
        if (exchange.Transport == DnsTransport.Tcp)
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
            if (exchange.Transport == DnsTransport.Udp && (Now < Budget.Deadline || silentFor >= ResolutionLimits.UnknownServerTimeout))
            {
                _infrastructure.NoteSilent(exchange.Server.Address, Now);
            }
            if (IsListening)
            {
                Tell(new QueryTimedOut(
                    exchange.Server, exchange.ServerName, exchange.Zone.ToHostString(), exchange.Attempt,
                    Now.Nanoseconds - exchange.SentAt.Nanoseconds));
            }
            EndExchange();
            _server!.Outcome = ServerOutcome.Silent;
            if (Now < Budget.Deadline)
            {
                OnServerFailed(_server);
                return;
            }
        }
        OnOutOfTime();
    }

    private void TakeNetworkFailure(QueryExchange exchange, Errno error)
    {
        if (IsListening) { Tell(new QueryFailed(exchange.Server, exchange.ServerName, exchange.Zone.ToHostString(), exchange.Transport, error)); }
        FailServer(exchange, null, error);
    }

    private void FailServer(QueryExchange exchange, LamenessKind? lameness, Errno? error)
    {
        EndExchange();
        var server = _server!;
        (server.Outcome, server.IsFinished) = (lameness is null ? ServerOutcome.Unreachable : ServerOutcome.Lame, true);
        (server.Lameness, server.Error) = (lameness, error);
        if (IsListening && lameness is { } kind)
        {
            Tell(new ServerLame(exchange.Server, exchange.ServerName, exchange.Zone.ToHostString(), kind));
        }
        OnServerFailed(server);
    }

    private static byte[] WriteQuery(ushort id, HeaderFlags flags, Question question, bool edns)
    {
        // A header, the longest name with type and class, and an OPT record without options always fit.
        Span<byte> buffer = stackalloc byte[512];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(question);
        if (edns) { writer.TryWriteEdns(ResolutionLimits.UdpPayload, ResponseCode.NoError, dnssecOk: false, []); }
        return buffer[..writer.Finish(id, flags, OpCode.Query, ResponseCode.NoError)].ToArray();
    }

    private void TellReceived(QueryExchange exchange, Reply reply)
    {
        var answers = reply.Answer.Take(MaxSummaries).Select(record => record.Data.ToString()).ToArray();
        long? ttl = reply.Answer.Count > 0 ? reply.Answer.Min(record => record.Ttl.Seconds) : null;
        if (ttl is null && reply.Authority.Find(record => record.Type == RecordType.SOA) is { } soa) { ttl = DnsCache.NegativeTtl(soa); }
        Tell(new ResponseReceived(
            exchange.Server, exchange.ServerName, exchange.Zone.ToHostString(), reply.Code.ToString(), reply.IsAuthoritative,
            reply.IsTruncated,
            reply.AnswerCount, reply.AuthorityCount, reply.AdditionalCount, reply.Length, Now.Nanoseconds - exchange.SentAt.Nanoseconds, answers, ttl));
    }

    /// <summary>How many records an event shows: enough for a reader, little for a listener.</summary>
    private const int MaxSummaries = 20;

    private void TellOutcome(ResolutionOutcome outcome)
    {
        var (name, type, elapsed) = (Question.Name.ToHostString(), Question.Type.ToString(), Now.Nanoseconds - StartedAt.Nanoseconds);
        switch (outcome)
        {
            case ResolvedAnswer answer:
                var answers = answer.Records.Take(MaxSummaries).Select(record => record.Data.ToString()).ToArray();
                Tell(new ResolutionCompleted(
                    name, type, answers, answer.Source.Kind, answer.Source.Authoritative, answer.Source.AgeSeconds,
                    answer.Source.TtlSeconds,
                    answer.Code.ToString(), elapsed));
                break;
            case ResolutionFailure failure:
                Tell(new ResolutionFailed(
                    name, type, failure.Reason, failure.AtFault,
                    failure.AtFault == FaultParty.ZoneOperator ? failure.Zone.ToHostString() : null,
                    failure.Evidence, elapsed));
                break;
        }
    }
}

/// <summary>A server that a resolution asks or has asked, and what came of it.</summary>
internal sealed class AskedServer(Endpoint endpoint, string name, DnsName zone)
{
    public Endpoint Endpoint { get; } = endpoint;
    public string Name { get; } = name;
    public DnsName Zone { get; } = zone;
    public int Tries { get; set; }

    /// <summary>Not to be asked again in this resolution.</summary>
    public bool IsFinished { get; set; }

    public ServerOutcome? Outcome { get; set; }
    public LamenessKind? Lameness { get; set; }
    public Errno? Error { get; set; }

    /// <summary>The code of its last reply.</summary>
    public ResponseCode Code { get; set; }

    /// <summary>The same as a word, where nothing else says which error it was; empty otherwise.</summary>
    public string CodeOfError => Lameness == LamenessKind.OtherError ? $"{Code}" : "";

    public ServerEvidence ToEvidence() =>
        new(Name, Endpoint, Zone.ToHostString(), Outcome ?? ServerOutcome.Silent, Tries) { Lameness = Lameness, Error = Error, Code = CodeOfError };
}
