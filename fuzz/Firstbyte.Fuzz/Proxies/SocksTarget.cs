using Firstbyte.Addressing;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;

namespace Firstbyte.Fuzz.Proxies;

/// <summary>SOCKS: the input is what a proxy answers, and then what a client says to one.</summary>
internal sealed class SocksTarget : FuzzTarget
{
    private static readonly Credentials s_user = new("user", "password");

    public override string Name => "socks";

    public override string Holds =>
        "the same comes of the same bytes in any pieces, no byte beyond the last reply is taken, and a tunnel stands where the proxy says so, and only there";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        [5, 0], [5, 2], [5, 255], [1, 0], [1, 1], [5, 0, 0, 1], [5, 0, 0, 3], [5, 0, 0, 4], [0, 90], [0, 91],
        [5, 1, 0], [5, 2, 0, 2], [4, 1, 0, 80], [0, 0, 0, 1],
        [1, 4, .. "user"u8, 8, .. "password"u8],
    ];

    public override IEnumerable<byte[]> Seeds() => new byte[][]
    {
        [5, 0, 5, 0, 0, 1, 127, 0, 0, 1, 4, 56], [5, 2, 1, 0, 5, 0, 0, 3, 1, 97, 0, 80], [5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0], [5, 255], [5, 0, 5, 0, 0, 3, 0, 0, 80],
        [0, 90, 0, 80, 127, 0, 0, 1],
        [5, 0, 5, 0, 0, 4, .. new byte[16], 0, 80, 71, 69], [5, 1, 0, 5, 1, 0, 3, 1, 97, 0, 80],
        [5, 2, 0, 2, 1, 4, .. "user"u8, 8, .. "password"u8, 5, 1, 0, 1, 1, 2, 3, 4, 0, 80],
        [4, 1, 0, 80, 0, 0, 0, 1, 117, 0, 97, 46, 98, 0], [4, 1, 0, 80, 1, 2, 3, 4, 0], "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(),
    }.Select(static bytes => FuzzChoices.Before(bytes));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var taken);
        var rest = taken.ToArray();
        var size = 1 + choices.Below(7);
        foreach (var version in (int[])[4, 5])
        {
            foreach (var user in (Credentials?[])[null, s_user])
            {
                var whole = Ask(version, user, rest, int.MaxValue);
                var pieces = Ask(version, user, rest, size);
                Require(whole == pieces, "the same bytes in other pieces mean something else");
                var (agreed, isStrict) = Agreed(version, user is not null, rest);
                Require(!whole.IsOpen || whole.Taken == agreed, "a tunnel stands that the proxy has not agreed to, or not with these bytes");
                Require(whole.IsOpen || agreed < 0 || !isStrict, "the proxy has agreed, and no tunnel stands");
            }
        }
        foreach (var wanted in (Credentials?[])[null, s_user])
        {
            var whole = Serve(wanted, rest, int.MaxValue);
            Require(whole == Serve(wanted, rest, size), "the same bytes of a client in other pieces mean something else");
            Require(!whole.HasTarget || wanted is null || Contains(rest, "password"u8), "somebody is let in who has not said the password");
            Require(whole.Name is not { Length: 0 }, "a client wants to go to no name");
        }
    }

    /// <summary>
    /// How many bytes it takes a proxy to agree, -1 where it does not, and whether it keeps to the letter (RFC 1928 3 and 6, RFC 1929 2, and "SOCKS: A
    /// protocol for TCP proxy across firewalls").
    /// </summary>
    private static (int Length, bool IsStrict) Agreed(int version, bool hasUser, ReadOnlySpan<byte> bytes)
    {
        if (version == 4) { return bytes.Length >= 8 && bytes[1] == 90 ? (8, bytes[0] == 0) : (-1, false); }
        if (bytes.Length < 2 || bytes[0] != 5 || bytes[1] is not (0 or 2) || (bytes[1] == 2 && !hasUser)) { return (-1, false); }
        var (at, isStrict) = (2, true);
        if (bytes[1] == 2)
        {
            if (bytes.Length < 4 || bytes[3] != 0) { return (-1, false); }
            (at, isStrict) = (4, bytes[2] == 1);
        }
        var reply = bytes[at..];
        if (reply.Length < 5 || reply[0] != 5 || reply[1] != 0) { return (-1, false); }
        var length = reply[3] switch { 1 => 10, 3 => 7 + reply[4], 4 => 22, _ => int.MaxValue };
        return reply.Length < length ? (-1, false) : (at + length, isStrict && reply[2] == 0);
    }

    private static bool Contains(byte[] bytes, ReadOnlySpan<byte> text) => bytes.AsSpan().IndexOf(text) >= 0;

    private static (bool IsOpen, SocksFault Fault, string Bound, int Taken) Ask(int version, Credentials? user, byte[] bytes, int size)
    {
        var talk = version == 4 ? new SocksConversation(4, IpAddress.LoopbackV4, 80, user) : new SocksConversation(5, "a.test", 80, user);
        var at = 0;
        while (!talk.IsOpen && talk.Fault == SocksFault.None)
        {
            if (talk.Outgoing.Length > 0)
            {
                Require(talk.Missing == 0, "something is missing before it was asked for");
                talk.Sent();
                continue;
            }
            Require(talk.Missing > 0, "nothing is to be sent, nothing is missing, and it is not over");
            var count = Math.Min(Math.Min(size, talk.Missing), bytes.Length - at);
            if (count == 0) { talk.End(); }
            else { talk.Receive(bytes.AsSpan(at, count)); }
            at += count;
        }
        Require(talk.IsOpen == (talk.Fault == SocksFault.None) && talk.Missing == 0 && talk.Outgoing.Length == 0, "it is over and goes on");
        // What is no SOCKS is known by its first byte, however many came with it.
        return (talk.IsOpen, talk.Fault, talk.Bound, talk.IsOpen ? at : 0);
    }

    private static (bool HasTarget, string? Name, IpAddress Address, ushort Port, string Sent) Serve(Credentials? wanted, byte[] bytes, int size)
    {
        var talk = new SocksServerConversation(wanted);
        var (at, sent) = (0, "");
        while (!talk.HasTarget && !talk.IsOver && at < bytes.Length)
        {
            Require(talk.Missing > 0, "nothing is missing and it is not over");
            var count = Math.Min(Math.Min(size, talk.Missing), bytes.Length - at);
            talk.Receive(bytes.AsSpan(at, count));
            at += count;
            sent += Convert.ToHexString(talk.Outgoing.Span);
            talk.Sent();
        }
        return (talk.HasTarget, talk.Name, talk.Address, talk.Port, sent);
    }
}
