using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Swarm;

/// <summary>
/// A network that compares what comes out of a stream with what went in at its other end, and counts the messages of a resolver. Calls
/// pass through unchanged.
/// </summary>
internal sealed class WatchedNetwork(INetwork inner, StreamBook streams, QuestionLedger? questions) : INetwork
{
    public TimeProvider Time => inner.Time;

    public IRandomSource Random => inner.Random;

    public IHostFiles Files => inner.Files;

    public IReadOnlyList<IpAddress> GetAddresses() => inner.GetAddresses();

    public bool HasCarrier => inner.HasCarrier;

    public bool? IsOfWorld(IpAddress address) => inner.IsOfWorld(address);

    public ISocket CreateSocket(IpVersion version, SocketKind kind) => new WatchedSocket(inner.CreateSocket(version, kind), streams, questions);
}

/// <summary>A socket of a <see cref="WatchedNetwork"/>.</summary>
internal sealed class WatchedSocket(ISocket inner, StreamBook streams, QuestionLedger? questions) : ISocket
{
    private const ushort DnsPort = 53;

    private StreamRecord? _sent;
    private StreamRecord? _received;
    private bool _hasAsked;
    private bool _receiveIsShut;

    public int Descriptor => inner.Descriptor;

    public IpVersion Version => inner.Version;

    public SocketKind Kind => inner.Kind;

    public Endpoint? LocalEndpoint => inner.LocalEndpoint;

    public Endpoint? RemoteEndpoint => inner.RemoteEndpoint;

    public void Bind(Endpoint local) => inner.Bind(local);

    public void Listen(int backlog) => inner.Listen(backlog);

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var accepted = new WatchedSocket(await inner.AcceptAsync(cancellationToken), streams, questions);
        (accepted._received, accepted._sent) = streams.Accept(accepted.LocalEndpoint!.Value, accepted.RemoteEndpoint!.Value);
        return accepted;
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        var connecting = inner.ConnectAsync(remote, cancellationToken);
        // The other end may hear of the connection before this call is over: the record must be there by then.
        if (Kind == SocketKind.Stream && LocalEndpoint is { } local) { (_sent, _received) = streams.Connect(local, remote); }
        await connecting;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (!_hasAsked && questions is not null && RemoteEndpoint?.Port == DnsPort)
        {
            _hasAsked = true;
            questions.OnMessage();
        }
        return _sent is null ? inner.SendAsync(data, cancellationToken) : SendStreamAsync(data, cancellationToken);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _received is null ? inner.ReceiveAsync(buffer, cancellationToken) : ReceiveStreamAsync(buffer, cancellationToken);

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
        inner.SendToAsync(data, remote, cancellationToken);

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReceiveFromAsync(buffer, cancellationToken);

    public void Shutdown(SocketDirections directions)
    {
        inner.Shutdown(directions);
        _receiveIsShut |= (directions & SocketDirections.Receive) == SocketDirections.Receive;
        if ((directions & SocketDirections.Send) == SocketDirections.Send) { _sent?.End(); }
    }

    public void SetOption(SocketOption option, int value) => inner.SetOption(option, value);

    public int GetOption(SocketOption option) => inner.GetOption(option);

    public void Close()
    {
        inner.Close();
        _sent?.End();
    }

    public void Dispose() => Close();

    private async ValueTask<int> SendStreamAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // Wires have a latency: what the stack has taken is written down before it can arrive.
        var count = await inner.SendAsync(data, cancellationToken);
        _sent!.Take(data.Span[..count]);
        return count;
    }

    private async ValueTask<int> ReceiveStreamAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await inner.ReceiveAsync(buffer, cancellationToken);
        if (count > 0) { _received!.Check(buffer.Span[..count]); }
        else if (!buffer.IsEmpty && !_receiveIsShut) { _received!.CheckEnd(); }
        return count;
    }
}

/// <summary>All streams of a world, by the ends of whoever connected.</summary>
internal sealed class StreamBook(InvariantBook book, TranslationBook translations)
{
    private readonly Dictionary<(Endpoint Client, Endpoint Server), (StreamRecord Up, StreamRecord Down)> _streams = [];

    public (StreamRecord Sent, StreamRecord Received) Connect(Endpoint client, Endpoint server)
    {
        var made = (new StreamRecord(book, $"{client} to {server}"), new StreamRecord(book, $"{server} to {client}"));
        _streams[(client, server)] = made;
        return made;
    }

    /// <summary>The records of a connection that was accepted, as the server sees them; none when nobody has connected.</summary>
    public (StreamRecord? Received, StreamRecord? Sent) Accept(Endpoint server, Endpoint client)
    {
        book.Note(Invariant.FourTuple);
        client = translations.Holder(client);
        if (_streams.TryGetValue((client, server), out var found)) { return found; }
        book.Break(Invariant.FourTuple, server.ToString(), $"a connection from {client} was accepted that nobody has made");
        return default;
    }
}

/// <summary>What was written into one direction of a stream and has not been read at its other end.</summary>
internal sealed class StreamRecord(InvariantBook book, string name)
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private long _read;
    private bool _hasEnded;

    public void Take(ReadOnlySpan<byte> data)
    {
        var count = data.Length;
        if (_end + count > _bytes.Length)
        {
            var kept = _bytes.AsSpan(_start, _end - _start);
            var room = kept.Length + count > _bytes.Length ? new byte[Math.Max(4_096, (kept.Length + count) * 2)] : _bytes;
            kept.CopyTo(room);
            (_bytes, _start, _end) = (room, 0, kept.Length);
        }
        data.CopyTo(_bytes.AsSpan(_end));
        _end += count;
    }

    public void End() => _hasEnded = true;

    public void Check(ReadOnlySpan<byte> received)
    {
        book.Note(Invariant.DeliveredBytes);
        if (!_bytes.AsSpan(_start, _end - _start).StartsWith(received))
        {
            book.Break(Invariant.DeliveredBytes, name, $"{received.Length} bytes at {_read} are not what was sent");
            return;
        }
        _start += received.Length;
        _read += received.Length;
    }

    public void CheckEnd()
    {
        book.Note(Invariant.DeliveredBytes);
        if (_start != _end || !_hasEnded)
        {
            book.Break(Invariant.DeliveredBytes, name,
                _hasEnded
                    ? $"the stream ends at {_read}, {_end - _start} bytes too early"
                    : $"the stream ends at {_read}, and nobody has ended it");
        }
    }
}

/// <summary>Counts a resolver's clients' questions and the messages that it sends for them.</summary>
/// <remarks>
/// Questions that are under way at the same time may share their work, so they are counted together, from the first that comes to the last
/// that ends.
/// </remarks>
internal sealed class QuestionLedger(InvariantBook book, string machine)
{
    private int _underway;
    private int _questions;
    private int _messages;

    /// <summary>Messages sent in all.</summary>
    public long Messages { get; private set; }

    public void Begin()
    {
        if (_underway++ == 0) { (_questions, _messages) = (0, 0); }
        _questions++;
    }

    public void End() => _underway = Math.Max(0, _underway - 1);

    public void Forget() => _underway = 0;

    public void OnMessage()
    {
        Messages++;
        if (_underway == 0) { return; }
        _messages++;
        book.Note(Invariant.QueryBudget);
        if (_messages > _questions * ResolutionLimits.SendsPerClientQuery)
        {
            book.Break(Invariant.QueryBudget, machine, $"{_messages} messages for {_questions} question(s) of clients");
        }
    }
}
