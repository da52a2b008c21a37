using Microsoft.AspNetCore.Components;

namespace Firstbyte.Web.Components;

/// <summary>A row or figure of a panel: drawn anew only when what it shows has become something else.</summary>
public abstract class Piece : ComponentBase
{
    private object? _shown;

    /// <summary>What the picture depends on, compared by value.</summary>
    protected abstract object Key { get; }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var key = Key;
        if (key.Equals(_shown)) { return false; }
        _shown = key;
        return true;
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => _shown = Key;
}

/// <summary>An object as itself, whatever its own equality says: rows of a run never change.</summary>
internal readonly record struct Identity(object Object)
{
    /// <summary>The object as itself.</summary>
    public static Identity Of(object one) => new(one);

    /// <inheritdoc/>
    public bool Equals(Identity other) => ReferenceEquals(Object, other.Object);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Object);
}
