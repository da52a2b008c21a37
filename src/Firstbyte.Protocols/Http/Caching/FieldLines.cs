namespace Firstbyte.Http.Caching;

/// <summary>Lines of one name, which together are one list (RFC 9110 5.3).</summary>
internal static class FieldLines
{
    /// <summary>The values of all lines of that name, with commas between them; null where there is none.</summary>
    public static string? Joined(IReadOnlyList<HttpField> fields, string name)
    {
        string? joined = null;
        foreach (var field in fields)
        {
            if (!field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { continue; }
            joined = joined is null ? field.Value : $"{joined}, {field.Value}";
        }
        return joined;
    }

    /// <summary>The value of the first line of that name; null where there is none.</summary>
    public static string? First(IReadOnlyList<HttpField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return field.Value; }
        }
        return null;
    }

    /// <summary>The members of a list of tokens, in small letters, each once; null where there are more than <paramref name="maximum"/>.</summary>
    public static string[]? Members(string? list, int maximum)
    {
        if (list is null) { return []; }
        var members = new List<string>();
        foreach (var range in list.AsSpan().Split(','))
        {
            var member = list.AsSpan()[range].Trim(" \t").ToString().ToLowerInvariant();
            if (member.Length == 0 || members.Contains(member)) { continue; }
            if (members.Count == maximum) { return null; }
            members.Add(member);
        }
        return [.. members];
    }
}
