using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Tapping;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Tapping;

/// <summary>Frames of dnstap, taken apart again by a reader of protocol buffers that knows nothing of how they were made.</summary>
public sealed class DnstapFrameTests
{
    [Theory]
    [InlineData(TapPoint.ClientQuery, DnsTransport.Udp, "192.0.2.1", 12, "ns")]
    [InlineData(TapPoint.ClientResponse, DnsTransport.Tcp, "2001:db8::1", 65_535, "ns")]
    [InlineData(TapPoint.ResolverQuery, DnsTransport.Tls, "192.0.2.1", 300, "")]
    [InlineData(TapPoint.ResolverResponse, DnsTransport.Https, "2001:db8::1", 128, "")]
    public void A_message_is_what_it_was(TapPoint point, DnsTransport transport, string asker, int length, string identity)
    {
        var message = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        var (from, to) = (IpAddress.Parse(asker), IpAddress.Parse(asker.Contains(':', StringComparison.Ordinal) ? "2001:db8::53" : "192.0.2.53"));
        var seen = new TappedMessage(point, transport, new Endpoint(from, 5353), new Endpoint(to, 53), new Instant(1_700_000_000_123_456_789));
        var buffer = new byte[length + DnstapFrame.MaxOverhead + identity.Length];
        var written = DnstapFrame.Write(buffer, seen, message, System.Text.Encoding.UTF8.GetBytes(identity));
        Assert.Equal(written - 4, BinaryPrimitives.ReadInt32BigEndian(buffer));
        var outer = Read(buffer.AsSpan(4, written - 4));
        Assert.Equal(1ul, outer[15].Number);
        Assert.Equal(identity, identity.Length == 0 ? "" : System.Text.Encoding.UTF8.GetString(outer[1].Bytes));
        var inner = Read(outer[14].Bytes);
        Assert.Equal(((ulong)point, from.IsV4 ? 1ul : 2, transport switch { DnsTransport.Udp => 1ul, DnsTransport.Tcp => 2, DnsTransport.Tls => 3, _ => 4 }), (inner[1].Number, inner[2].Number, inner[3].Number));
        Assert.True(IpAddress.TryFromBytes(inner[4].Bytes, out var readAsker) && IpAddress.TryFromBytes(inner[5].Bytes, out var answerer) && readAsker == from && answerer == to);
        Assert.Equal((5353ul, 53ul), (inner[6].Number, inner[7].Number));
        var isQuery = point is TapPoint.ClientQuery or TapPoint.ResolverQuery;
        Assert.Equal((1_700_000_000ul, 123_456_789ul), (inner[isQuery ? 8 : 12].Number, inner[isQuery ? 9 : 13].Number));
        Assert.Equal(message, inner[isQuery ? 10 : 14].Bytes);
        Assert.Equal(10, inner.Count);
    }

    [Fact]
    public void A_stream_begins_with_its_content_type_and_ends_with_a_frame_of_its_own()
    {
        byte[] start = [0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 22, .. "protobuf:dnstap.Dnstap"u8];
        Assert.Equal(start, DnstapFrame.Start);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3], DnstapFrame.Stop);
    }

    private static Dictionary<int, (ulong Number, byte[] Bytes)> Read(ReadOnlySpan<byte> text)
    {
        var fields = new Dictionary<int, (ulong, byte[])>();
        for (var at = 0; at < text.Length;)
        {
            var tag = Varint(text, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: fields.Add(field, (Varint(text, ref at), [])); break;
                case 5:
                    fields.Add(field, (BinaryPrimitives.ReadUInt32LittleEndian(text[at..]), []));
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(text, ref at);
                    fields.Add(field, (0, text.Slice(at, length).ToArray()));
                    at += length;
                    break;
                default: throw new InvalidDataException($"{tag}");
            }
        }
        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> text, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = text[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) { return value; }
        }
    }
}
