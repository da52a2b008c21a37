using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Drawing;

/// <summary>Rows before which something else has to end: a line of a body that is shown as it comes, a line of progress.</summary>
internal sealed class InterruptedRows(IRowSink inside) : IRowSink
{
    /// <summary>A row comes.</summary>
    public event Action? Interrupting;

    /// <summary>The rows below, for who is interrupted.</summary>
    public IRowSink Inside { get; } = inside;

    /// <inheritdoc/>
    public void Show(Row row)
    {
        Interrupting?.Invoke();
        Inside.Show(row);
    }

    /// <inheritdoc/>
    public void Show(Table table)
    {
        Interrupting?.Invoke();
        Inside.Show(table);
    }

    /// <inheritdoc/>
    public void Flush() => Inside.Flush();
}
