using System.Text.Json;

namespace Firstbyte.Dns.Records;

/// <summary>How one field of a type's data looks in a message, in a zone file and in JSON.</summary>
/// <remarks>
/// Theory of operation. A record type is a row of fields (<see cref="RecordTypeRow"/>), and a field is a name and a kind. A kind does not know the
/// types that use it: it is handed the whole RDATA and the place where its field starts, says how long the field is, and writes or reads its words.
/// The few kinds whose shape depends on an earlier field (a gateway on its type) look back at a fixed place of the same RDATA. Every
/// length comes from <see cref="Measure"/>, which checks all that the others rely on, so they need no checks of their own.
/// </remarks>
internal abstract class FieldKind
{
    /// <summary>What <see cref="Measure"/> says of bytes that are no such field.</summary>
    public const int Malformed = -1;

    /// <summary>The number of bytes where it is always the same.</summary>
    public virtual int? Size => null;

    /// <summary>What a zone file should have where it has something else.</summary>
    public abstract ZoneTerm Term { get; }

    /// <summary>What the term speaks of: a limit.</summary>
    public virtual string Detail => "";

    /// <summary>True when the term fits many fields, so that it is told which one is meant.</summary>
    public virtual bool TellsField => false;

    /// <summary>The length of the field that starts at a place, every byte of it checked; <see cref="Malformed"/> when there is none.</summary>
    public abstract int Measure(ReadOnlySpan<byte> rdata, int at);

    /// <summary>Writes the words of a field that was measured; false when these bytes have no words that would be read back as the same bytes.</summary>
    public abstract bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text);

    /// <summary>Reads the words of the field and puts its bytes behind those that are there; false when the reader was told what is wrong.</summary>
    public abstract bool TryParse(RecordTextReader reader, RecordField field);

    /// <summary>Writes the field's value: its words as one string, unless the kind knows better.</summary>
    public virtual void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        var text = new RecordTextWriter();
        json.WriteStringValue(TryPrint(rdata, at, length, text) ? text.ToString() : Convert.ToHexString(rdata.Slice(at, length)));
    }

    /// <summary>The length when so many bytes are there.</summary>
    protected static int Fixed(ReadOnlySpan<byte> rdata, int at, int size) => rdata.Length - at >= size ? size : Malformed;
}

/// <summary>A field of a row.</summary>
/// <param name="Name">Its name as JSON has it, after the RFC's own.</param>
/// <param name="Kind">How it looks.</param>
/// <param name="Term">What a zone file should have there, where the row says it better than the kind.</param>
internal sealed record RecordField(string Name, FieldKind Kind, ZoneTerm? Term = null);
