using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Serving;

/// <summary>What a client's cookie says.</summary>
internal enum CookieState
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Its length is none that a cookie has: the query is malformed (RFC 7873 section 5.2.2).</summary>
    Malformed,

    /// <summary>The client has no cookie of this server yet, or one that is wrong or too old (sections 5.2.3 and 5.2.4).</summary>
    ClientOnly,

    /// <summary>The client has shown that it receives what is sent to its address (section 5.2.5).</summary>
    Valid,
}

/// <summary>
/// Makes and checks the cookies by which a client shows that its address is its own (RFC 7873), in the form that servers of all makers
/// share (RFC 9018).
/// </summary>
internal sealed class DnsCookies(SipKey secret)
{
    /// <summary>RFC 7873 section 4.1.</summary>
    public const int ClientLength = 8;

    /// <summary>RFC 9018 section 4: version, reserved, timestamp, hash.</summary>
    public const int ServerLength = 16;

    /// <summary>RFC 7873 section 4.2: a server's part has 8 to 32 bytes.</summary>
    private const int MinServerLength = 8, MaxServerLength = 32;

    /// <summary>RFC 9018 section 4.3: seconds after which a cookie is too old, and how far in the future it may lie.</summary>
    private const int MaxAge = 3600, MaxAhead = 300;

    private const byte Version = 1;

    /// <summary>Judges the data of a client's option.</summary>
    public CookieState Check(ReadOnlySpan<byte> option, IpAddress client, Instant now)
    {
        if (option.Length == ClientLength) { return CookieState.ClientOnly; }
        if (option.Length is < ClientLength + MinServerLength or > ClientLength + MaxServerLength) { return CookieState.Malformed; }
        var server = option[ClientLength..];
        if (server.Length != ServerLength || server[0] != Version) { return CookieState.ClientOnly; }
        // RFC 1982: the difference is what counts, also when 32 bits have run over.
        var age = (int)(Seconds(now) - BinaryPrimitives.ReadUInt32BigEndian(server[4..]));
        if (age is > MaxAge or < -MaxAhead) { return CookieState.ClientOnly; }
        Span<byte> expected = stackalloc byte[sizeof(ulong)];
        Hash(option[..(ClientLength + 8)], client, expected);
        return expected.SequenceEqual(server[8..]) ? CookieState.Valid : CookieState.ClientOnly;
    }

    /// <summary>Writes the client's part and a new server's part: <see cref="ClientLength"/> + <see cref="ServerLength"/> bytes.</summary>
    public void Write(ReadOnlySpan<byte> option, IpAddress client, Instant now, Span<byte> destination)
    {
        option[..ClientLength].CopyTo(destination);
        destination[ClientLength..].Slice(0, 4).Clear();
        destination[ClientLength] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(destination[(ClientLength + 4)..], Seconds(now));
        Hash(destination[..(ClientLength + 8)], client, destination[(ClientLength + 8)..]);
    }

    private static uint Seconds(Instant now) => (uint)(now.Nanoseconds / 1_000_000_000);

    /// <summary>RFC 9018 section 4.4: SipHash-2-4 of client cookie, version, reserved, timestamp and client address.</summary>
    private void Hash(ReadOnlySpan<byte> front, IpAddress client, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[ClientLength + 8 + 16];
        front.CopyTo(input);
        var length = front.Length + client.WriteBytes(input[front.Length..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, SipHash24.Hash(secret, input[..length]));
    }
}
