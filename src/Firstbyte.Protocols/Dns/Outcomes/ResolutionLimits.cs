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

    /// <summary>Sub-questions that may wait for one resolution. BIND's clients-per-query: 10 to 100.</summary>
    public const int WaitersPerResolution = 100;

    /// <summary>
    /// Clients that may wait for one resolution. They share one message to servers (birthday attacks, CVE-2025-5994), so that more of them cost only
    /// room; a server that serves strangers has its own limit for that. Unbound's wait-limit: 1,000.
    /// </summary>
    public const int ClientsPerResolution = 1_000;

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

    /// <summary>
    /// How long an answer over TLS or HTTPS may take, the making of the connection included, which has <see cref="TcpTimeout"/> of it: who is asked so is
    /// a recursive server with servers of its own to ask. resolv.conf(5) waits 5 s for one.
    /// </summary>
    public static readonly TimeSpan SecuredTimeout = TimeSpan.FromSeconds(5);

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

    /// <summary>How long data whose signatures do not hold stay known as such. Unbound's val-bogus-ttl: 60 s.</summary>
    public static readonly TimeSpan BogusTime = TimeSpan.FromSeconds(60);

    /// <summary>Signatures kept of one set. Unbound's MAX_VALIDATE_RRSIGS and iter-scrub-rrsig: 8 (KeyTrap, CVE-2023-50387).</summary>
    public const int SignaturesPerSet = 8;

    /// <summary>Keys of the same number and algorithm that are tried for one signature. PowerDNS's max-dnskeys and hickory-dns: 2 (KeyTrap).</summary>
    public const int CollidingKeys = 2;

    /// <summary>Keys of one zone that are looked at. More than any zone has in a roll-over of all of its keys; a set has no more than 100 records.</summary>
    public const int KeysPerZone = 32;

    /// <summary>DS records of one zone that are looked at. PowerDNS's max-ds-per-zone: 8.</summary>
    public const int DelegationSignersPerZone = 8;

    /// <summary>Signatures verified for one client's question. Knot Resolver: 32 (KeyTrap).</summary>
    public const int VerificationsPerClientQuery = 32;

    /// <summary>
    /// Signatures that may turn out wrong for one client's question. Unbound's MAX_DS_MATCH_FAILURES: 4; BIND stops at the first (CVE-2025-8677).
    /// </summary>
    public const int FailedVerificationsPerClientQuery = 4;

    /// <summary>
    /// Further rounds of a hash beyond which a zone counts as unsigned. BIND's DNS_NSEC3_MAXITERATIONS and Knot Resolver: 50 (RFC 9276 section 3.2).
    /// </summary>
    public const int HashIterations = 50;

    /// <summary>Names hashed for one client's question. PowerDNS's max-nsec3s-per-record-hashes: 600 (CVE-2023-50868).</summary>
    public const int HashesPerClientQuery = 600;

    /// <summary>NSEC and NSEC3 records of one denial that are looked at. PowerDNS's max-nsec3s-per-record: 10.</summary>
    public const int LinksPerDenial = 10;

    /// <summary>Names asked for a minimised question, on the way to one name. RFC 9156 section 2.3, MAX_MINIMISE_COUNT: 10.</summary>
    public const int MinimisedSteps = 10;

    /// <summary>Of these, how many lengthen the name by one label only. RFC 9156 section 2.3, MINIMISE_ONE_LAB: 4.</summary>
    public const int SingleLabelSteps = 4;

    /// <summary>Servers that are asked anew for what came without the signatures it should have. Unbound's DNSSEC_LAME_DETECT_COUNT: 4.</summary>
    public const int RepeatsForSignatures = 4;

    /// <summary>After this long the root's servers are asked for again where that was in vain (own choice; Unbound asks with each question).</summary>
    public static readonly TimeSpan PrimingRetry = TimeSpan.FromSeconds(60);

    /// <summary>How long after its end an answer may stand in for one that does not come. RFC 8767 section 5 proposes one to three days.</summary>
    public static readonly TimeSpan StaleTime = TimeSpan.FromDays(1);

    /// <summary>The time to live of what has expired, in seconds. RFC 8767 section 4: 30 s.</summary>
    public const uint StaleTtl = 30;

    /// <summary>How long a client waits for a newer answer where there is an old one. RFC 8767 section 5, the client response timer: 1.8 s.</summary>
    public static readonly TimeSpan StaleClientTime = TimeSpan.FromMilliseconds(1800);

    /// <summary>
    /// Questions of which a newer answer is looked for while their clients have, or may have, the old one; beyond that the old one is given at once. As many
    /// as clients may wait for one resolution.
    /// </summary>
    public const int StaleRefreshes = ClientsPerResolution;

    /// <summary>How long nobody is asked after a failure, where there is an old answer. RFC 8767 section 5, the failure recheck timer: 30 s.</summary>
    public static readonly TimeSpan StaleRecheckTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Answers that are asked for anew at a time before theirs are over; others are when they are asked for next (own choice: a tenth of the clients that may
    /// wait for one resolution).
    /// </summary>
    public const int RefreshesAtOnce = ClientsPerResolution / 10;

    /// <summary>The longest a set of records is kept. Unbound's cache-max-ttl: 86,400 s.</summary>
    public const uint MaxTtl = 86_400;

    /// <summary>The longest a denial is kept. Unbound's cache-max-negative-ttl: 3,600 s; RFC 2308 5 advises 1 to 3 hours.</summary>
    public const uint MaxNegativeTtl = 3_600;

    /// <summary>The size of datagram offered to servers: no fragments on any path with an IPv6 MTU (DNS Flag Day 2020).</summary>
    public const ushort UdpPayload = 1232;
}
