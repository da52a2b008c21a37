using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers the datagrams of one thread from zones.</summary>
internal sealed class BatchAnswerer(AuthoritativeServer server, TimeProvider time, int maxLength, DnsCounts? counts = null) : IDatagramAnswerer
{
    private Instant _now;

    public int MaxLength => maxLength;

    public void BeginBatch() => _now = Instant.FromDateTimeOffset(time.GetUtcNow());

    public int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer)
    {
        var length = server.Answer(datagram, new QuerySource(remote, DnsTransport.Udp, _now), answer);
        counts?.Count(DnsTransport.Udp, datagram.Length, answer[..length]);
        return length;
    }
}
