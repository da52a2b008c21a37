using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>What routers have said about the longest packets of a path (RFC 1191, RFC 8201).</summary>
internal sealed class PathMtuCache
{
    /// <summary>Destinations that are remembered (own choice: a lie costs its victim some speed towards one destination, no memory).</summary>
    public const int MaxRows = 256;

    /// <summary>After which a larger packet is tried again (RFC 1191 section 6.3 and RFC 8201 section 4: 10 minutes).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<IpAddress, (int Mtu, Instant Until)> _rows = [];
    private readonly Queue<IpAddress> _order = new();

    public int Find(IpAddress destination, int otherwise, Instant now) =>
        _rows.Count > 0 && _rows.TryGetValue(destination, out var row) && now < row.Until ? Math.Min(row.Mtu, otherwise) : otherwise;

    public void Clear()
    {
        _rows.Clear();
        _order.Clear();
    }

    public void Set(IpAddress destination, int mtu, Instant now)
    {
        if (!_rows.ContainsKey(destination))
        {
            if (_rows.Count >= MaxRows) { _rows.Remove(_order.Dequeue()); }
            _order.Enqueue(destination);
        }
        _rows[destination] = (mtu, now + Lifetime);
    }
}
