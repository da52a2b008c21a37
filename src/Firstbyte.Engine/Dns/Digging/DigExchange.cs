using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Digging;

/// <summary>What came of asking one server once.</summary>
/// <param name="Bytes">The answer; null when there is none.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record DigReply(byte[]? Bytes, TimeSpan Elapsed)
{
    /// <summary>What was sent.</summary>
    public required byte[] Query { get; init; }

    /// <summary>The cookie that was sent.</summary>
    public byte[]? Cookie { get; init; }

    /// <summary>Why there is no answer: ETIMEDOUT where nothing came.</summary>
    public Errno Error { get; init; }

    /// <summary>Why there is no TLS.</summary>
    public TlsFailureReason? Handshake { get; init; }

    /// <summary>Why the signature is not believed.</summary>
    public TsigFault Signature { get; init; }

    /// <summary>What came before it and was no answer to the question.</summary>
    public IReadOnlyList<string> Strangers { get; init; } = [];
}

/// <summary>Asks a server over UDP, TCP or TLS, once.</summary>
internal sealed class DigExchange(INetwork network, ITlsProvider? tls, TraceSpan span)
{
    /// <summary>A datagram longer than offered may still come.</summary>
    private const int MaxDatagram = ushort.MaxValue;

    /// <summary>So many datagrams that are no answer are looked at (own choice): dig looks at any number.</summary>
    private const int MaxStrangers = 20;

    private static readonly ReceiveRoom s_room = new(4096, 64 * 1024, DnsStreamReader.PrefixLength + MessageView.MaxLength);

    /// <summary>The zone whose servers are asked, where that is known: told, and nothing else.</summary>
    public string Zone { get; set; } = "";

    private readonly byte[] _buffer = new byte[DnsStreamReader.PrefixLength + 4096];

    /// <summary>Asks and waits for the answer.</summary>
    public async Task<DigReply> AskAsync(
        DigQuery query, Endpoint server, string serverName, bool overStream, byte[]? cookie, int attempt, CancellationToken stop)
    {
        var (sent, session) = Prepare(query, cookie);
        var reply = new DigReply(null, TimeSpan.Zero) { Query = sent.ToArray(), Cookie = cookie };
        var began = network.Time.GetTimestamp();
        var transport = overStream ? DnsTransport.Tcp : DnsTransport.Udp;
        if (span.IsListening)
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(sent.Span);
            span.Tell(new QuerySent(
                server, serverName, Zone, query.Name.ToString(), query.Type.ToString(), id, transport, query.EdnsVersion is not null, sent.Length, attempt)
            {
                // What is sent may be something that no message is (+header-only, +opcode).
                Options = DnsMessage.TryParse(sent.Span, out var asked, out _) ? OptionsOf(asked.Edns) : null,
            });
        }
        using var patience = new CancellationTokenSource(query.Patience, network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            reply = overStream
                ? await AskOverStreamAsync(query, server, serverName, sent, reply, either.Token)
                : await AskOverUdpAsync(query, server, sent, reply, either.Token);
        }
        catch (NetworkException failure) { reply = reply with { Error = failure.Error }; }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { reply = reply with { Error = Errno.ETIMEDOUT }; }
        reply = reply with { Elapsed = network.Time.GetElapsedTime(began) };
        Tell(reply, server, serverName, transport, attempt);
        if (reply.Bytes is null || session is null) { return reply; }
        return reply with { Signature = session.Verify(reply.Bytes, NetworkClock.Now(network), out _) };
    }

    /// <summary>Asks for a zone; each message is handed over as it comes, until the taker has all.</summary>
    /// <param name="query">The question.</param>
    /// <param name="server">Whom.</param>
    /// <param name="serverName">Its name.</param>
    /// <param name="take">Takes a message with what is said of its signature, and says whether more must come.</param>
    /// <param name="began">Told what was sent, before anything comes.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<DigReply> TransferAsync(
        DigQuery query, Endpoint server, string serverName, Func<ReadOnlyMemory<byte>, TsigFault, bool> take, Action<byte[]> began, CancellationToken stop)
    {
        var (sent, session) = Prepare(query, query.HasCookie ? query.Cookie ?? NewCookie() : null);
        var reply = new DigReply(null, TimeSpan.Zero) { Query = sent.ToArray() };
        began(reply.Query);
        var start = network.Time.GetTimestamp();
        try
        {
            using var connecting = new CancellationTokenSource(query.Patience, network.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(connecting.Token, stop);
            using var socket = Open(query, server, SocketKind.Stream);
            await socket.ConnectAsync(server, either.Token);
            var (stream, failure) = await SecureAsync(query, socket, server, serverName, either.Token);
            if (stream is null) { return reply with { Handshake = failure, Error = Errno.ECONNRESET }; }
            await SendFramedAsync(stream, sent, either.Token);
            using var received = new ReceiveBuffer(s_room);
            while (true)
            {
                // Each message has the whole time: a long zone takes longer than any answer.
                using var waiting = new CancellationTokenSource(query.Patience, network.Time);
                using var any = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, stop);
                if (await ReceiveMessageAsync(stream, received, any.Token) is not { } message) { return reply with { Error = Errno.ECONNRESET }; }
                var fault = session?.Verify(message.Span, NetworkClock.Now(network), out _) ?? TsigFault.None;
                if (!take(message, fault)) { return reply with { Bytes = message.ToArray(), Elapsed = network.Time.GetElapsedTime(start) }; }
            }
        }
        catch (NetworkException failure) { return reply with { Error = failure.Error }; }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return reply with { Error = Errno.ETIMEDOUT }; }
    }

    /// <summary>Eight random bytes (RFC 7873 section 4.1).</summary>
    public byte[] NewCookie()
    {
        var cookie = new byte[8];
        network.Random.Fill(cookie);
        return cookie;
    }

    private (ReadOnlyMemory<byte> Message, TsigSession? Session) Prepare(DigQuery query, byte[]? cookie)
    {
        Span<byte> id = stackalloc byte[2];
        network.Random.Fill(id);
        var session = query.Key is { } key ? new TsigSession(key) : null;
        var room = _buffer.AsMemory(DnsStreamReader.PrefixLength);
        var number = query.Id ?? BinaryPrimitives.ReadUInt16BigEndian(id);
        var length = DigMessage.Write(query, number, query.EdnsVersion is null ? null : cookie, session?.SignatureLength ?? 0, room.Span);
        if (session is not null) { length = session.Sign(room.Span, length, NetworkClock.Now(network)); }
        DnsStreamReader.WritePrefix(_buffer, length);
        return (room[..length], session);
    }

    private ISocket Open(DigQuery query, Endpoint server, SocketKind kind)
    {
        var socket = network.CreateSocket(server.Address.Version, kind);
        try
        {
            if (query.Source is { } source) { socket.Bind(source); }
            return socket;
        }
        catch (NetworkException)
        {
            socket.Close();
            throw;
        }
    }

    private async Task<DigReply> AskOverUdpAsync(DigQuery query, Endpoint server, ReadOnlyMemory<byte> sent, DigReply reply, CancellationToken stop)
    {
        using var socket = Open(query, server, SocketKind.Datagram);
        await socket.ConnectAsync(server, stop);
        await socket.SendAsync(sent, stop);
        var buffer = new byte[MaxDatagram];
        var strangers = new List<string>();
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, stop);
            if (IsAnswer(sent.Span, buffer.AsSpan(0, length), out var complaint)) { return reply with { Bytes = buffer[..length], Strangers = strangers }; }
            strangers.Add(complaint);
            if (strangers.Count == MaxStrangers) { return reply with { Error = Errno.ETIMEDOUT, Strangers = strangers }; }
        }
    }

    private async Task<DigReply> AskOverStreamAsync(
        DigQuery query, Endpoint server, string serverName, ReadOnlyMemory<byte> sent, DigReply reply, CancellationToken stop)
    {
        using var socket = Open(query, server, SocketKind.Stream);
        await socket.ConnectAsync(server, stop);
        var (stream, failure) = await SecureAsync(query, socket, server, serverName, stop);
        if (stream is null) { return reply with { Handshake = failure, Error = Errno.ECONNRESET }; }
        await SendFramedAsync(stream, sent, stop);
        using var received = new ReceiveBuffer(s_room);
        var message = await ReceiveMessageAsync(stream, received, stop);
        return message is { } bytes ? reply with { Bytes = bytes.ToArray() } : reply with { Error = Errno.ECONNRESET };
    }

    /// <summary>RFC 7858 section 4.1 (opportunistic privacy): who answers is believed, whatever its certificate, as by dig's +tls without +tls-ca.</summary>
    private async Task<(IByteStream? Stream, TlsFailureReason? Failure)> SecureAsync(
        DigQuery query, ISocket socket, Endpoint server, string serverName, CancellationToken stop)
    {
        var plain = new SocketByteStream(socket);
        if (!query.IsOverTls) { return (plain, null); }
        if (tls is null) { return (null, TlsFailureReason.TransportFailed); }
        var name = serverName.Length > 0 ? serverName : server.Address.ToString();
        var result = await tls.AuthenticateAsClientAsync(plain, new TlsClientOptions(name) { Alpn = ["dot"], AllowFaults = true }, span, stop);
        return result is TlsSession session ? (session.Stream, null) : (null, ((TlsFailure)result).Reason);
    }

    private async Task SendFramedAsync(IByteStream stream, ReadOnlyMemory<byte> message, CancellationToken stop) =>
        await stream.SendAsync(_buffer.AsMemory(0, DnsStreamReader.PrefixLength + message.Length), stop);

    private static async Task<ReadOnlyMemory<byte>?> ReceiveMessageAsync(IByteStream stream, ReceiveBuffer received, CancellationToken stop)
    {
        while (true)
        {
            var found = DnsStreamReader.Read(received.Span, ended: false, out var consumed);
            if (found.Kind == DnsStreamEventKind.Message)
            {
                var message = received.Span.Slice(found.Start, found.Length).ToArray();
                received.Consume(consumed);
                return message;
            }
            if (await received.ReceiveAsync(stream, stop) == 0) { return null; }
        }
    }

    /// <summary>
    /// The number is that of the question, and it is a response; what a connected socket receives is from whom was asked (RFC 5452 section 9.1).
    /// </summary>
    private static bool IsAnswer(ReadOnlySpan<byte> query, ReadOnlySpan<byte> message, out string complaint)
    {
        complaint = "";
        var asked = BinaryPrimitives.ReadUInt16BigEndian(query);
        if (!MessageHeader.TryRead(message, out var header)) { complaint = $";; Warning: short ({message.Length} byte) reply"; }
        else if (header.Id != asked) { complaint = $";; Warning: ID mismatch: expected ID {asked}, got {header.Id}"; }
        else if (!header.IsResponse) { complaint = ";; Warning: query response not set"; }
        return complaint.Length == 0;
    }

    private void Tell(DigReply reply, Endpoint server, string serverName, DnsTransport transport, int attempt)
    {
        if (!span.IsListening) { return; }
        var waited = (long)reply.Elapsed.TotalNanoseconds;
        if (reply.Bytes is null)
        {
            span.Tell(reply.Error == Errno.ETIMEDOUT
                ? new QueryTimedOut(server, serverName, Zone, attempt, waited)
                : new QueryFailed(server, serverName, Zone, transport, reply.Error));
            return;
        }
        if (!DnsMessage.TryParse(reply.Bytes, out var message, out _))
        {
            span.Tell(new ResponseRejected(server, RejectionReason.Malformed));
            return;
        }
        span.Tell(new ResponseReceived(
            server, serverName, Zone, message.ResponseCode.ToString(), message.IsAuthoritative, message.IsTruncated, message.Answers.Count,
            message.Authorities.Count, message.Additionals.Count, reply.Bytes.Length, waited,
            [.. message.Answers.Select(static record => record.Data.ToString())],
            message.Answers.Count == 0 ? null : message.Answers.Min(static record => record.Ttl.Seconds))
        {
            Options = OptionsOf(message.Edns),
        });
    }

    private static EdnsOptionValue[]? OptionsOf(Edns? edns) => edns is { Options.Count: > 0 } ? EdnsOptionValue.ReadAll(edns) : null;
}
