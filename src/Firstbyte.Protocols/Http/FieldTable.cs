using System.Text;

namespace Firstbyte.Http;

/// <summary>The field lines of one message, in order, names in the case they came in: ranges into one own buffer, reused from message to message.</summary>
/// <remarks>
/// The bytes of a head are copied once, line by line, because a head outlives the receive buffer and a folded value has to be joined; after the
/// first messages nothing is allocated any more. Strings are made only where somebody asks for them.
/// </remarks>
public sealed class FieldTable
{
    // Room of the first message; a table that stays empty, as most of trailers do, has none.
    private const int FirstBytes = 1024;
    private const int FirstFields = 24;

    private byte[] _bytes = [];
    private int _length;
    private FieldRange[] _ranges = [];

    /// <summary>Field lines in the table.</summary>
    public int Count { get; private set; }

    /// <summary>The name at a place, as it came.</summary>
    public ReadOnlySpan<byte> NameAt(int index) => _bytes.AsSpan(At(index).Name, At(index).NameLength);

    /// <summary>The value at a place, without the whitespace around it.</summary>
    public ReadOnlySpan<byte> ValueAt(int index) => _bytes.AsSpan(At(index).Value, At(index).ValueLength);

    /// <summary>The first place at or after <paramref name="start"/> whose name is this one, in any case; -1 when there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> name, int start = 0)
    {
        for (var i = start; i < Count; i++)
        {
            if (_ranges[i].NameLength == name.Length && HttpGrammar.Is(NameAt(i), name)) { return i; }
        }
        return -1;
    }

    /// <summary>The first value of a field as a Latin-1 view of its bytes, or null.</summary>
    public string? Find(ReadOnlySpan<byte> name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : Encoding.Latin1.GetString(ValueAt(index));
    }

    /// <summary>The fields as strings (Latin-1 views of their bytes).</summary>
    public HttpField[] ToFields()
    {
        var fields = new HttpField[Count];
        for (var i = 0; i < fields.Length; i++) { fields[i] = new HttpField(Encoding.Latin1.GetString(NameAt(i)), Encoding.Latin1.GetString(ValueAt(i))); }
        return fields;
    }

    internal void Clear() => (Count, _length) = (0, 0);

    /// <summary>Keeps bytes of a start line beside the fields and returns where.</summary>
    internal ByteRange Store(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        var range = new ByteRange(_length, bytes.Length);
        _length += bytes.Length;
        return range;
    }

    internal ReadOnlySpan<byte> Stored(ByteRange range) => _bytes.AsSpan(range.Start, range.Length);

    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Count == _ranges.Length) { Array.Resize(ref _ranges, Math.Max(FirstFields, Count * 2)); }
        var (nameAt, valueAt) = (Store(name), Store(value));
        _ranges[Count++] = new FieldRange(nameAt.Start, nameAt.Length, valueAt.Start, valueAt.Length);
    }

    /// <summary>Joins a folded line to the value of the last field: one SP between both (RFC 9112 5.2).</summary>
    internal void ExtendLast(ReadOnlySpan<byte> value)
    {
        // The last value is the last thing stored, so it can grow where it stands.
        ref var last = ref _ranges[Count - 1];
        if (value.Length == 0) { return; }
        if (last.ValueLength > 0) { Store(" "u8); }
        Store(value);
        last = last with { ValueLength = _length - last.Value };
    }

    private ref readonly FieldRange At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return ref _ranges[index];
    }

    private void Reserve(int more)
    {
        if (_length + more > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(Math.Max(FirstBytes, _bytes.Length * 2), _length + more)); }
    }

    private readonly record struct FieldRange(int Name, int NameLength, int Value, int ValueLength);
}

/// <summary>A run of bytes in a buffer.</summary>
internal readonly record struct ByteRange(int Start, int Length);
