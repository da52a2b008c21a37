using Firstbyte.Telling.Sentences;
using Firstbyte.Web.Viewing;
using Microsoft.AspNetCore.Components;

namespace Firstbyte.Web.Components;

/// <summary>A panel: drawn anew only when what it shows has become something else, and when its turn has come.</summary>
public abstract class Panel : ComponentBase
{
    private object? _shown;
    private bool _isWaiting;
    private bool _isDue;

    [Parameter, EditorRequired]
    public LabSession Session { get; set; } = null!;

    [Parameter, EditorRequired]
    public PanelTurns Turns { get; set; } = null!;

    /// <summary>The panel's place in the page.</summary>
    protected abstract string Id { get; }

    /// <summary>The words.</summary>
    protected Language Words => Session.Language;

    /// <summary>The event that is looked at.</summary>
    protected int Position => Session.Position;

    /// <summary>What the panel's picture depends on.</summary>
    protected virtual object Key => (Session.View, Session.Position, Session.Count);

    /// <summary>Whether the row of the event that is looked at is scrolled to, within the panel.</summary>
    protected virtual bool Follows => false;

    /// <summary>Reads what is to be drawn; only called when it will be.</summary>
    protected virtual void Prepare() { }

    /// <summary>"now" for what happened in the event that is looked at.</summary>
    protected string NowClass(int number) => number == Position ? "now" : "";

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (Follows) { Turns.Follow(Id); }
    }

    internal void TakeTurn()
    {
        _isWaiting = false;
        _isDue = true;
        StateHasChanged();
        _isDue = false;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_shown is not null) { return; }
        // The first picture is drawn without a question.
        _shown = Key;
        Prepare();
    }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var key = Key;
        if (key.Equals(_shown)) { return false; }
        if (!_isDue && !Turns.IsSeen(Id))
        {
            if (!_isWaiting)
            {
                _isWaiting = true;
                Turns.Later(this);
            }
            return false;
        }
        _shown = key;
        Prepare();
        return true;
    }
}
