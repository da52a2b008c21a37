using Microsoft.JSInterop;

namespace Firstbyte.Web.Components;

/// <summary>In which order panels are drawn: those that can be seen at once, each of the others in a frame of its own behind them.</summary>
/// <remarks>
/// Theory of operation. Whoever steps through a run waits for what stands on the screen, and for nothing else. The browser says which panels that are (an
/// <c>IntersectionObserver</c>); until it has, all are. A panel that is due and cannot be seen gets in line, once, and the line is worked off by the frames of the
/// animation, one panel in each, and while something is simulated in few of them. When it is empty the page says so (<c>data-settled</c>): then every panel shows the same event.
/// </remarks>
public sealed class PanelTurns(IJSInProcessRuntime script, Func<bool> isBusy) : IDisposable
{
    // Frames between two turns while something is simulated (own choice): some three panels a second.
    private const int PassedWhileBusy = 20;

    private readonly Queue<Panel> _line = new();
    private HashSet<string>? _seen;
    private DotNetObjectReference<PanelTurns>? _self;
    private bool _isAsked;
    private int _passed;

    /// <summary>Whether a panel stands on the screen.</summary>
    public bool IsSeen(string panel) => _seen is null || _seen.Contains(panel);

    /// <summary>The panel gets in line.</summary>
    public void Later(Panel panel)
    {
        _line.Enqueue(panel);
        if (_isAsked) { return; }
        _isAsked = true;
        script.InvokeVoid("firstbyte.turns", Self);
    }

    /// <summary>The panel has been drawn: it scrolls to the row of the event that is looked at, once it can be seen.</summary>
    public void Follow(string panel) => script.InvokeVoid("firstbyte.follow", panel);

    /// <summary>Panels that somebody has scrolled follow again.</summary>
    public void Release() => script.InvokeVoid("firstbyte.release");

    /// <summary>The panels are there: from now on it is known which can be seen.</summary>
    public void Watch() => script.InvokeVoid("firstbyte.watch", Self);

    /// <summary>Other panels can be seen than before.</summary>
    [JSInvokable]
    public void Seen(string[] panels) => _seen = [.. panels];

    /// <summary>The next one in line; true while there are more.</summary>
    [JSInvokable]
    public bool Turn()
    {
        // While something goes on for long, they have their turn too, now and then.
        if (isBusy() && ++_passed < PassedWhileBusy) { return true; }
        _passed = 0;
        if (_line.TryDequeue(out var panel)) { panel.TakeTurn(); }
        return _isAsked = _line.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _self?.Dispose();

    private DotNetObjectReference<PanelTurns> Self => _self ??= DotNetObjectReference.Create(this);
}
