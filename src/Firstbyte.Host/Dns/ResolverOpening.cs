using System.Text;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Zones;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Host.Dns;

/// <summary>Opens the resolver that the command line describes, with the files that it names.</summary>
internal sealed class ResolverOpening(HostSettings settings, INetwork network, Language language, Action<string> say)
{
    /// <summary>Opens it.</summary>
    /// <param name="policy">The policy that answers are held to; null for none.</param>
    /// <param name="tap">Where messages are written down; null for nowhere.</param>
    /// <exception cref="HostException">A file is faulty, or not to be had.</exception>
    public async ValueTask<RecursiveService> OpenAsync(PolicyFiles? policy, DnsTap? tap)
    {
        var words = language.Servers;
        var given = settings.TrustAnchor is { } anchors
            ? ResolverFiles.ReadAnchors(Read(anchors), anchors, out var errors) ?? throw Refused(anchors, errors, words.AnchorsRefused, words.NoAnchors)
            : null;
        var options = settings.Recursion with
        {
            Hints = settings.RootHints is { } hints
                ? ResolverFiles.ReadHints(Read(hints), hints, out errors) ?? throw Refused(hints, errors, words.HintsRefused, words.NoHints)
                : null,
            UpstreamPort = settings.UpstreamPort,
            Forwarders = [.. settings.Forwarders.Select(text => ForwarderOf(text))],
            Transports = new UpstreamTransports(new SslStreamTlsProvider(network)) { TrustAnchors = ReadRoots() },
            Anchors = given,
            Followed = settings.TrustAnchorFile is { } followed ? (ReadFollowed(followed, given), Path.GetFullPath(followed)) : null,
            Changes = new Tracer(new ChangeSink(language, say)).Root(network),
            PrivateAddresses = new PrivateAddresses(settings.PrivateNetworks, settings.PrivateDomains),
            Policy = policy?.InForce,
            Tap = tap,
            Clients = settings.Clients,
        };
        if (settings is { SharedCache: { } server, SharedCacheKey: { } secretFile })
        {
            var secret = Encoding.UTF8.GetBytes(Read(secretFile).Trim());
            if (secret.Length < SharedAnswers.LeastSecret)
            {
                throw new HostException(language.Host.SecretTooShort(secretFile, SharedAnswers.LeastSecret), ExitCodes.Usage);
            }
            var password = settings.SharedCachePassword is { } file ? Read(file).Trim() : null;
            options = options with { SecondTier = (await RedisCacheTier.OpenAsync(server, password), secret) };
        }
        var service = await RecursiveService.OpenAsync(network, options, OsNetwork.GetNetworks());
        // What cannot be written is better told before a key is rolled over than after.
        try { service.Keeper?.Save(); }
        catch (NetworkException failure)
        {
            throw new HostException(language.Files.Unusable(settings.TrustAnchorFile!, true, failure.Error), ExitCodes.WriteFailed);
        }
        return service;
    }

    private UpstreamServer ForwarderOf(string text) => UpstreamTransports.TryParse(text, settings.UpstreamPort, out var server)
        ? server
        : throw new ArgumentException("checked before", nameof(text));

    private List<byte[]>? ReadRoots()
    {
        if (settings.ForwardCertificates is not { } file) { return null; }
        var fault = PemFile.ReadCertificates(Read(file), out var certificates);
        return fault == PemFault.None ? certificates : throw new HostException(language.Usage.NoPem("--forward-ca", file, fault), ExitCodes.TrustFile);
    }

    private ManagedAnchor ReadFollowed(string file, TrustAnchors? given)
    {
        var isLab = settings.RootHints is not null || settings.UpstreamPort != UpstreamPolicy.Internet.Port;
        var text = File.Exists(file) ? Read(file) : null;
        var now = network.Time.GetUtcNow().ToUnixTimeSeconds();
        return ResolverFiles.ReadFollowed(text, given, isLab, now, out var fault, out var flaw, out var line) ?? throw new HostException(fault switch
        {
            FollowedKeysFault.Nothing => language.Changes.NothingToFollow(file),
            _ => language.Changes.NoFollowedKeys(file, line, flaw),
        });
    }

    private string Read(string file) => ZoneFileSource.ReadText(file, language);

    private HostException Refused(string file, IReadOnlyList<ZoneProblem> errors, Func<IEnumerable<Phrase>, Phrase> faulty, Func<string, Phrase> none) =>
        new(errors.Count > 0 ? faulty(errors.Select(language.Sources.ZoneProblem)) : none(file));

    /// <summary>Says what changes in what is believed, and what breaks beside the questions.</summary>
    private sealed class ChangeSink(Language language, Action<string> say) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            if (ChangeStory.Say(traceEvent, language.Changes) is { } said) { say($"{said.Words}"); }
        }
    }
}
