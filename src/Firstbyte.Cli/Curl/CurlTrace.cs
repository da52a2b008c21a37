using System.Globalization;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <summary>What <c>-v</c>, <c>--trace</c> and <c>--trace-ascii</c> show.</summary>
internal sealed class CurlTrace(Action<byte[]> write, bool isVerboseOnly, bool isAscii, Func<string>? time)
{
    private bool _isInLine;

    public void Info(string text)
    {
        var line = text.TrimEnd('\n');
        Write(isVerboseOnly ? $"{Prefix}* {line}\n" : $"{Prefix}== Info: {line}\n");
    }

    public void HeaderOut(ReadOnlySpan<byte> head) => Head(head, '>', "=> Send header");

    public void HeaderIn(ReadOnlySpan<byte> line) => Head(line, '<', "<= Recv header");

    public void DataOut(ReadOnlySpan<byte> data) => Data(data, "=> Send data", '}');

    public void DataIn(ReadOnlySpan<byte> data) => Data(data, "<= Recv data", '{');

    private string Prefix => time?.Invoke() ?? "";

    private void Head(ReadOnlySpan<byte> head, char sign, string name)
    {
        if (!isVerboseOnly)
        {
            Dump(name, head);
            return;
        }
        var text = OctetText.Of(head);
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0) { Write($"{Prefix}{sign} {line}\n"); }
        }
    }

    private void Data(ReadOnlySpan<byte> data, string name, char sign)
    {
        if (!isVerboseOnly) { Dump(name, data); }
        else if (!_isInLine) { Write(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sign} [{data.Length} bytes data]\n")); }
    }

    private void Dump(string name, ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(Prefix).Append(CultureInfo.InvariantCulture, $"{name}, {data.Length} bytes (0x{data.Length:x})\n");
        var width = isAscii ? 0x40 : 0x10;
        for (var i = 0; i < data.Length; i += width)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i:x4}: ");
            if (!isAscii)
            {
                for (var c = 0; c < width; c++) { text.Append(i + c < data.Length ? data[i + c].ToString("x2", CultureInfo.InvariantCulture) + " " : "   "); }
            }
            for (var c = 0; c < width && i + c < data.Length; c++)
            {
                // A line of text is shown as a line.
                if (isAscii && i + c + 1 < data.Length && data[i + c] == '\r' && data[i + c + 1] == '\n')
                {
                    i += c + 2 - width;
                    break;
                }
                text.Append(data[i + c] is >= 0x20 and < 0x80 ? (char)data[i + c] : '.');
                if (isAscii && i + c + 2 < data.Length && data[i + c + 1] == '\r' && data[i + c + 2] == '\n')
                {
                    i += c + 3 - width;
                    break;
                }
            }
            text.Append('\n');
        }
        Write(text.ToString());
    }

    private void Write(string text)
    {
        _isInLine = false;
        write(OctetText.Octets(text));
    }
}
