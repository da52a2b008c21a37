using System.Globalization;

namespace Firstbyte.Dns.Records;

/// <summary>The type of a record (IANA registry "Resource Record (RR) TYPEs"): any number is valid, the known ones have names.</summary>
public readonly record struct RecordType(ushort Value) : IComparable<RecordType>
{
    private static readonly Dictionary<ushort, string> Names = new()
    {
        [1] = "A",
        [2] = "NS",
        [3] = "MD",
        [4] = "MF",
        [5] = "CNAME",
        [6] = "SOA",
        [7] = "MB",
        [8] = "MG",
        [9] = "MR",
        [10] = "NULL",
        [11] = "WKS",
        [12] = "PTR",
        [13] = "HINFO",
        [14] = "MINFO",
        [15] = "MX",
        [16] = "TXT",
        [17] = "RP",
        [18] = "AFSDB",
        [19] = "X25",
        [20] = "ISDN",
        [21] = "RT",
        [22] = "NSAP",
        [24] = "SIG",
        [25] = "KEY",
        [26] = "PX",
        [28] = "AAAA",
        [29] = "LOC",
        [30] = "NXT",
        [33] = "SRV",
        [35] = "NAPTR",
        [36] = "KX",
        [37] = "CERT",
        [39] = "DNAME",
        [41] = "OPT",
        [42] = "APL",
        [43] = "DS",
        [44] = "SSHFP",
        [45] = "IPSECKEY",
        [46] = "RRSIG",
        [47] = "NSEC",
        [48] = "DNSKEY",
        [49] = "DHCID",
        [50] = "NSEC3",
        [51] = "NSEC3PARAM",
        [52] = "TLSA",
        [53] = "SMIMEA",
        [55] = "HIP",
        [59] = "CDS",
        [60] = "CDNSKEY",
        [61] = "OPENPGPKEY",
        [62] = "CSYNC",
        [63] = "ZONEMD",
        [64] = "SVCB",
        [65] = "HTTPS",
        [99] = "SPF",
        [108] = "EUI48",
        [109] = "EUI64",
        [249] = "TKEY",
        [250] = "TSIG",
        [251] = "IXFR",
        [252] = "AXFR",
        [253] = "MAILB",
        [254] = "MAILA",
        [255] = "ANY",
        [256] = "URI",
        [257] = "CAA",
    };

    private static readonly Dictionary<string, ushort> Values =
        Names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    public static RecordType A => new(1);
    public static RecordType NS => new(2);
    public static RecordType CNAME => new(5);
    public static RecordType SOA => new(6);
    public static RecordType PTR => new(12);
    public static RecordType HINFO => new(13);
    public static RecordType MX => new(15);
    public static RecordType TXT => new(16);
    public static RecordType AAAA => new(28);
    public static RecordType SRV => new(33);
    public static RecordType DNAME => new(39);
    public static RecordType OPT => new(41);
    public static RecordType DS => new(43);
    public static RecordType RRSIG => new(46);
    public static RecordType NSEC => new(47);
    public static RecordType DNSKEY => new(48);
    public static RecordType NSEC3 => new(50);
    public static RecordType SVCB => new(64);
    public static RecordType HTTPS => new(65);
    public static RecordType IXFR => new(251);
    public static RecordType AXFR => new(252);

    /// <summary>Only in questions: every type (QTYPE "*", answered as RFC 8482 says).</summary>
    public static RecordType Any => new(255);

    /// <summary>True for numbers that can only be asked or only live in one message (OPT, and RFC 6895 section 3.1's 128 to 255): no zone and no cache holds them.</summary>
    public bool IsMeta => Value == 41 || Value is >= 128 and <= 255;

    /// <summary>Reads a type's name or "TYPE123" (RFC 3597 section 5).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        type = default;
        if (Values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var value))
        {
            type = new RecordType(value);
            return true;
        }
        if (!text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
            || !ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out value)) { return false; }
        type = new RecordType(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(RecordType other) => Value.CompareTo(other.Value);

    /// <summary>The type's name, or "TYPE123" (RFC 3597 section 5).</summary>
    public override string ToString() => Names.TryGetValue(Value, out var name) ? name : $"TYPE{Value}";

    public static bool operator <(RecordType left, RecordType right) => left.Value < right.Value;
    public static bool operator >(RecordType left, RecordType right) => left.Value > right.Value;
    public static bool operator <=(RecordType left, RecordType right) => left.Value <= right.Value;
    public static bool operator >=(RecordType left, RecordType right) => left.Value >= right.Value;
}
