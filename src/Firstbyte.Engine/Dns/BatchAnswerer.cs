using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers the datagrams of one thread from zones.</summary>
internal sealed class BatchAnswerer(AuthoritativeServer server, TimeProvider time, int maxLength, DnsCounts? counts = null) : IDatagramAnswerer
{
    /// <summary>Alone a query would wait for the memory all the same.</summary>
    private const int WorthForesight = 2;

    private Instant _now;
    private QueryForesight[] _foresights = [];

    public int MaxLength => maxLength;

    public void BeginBatch(IDatagramBatch batch)
    {
        _now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var count = batch.Count;
        if (count < WorthForesight || !server.NeedsForesight) { return; }
        if (_foresights.Length < count) { _foresights = new QueryForesight[count]; }
        for (var i = 0; i < count; i++) { server.Foresee(batch[i], ref _foresights[i]); }
        for (var i = 0; i < count; i++) { _foresights[i].Continue(); }
        // A version of a zone that is not served any more shall not stay in memory for it.
        _foresights.AsSpan(0, count).Clear();
    }

    public int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer)
    {
        var length = server.Answer(datagram, new QuerySource(remote, DnsTransport.Udp, _now), answer);
        counts?.Count(DnsTransport.Udp, datagram.Length, answer[..length]);
        return length;
    }
}
