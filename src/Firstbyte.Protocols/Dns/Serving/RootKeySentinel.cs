using System.Buffers.Text;

namespace Firstbyte.Dns.Serving;

/// <summary>What a name with a root key sentinel as its first label asks: whether the resolver trusts a key of the root (RFC 8509).</summary>
/// <remarks>
/// Whoever wants to know whether a new root key has arrived in the resolvers of the world has signed names with such labels asked for: an answer
/// says one thing, SERVFAIL the other. The label is <c>root-key-sentinel-is-ta-NNNNN</c> or <c>root-key-sentinel-not-ta-NNNNN</c>, the number that of
/// the key, with five digits.
/// </remarks>
/// <param name="WantsTrusted">Whether the answer is to be given when the key is trusted (is-ta), and not when it is not (not-ta).</param>
/// <param name="KeyTag">The key's number.</param>
public readonly record struct RootKeySentinel(bool WantsTrusted, ushort KeyTag)
{
    private const int Digits = 5;

    /// <summary>Reads the first label of a name in wire form, in any case; false where it is no sentinel.</summary>
    public static bool TryRead(ReadOnlySpan<byte> name, out RootKeySentinel sentinel)
    {
        sentinel = default;
        // Nearly all labels have another length: the hot path of a resolver ends here.
        if (name[0] != IsTrusted.Length + Digits && name[0] != IsNotTrusted.Length + Digits) { return false; }
        var wantsTrusted = name[0] == IsTrusted.Length + Digits;
        var label = name[1..(1 + name[0])];
        var start = wantsTrusted ? IsTrusted : IsNotTrusted;
        if (!System.Text.Ascii.EqualsIgnoreCase(label[..start.Length], start)) { return false; }
        // Utf8Parser takes a sign; a number above 65,535 is no key's.
        if (!char.IsAsciiDigit((char)label[start.Length]) || !Utf8Parser.TryParse(label[start.Length..], out ushort tag, out var taken) || taken != Digits)
        {
            return false;
        }
        sentinel = new RootKeySentinel(wantsTrusted, tag);
        return true;
    }

    private static ReadOnlySpan<byte> IsTrusted => "root-key-sentinel-is-ta-"u8;

    private static ReadOnlySpan<byte> IsNotTrusted => "root-key-sentinel-not-ta-"u8;
}
