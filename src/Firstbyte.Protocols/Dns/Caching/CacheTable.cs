using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Caching;

/// <summary>The entries of a cache by name and type, within a number and a weight, of which it forgets what was not asked for.</summary>
/// <remarks>
/// Theory of operation. The links of the hash table and of the order of age lie in the entries themselves, so that an entry costs one object, its
/// bytes and some 24 bytes of the table; the key is the name at the front of its bytes, looked up as it stands in a query. What goes is
/// chosen by SIEVE (see <see cref="SieveTable{TKey, TValue}"/>): a hit sets a mark, and a scan of names that are asked once does not drive out those that are
/// asked often.
/// </remarks>
internal sealed class CacheTable(int capacity, long maxBytes)
{
    private const int FirstBuckets = 64;

    private CacheEntry?[] _buckets = new CacheEntry?[FirstBuckets];
    private CacheEntry? _oldest;
    private CacheEntry? _newest;
    private CacheEntry? _hand;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The entries from old to new.</summary>
    public IEnumerable<CacheEntry> Rows
    {
        get { for (var entry = _oldest; entry is not null; entry = entry.Newer) { yield return entry; } }
    }

    /// <summary>The hash under which a name's entries of all types lie.</summary>
    public static int HashOf(ReadOnlySpan<byte> name) => WireName.Hash(name);

    public CacheEntry? Find(ReadOnlySpan<byte> name, int nameHash, RecordType type)
    {
        var hash = Mix(nameHash, type);
        for (var entry = _buckets[hash & (_buckets.Length - 1)]; entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && entry.KeyType == type && WireName.Equals(entry.NameWire, name))
            {
                entry.IsVisited = true;
                return entry;
            }
        }
        return null;
    }

    /// <summary>Puts an entry in the place of the one that lies under its name and type.</summary>
    public void Set(CacheEntry entry)
    {
        var nameHash = HashOf(entry.NameWire);
        entry.Hash = Mix(nameHash, entry.KeyType);
        if (Find(entry.NameWire, nameHash, entry.KeyType) is { } present)
        {
            entry.IsVisited = true;
            Remove(present);
        }
        // What alone is heavier than all may be still finds its place: it is the only one then.
        while (Count > 0 && (Count >= capacity || Bytes + entry.Bytes > maxBytes)) { Evict(); }
        // Half of them stay empty: an entry in the way costs a look into memory that nothing else needs.
        if (Count * 2 >= _buckets.Length) { Grow(); }
        ref var bucket = ref _buckets[entry.Hash & (_buckets.Length - 1)];
        entry.Next = bucket;
        bucket = entry;
        entry.Older = _newest;
        if (_newest is not null) { _newest.Newer = entry; } else { _oldest = entry; }
        _newest = entry;
        Count++;
        Bytes += entry.Bytes;
    }

    public void Remove(CacheEntry entry)
    {
        ref var link = ref _buckets[entry.Hash & (_buckets.Length - 1)];
        while (link is not null && link != entry) { link = ref link.Next; }
        if (link is null) { return; }
        link = entry.Next;
        if (_hand == entry) { _hand = entry.Newer; }
        if (entry.Older is { } older) { older.Newer = entry.Newer; } else { _oldest = entry.Newer; }
        if (entry.Newer is { } newer) { newer.Older = entry.Older; } else { _newest = entry.Older; }
        (entry.Next, entry.Older, entry.Newer) = (null, null, null);
        Count--;
        Bytes -= entry.Bytes;
    }

    public void Clear()
    {
        _buckets = new CacheEntry?[FirstBuckets];
        _oldest = _newest = _hand = null;
        (Count, Bytes) = (0, 0);
    }

    private static int Mix(int nameHash, RecordType type) => nameHash ^ type.Value * 0x5BD1E995;

    private void Evict()
    {
        var entry = _hand ?? _oldest!;
        // Ends after one round at the latest: the first round clears every mark.
        while (entry.IsVisited)
        {
            entry.IsVisited = false;
            entry = entry.Newer ?? _oldest!;
        }
        _hand = entry.Newer;
        Remove(entry);
    }

    private void Grow()
    {
        var buckets = new CacheEntry?[_buckets.Length * 2];
        for (var entry = _oldest; entry is not null; entry = entry.Newer)
        {
            ref var bucket = ref buckets[entry.Hash & (buckets.Length - 1)];
            entry.Next = bucket;
            bucket = entry;
        }
        _buckets = buckets;
    }
}
