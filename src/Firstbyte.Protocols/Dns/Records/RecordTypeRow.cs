using System.Text.Json;

namespace Firstbyte.Dns.Records;

/// <summary>Where records of a type may stand.</summary>
[Flags]
internal enum Standing
{
    /// <summary>In a zone, at any name.</summary>
    Zone = 0,

    /// <summary>In a zone, at its own name only.</summary>
    Apex = 1,

    /// <summary>In a zone, at the name of a delegation only (RFC 4034 section 5: DS).</summary>
    Cut = 2,

    /// <summary>In a zone, also beside a CNAME (RFC 4035 section 2.5, RFC 2535 section 2.3.5).</summary>
    BesideAlias = 4,

    /// <summary>In messages only (RFC 6895 section 3.1).</summary>
    Message = 8,

    /// <summary>As the type of a question only.</summary>
    Question = 16,
}

/// <summary>All there is to know of a record type.</summary>
/// <param name="number">The number in the IANA registry.</param>
/// <param name="mnemonic">The name there.</param>
/// <param name="source">The document that says what the data is.</param>
/// <param name="fields">The data, field by field.</param>
/// <remarks>
/// From the row come the checking of bytes from the network, the presentation form in both directions, JSON, the canonical form, and, by
/// way of <see cref="Layout"/>,
/// which names are compressed and decompressed. A type is added by adding its row to <see cref="RecordTypes"/>.
/// </remarks>
internal sealed class RecordTypeRow(ushort number, string mnemonic, string source, params RecordField[] fields)
{
    /// <summary>The type.</summary>
    public RecordType Type { get; } = new(number);

    /// <summary>Its name.</summary>
    public string Mnemonic { get; } = mnemonic;

    /// <summary>"RFC 1035 section 3.4.1"</summary>
    public string Source { get; } = source;

    /// <summary>The fields, in the order of the wire.</summary>
    public IReadOnlyList<RecordField> Fields => fields;

    /// <summary>Where such records may stand.</summary>
    public Standing Standing { get; init; }

    /// <summary>True when the data has no presentation form but the generic one.</summary>
    public bool IsOpaque { get; } = Array.Exists(fields, static field => field.Kind is OpaqueField);

    /// <summary>Where the names lie.</summary>
    public RdataLayout Layout { get; } = RdataLayout.From(fields);

    /// <summary>True when uncompressed RDATA is what the fields say, to its last byte.</summary>
    public bool IsValid(ReadOnlySpan<byte> rdata)
    {
        var at = 0;
        foreach (var field in fields)
        {
            var length = field.Kind.Measure(rdata, at);
            if (length < 0) { return false; }
            at += length;
        }
        return at == rdata.Length;
    }

    /// <summary>Writes the presentation form of valid RDATA; false when it has none but the generic one.</summary>
    public bool TryPrint(ReadOnlySpan<byte> rdata, RecordTextWriter text)
    {
        var at = 0;
        foreach (var field in fields)
        {
            var length = field.Kind.Measure(rdata, at);
            if (!field.Kind.TryPrint(rdata, at, length, text)) { return false; }
            at += length;
        }
        return true;
    }

    /// <summary>Reads the presentation form; false when the reader was told what is wrong.</summary>
    public bool TryParse(RecordTextReader reader)
    {
        foreach (var field in fields)
        {
            if (!field.Kind.TryParse(reader, field)) { return false; }
        }
        return reader.IsAtEnd || reader.Fail(ZoneTerm.EndOfRecord, Mnemonic);
    }

    /// <summary>Writes the fields of valid RDATA as members of the JSON object that is open.</summary>
    public void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata)
    {
        var at = 0;
        foreach (var field in fields)
        {
            var length = field.Kind.Measure(rdata, at);
            json.WritePropertyName(field.Name);
            field.Kind.WriteJson(json, rdata, at, length);
            at += length;
        }
    }
}
