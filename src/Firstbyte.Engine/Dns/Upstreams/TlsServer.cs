using System.Buffers.Binary;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Upstreams;

/// <summary>
/// A server that is asked over TLS (RFC 7858): one connection, over which all questions go (RFC 7766 section 6.2.2), and what is known of the server.
/// </summary>
/// <remarks>
/// Theory of operation. All messages go over one connection, which is made when the first of them comes, and answers come in any order (RFC 7766 section 7).
/// <code>
///   none ──Ask──► making ──made──► open ──idle, ended, silent──► none
///                    ╰──failed──► none, and the server rests: who asks meanwhile hears the failure at once
/// </code>
/// On the connection each message has an id of its own, so two that came with the same one are told apart. An id whose question nobody waits for any more is
/// kept until its answer has come. A server may end a connection whenever it likes (RFC 7766 section 6.2.4): what it has not answered is sent again over the
/// next one, as long as each brings at least one answer. A connection over which nothing comes is given up as soon as a question has waited in vain.
/// Everything here happens under one lock; listeners are called outside of it.
/// </remarks>
internal sealed class TlsServer(SecuredConnecting connecting, UpstreamServer server) : IUpstreamTransport
{
    /// <summary>How long a connection is kept that nobody uses. Own choice, no longer than servers do (Unbound and BIND 30 s, Knot DNS 10 s).</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    /// <summary>Messages without an answer on one connection; more are refused. Own choice: several times what a server takes at once.</summary>
    public const int MostWaiting = 4096;

    /// <summary>Connections that may end under one message. Own choice: who answers one question on each is as good as none.</summary>
    private const int MostConnections = 8;

    /// <summary>Messages that nobody asked for, after which a connection is given up. Own choice.</summary>
    private const int MostUnasked = 100;

    /// <summary>A connection over which nothing has come for so long is given up by the next question that ends in vain.</summary>
    private static readonly TimeSpan s_silence = ResolutionLimits.TcpTimeout;

    private static readonly ReceiveRoom s_room = new(4096, 64 * 1024, DnsStreamReader.PrefixLength + MessageView.MaxLength);

    private readonly INetwork _network = connecting.Network;
    private readonly Lock _lock = new();
    private readonly UpstreamRest _rest = new(hasOtherWay: server.InClear is not null);
    private readonly Queue<Asked> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private Connection? _connection;
    private bool _isMaking;

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var asked = new Asked(this, query, listener);
        connecting.Counters?.CountQuery();
        UpstreamFailure? refusal = null;
        Connection? open = null;
        var makes = false;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested) { refusal = new UpstreamFailure(Errno.ECANCELED, WasSent: false); }
            else if (_connection is { } connection)
            {
                if (connection.Count >= MostWaiting) { refusal = new UpstreamFailure(Errno.EAGAIN, WasSent: false); }
                else { (open = connection).Add(asked); }
            }
            else if (!_isMaking && _rest.IsResting(Now)) { refusal = _rest.Failure; }
            else if (_waiting.Count >= MostWaiting) { refusal = new UpstreamFailure(Errno.EAGAIN, WasSent: false); }
            else
            {
                _waiting.Enqueue(asked);
                (makes, _isMaking) = (!_isMaking, true);
            }
        }
        if (refusal is { } failure) { listener.Failed(failure); }
        open?.Send();
        if (makes) { _ = ServeAsync(query.Span); }
        return asked;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stop.Cancel();
            _connection?.Close();
        }
    }

    private Instant Now => NetworkClock.Monotonic(_network);

    /// <summary>Makes a connection and receives over it until it ends; then over the next one, as long as anything is left to be asked.</summary>
    private async Task ServeAsync(TraceSpan span)
    {
        try
        {
            while (await ServeOnceAsync(span)) { span = default; }
        }
        catch (Exception error)
        {
            List<Asked> all;
            lock (_lock)
            {
                all = [.. _waiting, .. _connection?.TakeAll() ?? []];
                _waiting.Clear();
                _connection?.Close();
                (_connection, _isMaking) = (null, false);
            }
            foreach (var asked in all) { asked.Listener.Broke(error); }
            if (all.Count == 0) { throw; }
        }
    }

    private async ValueTask<bool> ServeOnceAsync(TraceSpan span)
    {
        // Listened to by the step that has need of it: the others find it made.
        var (stream, failure) = await connecting.ConnectAsync(server, "dot", span, _stop.Token);
        if (stream is null)
        {
            Asked[] disappointed;
            lock (_lock)
            {
                _isMaking = false;
                if (!_stop.IsCancellationRequested) { _rest.NoteFailed(failure, Now); }
                disappointed = [.. _waiting];
                _waiting.Clear();
            }
            foreach (var asked in disappointed) { asked.Fail(failure); }
            return false;
        }
        using var connection = new Connection(this, stream);
        lock (_lock)
        {
            _isMaking = false;
            if (_stop.IsCancellationRequested) { return false; }
            _connection = connection;
            while (_waiting.TryDequeue(out var asked)) { if (!asked.IsOver) { connection.Add(asked); } }
        }
        connection.Send();
        await connection.ReceiveAsync();
        return End(connection);
    }

    /// <summary>What becomes of the questions on a connection that has ended; true when they need another one.</summary>
    private bool End(Connection connection)
    {
        List<Asked> lost = [];
        bool goesOn;
        UpstreamFailure failure = new(Errno.ECONNRESET, WasSent: true);
        lock (_lock)
        {
            if (_connection == connection) { _connection = null; }
            var left = connection.TakeAll();
            // The server took the connection and answered nothing on it: that is no better than one that takes none.
            if (connection.Answers == 0 && left.Count > 0 && !_stop.IsCancellationRequested) { _rest.NoteFailed(failure, Now); }
            foreach (var asked in left)
            {
                if (connection.Answers > 0 && ++asked.Lost < MostConnections && !_stop.IsCancellationRequested) { _waiting.Enqueue(asked); }
                else { lost.Add(asked); }
            }
            connecting.Counters?.CountRepeated(left.Count - lost.Count);
            goesOn = _waiting.Count > 0 && !_isMaking;
            _isMaking |= goesOn;
        }
        foreach (var asked in lost) { asked.Fail(failure); }
        return goesOn;
    }

    /// <summary>Nobody waits for an answer any more.</summary>
    private void Abandon(Asked asked)
    {
        lock (_lock)
        {
            // It has waited for long, and nothing at all has come meanwhile: the connection is dead, whatever TCP says of it.
            if (asked.SentAt is { } sent && _connection is { } connection && connection.Owns(asked)
                && Now - sent >= s_silence && connection.LastReceived <= sent)
            {
                _connection = null;
                connection.Close();
            }
        }
    }

    /// <summary>One question, and the wait for its answer; disposed when nobody waits any more.</summary>
    private sealed class Asked(TlsServer owner, UpstreamQuery query, IUpstreamListener listener) : IDisposable
    {
        private int _isOver;

        public byte[] Message { get; } = query.Message;

        public IUpstreamListener Listener { get; } = listener;

        public bool IsOver => Volatile.Read(ref _isOver) != 0;

        /// <summary>The id on the connection.</summary>
        public ushort Id { get; set; }

        /// <summary>Connections that have ended under it.</summary>
        public int Lost { get; set; }

        public Instant? SentAt { get; set; }

        public void Answer(byte[] reply)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) { Listener.Received(reply); }
        }

        public void Fail(UpstreamFailure failure)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) { Listener.Failed(failure); }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) { owner.Abandon(this); }
        }
    }

    /// <summary>A connection that has been made. What it keeps is guarded by the server's lock.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly TlsServer _owner;
        private readonly IByteStream _stream;
        private readonly ITimer _idle;
        private readonly Dictionary<ushort, Asked> _asked = [];
        private readonly Queue<Asked> _outbox = new();
        private Instant _usedAt;
        private ushort _lastId;
        private int _unasked;
        private bool _isSending;
        private bool _isClosed;

        public Connection(TlsServer owner, IByteStream stream)
        {
            (_owner, _stream) = (owner, stream);
            _usedAt = LastReceived = owner.Now;
            _idle = owner._network.Time.CreateTimer(_ => OnIdle(), null, IdleTime, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Questions that have no answer yet, those included that nobody waits for any more.</summary>
        public int Count => _asked.Count;

        /// <summary>Answers that have come.</summary>
        public int Answers { get; private set; }

        public Instant LastReceived { get; private set; }

        public bool Owns(Asked asked) => _asked.TryGetValue(asked.Id, out var own) && own == asked;

        public void Add(Asked asked)
        {
            do { _lastId++; } while (_asked.ContainsKey(_lastId));
            asked.Id = _lastId;
            _asked.Add(_lastId, asked);
            _outbox.Enqueue(asked);
        }

        /// <summary>Sends what is to be sent, unless that is going on.</summary>
        public void Send()
        {
            lock (_owner._lock)
            {
                if (_isSending || _outbox.Count == 0) { return; }
                _isSending = true;
            }
            _ = SendAllAsync();
        }

        public async Task ReceiveAsync()
        {
            using var received = new ReceiveBuffer(s_room);
            try
            {
                while (!_isClosed && await received.ReceiveAsync(_stream) > 0)
                {
                    while (true)
                    {
                        var found = DnsStreamReader.Read(received.Span, ended: false, out var consumed);
                        if (found.Kind != DnsStreamEventKind.Message) { break; }
                        var message = received.Span.Slice(found.Start, found.Length).ToArray();
                        received.Consume(consumed);
                        Take(message);
                    }
                }
            }
            // Whatever ended it, what it has not answered is seen to by the owner.
            catch (IOException) { /* as an end */ }
            finally
            {
                lock (_owner._lock) { _isClosed = true; }
            }
        }

        public List<Asked> TakeAll()
        {
            var left = _asked.Values.Where(static one => !one.IsOver).ToList();
            _asked.Clear();
            _outbox.Clear();
            return left;
        }

        public void Close()
        {
            _isClosed = true;
            _stream.Close();
        }

        public void Dispose()
        {
            _idle.Dispose();
            _stream.Close();
        }

        private void Take(byte[] message)
        {
            Asked? asked = null;
            lock (_owner._lock)
            {
                LastReceived = _usedAt = _owner.Now;
                if (message.Length >= 2 && _asked.Remove(BinaryPrimitives.ReadUInt16BigEndian(message), out asked))
                {
                    Answers++;
                    _owner._rest.NoteAnswered();
                }
                else if (++_unasked >= MostUnasked) { Close(); }
            }
            if (asked is null) { return; }
            _owner.Count();
            asked.Message.AsSpan(0, 2).CopyTo(message);
            asked.Answer(message);
        }

        /// <summary>Everything that is to be sent goes out in one record, as far as it has come together.</summary>
        private async Task SendAllAsync()
        {
            try
            {
                while (true)
                {
                    byte[] bytes;
                    lock (_owner._lock)
                    {
                        if (_outbox.Count == 0 || _isClosed)
                        {
                            _isSending = false;
                            return;
                        }
                        bytes = Gather();
                    }
                    await _stream.SendAsync(bytes);
                }
            }
            // The receiving ends as well, and whoever was asked is seen to there.
            catch (IOException) { _stream.Close(); }
        }

        private byte[] Gather()
        {
            _usedAt = _owner.Now;
            var all = new List<Asked>();
            var length = 0;
            while (_outbox.TryDequeue(out var asked))
            {
                if (asked.IsOver)
                {
                    _asked.Remove(asked.Id);
                    continue;
                }
                asked.SentAt = _usedAt;
                all.Add(asked);
                length += DnsStreamReader.PrefixLength + asked.Message.Length;
            }
            var bytes = new byte[length];
            var at = 0;
            foreach (var asked in all)
            {
                DnsStreamReader.WritePrefix(bytes.AsSpan(at), asked.Message.Length);
                asked.Message.CopyTo(bytes, at + DnsStreamReader.PrefixLength);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + DnsStreamReader.PrefixLength), asked.Id);
                at += DnsStreamReader.PrefixLength + asked.Message.Length;
            }
            return bytes;
        }

        /// <summary>The timer is not set anew with every message: it looks, when it fires, how long nobody has used the connection.</summary>
        private void OnIdle()
        {
            lock (_owner._lock)
            {
                if (_isClosed) { return; }
                var left = IdleTime - (_owner.Now - _usedAt);
                // Rounded up to the clock's tick, so that it does not fire before its instant.
                if (left > TimeSpan.Zero)
                {
                    _idle.Change(left + TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
                    return;
                }
                if (_owner._connection == this) { _owner._connection = null; }
                Close();
            }
        }
    }

    private void Count() => connecting.Counters?.CountAnswer();
}
