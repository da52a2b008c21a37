using CsCheck;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests.Dns.Records;

/// <summary>Random RDATA of any row: a generator for each kind of field, so that a new type needs none.</summary>
internal static class RecordGenerators
{
    private static readonly Gen<byte[]> Name = DnsGenerators.Name.Select(name => name.Wire.ToArray());
    private static readonly Gen<byte[]> Short = Gen.Byte.Array[1, 40];

    /// <summary>Valid RDATA of a row.</summary>
    public static Gen<byte[]> Rdata(RecordTypeRow row) => row.Mnemonic switch
    {
        // What a gateway is stands in a byte before it.
        "IPSECKEY" => Gen.Select(Gen.Byte, Gateway, Gen.Byte, Gen.Byte.Array[0, 20], (precedence, gateway, algorithm, key) => (byte[])[precedence, gateway.Kind, algorithm, .. gateway.Bytes, .. key]),
        "AMTRELAY" => Gen.Select(Gen.Byte, Gateway, Gen.Bool, (precedence, gateway, flag) => (byte[])[precedence, (byte)(gateway.Kind | (flag ? 0x80 : 0)), .. gateway.Bytes]),
        _ => row.Fields.Select(field => Bytes(field.Kind)).Aggregate(Gen.Const(Array.Empty<byte>()), (left, right) => Gen.Select(left, right, (a, b) => (byte[])[.. a, .. b])),
    };

    private static readonly Gen<(byte Kind, byte[] Bytes)> Gateway = Gen.OneOf(
        Gen.Const(((byte)0, Array.Empty<byte>())), Gen.Byte.Array[4].Select(bytes => ((byte)1, bytes)), Gen.Byte.Array[16].Select(bytes => ((byte)2, bytes)), Name.Select(bytes => ((byte)3, bytes)));

    private static Gen<byte[]> Bytes(FieldKind kind) => kind switch
    {
        LocationField => Location,
        { Size: { } size } => Gen.Byte.Array[size],
        NameField => Name,
        NamesField => Name.Array[0, 3].Select(names => names.SelectMany(name => name).ToArray()),
        CharacterStringField => String,
        CharacterStringsField => String.Array[1, 2].Select(strings => strings.SelectMany(value => value).ToArray()),
        LongStringField => Gen.Byte.Array[1, 300],
        TagField => Gen.Char["abcXYZ019"].Array[1, 15].Select(tag => (byte[])[(byte)tag.Length, .. tag.Select(c => (byte)c)]),
        BytesField or NsapField => Gen.Byte.Array[12, 60],
        CountedBytesField => Short.Select(Counted),
        SizedBytesField => Gen.Byte.Array[0, 40].Select(bytes => (byte[])[0, (byte)bytes.Length, .. bytes]),
        TypeBitmapField => Gen.UShort.Array[0, 20].Select(Bitmap),
        PortBitmapField => Gen.Byte.Array[0, 30].Select(bytes => (byte[])[.. bytes, 1]),
        AddressPrefixesField => Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 32], Gen.Byte.Array[0, 3]).Array[0, 4].Select(items => items.SelectMany(AddressPrefix).ToArray()),
        HostIdentityField => Gen.Select(Gen.Byte, Short, Short, (algorithm, tag, key) => (byte[])[(byte)tag.Length, algorithm, 0, (byte)key.Length, .. tag, .. key]),
        ServiceParametersField => Parameters,
        OpaqueField => Gen.Byte.Array[0, 30],
        _ => throw new NotSupportedException($"no generator for {kind.GetType().Name}: a new kind of field needs one"),
    };

    private static readonly Gen<byte[]> String = Gen.Byte.Array[0, 255].Select(Counted);

    private static readonly Gen<byte[]> Location = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[-324_000_000, 324_000_000], Gen.Int[-648_000_000, 648_000_000], Gen.UInt,
        (digit, power, latitude, longitude, altitude) => (byte[])
        [
            0, (byte)(digit << 4 | power), 0x16, (byte)(power << 4 | digit), .. Word((uint)(latitude + (1L << 31))), .. Word((uint)(longitude + (1L << 31))), .. Word(altitude),
        ]);

    private static readonly Gen<byte[]> Parameters = Gen.Select(Gen.Bool, Short.Array[1, 3], Gen.Bool, Gen.UShort, Gen.Byte.Array[4, 4], Gen.Byte.Array[16, 16], Gen.Byte.Array[0, 300],
        (hasProtocols, protocols, isMandatory, port, four, sixteen, unknown) =>
        {
            var bytes = new List<byte>();
            void Add(ushort key, params byte[] value) => bytes.AddRange([(byte)(key >> 8), (byte)key, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
            if (isMandatory) { Add(0, 0, 3, 0, 4); }
            if (hasProtocols) { Add(1, [.. protocols.SelectMany(Counted)]); Add(2); }
            Add(3, (byte)(port >> 8), (byte)port);
            Add(4, four);
            if (unknown.Length > 0) { Add(5, unknown); }
            Add(6, sixteen);
            if (unknown.Length > 0) { Add(7, unknown); }
            Add(667, unknown);
            return bytes.ToArray();
        });

    private static byte[] Counted(byte[] bytes) => [(byte)bytes.Length, .. bytes];

    private static byte[] Word(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Bitmap(ushort[] types) =>
    [
        .. types.Distinct().GroupBy(type => type >> 8).OrderBy(window => window.Key).SelectMany(window =>
        {
            var bits = new byte[window.Max(type => (type & 0xFF) >> 3) + 1];
            foreach (var type in window) { bits[(type & 0xFF) >> 3] |= (byte)(0x80 >> (type & 7)); }
            return (byte[])[(byte)window.Key, (byte)bits.Length, .. bits];
        }),
    ];

    private static byte[] AddressPrefix((bool IsV6, bool IsNegated, int Prefix, byte[] Address) item) =>
        [0, (byte)(item.IsV6 ? 2 : 1), (byte)item.Prefix, (byte)(item.Address.Length + 1 | (item.IsNegated ? 0x80 : 0)), .. item.Address, 9];
}
