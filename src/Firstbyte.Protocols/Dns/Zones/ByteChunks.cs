namespace Firstbyte.Dns.Zones;

/// <summary>Bytes that grow without being moved: blocks in chunks, each found by an address of 32 bits.</summary>
/// <remarks>
/// An address counts words of 4 bytes, so that 16 GB can be reached. Chunks double from very small, as most zones are, up to 1 MB; a longer block has
/// a chunk of its own. What was written never moves, so a reader needs no lock.
/// </remarks>
internal sealed class ByteChunks
{
    private const int Word = 4;
    private const int OffsetBits = 18;
    private const int FirstLength = 256;
    private const int MaxLength = Word << OffsetBits;

    /// <summary>What is added to a version that others read begins in a small chunk of its own (own choice): most changes are small.</summary>
    private const int ForkLength = 4096;

    private byte[][] _chunks = [];
    private bool _isForked;
    private int _used = Word;

    /// <summary>All bytes set aside.</summary>
    public long Capacity => _chunks.Sum(static chunk => (long)chunk.Length);

    /// <summary>The bytes from an address to the end of its chunk.</summary>
    public ReadOnlySpan<byte> this[uint address] => _chunks[address >> OffsetBits].AsSpan((int)(address & (1 << OffsetBits) - 1) * Word);

    /// <summary>The same bytes, to be changed by whoever builds.</summary>
    public Span<byte> Edit(uint address) => _chunks[address >> OffsetBits].AsSpan((int)(address & (1 << OffsetBits) - 1) * Word);

    /// <summary>Sets room aside; 0 is never an address.</summary>
    public uint Allocate(int length, out Span<byte> block)
    {
        if (_chunks.Length == 0 || _chunks[^1].Length - _used < length) { AddChunk(length); }
        var address = (uint)(_chunks.Length - 1) << OffsetBits | (uint)(_used / Word);
        block = _chunks[^1].AsSpan(_used, length);
        _used += length + Word - 1 & -Word;
        return address;
    }

    /// <summary>The same bytes, to be added to: what is added is not seen here, and neither is the other's.</summary>
    public ByteChunks Fork() => new() { _chunks = [.. _chunks], _used = _chunks.Length == 0 ? Word : _chunks[^1].Length, _isForked = _chunks.Length > 0 };

    /// <summary>Copies bytes in.</summary>
    public uint Add(ReadOnlySpan<byte> bytes)
    {
        var address = Allocate(bytes.Length, out var block);
        bytes.CopyTo(block);
        return address;
    }

    private void AddChunk(int length)
    {
        var next = _chunks.Length == 0 ? FirstLength : _isForked ? ForkLength : Math.Min(2 * _chunks[^1].Length, MaxLength);
        _isForked = false;
        // The first word of the first chunk stays unused, so that 0 can mean "nothing".
        _used = _chunks.Length == 0 ? Word : 0;
        Array.Resize(ref _chunks, _chunks.Length + 1);
        _chunks[^1] = new byte[Math.Max(next, _used + length)];
    }
}
