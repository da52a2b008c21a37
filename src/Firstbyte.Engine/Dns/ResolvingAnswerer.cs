using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers the datagrams of one thread from a resolver's cache; what is not there is resolved, and answered when it is known.</summary>
internal sealed class ResolvingAnswerer(DnsServer server, RecursiveResponder responder, IDatagramBatch batch, DnsCounts? counts) : IDatagramAnswerer
{
    private readonly ServedQueryPool _unused = new(DnsTransport.Udp, DatagramListener.MaxQueryLength, server.Options.MaxDatagramLength);
    private readonly InFlight _inFlight = new(server.Options.MaxDatagramsInFlight);
    private Instant _now;

    public int MaxLength => server.Options.MaxDatagramLength;

    /// <summary>Serves until the socket is closed; done when every answer under way has ended too.</summary>
    public async Task ServeAsync()
    {
        try { await batch.ServeAsync(this); }
        finally { await _inFlight.EmptyAsync(); }
    }

    public void BeginBatch(IDatagramBatch batch) => _now = NetworkClock.Monotonic(server.Network);

    public int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer)
    {
        var length = responder.AnswerAtOnce(datagram, remote.Address, DnsTransport.Udp, _now, answer);
        if (length == CachedAnswers.NotHere)
        {
            Resolve(datagram, remote);
            return 0;
        }
        counts?.CountHit(DnsTransport.Udp, datagram.Length, answer[..length]);
        if (server.Options.Tap is { } tap) { tap.TellClient(DnsTransport.Udp, remote, server.Local, tap.Now(), datagram, answer[..length]); }
        return length;
    }

    private void Resolve(ReadOnlySpan<byte> datagram, Endpoint remote)
    {
        // Beyond the limit a question is left unanswered, as one that the socket's buffer had no room for: its client asks again.
        if (_inFlight.Count >= server.Options.MaxDatagramsInFlight) { return; }
        var served = _unused.Take();
        served.CopyQuery(datagram);
        served.Client = remote;
        served.Origin = batch.Origin.ToArray();
        _inFlight.Enter();
        _ = FinishAsync(server.AnswerAsync(served), served);
    }

    private async Task FinishAsync(ValueTask<int> answering, ServedQuery served)
    {
        try
        {
            served.ResponseLength = await answering;
            if (served.ResponseLength > 0) { batch.TrySend(served.Datagram.Span, served.Client, served.Origin); }
        }
        finally
        {
            _unused.Release(served);
            _inFlight.Leave();
        }
    }
}
