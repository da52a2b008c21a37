using System.Globalization;
using Firstbyte.Connecting;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Dns.Upstreams;

/// <summary>A server that is asked over HTTPS (RFC 8484) by HTTP/1.1: its connections, what waits for one, and what is known of the server.</summary>
/// <remarks>
/// Theory of operation. HTTP/1.1 has one exchange at a time on a connection, so several are kept: a question takes one that is free, has another one made where
/// that is allowed, or waits. Whoever has a connection goes on with it as long as questions wait. A question is a POST, whose answer no cache on the way keeps;
/// its id is 0 on the way (RFC 8484 section 4.1). A connection that ends under the first exchange that it is used again for has been idle too long, which is no
/// fault of the server's: a question does no harm when it is asked twice.
/// </remarks>
internal sealed class HttpsServer : IUpstreamTransport
{
    /// <summary>Connections with one server. Own choice: what browsers open to one of HTTP/1.1.</summary>
    public const int MostConnections = 6;

    /// <summary>Questions that wait for a connection; more are refused. Own choice.</summary>
    private const int MostWaiting = 1024;

    private static readonly HttpField[] s_fields =
        [new("Accept", MediaType), new("Content-Type", MediaType)];

    private const string Alpn = "http/1.1";

    private const string MediaType = "application/dns-message";

    private readonly SecuredConnecting _connecting;
    private readonly UpstreamServer _server;
    private readonly string _host;
    private readonly IdleConnections<HttpConnection> _idle;
    private readonly Route _route;
    private readonly UpstreamRest _rest;
    private readonly Lock _lock = new();
    private readonly Queue<Asked> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private int _working;

    public HttpsServer(SecuredConnecting connecting, UpstreamServer server)
    {
        (_connecting, _server) = (connecting, server);
        const ushort usual = 443;
        var address = server.Endpoint.Address;
        var name = server.Name.Length > 0 ? server.Name.TrimEnd('.') : address.IsV4 ? $"{address}" : $"[{address}]";
        _host = server.Endpoint.Port == usual ? name : $"{name}:{server.Endpoint.Port}";
        _route = new Route(new Origin("https", name, server.Endpoint.Port), null);
        _idle = new IdleConnections<HttpConnection>(connecting.Network, PoolLimits.Default);
        _rest = new UpstreamRest(hasOtherWay: server.InClear is not null);
    }

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var asked = new Asked(query, listener);
        _connecting.Counters?.CountQuery();
        UpstreamFailure? refusal = null;
        var begins = false;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested) { refusal = new UpstreamFailure(Errno.ECANCELED, WasSent: false); }
            else if (_idle.Count == 0 && _rest.IsResting(Now)) { refusal = _rest.Failure; }
            else if (_waiting.Count >= MostWaiting) { refusal = new UpstreamFailure(Errno.EAGAIN, WasSent: false); }
            else
            {
                _waiting.Enqueue(asked);
                if (_working < MostConnections) { (begins, _working) = (true, _working + 1); }
            }
        }
        if (refusal is { } failure) { asked.Fail(failure); }
        if (begins) { _ = WorkAsync(); }
        return asked;
    }

    public void Dispose()
    {
        lock (_lock) { _stop.Cancel(); }
        _idle.Dispose();
    }

    private Instant Now => NetworkClock.Monotonic(_connecting.Network);

    /// <summary>Asks what waits, one after the other, each over a connection that is free.</summary>
    private async Task WorkAsync()
    {
        Asked? asked = null;
        try
        {
            while ((asked = Next()) is not null)
            {
                if (await ConnectAsync(asked) is { } connection) { await ExchangeAsync(connection, asked); }
            }
        }
        catch (Exception error)
        {
            lock (_lock) { _working--; }
            asked?.Listener.Broke(error);
            if (asked is null) { throw; }
        }
    }

    private Asked? Next()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var asked)) { if (!asked.IsOver) { return asked; } }
            _working--;
            return null;
        }
    }

    /// <summary>A connection: one that is free, or a new one; null where none could be made, which everybody who waits is told.</summary>
    private async ValueTask<HttpConnection?> ConnectAsync(Asked asked)
    {
        if (!asked.WantsNew && _idle.Take(_route) is { } idle) { return idle; }
        var (stream, failure) = await _connecting.ConnectAsync(_server, Alpn, asked.Span, _stop.Token);
        if (stream is not null)
        {
            return new HttpConnection(stream, _connecting.Network, new HttpConnectionOptions
            {
                StallTimeout = ResolutionLimits.SecuredTimeout,
                MaximumBodyBytes = MessageView.MaxLength,
            })
            { RemoteAddress = _server.Endpoint.Address };
        }
        Asked[] disappointed;
        lock (_lock)
        {
            if (!_stop.IsCancellationRequested) { _rest.NoteFailed(failure, Now); }
            disappointed = [.. _waiting];
            _waiting.Clear();
        }
        asked.Fail(failure);
        foreach (var other in disappointed) { other.Fail(failure); }
        return null;
    }

    /// <summary>
    /// Asks one question. The connection is free again before the answer is told: who has one answer and asks for the next at once shall find it.
    /// </summary>
    private async ValueTask ExchangeAsync(HttpConnection connection, Asked asked)
    {
        var body = asked.Message.ToArray();
        body.AsSpan(0, 2).Clear();
        var sink = new MemorySink();
        var request = new HttpRequest("POST", _server.Path, _host) { Fields = s_fields, Body = body };
        var result = await connection.SendAsync(request, sink, asked.Span, _stop.Token);
        if (result.Failure is { } failed)
        {
            connection.Close();
            if (result.ReusedConnection && !asked.WantsNew && failed.Reason != ExchangeFailureReason.Stalled && !_stop.IsCancellationRequested)
            {
                // It had been idle for too long; once is enough for that.
                asked.WantsNew = true;
                _connecting.Counters?.CountRepeated(1);
                lock (_lock)
                {
                    _waiting.Enqueue(asked);
                }
                return;
            }
            asked.Fail(new UpstreamFailure(
                failed.Error == Errno.None ? Errno.ECONNRESET : failed.Error, WasSent: true,
                failed.Reason is ExchangeFailureReason.ResponseMalformed or ExchangeFailureReason.BodyTooLong ? UpstreamFault.NoMessage : UpstreamFault.None));
            return;
        }
        if (result.MayReuse) { _idle.Keep(_route, connection); }
        else { connection.Close(); }
        Take(asked, result.Head, sink.Body);
    }

    private void Take(Asked asked, ResponseHead head, ReadOnlyMemory<byte> body)
    {
        if (head.Status != 200)
        {
            asked.Fail(new UpstreamFailure(Errno.EPROTO, WasSent: true, UpstreamFault.HttpRefused));
            return;
        }
        var type = head.Fields.Find("Content-Type"u8) ?? "";
        var isMessage = type.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase);
        if (!isMessage || body.Length < MessageHeader.Length)
        {
            asked.Fail(new UpstreamFailure(Errno.EPROTO, WasSent: true, UpstreamFault.NoMessage));
            return;
        }
        lock (_lock) { _rest.NoteAnswered(); }
        _connecting.Counters?.CountAnswer();
        var message = body.ToArray();
        asked.Message.AsSpan(0, 2).CopyTo(message);
        // A cache on the way may have kept it: who takes it as new would keep it for too long.
        if (uint.TryParse(head.Fields.Find("Age"u8), CultureInfo.InvariantCulture, out var age)) { MessageAge.Add(message, age); }
        asked.Answer(message);
    }

    /// <summary>One question, and the wait for its answer; disposed when nobody waits any more.</summary>
    private sealed class Asked(UpstreamQuery query, IUpstreamListener listener) : IDisposable
    {
        private int _isOver;

        public byte[] Message { get; } = query.Message;

        public TraceSpan Span { get; } = query.Span;

        public IUpstreamListener Listener { get; } = listener;

        public bool IsOver => Volatile.Read(ref _isOver) != 0;

        /// <summary>A connection that was used before has ended under it.</summary>
        public bool WantsNew { get; set; }

        public void Answer(byte[] reply)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) { Listener.Received(reply); }
        }

        public void Fail(UpstreamFailure failure)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) { Listener.Failed(failure); }
        }

        public void Dispose() => Interlocked.Exchange(ref _isOver, 1);
    }
}
