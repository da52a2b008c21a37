using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>Some hundred signed zones, nearly all of them broken, asked by Unbound and by us: what is secure, unsigned or forged has to be the same for both.</summary>
public class BrokenZonesTests
{
    private static readonly (string Name, RecordType Type)[] s_questions =
    [
        ("www", RecordType.A), ("www", RecordType.MX), ("alias", RecordType.A), ("nothing", RecordType.A), ("x.y.wild", RecordType.A), ("x.wild", RecordType.TXT),
        ("down", RecordType.A), ("", RecordType.DNSKEY), ("", RecordType.DS), ("", RecordType.SOA),
    ];

    /// <summary>Where one of the two may be stricter, and why.</summary>
    private static readonly (string Way, string Clause)[] s_differences =
    [
        // We do not look at a digest of SHA-1 beside one of SHA-256: who can make the one must not be able to get around the other.
        ("ds-sha1-good-sha256-bad", "RFC 4509 section 3"),
    ];

    [Fact]
    public async Task We_and_unbound_say_the_same_of_every_broken_zone()
    {
        var lab = new BrokenZones((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        using var server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(lab.Zones));
        var endpoint = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        var serving = server.RunAsync();
        using (var unbound = PeerServer.StartValidator(BrokenZones.Parent, lab.Anchor, endpoint.Port, lab.Variants.Select(static one => one.Name)))
        {
            if (unbound is null) { Assert.Skip("unbound is not installed"); }
            var (asked, wrong, seen) = (0, new List<string>(), new Dictionary<string, int>());
            foreach (var (zone, way) in lab.Variants)
            {
                using var resolver = NewResolver(lab, endpoint.Port);
                foreach (var (label, type) in s_questions)
                {
                    var question = new Question(DnsName.Parse(label.Length == 0 ? zone : $"{label}.{zone}"), type);
                    var query = DnsMessage.Query((ushort)(1 + asked++), question, HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true });
                    var (ours, theirs) = (await AskAsync(resolver, question), StatusOf(unbound.Ask(query)));
                    seen[theirs] = seen.GetValueOrDefault(theirs) + 1;
                    if (StatusOf(ours) != theirs && !s_differences.Any(known => known.Way == way))
                    {
                        wrong.Add($"{way}: {question}: we {StatusOf(ours)} ({(ours as ResolutionFailure)?.Flaw ?? (ours as ResolvedAnswer)?.Flaw}), unbound {theirs}");
                    }
                }
            }
            Assert.True(wrong.Count == 0, $"{wrong.Count} of {asked}\n{string.Join('\n', wrong)}");
            Assert.True(lab.Variants.Count >= 90 && asked >= 900, $"{lab.Variants.Count} zones, {asked} questions");
            // A lab in which everything is forged, or nothing, would prove little.
            Assert.All((string[])["secure", "insecure", "bogus"], status => Assert.InRange(seen[status], 40, asked));
        }
        server.Dispose();
        await serving;
    }

    private static RecursiveResolver NewResolver(BrokenZones lab, ushort port) => new(new OsNetwork(), new RecursiveResolverOptions
    {
        Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns.lab.test"), [IpAddress.LoopbackV4])], Instant.Never),
        Policy = new UpstreamPolicy { Port = port, AllowLoopback = true, UseV6 = false },
        Anchors = TrustAnchors.From(ZoneFileReader.Read($"$TTL 300\n{lab.Anchor}", "anchor", DnsName.Root).Records),
    });

    private static async Task<ResolutionOutcome> AskAsync(RecursiveResolver resolver, Question question) => await resolver.ResolveAsync(question.Name, question.Type);

    private static string StatusOf(ResolutionOutcome outcome) => outcome switch
    {
        ResolvedAnswer { Status: SecurityStatus.Secure } => "secure",
        ResolvedAnswer => "insecure",
        ResolutionFailure { Reason: ResolutionFailureReason.Bogus } => "bogus",
        _ => $"failed {(outcome as ResolutionFailure)?.Reason}",
    };

    private static string StatusOf(DnsMessage answer) =>
        answer.ResponseCode == ResponseCode.ServerFailure ? "bogus"
        : (answer.Flags & HeaderFlags.AuthenticData) != HeaderFlags.None ? "secure"
        : "insecure";
}
