using Firstbyte.Addressing;

namespace Firstbyte.Labs;

// Which prefixes may stand beside each other.
internal sealed partial class LabFileReader
{
    /// <summary>
    /// Two subnets with the same addresses are an error: a router would know two ways to one of them. But for two sites which both hide
    /// behind address translation, with no
    /// router in both: nobody outside has a way to either, so both may be 192.168.0.0/24, as most homes are.
    /// </summary>
    private void CheckPrefixes()
    {
        // By their beginnings: what overlaps a prefix stands behind it, before anything that does not.
        var sorted = _prefixes.OrderBy(static one => one.Prefix.Network).ThenBy(static one => one.Prefix.Length).ToArray();
        var open = new List<(LabToken Word, int Subnet, IpPrefix Prefix)>();
        var hidden = FindHiddenSites();
        foreach (var one in sorted)
        {
            open.RemoveAll(other => !other.Prefix.Contains(one.Prefix.Network));
            foreach (var other in open)
            {
                if (one.Subnet != other.Subnet && one.Prefix.Network.IsV4 && hidden.TryGetValue(one.Subnet, out var left)
                    && hidden.TryGetValue(other.Subnet, out var right) && !left.Overlaps(right))
                {
                    continue;
                }
                var (later, earlier) = (one.Word.Place.Line, one.Word.Place.Column).CompareTo((other.Word.Place.Line, other.Word.Place.Column)) > 0
                    ? (one, other)
                    : (other, one);
                throw new LabFileException(
                    later.Word.Place, new LabExpectation(LabTerm.PrefixApart, $"{earlier.Prefix}", _subnets[earlier.Subnet].Name),
                    later.Word.Found);
            }
            open.Add(one);
        }
    }

    /// <summary>The subnets that no router shows to anybody else, with their routers.</summary>
    private Dictionary<int, HashSet<string>> FindHiddenSites()
    {
        var routers = new Dictionary<int, HashSet<string>>();
        var shown = new HashSet<int>();
        foreach (var router in _routers)
        {
            foreach (var plug in router.Interfaces)
            {
                var subnet = _boxes[plug.Subnet];
                if (router.Settings.NatOutside is null || router.Settings.NatOutside == plug.Subnet) { shown.Add(subnet); }
                if (!routers.TryGetValue(subnet, out var names))
                {
                    routers.Add(subnet, names = new HashSet<string>(StringComparer.Ordinal));
                }
                names.Add(router.Name);
            }
        }
        foreach (var subnet in shown) { routers.Remove(subnet); }
        return routers;
    }
}
