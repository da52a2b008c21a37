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
    private readonly bool _countsTypes;
    private long _accepted, _closed, _refused;

    /// <summary>A server's.</summary>
    /// <param name="countsTypes">Whether what is asked for is counted by type as well, which costs a look at each answer's question.</param>
    public DnsServerCounters(bool countsTypes = false)
    {
        _countsTypes = countsTypes;
        Shared = NewTable();
    }

    /// <summary>What all tables come to.</summary>
    public DnsCounts Read()
    {
        var sum = new DnsCounts(_countsTypes);
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
        var table = new DnsCounts(_countsTypes);
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
/// <param name="countsTypes">Whether types are counted.</param>
public sealed class DnsCounts(bool countsTypes = false)
{
    /// <summary>The codes of a header (RFC 1035 section 4.1.1): EDNS' upper bits are not looked for.</summary>
    public const int Codes = 16;

    /// <summary>Types of higher numbers are counted together: nearly all that are asked for have less.</summary>
    public const int OtherTypes = 258;

    private const int Transports = 4;
    private readonly long[] _queries = new long[Transports];
    private readonly long[] _queryBytes = new long[Transports];
    private readonly long[] _responseBytes = new long[Transports];
    private readonly long[] _silent = new long[Transports];
    private readonly long[] _truncated = new long[Transports];
    private readonly long[] _codes = new long[Transports * Codes];
    private readonly long[] _types = new long[countsTypes ? OtherTypes + 1 : 0];
    private readonly long[] _hits = new long[1];

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

    /// <summary>Questions for a type that were answered, those for <see cref="OtherTypes"/> and more together; 0 where types are not counted.</summary>
    public long Types(int type) => countsTypes ? _types[Math.Min(type, OtherTypes)] : 0;

    /// <summary>Answers that were given at once from a resolver's cache.</summary>
    public long CacheHits => _hits[0];

    /// <summary>Counts an answer from the cache; from one thread alone.</summary>
    internal void CountHit(DnsTransport transport, int queryLength, ReadOnlySpan<byte> response)
    {
        _hits[0]++;
        Count(transport, queryLength, response);
    }

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
        if (countsTypes && TypeOf(response) is var type and >= 0) { _types[Math.Min(type, OtherTypes)]++; }
    }

    /// <summary>The type of the question that a response repeats; -1 where it repeats none.</summary>
    private static int TypeOf(ReadOnlySpan<byte> response)
    {
        if ((response[4] | response[5]) == 0) { return -1; }
        var at = MessageHeader.Length;
        while (at < response.Length && response[at] is var label and > 0 and < 64) { at += label + 1; }
        return at + 3 <= response.Length ? response[at + 1] << 8 | response[at + 2] : -1;
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
            (_truncated, other._truncated), (_codes, other._codes), (_types, other._types), (_hits, other._hits),
        ])
        {
            for (var i = 0; i < sums.Length; i++) { sums[i] += Volatile.Read(ref counts[i]); }
        }
    }
}
