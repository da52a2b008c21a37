using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>The lab: a.root-servers.net for the root, one server or two for "signed", one for "plain".</summary>
internal sealed class SignedLab : IDisposable
{
    private static readonly Endpoint s_client = new(IpAddress.Parse("10.11.12.13"), 5353);
    private readonly RecursiveResolverOptions _options;
    private readonly RecursiveResolver _resolver;
    private readonly RecursiveResponder _responder;
    private readonly string _signed;

    public SignedLab(Func<string, string>? forge = null, bool hasHonestServer = false, int days = 30, string? insecure = null, string more = "", PrivateAddresses? privateAddresses = null)
    {
        World = new ResolverWorld();
        var now = (uint)World.Client.Time.GetUtcNow().ToUnixTimeSeconds();
        var (rootKey, key) = (NewKey("."), NewKey("signed."));
        var signed = Sign("signed.", $"""
            $TTL 300
            @ SOA ns mail 1 60 60 60 60
            @ NS ns
            ns A 192.0.2.53
            www A 192.0.2.80
            mail A 192.0.2.81
            alias CNAME www
            out CNAME www.plain.
            *.wild A 192.0.2.82
            {more}

            """, key, now, days);
        var root = Sign(".", $"""
            $TTL 300
            @ SOA a.root-servers.net. mail 1 60 60 60 60
            @ NS a.root-servers.net.
            a.root-servers.net. A 198.41.0.4
            signed. NS ns.signed.
            ns.signed. A 192.0.2.53
            {(hasHonestServer ? "signed. NS ns2.signed.\nns2.signed. A 192.0.3.53" : "")}
            signed. DS {key.Public.ToDelegationSigner()}
            plain. NS ns.plain.
            ns.plain. A 192.0.4.53

            """, rootKey, now, days);
        World.AddZones("a.root-servers.net", "198.41.0.4", Load(".", root));
        World.AddZones("ns.signed", "192.0.2.53", Load("signed.", forge is null ? signed : forge(signed)));
        if (hasHonestServer) { World.AddZones("ns2.signed", "192.0.3.53", Load("signed.", signed)); }
        World.AddServer("ns.plain", "192.0.4.53", ("plain.", "www A 192.0.2.90\n"));
        _options = new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [.. Delegation.Root.Servers.Take(1)], Instant.Never),
            Policy = new UpstreamPolicy { UseV6 = false },
            PrivateAddresses = privateAddresses ?? PrivateAddresses.None,
            Anchors = TrustAnchors.From(
                [new DnsRecord(DnsName.Root, Ttl.Zero, rootKey.Public.ToDelegationSigner())], insecure is null ? [] : [DnsName.Parse(insecure)]),
        };
        _resolver = NewResolver();
        _responder = new RecursiveResponder(_resolver);
        RootKeyTag = rootKey.Public.KeyTag;
        _signed = signed;
    }

    public ResolverWorld World { get; }

    /// <summary>The number of the key that is the anchor.</summary>
    public ushort RootKeyTag { get; }

    /// <summary>Another resolver like it that knows nothing yet.</summary>
    public RecursiveResolver NewResolver() => new(World.Client, _options);

    public RecursiveResolver Resolver => _resolver;

    public RecursiveResponder Responder => _responder;

    /// <summary>From now on "signed" is served like this.</summary>
    public void Forge(Func<string, string> forge) => World.Servers["ns.signed"].Zones = new ZoneSet([Load("signed.", forge(_signed))]);

    public void Dispose() => _resolver.Dispose();

    public ResolutionOutcome Resolve(string name, string type, ResolutionOptions? options = null)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        return World.Run(async () => await _resolver.ResolveAsync(DnsName.Parse(name), recordType, options, World.Tracer.Root(World.Client)));
    }

    public DnsMessage Answer(string name, HeaderFlags flags, bool hasDo)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired | flags, Edns.Default with { DnssecOk = hasDo });
        var response = new byte[4096];
        var length = World.Run(async () => await _responder.AnswerAsync(query.ToArray(), s_client, DnsTransport.Udp, response, default, default));
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer;
    }

    private static ZoneKey NewKey(string origin) =>
        ZoneKey.Generate(DnsName.Parse(origin), true, SigningAlgorithm.EcdsaP256Sha256, new CountingRandom());

    private static string Sign(string origin, string text, ZoneKey key, uint now, int days) => string.Join(
        '\n', ZoneSigner.Sign(Load(origin, text), [key], new SigningOptions(now - 3600, now + (uint)days * 86_400, false))) + "\n";

    private static Zone Load(string origin, string text)
    {
        Assert.True(Zone.TryLoad(text, origin, DnsName.Parse(origin), out var zone, out var problems), $"{string.Join('\n', problems)}\n{text}");
        return zone;
    }
}
