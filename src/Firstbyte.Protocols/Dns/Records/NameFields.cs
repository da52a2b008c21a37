namespace Firstbyte.Dns.Records;

/// <summary>What becomes of a name in RDATA on its way through messages (RFC 3597 section 4).</summary>
internal enum NameUse
{
    /// <summary>Compressed when written: the types of RFC 1035 only.</summary>
    Compressed,

    /// <summary>
    /// Never written compressed, but taken apart when somebody sent it so: RFC 3597 section 4 names SRV, NAPTR and others, mDNS compresses
    /// NSEC (RFC 6762 section 18.14).
    /// </summary>
    Decompressed,

    /// <summary>Never compressed: a pointer is malformed.</summary>
    Whole,
}

/// <summary>A domain name.</summary>
/// <param name="use">Whether it is compressed.</param>
/// <param name="isFolded">In lower case in the canonical form (RFC 4034 section 6.2, without NSEC by RFC 6840 section 5.1).</param>
internal sealed class NameField(NameUse use, bool isFolded) : FieldKind
{
    /// <summary>Whether it is compressed.</summary>
    public NameUse Use => use;

    /// <summary>True when it may come compressed.</summary>
    public bool MayBeCompressed => use != NameUse.Whole;

    /// <summary>In lower case in the canonical form.</summary>
    public bool IsFolded => isFolded;

    public override ZoneTerm Term => ZoneTerm.DomainName;

    public override bool TellsField => true;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => RdataLayout.NameLength(rdata[at..]) is > 0 and var length ? length : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(DnsName.FromValidWire(rdata.Slice(at, length)).ToString());
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field) => reader.TryPutName(field);
}

/// <summary>Any number of names to the end of the data.</summary>
internal sealed class NamesField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.DomainName;

    public override bool TellsField => true;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        for (var end = at; end < rdata.Length;)
        {
            var length = RdataLayout.NameLength(rdata[end..]);
            if (length == 0) { return Malformed; }
            end += length;
        }
        return rdata.Length - at;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        while (at < rdata.Length)
        {
            var one = RdataLayout.NameLength(rdata[at..]);
            text.Word(DnsName.FromValidWire(rdata.Slice(at, one)).ToString());
            at += one;
        }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        while (!reader.IsAtEnd)
        {
            if (!reader.TryPutName(field)) { return false; }
        }
        return true;
    }

    public override void WriteJson(System.Text.Json.Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        json.WriteStartArray();
        while (at < rdata.Length)
        {
            var one = RdataLayout.NameLength(rdata[at..]);
            json.WriteStringValue(DnsName.FromValidWire(rdata.Slice(at, one)).ToString());
            at += one;
        }
        json.WriteEndArray();
    }
}
