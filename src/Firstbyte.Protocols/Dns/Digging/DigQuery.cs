using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Digging;

/// <summary>One question of a line of dig's, with everything that the line says of how it is asked and shown. The defaults are those of dig 9.18.</summary>
public sealed record DigQuery
{
    /// <summary>dig's default for <c>+tries</c>.</summary>
    public const int DefaultTries = 3;

    /// <summary>The name; it is absolute.</summary>
    public DnsName Name { get; init; } = DnsName.Root;

    /// <summary>The name as it was typed.</summary>
    public string TypedName { get; init; } = ".";

    public RecordType Type { get; init; } = RecordType.A;

    /// <summary>Whether the user's habits say the type.</summary>
    internal bool HasHabitType { get; init; }

    public RecordClass Class { get; init; } = RecordClass.IN;

    /// <summary>The version that <c>IXFR=N</c> names.</summary>
    public uint Serial { get; init; }

    /// <summary>The server as it was typed behind "@"; null for those that the host is configured for.</summary>
    public string? Server { get; init; }

    public ushort Port { get; init; } = 53;

    /// <summary>-4, -6: addresses of servers of that version alone.</summary>
    public IpVersion Version { get; init; }

    /// <summary>-b: the own address and port.</summary>
    public Endpoint? Source { get; init; }

    /// <summary>-y, -k: the key that queries are signed with.</summary>
    public TsigKey? Key { get; init; }

    /// <summary>The header's flags.</summary>
    public HeaderFlags Flags { get; init; } = HeaderFlags.RecursionDesired | HeaderFlags.AuthenticData;

    /// <summary>+zflag: the bit that means nothing (RFC 1035 section 4.1.1).</summary>
    public bool Z { get; init; }

    public OpCode OpCode { get; init; } = OpCode.Query;

    /// <summary>+header-only: no question.</summary>
    public bool IsHeaderOnly { get; init; }

    /// <summary>+qid</summary>
    public ushort? Id { get; init; }

    /// <summary>+edns: the version; null for none.</summary>
    public byte? EdnsVersion { get; init; } = 0;

    /// <summary>+ednsnegotiation: ask again with what the server knows.</summary>
    public bool NegotiatesEdns { get; init; } = true;

    public ushort BufferSize { get; init; } = Edns.DefaultPayloadSize;

    public bool IsDnssecWanted { get; init; }

    public ushort EdnsFlags { get; init; }

    public bool IsNsidWanted { get; init; }

    public ClientSubnet? Subnet { get; init; }

    public bool HasCookie { get; init; } = true;

    /// <summary>+cookie=HEX; null for eight random bytes.</summary>
    public byte[]? Cookie { get; init; }

    public bool IsExpireWanted { get; init; }

    public bool IsKeepAliveWanted { get; init; }

    /// <summary>+padding: the message's length is a multiple of it.</summary>
    public int Padding { get; init; }

    /// <summary>+ednsopt</summary>
    public IReadOnlyList<EdnsOption> Options { get; init; } = [];

    /// <summary>+badcookie: ask again with the cookie that the server gave.</summary>
    public bool RetriesBadCookie { get; init; } = true;

    /// <summary>+tcp; null where the type decides (RFC 8482 section 4.4: ANY).</summary>
    public bool? IsOverTcp { get; init; }

    /// <summary>+tls (RFC 7858).</summary>
    public bool IsOverTls { get; init; }

    /// <summary>+ignore: what is truncated is not asked again over TCP.</summary>
    public bool IgnoresTruncation { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public int Tries { get; init; } = DefaultTries;

    /// <summary>+trace</summary>
    public bool IsTrace { get; init; }

    public DigDisplay Display { get; init; } = new();

    /// <summary>True for the transfer of a zone.</summary>
    public bool IsTransfer => Type == RecordType.AXFR || Type == RecordType.IXFR;
}

/// <summary>What of an answer is shown, and how.</summary>
public sealed record DigDisplay
{
    public bool Command { get; init; } = true;

    public bool Comments { get; init; } = true;

    public bool Question { get; init; } = true;

    public bool Answer { get; init; } = true;

    public bool Authority { get; init; } = true;

    public bool Additional { get; init; } = true;

    public bool Statistics { get; init; } = true;

    /// <summary>+qr: the query too.</summary>
    public bool Query { get; init; }

    public bool IsShort { get; init; }

    public bool Identify { get; init; }

    public bool IsMultiline { get; init; }

    /// <summary>+rrcomments; null where the form decides.</summary>
    public bool? RecordComments { get; init; }

    public bool Ttl { get; init; } = true;

    public bool TtlUnits { get; init; }

    public bool Class { get; init; } = true;

    public bool Crypto { get; init; } = true;

    /// <summary>+split: digits in a word; 0 for all of them, null where the form decides.</summary>
    public int? Split { get; init; }

    public bool IsUnknownFormat { get; init; }

    public bool ExpandsAddresses { get; init; }

    /// <summary>+onesoa: the SOA record that ends a transfer is left out.</summary>
    public bool OneSoa { get; init; }

    /// <summary>-u</summary>
    public bool Microseconds { get; init; }

    /// <summary>+all, +noall</summary>
    public DigDisplay WithAll(bool shown) => this with
    {
        Command = shown,
        Comments = shown,
        Question = shown,
        Answer = shown,
        Authority = shown,
        Additional = shown,
        Statistics = shown,
    };
}
