using Firstbyte.Addressing;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>The limits of a server.</summary>
public sealed record DnsServerOptions
{
    /// <summary>The longest UDP response: what passes nearly everywhere without fragments (DNS flag day 2020).</summary>
    public int MaxDatagramLength { get; init; } = Edns.DefaultPayloadSize;

    /// <summary>
    /// Threads that receive and send datagrams many at a call, each from a socket of its own, where the network can do that, the answers come from zones or
    /// a cache and nobody listens to events; 0 for the one socket that every network has.
    /// </summary>
    public int DatagramThreads { get; init; }

    /// <summary>How many UDP queries may wait for their answers; more stay in the socket's buffer. BIND's recursive-clients is 1000.</summary>
    public int MaxDatagramsInFlight { get; init; } = 1000;

    /// <summary>How many TCP connections are open at once. BIND's tcp-clients is 150.</summary>
    public int MaxConnections { get; init; } = 150;

    /// <summary>How many queries of one connection may wait for their answers; more stay unread. BIND's tcp pipeline limit is 23.</summary>
    public int MaxPipelined { get; init; } = 23;

    /// <summary>How long a connection may go without a whole query or a whole answer (RFC 7766 section 6.2.3: a few seconds).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>DNS over TLS at this address, and nothing beside it; null for UDP and TCP. Its connections have the limits of TCP's.</summary>
    public DnsServerTls? Tls { get; init; }

    /// <summary>Where queries and answers are counted; null for nowhere. Several servers may count together.</summary>
    public DnsServerCounters? Counters { get; init; }

    /// <summary>Where queries and answers are written down; null for nowhere. Several servers may write together.</summary>
    public DnsTap? Tap { get; init; }

    /// <summary>
    /// Who is told, where nobody listens to all events, of what keeps the server from serving: of each kind of trouble once until it is over.
    /// </summary>
    public TraceSpan Troubles { get; init; }

    /// <summary>The backlog given to listen().</summary>
    public int Backlog { get; init; } = 128;
}

/// <summary>Serves DNS at one address and port, over UDP and TCP, from whatever its responder knows.</summary>
/// <remarks>
/// Theory of operation. One loop receives datagrams, one accepts connections, and each connection has a loop of its own. A responder that
/// knows the answer gives it
/// at once, and the loop sends it and goes on; one that must ask others is waited for beside the loop, up to a limit,
/// beyond which nothing more is read, so that the pressure goes back to the clients. Sends take turns, as a socket allows one at a time.
/// Everything runs where <see cref="RunAsync"/> was started: in a simulation on its one thread.
/// </remarks>
public sealed class DnsServer : IDisposable
{
    /// <summary>With port 0 the stack chooses for UDP, and TCP must get the same: so often another one is tried.</summary>
    private const int MaxPortTries = 10;

    /// <summary>Where connections come and go at the limit, trouble comes and goes as well (own choice).</summary>
    private static readonly TimeSpan s_troublePause = TimeSpan.FromMinutes(1);

    private readonly INetwork _network;
    private readonly IDnsResponder _responder;
    private readonly TraceSpan _span;
    private readonly Lock _telling = new();
    private readonly CancellationTokenSource _stopping = new();
    private ISocket? _datagrams;
    private IReadOnlyList<IDatagramBatch>? _batches;
    private ISocket? _connections;
    private bool _isInTrouble;
    private long? _toldOfTrouble;

    /// <summary>A server on a host's network; it does nothing before <see cref="Bind"/> and <see cref="RunAsync"/>.</summary>
    public DnsServer(INetwork network, IDnsResponder responder, DnsServerOptions? options = null, TraceSpan span = default)
    {
        (_network, _responder, Options, _span) = (network, responder, options ?? new DnsServerOptions(), span);
        Stopping = _stopping.Token;
    }

    /// <summary>The limits.</summary>
    public DnsServerOptions Options { get; }

    /// <summary>Where the server listens; null before <see cref="Bind"/>.</summary>
    public Endpoint? LocalEndpoint =>
        _batches is { } batches ? batches[0].LocalEndpoint : _datagrams is { } datagrams ? datagrams.LocalEndpoint : _connections?.LocalEndpoint;

    internal INetwork Network => _network;

    /// <summary>The same, as it was when the server began.</summary>
    internal Endpoint Local { get; private set; }

    internal CancellationToken Stopping { get; }

    /// <summary>Takes the address for UDP and TCP, or for TLS, and returns it, with the port chosen where 0 was given.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EADDRNOTAVAIL, EACCES …: nothing stays open then.</exception>
    /// <exception cref="InvalidOperationException">The server is bound already.</exception>
    public Endpoint Bind(Endpoint local)
    {
        if (LocalEndpoint is not null) { throw new InvalidOperationException("the server is bound already"); }
        if (Options.Tls is not null)
        {
            _connections = Listen(local);
            return LocalEndpoint!.Value;
        }
        for (var tries = 1; ; tries++)
        {
            _batches = OpenBatches(local);
            _datagrams = _batches is null ? Open(SocketKind.Datagram, local) : null;
            try
            {
                var bound = LocalEndpoint!.Value;
                _connections = Listen(bound);
                return bound;
            }
            catch (NetworkException failure)
            {
                CloseDatagrams();
                (_datagrams, _batches) = (null, null);
                if (local.Port != 0 || failure.Error != Errno.EADDRINUSE || tries == MaxPortTries) { throw; }
            }
        }
    }

    /// <summary>Takes sockets that were bound before the program began, both at one address as a rule; over TLS there are connections alone.</summary>
    /// <exception cref="NetworkException">EMFILE.</exception>
    /// <exception cref="ArgumentException">There is none, or datagrams for a server over TLS.</exception>
    /// <exception cref="InvalidOperationException">The server is bound already.</exception>
    public Endpoint Adopt(IInheritingNetwork network, InheritedSocket? datagrams, InheritedSocket? connections)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (LocalEndpoint is not null) { throw new InvalidOperationException("the server is bound already"); }
        if ((datagrams ?? connections) is null || datagrams is not null && Options.Tls is not null) { throw new ArgumentException("no socket to serve"); }
        if (datagrams is not null)
        {
            _batches = CanBatch ? network.AdoptBatches(datagrams, Options.DatagramThreads) : null;
            if (_batches is null) { _datagrams = network.Adopt(datagrams); }
        }
        if (connections is not null) { _connections = network.Adopt(connections); }
        return LocalEndpoint!.Value;
    }

    /// <summary>Serves until the token is cancelled or the server disposed; ends when every answer under way has ended too.</summary>
    /// <exception cref="InvalidOperationException">The server is not bound.</exception>
    /// <exception cref="NetworkException">The listening socket broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (LocalEndpoint is not { } local) { throw new InvalidOperationException("the server is not bound"); }
        Local = local;
        using var registration = cancellationToken.Register(Stop);
        Tell(_span, new DnsServerStarted(local));
        var datagrams = _datagrams is { } socket ? new DatagramListener(this, socket).RunAsync() : _batches is not null ? ServeBatchesAsync() : Never();
        var connections = _connections is { } listening ? new ConnectionListener(this, listening).RunAsync() : Never();
        try
        {
            // When one of them breaks the other must end too.
            await await Task.WhenAny(datagrams, connections);
        }
        finally
        {
            Stop();
            await Task.WhenAll(datagrams, connections);
        }
    }

    /// <summary>Stops the server: closes its sockets and cancels the answers under way.</summary>
    public void Stop()
    {
        if (!Stopping.IsCancellationRequested) { _stopping.Cancel(); }
        CloseDatagrams();
        _connections?.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _stopping.Dispose();
    }

    /// <summary>Asks the responder; a failure of its becomes SERVFAIL. Returns the response's length, 0 for none.</summary>
    internal async ValueTask<int> AnswerAsync(ServedQuery served)
    {
        served.Span = _span.Begin();
        var asked = Options.Tap?.Now() ?? default;
        if (served.Span.IsListening) { Tell(served.Span, ServedQueryEvents.Received(served)); }
        try
        {
            var length = await _responder.AnswerAsync(served.Query, served.Client, served.Transport, served.Response, served.Span, Stopping);
            Options.Tap?.TellClient(served.Transport, served.Client, Local, asked, served.Query.Span, served.Response.Span[..length]);
            Options.Counters?.Shared.CountShared(served.Transport, served.QueryLength, served.Response.Span[..length]);
            return length;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested) { return 0; }
        // A responder is other people's code: whatever it throws concerns one client, not the server.
#pragma warning disable CA1031
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Tell(served.Span, new ResponderFailed(served.Client, served.Transport, failure.GetType().Name, failure.Message));
            var length = ServedQueryEvents.WriteServerFailure(served);
            Options.Counters?.Shared.CountShared(served.Transport, served.QueryLength, served.Response.Span[..length]);
            return length;
        }
    }

    internal ZoneTransfer? BeginTransfer(ReadOnlySpan<byte> query, Endpoint client) => _responder.BeginTransfer(query, client);

    internal void EndTransfer(ZoneTransfer transfer, Endpoint client, bool isWhole) => _responder.EndTransfer(transfer, client, isWhole);

    internal void TellSent(ServedQuery served)
    {
        if (served.Span.IsListening) { Tell(served.Span, ServedQueryEvents.Sent(served)); }
    }

    internal void TellNotSent(ServedQuery served, Errno error) => Tell(served.Span, new ResponseNotSent(served.Client, served.Transport, error));

    internal void TellClosed(Endpoint? client, DnsConnectionEnd end, int queries)
    {
        if (_span.IsListening) { Tell(_span.Begin(), new DnsConnectionClosed(client, end, queries)); }
    }

    /// <summary>Told each time to who listens to everything, and once a minute at most to who hears of troubles alone.</summary>
    internal void TellAcceptFailed(Errno error)
    {
        var failed = new DnsAcceptFailed(_connections!.LocalEndpoint!.Value, error);
        var isNews = _toldOfTrouble is not { } told || _network.Time.GetElapsedTime(told) >= s_troublePause;
        if (_span.IsListening) { Tell(_span, failed); }
        else if (isNews) { Tell(Options.Troubles, failed); }
        if (!isNews) { return; }
        (_isInTrouble, _toldOfTrouble) = (true, _network.Time.GetTimestamp());
    }

    /// <summary>A connection was accepted.</summary>
    internal void TellAccepted()
    {
        if (!_isInTrouble) { return; }
        _isInTrouble = false;
        Tell(_span.IsListening ? _span : Options.Troubles, new DnsAcceptResumed(_connections!.LocalEndpoint!.Value));
    }

    /// <summary>A sink takes one event at a time, and on the operating system's network answers end on several threads.</summary>
    private void Tell(TraceSpan span, TraceEvent traceEvent)
    {
        lock (_telling) { span.Tell(traceEvent); }
    }

    private bool CanBatch =>
        Options.DatagramThreads > 0 && _responder is AuthoritativeResponder or RecursiveResponder { CanAnswerAtOnce: true } && !_span.IsListening;

    private IReadOnlyList<IDatagramBatch>? OpenBatches(Endpoint local) =>
        CanBatch && _network is IBatchNetwork network ? network.BindBatches(local, Options.DatagramThreads) : null;

    private Task ServeBatchesAsync()
    {
        if (_responder is RecursiveResponder resolving)
        {
            return Task.WhenAll(_batches!.Select(batch => new ResolvingAnswerer(this, resolving, batch, Options.Counters?.NewTable()).ServeAsync()));
        }
        var server = ((AuthoritativeResponder)_responder).Server;
        return Task.WhenAll(_batches!.Select(batch =>
            batch.ServeAsync(new BatchAnswerer(server, _network.Time, Options.MaxDatagramLength, Options.Counters?.NewTable()))));
    }

    /// <summary>Done when the server stops.</summary>
    private Task Never()
    {
        var stopped = new TaskCompletionSource();
        Stopping.Register(stopped.SetResult);
        return stopped.Task;
    }

    private ISocket Listen(Endpoint local)
    {
        var socket = Open(SocketKind.Stream, local);
        try
        {
            socket.Listen(Options.Backlog);
            return socket;
        }
        catch (NetworkException)
        {
            socket.Close();
            throw;
        }
    }

    private void CloseDatagrams()
    {
        _datagrams?.Close();
        foreach (var batch in _batches ?? []) { batch.Close(); }
    }

    private ISocket Open(SocketKind kind, Endpoint local)
    {
        var socket = _network.CreateSocket(local.Address.Version, kind);
        try
        {
            // IPv4 clients have an endpoint of their own; a server restarts although old connections linger.
            if (local.Address.IsV6) { socket.SetOption(SocketOption.V6Only, 1); }
            if (kind == SocketKind.Stream) { socket.SetOption(SocketOption.ReuseAddress, 1); }
            socket.Bind(local);
            return socket;
        }
        catch (NetworkException)
        {
            socket.Close();
            throw;
        }
    }
}
