using System.Buffers.Binary;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Tapping;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Runs a mesh of resolutions over a network: hands each message to its transport, sets timers, and wakes those who wait.</summary>
/// <remarks>
/// Theory of operation. Inputs are put into a queue; whoever finds nobody at work works the queue off: one step of the mesh at a time, its effects
/// carried out before the next. So the mesh needs no lock of its own, an input that arises while effects are carried out waits its turn, and
/// in a simulation everything stays on the one thread. Clients are woken after the queue is empty. How a message comes to a server is the
/// business of its transport, which is opened when it is first needed.
/// </remarks>
internal sealed class ResolutionDriver : IDisposable
{
    private readonly INetwork _network;
    private readonly ResolutionMesh _mesh;
    private readonly Lock _gate = new();
    private readonly Queue<Step> _inbox = new();
    private readonly List<MeshEffect> _effects = [];
    private readonly List<(Client Client, ResolutionOutcome Outcome)> _answered = [];
    private readonly Dictionary<int, Client> _clients = [];
    private readonly Dictionary<int, Running> _running = [];
    private readonly IUpstreamTransports _transports;
    private readonly ResolverCounters _counters;
    private readonly DnsTap? _tap;
    private readonly IUpstreamTransport?[] _open = new IUpstreamTransport?[Enum.GetValues<DnsTransport>().Length];
    private bool _isWorking;
    private bool _isDisposed;

    public ResolutionDriver(
        INetwork network, Func<MeshQuestion, ResolutionBudget, int, Resolution> create, IUpstreamTransports? transports = null,
        ResolverCounters? counters = null, DnsTap? tap = null)
    {
        (_counters, _tap) = (counters ?? new ResolverCounters(), tap);
        (_network, _transports) = (network, transports ?? ClearTransports.Instance);
        _mesh = new ResolutionMesh(create, NextRandom);
    }

    /// <summary>Asks the mesh; with <paramref name="isChecked"/> for an answer whose signatures are checked.</summary>
    public ValueTask<ResolutionOutcome> AskAsync(
        Question question, ResolutionBudget budget, TraceSpan span, CancellationToken cancellationToken, bool isChecked = false)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ResolutionOutcome>(cancellationToken); }
        var client = new Client(this, question, budget, span, isChecked);
        Post(new Step(Client: client));
        if (!client.Outcome.IsCompleted) { client.EndWith(cancellationToken); }
        return new(client.Outcome);
    }

    /// <summary>Runs one look or change between two steps of the mesh.</summary>
    public void Between(Action action) => Post(new Step(Action: _ => action()));

    public void Dispose() => Post(new Step(Action: _ =>
    {
        _isDisposed = true;
        foreach (var running in _running.Values) { running.Close(); }
        _running.Clear();
        foreach (var transport in _open) { transport?.Dispose(); }
        foreach (var client in _clients.Values)
        {
            _answered.Add((client, client.Abandon()));
        }
        _clients.Clear();
    }));

    private void Ask(Client client, List<MeshEffect> effects)
    {
        if (_isDisposed)
        {
            _answered.Add((client, client.Abandon()));
            return;
        }
        _mesh.IsListening = _mesh.IsListening || client.Span.IsListening;
        // Tickets are counted from 1 on: the client must be known before its own first effects are carried out.
        client.Ticket = _mesh.Ask(client.Question, client.Budget, NetworkClock.Monotonic(_network), effects, client.IsChecked);
        _clients.Add(client.Ticket, client);
    }

    private void Cancel(Client client, CancellationToken token) => Post(new Step(Action: effects =>
    {
        if (!_clients.Remove(client.Ticket)) { return; }
        _mesh.Cancel(client.Ticket, effects);
        client.Cancelled = token;
        _answered.Add((client, null!));
    }));

    private void Feed(int resolution, ResolutionInput input) => Post(new Step(Input: input, Resolution: resolution));

    private void Post(in Step step)
    {
        lock (_gate)
        {
            _inbox.Enqueue(step);
            if (_isWorking) { return; }
            _isWorking = true;
        }
        Work();
    }

    private void Work()
    {
        while (true)
        {
            Step step;
            (Client Client, ResolutionOutcome Outcome)[] answered = [];
            bool isOver;
            lock (_gate)
            {
                isOver = !_inbox.TryDequeue(out step);
                if (isOver)
                {
                    _isWorking = false;
                    answered = [.. _answered];
                    _answered.Clear();
                }
            }
            if (isOver)
            {
                foreach (var (client, outcome) in answered) { client.Wake(outcome); }
                return;
            }
            try
            {
                _effects.Clear();
                if (step.Input is { } input) { _mesh.Handle(step.Resolution, input, NetworkClock.Monotonic(_network), _effects); }
                else if (step.Client is { } client) { Ask(client, _effects); }
                else { step.Action!(_effects); }
                foreach (var effect in _effects) { Carry(effect); }
            }
            catch (Exception error)
            {
                // A fault of this program, or of a listener: those who wait must hear of it instead of waiting for ever.
                FailAll(error);
            }
        }
    }

    private void FailAll(Exception error)
    {
        foreach (var running in _running.Values) { running.Close(); }
        _running.Clear();
        foreach (var client in _clients.Values)
        {
            client.Error = error;
            _answered.Add((client, null!));
        }
        foreach (var ticket in _clients.Keys.ToArray()) { _mesh.Cancel(ticket, []); }
        _clients.Clear();
    }

    private void Carry(MeshEffect effect)
    {
        switch (effect)
        {
            case MeshEffect.Opened opened:
                var parent = opened.Parent != 0 && _running.TryGetValue(opened.Parent, out var asker) ? asker.Span
                    : _clients.TryGetValue(opened.Ticket, out var client) ? client.Span : default;
                _running.Add(opened.Resolution, new Running(this, opened.Resolution, parent.Begin()));
                break;
            case MeshEffect.Closed closed:
                if (_running.Remove(closed.Resolution, out var ended)) { ended.Close(); }
                break;
            case MeshEffect.Answered answered:
                if (_clients.Remove(answered.Ticket, out var waiter))
                {
                    _counters.Count(answered.Outcome);
                    _answered.Add((waiter, answered.Outcome));
                }
                break;
            case MeshEffect.TellTicket told:
                if (_clients.TryGetValue(told.Ticket, out var listener)) { listener.Span.Tell(told.Event); }
                break;
            case MeshEffect.Forward forward when _running.TryGetValue(forward.Resolution, out var running):
                Carry(
                forward.Resolution, running, forward.Effect); break;
        }
    }

    private void Carry(int resolution, Running running, ResolutionEffect effect)
    {
        switch (effect)
        {
            case ResolutionEffect.Tell tell: running.Span.Tell(tell.Event); break;
            case ResolutionEffect.SetTimer timer: SetTimer(running, timer.Due); break;
            case ResolutionEffect.EndExchange end when running.Exchange?.Number == end.Exchange: running.EndExchange(); break;
            case ResolutionEffect.VerifySignature job:
                // Some tens of microseconds each, and no more of them than a client's question may cost: the next step of the mesh can wait for that.
                Feed(resolution, new ResolutionInput.SignatureVerified(job.Job, SignatureVerifier.IsSigned(job.Set, job.Signature, job.Key)));
                break;
            case ResolutionEffect.SendQuery send: Send(resolution, running, send); break;
        }
    }

    private void Send(int resolution, Running running, ResolutionEffect.SendQuery send)
    {
        var exchange = running.Exchange = new Exchange(this, resolution, send);
        _counters.CountSent(send.Transport);
        _tap?.TellServer(TapPoint.ResolverQuery, send.Transport, send.Server, send.Message);
        // Opened when somebody is asked that way: many a resolver never asks.
        if ((_open[(int)send.Transport] ??= _transports.Open(send.Transport, _network)) is not { } transport)
        {
            exchange.Failed(new UpstreamFailure(Errno.EPROTO, WasSent: false, UpstreamFault.NoTls));
            return;
        }
        exchange.Ask(transport, new UpstreamQuery(send.Server, send.Message, running.Span) { Named = send.Named });
    }

    private void SetTimer(Running running, Instant due)
    {
        var nanoseconds = Math.Max(0, due.Nanoseconds - NetworkClock.Monotonic(_network).Nanoseconds);
        // Rounded up to the clock's tick of 100 ns: a timer must not fire before its instant.
        var delay = TimeSpan.FromTicks((nanoseconds + 99) / 100);
        running.Due = due;
        if (running.Timer is { } timer)
        {
            timer.Change(delay, Timeout.InfiniteTimeSpan);
            return;
        }
        running.Timer = _network.Time.CreateTimer(static state => ((Running)state!).PostTimer(), running, delay, Timeout.InfiniteTimeSpan);
    }

    private void TakeTimer(Running running, List<MeshEffect> effects)
    {
        // The timer may have been set anew between its firing and this turn.
        if (!_running.TryGetValue(running.Resolution, out var current) || current != running) { return; }
        var now = NetworkClock.Monotonic(_network);
        if (now < running.Due)
        {
            SetTimer(running, running.Due);
            return;
        }
        if (running.Exchange is { } silent) { _counters.CountTimedOut(silent.Transport); }
        _mesh.Handle(running.Resolution, new ResolutionInput.TimedOut(running.Due), now, effects);
    }

    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        _network.Random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>What is done between two others: an input of a resolution, the question of a client, or something else.</summary>
    private readonly record struct Step(
        ResolutionInput? Input = null, int Resolution = 0, Client? Client = null, Action<List<MeshEffect>>? Action = null);

    private sealed class Client(ResolutionDriver driver, Question question, ResolutionBudget budget, TraceSpan span, bool isChecked)
    {
        private readonly TaskCompletionSource<ResolutionOutcome> _source = new();
        private CancellationTokenRegistration _registration;
        private bool _isWoken;

        public Question Question { get; } = question;
        public ResolutionBudget Budget { get; } = budget;
        public TraceSpan Span { get; } = span;
        public bool IsChecked { get; } = isChecked;
        public int Ticket { get; set; }
        public Task<ResolutionOutcome> Outcome => _source.Task;
        public Exception? Error { get; set; }
        public CancellationToken? Cancelled { get; set; }

        /// <summary>The outcome for one who still waits, or asks, when the resolver is disposed.</summary>
        public ResolutionFailure Abandon() => new(Question, ResolutionFailureReason.OutOfTime, FaultParty.User, Question.Name, []);

        /// <summary>Waits no longer than until the token is cancelled.</summary>
        public void EndWith(CancellationToken token)
        {
            var registration = token.UnsafeRegister(static (state, token) => ((Client)state!).Cancel(token), this);
            lock (_source)
            {
                _registration = registration;
                // Another thread may have woken it since it was looked at.
                if (_isWoken) { registration.Unregister(); }
            }
        }

        public void Wake(ResolutionOutcome outcome)
        {
            lock (_source)
            {
                _isWoken = true;
                _registration.Unregister();
            }
            if (Error is not null) { _source.TrySetException(Error); }
            else if (Cancelled is { } token) { _source.TrySetCanceled(token); }
            else { _source.TrySetResult(outcome); }
        }

        private void Cancel(CancellationToken token) => driver.Cancel(this, token);
    }

    private sealed class Running(ResolutionDriver driver, int resolution, TraceSpan span)
    {
        private readonly ResolutionDriver _driver = driver;

        public int Resolution { get; } = resolution;
        public TraceSpan Span { get; } = span;
        public Instant Due { get; set; }
        public ITimer? Timer { get; set; }
        public Exchange? Exchange { get; set; }

        public void PostTimer() => _driver.Post(new Step(Action: effects => _driver.TakeTimer(this, effects)));

        public void EndExchange()
        {
            Exchange?.End();
            Exchange = null;
        }

        public void Close()
        {
            EndExchange();
            Timer?.Dispose();
        }
    }

    /// <summary>One message to a server, and the wait for its reply.</summary>
    private sealed class Exchange(ResolutionDriver driver, int resolution, ResolutionEffect.SendQuery send) : IUpstreamListener
    {
        private IDisposable? _asking;
        private bool _isEnded;

        public int Number => send.Exchange;

        public DnsTransport Transport => send.Transport;

        public void Ask(IUpstreamTransport transport, UpstreamQuery query)
        {
            _asking = transport.Ask(query, this);
            // It may have failed at once.
            if (_isEnded) { _asking.Dispose(); }
        }

        public void Received(ReadOnlySpan<byte> datagram)
        {
            if (_isEnded) { return; }
            driver._counters.CountReceived(Transport);
            driver._tap?.TellServer(TapPoint.ResolverResponse, Transport, send.Server, datagram);
            driver.Feed(resolution, new ResolutionInput.ResponseArrived(Number, send.Server, datagram.ToArray()));
        }

        public void Failed(Errno error) => Failed(new UpstreamFailure(error, _asking is not null));

        public void Failed(UpstreamFailure failure)
        {
            if (_isEnded) { return; }
            driver._counters.CountFailed(Transport);
            driver.Feed(resolution, new ResolutionInput.NetworkFailed(Number, failure.Error, failure.WasSent) { Fault = failure.Fault });
        }

        public void Broke(Exception error) => driver.Post(new Step(Action: _ => driver.FailAll(error)));

        public void End()
        {
            _isEnded = true;
            _asking?.Dispose();
        }
    }
}
