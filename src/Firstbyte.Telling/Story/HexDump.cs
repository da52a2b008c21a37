using System.Globalization;
using System.Text;

namespace Firstbyte.Telling.Story;

/// <summary>Bytes as hexadecimal and text, 16 a line, as -v shows them.</summary>
public static class HexDump
{
    private const int BytesPerLine = 16;

    /// <summary>At most this many bytes of one call are shown: a large body would bury the story.</summary>
    private const int MaximumBytes = 4096;

    /// <summary>How many bytes at the end are not shown.</summary>
    public static int Hidden(byte[] data) => Math.Max(0, data.Length - MaximumBytes);

    /// <summary>The lines of the dump.</summary>
    public static IEnumerable<string> Lines(byte[] data)
    {
        var shown = data.Length - Hidden(data);
        for (var offset = 0; offset < shown; offset += BytesPerLine)
        {
            var line = new StringBuilder(80);
            line.Append(offset.ToString("x4", CultureInfo.InvariantCulture)).Append("  ");
            var count = Math.Min(BytesPerLine, shown - offset);
            for (var i = 0; i < BytesPerLine; i++)
            {
                if (i < count) { line.Append(data[offset + i].ToString("x2", CultureInfo.InvariantCulture)).Append(' '); }
                else { line.Append("   "); }
                if (i == 7) { line.Append(' '); }
            }
            line.Append(' ');
            for (var i = 0; i < count; i++)
            {
                var b = data[offset + i];
                line.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
            }
            yield return line.ToString();
        }
    }
}
