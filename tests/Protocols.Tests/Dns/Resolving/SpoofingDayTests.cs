using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A day of virtual time with an attacker off the path who makes the resolver ask, and answers before the server does (Kaminsky 2008).</summary>
/// <remarks>
/// <para>The attacker. He sees nothing of what goes between resolver and server. He asks, as a client, for a new name below the bank's zone every
/// <see cref="Pause"/>, so that each time a question goes out: 17,280 races a day. The reply takes 20 ms; in them he sends 1,000 forged replies (50,000 a second,
/// some 40 Mbit/s for each race), each with a delegation of the bank to a server of his own. He knows the server's address, the question, and, for he has chosen it, when it goes out.</para>
/// <para>What he has to guess. The id: 65,536. The port: the system's 28,232 (Linux: 32768 to 60999; the attack on them alone is modelled, a datagram for a closed port never reaches
/// the resolver). The case: a bit for each letter, 2^20 for these names. A forged datagram with the right port and the wrong id, or the right id and the wrong case, is a near miss, after
/// one of which the question goes over TCP, where he cannot answer. With one fixed port and no mixed case he has 65,536 to guess: a thousand guesses a race hit once in 66 races, but for
/// the near misses.</para>
/// </remarks>
public sealed class SpoofingDayTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(20);
    private static readonly IpAddress s_bank = IpAddress.Parse("192.0.2.53"), s_attacker = IpAddress.Parse("203.0.113.66");

    /// <summary>How many replies are forged in one race.</summary>
    private const int Guesses = 1_000;

    /// <summary>What Linux chooses from (ip_local_port_range).</summary>
    private const int Ports = 28_232;

    private const int RacesOfDay = 86_400 / 5;

    [Fact]
    public void In_a_day_nothing_forged_is_believed()
    {
        var day = new Day(hasPorts: true, mixesCase: true, countsNearMisses: true, seed: 1);
        Assert.Equal(0, day.Run(RacesOfDay));
        Assert.Equal(RacesOfDay, day.Races);
        // He did come near: the guard was tried.
        Assert.True(day.ReachedPort > 100, $"{day.ReachedPort} forged replies reached the port");
    }

    [Fact]
    public void Without_ports_case_and_near_misses_the_same_attacker_gets_through_within_the_hour()
    {
        var day = new Day(hasPorts: false, mixesCase: false, countsNearMisses: false, seed: 1);
        Assert.True(day.Run(720) > 0, "the attack does not work, so that the other test says nothing");
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, true)]
    public void Each_guard_alone_holds_for_an_hour(bool hasPorts, bool mixesCase, bool countsNearMisses) =>
        Assert.Equal(0, new Day(hasPorts, mixesCase, countsNearMisses, seed: 2).Run(720));

    /// <summary>Resolver, bank and attacker. Without near misses the guesses with the wrong id are left out, as if the resolver did not mind them.</summary>
    private sealed class Day
    {
        private readonly WorldRandom _random;
        private readonly ResolverMemory _memory;
        private readonly ResolutionMesh _mesh;
        private readonly bool _hasPorts, _countsNearMisses;

        public Day(bool hasPorts, bool mixesCase, bool countsNearMisses, ulong seed)
        {
            (_hasPorts, _countsNearMisses) = (hasPorts, countsNearMisses);
            _random = new WorldRandom(seed);
            // The way to the bank is known, so that each race is one about its zone.
            var hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns.bank"), [s_bank])], Instant.Never);
            _memory = new ResolverMemory(hints, new UpstreamPolicy { UseV6 = false });
            _mesh = new ResolutionMesh((asked, budget, depth) => new IterativeResolution(asked.Question, budget, depth, _memory, mixCase: mixesCase), _random.Next);
        }

        private Instant Now { get; set; } = Instant.SimulationEpoch;

        public int Races { get; private set; }

        public int ReachedPort { get; private set; }

        /// <summary>Runs so many races, and returns in how many of them something forged was believed.</summary>
        public int Run(int races)
        {
            var poisoned = 0;
            for (; Races < races; Now += Pause)
            {
                Races++;
                if (!Race()) { continue; }
                poisoned++;
                _memory.Clear();
            }
            return poisoned;
        }

        private bool Race()
        {
            var question = new Question(DnsName.Parse($"n{Races}-just-a-name.bank"), RecordType.A);
            var effects = new List<MeshEffect>();
            _mesh.Ask(question, new ResolutionBudget(Now + ResolutionLimits.ClientQueryTime), Now, effects);
            var (resolution, send) = Sent(effects) ?? throw new InvalidOperationException("no question goes out");
            var isAnswered = false;
            // The forged ones first: they are on their way when the question is.
            for (var i = 0; i < Guesses && send.Transport == DnsTransport.Udp && !isAnswered; i++)
            {
                if (_hasPorts && _random.Below(Ports) != 0) { continue; }
                ReachedPort++;
                if (Forge(send, question) is not { } forged) { continue; }
                effects.Clear();
                _mesh.Handle(resolution, new ResolutionInput.ResponseArrived(send.Exchange, send.Server, forged), Now, effects);
                if (Sent(effects) is { } next)
                {
                    // A near miss has sent it to TCP; or the forged server is asked.
                    if (next.Send.Server.Address == s_attacker) { return true; }
                    (resolution, send) = next;
                }
                isAnswered = effects.Exists(static effect => effect is MeshEffect.Answered);
            }
            Now += RoundTrip;
            effects.Clear();
            if (!isAnswered) { _mesh.Handle(resolution, new ResolutionInput.ResponseArrived(send.Exchange, send.Server, Honest(send)), Now, effects); }
            var name = question.Name;
            if (_memory.Delegations.FindDeepest(name, Now) is { } cut && cut.Servers.Any(static server => server.Addresses.Contains(s_attacker))) { return true; }
            return _memory.Cache.TryGet(name, RecordType.A, Now, out var hit) && hit.Outcome == CacheOutcome.Answer;
        }

        private static (int Resolution, ResolutionEffect.SendQuery Send)? Sent(List<MeshEffect> effects)
        {
            foreach (var effect in effects)
            {
                if (effect is MeshEffect.Forward { Effect: ResolutionEffect.SendQuery send } forward) { return (forward.Resolution, send); }
            }
            return null;
        }

        /// <summary>A guess: the id by chance, the case as he asked for it himself. Null for one that a resolver which does not mind near misses would throw away.</summary>
        private byte[]? Forge(ResolutionEffect.SendQuery send, Question question)
        {
            var id = (ushort)_random.Below(65_536);
            if (!_countsNearMisses && id != (send.Message[0] << 8 | send.Message[1])) { return null; }
            var server = DnsName.Parse("ns.bank");
            return new DnsMessage
            {
                Id = id,
                Flags = HeaderFlags.Response,
                Questions = [question],
                Authorities = [new DnsRecord(DnsName.Parse("bank"), new Ttl(86_400), new NameData(RecordType.NS, server))],
                Additionals = [new DnsRecord(server, new Ttl(86_400), new AddressData(s_attacker))],
            }.ToArray();
        }

        private static byte[] Honest(ResolutionEffect.SendQuery send)
        {
            Assert.True(DnsMessage.TryParse(send.Message, out var query, out _));
            return new DnsMessage
            {
                Id = query.Id,
                Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
                ResponseCode = ResponseCode.NameError,
                Questions = query.Questions,
                Edns = query.Edns,
                Authorities = [TestZone.Record("bank. 60 SOA ns.bank. mail.bank. 1 1 1 1 60")],
            }.ToArray();
        }
    }
}
