namespace Firstbyte.Dns.Outcomes;

/// <summary>The numbers that bound a resolution, each with where it comes from.</summary>
public static class ResolutionLimits
{
    /// <summary>
    /// Messages to servers for one client's question, sub-questions included. Unbound's max-global-quota and BIND's max-query-count allow
    /// 200, PowerDNS's max-qperq 50.
    /// </summary>
    public const int SendsPerClientQuery = 100;

    /// <summary>Restarts for an alias in one question. Unbound's max-query-restarts and BIND's max-query-restarts: 11.</summary>
    public const int AliasRestarts = 11;

    /// <summary>Referrals on the way to one name. Unbound allows 130; a name has at most 127 labels, and no real chain is longer than 7.</summary>
    public const int ReferralsPerChain = 16;

    /// <summary>Questions that may hang below each other (a name server's address needs a name server's address …). BIND's max-recursion-depth: 7.</summary>
    public const int Depth = 7;

    /// <summary>How long a client's question may take. BIND's resolver-query-timeout: 10 s; PowerDNS's max-total-msec: 7 s.</summary>
    public static readonly TimeSpan ClientQueryTime = TimeSpan.FromSeconds(10);

    /// <summary>Name servers kept of one referral. BIND's max-delegation-servers: 13.</summary>
    public const int ServersPerDelegation = 13;

    /// <summary>Addresses kept for one name server of a referral. BIND's DELEG_MAX_GLUES_PER_NS: 20.</summary>
    public const int AddressesPerServer = 20;

    /// <summary>Lookups of name servers' addresses for one delegation. Unbound's MAX_DP_TARGET_COUNT: 16 (NXNSAttack, CVE-2020-12662).</summary>
    public const int AddressLookupsPerDelegation = 16;

    /// <summary>Lookups of name servers' addresses for one client's question. Unbound's MAX_TARGET_COUNT: 64.</summary>
    public const int AddressLookupsPerTree = 64;

    /// <summary>
    /// Lookups of name servers' addresses that may fail for one client's question. Unbound's MAX_TARGET_NX is 5 for names that do not
    /// exist, and 10 in its fallback.
    /// </summary>
    public const int FailedAddressLookupsPerTree = 10;

    /// <summary>Lookups of name servers' addresses that may end without an address for one delegation. Unbound's MAX_TARGET_NX: 5.</summary>
    public const int FailedAddressLookupsPerDelegation = 5;

    /// <summary>Messages to one server for one question. Unbound's outbound-msg-retry is 5, BIND begins to back off after 3.</summary>
    public const int TriesPerServer = 3;

    /// <summary>Clients and sub-questions that may wait for one resolution. BIND's clients-per-query: 10 to 100 (birthday attacks, CVE-2025-5994).</summary>
    public const int WaitersPerResolution = 100;

    /// <summary>Replies that miss the question's id, name or sender before the question is asked again over TCP. PowerDNS's spoof-nearmiss-max: 1.</summary>
    public const int NearMisses = 1;

    /// <summary>Empty replies without a SOA record before one is believed. Unbound's EMPTY_NODATA_RETRY_COUNT: 2.</summary>
    public const int EmptyReplyRetries = 2;

    /// <summary>The longest a server that has not been asked before is waited for. Unbound's UNKNOWN_SERVER_NICENESS: 376 ms.</summary>
    public static readonly TimeSpan UnknownServerTimeout = TimeSpan.FromMilliseconds(376);

    /// <summary>The shortest wait for a reply. Unbound's infra-cache-min-rtt: 50 ms.</summary>
    public static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest wait for one reply: several servers must fit into a client's 10 s. Knot Resolver waits up to 10 s, Unbound's discard
    /// time is 1.9 s.
    /// </summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromMilliseconds(1900);

    /// <summary>
    /// How long a TCP exchange may take: a handshake and an answer, three times the longest wait for a datagram. Unbound's
    /// tcp-auth-query-timeout: 3 s.
    /// </summary>
    public static readonly TimeSpan TcpTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Servers slower than the fastest by at most this are chosen from at random. Unbound's RTT_BAND: 400 ms.</summary>
    public static readonly TimeSpan SelectionBand = TimeSpan.FromMilliseconds(400);

    /// <summary>Silences in a row after which a server counts as dead. Knot Resolver: 4.</summary>
    public const int SilencesUntilDead = 4;

    /// <summary>How long a dead server rests before one question probes it. PowerDNS's server-down-throttle-time: 60 s.</summary>
    public static readonly TimeSpan DeadTime = TimeSpan.FromSeconds(60);

    /// <summary>How long a server stays known as lame for a zone. Unbound's infra-host-ttl: 900 s.</summary>
    public static readonly TimeSpan LameTime = TimeSpan.FromSeconds(900);

    /// <summary>How long a failed resolution is remembered. Unbound's NORR_TTL: 5 s; RFC 9520 3.2 allows 1 to 300 s.</summary>
    public static readonly TimeSpan FailureTime = TimeSpan.FromSeconds(5);

    /// <summary>The longest a set of records is kept. Unbound's cache-max-ttl: 86,400 s.</summary>
    public const uint MaxTtl = 86_400;

    /// <summary>The longest a denial is kept. Unbound's cache-max-negative-ttl: 3,600 s; RFC 2308 5 advises 1 to 3 hours.</summary>
    public const uint MaxNegativeTtl = 3_600;

    /// <summary>Records kept of one set. BIND's max-records-per-type: 100 (CVE-2024-1737).</summary>
    public const int RecordsPerSet = 100;

    /// <summary>The size of datagram offered to servers: no fragments on any path with an IPv6 MTU (DNS Flag Day 2020).</summary>
    public const ushort UdpPayload = 1232;
}
