using System.Buffers.Binary;
using CsCheck;
using Firstbyte.Hashing;

namespace Firstbyte.Tests.Hashing;

public class SipHash24Tests
{
    private static readonly SipKey Key = SipKey.FromBytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

    // The paper's appendix A (15 bytes) and the first rows of the authors' published vectors.
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31UL)]
    [InlineData(1, 0x74f839c593dc67fdUL)]
    [InlineData(2, 0x0d6c8009d9a94f5aUL)]
    [InlineData(3, 0x85676696d7fb7e2dUL)]
    [InlineData(15, 0xa129ca6149be45e5UL)]
    public void The_published_vectors_hold(int length, ulong expected)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++) { data[i] = (byte)i; }
        Assert.Equal(expected, SipHash24.Hash(Key, data));
    }

    [Fact]
    public void Another_key_gives_another_hash() => Assert.NotEqual(SipHash24.Hash(Key, "a"u8), SipHash24.Hash(Key with { Low = 1 }, "a"u8));

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => SipKey.FromBytes(new byte[15]));
}

public class InternetChecksumTests
{
    [Fact]
    public void The_example_of_rfc_1071_section_3_holds()
    {
        byte[] data = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        Assert.Equal(0xddf2u, InternetChecksum.Sum(data));
        Assert.Equal(0x220d, InternetChecksum.Compute(data));
    }

    // RFC 1624 section 4: the header word 0x5555 becomes 0x3285, the old checksum is 0xdd2f and the new one 0x0000.
    [Fact]
    public void The_example_of_rfc_1624_section_4_holds() => Assert.Equal(0x0000, InternetChecksum.Update(0xdd2f, 0x5555, (ushort)0x3285));

    [Fact]
    public void Every_length_and_every_start_agree_with_the_definition() =>
        Gen.Select(Gen.Byte.Array[0, 700], Gen.Int[0, 9]).Sample((bytes, skip) =>
        {
            var data = bytes.AsSpan(Math.Min(skip, bytes.Length));
            return Naive(data) == InternetChecksum.Compute(data);
        });

    [Fact]
    public void Full_bytes_do_not_lose_a_carry()
    {
        var data = new byte[65_535];
        Array.Fill(data, (byte)0xFF);
        Assert.Equal(Naive(data), InternetChecksum.Compute(data));
    }

    [Fact]
    public void Parts_of_even_length_may_be_added() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 200]).Sample((data, words) =>
        {
            var cut = Math.Min(words * 2, data.Length & ~1);
            return InternetChecksum.Finish(InternetChecksum.Sum(data.AsSpan(0, cut)) + InternetChecksum.Sum(data.AsSpan(cut))) == Naive(data);
        });

    [Fact]
    public void An_incremental_update_verifies_as_a_fresh_sum_does() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Int[0, 8], Gen.UShort, Gen.UInt).Sample((data, word, after, wide) =>
        {
            data[10] = data[11] = 0;
            data[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(10), InternetChecksum.Compute(data));
            var at = word == 5 ? 0 : word * 2;
            var before = BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at));
            if (at == 0) { after |= 0x4000; }
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(at), after);
            var updated = InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(10)), before, after);
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(10), updated);
            if (!InternetChecksum.IsValid(data)) { return false; }
            var wideBefore = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(12));
            BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(12), wide);
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(10), InternetChecksum.Update(updated, wideBefore, wide));
            return InternetChecksum.IsValid(data);
        });

    [Fact]
    public void The_pseudo_header_is_the_sum_of_its_bytes() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte, Gen.Int[0, 65_535]).Sample((addresses, protocol, length) =>
        {
            var bytes = new byte[40];
            addresses.CopyTo(bytes, 0);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(32), length);
            bytes[39] = protocol;
            var source = BinaryPrimitives.ReadUInt128BigEndian(addresses);
            var destination = BinaryPrimitives.ReadUInt128BigEndian(addresses.AsSpan(16));
            return InternetChecksum.Finish(InternetChecksum.PseudoHeader(source, destination, protocol, length)) == Naive(bytes);
        });

    private static ushort Naive(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (var i = 0; i < data.Length; i += 2)
        {
            sum += (uint)((data[i] << 8) | (i + 1 < data.Length ? data[i + 1] : 0));
            if (sum > 0xFFFF) { sum = (sum & 0xFFFF) + 1; }
        }
        return (ushort)~sum;
    }
}

public class Crc32CTests
{
    // RFC 3720 appendix B.4, as numbers (the appendix prints the bytes of the wire, lowest first).
    [Fact]
    public void The_vectors_of_rfc_3720_hold()
    {
        Assert.Equal(0x8a9136aau, Crc32C.Compute(new byte[32]));
        var ones = new byte[32];
        Array.Fill(ones, (byte)0xFF);
        Assert.Equal(0x62a8ab43u, Crc32C.Compute(ones));
        var rising = new byte[32];
        for (var i = 0; i < 32; i++) { rising[i] = (byte)i; }
        Assert.Equal(0x46dd794eu, Crc32C.Compute(rising));
        Array.Reverse(rising);
        Assert.Equal(0x113fdb5cu, Crc32C.Compute(rising));
        Assert.Equal(0xe3069283u, Crc32C.Compute("123456789"u8));
    }

    [Fact]
    public void Every_length_agrees_with_the_bitwise_definition_and_can_be_appended() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 100]).Sample((data, cut) =>
        {
            cut = Math.Min(cut, data.Length);
            return Crc32C.Append(Crc32C.Compute(data.AsSpan(0, cut)), data.AsSpan(cut)) == Bitwise(data) && Crc32C.Compute(data) == Bitwise(data);
        });

    private static uint Bitwise(byte[] data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var octet in data)
        {
            crc ^= octet;
            for (var i = 0; i < 8; i++) { crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1; }
        }
        return ~crc;
    }
}

public class HmacSha224Tests
{
    // RFC 4231 sections 4.2 to 4.8.
    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22")]
    [InlineData("4a656665", "what do ya want for nothing?", "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44")]
    public void The_RFC_s_vectors_hold(string key, string text, string expected) =>
        Assert.Equal(expected, Code(Convert.FromHexString(key), System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_key_longer_than_a_block_is_hashed_first()
    {
        var key = Enumerable.Repeat((byte)0xaa, 131).ToArray();
        Assert.Equal("95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e", Code(key, "Test Using Larger Than Block-Size Key - Hash Key First"u8));
    }

    private static string Code(byte[] key, ReadOnlySpan<byte> text)
    {
        var whole = new byte[HmacSha224.Length];
        // In pieces of every length.
        for (var piece = 1; piece < 8; piece++)
        {
            var hash = new HmacSha224(key);
            for (var at = 0; at < text.Length; at += piece) { hash.Append(text.Slice(at, Math.Min(piece, text.Length - at))); }
            hash.Finish(whole);
        }
        return Convert.ToHexStringLower(whole);
    }
}
