using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>Where a lab's elements and the names of frames stand on the map.</summary>
public sealed class MapLayoutTests
{
    [Fact]
    public void Many_hosts_of_a_network_stand_in_a_grid()
    {
        var map = MapOf(60);
        var hosts = map.Nodes.Where(static node => node.IsLeaf).ToList();
        Assert.Equal(59, hosts.Count);
        Assert.Equal(5, hosts.Select(static node => node.X).Distinct().Count());
        Assert.Equal(12, hosts.Select(static node => node.Y).Distinct().Count());
        Assert.Equal(hosts.Count, hosts.Select(static node => (node.X, node.Y)).Distinct().Count());
        Assert.InRange(map.Height, 0, 600);
        Assert.True(hosts.Max(static node => node.X) + 100 <= map.Width);
    }

    [Fact]
    public void A_few_stand_in_one_row_as_they_did()
    {
        Assert.Single(MapOf(8).Nodes.Where(static node => node.IsLeaf).Select(static node => node.X).Distinct());
    }

    [Fact]
    public void The_name_of_a_frame_covers_no_other_and_is_left_away_where_there_is_no_room()
    {
        MapNode[] nodes = [new("home", ElementKind.Router, 200, 100, "10.0.0.1", false, false)];
        var labels = new MapLabels(nodes);
        // On a cable that comes from above the name "home" stands right of it and below.
        Assert.Equal(new LabelSide(false, false, 9), labels.Place("HTTP", 150, 60, hasArrived: false));
        Assert.Equal(new LabelSide(true, false, 9), labels.Place("HTTP", 160, 130, hasArrived: false));
        Assert.Equal(new LabelSide(false, false, 18), labels.Place("HTTP", 200, 100, hasArrived: true));
        Assert.Equal(new LabelSide(true, false, 18), labels.Place("HTTP", 200, 100, hasArrived: true));
        Assert.NotNull(labels.Place("TCP", 200, 100, hasArrived: true));
        Assert.NotNull(labels.Place("TCP", 200, 100, hasArrived: true));
        Assert.Null(labels.Place("TCP", 200, 100, hasArrived: true));
    }

    private static MapLayout MapOf(int hosts)
    {
        var text = "lab \"many\" seed 1 client h1\nsubnet lan 10.0.0.0/16 switch\n"
            + string.Concat(Enumerable.Range(1, hosts).Select(static i => FormattableString.Invariant($"host h{i} on lan .{i}\n")));
        return new MapLayout(new LabElements(LabWorld.Build(LabFile.Parse(text, "many"))));
    }
}
