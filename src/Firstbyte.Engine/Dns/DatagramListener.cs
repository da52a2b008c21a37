using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>Serves the UDP socket of a server.</summary>
internal sealed class DatagramListener
{
    /// <summary>Longer queries than any client sends (EDNS itself was once announced with 4096); a longer datagram arrives cut and is FORMERR.</summary>
    internal const int MaxQueryLength = 4096;

    private readonly DnsServer _server;
    private readonly ISocket _socket;
    private readonly ServedQueryPool _unused;
    private readonly InFlight _inFlight;
    private readonly ResponseQueue _responses;

    public DatagramListener(DnsServer server, ISocket socket)
    {
        (_server, _socket) = (server, socket);
        _unused = new ServedQueryPool(DnsTransport.Udp, MaxQueryLength, server.Options.MaxDatagramLength);
        _inFlight = new InFlight(server.Options.MaxDatagramsInFlight);
        _responses = new ResponseQueue(SendAsync);
    }

    public async Task RunAsync()
    {
        try
        {
            while (!_server.Stopping.IsCancellationRequested)
            {
                var served = _unused.Take();
                if (!await ReceiveAsync(served)) { break; }
                _inFlight.Enter();
                var answering = _server.AnswerAsync(served);
                if (answering.IsCompleted) { await FinishAsync(answering, served); }
                else
                {
                    _ = FinishAsync(answering, served);
                    await _inFlight.RoomAsync();
                }
            }
        }
        finally { await _inFlight.EmptyAsync(); }
    }

    /// <summary>False when the socket was closed.</summary>
    private async ValueTask<bool> ReceiveAsync(ServedQuery served)
    {
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(served.QueryBuffer);
                (served.QueryLength, served.Client) = (received.Length, received.Remote);
                return true;
            }
            catch (NetworkException failure) when (
                failure.Error is Errno.ECANCELED or Errno.EBADF || _server.Stopping.IsCancellationRequested)
            {
                return false;
            }
            // An ICMP message about an earlier response (Windows reports it here): it concerns that client, not this socket.
            catch (NetworkException failure) when (failure.Error is Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.EHOSTUNREACH or Errno.ENETUNREACH) { }
        }
    }

    private async Task FinishAsync(ValueTask<int> answering, ServedQuery served)
    {
        served.ResponseLength = await answering;
        if (served.ResponseLength > 0) { await _responses.SendAsync(served); }
        else { Release(served); }
    }

    private async ValueTask SendAsync(ServedQuery served)
    {
        try
        {
            await _socket.SendToAsync(served.Datagram, served.Client);
            _server.TellSent(served);
        }
        catch (NetworkException failure) { _server.TellNotSent(served, failure.Error); }
        finally { Release(served); }
    }

    private void Release(ServedQuery served)
    {
        _unused.Release(served);
        _inFlight.Leave();
    }
}
