using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Firstbyte.Addressing;

/// <summary>An address together with the mask of its subnet, as an interface has it: 10.11.12.13/24.</summary>
public readonly record struct InterfaceAddress
{
    /// <summary>An address in the subnet whose network number has <paramref name="length"/> bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not within the address.</exception>
    public InterfaceAddress(IpAddress address, int length)
    {
        Prefix = new IpPrefix(address, length);
        Address = address;
    }

    /// <summary>The address itself.</summary>
    public IpAddress Address { get; }

    /// <summary>The subnet it is in.</summary>
    public IpPrefix Prefix { get; }

    /// <summary>The host number: what the mask leaves of the address.</summary>
    public UInt128 HostNumber => Address.Bits ^ Prefix.Network.Bits;

    /// <summary>Reads both spellings of the mask: 10.11.12.13/24 and 10.11.12.13/255.255.255.0. Without a mask it is the whole address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceAddress address, out InterfaceAddressFlaw flaw)
    {
        address = default;
        flaw = InterfaceAddressFlaw.Address;
        if (text is null) { return false; }
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var ip)) { return false; }
        flaw = InterfaceAddressFlaw.None;
        if (slash < 0)
        {
            address = new InterfaceAddress(ip, ip.BitLength);
            return true;
        }
        var mask = text.AsSpan(slash + 1);
        if (int.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            flaw = length > ip.BitLength ? InterfaceAddressFlaw.LengthTooLong : InterfaceAddressFlaw.None;
        }
        else if (IpAddress.TryParse(mask, out var maskAddress) && maskAddress.Version == ip.Version)
        {
            flaw = IpPrefix.TryLengthOfMask(maskAddress, out length) ? InterfaceAddressFlaw.None : InterfaceAddressFlaw.MaskWithHoles;
        }
        else { flaw = InterfaceAddressFlaw.Mask; }
        if (flaw != InterfaceAddressFlaw.None) { return false; }
        address = new InterfaceAddress(ip, length);
        return true;
    }

    /// <summary>Reads an address with its mask or throws.</summary>
    /// <exception cref="FormatException">The message says which part is wrong and what was expected.</exception>
    public static InterfaceAddress Parse(string text) => TryParse(text, out var address, out var flaw) ? address : throw new FormatException(flaw switch
    {
        InterfaceAddressFlaw.LengthTooLong => $"'{text}': the length after '/' is larger than the address (32 for IPv4, 128 for IPv6).",
        InterfaceAddressFlaw.MaskWithHoles => $"'{text}': the mask has ones after zeros; a mask is ones, then zeros (255.255.255.0).",
        InterfaceAddressFlaw.Mask => $"'{text}': after '/' comes a length such as 24 or a mask such as 255.255.255.0.",
        _ => $"'{text}': before '/' comes an address such as 192.0.2.1 or 2001:db8::1.",
    });

    /// <inheritdoc/>
    public override string ToString() => Address.Version == IpVersion.None ? "" : $"{Address}/{Prefix.Length.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>What is wrong with the text of an address and mask.</summary>
public enum InterfaceAddressFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The part before '/' is no address.</summary>
    Address,

    /// <summary>The part after '/' is neither a number nor a mask of the same version.</summary>
    Mask,

    /// <summary>The length is larger than the address.</summary>
    LengthTooLong,

    /// <summary>The mask has ones after zeros.</summary>
    MaskWithHoles,
}
