using System.Text;

namespace Firstbyte.Http;

/// <summary>What the conditions of a request come to.</summary>
public enum PreconditionOutcome
{
    /// <summary>The request is done as if it had none.</summary>
    Met,

    /// <summary>The client has the representation already: 304.</summary>
    NotModified,

    /// <summary>The client took the state for another one: 412, and nothing is done.</summary>
    Failed,
}

/// <summary>Judges the conditions of a request by entity tags (RFC 9110 13.2.2).</summary>
/// <remarks>
/// Where a resource has no date of its last change, conditions by date are passed over (13.1.3, 13.1.4); If-Match and If-None-Match come first in any case.
/// </remarks>
public static class Preconditions
{
    // A list of tags that takes more lines than these is no list that anybody needs.
    private const int MaximumLines = 16;

    /// <summary>What they come to.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="current">The tag of what is there now; null where nothing is.</param>
    public static PreconditionOutcome Judge(string method, FieldTable fields, EntityTag? current)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (ListOf(fields, "If-Match"u8) is { } match && !Names(match, current, isStrong: true)) { return PreconditionOutcome.Failed; }
        if (ListOf(fields, "If-None-Match"u8) is { } noneMatch && Names(noneMatch, current, isStrong: false))
        {
            return method is "GET" or "HEAD" ? PreconditionOutcome.NotModified : PreconditionOutcome.Failed;
        }
        return PreconditionOutcome.Met;
    }

    /// <summary>Whether a Range field is heeded, as far as If-Range says (RFC 9110 13.1.5): weak tags and dates never say so here.</summary>
    public static bool HeedsRange(FieldTable fields, EntityTag current)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return fields.Find("If-Range"u8) is not { } condition
            || (EntityTag.TryRead(condition, out var tag) && tag is { IsWeak: false } && tag == current);
    }

    private static bool Names(string list, EntityTag? current, bool isStrong) => current is { } tag && tag.IsIn(list, isStrong);

    // Lines of one name are one list (RFC 9110 5.2).
    private static string? ListOf(FieldTable fields, ReadOnlySpan<byte> name)
    {
        string? list = null;
        var lines = 0;
        for (var at = fields.IndexOf(name); at >= 0 && lines < MaximumLines; at = fields.IndexOf(name, at + 1), lines++)
        {
            var value = Encoding.Latin1.GetString(fields.ValueAt(at));
            list = list is null ? value : $"{list}, {value}";
        }
        return list;
    }
}
