using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>What asking a primary came to.</summary>
/// <param name="Fault">Why there is nothing to take over; none when all went well.</param>
/// <param name="Reader">The transfer; null when it did not come so far.</param>
internal sealed record FetchResult(RefreshFault Fault, TransferReader? Reader)
{
    public Errno Error { get; init; }

    public TsigFault Signature { get; init; }

    public TransferFault Answer { get; init; }

    public ResponseCode Code { get; init; }
}

/// <summary>Asks a primary for its version of a zone, and for the zone or the differences when that is newer: on one TCP connection.</summary>
internal sealed class TransferClient(INetwork network, SecondaryOptions options)
{
    /// <summary>A message and some of the next.</summary>
    private static readonly ReceiveRoom s_room = new(4096, 64 * 1024, DnsStreamReader.PrefixLength + MessageView.MaxLength);

    private readonly byte[] _buffer = new byte[1024];

    /// <summary>Asks. What was held before decides whether differences are asked for.</summary>
    public async Task<FetchResult> FetchAsync(Zone? held, bool wantsWhole, CancellationToken stopping)
    {
        using var whole = new CancellationTokenSource(options.WholeTimeout, network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, stopping);
        try
        {
            using var socket = network.CreateSocket(options.Primary.Endpoint.Address.Version, SocketKind.Stream);
            using var received = new ReceiveBuffer(s_room);
            using (var connecting = CancellationTokenSource.CreateLinkedTokenSource(either.Token))
            {
                using var timer = network.Time.CreateTimer(_ => connecting.Cancel(), null, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
                await socket.ConnectAsync(options.Primary.Endpoint, connecting.Token);
            }
            if (held is not null && !wantsWhole)
            {
                var asked = await AskAsync(socket, received, RecordType.SOA, null, either.Token);
                if (asked.Fault != RefreshFault.None || asked.Reader!.Serial is not { } serial) { return asked; }
                if (!SerialNumber.IsNewer(serial, held.Soa.Serial)) { return asked; }
            }
            return await AskAsync(socket, received, held is null || wantsWhole ? RecordType.AXFR : RecordType.IXFR, held, either.Token);
        }
        catch (NetworkException failure) { return new FetchResult(RefreshFault.Network, null) { Error = failure.Error }; }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { return new FetchResult(RefreshFault.Late, null); }
    }

    private async Task<FetchResult> AskAsync(ISocket socket, ReceiveBuffer received, RecordType type, Zone? held, CancellationToken cancellationToken)
    {
        var isIncremental = type == RecordType.IXFR;
        var (id, session) = (NewId(), options.Primary.Key is { } key ? new TsigSession(key) : null);
        // An answer to SOA is read as a transfer of one record that is not newer.
        var reader = new TransferReader(options.Origin, id, isIncremental ? held!.Soa.Serial : null, options.Limits);
        var query = new DnsMessage
        {
            Id = id,
            Questions = [new Question(options.Origin, type)],
            Authorities = isIncremental ? [held!.SoaRecord] : [],
        };
        var length = query.Write(_buffer.AsSpan(DnsStreamReader.PrefixLength));
        if (session is not null) { length = session.Sign(_buffer.AsSpan(DnsStreamReader.PrefixLength), length, NetworkClock.Now(network)); }
        DnsStreamReader.WritePrefix(_buffer, length);
        for (ReadOnlyMemory<byte> rest = _buffer.AsMemory(0, DnsStreamReader.PrefixLength + length); rest.Length > 0;)
        {
            rest = rest[await socket.SendAsync(rest, cancellationToken)..];
        }
        while (true)
        {
            var found = DnsStreamReader.Read(received.Span, ended: false, out var consumed);
            if (found.Kind != DnsStreamEventKind.Message)
            {
                if (!await ReceiveAsync(socket, received, cancellationToken)) { return new FetchResult(RefreshFault.Cut, reader); }
                continue;
            }
            var fault = Check(received.Span.Slice(found.Start, found.Length), session);
            if (fault != TsigFault.None) { return new FetchResult(RefreshFault.Signature, reader) { Signature = fault, Code = session?.PeerError ?? default }; }
            var state = reader.Take(received.Span.Slice(found.Start, found.Length));
            received.Consume(consumed);
            if (state == TransferState.Failed) { return new FetchResult(RefreshFault.Answer, reader) { Answer = reader.Fault, Code = reader.Code }; }
            if (state != TransferState.Open || type == RecordType.SOA)
            {
                return session is { IsSettled: false }
                    ? new FetchResult(RefreshFault.Signature, reader) { Signature = TsigFault.Unsigned }
                    : new FetchResult(RefreshFault.None, reader);
            }
        }
    }

    private TsigFault Check(ReadOnlySpan<byte> message, TsigSession? session) =>
        session is null ? TsigFault.None : session.Verify(message, NetworkClock.Now(network), out _);

    /// <summary>False when the primary has ended the connection.</summary>
    private async Task<bool> ReceiveAsync(ISocket socket, ReceiveBuffer received, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = network.Time.CreateTimer(_ => waiting.Cancel(), null, options.IdleTimeout, Timeout.InfiniteTimeSpan);
        var count = await socket.ReceiveAsync(received.Room(), waiting.Token);
        received.Add(count);
        return count > 0;
    }

    private ushort NewId()
    {
        Span<byte> id = stackalloc byte[2];
        network.Random.Fill(id);
        return BinaryPrimitives.ReadUInt16BigEndian(id);
    }
}
