using System.Diagnostics.CodeAnalysis;

namespace Firstbyte.Urls;

/// <summary>To and from the base library's <see cref="Uri"/>, which follows RFC 3986 and reads some inputs otherwise.</summary>
public sealed partial class Url
{
    /// <summary>The same URL for the base library; false for a URL that <see cref="Uri"/> refuses.</summary>
    public bool TryToUri([NotNullWhen(true)] out Uri? uri) => Uri.TryCreate(Href, UriKind.Absolute, out uri);

    /// <summary>The same URL for the base library.</summary>
    /// <exception cref="UriFormatException"><see cref="Uri"/> refuses it.</exception>
    public Uri ToUri() => new(Href, UriKind.Absolute);

    /// <summary>The URL of the text that the <see cref="Uri"/> was made from; false when it is relative or the standard refuses it.</summary>
    public static bool TryFromUri([NotNullWhen(true)] Uri? uri, [NotNullWhen(true)] out Url? url)
    {
        url = null;
        return uri is not null && TryParse(uri.OriginalString, out url);
    }

    /// <summary>The URL of the text that the <see cref="Uri"/> was made from.</summary>
    /// <exception cref="UrlFormatException">It is relative, or the standard refuses it.</exception>
    public static Url FromUri(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return Parse(uri.OriginalString);
    }
}
