namespace Firstbyte.Dns.Zones;

/// <summary>A list that grows by pages: nothing is copied twice, and at no time are the old and the new array both there.</summary>
internal sealed class PagedList<T> where T : unmanaged
{
    private const int PageBits = 12;
    private const int FirstLength = 16;

    private readonly List<T[]> _pages = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    public ref T this[int index] => ref _pages[index >> PageBits][index & (1 << PageBits) - 1];

    /// <summary>Adds one and returns its index.</summary>
    public int Add(T item)
    {
        var (page, at) = (Count >> PageBits, Count & (1 << PageBits) - 1);
        if (page == _pages.Count) { _pages.Add(new T[page == 0 ? FirstLength : 1 << PageBits]); }
        else if (at == _pages[page].Length)
        {
            // Only the first page grows: most zones are small.
            var grown = _pages[page];
            Array.Resize(ref grown, 2 * at);
            _pages[page] = grown;
        }
        _pages[page][at] = item;
        return Count++;
    }
}
