using System.Buffers.Binary;
using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Transactions;

/// <summary>RFC 8945, clause by clause: who is believed, and what is said to whom who is not.</summary>
public class TsigSessionTests
{
    private static readonly Instant s_now = Instant.SimulationEpoch;
    private static readonly TsigKey s_key = Key(TsigAlgorithm.HmacSha256);
    private static readonly ZoneSet s_zones = new(ZoneTests.Load("zone.test.", "@ SOA ns h 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nbig TXT " + string.Join(' ', Enumerable.Repeat(new string('x', 200), 6))));

    public static TheoryData<string> Algorithms => [.. TsigAlgorithm.All.Select(static algorithm => algorithm.Mnemonic)];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_signed_question_has_a_signed_answer(string mnemonic)
    {
        var algorithm = TsigAlgorithm.Find(mnemonic)!;
        foreach (var length in (int[])[0, algorithm.MinLength])
        {
            var key = Key(algorithm, length);
            var (session, answer) = Ask(key, key, s_now, s_now);
            Assert.Equal(TsigFault.None, session.Verify(answer, s_now, out var signedLength));
            Assert.InRange(answer.Length - signedLength, 1, session.SignatureLength);
            var read = Read(answer);
            Assert.Equal((ResponseCode.NoError, "ns.zone.test. 60 IN A 192.0.2.1"), (read.ResponseCode, Assert.Single(read.Answers).ToString()));
        }
    }

    [Fact]
    public void Every_bit_of_an_answer_is_covered()
    {
        var (session, answer) = Ask(s_key, s_key, s_now, s_now);
        Gen.Int[2, answer.Length * 8 - 1].Sample(bit =>
        {
            var other = (byte[])answer.Clone();
            other[bit / 8] ^= (byte)(1 << bit % 8);
            // The id in the header is the one that a forwarder may change; the case of names is nobody's.
            if (bit < 16 || (other[bit / 8] ^ answer[bit / 8]) == 0x20) { return; }
            var (again, _) = Ask(s_key, s_key, s_now, s_now);
            Assert.NotEqual(TsigFault.None, again.Verify(other, s_now, out _));
        });
        Assert.Equal(TsigFault.None, session.Verify(answer, s_now, out _));
    }

    [Theory]
    // Section 5.2.1: the key; 5.2.2: the code; 5.2.3: the time; 5.2.2.1 and 5.2.4: its length.
    [InlineData("other.", 32, 0, "NOTAUTH BADKEY unsigned")]
    [InlineData("key.", 32, 300, "NOERROR NOERROR signed")]
    [InlineData("key.", 32, -300, "NOERROR NOERROR signed")]
    [InlineData("key.", 32, 301, "NOTAUTH BADTIME signed")]
    [InlineData("key.", 32, -301, "NOTAUTH BADTIME signed")]
    [InlineData("key.", 16, 0, "NOTAUTH BADTRUNC signed")]
    public void What_does_not_hold_is_told_apart(string name, int macLength, int ahead, string expected)
    {
        var key = new TsigKey(DnsName.Parse(name), TsigAlgorithm.HmacSha256, "secret"u8, macLength);
        var (session, answer) = Ask(key, s_key, s_now + TimeSpan.FromSeconds(ahead), s_now);
        var record = Assert.Single(Read(answer).Additionals);
        Assert.Equal(RecordType.TSIG, record.Type);
        var words = record.Data.ToString().Split(' ');
        var isSigned = words[3] != "0";
        Assert.Equal(expected, $"{Read(answer).ResponseCode} {words[isSigned ? 6 : 5]} {(isSigned ? "signed" : "unsigned")}");
        // Who is told of a wrong clock can check that it was the server who said so.
        var fault = session.Verify(answer, s_now + TimeSpan.FromSeconds(ahead), out _);
        if (macLength == 32) { Assert.Equal(expected.StartsWith("NOERROR", StringComparison.Ordinal) ? TsigFault.None : TsigFault.RefusedByPeer, fault); }
    }

    [Fact]
    public void Another_secret_is_a_bad_signature()
    {
        var other = new TsigKey(s_key.Name, s_key.Algorithm, "another"u8);
        var (session, answer) = Ask(other, s_key, s_now, s_now);
        Assert.Equal(ResponseCode.NotAuthoritative, Read(answer).ResponseCode);
        Assert.Equal((TsigFault.RefusedByPeer, ResponseCode.BadSignature), (session.Verify(answer, s_now, out _), session.PeerError));
    }

    [Theory]
    [InlineData(9, "FORMERR")]
    [InlineData(33, "FORMERR")]
    [InlineData(16, "NOTAUTH")]
    public void A_code_of_no_possible_length_is_malformed(int length, string expected)
    {
        var query = Signed(s_key, s_now);
        var record = query.AsSpan(query.Length - s_key.RecordLength + 6);
        Assert.Equal(32, BinaryPrimitives.ReadUInt16BigEndian(record[(s_key.Name.Length + 10 + s_key.Algorithm.Name.Length + 8)..]));
        var mac = query.Length - 6 - 32;
        byte[] bytes = [.. query[..mac], .. new byte[length], .. query[(mac + 32)..]];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(mac - 2), (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(mac - 10 - s_key.Algorithm.Name.Length - 2), (ushort)(s_key.Algorithm.Name.Length + 16 + length));
        Assert.Equal(expected, Read(Answer(s_key, bytes, s_now)).ResponseCode.ToString());
    }

    [Fact]
    public void A_signature_that_is_not_the_last_record_or_not_alone_is_malformed()
    {
        var query = Signed(s_key, s_now);
        var start = query.Length - s_key.RecordLength + 6;
        byte[] twice = [.. query, .. query[start..]];
        twice[11]++;
        Assert.Equal(ResponseCode.FormatError, Read(Answer(s_key, twice, s_now)).ResponseCode);
        byte[] before = [.. query, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        before[11]++;
        Assert.Equal(ResponseCode.FormatError, Read(Answer(s_key, before, s_now)).ResponseCode);
    }

    [Fact]
    public void The_signature_has_its_room_in_a_datagram()
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse("big.zone.test."), RecordType.TXT), edns: new Edns(1300, 0, false, [])).ToArray();
        var buffer = new byte[1300];
        query.CopyTo(buffer, 0);
        var length = new TsigSession(s_key).Sign(buffer, query.Length, s_now);
        var server = new AuthoritativeServer(s_zones, new AuthoritativeServerOptions { Keys = new TsigKeyring(s_key) });
        var response = new byte[1232];
        var answered = server.Answer(buffer.AsSpan(0, length), new QuerySource(default, DnsTransport.Udp, s_now), response);
        var read = Read(response[..answered]);
        // 1,230 bytes of text and a signature are more than 1,232: cut, and signed.
        Assert.True(read.IsTruncated);
        Assert.Equal(RecordType.TSIG, Assert.Single(read.Additionals).Type);
    }

    [Fact]
    public void Messages_of_a_stream_hang_together()
    {
        Gen.Select(Gen.Int[1, 12].Array[1, 6], Gen.Int[0, 1000]).Sample((gaps, seed) =>
        {
            var (asks, answers) = Begin();
            var signed = Sign(answers, gaps, seed);
            Assert.All(signed, message => Assert.Equal(TsigFault.None, asks.Verify(message, s_now, out _)));
            Assert.True(asks.IsSettled);
            if (signed.Count < 2) { return; }
            // One is left out, whether it was signed itself or not.
            var (second, again) = Begin();
            var wrong = Sign(again, gaps, seed);
            wrong.RemoveAt(seed % (wrong.Count - 1));
            Assert.Contains(wrong, message => second.Verify(message, s_now, out _) != TsigFault.None);
        });
    }

    [Fact]
    public void A_hundredth_message_without_a_signature_is_too_many()
    {
        var (asks, answers) = Begin();
        Assert.Equal(TsigFault.Unsigned, Begin().Asks.Verify(Message(1), s_now, out _));
        Assert.Equal(TsigFault.None, asks.Verify(Sign(answers, Message(1)), s_now, out _));
        for (var i = 0; i < TsigSession.MaxUnsigned; i++) { Assert.Equal(TsigFault.None, asks.Verify(Message(i), s_now, out _)); }
        Assert.False(asks.IsSettled);
        Assert.Equal(TsigFault.Unsigned, asks.Verify(Message(0), s_now, out _));
    }

    [Fact]
    public void A_secret_is_never_shown() => Assert.Equal("key. hmac-sha256", s_key.ToString());

    private static (TsigSession Asks, TsigSession Answers) Begin()
    {
        var asks = new TsigSession(s_key);
        var query = Sign(asks, Message(9));
        var name = new byte[WireName.MaxLength];
        Assert.True(MessageView.TryRead(query, out var view, out _));
        Assert.Equal(TsigPresence.Present, TsigRecord.Find(view, name, out var record));
        Assert.Equal(TsigFault.None, TsigSession.CheckRequest(query, record, new TsigKeyring(s_key), s_now, out var answers));
        return (asks, answers!);
    }

    /// <summary>A stream of messages of which every so-manieth is signed; those between are covered by the next signature.</summary>
    private static List<byte[]> Sign(TsigSession session, int[] gaps, int seed)
    {
        var messages = new List<byte[]> { Sign(session, Message(seed)) };
        foreach (var gap in gaps)
        {
            for (var i = 1; i < gap; i++)
            {
                messages.Add(Message(seed + i));
                Assert.Equal(TsigFault.None, session.TakeUnsigned(messages[^1]));
            }
            messages.Add(Sign(session, Message(seed)));
        }
        return messages;
    }

    private static byte[] Message(int id) => DnsMessage.Query((ushort)id, new Question(DnsName.Parse("zone.test."), RecordType.AXFR)).ToArray();

    private static byte[] Sign(TsigSession session, byte[] message)
    {
        var buffer = new byte[message.Length + session.SignatureLength];
        message.CopyTo(buffer, 0);
        return buffer[..session.Sign(buffer, message.Length, s_now)];
    }

    private static TsigKey Key(TsigAlgorithm algorithm, int macLength = 0) => new(DnsName.Parse("KEY."), algorithm, "secret"u8, macLength);

    private static byte[] Signed(TsigKey key, Instant at) => Sign(new TsigSession(key), at);

    private static byte[] Sign(TsigSession session, Instant at)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse("ns.zone.test."), RecordType.A)).ToArray();
        var buffer = new byte[query.Length + session.SignatureLength];
        query.CopyTo(buffer, 0);
        return buffer[..session.Sign(buffer, query.Length, at)];
    }

    private static (TsigSession Session, byte[] Answer) Ask(TsigKey asks, TsigKey knows, Instant at, Instant now)
    {
        var session = new TsigSession(asks);
        return (session, Answer(knows, Sign(session, at), now));
    }

    private static byte[] Answer(TsigKey knows, byte[] query, Instant now)
    {
        var server = new AuthoritativeServer(s_zones, new AuthoritativeServerOptions { Keys = new TsigKeyring(knows) });
        var response = new byte[1232];
        return response[..server.Answer(query, new QuerySource(default, DnsTransport.Udp, now), response)];
    }

    private static DnsMessage Read(byte[] message)
    {
        Assert.True(DnsMessage.TryParse(message, out var read, out var error), error.ToString());
        return read;
    }
}
