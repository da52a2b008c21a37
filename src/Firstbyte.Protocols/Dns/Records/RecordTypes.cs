using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>The record types: one row each (IANA registry "Resource Record (RR) TYPEs").</summary>
/// <remarks>
/// Numbers come first because they order the table. A type without a row is bytes, "TYPE123" and "\# length hex" (RFC 3597). Compressed
/// names are those of RFC 1035 only; names in lower case
/// are those of RFC 4034 section 6.2 without NSEC (RFC 6840 section 5.1); whoever adds a type since RFC 3597 takes <see cref="Whole"/>.
/// </remarks>
internal static class RecordTypes
{
    /// <summary>Rows of numbers below this are found by their number; the few above (TA, DLV) in a dictionary.</summary>
    private const int Direct = 512;

    private static readonly RecordTypeRow[] s_rows =
    [
        new(1, "A", "RFC 1035 section 3.4.1", IPv4("address")),
        new(2, "NS", "RFC 1035 section 3.3.11", Compressed("server")),
        new(3, "MD", "RFC 1035 section 3.3.4", Compressed("agent")),
        new(4, "MF", "RFC 1035 section 3.3.5", Compressed("agent")),
        new(5, "CNAME", "RFC 1035 section 3.3.1", Compressed("target")) { Standing = Standing.BesideAlias },
        new(6, "SOA", "RFC 1035 section 3.3.13", Compressed("primary", ZoneTerm.PrimaryServer), Compressed("mailbox", ZoneTerm.Mailbox),
            U32("serial", ZoneTerm.Serial),
            Time("refresh", ZoneTerm.RefreshTime), Time("retry", ZoneTerm.RetryTime), Time("expire", ZoneTerm.ExpireTime),
                Time("minimum", ZoneTerm.MinimumTime)) { Standing = Standing.Apex },
        new(7, "MB", "RFC 1035 section 3.3.3", Compressed("host")),
        new(8, "MG", "RFC 1035 section 3.3.6", Compressed("mailbox")),
        new(9, "MR", "RFC 1035 section 3.3.8", Compressed("mailbox")),
        new(10, "NULL", "RFC 1035 section 3.3.10", Opaque()),
        new(11, "WKS", "RFC 1035 section 3.4.2", IPv4("address"),
            new("protocol", new RegistryField(1, ZoneTerm.Protocol, isWritten: false, (6, "TCP"), (17, "UDP"))),
            new("ports", new PortBitmapField())),
        new(12, "PTR", "RFC 1035 section 3.3.12", Compressed("target")),
        new(13, "HINFO", "RFC 1035 section 3.3.2", String("cpu"), String("os")),
        new(14, "MINFO", "RFC 1035 section 3.3.7", Compressed("responsible"), Compressed("errors")),
        new(15, "MX", "RFC 1035 section 3.3.9", U16("preference", ZoneTerm.Preference), Compressed("exchange", ZoneTerm.MailExchange)),
        new(16, "TXT", "RFC 1035 section 3.3.14", Strings("strings")),
        new(17, "RP", "RFC 1183 section 2.2", Decompressed("mailbox"), Decompressed("text")),
        new(18, "AFSDB", "RFC 1183 section 1", U16("subtype"), Decompressed("host")),
        new(19, "X25", "RFC 1183 section 3.1", String("address")),
        new(20, "ISDN", "RFC 1183 section 3.2", new RecordField("addresses", new CharacterStringsField(1, 2))),
        new(21, "RT", "RFC 1183 section 3.3", U16("preference", ZoneTerm.Preference), Decompressed("host")),
        new(22, "NSAP", "RFC 1706 section 5", new RecordField("address", new NsapField())),
        new(23, "NSAP-PTR", "RFC 1348", Decompressed("target", isFolded: false)),
        new(24, "SIG", "RFC 2535 section 4.1", Signature()) { Standing = Standing.BesideAlias },
        new(25, "KEY", "RFC 2535 section 3.1", U16("flags"), U8("protocol"), Algorithm(), Base64("key", least: 0)) { Standing = Standing.BesideAlias },
        new(26, "PX", "RFC 2163 section 4", U16("preference", ZoneTerm.Preference), Decompressed("map822"), Decompressed("mapx400")),
        new(27, "GPOS", "RFC 1712 section 3", String("longitude"), String("latitude"), String("altitude")),
        new(28, "AAAA", "RFC 3596 section 2.2", new RecordField("address", new AddressField(IpVersion.V6))),
        new(29, "LOC", "RFC 1876 section 2", new RecordField("location", new LocationField())),
        new(30, "NXT", "RFC 2535 section 5.2", Decompressed("next"), Opaque()) { Standing = Standing.BesideAlias },
        new(33, "SRV", "RFC 2782", U16("priority", ZoneTerm.Priority), U16("weight", ZoneTerm.Weight), U16("port", ZoneTerm.Port),
            Decompressed("target", term: ZoneTerm.Target)),
        new(35, "NAPTR", "RFC 3403 section 4.1", U16("order"), U16("preference", ZoneTerm.Preference), String("flags"), String("services"),
            String("regexp"), Decompressed("replacement")),
        new(36, "KX", "RFC 2230 section 3.1", U16("preference", ZoneTerm.Preference), Decompressed("exchanger")),
        new(37, "CERT", "RFC 4398 section 2", new RecordField("type", RegistryField.CertificateType), U16("keyTag"), Algorithm(), Base64("certificate")),
        new(39, "DNAME", "RFC 6672 section 2.1", Decompressed("target")),
        new(40, "SINK", "draft-eastlake-kitchen-sink", Opaque()),
        new(41, "OPT", "RFC 6891 section 6.1", Opaque()) { Standing = Standing.Message },
        new(42, "APL", "RFC 3123 section 4", new RecordField("prefixes", new AddressPrefixesField())),
        new(43, "DS", "RFC 4034 section 5.1", U16("keyTag"), Algorithm(), U8("digestType"), Hex("digest")) { Standing = Standing.Cut },
        new(44, "SSHFP", "RFC 4255 section 3.1", U8("algorithm"), U8("type"), Hex("fingerprint")),
        new(45, "IPSECKEY", "RFC 4025 section 2.1", U8("precedence"), U8("gatewayType"), U8("algorithm"),
            new("gateway", new GatewayField(typeAt: 1, mask: 0xFF)), Base64("key", least: 0)),
        new(46, "RRSIG", "RFC 4034 section 3.1", Signature()) { Standing = Standing.BesideAlias },
        new(47, "NSEC", "RFC 4034 section 4.1", Decompressed("next", isFolded: false), Types("types")) { Standing = Standing.BesideAlias },
        new(48, "DNSKEY", "RFC 4034 section 2.1", U16("flags"), U8("protocol"), Algorithm(), Base64("key")) { Standing = Standing.Apex },
        new(49, "DHCID", "RFC 4701 section 3.1", Base64("digest", least: 3)),
        new(50, "NSEC3", "RFC 5155 section 3.2", U8("hashAlgorithm"), U8("flags"), U16("iterations"), Salt(),
            new("next", new CountedBytesField(Digits.Base32Hex, 1)), Types("types")),
        new(51, "NSEC3PARAM", "RFC 5155 section 4.2", U8("hashAlgorithm"), U8("flags"), U16("iterations"), Salt()) { Standing = Standing.Apex },
        new(52, "TLSA", "RFC 6698 section 2.1", U8("usage"), U8("selector"), U8("matchingType"), Hex("data")),
        new(53, "SMIMEA", "RFC 8162 section 2", U8("usage"), U8("selector"), U8("matchingType"), Hex("data")),
        new(55, "HIP", "RFC 8005 section 5", new("identity", new HostIdentityField()), new("servers", new NamesField())),
        new(56, "NINFO", "draft-reid-dnsext-zs", Strings("strings")),
        new(57, "RKEY", "draft-reid-dnsext-rkey", U16("flags"), U8("protocol"), Algorithm(), Base64("key")),
        new(58, "TALINK", "draft-wijngaards-dnsop-trust-history", Whole("previous"), Whole("next")),
        new(59, "CDS", "RFC 7344 section 3.1", U16("keyTag"), Algorithm(), U8("digestType"), Hex("digest")) { Standing = Standing.Apex },
        new(60, "CDNSKEY", "RFC 7344 section 3.2", U16("flags"), U8("protocol"), Algorithm(), Base64("key")) { Standing = Standing.Apex },
        new(61, "OPENPGPKEY", "RFC 7929 section 2.1", Base64("key")),
        new(62, "CSYNC", "RFC 7477 section 2.1", U32("serial", ZoneTerm.Serial), U16("flags"), Types("types")) { Standing = Standing.Apex },
        // RFC 8976 section 2.2.4: no digest is shorter than 12 bytes.
        new(63, "ZONEMD", "RFC 8976 section 2.2", U32("serial", ZoneTerm.Serial), U8("scheme"), U8("hashAlgorithm"),
            Hex("digest", least: 12)) { Standing = Standing.Apex },
        new(64, "SVCB", "RFC 9460 section 2.2", U16("priority", ZoneTerm.Priority), Whole("target", ZoneTerm.Target),
            new("parameters", new ServiceParametersField())),
        new(65, "HTTPS", "RFC 9460 section 9", U16("priority", ZoneTerm.Priority), Whole("target", ZoneTerm.Target),
            new("parameters", new ServiceParametersField())),
        new(66, "DSYNC", "RFC 9859 section 2.1", new("type", new TypeField()), new("scheme", RegistryField.NotificationScheme),
            U16("port", ZoneTerm.Port), Whole("target", ZoneTerm.Target)),
        new(99, "SPF", "RFC 7208 section 3.1", Strings("strings")),
        new(104, "NID", "RFC 6742 section 2.1", U16("preference", ZoneTerm.Preference), new("nodeId", new LocatorField())),
        new(105, "L32", "RFC 6742 section 2.2", U16("preference", ZoneTerm.Preference), IPv4("locator")),
        new(106, "L64", "RFC 6742 section 2.3", U16("preference", ZoneTerm.Preference), new("locator", new LocatorField())),
        new(107, "LP", "RFC 6742 section 2.4", U16("preference", ZoneTerm.Preference), Whole("target")),
        new(108, "EUI48", "RFC 7043 section 3.1", new RecordField("address", new EuiField(6))),
        new(109, "EUI64", "RFC 7043 section 4.1", new RecordField("address", new EuiField(8))),
        new(249, "TKEY", "RFC 2930 section 2", Whole("algorithm"), U32("inception"), U32("expiration"), U16("mode"), ErrorCode(),
            Sized("key"), Sized("other")) { Standing = Standing.Message },
        new(250, "TSIG", "RFC 8945 section 4.2", Whole("algorithm"), new("timeSigned", new NumberField(6)), U16("fudge"), Sized("mac"),
            U16("originalId"), ErrorCode(), Sized("other")) { Standing = Standing.Message },
        new(251, "IXFR", "RFC 1995", Opaque()) { Standing = Standing.Question },
        new(252, "AXFR", "RFC 5936", Opaque()) { Standing = Standing.Question },
        new(253, "MAILB", "RFC 1035 section 3.2.3", Opaque()) { Standing = Standing.Question },
        new(254, "MAILA", "RFC 1035 section 3.2.3", Opaque()) { Standing = Standing.Question },
        new(255, "ANY", "RFC 1035 section 3.2.3", Opaque()) { Standing = Standing.Question },
        new(256, "URI", "RFC 7553 section 4.5", U16("priority", ZoneTerm.Priority), U16("weight", ZoneTerm.Weight), new("target", new LongStringField(1))),
        new(257, "CAA", "RFC 8659 section 4.1", U8("flags"), new("tag", new TagField()), new("value", new LongStringField(0))),
        new(258, "AVC", "the registry's template AVC", Strings("strings")),
        new(260, "AMTRELAY", "RFC 8777 section 4.1", U8("precedence"), new("type", new FlaggedNumberField()),
            new("relay", new GatewayField(typeAt: 1, mask: 0x7F))),
        new(261, "RESINFO", "RFC 9606 section 5", Strings("strings")),
        new(262, "WALLET", "the registry's template WALLET", Strings("strings")),
        new(32768, "TA", "the registry's template TA", U16("keyTag"), Algorithm(), U8("digestType"), Hex("digest")),
        new(32769, "DLV", "RFC 4431 section 2", U16("keyTag"), Algorithm(), U8("digestType"), Hex("digest")),
    ];

    private static readonly Dictionary<ushort, RecordTypeRow> s_byNumber = s_rows.ToDictionary(static row => row.Type.Value);
    private static readonly Dictionary<string, RecordTypeRow> s_byName = s_rows.ToDictionary(static row => row.Mnemonic, StringComparer.OrdinalIgnoreCase);

    /// <summary>By number, and at the end what holds for all numbers above: no names, and whatever else a row says.</summary>
    private static readonly RdataLayout[] s_layouts =
    [
        .. Enumerable.Range(0, Direct).Select(static number => s_byNumber.TryGetValue((ushort)number, out var row) ? row.Layout : RdataLayout.Opaque),
        RdataLayout.Opaque with { IsExact = false },
    ];

    /// <summary>Every row, by number.</summary>
    public static IReadOnlyList<RecordTypeRow> All => s_rows;

    /// <summary>The row of a type, or null.</summary>
    public static RecordTypeRow? Find(RecordType type) => s_byNumber.GetValueOrDefault(type.Value);

    /// <summary>The row of a name, without regard to case, or null.</summary>
    public static RecordTypeRow? Find(ReadOnlySpan<char> name) => s_byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var row) ? row : null;

    /// <summary>Where the names of a type lie.</summary>
    public static ref readonly RdataLayout LayoutOf(RecordType type)
    {
        var layouts = s_layouts;
        return ref layouts[Math.Min(type.Value, layouts.Length - 1)];
    }

    private static RecordField U8(string name, ZoneTerm? term = null) => new(name, new NumberField(1), term);

    private static RecordField U16(string name, ZoneTerm? term = null) => new(name, new NumberField(2), term);

    private static RecordField U32(string name, ZoneTerm? term = null) => new(name, new NumberField(4), term);

    private static RecordField Time(string name, ZoneTerm? term = null) => new(name, new TimeField(), term);

    private static RecordField IPv4(string name) => new(name, new AddressField(IpVersion.V4));

    private static RecordField Compressed(string name, ZoneTerm? term = null) => new(name, new NameField(NameUse.Compressed, isFolded: true), term);

    private static RecordField Decompressed(string name, bool isFolded = true, ZoneTerm? term = null) =>
        new(name, new NameField(NameUse.Decompressed, isFolded), term);

    private static RecordField Whole(string name, ZoneTerm? term = null) => new(name, new NameField(NameUse.Whole, isFolded: false), term);

    private static RecordField String(string name) => new(name, new CharacterStringField());

    private static RecordField Strings(string name) => new(name, new CharacterStringsField(1, int.MaxValue));

    private static RecordField Hex(string name, int least = 1) => new(name, new BytesField(Digits.Hexadecimal, least));

    private static RecordField Base64(string name, int least = 1) => new(name, new BytesField(Digits.Base64, least));

    private static RecordField Salt() => new("salt", new CountedBytesField(Digits.Hexadecimal, 0));

    private static RecordField Sized(string name) => new(name, new SizedBytesField());

    private static RecordField Types(string name) => new(name, new TypeBitmapField());

    private static RecordField Algorithm() => new("algorithm", RegistryField.Algorithm);

    private static RecordField ErrorCode() => new("error", RegistryField.ResponseCode);

    private static RecordField Opaque() => new("data", new OpaqueField());

    private static RecordField[] Signature() =>
    [
        new("typeCovered", new TypeField()), Algorithm(), U8("labels"), U32("originalTtl"), new("expiration", new SignatureTimeField()),
            new("inception", new SignatureTimeField()),
        U16("keyTag"), Decompressed("signer"), Base64("signature"),
    ];
}
