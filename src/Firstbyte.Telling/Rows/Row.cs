namespace Firstbyte.Telling.Rows;

/// <summary>One row of a story: what is said, and all that a face needs to lay it out. A face draws rows; it adds no words.</summary>
public sealed record Row(RowKind Kind)
{
    /// <summary>The step's label; empty for rows without one.</summary>
    public string Label { get; init; } = "";

    /// <summary>What is said.</summary>
    public Phrase Text { get; init; } = Phrase.Empty;

    /// <summary>How the row as a whole is meant.</summary>
    public Role Role { get; init; } = Role.Words;

    /// <summary>How long it took; stands at the right edge.</summary>
    public long? Nanoseconds { get; init; }

    /// <summary>Facts of equal rank, one behind the other as far as there is room.</summary>
    public IReadOnlyList<Phrase> Facts { get; init; } = [];

    /// <summary>Cells before the text, aligned among the rows beside this one; widest first to go is the last.</summary>
    public IReadOnlyList<Phrase> Cells { get; init; } = [];

    /// <summary>Rows that hang below this one as a tree, in the order of a reader, each with its <see cref="Depth"/>.</summary>
    public IReadOnlyList<Row> Children { get; init; } = [];

    /// <summary>How deep a child hangs, from 0.</summary>
    public int Depth { get; init; }

    /// <summary>Whether the tree below ends in failure.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Text of the row before up to the place that this row points at; null when it points at none.</summary>
    public Phrase? PointsPast { get; init; }

    /// <summary>What is said behind the text where there is room, below it where there is none.</summary>
    public Phrase Aside { get; init; } = Phrase.Empty;

    /// <summary>Whether the row is what was asked for, and must not be cut, however narrow the page is.</summary>
    public bool IsResult { get; init; }

    /// <summary>When and where: the number of the event, the clock, the element; for rows of frames.</summary>
    public FramePlace? Place { get; init; }

    /// <summary>The way of control between the lanes of a host; for rows of calls.</summary>
    public LaneStep? Lanes { get; init; }
}

/// <summary>
/// Control goes from one lane to another, or stays and works in one. Lanes are counted from the left; one more than there are is the world
/// outside.
/// </summary>
/// <param name="Nanoseconds">When, since the first of them; null for the time of the row above.</param>
/// <param name="From">The lane it comes from.</param>
/// <param name="To">The lane it goes to.</param>
/// <param name="Held">Of each lane, whether a call is in it that has not come back.</param>
public sealed record LaneStep(long? Nanoseconds, int From, int To, IReadOnlyList<bool> Held);

/// <summary>When and where a frame is told of.</summary>
/// <param name="Number">The event's number as "#12"; empty for the same event again; null where events have no numbers.</param>
/// <param name="Clock">The world's time.</param>
/// <param name="Element">The element's name.</param>
public sealed record FramePlace(string? Number, string Clock, Phrase Element);

/// <summary>Where a row stands.</summary>
public enum RowKind
{
    /// <summary>A step of a journey, with its label.</summary>
    Step,

    /// <summary>Below its step.</summary>
    Detail,

    /// <summary>From the first column on.</summary>
    Line,

    /// <summary>From the first column on, and wrapped at words where it is too long.</summary>
    Paragraph,

    /// <summary>A paragraph that is set in a little.</summary>
    Indented,

    /// <summary>A frame at an element.</summary>
    Frame,

    /// <summary>The heads of the lanes of a host, in <see cref="Row.Facts"/>.</summary>
    LaneHeads,

    /// <summary>Control between the lanes of a host.</summary>
    Lanes,

    /// <summary>Text of somebody else as it is, whatever its length.</summary>
    Raw,

    /// <summary>A line of somebody else's text, whose spans are tokens in their roles.</summary>
    Code,

    /// <summary>An empty line.</summary>
    Gap,
}

/// <summary>Where rows go: a terminal, a pipe, a page.</summary>
public interface IRowSink
{
    /// <summary>Shows a row.</summary>
    void Show(Row row);

    /// <summary>Shows a table.</summary>
    void Show(Table table);

    /// <summary>Shows all that was told so far, if it is not shown yet.</summary>
    void Flush();
}

/// <summary>Where rows go that nobody reads.</summary>
public sealed class NoRows : IRowSink
{
    /// <summary>The one instance: it holds nothing.</summary>
    public static readonly NoRows Instance = new();

    private NoRows() { }

    /// <inheritdoc/>
    public void Show(Row row) { }

    /// <inheritdoc/>
    public void Show(Table table) { }

    /// <inheritdoc/>
    public void Flush() { }
}

/// <summary>Rows by the words in which a story thinks of them.</summary>
public static class RowSinkExtensions
{
    public static void Step(this IRowSink sink, string label, Phrase text, long? nanoseconds = null, Role role = Role.Words) =>
        sink.Show(new Row(RowKind.Step) { Label = label, Text = text, Nanoseconds = nanoseconds, Role = role });

    public static void Detail(this IRowSink sink, Phrase text, long? nanoseconds = null, Role role = Role.Words) =>
        sink.Show(new Row(RowKind.Detail) { Text = text, Nanoseconds = nanoseconds, Role = role });

    public static void Line(this IRowSink sink, Phrase text, Role role = Role.Words) => sink.Show(new Row(RowKind.Line) { Text = text, Role = role });

    /// <summary>A step that is what was asked for: never cut.</summary>
    public static void Result(this IRowSink sink, string label, Phrase text, Role role = Role.Words) =>
        sink.Show(new Row(RowKind.Step) { Label = label, Text = text, Role = role, IsResult = true });

    /// <summary>What belongs to a result, below it: never cut.</summary>
    public static void ResultDetail(this IRowSink sink, Phrase text, Role role = Role.Words) =>
        sink.Show(new Row(RowKind.Detail) { Text = text, Role = role, IsResult = true });

    /// <summary>A line that is what was asked for: never cut, never broken.</summary>
    public static void ResultLine(this IRowSink sink, Phrase text, Role role = Role.Words) =>
        sink.Show(new Row(RowKind.Line) { Text = text, Role = role, IsResult = true });

    public static void Paragraph(this IRowSink sink, Phrase text, Role role = Role.Words) => sink.Show(new Row(RowKind.Paragraph) { Text = text, Role = role });

    public static void Indented(this IRowSink sink, Phrase text, Role role = Role.Words) => sink.Show(new Row(RowKind.Indented) { Text = text, Role = role });

    /// <summary>Lines of somebody else's text, each made safe and none cut.</summary>
    public static void Raw(this IRowSink sink, string text) =>
        Array.ForEach(text.Split('\n'), line => sink.Show(new Row(RowKind.Raw) { Text = Phrase.Of(line, Role.Text) }));

    public static void Gap(this IRowSink sink) => sink.Show(new Row(RowKind.Gap));
}
