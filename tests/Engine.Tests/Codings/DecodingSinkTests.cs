using System.IO.Compression;
using System.Text;
using CsCheck;
using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Codings;

/// <summary>Content codings are taken off while bytes come, whatever pieces they come in, and what is wrong with them is known.</summary>
public sealed class DecodingSinkTests
{
    public static TheoryData<string> Names => [.. ContentCodings.All.Select(row => row.Name)];

    [Fact]
    public void The_codings_are_those_of_curl_in_its_order() => Assert.Equal("deflate, gzip, br, zstd", ContentCodings.Accepted);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Content_comes_out_the_same_in_whatever_pieces_it_comes(string name)
    {
        var coding = ContentCodings.Find(name)!;
        foreach (var content in new byte[][] { [], [1], Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("firstbyte ", 5000))), Noise(200_000) })
        {
            var coded = coding.Encoded(content);
            foreach (var piece in new[] { coded.Length + 1, 1, 2, 7, 1000 })
            {
                if (piece == 1 && coded.Length > 20_000) { continue; }
                var (sink, decoded, fault) = await DecodeAsync(name, coded, piece);
                Assert.Equal(CodingFault.None, fault);
                Assert.True(decoded.AsSpan().SequenceEqual(content), $"{name}, {content.Length} bytes in pieces of {piece}");
                Assert.Equal((coded.Length, content.Length), (sink.CodedBytes, sink.DecodedBytes));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Content_arrives_before_its_last_byte_has(string name)
    {
        var coded = ContentCodings.Find(name)!.Encoded(Noise(1_000_000));
        var memory = new MemorySink();
        var sink = new DecodingSink(memory);
        sink.Begin(Described(name));
        await sink.WriteAsync(coded.AsMemory(0, coded.Length / 2), default);
        Assert.InRange(memory.Body.Length, 250_000, 600_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_cut_anywhere_is_known_to_be_cut(string name)
    {
        var coded = ContentCodings.Find(name)!.Encoded("the whole of the content, and nothing but the content"u8);
        for (var length = 1; length < coded.Length; length++)
        {
            var (_, _, fault) = await DecodeAsync(name, coded.AsSpan(0, length).ToArray(), 5);
            // Of zlib's format the library reads the data's end and not what stands behind it, the checksum.
            if (name == "deflate" && length >= coded.Length - 4) { continue; }
            Assert.True(fault is CodingFault.EndsAmiss or CodingFault.Malformed, $"{length} of {coded.Length} bytes: {fault}");
        }
    }

    // FDICT (RFC 1950 2.2): a preset dictionary is wanted, which nobody has agreed upon.
    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public async Task A_preset_dictionary_is_refused(int pieces)
    {
        var (_, _, fault) = await DecodeAsync("deflate", [0x78, 0x20, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1], pieces);
        Assert.Equal(CodingFault.Malformed, fault);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_none_of_the_coding_is_refused(string name)
    {
        var (_, _, fault) = await DecodeAsync(name, "<!DOCTYPE html><p>This was never coded, whatever the head says.</p>"u8.ToArray(), 1000);
        Assert.True(fault is CodingFault.Malformed or CodingFault.EndsAmiss, $"{fault}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bomb_is_stopped_at_its_limit(string name)
    {
        var bomb = ContentCodings.Find(name)!.Encoded(new byte[64 << 20]);
        var (sink, decoded, fault) = await DecodeAsync(name, bomb, 16 * 1024);
        Assert.Equal(CodingFault.Bomb, fault);
        Assert.InRange(decoded.Length, CodingLimits.HarmlessBytes - 100_000, CodingLimits.HarmlessBytes + 100_000);
        Assert.Equal(decoded.Length, sink.DecodedBytes);
    }

    [Fact]
    public async Task A_bomb_in_a_bomb_is_stopped_too()
    {
        var gzip = ContentCodings.Find("gzip")!;
        var (_, decoded, fault) = await DecodeAsync("gzip, br", ContentCodings.Find("br")!.Encoded(gzip.Encoded(new byte[256 << 20])), 1000);
        Assert.Equal(CodingFault.Bomb, fault);
        Assert.InRange(decoded.Length, 0, CodingLimits.HarmlessBytes + 100_000);
    }

    [Fact]
    public async Task A_small_page_of_blanks_is_no_bomb()
    {
        var (_, decoded, fault) = await DecodeAsync("gzip", ContentCodings.Find("gzip")!.Encoded(new byte[5 << 20]), 1000);
        Assert.Equal((CodingFault.None, 5 << 20), (fault, decoded.Length));
    }

    [Fact]
    public async Task Codings_lie_over_each_other_in_the_order_of_the_field()
    {
        var coded = "the content"u8.ToArray();
        foreach (var name in new[] { "gzip", "br", "zstd" }) { coded = ContentCodings.Find(name)!.Encoded(coded); }
        var (sink, decoded, fault) = await DecodeAsync("gzip, BR,identity , zstd", coded, 3);
        Assert.Equal((CodingFault.None, "the content"), (fault, Encoding.ASCII.GetString(decoded)));
        Assert.Equal(["gzip", "BR", "zstd"], sink.Codings);
    }

    [Fact]
    public async Task Deflate_without_zlibs_header_is_taken_as_it_was_meant()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("firstbyte ", 500)));
        using var coded = new MemoryStream();
        using (var encoder = new DeflateStream(coded, CompressionLevel.Fastest, leaveOpen: true)) { encoder.Write(content); }
        foreach (var piece in new[] { 1, 2, 1000 })
        {
            var (_, decoded, fault) = await DecodeAsync("deflate", coded.ToArray(), piece);
            Assert.Equal(CodingFault.None, fault);
            Assert.Equal(content, decoded);
        }
    }

    [Fact]
    public async Task Members_of_gzip_and_frames_of_zstd_follow_each_other()
    {
        foreach (var name in new[] { "gzip", "x-gzip", "zstd" })
        {
            var coding = ContentCodings.Find(name)!;
            foreach (var piece in new[] { 5, 20, 1000 })
            {
                var (_, decoded, fault) = await DecodeAsync(name, [.. coding.Encoded("one "u8), .. coding.Encoded("two"u8), .. coding.Encoded("!"u8)], piece);
                Assert.Equal((CodingFault.None, "one two!"), (fault, Encoding.ASCII.GetString(decoded)));
            }
        }
    }

    [Theory]
    [InlineData("compress", CodingFault.Unknown)]
    [InlineData("gzip, foo", CodingFault.Unknown)]
    [InlineData("gzip, gzip, gzip, gzip, gzip, gzip", CodingFault.TooManyLayers)]
    public async Task What_is_not_spoken_is_refused_by_name(string field, CodingFault expected)
    {
        var (_, decoded, fault) = await DecodeAsync(field, [1, 2, 3], 10);
        Assert.Equal((expected, 0), (fault, decoded.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData(null)]
    public async Task What_has_no_coding_passes(string? field)
    {
        var (sink, decoded, fault) = await DecodeAsync(field, "plain"u8.ToArray(), 2);
        Assert.Equal((CodingFault.None, "plain", 0), (fault, Encoding.ASCII.GetString(decoded), sink.Codings.Length));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("deflate, gzip, br, zstd", "deflate")]
    [InlineData("gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("gzip;q=x", null)]
    [InlineData(null, null)]
    public void A_server_puts_on_what_is_accepted(string? accepted, string? chosen) => Assert.Equal(chosen, ContentCodings.Choose(accepted)?.Name);

    [Fact]
    public void Whatever_comes_nothing_is_thrown_but_the_verdict()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Byte.Array[0, 200], Gen.Int[1, 50], Gen.Int[0, 60], Gen.Byte).Sample((at, noise, piece, flip, by) =>
        {
            var row = ContentCodings.All[at];
            var coded = row.Encoded(noise);
            if (flip < coded.Length) { coded[flip] ^= by; }
            var (_, decoded, fault) = DecodeAsync(row.Name, coded, piece).GetAwaiter().GetResult();
            if (by == 0 || flip >= coded.Length) { Assert.True(fault == CodingFault.None && decoded.AsSpan().SequenceEqual(noise)); }
        });
    }

    private static ContentDescription Described(string? coding)
    {
        var (reader, head) = (new ResponseReader(), new ResponseHead());
        reader.Begin(head);
        var wire = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{(coding is null ? "" : $"Content-Encoding: {coding}\r\n")}\r\n");
        while (reader.Read(wire, false, out var consumed).Kind != MessageEventKind.Head) { wire = wire[consumed..]; }
        return new ContentDescription(head);
    }

    private static async Task<(DecodingSink Sink, byte[] Decoded, CodingFault Fault)> DecodeAsync(string? field, byte[] coded, int piece)
    {
        var memory = new MemorySink();
        var sink = new DecodingSink(memory);
        sink.Begin(Described(field));
        try
        {
            for (var at = 0; at < coded.Length; at += piece) { await sink.WriteAsync(coded.AsMemory(at, Math.Min(piece, coded.Length - at)), default); }
        }
        catch (IOException) { Assert.NotEqual(CodingFault.None, sink.Fault); }
        var fault = sink.Finish();
        return (sink, memory.Body.ToArray(), fault);
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        var state = 1u;
        for (var i = 0; i < length; i++)
        {
            state = state * 1664525 + 1013904223;
            noise[i] = (byte)(state >> 24);
        }
        return noise;
    }
}
