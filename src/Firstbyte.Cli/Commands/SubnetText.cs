using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;

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
    public static List<SubnetText> Read(IReadOnlyList<string> words)
    {
        var read = new List<SubnetText>();
        foreach (var word in words)
        {
            if (read.Count > 0 && !read[^1].HasMask && IsMask(word, out var length)) { read[^1] = new SubnetText(new InterfaceAddress(read[^1].Address, length), true); }
            else if (InterfaceAddress.TryParse(word, out var value, out var flaw)) { read.Add(new SubnetText(value, word.Contains('/', StringComparison.Ordinal))); }
            else { throw new UsageException(Complaint(word, flaw)); }
        }
        return read;

        bool IsMask(string word, out int length)
        {
            length = 0;
            return read[^1].Address.IsV4 && IpAddress.TryParse(word, out var mask) && mask.IsV4 && mask.Bits != 0 && IpPrefix.TryLengthOfMask(mask, out length);
        }
    }

    private static string Complaint(string word, InterfaceAddressFlaw flaw) => $"'{word}': " + flaw switch
    {
        InterfaceAddressFlaw.LengthTooLong => "the length after '/' is larger than the address (32 for IPv4, 128 for IPv6)",
        InterfaceAddressFlaw.MaskWithHoles => "the mask has ones after zeros; a mask is ones, then zeros (255.255.255.0)",
        InterfaceAddressFlaw.Mask => "after '/' comes a length such as 24 or a mask such as 255.255.255.0",
        _ => AddressComplaint(word.Split('/')[0]),
    };

    private static string AddressComplaint(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 1 && Array.TrueForAll(parts, static part => part.Length > 0 && part.All(char.IsAsciiDigit)))
        {
            foreach (var part in parts)
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > byte.MaxValue) { return $"{part} > 255, and each of the four numbers is a byte"; }
            }
            if (parts.Length != 4) { return $"an IPv4 address has four numbers, and this has {parts.Length}"; }
            if (Array.Find(parts, static part => part.Length > 1 && part[0] == '0') is { } octal) { return $"{octal} begins with a zero, which some programs read as octal"; }
        }
        return "an address such as 192.0.2.1 or 2001:db8::1 is expected";
    }
}
