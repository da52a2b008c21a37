using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Policies;

/// <summary>Names with a number each: bytes and numbers in a few growing lists, as block lists have millions. Looking one up allocates nothing.</summary>
internal sealed class PolicyNames
{
    private byte[] _bytes = new byte[64];
    private int[] _starts = new int[4];
    private int[] _values = new int[4];
    private int[] _next = new int[4];
    private int[] _buckets = [-1, -1, -1, -1];
    private int _length;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a name, which can be changed; a new one has -1.</summary>
    public ref int Open(ReadOnlySpan<byte> name)
    {
        var hash = NameHash.Of(name);
        if (Find(name, hash) is >= 0 and var found) { return ref _values[found]; }
        if (Count == _starts.Length) { Grow(); }
        if (_length + name.Length > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + name.Length)); }
        name.CopyTo(_bytes.AsSpan(_length));
        ref var bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        (_starts[Count], _values[Count], _next[Count], bucket) = (_length, -1, bucket, Count);
        _length += name.Length;
        return ref _values[Count++];
    }

    /// <summary>The number of a name; -1 where it is not there.</summary>
    public int ValueOf(ReadOnlySpan<byte> name) => Find(name, NameHash.Of(name)) is >= 0 and var found ? _values[found] : -1;

    private int Find(ReadOnlySpan<byte> name, ulong hash)
    {
        for (var at = _buckets[hash & (uint)(_buckets.Length - 1)]; at >= 0; at = _next[at])
        {
            var start = _starts[at];
            var end = at + 1 < Count ? _starts[at + 1] : _length;
            if (end - start == name.Length && WireName.Equals(_bytes.AsSpan(start, name.Length), name)) { return at; }
        }
        return -1;
    }

    private void Grow()
    {
        var size = Count * 2;
        Array.Resize(ref _starts, size);
        Array.Resize(ref _values, size);
        _next = new int[size];
        _buckets = new int[size];
        Array.Fill(_buckets, -1);
        for (var at = 0; at < Count; at++)
        {
            var end = at + 1 < Count ? _starts[at + 1] : _length;
            ref var bucket = ref _buckets[NameHash.Of(_bytes.AsSpan(_starts[at], end - _starts[at])) & (uint)(size - 1)];
            (_next[at], bucket) = (bucket, at);
        }
    }
}
