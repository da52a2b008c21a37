using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>A word of a record's data.</summary>
/// <param name="Text">The word with its escapes, without quotes.</param>
/// <param name="IsQuoted">It stood in quotes.</param>
/// <param name="IsJoined">No blank stood between it and the word before: key="value".</param>
internal readonly record struct RecordWord(string Text, bool IsQuoted, bool IsJoined);

/// <summary>The words of an entry, however they were found.</summary>
internal interface IRecordWords
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them.</summary>
    RecordWord this[int index] { get; }
}

/// <summary>What is wrong with the words of a record.</summary>
/// <param name="Word">The word; the number of words when one is missing.</param>
/// <param name="Position">The character in it.</param>
/// <param name="Term">What should stand there.</param>
/// <param name="Detail">What the term speaks of.</param>
/// <param name="Name">Where a name should stand, what is wrong with it.</param>
/// <param name="Field">The field.</param>
internal readonly record struct RecordTextFault(int Word, int Position, ZoneTerm Term, string Detail, NameFlaw Name, string Field);

/// <summary>Reads the presentation form of record data, word by word, into RDATA. One reader reads many records, one after the other.</summary>
internal sealed class RecordTextReader
{
    private readonly byte[] _buffer = new byte[ushort.MaxValue];
    private IRecordWords _words = null!;
    private DnsName _origin;
    private RecordTextFault _fault;
    private bool _isFull;

    /// <summary>The place of the next word.</summary>
    public int Next { get; private set; }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>True behind the last word.</summary>
    public bool IsAtEnd => Next >= _words.Count;

    /// <summary>The next word.</summary>
    public RecordWord Word => _words[Next];

    /// <summary>Reads the data of a type from the words that follow it.</summary>
    public bool TryRead(RecordType type, IRecordWords words, int next, DnsName origin, out RecordData data, out RecordTextFault fault)
    {
        (_words, Next, _origin, Length, _fault, _isFull) = (words, next, origin, 0, default, false);
        data = null!;
        var isRead = !IsAtEnd && Word is { IsQuoted: false, Text: @"\#" } ? TryReadGeneric(type, out data) : TryReadFields(type, out data);
        fault = _fault;
        return isRead;
    }

    /// <summary>Notes what is wrong at the next word. Always false.</summary>
    public bool Fail(ZoneTerm term, string detail = "", int position = 0, NameFlaw name = NameFlaw.None, string field = "")
    {
        _fault = new RecordTextFault(Math.Min(Next, _words.Count), position, term, detail, name, field);
        return false;
    }

    /// <summary>Notes that the next word is not what the field should be. Always false.</summary>
    public bool Fail(RecordField field) =>
        field.Term is { } term ? Fail(term) : Fail(field.Kind.Term, field.Kind.Detail, field: field.Kind.TellsField ? field.Name : "");

    /// <summary>Takes the next word; when there is none, notes what should have been there.</summary>
    public bool TryTake(RecordField field, out string word)
    {
        word = "";
        if (IsAtEnd) { return Fail(field); }
        word = Word.Text;
        Next++;
        return true;
    }

    /// <summary>Notes that the word just taken is not what the field should be. Always false.</summary>
    public bool Refuse(RecordField field)
    {
        Next--;
        return Fail(field);
    }

    /// <summary>Goes back to a word.</summary>
    public void Back(int word) => Next = word;

    /// <summary>Takes a decimal number.</summary>
    public bool TryTakeNumber(RecordField field, ulong max, out ulong number)
    {
        number = 0;
        if (!TryTake(field, out var word)) { return false; }
        return ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max || Refuse(field);
    }

    /// <summary>Takes all words that are left as one.</summary>
    public string TakeRest()
    {
        if (Next == _words.Count - 1) { return _words[Next++].Text; }
        var text = new StringBuilder();
        while (!IsAtEnd) { text.Append(_words[Next++].Text); }
        return text.ToString();
    }

    /// <summary>Takes a name, "@" or one relative to the origin.</summary>
    public bool TryTakeName(RecordField field, out DnsName name)
    {
        name = default;
        if (IsAtEnd) { return Fail(field); }
        if (Word is { Text: "@", IsQuoted: false }) { name = _origin; }
        else if (!DnsName.TryParse(Word.Text, _origin, out name, out var flaw, out var position))
        {
            return Fail(field.Term ?? field.Kind.Term, "", position, flaw, field.Term is null && field.Kind.TellsField ? field.Name : "");
        }
        Next++;
        return true;
    }

    /// <summary>Takes an address of a version.</summary>
    public bool TryTakeAddress(RecordField field, IpVersion version)
    {
        if (!TryTake(field, out var word)) { return false; }
        if (!IpAddress.TryParse(word.AsSpan(), out var address) || address.Version != version || address.Zone is not null) { return Refuse(field); }
        Span<byte> bytes = stackalloc byte[16];
        Put(bytes[..address.WriteBytes(bytes)]);
        return true;
    }

    /// <summary>Takes the escapes out of a text (RFC 1035 section 5.1); text beyond ASCII is taken as UTF-8. False at a wrong escape.</summary>
    public static bool TryUnescape(ReadOnlySpan<char> text, List<byte> bytes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (text.Length > 0)
        {
            if (text[0] == '\\')
            {
                if (!DnsName.TryReadEscape(text, out var value, out var used)) { return false; }
                bytes.Add(value);
                text = text[used..];
                continue;
            }
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            text = text[length..];
        }
        return true;
    }

    /// <summary>Adds bytes.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_buffer.AsSpan(Length))) { Length += bytes.Length; }
        else { _isFull = true; }
    }

    /// <summary>Adds the lowest <paramref name="size"/> bytes of a number.</summary>
    public void Put(ulong number, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        Put(bytes[^size..]);
    }

    private bool TryReadFields(RecordType type, out RecordData data)
    {
        data = null!;
        if (RecordTypes.Find(type) is not { IsOpaque: false } row) { return Fail(ZoneTerm.GenericData, $"{type}"); }
        if (!row.TryParse(this)) { return false; }
        Next--;
        if (_isFull) { return Fail(ZoneTerm.DataSize); }
        // Each field may be right and the whole still wrong: parameters that do not fit together.
        return RecordData.TryRead(type, Bytes, out data) || Fail(ZoneTerm.DataOfType, $"{type}");
    }

    /// <summary>"\# length hex…" (RFC 3597 section 5).</summary>
    private bool TryReadGeneric(RecordType type, out RecordData data)
    {
        data = null!;
        Next++;
        if (!TryTakeNumber(s_length, ushort.MaxValue, out var length)) { return false; }
        var first = Next;
        var hex = TakeRest();
        Next = first;
        if (!hex.All(char.IsAsciiHexDigit) || hex.Length % 2 != 0) { return Fail(ZoneTerm.HexadecimalPairs); }
        if (hex.Length / 2 != (int)length) { return Fail(ZoneTerm.HexadecimalBytes, $"{length}"); }
        return RecordData.TryRead(type, Convert.FromHexString(hex), out data) || Fail(ZoneTerm.DataOfType, $"{type}");
    }

    private static readonly RecordField s_length = new("length", new NumberField(2), ZoneTerm.DataLength);
}
