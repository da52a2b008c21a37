using Firstbyte.Addressing;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Serving;

/// <summary>What a server says of itself, and what it does beside answering from zones.</summary>
public sealed record AuthoritativeServerOptions
{
    /// <summary>What "version.bind" and "version.server" in class CH are answered with; null refuses (RFC 4892 section 3).</summary>
    public string? Version { get; init; }

    /// <summary>What "id.server" and "hostname.bind" in class CH and the option NSID are answered with (RFC 4892, RFC 5001); null keeps it.</summary>
    public string? Identity { get; init; }

    /// <summary>The secret of DNS cookies (RFC 9018 section 4); null serves none.</summary>
    public SipKey? CookieSecret { get; init; }

    /// <summary>The keys by which queries may be signed (RFC 8945); who signs with another one is told BADKEY.</summary>
    public TsigKeyring Keys { get; init; } = TsigKeyring.Empty;

    /// <summary>Who may copy zones; nobody as a rule.</summary>
    public IReadOnlyList<AccessRule> TransferRules { get; init; } = [];

    /// <summary>Takes what changes zones, and is told who was refused; null refuses it.</summary>
    public IZoneKeeper? Keeper { get; init; }

    /// <summary>Response rate limiting; null answers everybody always.</summary>
    public ResponseRateLimit? RateLimit { get; init; }
}

/// <summary>Who asks, how and when.</summary>
/// <param name="Client">The address and port.</param>
/// <param name="Transport">How the query came: over UDP the response is cut to what the client takes.</param>
/// <param name="Now">When: cookies have an age, and rates are counted by time.</param>
public readonly record struct QuerySource(Endpoint Client, DnsTransport Transport, Instant Now = default)
{
    /// <summary>The key with which the query was signed, once that was checked; null for none.</summary>
    public TsigKey? Key { get; internal init; }
}

/// <summary>Answers queries from zones: bytes in, bytes out, nothing allocated. All that a driver does besides is receiving and sending.</summary>
/// <remarks>
/// The zones are swapped as a whole: a query is answered from one set of versions from its first byte to its last, and a driver on another thread takes
/// the new set with its next query.
/// </remarks>
public sealed class AuthoritativeServer
{
    private readonly ServerNames _names;
    private readonly NsidOption _nsid;
    private readonly DnsCookies? _cookies;
    private readonly ResponseRates? _rates;
    private readonly AuthoritativeServerOptions _options;
    private volatile ZoneSet _zones;

    /// <summary>A server of these zones.</summary>
    public AuthoritativeServer(ZoneSet zones, AuthoritativeServerOptions? options = null)
    {
        options ??= new AuthoritativeServerOptions();
        (_zones, _options) = (zones, options);
        _names = new ServerNames(options.Version, options.Identity);
        _nsid = new NsidOption(options.Identity);
        _cookies = options.CookieSecret is { } secret ? new DnsCookies(secret) : null;
        _rates = options.RateLimit is { } limit ? new ResponseRates(limit) : null;
    }

    /// <summary>Takes what changes the zones; null for nobody.</summary>
    public IZoneKeeper? Keeper => _options.Keeper;

    /// <summary>The zones; a new set takes effect with the next query.</summary>
    public ZoneSet Zones
    {
        get => _zones;
        set => _zones = value;
    }

    /// <summary>
    /// Answers a query: writes the response and returns its length; 0 when nothing should be sent. Allocates nothing, but for a signed one.
    /// </summary>
    /// <param name="query">The query's bytes, whatever they are.</param>
    /// <param name="source">Who asks, how and when.</param>
    /// <param name="response">Room for the response: at least 512 bytes.</param>
    public int Answer(ReadOnlySpan<byte> query, in QuerySource source, Span<byte> response) =>
        new AuthoritativeAnswer(_zones, _names, _nsid, _cookies, _rates, _options, source).Write(query, response);

    /// <summary>
    /// Zones that take more do not lie in the second cache of a processor's core, which has a megabyte or two (own choice). Measured with 100,000 names in 8
    /// MB on a busy machine: 6 % more answers; on a quiet one with a third cache of 32 MB as many.
    /// </summary>
    private const long WorthForesight = 2 << 20;

    /// <summary>Whether looking ahead saves time: where the zones are so large that answers wait for the memory.</summary>
    public bool NeedsForesight => _zones.StoredBytes > WorthForesight;

    /// <summary>Has fetched what the answer to a query will need first, when others are answered before it: see <see cref="QueryForesight"/>.</summary>
    /// <param name="query">The query's bytes, whatever they are.</param>
    /// <param name="foresight">What there is to be continued.</param>
    public void Foresee(ReadOnlySpan<byte> query, ref QueryForesight foresight) => foresight.Begin(query, _zones);

    /// <summary>
    /// Begins the transfer that a query over TCP asks for; null when it asks for something else, or may not: <see cref="Answer"/> then says so.
    /// </summary>
    public ZoneTransfer? BeginTransfer(ReadOnlySpan<byte> query, in QuerySource source) =>
        source.Transport != DnsTransport.Udp ? TransferRequest.Begin(query, _zones, _options, source) : null;
}
