using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Tests.Dns.Wire;

namespace Firstbyte.Tests.Dns;

/// <summary>Random names, data and records of every type that has a leaf.</summary>
internal static class DnsGenerators
{
    private static readonly string[] Labels = ["a", "b", "www", "Example", "example", "com", @"x\.y", @"\000"];
    private static readonly RecordType[] NameTypes = [RecordType.NS, RecordType.CNAME, RecordType.PTR, RecordType.DNAME];

    /// <summary>Few different labels, so that names share suffixes.</summary>
    public static readonly Gen<DnsName> Name = Gen.Int[0, Labels.Length - 1].Select(i => Labels[i]).Array[0, 6]
        .Select(labels => labels.Length == 0 ? DnsName.Root : DnsName.Parse(string.Join('.', labels)));

    public static readonly Gen<RecordData> Data = Gen.OneOf<RecordData>(
        Gen.UInt.Select(bits => (RecordData)new AddressData(IpAddress.FromV4(bits))),
        Gen.Select(Gen.ULong, Gen.ULong, (high, low) => (RecordData)new AddressData(IpAddress.FromV6((UInt128)high << 64 | low))),
        Gen.Select(Gen.Int[0, 3].Select(i => NameTypes[i]), Name, (type, name) => (RecordData)new NameData(type, name)),
        Gen.Select(Name, Name, Gen.UInt, Gen.UInt, (primary, mailbox, serial, minimum) => (RecordData)new SoaData(primary, mailbox, serial, 1, 2, 3, minimum)),
        Gen.Select(Gen.UShort, Name, (preference, name) => (RecordData)new MxData(preference, name)),
        Gen.Byte.Array[0, 255].Array[1, 3].Select(strings => (RecordData)new TxtData(strings)),
        Gen.Select(Gen.UShort, Gen.UShort, Gen.UShort, Name, (priority, weight, port, name) => (RecordData)new SrvData(priority, weight, port, name)),
        Gen.Select(Gen.UShort[65280, 65534], Gen.Byte.Array[0, 100], (type, bytes) => MessageTests.Opaque(new RecordType(type), bytes)));

    public static readonly Gen<DnsRecord> Record = Gen.Select(Name, Gen.UInt[0, Ttl.MaxSeconds], Data, (owner, ttl, data) => new DnsRecord(owner, new Ttl(ttl), data));
}
