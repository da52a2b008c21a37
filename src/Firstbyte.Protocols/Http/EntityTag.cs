using System.Diagnostics.CodeAnalysis;

namespace Firstbyte.Http;

/// <summary>The name of one state of a representation (RFC 9110 8.8.3).</summary>
/// <param name="Opaque">What stands between the quotes.</param>
/// <param name="IsWeak">It names states that are alike, not states whose bytes are the same.</param>
public readonly record struct EntityTag(string Opaque, bool IsWeak = false)
{
    /// <summary>The longest one that is read: a field line's worth; the tags of servers have some twenty characters.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Reads one tag; false for anything else.</summary>
    /// <remarks><c>entity-tag = [ "W/" ] DQUOTE *( %x21 / %x23-7E / obs-text ) DQUOTE</c>; W is case-sensitive.</remarks>
    public static bool TryRead([NotNullWhen(true)] string? text, out EntityTag tag)
    {
        tag = default;
        if (text is null) { return false; }
        var rest = text.AsSpan().Trim(" \t");
        if (!TryTake(ref rest, out tag)) { return false; }
        if (rest.Length == 0) { return true; }
        tag = default;
        return false;
    }

    /// <summary>Whether the value of an If-Match or If-None-Match field names this tag; a list that cannot be read names none.</summary>
    /// <param name="list"><c>"*" / #entity-tag</c></param>
    /// <param name="isStrong">Whether weak tags are never the same (RFC 9110 8.8.3.2): If-Match compares so, If-None-Match does not.</param>
    public bool IsIn(ReadOnlySpan<char> list, bool isStrong)
    {
        list = list.Trim(" \t");
        if (list is "*") { return true; }
        // Each turn takes at least a character.
        while (list.Length > 0)
        {
            if (list[0] == ',')
            {
                list = list[1..].TrimStart(" \t");
                continue;
            }
            if (!TryTake(ref list, out var tag)) { return false; }
            if (tag.Opaque == Opaque && (!isStrong || !(tag.IsWeak || IsWeak))) { return true; }
            list = list.TrimStart(" \t");
            if (list.Length > 0 && list[0] != ',') { return false; }
        }
        return false;
    }

    /// <summary>As it stands in a field.</summary>
    public override string ToString() => $"{(IsWeak ? "W/" : "")}\"{Opaque}\"";

    private static bool TryTake(ref ReadOnlySpan<char> text, out EntityTag tag)
    {
        tag = default;
        var isWeak = text.StartsWith("W/");
        var quoted = isWeak ? text[2..] : text;
        if (quoted.Length < 2 || quoted[0] != '"') { return false; }
        var end = quoted[1..].IndexOf('"');
        if (end is < 0 or > MaximumLength) { return false; }
        var opaque = quoted.Slice(1, end);
        foreach (var letter in opaque)
        {
            if (letter is < '!' or '\x7F') { return false; }
        }
        tag = new EntityTag(opaque.ToString(), isWeak);
        text = quoted[(end + 2)..];
        return true;
    }
}
