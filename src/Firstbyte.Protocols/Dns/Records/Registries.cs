using System.Globalization;

namespace Firstbyte.Dns.Records;

/// <summary>The class of a record (RFC 1035 section 3.2.4): any number is valid; nearly everything is IN.</summary>
public readonly record struct RecordClass(ushort Value)
{
    /// <summary>The Internet.</summary>
    public static RecordClass IN => new(1);

    /// <summary>Chaosnet; today used for what a server says about itself.</summary>
    public static RecordClass CH => new(3);

    /// <summary>Hesiod.</summary>
    public static RecordClass HS => new(4);

    /// <summary>RFC 2136: no class.</summary>
    public static RecordClass None => new(254);

    /// <summary>Only in questions: every class.</summary>
    public static RecordClass Any => new(255);

    /// <summary>Reads a class's name or "CLASS123" (RFC 3597 section 5).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordClass recordClass)
    {
        recordClass = text switch
        {
            _ when text.Equals("IN", StringComparison.OrdinalIgnoreCase) => IN,
            _ when text.Equals("CH", StringComparison.OrdinalIgnoreCase) => CH,
            _ when text.Equals("HS", StringComparison.OrdinalIgnoreCase) => HS,
            _ when text.Equals("NONE", StringComparison.OrdinalIgnoreCase) => None,
            _ when text.Equals("ANY", StringComparison.OrdinalIgnoreCase) => Any,
            _ => default,
        };
        if (recordClass.Value != 0) { return true; }
        if (!text.StartsWith("CLASS", StringComparison.OrdinalIgnoreCase)
            || !ushort.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) { return false; }
        recordClass = new RecordClass(value);
        return true;
    }

    /// <summary>The class's name, or "CLASS123" (RFC 3597 section 5).</summary>
    public override string ToString() => Value switch { 1 => "IN", 3 => "CH", 4 => "HS", 254 => "NONE", 255 => "ANY", _ => $"CLASS{Value}" };
}

/// <summary>What came of a query (IANA registry "DNS RCODEs"): 4 bits in the header, 12 with EDNS (RFC 6891 section 6.1.3).</summary>
public readonly record struct ResponseCode(ushort Value)
{
    public static ResponseCode NoError => new(0);

    /// <summary>FORMERR: the server could not read the query.</summary>
    public static ResponseCode FormatError => new(1);

    /// <summary>SERVFAIL: the server failed.</summary>
    public static ResponseCode ServerFailure => new(2);

    /// <summary>NXDOMAIN: the name does not exist.</summary>
    public static ResponseCode NameError => new(3);

    /// <summary>NOTIMP: the server does not do this kind of query.</summary>
    public static ResponseCode NotImplemented => new(4);

    /// <summary>REFUSED: the server does not want to.</summary>
    public static ResponseCode Refused => new(5);

    /// <summary>YXDOMAIN: a name exists that should not (RFC 2136), or a DNAME made a name too long (RFC 6672).</summary>
    public static ResponseCode NameExists => new(6);

    /// <summary>YXRRSET: a set exists that should not (RFC 2136 section 2.2).</summary>
    public static ResponseCode SetExists => new(7);

    /// <summary>NXRRSET: a set should exist that does not (RFC 2136 section 2.2).</summary>
    public static ResponseCode SetMissing => new(8);

    /// <summary>NOTAUTH: the server is not responsible for the zone, or does not believe a signature (RFC 8945 section 5.2).</summary>
    public static ResponseCode NotAuthoritative => new(9);

    /// <summary>NOTZONE: a name does not lie in the zone (RFC 2136 section 2.2).</summary>
    public static ResponseCode NotInZone => new(10);

    /// <summary>BADVERS: an EDNS version that the server does not know (RFC 6891 section 9).</summary>
    public static ResponseCode BadVersion => new(16);

    /// <summary>BADSIG: the same number in a signature's own field (RFC 8945 section 3).</summary>
    public static ResponseCode BadSignature => new(16);

    /// <summary>BADKEY (RFC 8945 section 3).</summary>
    public static ResponseCode BadKey => new(17);

    /// <summary>BADTIME (RFC 8945 section 3).</summary>
    public static ResponseCode BadTime => new(18);

    /// <summary>BADTRUNC (RFC 8945 section 3).</summary>
    public static ResponseCode BadTruncation => new(22);

    /// <summary>BADCOOKIE (RFC 7873 section 8).</summary>
    public static ResponseCode BadCookie => new(23);

    /// <summary>The code's name in the registry, or "RCODE123".</summary>
    public override string ToString() => Value switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        11 => "DSOTYPENI",
        16 => "BADVERS",
        17 => "BADKEY",
        18 => "BADTIME",
        19 => "BADMODE",
        20 => "BADNAME",
        21 => "BADALG",
        22 => "BADTRUNC",
        23 => "BADCOOKIE",
        _ => $"RCODE{Value}",
    };
}

/// <summary>What a message is for (IANA registry "DNS OpCodes"): 4 bits.</summary>
public readonly record struct OpCode(byte Value)
{
    public static OpCode Query => new(0);
    public static OpCode Status => new(2);
    public static OpCode Notify => new(4);
    public static OpCode Update => new(5);

    /// <summary>The code's name in the registry, or "OPCODE7".</summary>
    public override string ToString() =>
        Value switch { 0 => "QUERY", 1 => "IQUERY", 2 => "STATUS", 4 => "NOTIFY", 5 => "UPDATE", 6 => "DSO", _ => $"OPCODE{Value}" };
}

/// <summary>How long a record may be kept: whole seconds, 0 to 2^31-1 (RFC 2181 section 8).</summary>
public readonly record struct Ttl(uint Seconds) : IComparable<Ttl>
{
    /// <summary>RFC 2181 section 8.</summary>
    public const uint MaxSeconds = int.MaxValue;

    /// <summary>Do not keep it.</summary>
    public static Ttl Zero => default;

    /// <summary>Takes the 32 bits of a message: a value with its top bit set counts as zero (RFC 2181 section 8).</summary>
    public static Ttl FromWire(uint bits) => new(bits > MaxSeconds ? 0 : bits);

    /// <summary>The same length of time.</summary>
    public TimeSpan ToTimeSpan() => TimeSpan.FromSeconds((long)Seconds);

    /// <inheritdoc/>
    public int CompareTo(Ttl other) => Seconds.CompareTo(other.Seconds);

    /// <summary>The shorter of two.</summary>
    public static Ttl Min(Ttl left, Ttl right) => left.Seconds <= right.Seconds ? left : right;

    /// <summary>The number of seconds.</summary>
    public override string ToString() => Seconds.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Ttl left, Ttl right) => left.Seconds < right.Seconds;
    public static bool operator >(Ttl left, Ttl right) => left.Seconds > right.Seconds;
    public static bool operator <=(Ttl left, Ttl right) => left.Seconds <= right.Seconds;
    public static bool operator >=(Ttl left, Ttl right) => left.Seconds >= right.Seconds;
}

/// <summary>What a query asks for (RFC 1035 section 4.1.2).</summary>
public readonly record struct Question(DnsName Name, RecordType Type, RecordClass Class)
{
    /// <summary>A question in class IN.</summary>
    public Question(DnsName name, RecordType type) : this(name, type, RecordClass.IN) { }

    /// <summary>"www.example.com. IN A"</summary>
    public override string ToString() => $"{Name} {Class} {Type}";
}
