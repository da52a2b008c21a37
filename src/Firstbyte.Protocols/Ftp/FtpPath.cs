using Firstbyte.Urls;

namespace Firstbyte.Ftp;

/// <summary>How data is sent (RFC 959 3.1.1).</summary>
public enum FtpType : byte
{
    /// <summary>TYPE I: the bytes as they are.</summary>
    Image,

    /// <summary>TYPE A: text, whose lines end in CRLF on the wire.</summary>
    Ascii,
}

/// <summary>Why a URL's path names nothing on an FTP server: nothing was sent.</summary>
public enum FtpPathFault : byte
{
    /// <summary>It does.</summary>
    None,

    /// <summary>
    /// A part decodes to CR, LF or NUL, which would end the command and begin another (RFC 1738 3.2.2 lets it be encoded, RFC 959 4.1 has
    /// no place for it).
    /// </summary>
    ControlCharacter,

    /// <summary>More directories than <see cref="FtpLimits.PathSegments"/>.</summary>
    TooManySegments,

    /// <summary>A part is longer than <see cref="FtpLimits.Command"/>.</summary>
    TooLong,

    /// <summary>Something is to be stored, and the path names no file.</summary>
    NoFile,
}

/// <summary>Where a URL leads on its server (RFC 1738 3.2.2): the directories to go into one after the other, and the file there.</summary>
/// <param name="Directories">Each the argument of a CWD; "/" first when the path is absolute.</param>
/// <param name="File">The file; empty when the directory itself is wanted.</param>
/// <param name="Type">How it is sent.</param>
/// <param name="ListsNames">;type=d: the names of the directory, or of the file's directory, alone.</param>
/// <remarks>
/// <c>ftp://h/a/b/c;type=a</c> is CWD a, CWD b, TYPE A, RETR c: from where the login puts one. An empty first part,
/// <c>ftp://h//etc/motd</c> or <c>/%2Fetc/motd</c>,
/// begins at the root. Other empty parts ("CWD" without argument) are left out, as every client does.
/// </remarks>
public sealed record FtpPath(string[] Directories, string File, FtpType Type, bool ListsNames)
{
    /// <summary>The URL names a directory.</summary>
    public bool IsDirectory => File.Length == 0;

    /// <summary>Reads the path of a URL, still percent-encoded.</summary>
    public static FtpPathFault TryRead(string path, out FtpPath? result)
    {
        ArgumentNullException.ThrowIfNull(path);
        result = null;
        var (type, names) = (FtpType.Image, false);
        var suffix = path.Length >= 7 ? path[^7..] : "";
        if (suffix.StartsWith(";type=", StringComparison.OrdinalIgnoreCase) && char.ToLowerInvariant(suffix[6]) is 'a' or 'i' or 'd')
        {
            (type, names) = char.ToLowerInvariant(
                suffix[6]) switch
            { 'a' => (FtpType.Ascii, false), 'd' => (FtpType.Image, true), _ => (FtpType.Image, false) };
            path = path[..^7];
        }
        var parts = (path.StartsWith('/') ? path[1..] : path).Split('/');
        if (parts.Length > FtpLimits.PathSegments) { return FtpPathFault.TooManySegments; }
        var directories = new List<string>();
        for (var i = 0; i < parts.Length; i++)
        {
            var bytes = PercentDecoding.Decode(parts[i]);
            if (bytes.AsSpan().IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0) { return FtpPathFault.ControlCharacter; }
            // "MLSD " and the like before it, and CRLF behind it.
            if (bytes.Length > FtpLimits.Command - 8) { return FtpPathFault.TooLong; }
            parts[i] = FtpText.Decode(bytes);
            if (i == parts.Length - 1) { break; }
            if (parts[i].Length > 0) { directories.Add(parts[i]); }
            else if (i == 0) { directories.Add("/"); }
        }
        result = new FtpPath([.. directories], parts[^1], type, names);
        return FtpPathFault.None;
    }
}
