using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Settings;

/// <summary>The options of <c>firstbyte serve resolver</c>, with their names, values and words: who asks over HTTPS is served as who asks over UDP.</summary>
internal static class ResolverEntries
{
    /// <summary>More memory than any resolver of today has (own choice, as the command's).</summary>
    private const int MostMegabytes = 1 << 20;

    /// <summary>All of them but those that this program has words of its own for.</summary>
    public static IReadOnlyList<HostEntry> All { get; } =
    [
        new("--trust-anchor-file", "FILE", static l => l.Help.ServeTrustAnchorFile, static (s, v) => s with { TrustAnchorFile = v }),
        new("--forward", "SERVER", static l => l.Help.ServeForward,
            static (s, v) => UpstreamTransports.TryParse(v, StubResolver.Port, out _) ? s with { Forwarders = [.. s.Forwarders, v] } : null),
        new("--forward-ca", "FILE", static l => l.Help.ServeForwardCa, static (s, v) => s with { ForwardCertificates = v }),
        new("--qname-minimisation", "off|a|ns", static l => l.Help.ServeMinimise, static (s, v) => v switch
        {
            "off" => With(s, s.Recursion with { Minimisation = MinimisationMode.Off }),
            "a" => With(s, s.Recursion with { Minimisation = MinimisationMode.Addresses }),
            "ns" => With(s, s.Recursion with { Minimisation = MinimisationMode.Servers }),
            _ => null,
        }),
        Switch("--special-names", static l => l.Help.ServeSpecialNames, static (r, isOn) => r with { AnswersSpecialNames = isOn }),
        Switch("--priming", static l => l.Help.ServePriming, static (r, isOn) => r with { Primes = isOn }),
        new("--prefer-family", "4|6", static l => l.Help.ServePreferFamily, static (s, v) => v switch
        {
            "4" => With(s, s.Recursion with { Preferred = IpVersion.V4 }),
            "6" => With(s, s.Recursion with { Preferred = IpVersion.V6 }),
            _ => null,
        }),
        new("--harden-glue", null, static l => l.Help.ServeHardenGlue, static (s, _) => With(s, s.Recursion with { HardensGlue = true })),
        new("--private-address", "NETWORK", static l => l.Help.ServePrivateAddress,
            static (s, v) => IpPrefix.TryParse(v, out var network) ? s with { PrivateNetworks = [.. s.PrivateNetworks, network] } : null),
        new("--private-domain", "NAME", static l => l.Help.ServePrivateDomain,
            static (s, v) => DnsName.TryParse(v, out var name) ? s with { PrivateDomains = [.. s.PrivateDomains, name] } : null),
        Switch("--key-sentinel", static l => l.Help.ServeKeySentinel, static (r, isOn) => r with { TellsRootKeys = isOn }),
        Switch("--serve-stale", static l => l.Help.ServeStale, static (r, isOn) => r with { ServesStale = isOn }),
        Switch("--prefetch", static l => l.Help.ServePrefetch, static (r, isOn) => r with { Prefetches = isOn }),
        new("--rpz", "FILE[=NAME]", static l => l.Help.ServePolicy, static (s, v) => s with { Policies = [.. s.Policies, v] }),
        new("--dns64", "PREFIX", static l => l.Help.ServeDns64,
            static (s, v) => IpPrefix.TryParse(v, out var prefix) && Dns64Resolver.Takes(prefix) ? With(s, s.Recursion with { Dns64 = prefix }) : null),
        new("--min-ttl", "SECONDS", static l => l.Help.ServeMinTtl,
            static (s, v) => TryReadSeconds(v, out var seconds) ? With(s, s.Recursion with { MinTtl = seconds }) : null),
        new("--max-ttl", "SECONDS", static l => l.Help.ServeMaxTtl,
            static (s, v) => TryReadSeconds(v, out var seconds) ? With(s, s.Recursion with { MaxTtl = seconds }) : null),
        new("--cache-size", "MB", static l => l.Help.ServeCacheSize, static (s, v) =>
            int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) && megabytes is >= 1 and <= MostMegabytes
                ? With(s, s.Recursion with { CacheBytes = (long)megabytes << 20 }) : null),
        new("--dnstap", "FILE", static l => l.Help.ServeDnstap, static (s, v) => s with { Tap = v }),
    ];

    private static HostEntry Switch(string name, Func<Language, string> words, Func<RecursiveServiceOptions, bool, RecursiveServiceOptions> set) =>
        new(name, "on|off", words, (s, v) => v is "on" or "off" ? With(s, set(s.Recursion, v == "on")) : null);

    private static HostSettings With(HostSettings settings, RecursiveServiceOptions recursion) => settings with { Recursion = recursion };

    private static bool TryReadSeconds(string text, out uint seconds) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
}
