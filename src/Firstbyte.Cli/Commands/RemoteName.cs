using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>-O: the name of a file that a URL ends with.</summary>
internal static class RemoteName
{
    /// <summary>What stands behind the last '/' of the path, as it stands there; null where that is nothing that can be a file.</summary>
    /// <remarks>Percent-encoding is left as it is: decoded, a "%2F" would name another folder. The parser has taken "." and ".." out.</remarks>
    public static string? Of(string url)
    {
        // A host without a scheme, as a fetch takes it.
        if (!(Url.TryParse(url, null, out var read, out _) && !read.HasOpaquePath) && !Url.TryParse("http://" + url, null, out read, out _)) { return null; }
        var path = read.Pathname;
        return path[(path.LastIndexOf('/') + 1)..] is { Length: > 0 } name ? name : null;
    }
}
