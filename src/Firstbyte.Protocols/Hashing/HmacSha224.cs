using System.Buffers.Binary;
using System.Numerics;

namespace Firstbyte.Hashing;

/// <summary>HMAC (RFC 2104) with SHA-224 (RFC 6234), which the base library does not have: SHA-256 from another start, its last word left out.</summary>
public sealed class HmacSha224
{
    /// <summary>The length of a code.</summary>
    public const int Length = 28;

    private const int BlockLength = 64;

    private readonly byte[] _outerKey = new byte[BlockLength];
    private Sha224 _inner = Sha224.Create();

    /// <summary>Starts with a key of any length.</summary>
    public HmacSha224(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        if (key.Length <= BlockLength) { key.CopyTo(block); }
        else
        {
            var long224 = Sha224.Create();
            long224.Append(key);
            long224.Finish(block);
        }
        Span<byte> innerKey = stackalloc byte[BlockLength];
        for (var i = 0; i < BlockLength; i++) { (innerKey[i], _outerKey[i]) = ((byte)(block[i] ^ 0x36), (byte)(block[i] ^ 0x5C)); }
        _inner.Append(innerKey);
    }

    /// <summary>Takes more of the text.</summary>
    public void Append(ReadOnlySpan<byte> data) => _inner.Append(data);

    /// <summary>Writes the code of all that was taken.</summary>
    public void Finish(Span<byte> destination)
    {
        Span<byte> digest = stackalloc byte[Length];
        _inner.Finish(digest);
        var outer = Sha224.Create();
        outer.Append(_outerKey);
        outer.Append(digest);
        outer.Finish(destination);
    }

    /// <summary>RFC 6234 section 6.2, with the initial values of section 6.1.</summary>
    private struct Sha224
    {
        private static readonly uint[] s_constants =
        [
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
            0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
            0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
            0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
            0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
            0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        ];

        private uint[] _state;
        private byte[] _block;
        private int _filled;
        private ulong _length;

        public static Sha224 Create() => new()
        {
            _state = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4],
            _block = new byte[BlockLength],
        };

        public void Append(ReadOnlySpan<byte> data)
        {
            _length += (ulong)data.Length;
            while (data.Length > 0)
            {
                var taken = Math.Min(BlockLength - _filled, data.Length);
                data[..taken].CopyTo(_block.AsSpan(_filled));
                _filled += taken;
                data = data[taken..];
                if (_filled == BlockLength) { Compress(); }
            }
        }

        public void Finish(Span<byte> destination)
        {
            var bits = _length * 8;
            Append([0x80]);
            while (_filled != BlockLength - sizeof(ulong)) { Append([0]); }
            BinaryPrimitives.WriteUInt64BigEndian(_block.AsSpan(_filled), bits);
            Compress();
            for (var i = 0; i < Length / sizeof(uint); i++) { BinaryPrimitives.WriteUInt32BigEndian(destination[(i * sizeof(uint))..], _state[i]); }
        }

        private void Compress()
        {
            _filled = 0;
            Span<uint> words = stackalloc uint[64];
            for (var i = 0; i < 16; i++) { words[i] = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(i * sizeof(uint))); }
            for (var i = 16; i < 64; i++)
            {
                var (early, late) = (words[i - 15], words[i - 2]);
                words[i] = words[i - 16] + words[i - 7]
                    + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ early >> 3)
                    + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ late >> 10);
            }
            var (a, b, c, d) = (_state[0], _state[1], _state[2], _state[3]);
            var (e, f, g, h) = (_state[4], _state[5], _state[6], _state[7]);
            for (var i = 0; i < 64; i++)
            {
                var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                    + (e & f ^ ~e & g) + s_constants[i] + words[i];
                var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                    + (a & b ^ a & c ^ b & c);
                (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
            }
            ReadOnlySpan<uint> sum = [a, b, c, d, e, f, g, h];
            for (var i = 0; i < 8; i++) { _state[i] += sum[i]; }
        }
    }
}
