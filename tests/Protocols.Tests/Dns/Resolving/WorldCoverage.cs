using System.Globalization;
using System.Text;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>How often what happened in how many worlds.</summary>
internal sealed class WorldCoverage
{
    private readonly Dictionary<string, (int Worlds, long Times)> _rows = [];
    private readonly Dictionary<string, long> _world = [];

    public int Worlds { get; private set; }

    public void Count(string what, int times = 1) => _world[what] = _world.GetValueOrDefault(what) + times;

    /// <summary>Takes in the counts of one world.</summary>
    public void Add(WorldCoverage world)
    {
        Worlds++;
        foreach (var (what, times) in world._world)
        {
            var (worlds, sum) = _rows.GetValueOrDefault(what);
            _rows[what] = (worlds + 1, sum + times);
        }
    }

    public (int Worlds, long Times) this[string what] => _rows.GetValueOrDefault(what);

    public override string ToString()
    {
        var text = new StringBuilder($"{"",-40} {"worlds",9} {"times",12}\n");
        foreach (var (what, (worlds, times)) in _rows.OrderBy(static row => row.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{what,-40} {worlds,9:N0} {times,12:N0}\n");
        }
        return text.ToString();
    }
}
