using Firstbyte.Telling.Sentences;
using Firstbyte.Web.Viewing;
using Microsoft.AspNetCore.Components;

namespace Firstbyte.Web.Components;

/// <summary>A panel: drawn anew only when what it shows has become something else.</summary>
public abstract class Panel : ComponentBase
{
    private object? _shown;

    [Parameter, EditorRequired]
    public LabSession Session { get; set; } = null!;

    /// <summary>The words.</summary>
    protected Language Words => Session.Language;

    /// <summary>The event that is looked at.</summary>
    protected int Position => Session.Position;

    /// <summary>What the panel's picture depends on.</summary>
    protected virtual object Key => (Session.View, Session.Position, Session.Count);

    /// <summary>Draws at the next opportunity though nothing of the run has changed: something of the panel's own has.</summary>
    protected void Forget() => _shown = null;

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var key = Key;
        if (key.Equals(_shown)) { return false; }
        _shown = key;
        return true;
    }

    /// <summary>"now" for what happened in the event that is looked at.</summary>
    protected string NowClass(int number) => number == Position ? "now" : "";
}
