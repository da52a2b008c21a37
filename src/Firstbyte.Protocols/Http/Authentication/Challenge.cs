namespace Firstbyte.Http.Authentication;

/// <summary>One challenge of a WWW-Authenticate field, or the credentials of an Authorization field, which are written alike (RFC 9110 11.3, 11.4).</summary>
/// <param name="Scheme">The scheme as it was written; case does not matter.</param>
/// <param name="Token">The token68 that stands for parameters; null where there is none.</param>
/// <param name="Parameters">The parameters in order, quotes taken off.</param>
public sealed record Challenge(string Scheme, string? Token, IReadOnlyList<HttpField> Parameters)
{
    /// <summary>Whether it is of a scheme.</summary>
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Its server reads names and passwords as UTF-8 (charset, RFC 7617 section 2.1, RFC 7616 section 3.3: no other is allowed there).</summary>
    public bool IsUtf8 => "UTF-8".Equals(Find("charset"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a parameter, in any case; null where there is none.</summary>
    public string? Find(string name)
    {
        foreach (var parameter in Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return parameter.Value; }
        }
        return null;
    }
}
