namespace Firstbyte.Urls.Patterns;

/// <summary>Texts of the eight components while a pattern or an input is read, each with its place in the constructor string where it has one.</summary>
internal sealed class ComponentValues
{
    /// <summary>How many components there are: as many as parts of a URL, in the same order.</summary>
    public const int Count = (int)UrlPart.Fragment + 1;

    private readonly string?[] _values = new string?[Count];
    private readonly int[] _starts = new int[Count];

    /// <summary>The base URL's text, or null.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The text of a component; null: not given.</summary>
    public string? this[UrlPart part]
    {
        get => _values[(int)part];
        set => _values[(int)part] = value;
    }

    /// <summary>Where a component's text begins in the text that it is reported in; less than 0 when text from a base URL stands before it.</summary>
    public int StartOf(UrlPart part) => _starts[(int)part];

    public void Set(UrlPart part, string value, int start)
    {
        _values[(int)part] = value;
        _starts[(int)part] = start;
    }

    public bool HasAny(params ReadOnlySpan<UrlPart> parts)
    {
        foreach (var part in parts)
        {
            if (_values[(int)part] is not null) { return true; }
        }
        return false;
    }

    public static ComponentValues Of(UrlPatternInit init)
    {
        var values = new ComponentValues { BaseUrl = init.BaseUrl };
        values[UrlPart.Scheme] = init.Protocol;
        values[UrlPart.Username] = init.Username;
        values[UrlPart.Password] = init.Password;
        values[UrlPart.Host] = init.Hostname;
        values[UrlPart.Port] = init.Port;
        values[UrlPart.Path] = init.Pathname;
        values[UrlPart.Query] = init.Search;
        values[UrlPart.Fragment] = init.Hash;
        return values;
    }
}
