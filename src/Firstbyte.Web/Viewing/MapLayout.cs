using Firstbyte.Frames;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;

namespace Firstbyte.Web.Viewing;

/// <summary>An element of a lab on the map.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="X">Where it stands.</param>
/// <param name="Y">Where it stands.</param>
/// <param name="Note">Below the name: a machine's first address, a subnet's prefixes.</param>
/// <param name="IsClient">Whether the user sits there.</param>
/// <param name="IsLeaf">Whether nothing hangs on it: its name stands beside it.</param>
public sealed record MapNode(string Name, ElementKind Kind, double X, double Y, string Note, bool IsClient, bool IsLeaf);

/// <summary>A cable on the map.</summary>
public sealed record MapLink(string Name, MapNode From, MapNode To);

/// <summary>Where the elements of a lab stand: a tree from the client on, to the right; what closes a circle is drawn as one more cable.</summary>
/// <remarks>
/// Each element stands one column to the right of the one through which the client reaches it, in the middle of what hangs on it. The same lab always
/// looks the same. Where many hosts hang on one hub or switch, they stand in a grid behind it instead of in one long row.
/// </remarks>
public sealed class MapLayout
{
    private const double Column = 100;
    private const double RowHeight = 36;
    private const double Margin = 54;

    // In rows: what has a name below it and an address above needs more room than what has both beside it.
    private const double BetweenNamed = 1.7;

    // More hosts than these on one box stand in a grid; its columns are two apart, as names stand beside what they name (own choices).
    private const int MaxInRow = 12;
    private const int MaxColumns = 5;
    private const int BetweenColumns = 2;

    private readonly Dictionary<string, MapNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MapLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Element, string Port), string> _ports = [];

    /// <summary>Lays out a lab.</summary>
    public MapLayout(LabElements elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var cables = LabTables.Links(elements);
        var neighbors = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var cable in cables)
        {
            Of(cable.Machine).Add(cable.Box);
            Of(cable.Box).Add(cable.Machine);
        }
        var floor = 0.0;
        var placed = new Dictionary<string, (int Depth, double Row)>(StringComparer.Ordinal);
        foreach (var root in elements.Machines.Select(static machine => machine.Name).OrderBy(name => name == elements.World.Client.Name ? 0 : 1))
        {
            // Islands that the client cannot reach stand below.
            if (placed.ContainsKey(root)) { continue; }
            var island = Place(root, 0, Reach(root, neighbors, placed));
            var top = island.Min(static one => one.Row);
            foreach (var (name, depth, row) in island) { placed[name] = (depth, row - top + floor); }
            floor = placed.Values.Max(static place => place.Row) + 1;
        }
        var boxes = elements.World.Internet.Subnets.SelectMany(static subnet => subnet.Boxes.Select(box => (Box: box, Subnet: subnet)))
            .ToDictionary(static one => one.Box.Name, StringComparer.Ordinal);
        foreach (var (name, (depth, row)) in placed)
        {
            var machine = elements.FindMachine(name);
            var kind = machine is Router ? ElementKind.Router : machine is not null ? ElementKind.Host
                : boxes[name].Box is Hub ? ElementKind.Hub : ElementKind.Switch;
            var note = machine is not null
                ? LabElements.AddressesOf(machine, Firstbyte.Addressing.IpVersion.None).Select(static address => address.ToString())
                    .FirstOrDefault(static text => !text.StartsWith("fe80:", StringComparison.Ordinal)) ?? ""
                : boxes[name].Subnet.Name == name ? string.Join(' ', boxes[name].Subnet.Prefixes) : "";
            _nodes.Add(name, new MapNode(name, kind, Margin + depth * Column, Margin + row * RowHeight, note, name == elements.World.Client.Name,
                name != elements.World.Client.Name && machine is not null and not Router && neighbors.GetValueOrDefault(name) is not { Count: > 1 }));
        }
        foreach (var cable in cables) { _links.Add(cable.Name, new MapLink(cable.Name, _nodes[cable.Machine], _nodes[cable.Box])); }
        foreach (var plug in elements.Machines.SelectMany(static machine => machine.Plugs)) { _ports.Add((plug.Node.Name, plug.Interface.Name), plug.Wire.Name); }
        // Names of leaves stand to the right of them.
        Width = Margin * 2 + 90 + placed.Values.Max(static place => place.Depth) * Column;
        Height = Margin * 2 + Math.Max(placed.Values.Max(static place => place.Row), 1) * RowHeight;

        List<string> Of(string name)
        {
            if (!neighbors.TryGetValue(name, out var list)) { neighbors.Add(name, list = []); }
            return list;
        }

        // Each subtree is moved up until it touches the one above it somewhere.
        List<(string Name, int Depth, double Row)> Place(string name, int depth, Dictionary<string, List<string>> children)
        {
            var all = new List<(string Name, int Depth, double Row)>();
            var lowest = new Dictionary<int, (double Row, bool IsLeaf)>();
            var (first, last) = (0.0, 0.0);
            var below = children.GetValueOrDefault(name) ?? [];
            var ends = below.FindAll(IsLeaf);
            var isFirst = true;
            foreach (var one in ends.Count > MaxInRow ? below.Where(one => !IsLeaf(one)) : below) { Join(Place(one, depth + 1, children), null); }
            if (ends.Count > MaxInRow) { Join([.. Grid(ends, depth + 1)], (Rows(ends.Count) - 1) / 2.0); }
            all.Add((name, depth, (first + last) / 2));
            return all;

            // Below what stands there already, as far up as it can be.
            void Join(List<(string Name, int Depth, double Row)> subtree, double? middle)
            {
                var shift = isFirst ? 0 : subtree.Max(one => lowest.TryGetValue(one.Depth, out var above)
                    ? above.Row + (above.IsLeaf && IsLeaf(one.Name) ? 1 : BetweenNamed) - one.Row : double.NegativeInfinity);
                foreach (var one in subtree)
                {
                    all.Add(one with { Row = one.Row + shift });
                    if (!lowest.TryGetValue(one.Depth, out var above) || above.Row < one.Row + shift) { lowest[one.Depth] = (one.Row + shift, IsLeaf(one.Name)); }
                }
                last = (middle ?? subtree[^1].Row) + shift;
                if (isFirst) { first = last; }
                isFirst = false;
            }

            // Whose name stands beside it and not below: who hangs on a second cable is none, though nothing was reached through it.
            bool IsLeaf(string one) => !children.ContainsKey(one) && neighbors.GetValueOrDefault(one) is not { Count: > 1 };
        }
    }

    /// <summary>The elements.</summary>
    public IReadOnlyCollection<MapNode> Nodes => _nodes.Values;

    /// <summary>The cables.</summary>
    public IReadOnlyCollection<MapLink> Links => _links.Values;

    /// <summary>How wide the map is.</summary>
    public double Width { get; }

    /// <summary>How high it is.</summary>
    public double Height { get; }

    /// <summary>The element of that name, or null.</summary>
    public MapNode? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>The cable of that name, or null.</summary>
    public MapLink? FindLink(string name) => _links.GetValueOrDefault(name);

    /// <summary>The cable at a port of an element, or null.</summary>
    public MapLink? LinkAt(string element, string port) => _links.GetValueOrDefault(_ports.GetValueOrDefault((element, port)) ?? port);

    private static int Rows(int count)
    {
        var columns = Math.Min(MaxColumns, (count + MaxInRow - 1) / MaxInRow);
        return (count + columns - 1) / columns;
    }

    private static IEnumerable<(string Name, int Depth, double Row)> Grid(List<string> names, int depth)
    {
        var rows = Rows(names.Count);
        for (var i = 0; i < names.Count; i++) { yield return (names[i], depth + i / rows * BetweenColumns, i % rows); }
    }

    // What is reached first by fewest cables hangs on what it was reached through.
    private static Dictionary<string, List<string>> Reach(
        string root, Dictionary<string, List<string>> neighbors, Dictionary<string, (int, double)> placed)
    {
        var children = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(placed.Keys, StringComparer.Ordinal) { root };
        var waiting = new Queue<string>([root]);
        while (waiting.TryDequeue(out var name))
        {
            foreach (var next in neighbors.GetValueOrDefault(name) ?? [])
            {
                if (!seen.Add(next)) { continue; }
                if (!children.TryGetValue(name, out var list)) { children.Add(name, list = []); }
                list.Add(next);
                waiting.Enqueue(next);
            }
        }
        return children;
    }
}
