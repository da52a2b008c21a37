using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>Tells a secondary that a zone has a newer version (RFC 1996), until it answers or has been told often enough.</summary>
internal sealed class NotifySender(INetwork network, ServerPeer secondary)
{
    /// <summary>RFC 1996 section 3.6 has five tries a minute apart; these take half a minute.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);

    /// <summary>Returns what the secondary answered; null when it did not.</summary>
    public async Task<ResponseCode?> SendAsync(Zone zone, CancellationToken stopping)
    {
        var wait = s_firstWait;
        for (var tries = 0; tries < MaxTries; tries++, wait *= 2)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            using var timer = network.Time.CreateTimer(_ => ended.Cancel(), null, wait, Timeout.InfiniteTimeSpan);
            try
            {
                using var socket = network.CreateSocket(secondary.Endpoint.Address.Version, SocketKind.Datagram);
                await socket.ConnectAsync(secondary.Endpoint, ended.Token);
                if (await AskAsync(socket, zone, ended.Token) is { } code) { return code; }
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { continue; }
            catch (NetworkException)
            {
                // Nobody listens there yet: the next try comes when it would have come anyway.
                try { await Task.Delay(wait, network.Time, stopping); }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested) { return null; }
            }
        }
        return null;
    }

    private async Task<ResponseCode?> AskAsync(ISocket socket, Zone zone, CancellationToken cancellationToken)
    {
        var buffer = new byte[Edns.DefaultPayloadSize];
        network.Random.Fill(buffer.AsSpan(0, 2));
        var id = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        var message = new DnsMessage
        {
            Id = id,
            OpCode = OpCode.Notify,
            Flags = HeaderFlags.AuthoritativeAnswer,
            Questions = [new Question(zone.Origin, RecordType.SOA, zone.Class)],
            Answers = [zone.SoaRecord],
        };
        var session = secondary.Key is { } key ? new TsigSession(key) : null;
        var length = message.Write(buffer);
        if (session is not null) { length = session.Sign(buffer, length, NetworkClock.Now(network)); }
        await socket.SendAsync(buffer.AsMemory(0, length), cancellationToken);
        // Datagrams that are no answer to this are passed over, until the time is up.
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (Read(buffer.AsSpan(0, count), id, session) is { } code) { return code; }
        }
    }

    private ResponseCode? Read(ReadOnlySpan<byte> message, ushort id, TsigSession? session)
    {
        if (!MessageView.TryRead(message, out var view, out _) || !view.Header.IsResponse || view.Header.Id != id || view.Header.OpCode != OpCode.Notify)
        {
            return null;
        }
        if (session is null) { return view.ResponseCode; }
        var fault = session.Verify(message, NetworkClock.Now(network), out _);
        return fault switch
        {
            TsigFault.None => view.ResponseCode,
            TsigFault.RefusedByPeer => session.PeerError,
            _ => null,
        };
    }
}
