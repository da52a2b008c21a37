using System.Text;

namespace Firstbyte.Ftp;

/// <summary>Text on the wire: UTF-8 where it is valid (RFC 2640 3.1), otherwise each byte the character of its number.</summary>
internal static class FtpText
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes; a lone surrogate has none that is right.</summary>
    public static byte[] Encode(string text) => s_strict.GetBytes(text);
}
