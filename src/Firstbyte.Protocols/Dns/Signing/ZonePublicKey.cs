using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>How a key signs (IANA registry "DNS Security Algorithm Numbers"); the three that RFC 8624 wants or allows for signing, of those in use.</summary>
public readonly record struct SigningAlgorithm(byte Value)
{
    public static SigningAlgorithm RsaSha256 => new(8);
    public static SigningAlgorithm EcdsaP256Sha256 => new(13);
    public static SigningAlgorithm Ed25519 => new(15);

    /// <summary>True for what validators verify here (RFC 8624 section 3.1, and 5, 7 and 10, which are still met): RSA, ECDSA, EdDSA.</summary>
    public bool IsVerifiable => Value is 5 or 7 or 8 or 10 or 13 or 14 or 15 or 16;

    /// <summary>True for the three that sign and are verified here.</summary>
    public bool IsKnown => this == RsaSha256 || this == EcdsaP256Sha256 || this == Ed25519;

    /// <summary>Reads a mnemonic of the registry.</summary>
    public static bool TryParse(string text, out SigningAlgorithm algorithm)
    {
        algorithm = text?.ToUpperInvariant() switch { "RSASHA256" => RsaSha256, "ECDSAP256SHA256" => EcdsaP256Sha256, "ED25519" => Ed25519, _ => default };
        return algorithm != default;
    }

    /// <summary>The registry's mnemonic, or the number.</summary>
    public override string ToString() => Value switch
    {
        1 => "RSAMD5",
        3 => "DSA",
        5 => "RSASHA1",
        6 => "DSA-NSEC3-SHA1",
        7 => "RSASHA1-NSEC3-SHA1",
        8 => "RSASHA256",
        10 => "RSASHA512",
        12 => "ECC-GOST",
        13 => "ECDSAP256SHA256",
        14 => "ECDSAP384SHA384",
        15 => "ED25519",
        16 => "ED448",
        _ => $"{Value}",
    };
}

/// <summary>The public half of a zone's key: a DNSKEY record (RFC 4034 section 2).</summary>
public sealed class ZonePublicKey
{
    /// <summary>The key of a zone (flags 256), and the bit of the one that the parent's DS points to.</summary>
    public const ushort ZoneFlag = 256, EntryPointFlag = 1;

    /// <summary>The key of a zone that must not be trusted any more (RFC 5011 section 2.1).</summary>
    public const ushort RevokedFlag = 128;

    /// <summary>Flags, protocol and algorithm come before the key.</summary>
    private const int FixedLength = 4;

    /// <summary>The key that a record's data holds.</summary>
    /// <exception cref="ArgumentException">The data is not that of a DNSKEY record.</exception>
    public ZonePublicKey(DnsName owner, RecordData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Type != RecordType.DNSKEY || data.Wire.Length < FixedLength)
        {
            throw new ArgumentException("a key is the data of a DNSKEY record", nameof(data));
        }
        (Owner, Data) = (owner, data);
        KeyTag = TagOf(data.Wire);
    }

    /// <summary>The key of these bytes.</summary>
    public ZonePublicKey(DnsName owner, ushort flags, SigningAlgorithm algorithm, ReadOnlySpan<byte> key)
        : this(owner, ToData(flags, algorithm, key)) { }

    /// <summary>The zone.</summary>
    public DnsName Owner { get; }

    /// <summary>The data of the DNSKEY record.</summary>
    public RecordData Data { get; }

    /// <summary>The number by which signatures and DS records find the key quickly (RFC 4034 appendix B); others may have the same.</summary>
    public ushort KeyTag { get; }

    /// <summary>The algorithm.</summary>
    public SigningAlgorithm Algorithm => new(Data.Wire[3]);

    /// <summary>True for the key that the parent's DS points to.</summary>
    public bool IsEntryPoint => (BinaryPrimitives.ReadUInt16BigEndian(Data.Wire) & EntryPointFlag) != 0;

    /// <summary>True for a key of a zone of the only protocol there is (RFC 4034 sections 2.1.1 and 2.1.2); others sign no records.</summary>
    public bool IsOfZone => (BinaryPrimitives.ReadUInt16BigEndian(Data.Wire) & ZoneFlag) != 0 && Data.Wire[2] == 3;

    /// <summary>True for a key that its keeper has taken back (RFC 5011 section 2.1).</summary>
    public bool IsRevoked => (BinaryPrimitives.ReadUInt16BigEndian(Data.Wire) & RevokedFlag) != 0;

    /// <summary>The key itself, as its algorithm writes it.</summary>
    public ReadOnlySpan<byte> Key => Data.Wire[FixedLength..];

    /// <summary>The DS record's data for the parent zone (RFC 4034 section 5.1); digest type 2 is SHA-256 (RFC 4509).</summary>
    public RecordData ToDelegationSigner()
    {
        var digest = SHA256.HashData([.. Owner.ToLower().Wire, .. Data.Wire]);
        return RecordWire.ToData(RecordType.DS, [(byte)(KeyTag >> 8), (byte)KeyTag, Algorithm.Value, 2, .. digest]);
    }

    /// <summary>RFC 4034 appendix B: the sum of the data's 16-bit words, with the carry added once.</summary>
    internal static ushort TagOf(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (var i = 0; i < data.Length; i++) { sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i]; }
        return (ushort)(sum + (sum >> 16 & 0xFFFF));
    }

    private static RecordData ToData(ushort flags, SigningAlgorithm algorithm, ReadOnlySpan<byte> key) =>
        RecordWire.ToData(RecordType.DNSKEY, [(byte)(flags >> 8), (byte)flags, 3, algorithm.Value, .. key]);
}

/// <summary>A key that can sign for its zone.</summary>
public interface IZoneKey
{
    /// <summary>The half that everyone may know.</summary>
    ZonePublicKey Public { get; }

    /// <summary>Signs data; the same data has the same signature each time.</summary>
    byte[] Sign(ReadOnlySpan<byte> data);
}
