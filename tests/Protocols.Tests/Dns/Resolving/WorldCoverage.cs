using System.Globalization;
using System.Text;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>How large worlds were, and how often what happened in how many of them.</summary>
internal sealed class WorldCoverage
{
    private readonly Dictionary<string, (int Worlds, long Times)> _rows = [];
    private readonly Dictionary<string, long> _world = [];
    private readonly Dictionary<string, List<long>> _sizes = [];

    public int Worlds { get; private set; }

    public void Count(string what, int times = 1) => _world[what] = _world.GetValueOrDefault(what) + times;

    /// <summary>How large something is in this world.</summary>
    public void Measure(string what, long size) => _sizes[what] = [size];

    /// <summary>Takes in the counts of one world.</summary>
    public void Add(WorldCoverage world)
    {
        Worlds++;
        foreach (var (what, times) in world._world)
        {
            var (worlds, sum) = _rows.GetValueOrDefault(what);
            _rows[what] = (worlds + 1, sum + times);
        }
        foreach (var (what, sizes) in world._sizes)
        {
            if (!_sizes.TryAdd(what, [.. sizes])) { _sizes[what].AddRange(sizes); }
        }
    }

    public (int Worlds, long Times) this[string what] => _rows.GetValueOrDefault(what);

    public override string ToString()
    {
        var text = new StringBuilder($"{"",-40} {"least",9} {"middle",12} {"most",12}\n");
        foreach (var (what, sizes) in _sizes.OrderBy(static row => row.Key, StringComparer.Ordinal))
        {
            sizes.Sort();
            text.Append(CultureInfo.InvariantCulture, $"{what,-40} {sizes[0],9:N0} {sizes[sizes.Count / 2],12:N0} {sizes[^1],12:N0}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n{"",-40} {"worlds",9} {"times",12}\n");
        foreach (var (what, (worlds, times)) in _rows.OrderBy(static row => row.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{what,-40} {worlds,9:N0} {times,12:N0}\n");
        }
        return text.ToString();
    }
}
