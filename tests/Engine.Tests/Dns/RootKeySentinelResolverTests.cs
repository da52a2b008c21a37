using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns;

/// <summary>Who asks for a root key sentinel learns whether a key is trusted, and nobody else notices (RFC 8509 section 3).</summary>
public sealed class RootKeySentinelResolverTests
{
    private static readonly Endpoint s_client = new(IpAddress.Parse("10.11.12.13"), 5353);

    [Theory]
    [InlineData(true, true, "wild.signed", true)]
    [InlineData(true, false, "wild.signed", false)]
    [InlineData(false, true, "wild.signed", false)]
    [InlineData(false, false, "wild.signed", true)]
    // A denial is an answer; what is not signed tells nothing.
    [InlineData(true, false, "signed", false)]
    [InlineData(true, false, "plain", true)]
    [InlineData(false, true, "plain", true)]
    public void A_secure_answer_is_withheld_by_what_is_trusted(bool asksWhether, bool isOwn, string parent, bool isAnswered)
    {
        using var lab = new SignedLab();
        var name = NameOf(lab, asksWhether, isOwn, parent);
        // From the servers, and again from the cache.
        for (var i = 0; i < 2; i++)
        {
            var answer = Ask(lab, name, RecordType.A, HeaderFlags.None);
            Assert.Equal(!isAnswered, answer.ResponseCode == ResponseCode.ServerFailure);
            Assert.True(isAnswered || answer.Answers.Count + answer.Authorities.Count == 0);
        }
        Assert.Equal(isAnswered, Ask(lab, name, RecordType.AAAA, HeaderFlags.None).ResponseCode != ResponseCode.ServerFailure);
    }

    [Fact]
    public void Whoever_checks_himself_or_asks_for_another_type_gets_what_there_is()
    {
        using var lab = new SignedLab();
        var name = NameOf(lab, asksWhether: true, isOwn: false, "wild.signed");
        Assert.Equal(ResponseCode.ServerFailure, Ask(lab, name, RecordType.A, HeaderFlags.None).ResponseCode);
        Assert.Single(Ask(lab, name, RecordType.A, HeaderFlags.CheckingDisabled).Answers);
        Assert.Equal(ResponseCode.NoError, Ask(lab, name, RecordType.TXT, HeaderFlags.None).ResponseCode);
        Assert.Single(Ask(lab, $"www.{name}", RecordType.A, HeaderFlags.None).Answers);
    }

    [Fact]
    public void The_operator_can_switch_it_off()
    {
        using var lab = new SignedLab();
        var name = NameOf(lab, asksWhether: true, isOwn: false, "wild.signed");
        for (var i = 0; i < 2; i++) { Assert.Single(Ask(lab, name, RecordType.A, HeaderFlags.None, tells: false).Answers); }
    }

    /// <summary>Nobody has to be asked to recurse for it to be told: what lies in the cache is withheld too.</summary>
    [Fact]
    public void What_is_known_is_withheld_from_who_wants_no_recursion()
    {
        using var lab = new SignedLab();
        var name = NameOf(lab, asksWhether: true, isOwn: false, "wild.signed");
        Assert.Equal(ResponseCode.Refused, Ask(lab, name, RecordType.A, HeaderFlags.None, recursion: false).ResponseCode);
        Ask(lab, name, RecordType.A, HeaderFlags.None);
        Assert.Equal(ResponseCode.ServerFailure, Ask(lab, name, RecordType.A, HeaderFlags.None, recursion: false).ResponseCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_service_tells_unless_it_is_told_not_to_also_where_it_makes_addresses(bool tells)
    {
        using var lab = new SignedLab();
        var memory = lab.Resolver.Memory;
        var options = new RecursiveServiceOptions { Hints = memory.Hints, Anchors = memory.Anchors, Dns64 = Dns64Resolver.WellKnownPrefix, TellsRootKeys = tells };
        using var service = lab.World.Run(async () => await RecursiveService.OpenAsync(lab.World.Client, options, [IpPrefix.Parse("10.11.12.0/24")]));
        foreach (var isOwn in (bool[])[true, false])
        {
            var name = NameOf(lab, asksWhether: true, isOwn, "wild.signed");
            foreach (var type in (RecordType[])[RecordType.A, RecordType.A, RecordType.AAAA])
            {
                var answer = Ask(lab, service.Responder, name, type, HeaderFlags.RecursionDesired);
                Assert.Equal(isOwn || !tells ? (ResponseCode.NoError, 1) : (ResponseCode.ServerFailure, 0), (answer.ResponseCode, answer.Answers.Count));
            }
        }
    }

    private static string NameOf(SignedLab lab, bool asksWhether, bool isOwn, string parent)
    {
        var tag = isOwn ? lab.RootKeyTag : (ushort)(lab.RootKeyTag + 1);
        return $"root-key-sentinel-{(asksWhether ? "is" : "not")}-ta-{tag:D5}.{parent}";
    }

    private static DnsMessage Ask(SignedLab lab, string name, RecordType type, HeaderFlags flags, bool tells = true, bool recursion = true)
    {
        INameResolver resolver = tells ? new RootKeySentinelResolver(lab.Resolver, lab.Resolver.Memory) : lab.Resolver;
        var rules = new CachedAnswerRules(Checks: true, AnswersSpecialNames: false, MakesAddresses: false, TellsRootKeys: tells);
        var responder = new RecursiveResponder(resolver, null, new CachedAnswers(lab.Resolver.Memory.Cache, rules), lab.World.Client);
        if (recursion) { flags |= HeaderFlags.RecursionDesired; }
        return Ask(lab, responder, name, type, flags);
    }

    private static DnsMessage Ask(SignedLab lab, IDnsResponder responder, string name, RecordType type, HeaderFlags flags)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), type), flags, Edns.Default).ToArray();
        var response = new byte[4096];
        var length = lab.World.Run(async () => await responder.AnswerAsync(query, s_client, DnsTransport.Udp, response, default, default));
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer;
    }
}
