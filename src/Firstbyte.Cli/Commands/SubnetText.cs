using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>An address or subnet as it was typed: of an address without a mask it is not known which subnet it is in.</summary>
/// <param name="Value">What was typed; without a mask the whole address is the network number.</param>
/// <param name="HasMask">Whether a mask was typed.</param>
internal readonly record struct SubnetText(InterfaceAddress Value, bool HasMask)
{
    public IpAddress Address => Value.Address;

    public IpPrefix Prefix => Value.Prefix;

    /// <summary>Reads every word; an address and the mask behind it make one subnet, as ifconfig and routers write it.</summary>
    /// <exception cref="UsageException">A word is neither.</exception>
    public static List<SubnetText> Read(IUsageSentences usage, IReadOnlyList<string> words)
    {
        var read = new List<SubnetText>();
        foreach (var word in words)
        {
            if (read.Count > 0 && !read[^1].HasMask && IsMask(word, out var length))
            {
                read[^1] = new SubnetText(new InterfaceAddress(read[^1].Address, length), true);
            }
            else if (read.Count > 0 && !read[^1].HasMask && MaskComplaint(word) is { } complaint)
            {
                throw new UsageException(usage.NoSubnet($"{read[^1].Address} {word}", complaint));
            }
            else if (InterfaceAddress.TryParse(word, out var value, out var flaw))
            {
                read.Add(new SubnetText(value, word.Contains('/', StringComparison.Ordinal)));
            }
            else { throw new UsageException(usage.NoSubnet(word, Complaint(usage, word, flaw))); }
        }
        return read;

        // Behind an address without a mask these were meant as one: no network begins like a mask, and none of 0.0.0.0/8 is anybody's address.
        Phrase? MaskComplaint(string word) =>
            !read[^1].Address.IsV4 || !IpAddress.TryParse(word, out var mask) || !mask.IsV4 || mask.Bits == 0 ? null
            : mask.Bits >> 24 == byte.MaxValue ? usage.MaskWithHoles
            : mask.Bits >> 24 == 0 && IpAddress.FromV4(~(uint)mask.Bits) is var inverse && IpPrefix.TryLengthOfMask(inverse, out _)
                ? usage.WildcardMask(inverse)
                : null;

        bool IsMask(string word, out int length)
        {
            length = 0;
            return read[^1].Address.IsV4 && IpAddress.TryParse(word, out var mask) && mask.IsV4 && mask.Bits != 0 && IpPrefix.TryLengthOfMask(mask, out length);
        }
    }

    private static Phrase Complaint(IUsageSentences usage, string word, InterfaceAddressFlaw flaw) => flaw switch
    {
        InterfaceAddressFlaw.LengthTooLong => usage.LengthTooLong,
        InterfaceAddressFlaw.MaskWithHoles => usage.MaskWithHoles,
        InterfaceAddressFlaw.Mask => usage.NoMask,
        _ => AddressComplaint(usage, word.Split('/')[0]),
    };

    private static Phrase AddressComplaint(IUsageSentences usage, string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 1 && Array.TrueForAll(parts, static part => part.Length > 0 && part.All(char.IsAsciiDigit)))
        {
            foreach (var part in parts)
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > byte.MaxValue)
                {
                    return usage.NumberBeyondByte(part);
                }
            }
            if (parts.Length != 4) { return usage.NotFourNumbers(parts.Length); }
            if (Array.Find(parts, static part => part.Length > 1 && part[0] == '0') is { } octal) { return usage.LeadingZero(octal); }
        }
        return usage.NoAddress;
    }
}
