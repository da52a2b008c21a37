using Firstbyte.Cli.Curl;
using Firstbyte.Http;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>-T: a URL that names no file gets the name of the one that is stored, as curl gives it.</summary>
internal static class StoredName
{
    /// <summary>The URL with the file's own name behind a path that ends in '/'; as it is where the path names a file, or there is a query.</summary>
    /// <param name="url">As it was typed.</param>
    /// <param name="file">As it was typed.</param>
    public static string In(string url, string file)
    {
        // What is no URL is told when it is asked for. An article goes to a group, and a message to people.
        if (!UrlInput.TryRead(url, out var read, out _, out _) || read!.Scheme is not ("http" or "https" or "ftp" or "ftps" or "file")
            || !read.Pathname.EndsWith('/') || read.Search.Length > 0)
        {
            return url;
        }
        var end = url.AsSpan().IndexOfAny('?', '#') is >= 0 and var mark ? mark : url.Length;
        var name = CurlText.Escape(OctetText.Octets(Path.GetFileName(file)));
        var folder = url[..end].TrimEnd();
        return $"{folder}{(folder is [.., '/' or '\\'] ? "" : "/")}{name}{url[end..]}";
    }
}
