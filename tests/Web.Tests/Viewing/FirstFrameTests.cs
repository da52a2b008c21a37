using System.Globalization;
using System.Net;
using System.Text;
using Firstbyte.Frames;
using Firstbyte.Telling;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>The page's HTML holds the map as it will stand, so that there is something to see before anything runs.</summary>
public sealed class FirstFrameTests
{
    private const string Begins = "<!-- first frame: written by tests/Web.Tests -->\n";
    private const string Ends = "<!-- first frame ends -->";

    /// <summary>FIRSTBYTE_ACCEPT=1 writes it anew: for the review, not for the build.</summary>
    [Fact]
    public void It_is_the_map_of_the_first_lab()
    {
        var path = Path.Combine(RepositoryRoot.Require(), "src", "Firstbyte.Web", "wwwroot", "index.html");
        var html = File.ReadAllText(path);
        var (begins, ends) = (html.IndexOf(Begins, StringComparison.Ordinal) + Begins.Length, html.IndexOf(Ends, StringComparison.Ordinal));
        Assert.InRange(begins, Begins.Length, ends);
        using var session = LabSession.Open("glasscom", null, Languages.English, TimeProvider.System)!;
        var frame = Draw(session.Map);
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_ACCEPT") == "1") { File.WriteAllText(path, html = html[..begins] + frame + html[ends..]); }
        ends = html.IndexOf(Ends, StringComparison.Ordinal);
        Assert.Equal(frame, html[begins..ends]);
    }

    private static string Draw(MapLayout map)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {map.Width:0.##} {map.Height:0.##}\" style=\"min-width:{map.Width * 0.72:0.##}px\">\n");
        foreach (var link in map.Links)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"cable\" x1=\"{link.From.X:0.##}\" y1=\"{link.From.Y:0.##}\" x2=\"{link.To.X:0.##}\" y2=\"{link.To.Y:0.##}\"/>\n");
        }
        foreach (var node in map.Nodes)
        {
            var shape = node.Kind switch
            {
                ElementKind.Host => "<rect class=\"shape\" x=\"-15\" y=\"-12\" width=\"30\" height=\"20\" rx=\"3\"/>",
                ElementKind.Router => "<circle class=\"shape\" r=\"14\"/>",
                _ => "<rect class=\"shape\" x=\"-16\" y=\"-8\" width=\"32\" height=\"16\" rx=\"4\"/>",
            };
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"node{(node.IsClient ? " client" : "")}{(node.IsLeaf ? " leaf" : "")}\" transform=\"translate({node.X:0.##} {node.Y:0.##})\">{shape}<text class=\"name\" x=\"{(node.IsLeaf ? 21 : 0)}\" y=\"{(node.IsLeaf ? -1 : 26)}\">{WebUtility.HtmlEncode(node.Name)}</text></g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }
}
