namespace Firstbyte.Mail;

/// <summary>A message's bytes on an SMTP connection (RFC 5321 4.5.2).</summary>
public static class MailContent
{
    /// <summary>
    /// The bytes between DATA and its reply: every line ended by CRLF alone, a dot before each line that begins with one, and the dot that ends all. A lone CR
    /// or LF becomes CRLF: servers that take one for a line's end would find an end of their own in the text.
    /// </summary>
    public static byte[] Stuffed(ReadOnlySpan<byte> message)
    {
        var output = new MemoryStream(message.Length + 64);
        var isLineStart = true;
        for (var i = 0; i < message.Length; i++)
        {
            var one = message[i];
            if (one is (byte)'\r' or (byte)'\n')
            {
                output.Write("\r\n"u8);
                if (one == '\r' && i + 1 < message.Length && message[i + 1] == '\n') { i++; }
                isLineStart = true;
                continue;
            }
            if (isLineStart && one == '.') { output.WriteByte((byte)'.'); }
            output.WriteByte(one);
            isLineStart = false;
        }
        if (!isLineStart) { output.Write("\r\n"u8); }
        output.Write(".\r\n"u8);
        return output.ToArray();
    }

    /// <summary>What a line was before a dot was put before it; null for the line that ends all.</summary>
    public static ReadOnlyMemory<byte>? Unstuffed(ReadOnlyMemory<byte> line) =>
        line.Length == 0 || line.Span[0] != '.' ? line : line.Length == 1 ? (ReadOnlyMemory<byte>?)null : line[1..];
}
