using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Firstbyte.Fuzz.Running;

/// <summary>Breeds an input from others by a few random edits: AFL's havoc stage, with numbers in digits and long repeats beside it.</summary>
internal sealed class Mutator(FuzzRandom random, IReadOnlyList<byte[]> tokens, int maximumLength)
{
    // What off-by-one and overflow live on (AFL's "interesting values").
    private static readonly int[] s_interesting =
        [-128, -1, 0, 1, 16, 32, 64, 100, 127, 128, 255, 256, 512, 1000, 1024, 4096, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue];

    private readonly List<byte> _bytes = [];

    /// <summary>A new input from <paramref name="parent"/>, at times joined with a part of <paramref name="other"/>.</summary>
    public byte[] Breed(byte[] parent, byte[] other)
    {
        _bytes.Clear();
        _bytes.AddRange(parent);
        for (var edits = 1 << random.Below(5); edits > 0; edits--) { Edit(other); }
        if (_bytes.Count > maximumLength) { _bytes.RemoveRange(maximumLength, _bytes.Count - maximumLength); }
        return [.. _bytes];
    }

    private void Edit(byte[] other)
    {
        if (_bytes.Count == 0)
        {
            _bytes.AddRange(tokens.Count > 0 ? tokens[random.Below(tokens.Count)] : [(byte)random.Below(256)]);
            return;
        }
        var at = random.Below(_bytes.Count);
        switch (random.Below(tokens.Count > 0 ? 15 : 13))
        {
            case 0: _bytes[at] ^= (byte)(1 << random.Below(8)); break;
            case 1: _bytes[at] = (byte)random.Below(256); break;
            case 2: _bytes[at] += (byte)(random.Below(71) - 35); break;
            case 3: WriteNumber(at, s_interesting[random.Below(s_interesting.Length)]); break;
            case 4: WriteNumber(at, random.Below(71) - 35, adds: true); break;
            case 5 or 6: _bytes.RemoveRange(at, Math.Min(BlockLength(), _bytes.Count - at)); break;
            case 7: _bytes.InsertRange(random.Below(_bytes.Count + 1), _bytes.GetRange(at, Math.Min(BlockLength(), _bytes.Count - at))); break;
            case 8: Overwrite(random.Below(_bytes.Count), _bytes.GetRange(at, Math.Min(BlockLength(), _bytes.Count - at))); break;
            case 9: _bytes.InsertRange(at, Enumerable.Repeat((byte)random.Below(256), BlockLength())); break;
            case 10: Join(at, other); break;
            case 11: Repeat(at); break;
            case 12: ChangeDigits(at); break;
            case 13: _bytes.InsertRange(at, tokens[random.Below(tokens.Count)]); break;
            default: Overwrite(at, tokens[random.Below(tokens.Count)]); break;
        }
    }

    // Mostly short, at times long.
    private int BlockLength() => 1 + random.Below(random.Below(10) switch { < 6 => 8, < 9 => 32, _ => 256 });

    private void Overwrite(int at, IReadOnlyList<byte> with)
    {
        for (var i = 0; i < with.Count && at + i < _bytes.Count; i++) { _bytes[at + i] = with[i]; }
    }

    // One, two or four bytes, of either endianness, overwritten or added to.
    private void WriteNumber(int at, int value, bool adds = false)
    {
        var width = 1 << random.Below(3);
        if (at + width > _bytes.Count) { return; }
        Span<byte> number = stackalloc byte[4];
        number.Clear();
        for (var i = 0; i < width; i++) { number[i] = _bytes[at + i]; }
        var swap = random.Below(2) == 0;
        if (adds)
        {
            var before = width switch
            {
                1 => number[0],
                2 => swap ? BinaryPrimitives.ReadUInt16BigEndian(number) : BinaryPrimitives.ReadUInt16LittleEndian(number),
                _ => swap ? BinaryPrimitives.ReadInt32BigEndian(number) : BinaryPrimitives.ReadInt32LittleEndian(number),
            };
            value = unchecked(before + value);
        }
        for (var i = 0; i < width; i++) { _bytes[at + i] = (byte)(value >> 8 * (swap ? width - 1 - i : i)); }
    }

    // A block of another input, in place of what follows or in between.
    private void Join(int at, byte[] other)
    {
        if (other.Length == 0) { return; }
        var from = random.Below(other.Length);
        switch (random.Below(3))
        {
            case 0:
                _bytes.RemoveRange(at, _bytes.Count - at);
                _bytes.AddRange(other[from..]);
                break;
            case 1: _bytes.InsertRange(at, other[from..Math.Min(other.Length, from + BlockLength())]); break;
            default: Overwrite(at, other[from..Math.Min(other.Length, from + BlockLength())]); break;
        }
    }

    // A block many times over: the way to every limit's neighbourhood.
    private void Repeat(int at)
    {
        var block = _bytes.GetRange(at, Math.Min(BlockLength(), _bytes.Count - at));
        for (var times = random.Below(random.Below(20) == 0 ? 1000 : 6); times > 0 && _bytes.Count + block.Count <= maximumLength; times--)
        {
            _bytes.InsertRange(at, block);
        }
    }

    // A number that stands there in digits becomes another one.
    private void ChangeDigits(int at)
    {
        while (at < _bytes.Count && !char.IsAsciiDigit((char)_bytes[at])) { at++; }
        var end = at;
        while (end < _bytes.Count && char.IsAsciiDigit((char)_bytes[end])) { end++; }
        if (end == at) { return; }
        long number = random.Below(3) switch
        {
            0 => s_interesting[random.Below(s_interesting.Length)],
            1 => random.Below(1000),
            _ => long.MaxValue - random.Below(3),
        };
        _bytes.RemoveRange(at, end - at);
        _bytes.InsertRange(at, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
    }
}
