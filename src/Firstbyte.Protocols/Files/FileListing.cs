using System.Globalization;
using System.Text;
using Firstbyte.Tracing;

namespace Firstbyte.Files;

/// <summary>What stands behind a name of a file system.</summary>
public enum FileKind : byte
{
    /// <summary>Bytes from beginning to end.</summary>
    Regular,

    /// <summary>Names.</summary>
    Directory,

    /// <summary>A pipe with a name: whoever opens it waits for somebody at its other end.</summary>
    Pipe,

    /// <summary>A device, of which reading may do anything.</summary>
    Device,

    /// <summary>A socket with a name.</summary>
    Socket,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">What stands behind it.</param>
/// <param name="Length">Bytes of a regular file; null for anything else.</param>
/// <param name="Modified">When it was last changed; null where nobody knows.</param>
public sealed record FileEntry(string Name, FileKind Kind, long? Length, Instant? Modified);

/// <summary>A directory as text: one line for each name, with the time and the bytes before it.</summary>
public static class FileListing
{
    // Enough for a terabyte; what is longer moves its name.
    private const int LengthColumn = 13;

    /// <summary>The media type of the text.</summary>
    public const string Type = "text/plain; charset=utf-8";

    /// <summary>The line of a name: <c>2026-01-01 00:00:00           150 file1.htm</c>; a directory's name ends in '/'.</summary>
    public static string Line(FileEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var time = entry.Modified is { } modified
            ? modified.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "-".PadRight("yyyy-MM-dd HH:mm:ss".Length);
        var length = entry.Length is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "-";
        return $"{time} {length.PadLeft(LengthColumn)} {OneLine(entry.Name)}{Mark(entry.Kind)}\n";
    }

    // As ls -F marks them.
    private static string Mark(FileKind kind) => kind switch
    {
        FileKind.Directory => "/",
        FileKind.Pipe => "|",
        FileKind.Socket => "=",
        _ => "",
    };

    // A name may hold a line end, and then looks like two: what is a control character is percent-encoded, as a URL would have it.
    private static string OneLine(string name)
    {
        if (!name.Any(char.IsControl)) { return name; }
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (!char.IsControl(character)) { text.Append(character); }
            else
            {
                foreach (var part in Encoding.UTF8.GetBytes([character])) { text.Append(CultureInfo.InvariantCulture, $"%{part:X2}"); }
            }
        }
        return text.ToString();
    }
}
