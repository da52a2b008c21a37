using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>
/// One client's connection to a server, TCP or TLS over it: queries one after the other or many at once, answers in the order in which they are ready (RFC
/// 7766 section 6.2.1.1).
/// </summary>
internal sealed class DnsConnection
{
    /// <summary>Enough for any usual query.</summary>
    public const int FirstBufferLength = 2048;

    // It grows to the longest message with its length field.
    private static readonly ReceiveRoom s_room = new(First: FirstBufferLength, Bulk: FirstBufferLength, Most: 2 + ushort.MaxValue);

    private readonly DnsServer _server;
    private readonly ISocket _socket;
    private readonly ServedQueryPool _unused;
    private readonly InFlight _inFlight;
    private readonly ResponseQueue _responses;
    private readonly ITimer _idleTimer;
    private IByteStream? _stream;
    private int _answering;
    private int _queries;
    private int _end = -1;
    private long _lastActivity;

    public DnsConnection(DnsServer server, ISocket socket, ServedQueryPool unused)
    {
        (_server, _socket, _unused) = (server, socket, unused);
        _inFlight = new InFlight(server.Options.MaxPipelined);
        _responses = new ResponseQueue(SendAsync);
        _lastActivity = server.Network.Time.GetTimestamp();
        _idleTimer = server.Network.Time.CreateTimer(_ => OnIdle(), null, server.Options.IdleTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when no answer is under way.</summary>
    public bool IsIdle => _inFlight.Count == 0;

    /// <summary>When the last whole query came or the last whole answer went, in the network's timestamps.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    public async Task RunAsync()
    {
        var client = _socket.RemoteEndpoint;
        using var received = new ReceiveBuffer(s_room);
        try
        {
            // Answers to pipelined queries are small and must not wait for each other's acknowledgements.
            _socket.SetOption(SocketOption.NoDelay, 1);
            _stream = await SecureAsync();
            if (_stream is null) { Close(DnsConnectionEnd.Insecure); }
            else
            {
                while (await ReceiveAsync(received)) { await AnswerReceivedAsync(received); }
            }
        }
        catch (NetworkException) { Close(DnsConnectionEnd.Broken); }
        finally
        {
            // Answers under way still go out: a client may end its own direction and wait for them.
            await _inFlight.EmptyAsync();
            // close_notify for who is still there (RFC 8446 section 6.1); everybody else finds the socket closed.
            if (_end < 0 && _stream is not (null or SocketByteStream)) { _stream.Close(); }
            Close(DnsConnectionEnd.ByClient);
            await _idleTimer.DisposeAsync();
            _server.TellClosed(client, (DnsConnectionEnd)_end, _queries);
        }
    }

    /// <summary>Closes the connection, for the first reason given.</summary>
    public void Close(DnsConnectionEnd reason)
    {
        Interlocked.CompareExchange(ref _end, (int)reason, -1);
        _socket.Close();
    }

    /// <summary>
    /// The stream on which messages come; null when there is no TLS. Who is silent in the middle of the handshake is idle like any other, and is cut off.
    /// </summary>
    private async ValueTask<IByteStream?> SecureAsync()
    {
        var plain = new SocketByteStream(_socket);
        if (_server.Options.Tls is not { } tls) { return plain; }
        var result = await tls.Provider.AuthenticateAsServerAsync(plain, tls.Options, default, _server.Stopping);
        return (result as TlsSession)?.Stream;
    }

    /// <summary>Puts more bytes behind those that are waiting; false when there are none any more.</summary>
    private async ValueTask<bool> ReceiveAsync(ReceiveBuffer received)
    {
        try
        {
            var count = await received.ReceiveAsync(_stream!);
            if (count > 0) { return true; }
            if (DnsStreamReader.Read(received.Span, ended: true, out _).Kind == DnsStreamEventKind.Cut)
            {
                Interlocked.CompareExchange(ref _end, (int)DnsConnectionEnd.Cut, -1);
            }
            return false;
        }
        catch (NetworkException)
        {
            Interlocked.CompareExchange(ref _end, (int)DnsConnectionEnd.Broken, -1);
            return false;
        }
    }

    private async ValueTask AnswerReceivedAsync(ReceiveBuffer received)
    {
        while (true)
        {
            var found = DnsStreamReader.Read(received.Span, ended: false, out var consumed);
            if (found.Kind != DnsStreamEventKind.Message) { return; }
            Touch();
            var query = received.Unconsumed.Slice(found.Start, found.Length);
            if (_server.BeginTransfer(query.Span, _socket.RemoteEndpoint ?? default) is { } transfer) { await SendTransferAsync(transfer, query.Length); }
            else { await AnswerAsync(query); }
            received.Consume(consumed);
        }
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> query)
    {
        var served = _unused.Take();
        served.CopyQuery(query.Span);
        served.Client = _socket.RemoteEndpoint ?? default;
        _queries++;
        _inFlight.Enter();
        Interlocked.Increment(ref _answering);
        var answering = _server.AnswerAsync(served);
        if (answering.IsCompleted) { await FinishAsync(answering, served); }
        else
        {
            _ = FinishAsync(answering, served);
            await _inFlight.RoomAsync();
        }
    }

    /// <summary>Sends the messages of a transfer, at most so many ahead of the client as answers may wait.</summary>
    private async ValueTask SendTransferAsync(ZoneTransfer transfer, int queryLength)
    {
        _queries++;
        var (isWhole, isFirst) = (false, true);
        while (_end < 0 && !isWhole)
        {
            var served = _unused.Take();
            served.Client = _socket.RemoteEndpoint ?? default;
            served.ResponseLength = transfer.Next(served.Response.Span, NetworkClock.Now(_server.Network));
            isWhole = served.ResponseLength == 0;
            if (isWhole)
            {
                _unused.Release(served);
                break;
            }
            // One question, and what is said to it first.
            if (isFirst) { _server.Options.Counters?.Count(served.Transport, queryLength, served.Response.Span[..served.ResponseLength]); }
            isFirst = false;
            _inFlight.Enter();
            await _responses.SendAsync(served);
            await _inFlight.RoomAsync();
        }
        _server.EndTransfer(transfer, _socket.RemoteEndpoint ?? default, isWhole);
    }

    private async Task FinishAsync(ValueTask<int> answering, ServedQuery served)
    {
        served.ResponseLength = await answering;
        Interlocked.Decrement(ref _answering);
        if (served.ResponseLength > 0) { await _responses.SendAsync(served); }
        else { Release(served); }
    }

    private async ValueTask SendAsync(ServedQuery served)
    {
        try
        {
            await _stream!.SendAsync(served.Framed);
            Touch();
            _server.TellSent(served);
        }
        catch (NetworkException failure)
        {
            _server.TellNotSent(served, failure.Error);
            Close(DnsConnectionEnd.Broken);
        }
        finally { Release(served); }
    }

    private void Release(ServedQuery served)
    {
        _unused.Release(served);
        _inFlight.Leave();
    }

    private void Touch() => Volatile.Write(ref _lastActivity, _server.Network.Time.GetTimestamp());

    /// <summary>The timer is not set anew with every query: it looks, when it fires, how long the silence has been.</summary>
    private void OnIdle()
    {
        var silence = _server.Network.Time.GetElapsedTime(LastActivity);
        var left = _server.Options.IdleTimeout - silence;
        // An answer that is still being looked for is the server's delay, not the client's.
        if (Volatile.Read(ref _answering) > 0) { left = _server.Options.IdleTimeout; }
        if (left > TimeSpan.Zero) { _idleTimer.Change(left, Timeout.InfiniteTimeSpan); }
        else { Close(DnsConnectionEnd.Idle); }
    }
}
