using System.Buffers;
using System.Text;

namespace Firstbyte.Http;

/// <summary>The character classes of RFC 9110 5.6 over bytes.</summary>
internal static class HttpGrammar
{
    // tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<byte> s_token = SearchValues.Create(Encoding.ASCII.GetBytes(TokenCharacters));
    private static readonly SearchValues<char> s_tokenText = SearchValues.Create(TokenCharacters);

    // Every control character but HTAB: none may stand in a line (RFC 9110 5.5: field-vchar, SP, HTAB and obs-text only).
    private static readonly SearchValues<byte> s_controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private static readonly SearchValues<byte> s_neverInHost = SearchValues.Create(" \t,/@\\?#"u8);

    /// <summary>Whether nothing in the value rules it out as uri-host [ ":" port ].</summary>
    public static bool MayBeHost(ReadOnlySpan<byte> value) => !value.ContainsAny(s_neverInHost);

    public static bool IsToken(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && !bytes.ContainsAnyExcept(s_token);

    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(s_tokenText);

    /// <summary>The place of the first control character other than HTAB, or -1.</summary>
    public static int IndexOfControl(ReadOnlySpan<byte> line) => line.IndexOfAny(s_controls);

    /// <summary>What is wrong with a line in which a control character stands.</summary>
    public static MessageFault FaultOfControl(byte control, MessageFault other) => control == '\r' ? MessageFault.BareCarriageReturn : other;

    public static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\t';

    /// <summary>Without the OWS = *( SP / HTAB ) around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    public static bool Is(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Cuts the next member of a comma-separated list (RFC 9110 5.6.1) off, trimmed; empty members are passed over. False at the end.</summary>
    public static bool NextMember(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> member)
    {
        while (list.Length > 0)
        {
            var comma = list.IndexOf((byte)',');
            member = Trim(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
            if (member.Length > 0) { return true; }
        }
        member = default;
        return false;
    }

    public static bool HasMember(ReadOnlySpan<byte> list, ReadOnlySpan<byte> wanted)
    {
        while (NextMember(ref list, out var member))
        {
            if (Is(member, wanted)) { return true; }
        }
        return false;
    }
}
