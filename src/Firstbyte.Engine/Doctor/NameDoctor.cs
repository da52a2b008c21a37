using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Digging;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Examines a name: asks every server of every zone on the way to it, from the root down, and says what is wrong with them.</summary>
/// <remarks>
/// Theory of operation. A resolver is content with the first server that answers; here all of them are asked, each for the zone's SOA and NS records and for
/// the name itself, over UDP with EDNS and over TCP. What they say is compared: with each other, with the zone above, and with what each has to understand. The
/// referral that most of them give leads to the next zone. At the end a resolver that starts with an empty cache checks the signatures.
/// </remarks>
/// <param name="network">The host from which it is looked.</param>
/// <param name="resolver">Finds the addresses of servers that the zone above does not give.</param>
/// <param name="anchors">Whose keys are believed; none where signatures are not checked.</param>
/// <param name="hints">The servers of the root; null for those built in.</param>
public sealed class NameDoctor(INetwork network, INameResolver resolver, TrustAnchors anchors, Delegation? hints = null)
{
    private readonly INetwork _network = network;
    private readonly FindingRounds _rounds = new(network);

    /// <summary>Examines the name once, and tells it; from the second time on also what is other than before.</summary>
    /// <returns>What the exit code says of it.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<ExaminationCompleted> ExamineAsync(DnsName name, Tracer tracer, TimeSpan? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        var (span, began) = (tracer.Root(_network), _network.Time.GetTimestamp());
        _rounds.Begin(span, name.ToString());
        using var patience = new CancellationTokenSource(time ?? DoctorLimits.Whole, _network.Time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var walk = new Walk(this, name, span, all.Token);
        try
        {
            await walk.GoAsync();
            await walk.CheckAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { walk.Findings.Add(new ExaminationCut(walk.Looks, 1)); }
        return _rounds.Complete(span, name.ToString(), walk.Findings, walk.Looks, began);
    }

    /// <summary>The way down to one name.</summary>
    private sealed class Walk(NameDoctor doctor, DnsName name, TraceSpan span, CancellationToken stop)
    {
        private readonly INetwork _network = doctor._network;
        private bool _useV4, _useV6;

        public List<Finding> Findings { get; } = [];

        public int Looks { get; private set; }

        public async Task GoAsync()
        {
            _useV4 = await HostRoutes.ReachesInternetAsync(_network, IpVersion.V4);
            _useV6 = await HostRoutes.ReachesInternetAsync(_network, IpVersion.V6);
            // A host without any way has none to choose from.
            if (!_useV4 && !_useV6) { _useV4 = true; }
            Cut? cut = new(DnsName.Root, 0, [.. doctor.Hints.Servers.Select(static server => new Named(server.Name, server.Addresses))]);
            for (var depth = 0; cut is not null && depth < ResolutionLimits.ReferralsPerChain; depth++) { cut = await ExamineAsync(cut); }
        }

        /// <summary>What a resolver that knows nothing says of the name.</summary>
        public async Task CheckAsync()
        {
            if (doctor.Anchors.IsEmpty) { return; }
            using var checking = new RecursiveResolver(_network, new RecursiveResolverOptions { Hints = doctor.Hints, Anchors = doctor.Anchors });
            if (await checking.ResolveAsync(name, RecordType.A, null, span, stop) is ResolutionFailure { Reason: ResolutionFailureReason.Bogus } failure)
            {
                Findings.Add(new NameBogus($"{name}", $"{failure.Zone}", failure.Flaw));
            }
        }

        /// <summary>Asks all servers of a zone and judges them; returns the next zone on the way, null at the end of it.</summary>
        private async Task<Cut?> ExamineAsync(Cut cut)
        {
            var looks = new List<Look>();
            foreach (var server in cut.Servers)
            {
                foreach (var address in server.Addresses)
                {
                    if (looks.Count < DoctorLimits.ServersPerZone && (address.IsV4 ? _useV4 : _useV6)) { looks.Add(new Look(server.Name, address)); }
                }
            }
            await Task.WhenAll(looks.Select(look => AskAsync(look, cut.Zone)));
            Looks += looks.Count;
            JudgeEach(cut.Zone, looks);
            var sound = looks.FindAll(static look => look.IsSound);
            JudgeTogether(cut, sound);
            await JudgeGlueAsync(cut, sound);
            var referral = ReferralOf(cut.Zone, looks) ?? await FindHostedAsync(cut.Zone, sound);
            if (referral is not null) { return await FindServersAsync(referral); }
            JudgeAnswers(sound);
            return null;
        }

        private async Task AskAsync(Look look, DnsName zone)
        {
            var exchange = new DigExchange(_network, null, span) { Zone = zone.ToHostString() };
            (look.Soa, look.Elapsed) = await AskAsync(exchange, look, zone, RecordType.SOA, tries: 2);
            if (look.Soa is null || look.Soa.ResponseCode == ResponseCode.FormatError || look.Soa.ResponseCode == ResponseCode.NotImplemented)
            {
                var (plain, elapsed) = await AskAsync(exchange, look, zone, RecordType.SOA, tries: 2, edns: false);
                if (plain is null) { return; }
                (look.Soa, look.Elapsed, look.IsDeafToEdns) = (plain, elapsed, true);
            }
            (look.Servers, _) = await AskAsync(exchange, look, zone, RecordType.NS, tries: 2, edns: !look.IsDeafToEdns);
            (look.Named, _) = await AskAsync(exchange, look, name, RecordType.A, tries: 2, edns: !look.IsDeafToEdns);
            look.SpeaksTcp = (await AskAsync(exchange, look, zone, RecordType.SOA, tries: 1, edns: !look.IsDeafToEdns, overStream: true)).Reply is not null;
        }

        private async Task<(DnsMessage? Reply, TimeSpan Elapsed)> AskAsync(
            DigExchange exchange, Look look, DnsName asked, RecordType type, int tries, bool edns = true, bool overStream = false)
        {
            var query = new DigQuery
            {
                Name = asked,
                Type = type,
                Flags = HeaderFlags.None,
                EdnsVersion = edns ? (byte)0 : null,
                IsDnssecWanted = edns,
                HasCookie = false,
                Patience = DoctorLimits.ServerPatience,
            };
            for (var attempt = 1; attempt <= tries; attempt++)
            {
                var at = new Endpoint(look.Address, StubResolver.Port);
                var reply = await exchange.AskAsync(query, at, look.Server.ToHostString(), overStream, null, attempt, stop);
                if (reply.Bytes is { } bytes && DnsMessage.TryParse(bytes, out var message, out _)) { return (message, reply.Elapsed); }
            }
            return (null, default);
        }

        private void JudgeEach(DnsName zone, List<Look> looks)
        {
            var isLast = looks.TrueForAll(static look => look.Soa is null);
            foreach (var look in looks)
            {
                var (at, server) = ($"{zone}", $"{look.Server}");
                if (look.Soa is not { } soa)
                {
                    Findings.Add(new NameServerSilent(at, server, look.Address, isLast));
                    continue;
                }
                if (!look.IsSound)
                {
                    Findings.Add(new NameServerLame(at, server, look.Address, $"{soa.ResponseCode}"));
                    continue;
                }
                if (look.Elapsed >= DoctorLimits.ServerWait)
                {
                    Findings.Add(new NameServerSlow(at, server, look.Address, (long)look.Elapsed.TotalNanoseconds));
                }
                if (look.IsDeafToEdns) { Findings.Add(new NameServerDeaf(at, server, look.Address, ServerSkill.Edns)); }
                if (!look.SpeaksTcp) { Findings.Add(new NameServerDeaf(at, server, look.Address, ServerSkill.Tcp)); }
            }
        }

        private void JudgeTogether(Cut cut, List<Look> sound)
        {
            var serials = sound.Select(static look => ((SoaData)look.SoaRecord!.Data).Serial).Distinct().Order().ToArray();
            if (serials.Length > 1) { Findings.Add(new NameSerialsDiffer($"{cut.Zone}", serials)); }
            JudgeSignatures(sound);
            // What the root is reached by is no referral, and hints may be older than the root is.
            if (cut.Zone.IsRoot) { return; }
            var own = sound.SelectMany(look => look.ServersOf(cut.Zone)).ToArray();
            if (own.Length == 0) { return; }
            DnsName[] parent = [.. cut.Servers.Select(static server => server.Name)];
            DnsName[] child = [.. own.Select(static record => ((NameData)record.Data).Target).Distinct()];
            var (onlyParent, onlyChild) = (Missing(parent, child), Missing(child, parent));
            if (onlyParent.Length + onlyChild.Length == 0) { return; }
            Findings.Add(new NameServersDiffer($"{cut.Zone}", onlyParent, onlyChild));
            // Most zones have another time than their parent, which chooses its own for all of its children: that says something only where the servers
            // are other ones too, of how long resolvers go by the one or the other.
            var ttl = own.Min(static record => record.Ttl.Seconds);
            if (ttl != cut.TtlSeconds) { Findings.Add(new NameTtlsDiffer($"{cut.Zone}", cut.TtlSeconds, ttl)); }
        }

        private static string[] Missing(DnsName[] named, DnsName[] others) =>
            [.. named.Except(others, DnsNameComparer.Instance).Select(static one => $"{one}").Order(StringComparer.Ordinal)];

        /// <summary>The signature that ends first of those that came along.</summary>
        private void JudgeSignatures(List<Look> sound)
        {
            var now = _network.Time.GetUtcNow();
            var moment = (uint)now.ToUnixTimeSeconds();
            var left = sound.SelectMany(static look => look.Records).Where(static record => record.Type == RecordType.RRSIG)
                .Select(record => (record.Owner, record.Data, Left: BinaryPrimitives.ReadUInt32BigEndian(record.Data.Wire[8..]) - moment))
                .Where(static one => (int)one.Left >= 0 && TimeSpan.FromSeconds(one.Left) < DoctorLimits.LeastValidity).ToArray();
            if (left.Length == 0) { return; }
            var first = left.MinBy(static one => one.Left);
            var covered = new RecordType(BinaryPrimitives.ReadUInt16BigEndian(first.Data.Wire));
            Findings.Add(new ZoneSignaturesExpiring(
                $"{first.Owner}", $"{covered}", Instant.FromDateTimeOffset(now.AddSeconds(first.Left)),
                (int)TimeSpan.FromSeconds(first.Left).TotalDays));
        }

        /// <summary>What the zone says of the addresses that its parent gave along.</summary>
        private async Task JudgeGlueAsync(Cut cut, List<Look> sound)
        {
            if (cut.Zone.IsRoot || sound.Count == 0) { return; }
            foreach (var server in cut.Servers)
            {
                if (!server.Name.IsSubdomainOf(cut.Zone) || server.Glue.Length == 0) { continue; }
                var own = new List<IpAddress>();
                var isAnswered = false;
                foreach (var type in (RecordType[])[RecordType.A, RecordType.AAAA])
                {
                    var exchange = new DigExchange(_network, null, span) { Zone = cut.Zone.ToHostString() };
                    var (reply, _) = await AskAsync(exchange, sound[0], server.Name, type, tries: 2, edns: !sound[0].IsDeafToEdns);
                    if (reply is null) { continue; }
                    isAnswered |= reply.Flags.HasFlag(HeaderFlags.AuthoritativeAnswer);
                    own.AddRange(AddressesOf(reply.Answers, server.Name));
                }
                // Below another cut the zone itself has nothing to say of it.
                if (!isAnswered || own.Order().SequenceEqual(server.Glue.Order())) { continue; }
                Findings.Add(new NameGlueDiffers($"{cut.Zone}", $"{server.Name}", server.Glue, [.. own]));
            }
        }

        private void JudgeAnswers(List<Look> sound)
        {
            var replies = sound.Select(static look => look.Named).OfType<DnsMessage>();
            string[] answers = [.. replies.Select(TextOf).Distinct().Order(StringComparer.Ordinal)];
            if (answers.Length > 1) { Findings.Add(new NameAnswersDiffer($"{name}", $"{RecordType.A}", answers)); }
        }

        private static string TextOf(DnsMessage reply) => reply.ResponseCode != ResponseCode.NoError ? $"{reply.ResponseCode}"
            : string.Join(", ", reply.Answers.Where(static record => record.Type != RecordType.RRSIG)
                .Select(static record => $"{record.Type} {record.Data}").Order(StringComparer.Ordinal));

        /// <summary>The zone below that servers refer to on the way to the name: what most of them say.</summary>
        private Cut? ReferralOf(DnsName zone, List<Look> looks)
        {
            var referrals = looks.Select(look => look.ReferralOf(zone, name)).OfType<Cut>().ToArray();
            static string Text(Cut cut) =>
                $"{cut.Zone} {string.Join(' ', cut.Servers.Select(static server => $"{server.Name}").Order(StringComparer.Ordinal))}";
            return referrals.GroupBy(Text).OrderByDescending(static group => group.Count()).FirstOrDefault()?.First();
        }

        /// <summary>A zone below on the way to the name that the same servers have too, so that they refer to nobody; null where there is none.</summary>
        private async Task<Cut?> FindHostedAsync(DnsName zone, List<Look> sound)
        {
            if (sound.Count == 0) { return null; }
            for (var labels = zone.LabelCount + 1; labels <= name.LabelCount; labels++)
            {
                var below = name.Suffix(labels);
                var exchange = new DigExchange(_network, null, span) { Zone = zone.ToHostString() };
                var (reply, _) = await AskAsync(exchange, sound[0], below, RecordType.NS, tries: 2, edns: !sound[0].IsDeafToEdns);
                if (reply is null || reply.ResponseCode != ResponseCode.NoError) { return null; }
                if (CutOf(reply, reply.Answers, below) is { } cut) { return cut; }
            }
            return null;
        }

        /// <summary>Adds the addresses that did not come along.</summary>
        private async Task<Cut> FindServersAsync(Cut cut)
        {
            var servers = new List<Named>();
            foreach (var server in cut.Servers)
            {
                if (server.Glue.Length > 0)
                {
                    servers.Add(server);
                    continue;
                }
                if (server.Name.IsSubdomainOf(cut.Zone))
                {
                    Findings.Add(new NameGlueMissing($"{cut.Zone}", $"{server.Name}"));
                    servers.Add(server);
                    continue;
                }
                var lookup = await doctor.Resolver.ResolveAddressesAsync(
                    server.Name, options: new ResolutionOptions { IsAbsolute = true }, span: span, cancellationToken: stop);
                if (lookup.Addresses.Length == 0) { Findings.Add(new NameServerUnknown($"{cut.Zone}", $"{server.Name}")); }
                servers.Add(server with { Addresses = lookup.Addresses });
            }
            return cut with { Servers = [.. servers] };
        }
    }

    private Delegation Hints { get; } = hints ?? Delegation.Root;

    private TrustAnchors Anchors => anchors;

    private INameResolver Resolver => resolver;

    /// <summary>A zone, and the servers that the zone above names for it.</summary>
    private sealed record Cut(DnsName Zone, uint TtlSeconds, Named[] Servers);

    /// <summary>The zone of a name with its servers, by a section of a reply; null where it has none.</summary>
    private static Cut? CutOf(DnsMessage reply, IEnumerable<DnsRecord> section, DnsName zone)
    {
        var records = section.Where(record => record.Type == RecordType.NS && record.Data is NameData && record.Owner == zone).ToArray();
        return records.Length == 0 ? null : new Cut(zone, records.Min(static record => record.Ttl.Seconds),
        [
            .. records.Select(static record => ((NameData)record.Data).Target).Distinct().Take(ResolutionLimits.ServersPerDelegation)
                .Select(target => new Named(target, [.. AddressesOf(reply.Additionals, target).Distinct()])),
        ]);
    }

    private static IEnumerable<IpAddress> AddressesOf(IEnumerable<DnsRecord> section, DnsName name) =>
        section.Where(record => record.Owner == name).Select(static record => record.Data).OfType<AddressData>().Select(static data => data.Address);

    /// <summary>A server with the addresses that are known.</summary>
    private sealed record Named(DnsName Name, IpAddress[] Glue)
    {
        public IpAddress[] Addresses { get; init; } = Glue;
    }

    /// <summary>What one server said at one address.</summary>
    private sealed class Look(DnsName server, IpAddress address)
    {
        public DnsName Server => server;

        public IpAddress Address => address;

        public DnsMessage? Soa { get; set; }

        public DnsMessage? Servers { get; set; }

        public DnsMessage? Named { get; set; }

        public TimeSpan Elapsed { get; set; }

        public bool IsDeafToEdns { get; set; }

        public bool SpeaksTcp { get; set; }

        public DnsRecord? SoaRecord => Soa?.Answers.FirstOrDefault(static record => record.Type == RecordType.SOA && record.Data is SoaData);

        /// <summary>Whether it serves the zone.</summary>
        public bool IsSound => SoaRecord is not null && Soa!.ResponseCode == ResponseCode.NoError && Soa.Flags.HasFlag(HeaderFlags.AuthoritativeAnswer);

        public IEnumerable<DnsRecord> Records =>
            ((DnsMessage?[])[Soa, Servers, Named]).OfType<DnsMessage>().SelectMany(static reply => reply.Answers.Concat(reply.Authorities));

        public IEnumerable<DnsRecord> ServersOf(DnsName zone) => Servers is { } reply && reply.Flags.HasFlag(HeaderFlags.AuthoritativeAnswer)
            ? reply.Answers.Where(record => record.Type == RecordType.NS && record.Owner == zone && record.Data is NameData)
            : [];

        /// <summary>The zone strictly below that it refers to; null where it answers itself.</summary>
        public Cut? ReferralOf(DnsName zone, DnsName name)
        {
            if (Named is not { } reply || reply.ResponseCode != ResponseCode.NoError || reply.Answers.Count > 0) { return null; }
            var below = reply.Authorities.FirstOrDefault(
                record => record.Type == RecordType.NS && record.Owner.IsBelow(zone) && name.IsSubdomainOf(record.Owner))?.Owner;
            return below is { } found ? CutOf(reply, reply.Authorities, found) : null;
        }
    }
}
