namespace Firstbyte.Files;

/// <summary>The media type of a file by the end of its name (IANA's registrations): a file system keeps none.</summary>
public static class FileTypes
{
    /// <summary>The type of what nobody knows (RFC 2046 4.5.1).</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The type.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var dot = name.LastIndexOf('.');
        // A name that begins with its only dot has no ending.
        return dot <= name.LastIndexOf('/') + 1 ? Unknown : name[(dot + 1)..].ToLowerInvariant() switch
        {
            "htm" or "html" => "text/html",
            "txt" or "text" or "log" => "text/plain",
            "css" => "text/css",
            "csv" => "text/csv",
            "md" => "text/markdown",
            "js" or "mjs" => "text/javascript",
            "json" => "application/json",
            "xml" => "application/xml",
            "xhtml" => "application/xhtml+xml",
            "pdf" => "application/pdf",
            "zip" => "application/zip",
            "gz" => "application/gzip",
            "zst" => "application/zstd",
            "wasm" => "application/wasm",
            "gif" => "image/gif",
            "jpg" or "jpeg" => "image/jpeg",
            "png" => "image/png",
            "webp" => "image/webp",
            "svg" => "image/svg+xml",
            "mp3" => "audio/mpeg",
            "ogg" => "audio/ogg",
            "mp4" => "video/mp4",
            "webm" => "video/webm",
            "eml" => "message/rfc822",
            _ => Unknown,
        };
    }
}
