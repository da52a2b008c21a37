using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>A word of a record's data: a part of a text, which becomes a string only where one is needed.</summary>
/// <param name="source">The text in which it stands.</param>
/// <param name="start">Where the word begins, without its quote.</param>
/// <param name="length">How long it is, with its escapes.</param>
/// <param name="isQuoted">It stood in quotes.</param>
/// <param name="isJoined">No blank stood between it and the word before: key="value".</param>
internal readonly struct RecordWord(string source, int start, int length, bool isQuoted, bool isJoined)
{
    /// <summary>It stood in quotes.</summary>
    public bool IsQuoted => isQuoted;

    /// <summary>No blank stood between it and the word before: key="value".</summary>
    public bool IsJoined => isJoined;

    /// <summary>The word with its escapes, without quotes.</summary>
    public ReadOnlySpan<char> Span => source.AsSpan(start, length);

    /// <summary>The same as a string.</summary>
    public string Text => source.Substring(start, length);

    /// <summary>The same word with another text.</summary>
    public RecordWord With(string text) => new(text, 0, text.Length, isQuoted, isJoined);
}

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
    private readonly byte[] _origin = new byte[WireName.MaxLength];
    private readonly byte[] _name = new byte[WireName.MaxLength];
    private IRecordWords _words = null!;
    private int _originLength;
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

    /// <summary>Reads the data of a type from the words that follow it into <see cref="Bytes"/>.</summary>
    public bool TryRead(RecordType type, IRecordWords words, int next, ReadOnlySpan<byte> origin, out RecordTextFault fault)
    {
        (_words, Next, Length, _fault, _isFull) = (words, next, 0, default, false);
        origin.CopyTo(_origin);
        _originLength = origin.Length;
        var isRead = !IsAtEnd && Word is { IsQuoted: false, Span: @"\#" } ? TryReadGeneric(type) : TryReadFields(type);
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
        var isTaken = TryTakeWord(field, out var span);
        word = span.ToString();
        return isTaken;
    }

    /// <summary>The same without making a string.</summary>
    public bool TryTakeWord(RecordField field, out ReadOnlySpan<char> word)
    {
        word = default;
        if (IsAtEnd) { return Fail(field); }
        word = Word.Span;
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
        if (!TryTakeWord(field, out var word)) { return false; }
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

    /// <summary>Takes a name, "@" or one relative to the origin, and puts it.</summary>
    public bool TryPutName(RecordField field)
    {
        if (IsAtEnd) { return Fail(field); }
        var word = Word;
        if (word is { Span: "@", IsQuoted: false }) { Put(_origin.AsSpan(0, _originLength)); }
        else if (!DnsName.TryParse(word.Span, _origin.AsSpan(0, _originLength), _name, out var length, out var flaw, out var position))
        {
            return Fail(field.Term ?? field.Kind.Term, "", position, flaw, field.Term is null && field.Kind.TellsField ? field.Name : "");
        }
        else { Put(_name.AsSpan(0, length)); }
        Next++;
        return true;
    }

    /// <summary>Takes an address of a version.</summary>
    public bool TryTakeAddress(RecordField field, IpVersion version)
    {
        if (!TryTakeWord(field, out var word)) { return false; }
        if (!IpAddress.TryParse(word, out var address) || address.Version != version || address.Zone is not null) { return Refuse(field); }
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

    private bool TryReadFields(RecordType type)
    {
        if (RecordTypes.Find(type) is not { IsOpaque: false } row) { return Fail(ZoneTerm.GenericData, $"{type}"); }
        if (!row.TryParse(this)) { return false; }
        Next--;
        if (_isFull) { return Fail(ZoneTerm.DataSize); }
        // Each field may be right and the whole still wrong: parameters that do not fit together.
        return RecordData.IsValid(type, Bytes) || Fail(ZoneTerm.DataOfType, $"{type}");
    }

    /// <summary>"\# length hex…" (RFC 3597 section 5).</summary>
    private bool TryReadGeneric(RecordType type)
    {
        Next++;
        if (!TryTakeNumber(s_length, ushort.MaxValue, out var length)) { return false; }
        var first = Next;
        var hex = TakeRest();
        Next = first;
        if (!hex.All(char.IsAsciiHexDigit) || hex.Length % 2 != 0) { return Fail(ZoneTerm.HexadecimalPairs); }
        if (hex.Length / 2 != (int)length) { return Fail(ZoneTerm.HexadecimalBytes, $"{length}"); }
        Put(Convert.FromHexString(hex));
        return RecordData.IsValid(type, Bytes) || Fail(ZoneTerm.DataOfType, $"{type}");
    }

    private static readonly RecordField s_length = new("length", new NumberField(2), ZoneTerm.DataLength);
}
