using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Drawing;

/// <summary>Passwords, tokens and members that hold secrets become asterisks, one for each character, so that places stay what they are.</summary>
internal static class UrlSecrets
{
    public static UrlExplanation Mask(UrlExplanation explanation, Url? against = null)
    {
        explanation = MaskPassword(explanation);
        var masked = SecretText.MaskInPlace(explanation.Input);
        return masked == explanation.Input ? explanation : Url.Explain(masked, against);
    }

    private static UrlExplanation MaskPassword(UrlExplanation explanation)
    {
        var input = explanation.Input;
        // The last "@" before the path ends the credentials; what stands between the first colon and it is secret, parsed or not.
        // "user:secret@host" has no scheme for a fetch, though the standard reads one: whoever typed it meant a password.
        if (UrlInput.IsHostless(input)) { return explanation; }
        var typedWithoutScheme = UrlInput.LacksScheme(input);
        var scheme = typedWithoutScheme ? 0 : SchemeLength(input);
        var start = scheme;
        while (start < input.Length && (input[start] is '/' or '\\' or <= ' ')) { start++; }
        var end = input.AsSpan(start).IndexOfAny("/\\?#");
        var authority = end < 0 ? input.AsSpan(start) : input.AsSpan(start, end);
        var sign = authority.LastIndexOf('@');
        var colon = sign < 0 ? -1 : authority[..sign].IndexOf(':');
        var masked = colon < 0 ? input : string.Concat(input.AsSpan(0, start + colon + 1), new string('*', sign - colon - 1), input.AsSpan(start + sign));
        if (typedWithoutScheme) { return masked == input ? explanation : Url.Explain(masked); }
        var url = explanation.Url;
        if (url is not null && url.Password.Length > 0) { url = url.WithPassword(new string('*', url.Password.Length)); }
        return explanation with
        {
            Input = masked,
            Url = url,
            Error = explanation.Error is { } error ? error with { Input = masked } : null,
            Parts = [.. explanation.Parts.Select(part => part.Part == UrlPart.Password ? part with { Value = new string('*', part.Value.Length) } : part)],
        };
    }

    // With its colon; 0 when the text begins with something else.
    private static int SchemeLength(string input)
    {
        var end = input.AsSpan().IndexOfAny(":/\\?#");
        return end >= 0 && input[end] == ':' ? end + 1 : 0;
    }
}
