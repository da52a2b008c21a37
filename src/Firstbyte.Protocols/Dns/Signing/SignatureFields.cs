using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>The fields of an RRSIG record before its signature (RFC 4034 section 3.1).</summary>
internal sealed class SignatureFields
{
    private readonly RecordData _data;

    /// <summary>The fields of an RRSIG record's data, which has its type's shape.</summary>
    public SignatureFields(RecordData data)
    {
        _data = data;
        Signer = DnsName.FromValidWire(data.Wire[SignedData.FixedLength..SignedData.HeaderLength(data)]);
    }

    /// <summary>The record's data.</summary>
    public RecordData Data => _data;

    /// <summary>The type that is signed.</summary>
    public RecordType Covered => CoveredBy(_data);

    /// <summary>The key's algorithm.</summary>
    public SigningAlgorithm Algorithm => new(_data.Wire[2]);

    /// <summary>The labels of the name that was signed, without the root and without a leading asterisk.</summary>
    public int Labels => _data.Wire[3];

    /// <summary>The time to live that was signed, in seconds.</summary>
    public uint OriginalTtl => BinaryPrimitives.ReadUInt32BigEndian(_data.Wire[4..]);

    /// <summary>The last moment, in seconds since 1970, as a serial number.</summary>
    public uint Expiration => BinaryPrimitives.ReadUInt32BigEndian(_data.Wire[8..]);

    /// <summary>The first moment.</summary>
    public uint Inception => BinaryPrimitives.ReadUInt32BigEndian(_data.Wire[12..]);

    /// <summary>The key's number.</summary>
    public ushort KeyTag => BinaryPrimitives.ReadUInt16BigEndian(_data.Wire[16..]);

    /// <summary>The zone whose key it is.</summary>
    public DnsName Signer { get; }

    /// <summary>The type that an RRSIG record's data covers.</summary>
    public static RecordType CoveredBy(RecordData data) => new(BinaryPrimitives.ReadUInt16BigEndian(data.Wire));

    /// <summary>True when the owner was made from a wildcard of fewer labels (RFC 4035 section 5.3.4).</summary>
    public bool IsExpansionOf(DnsName owner) => Labels < owner.LabelCount && !(owner.IsWildcard && Labels == owner.LabelCount - 1);
}
