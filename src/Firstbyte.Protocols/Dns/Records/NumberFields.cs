using System.Text.Json;

namespace Firstbyte.Dns.Records;

/// <summary>A field whose every value is valid: its size is all that has to be checked.</summary>
internal interface IPlainField;

/// <summary>An unsigned number of 1 to 8 bytes, in decimal.</summary>
internal class NumberField(int size) : FieldKind, IPlainField
{
    private readonly ulong _max = ulong.MaxValue >> 64 - 8 * size;

    public override int? Size => size;

    public override ZoneTerm Term => ZoneTerm.Number;

    public override string Detail => $"{_max}";

    public override bool TellsField => true;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Fixed(rdata, at, size);

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(Format(Value(rdata, at)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTakeWord(field, out var word)) { return false; }
        if (Parse(word) is not { } number || number > _max) { return reader.Refuse(field); }
        reader.Put(number, size);
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) => json.WriteNumberValue(Value(rdata, at));

    /// <summary>The number at a place.</summary>
    protected ulong Value(ReadOnlySpan<byte> rdata, int at)
    {
        ulong value = 0;
        foreach (var next in rdata.Slice(at, size)) { value = value << 8 | next; }
        return value;
    }

    /// <summary>The word for a value.</summary>
    protected virtual string Format(ulong value) => $"{value}";

    /// <summary>The value of a word, or null.</summary>
    protected virtual ulong? Parse(ReadOnlySpan<char> word) =>
        ulong.TryParse(word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>A time in seconds of 4 bytes, which a zone file may give with units.</summary>
internal sealed class TimeField() : NumberField(4)
{
    public override ZoneTerm Term => ZoneTerm.Time;

    public override string Detail => "";

    protected override ulong? Parse(ReadOnlySpan<char> word) => TimeText.Parse(word);
}

/// <summary>A moment in seconds since 1970, written YYYYMMDDHHmmSS (RFC 4034 section 3.2).</summary>
internal sealed class SignatureTimeField() : NumberField(4)
{
    public override ZoneTerm Term => ZoneTerm.SignatureTime;

    public override string Detail => "";

    protected override string Format(ulong value) => TimeText.FormatSignatureTime((uint)value);

    protected override ulong? Parse(ReadOnlySpan<char> word) => TimeText.ParseSignatureTime(word);

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) => json.WriteStringValue(Format(Value(rdata, at)));
}

/// <summary>The number of a record type, written by its name.</summary>
internal sealed class TypeField() : NumberField(2)
{
    public override ZoneTerm Term => ZoneTerm.RecordType;

    public override string Detail => "";

    protected override string Format(ulong value) => new RecordType((ushort)value).ToString();

    protected override ulong? Parse(ReadOnlySpan<char> word) => RecordType.TryParse(word, out var type) ? type.Value : null;

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) => json.WriteStringValue(Format(Value(rdata, at)));
}

/// <summary>A number of a registry, for which a zone file may have its name.</summary>
/// <param name="size">1 or 2 bytes.</param>
/// <param name="term">What the number is.</param>
/// <param name="isWritten">The name is written too, not only read.</param>
/// <param name="names">The names.</param>
internal sealed class RegistryField(int size, ZoneTerm term, bool isWritten, params (ushort Value, string Name)[] names) : NumberField(size)
{
    /// <summary>DNSSEC's algorithms (IANA registry "DNS Security Algorithm Numbers"); RFC 4034 appendix A.1 writes the number.</summary>
    public static readonly RegistryField Algorithm = new(1, ZoneTerm.Algorithm, isWritten: false,
        (1, "RSAMD5"), (2, "DH"), (3, "DSA"), (5, "RSASHA1"), (6, "DSA-NSEC3-SHA1"), (7, "RSASHA1-NSEC3-SHA1"), (8, "RSASHA256"),
            (10, "RSASHA512"), (12, "ECC-GOST"),
        (13, "ECDSAP256SHA256"), (14, "ECDSAP384SHA384"), (15, "ED25519"), (16, "ED448"), (252, "INDIRECT"), (253, "PRIVATEDNS"), (254, "PRIVATEOID"));

    /// <summary>CERT's types (RFC 4398 section 2.1).</summary>
    public static readonly RegistryField CertificateType = new(2, ZoneTerm.CertificateType, isWritten: true,
        (1, "PKIX"), (2, "SPKI"), (3, "PGP"), (4, "IPKIX"), (5, "ISPKI"), (6, "IPGP"), (7, "ACPKIX"), (8, "IACPKIX"), (253, "URI"), (254, "OID"));

    /// <summary>DSYNC's schemes (RFC 9859 section 6.2).</summary>
    public static readonly RegistryField NotificationScheme = new(1, ZoneTerm.NotificationScheme, isWritten: true, (1, "NOTIFY"));

    /// <summary>The response codes of TSIG and TKEY (RFC 8945 section 3).</summary>
    public static readonly RegistryField ResponseCode = new(2, ZoneTerm.ResponseCode, isWritten: true,
        (0, "NOERROR"), (1, "FORMERR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (4, "NOTIMP"), (5, "REFUSED"), (9, "NOTAUTH"),
        (16, "BADSIG"), (17, "BADKEY"), (18, "BADTIME"), (19, "BADMODE"), (20, "BADNAME"), (21, "BADALG"), (22, "BADTRUNC"), (23, "BADCOOKIE"));

    public override ZoneTerm Term => term;

    public override string Detail => "";

    public override bool TellsField => false;

    protected override string Format(ulong value) =>
        isWritten && Array.Find(names, entry => entry.Value == value) is { Name: { } name } ? name : base.Format(value);

    protected override ulong? Parse(ReadOnlySpan<char> word)
    {
        foreach (var (value, name) in names)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase)) { return value; }
        }
        return base.Parse(word);
    }
}
