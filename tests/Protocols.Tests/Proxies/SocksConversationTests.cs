using System.Text;
using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;

namespace Firstbyte.Tests.Proxies;

/// <summary>SOCKS by the bytes of RFC 1928, RFC 1929 and the memos on SOCKS 4 and 4A: what goes out, what comes, what it means.</summary>
public sealed class SocksConversationTests
{
    private static readonly Credentials s_bob = new("bob", "sesame");
    private static readonly IpAddress s_v4 = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_v6 = IpAddress.Parse("2001:db8::1");

    [Theory]
    // 4: VN CD DSTPORT DSTIP USERID NULL; 4A: 0.0.0.1, and the name at the end.
    [InlineData(4, "192.0.2.1", false, "04 01 00 50 c0 00 02 01 00 | 00 5a 00 00 00 00 00 00", "")]
    [InlineData(4, "192.0.2.1", true, "04 01 00 50 c0 00 02 01 62 6f 62 00 | 00 5a 04 38 c6 33 64 07", "198.51.100.7:1080")]
    [InlineData(4, "a.test", false, "04 01 00 50 00 00 00 01 00 61 2e 74 65 73 74 00 | 00 5a 00 00 00 00 00 00", "")]
    // 5: methods, then VER CMD RSV ATYP ADDR PORT.
    [InlineData(5, "192.0.2.1", false, "05 01 00 | 05 00 | 05 01 00 01 c0 00 02 01 00 50 | 05 00 00 01 c6 33 64 07 04 38", "198.51.100.7:1080")]
    [InlineData(5, "2001:db8::1", false, "05 01 00 | 05 00 | 05 01 00 04 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 00 50 | 05 00 00 04 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02 00 07", "[2001:db8::2]:7")]
    [InlineData(5, "a.test", false, "05 01 00 | 05 00 | 05 01 00 03 06 61 2e 74 65 73 74 00 50 | 05 00 00 03 01 62 00 09", "b:9")]
    [InlineData(5, "a.test", false, "05 01 00 | 05 00 | 05 01 00 03 06 61 2e 74 65 73 74 00 50 | 05 00 00 03 00 00 00", "")]
    [InlineData(5, "192.0.2.1", true, "05 02 00 02 | 05 02 | 01 03 62 6f 62 06 73 65 73 61 6d 65 | 01 00 | 05 01 00 01 c0 00 02 01 00 50 | 05 00 00 01 00 00 00 00 00 00", "")]
    [InlineData(5, "192.0.2.1", true, "05 02 00 02 | 05 00 | 05 01 00 01 c0 00 02 01 00 50 | 05 00 00 01 00 00 00 00 00 00", "")]
    public void A_tunnel_is_asked_for_and_stands(int version, string target, bool isBob, string script, string bound)
    {
        foreach (var size in (int[])[1, 2, 3, 1000])
        {
            var talk = Play(version, target, isBob ? s_bob : null, script, size);
            Assert.Equal((true, SocksFault.None, bound, 0), (talk.IsOpen, talk.Fault, talk.Bound, talk.Missing));
        }
    }

    [Theory]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 00 5b 00 00 00 00 00 00", SocksFault.GeneralFailure)]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 00 5c 00 00 00 00 00 00", SocksFault.CredentialsRefused)]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 00 5d 00 00 00 00 00 00", SocksFault.CredentialsRefused)]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 00 00 00 00 00 00 00 00", SocksFault.ReplyUnknown)]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 48", SocksFault.NotSocks)]
    [InlineData(4, false, "04 01 00 50 c0 00 02 01 00 | 00 5a 00 end", SocksFault.Ended)]
    [InlineData(5, false, "05 01 00 | 05 ff", SocksFault.CredentialsWanted)]
    [InlineData(5, true, "05 02 00 02 | 05 ff", SocksFault.MethodsRefused)]
    [InlineData(5, false, "05 01 00 | 05 02", SocksFault.MethodNotOffered)]
    [InlineData(5, true, "05 02 00 02 | 05 01", SocksFault.MethodNotOffered)]
    [InlineData(5, false, "05 01 00 | 48", SocksFault.NotSocks)]
    [InlineData(5, false, "05 01 00 | end", SocksFault.Ended)]
    [InlineData(5, true, "05 02 00 02 | 05 02 | 01 03 62 6f 62 06 73 65 73 61 6d 65 | 01 01", SocksFault.CredentialsRefused)]
    [InlineData(5, true, "05 02 00 02 | 05 02 | 01 03 62 6f 62 06 73 65 73 61 6d 65 | 05", SocksFault.NotSocks)]
    [InlineData(5, false, Connect + "05 01 00 01 00", SocksFault.GeneralFailure)]
    [InlineData(5, false, Connect + "05 02 00 01 00", SocksFault.NotAllowed)]
    [InlineData(5, false, Connect + "05 03 00 01 00", SocksFault.NetworkUnreachable)]
    [InlineData(5, false, Connect + "05 04 00 01 00", SocksFault.HostUnreachable)]
    [InlineData(5, false, Connect + "05 05 00 01 00", SocksFault.ConnectionRefused)]
    [InlineData(5, false, Connect + "05 06 00 01 00", SocksFault.TimeToLiveExpired)]
    [InlineData(5, false, Connect + "05 07 00 01 00", SocksFault.CommandNotSupported)]
    [InlineData(5, false, Connect + "05 08 00 01 00", SocksFault.AddressTypeNotSupported)]
    [InlineData(5, false, Connect + "05 09 00 01 00", SocksFault.ReplyUnknown)]
    [InlineData(5, false, Connect + "05 ff 00 01 00", SocksFault.ReplyUnknown)]
    [InlineData(5, false, Connect + "05 00 00 02 00", SocksFault.AddressTypeUnknown)]
    [InlineData(5, false, Connect + "05 00 00 01 00 00 end", SocksFault.Ended)]
    public void A_refusal_is_named(int version, bool isBob, string script, SocksFault fault)
    {
        foreach (var size in (int[])[1, 1000])
        {
            var talk = Play(version, "192.0.2.1", isBob ? s_bob : null, script, size);
            Assert.Equal((false, fault, 0, 0), (talk.IsOpen, talk.Fault, talk.Missing, talk.Outgoing.Length));
        }
    }

    private const string Connect = "05 01 00 | 05 00 | 05 01 00 01 c0 00 02 01 00 50 | ";

    [Fact]
    public void What_socks_cannot_say_is_not_sent()
    {
        var long255 = new string('a', 255);
        Assert.Equal(SocksFault.None, new SocksConversation(5, long255, 80, null).Fault);
        Assert.Equal(SocksFault.None, new SocksConversation(5, s_v6, 80, new Credentials(long255, long255)).Fault);
        Assert.Equal(SocksFault.NameUnsayable, new SocksConversation(5, long255 + "a", 80, null).Fault);
        Assert.Equal(SocksFault.NameUnsayable, new SocksConversation(4, "a\0b", 80, null).Fault);
        Assert.Equal(SocksFault.CredentialsUnsayable, new SocksConversation(5, s_v4, 80, new Credentials("", "x")).Fault);
        Assert.Equal(SocksFault.CredentialsUnsayable, new SocksConversation(5, s_v4, 80, new Credentials(long255 + "a", "x")).Fault);
        Assert.Equal(SocksFault.CredentialsUnsayable, new SocksConversation(5, s_v4, 80, new Credentials("a", long255 + "a")).Fault);
        Assert.Equal(SocksFault.CredentialsUnsayable, new SocksConversation(4, s_v4, 80, new Credentials("a\0b", "")).Fault);
        Assert.Equal(SocksFault.NeedsIpv4, new SocksConversation(4, s_v6, 80, null).Fault);
        Assert.Equal(0, new SocksConversation(4, s_v6, 80, null).Outgoing.Length);
    }

    /// <summary>Whatever a client of ours says, a proxy of ours understands, in whatever pieces it comes; and no byte more is taken than belongs to it.</summary>
    [Fact]
    public void Both_sides_understand_each_other()
    {
        var text = Gen.Char['a', 'z'].Array[1, 30].Select(static letters => new string(letters));
        Gen.Select(Gen.Int[4, 5], text, Gen.Int[0, 2], Gen.UShort, Gen.Bool, Gen.Bool, Gen.Int[1, 9]).Sample((version, name, kind, port, knows, wants, size) =>
        {
            var who = knows ? new Credentials(name, name + "!") : null;
            var client = kind switch
            {
                0 => new SocksConversation(version, name, port, who),
                1 => new SocksConversation(version, s_v4, port, who),
                _ => new SocksConversation(5, s_v6, port, who),
            };
            var proxy = new SocksServerConversation(wants ? new Credentials(name, name + "!") : null);
            for (var turns = 0; turns < 1000 && !client.IsOpen && client.Fault == SocksFault.None; turns++)
            {
                var sent = client.Outgoing.ToArray();
                client.Sent();
                var at = 0;
                while (at < sent.Length && proxy.Missing > 0 && !proxy.IsOver)
                {
                    var count = Math.Min(Math.Min(size, proxy.Missing), sent.Length - at);
                    proxy.Receive(sent.AsSpan(at, count));
                    at += count;
                }
                Assert.Equal(sent.Length, at);
                byte[] reply = proxy.HasTarget ? proxy.Reply(SocksFault.None, new Endpoint(s_v4, 9)) : proxy.Outgoing.ToArray();
                proxy.Sent();
                if (reply.Length == 0) { client.End(); }
                for (at = 0; at < reply.Length && client.Missing > 0;)
                {
                    var count = Math.Min(Math.Min(size, client.Missing), reply.Length - at);
                    client.Receive(reply.AsSpan(at, count));
                    at += count;
                }
            }
            var isLetIn = !wants || (knows && (version == 5 || kind == 2));
            Assert.Equal(isLetIn, client.IsOpen);
            if (!isLetIn) { return; }
            Assert.Equal((true, kind == 0 ? name : null, port, $"{s_v4}:9"), (proxy.HasTarget, proxy.Name, proxy.Port, client.Bound));
            if (kind > 0) { Assert.Equal(kind == 1 ? s_v4 : s_v6, proxy.Address); }
        }, iter: Depth.Of(2000));
    }

    [Fact]
    public void A_proxy_that_is_spoken_to_otherwise_ends_it()
    {
        var proxy = new SocksServerConversation(null);
        proxy.Receive("GE"u8);
        Assert.Equal((true, 0), (proxy.IsOver, proxy.Outgoing.Length));
        // BIND, and an address of a kind that nobody knows (RFC 1928 6: 7 and 8).
        Assert.Equal(7, Refusal([5, 2, 0, 1, 0]));
        Assert.Equal(8, Refusal([5, 1, 0, 9, 0]));
        Assert.Equal(8, Refusal([5, 1, 0, 3, 0]));

        static int Refusal(byte[] request)
        {
            var talk = new SocksServerConversation(null);
            talk.Receive([5, 1]);
            talk.Receive([0]);
            talk.Sent();
            talk.Receive(request);
            Assert.True(talk.IsOver);
            return talk.Outgoing.Span[1];
        }
    }

    private static SocksConversation Play(int version, string target, Credentials? who, string script, int size)
    {
        var talk = IpAddress.TryParse(target, out var address) ? new SocksConversation(version, address, 80, who) : new SocksConversation(version, target, 80, who);
        var isOurs = true;
        foreach (var message in script.Split(" | "))
        {
            if (isOurs)
            {
                Assert.Equal(message.Trim(), Convert.ToHexStringLower(talk.Outgoing.Span).Chunk(2).Select(static two => new string(two)).Aggregate(new StringBuilder(), static (text, two) => text.Append(text.Length > 0 ? " " : "").Append(two)).ToString());
                Assert.Equal(0, talk.Missing);
                talk.Sent();
            }
            else
            {
                var isEnd = message.EndsWith("end", StringComparison.Ordinal);
                var bytes = Convert.FromHexString(message.Replace("end", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
                for (var at = 0; at < bytes.Length;)
                {
                    Assert.True(talk.Missing > 0, "more came than was missing");
                    var count = Math.Min(Math.Min(size, talk.Missing), bytes.Length - at);
                    talk.Receive(bytes.AsSpan(at, count));
                    at += count;
                }
                if (isEnd) { talk.End(); }
            }
            isOurs = !isOurs;
        }
        return talk;
    }
}
