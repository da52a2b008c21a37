namespace Firstbyte.Dns.Upstreams;

/// <summary>What came of asking servers over secured transports; counted on any thread.</summary>
public sealed class UpstreamCounters
{
    private long _queries;
    private long _answers;
    private long _connections;
    private long _refusals;
    private long _again;

    /// <summary>Messages that were to be sent.</summary>
    public long Queries => Volatile.Read(ref _queries);

    /// <summary>Replies that came to one of them.</summary>
    public long Answers => Volatile.Read(ref _answers);

    /// <summary>Connections that were made.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Attempts to make one that failed.</summary>
    public long Failures => Volatile.Read(ref _refusals);

    /// <summary>Messages that were sent once more, as their connection ended under them.</summary>
    public long Repeated => Volatile.Read(ref _again);

    internal void CountQuery() => Interlocked.Increment(ref _queries);

    internal void CountAnswer() => Interlocked.Increment(ref _answers);

    internal void CountConnection(bool isMade) => Interlocked.Increment(ref isMade ? ref _connections : ref _refusals);

    internal void CountRepeated(int messages) => Interlocked.Add(ref _again, messages);
}
