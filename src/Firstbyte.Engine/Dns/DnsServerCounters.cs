using System.Collections.Concurrent;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns;

/// <summary>What a server has been asked and has answered since it started, in plain numbers.</summary>
/// <remarks>
/// Theory of operation. Who answers on a thread of its own counts in a table of its own, without a lock and without a word to the others; all who
/// answer anywhere share one, and add in one step each. A reader adds the tables up, and may miss what is being counted just then.
/// </remarks>
public sealed class DnsServerCounters
{
    private readonly ConcurrentBag<DnsCounts> _tables = [];
    private long _accepted, _closed, _refused;

    /// <summary>A server's.</summary>
    public DnsServerCounters() => Shared = NewTable();

    /// <summary>What all tables come to.</summary>
    public DnsCounts Read()
    {
        var sum = new DnsCounts();
        foreach (var table in _tables) { sum.Add(table); }
        return sum;
    }

    /// <summary>Connections that were accepted.</summary>
    public long AcceptedConnections => Interlocked.Read(ref _accepted);

    /// <summary>Connections for which there was no room.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refused);

    /// <summary>Connections at the moment.</summary>
    public long OpenConnections => AcceptedConnections - Interlocked.Read(ref _closed) - RefusedConnections;

    /// <summary>The table of those who answer anywhere.</summary>
    internal DnsCounts Shared { get; }

    /// <summary>The table of one thread.</summary>
    internal DnsCounts NewTable()
    {
        var table = new DnsCounts();
        _tables.Add(table);
        return table;
    }

    /// <summary>Counts an answer that somebody has given beside the servers of this assembly.</summary>
    /// <param name="transport">How the query came.</param>
    /// <param name="queryLength">Its bytes.</param>
    /// <param name="response">What was said to it; empty for nothing.</param>
    public void Count(DnsTransport transport, int queryLength, ReadOnlySpan<byte> response) => Shared.CountShared(transport, queryLength, response);

    internal void Accepted() => Interlocked.Increment(ref _accepted);

    internal void Refused() => Interlocked.Increment(ref _refused);

    internal void Closed() => Interlocked.Increment(ref _closed);
}

/// <summary>A table of counts: queries and bytes by transport, responses by their code.</summary>
public sealed class DnsCounts
{
    /// <summary>The codes of a header (RFC 1035 section 4.1.1): EDNS' upper bits are not looked for.</summary>
    public const int Codes = 16;

    private const int Transports = 4;
    private readonly long[] _queries = new long[Transports];
    private readonly long[] _queryBytes = new long[Transports];
    private readonly long[] _responseBytes = new long[Transports];
    private readonly long[] _silent = new long[Transports];
    private readonly long[] _truncated = new long[Transports];
    private readonly long[] _codes = new long[Transports * Codes];

    /// <summary>Messages that came.</summary>
    public long Queries(DnsTransport transport) => _queries[(int)transport];

    /// <summary>Their bytes.</summary>
    public long QueryBytes(DnsTransport transport) => _queryBytes[(int)transport];

    /// <summary>The bytes of what was said to them.</summary>
    public long ResponseBytes(DnsTransport transport) => _responseBytes[(int)transport];

    /// <summary>Those to which nothing was said: no queries, or too many of the same.</summary>
    public long Silent(DnsTransport transport) => _silent[(int)transport];

    /// <summary>Responses that did not fit (TC).</summary>
    public long Truncated(DnsTransport transport) => _truncated[(int)transport];

    /// <summary>Responses with a code.</summary>
    public long Responses(DnsTransport transport, int code) => _codes[(int)transport * Codes + code];

    /// <summary>Counts an answer; from one thread alone.</summary>
    internal void Count(DnsTransport transport, int queryLength, ReadOnlySpan<byte> response)
    {
        var at = (int)transport;
        _queries[at]++;
        _queryBytes[at] += queryLength;
        if (response.Length < MessageHeader.Length)
        {
            _silent[at]++;
            return;
        }
        _responseBytes[at] += response.Length;
        if ((response[2] & 0x02) != 0) { _truncated[at]++; }
        _codes[at * Codes + (response[3] & 0x0F)]++;
    }

    /// <summary>The same from anywhere.</summary>
    internal void CountShared(DnsTransport transport, int queryLength, ReadOnlySpan<byte> response)
    {
        lock (_queries) { Count(transport, queryLength, response); }
    }

    internal void Add(DnsCounts other)
    {
        foreach (var (sums, counts) in ((long[], long[])[])
        [
            (_queries, other._queries), (_queryBytes, other._queryBytes), (_responseBytes, other._responseBytes), (_silent, other._silent),
            (_truncated, other._truncated), (_codes, other._codes),
        ])
        {
            for (var i = 0; i < sums.Length; i++) { sums[i] += Volatile.Read(ref counts[i]); }
        }
    }
}
