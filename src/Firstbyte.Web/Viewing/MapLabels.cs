namespace Firstbyte.Web.Viewing;

/// <summary>On which side of a frame on the map its name stands.</summary>
/// <param name="IsLeft">Left of it; else right.</param>
/// <param name="IsBelow">Below its middle; else above.</param>
/// <param name="Gap">How far from it.</param>
public readonly record struct LabelSide(bool IsLeft, bool IsBelow, double Gap)
{
    /// <summary>Where it begins, or ends where it stands on the left, beside the frame's middle.</summary>
    public double X => IsLeft ? -Gap : Gap;

    /// <summary>Where its letters stand.</summary>
    public double Y => IsBelow ? 14 : -7;
}

/// <summary>Finds room for the names of frames beside those of what stands on the map: no word covers another.</summary>
public sealed class MapLabels
{
    // What letters take, in the map's units, by the sizes of page.css; a little more than they do.
    private const double FrameLetter = 7.4, NameLetter = 7, NoteLetter = 5.6;
    private const double LineHeight = 10;

    // Beside the dot itself; beside the picture on which it stands.
    private const double OnCable = 9, OnPicture = 18;

    // From the top of a frame's name to its middle.
    private const double Above = 16, Below = 6;

    private readonly List<Box> _taken = [];

    /// <summary>The names and pictures of what stands on a map.</summary>
    public MapLabels(IEnumerable<MapNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        foreach (var node in nodes)
        {
            _taken.Add(new Box(node.X - 16, node.Y - 14, 32, 26));
            _taken.Add(node.IsLeaf
                ? new Box(node.X + 21, node.Y - 10, NameLetter * node.Name.Length, LineHeight)
                : new Box(node.X - NameLetter * node.Name.Length / 2, node.Y + 16, NameLetter * node.Name.Length, LineHeight));
            if (node.Note.Length == 0) { continue; }
            _taken.Add(node.IsLeaf
                ? new Box(node.X + 21, node.Y + 2, NoteLetter * node.Note.Length, LineHeight)
                : new Box(node.X - NoteLetter * node.Note.Length / 2, node.Y - 26, NoteLetter * node.Note.Length, LineHeight));
        }
    }

    /// <summary>Takes room for a name beside a place.</summary>
    /// <param name="name">The name.</param>
    /// <param name="x">The place.</param>
    /// <param name="y">The place.</param>
    /// <param name="hasArrived">Whether an element's picture is there.</param>
    /// <returns>On which side; null where there is room on none, and the name is left away.</returns>
    public LabelSide? Place(string name, double x, double y, bool hasArrived)
    {
        ArgumentNullException.ThrowIfNull(name);
        var width = FrameLetter * name.Length;
        var gap = hasArrived ? OnPicture : OnCable;
        foreach (var side in (LabelSide[])[new(false, false, gap), new(true, false, gap), new(false, true, gap), new(true, true, gap)])
        {
            var box = new Box(side.IsLeft ? x - gap - width : x + gap, side.IsBelow ? y + Below : y - Above, width, LineHeight);
            if (_taken.Exists(box.Covers)) { continue; }
            _taken.Add(box);
            return side;
        }
        return null;
    }

    private readonly record struct Box(double Left, double Top, double Width, double Height)
    {
        public bool Covers(Box other) =>
            Left < other.Left + other.Width && other.Left < Left + Width && Top < other.Top + other.Height && other.Top < Top + Height;
    }
}
