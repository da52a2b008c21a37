using System.Diagnostics.CodeAnalysis;

namespace Firstbyte.Dns.Caching;

/// <summary>A dictionary of bounded size that forgets what was not asked for.</summary>
/// <remarks>
/// Theory of operation. SIEVE (Zhang and others, NSDI 2024): entries stand in the order they came; a hit only sets a mark, so that
/// reading moves nothing. When room is needed, a hand walks from old to new, clears marks, and takes out the first entry without
/// one. One-time questions leave quickly, and a flood of them cannot push out what clients ask for often.
/// </remarks>
internal sealed class SieveTable<TKey, TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, int> _places;
    private readonly int _capacity;
    private readonly long _maxWeight;
    private readonly Func<TValue, int>? _weigh;
    private long _weight;
    private Slot[] _slots;
    private int _free = -1;
    private int _used;
    private int _newest = -1;
    private int _oldest = -1;
    private int _hand = -1;

    /// <summary>A table of so many entries, and where they are weighed of so much weight.</summary>
    public SieveTable(int capacity, IEqualityComparer<TKey>? comparer = null, Func<TValue, int>? weigh = null, long maxWeight = long.MaxValue)
    {
        (_weigh, _maxWeight) = (weigh, maxWeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _slots = new Slot[Math.Min(capacity, 64)];
        _places = new Dictionary<TKey, int>(comparer);
    }

    public int Count => _places.Count;

    /// <summary>The weight of all entries.</summary>
    public long Weight => _weight;

    /// <summary>The dictionary of places, for lookups by an alternate key; the value is given to <see cref="At"/>.</summary>
    public Dictionary<TKey, int> Places => _places;

    /// <summary>The value at a place that <see cref="Places"/> gave; counts as a hit.</summary>
    public TValue At(int place)
    {
        ref var slot = ref _slots[place];
        slot.Visited = true;
        return slot.Value;
    }

    /// <summary>Everything it holds, from old to new. Looking does not count as a hit.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> Rows
    {
        get
        {
            for (var place = _oldest; place >= 0; place = _slots[place].Newer) { yield return new(_slots[place].Key, _slots[place].Value); }
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_places.TryGetValue(key, out var place))
        {
            value = default;
            return false;
        }
        value = At(place);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _weight += Weigh(value) - Weigh(_slots[place].Value);
            _slots[place].Value = value;
            MakeRoom(0);
            return;
        }
        if (_places.Count >= _capacity) { Evict(); }
        MakeRoom(Weigh(value));
        _weight += Weigh(value);
        place = TakeSlot();
        _slots[place] = new Slot { Key = key, Value = value, Older = _newest, Newer = -1 };
        if (_newest >= 0) { _slots[_newest].Newer = place; }
        _newest = place;
        if (_oldest < 0) { _oldest = place; }
        _places.Add(key, place);
    }

    private int Weigh(TValue value) => _weigh is null ? 0 : _weigh(value);

    /// <summary>What alone is heavier than the table may be still finds its place: it is the only one then.</summary>
    private void MakeRoom(int more)
    {
        while (_weight + more > _maxWeight && _places.Count > (more == 0 ? 1 : 0)) { Evict(); }
    }

    public bool Remove(TKey key)
    {
        if (!_places.Remove(key, out var place)) { return false; }
        Unlink(place);
        return true;
    }

    public void Clear()
    {
        _places.Clear();
        Array.Clear(_slots);
        _free = _newest = _oldest = _hand = -1;
        _used = 0;
        _weight = 0;
    }

    private int TakeSlot()
    {
        if (_free >= 0)
        {
            var place = _free;
            _free = _slots[place].Newer;
            return place;
        }
        if (_used == _slots.Length) { Array.Resize(ref _slots, Math.Min(_capacity, _slots.Length * 2)); }
        return _used++;
    }

    private void Evict()
    {
        var place = _hand >= 0 ? _hand : _oldest;
        // Ends after one round at the latest: the first round clears every mark.
        while (_slots[place].Visited)
        {
            _slots[place].Visited = false;
            place = _slots[place].Newer >= 0 ? _slots[place].Newer : _oldest;
        }
        _hand = _slots[place].Newer;
        _places.Remove(_slots[place].Key);
        Unlink(place);
    }

    private void Unlink(int place)
    {
        var (older, newer) = (_slots[place].Older, _slots[place].Newer);
        if (older >= 0) { _slots[older].Newer = newer; } else { _oldest = newer; }
        if (newer >= 0) { _slots[newer].Older = older; } else { _newest = older; }
        if (_hand == place) { _hand = newer; }
        _weight -= Weigh(_slots[place].Value);
        _slots[place] = new Slot { Key = default!, Value = default!, Older = -1, Newer = _free };
        _free = place;
    }

    private struct Slot
    {
        public TKey Key;
        public TValue Value;
        public int Older;
        public int Newer;
        public bool Visited;
    }
}
