using System.Numerics;
using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Addresses and subnets that explain themselves.</summary>
public interface IAddressSentences
{
    string MergeLabel { get; }

    string SplitLabel { get; }

    string ContainsLabel { get; }

    string AddressLabel { get; }

    string NetworkLabel { get; }

    string MaskLabel { get; }

    string HostLabel { get; }

    string BroadcastLabel { get; }

    string RangeLabel { get; }

    string CountLabel { get; }

    string KindLabel { get; }

    string ReverseLabel { get; }

    Phrase Merged(int prefixes, int result);

    Phrase Split(BigInteger count, int length);

    Phrase SplitRow(IpPrefix prefix);

    Phrase More(BigInteger count);

    Phrase Contains(InterfaceAddress probe, int bits, bool isInside);

    /// <summary>The address is of the other version of IP.</summary>
    Phrase OtherVersion(InterfaceAddress probe);

    /// <summary>Of a link between two (RFC 3021, RFC 6164): no host number is taken.</summary>
    Phrase NetworkOfTwo(IpPrefix prefix);

    Phrase Network(IpPrefix prefix);

    /// <summary>The network number that leaves no bit for a host number.</summary>
    Phrase NetworkOfOne(IpPrefix prefix);

    /// <summary>No mask was given, so that nobody knows which subnet the address is in.</summary>
    Phrase NoMask(IpAddress address);

    Phrase HostNumber(UInt128 number);

    Phrase Broadcast(IpAddress broadcast);

    Phrase NoBroadcastV6 { get; }

    Phrase NoBroadcast(int length);

    Phrase Count(BigInteger addresses, BigInteger hosts);

    /// <summary>The legend below the drawing of the bits.</summary>
    Phrase Bits(int network, int host);

    /// <summary>The block of the special-purpose registry that an address lies in; null for an ordinary one.</summary>
    Phrase Kind(SpecialPurposeBlock? block);

    Phrase EveryAddress(IpVersion version);

    /// <summary>A subnet that is wider than the block in which its first address lies.</summary>
    Phrase SeveralKinds { get; }
}
