using System.Globalization;

namespace Firstbyte.Dns.Records;

/// <summary>The type of a record (IANA registry "Resource Record (RR) TYPEs"): any number is valid, the known ones have names.</summary>
public readonly record struct RecordType(ushort Value) : IComparable<RecordType>
{
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
    public static RecordType NSEC3PARAM => new(51);
    public static RecordType CDS => new(59);
    public static RecordType CDNSKEY => new(60);
    public static RecordType ZONEMD => new(63);
    public static RecordType SVCB => new(64);
    public static RecordType HTTPS => new(65);
    public static RecordType TSIG => new(250);
    public static RecordType IXFR => new(251);
    public static RecordType AXFR => new(252);

    /// <summary>Only in questions: every type (QTYPE "*", answered as RFC 8482 says).</summary>
    public static RecordType Any => new(255);

    /// <summary>
    /// True for numbers that can only be asked or only live in one message (OPT, and RFC 6895 section 3.1's 128 to 255): no zone and no
    /// cache holds them.
    /// </summary>
    public bool IsMeta => Value == 41 || Value is >= 128 and <= 255;

    /// <summary>Reads a type's name or "TYPE123" (RFC 3597 section 5).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        type = default;
        if (RecordTypes.Find(text) is { } row)
        {
            type = row.Type;
            return true;
        }
        if (!text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
            || !ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) { return false; }
        type = new RecordType(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(RecordType other) => Value.CompareTo(other.Value);

    /// <summary>The type's name, or "TYPE123" (RFC 3597 section 5).</summary>
    public override string ToString() => RecordTypes.Find(this)?.Mnemonic ?? $"TYPE{Value}";

    public static bool operator <(RecordType left, RecordType right) => left.Value < right.Value;
    public static bool operator >(RecordType left, RecordType right) => left.Value > right.Value;
    public static bool operator <=(RecordType left, RecordType right) => left.Value <= right.Value;
    public static bool operator >=(RecordType left, RecordType right) => left.Value >= right.Value;
}
