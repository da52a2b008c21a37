using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Conformance;

/// <summary>Unbound stands in front of our server on loopback with the zone's key as its anchor, and believes what it is told.</summary>
public class ValidatorTests
{
    /// <summary>A question, the code of its answer, and whether it is secure where opt-out links cover what is missing (RFC 5155 section 9.2).</summary>
    private static readonly (string Name, RecordType Type, ResponseCode Code, bool IsSecureWithOptOut)[] Questions =
    [
        ("host1", RecordType.A, ResponseCode.NoError, true),
        ("cname", RecordType.A, ResponseCode.NoError, true),
        ("x.dname", RecordType.TXT, ResponseCode.NoError, true),
        ("host1", RecordType.MX, ResponseCode.NoError, true),
        ("b.c.ent", RecordType.A, ResponseCode.NoError, true),
        ("nothing.host1", RecordType.A, ResponseCode.NameError, false),
        ("any.thing", RecordType.TXT, ResponseCode.NoError, false),
        ("any.thing", RecordType.A, ResponseCode.NoError, false),
        ("x.wd", RecordType.A, ResponseCode.NoError, false),
        ("x.wc", RecordType.A, ResponseCode.NoError, false),
        ("gone", RecordType.A, ResponseCode.NameError, false),
        ("signed", RecordType.DS, ResponseCode.NoError, true),
        ("glued", RecordType.DS, ResponseCode.NoError, false),
    ];

    [Theory]
    [InlineData("nsec", false)]
    [InlineData("nsec3", false, "-3", "-", "-H", "0")]
    [InlineData("opt-out", true, "-3", "AB12", "-H", "2", "-A")]
    public async Task Answers_and_proofs_are_accepted(string chain, bool isOptOut, params string[] options)
    {
        using var signed = SignedZone.TrySign(DnsPeersTests.Origin, DnsPeersTests.ZoneText, options);
        if (signed is null) { Assert.Skip("dnssec-signzone is not installed"); }
        await AreAcceptedAsync(chain, signed.Text, signed.Keys, isOptOut);
    }

    /// <summary>The same of zones that our own signer has made, by each algorithm: secure answers, names and types that are not there, wildcards, aliases, delegations.</summary>
    [Theory]
    [InlineData("ECDSAP256SHA256", false)]
    [InlineData("ECDSAP256SHA256", true)]
    [InlineData("ED25519", false)]
    [InlineData("ED25519", true)]
    [InlineData("RSASHA256", false)]
    [InlineData("RSASHA256", true)]
    public async Task What_we_have_signed_is_accepted(string name, bool isHashed)
    {
        Assert.True(SigningAlgorithm.TryParse(name, out var algorithm));
        var origin = DnsName.Parse(DnsPeersTests.Origin);
        ZoneKey[] keys = [.. ((bool[])[true, false]).Select(isEntryPoint => ZoneKey.Generate(origin, isEntryPoint, algorithm, new OsNetwork().Random))];
        Assert.True(Zone.TryLoad(DnsPeersTests.ZoneText, "zone", origin, out var zone, out var problems), string.Join('\n', problems));
        var now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var text = string.Join('\n', ZoneSigner.Sign(zone, keys, new SigningOptions(now - 3600, now + 86_400, isHashed))) + "\n";
        var anchors = string.Concat(keys.Select(key => $"{origin} IN DNSKEY {key.Public.Data}\n"));
        await AreAcceptedAsync($"{name} {(isHashed ? "NSEC3" : "NSEC")}", text, anchors, isOptOut: false);
    }

    private static async Task AreAcceptedAsync(string chain, string text, string keys, bool isOptOut)
    {
        Assert.True(Zone.TryLoad(text, "zone", DnsName.Parse(DnsPeersTests.Origin), out var zone, out var problems), string.Join('\n', problems));
        using var server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
        var endpoint = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        var serving = server.RunAsync();
        using (var validator = PeerServer.StartValidator(DnsPeersTests.Origin, keys, endpoint.Port))
        {
            if (validator is null) { Assert.Skip("unbound is not installed"); }
            var asked = 0;
            foreach (var (name, type, code, isSecureWithOptOut) in Questions)
            {
                var question = new Question(DnsName.Parse($"{name}.{DnsPeersTests.Origin}"), type);
                var query = DnsMessage.Query((ushort)(100 + asked++), question, HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true });
                var answer = validator.Ask(query);
                var told = $"{chain}: {name} {type}: {answer}";
                Assert.True(answer.ResponseCode == code, told);
                Assert.True((answer.Flags & HeaderFlags.AuthenticData) != HeaderFlags.None == (isSecureWithOptOut || !isOptOut), told);
            }
        }
        server.Dispose();
        await serving;
    }

    /// <summary>NSEC3 with more than 150 iterations: a validator that is shown the proofs takes the zone for unsigned, and would refuse answers without them.</summary>
    [Fact]
    public async Task A_zone_of_too_many_iterations_is_taken_for_unsigned_and_not_for_forged()
    {
        const string Signer = "/usr/bin/ldns-signzone", Generator = "/usr/bin/dnssec-keygen";
        Assert.SkipUnless(File.Exists(Signer) && File.Exists(Generator), "ldns-signzone and dnssec-keygen are not installed (ldnsutils, bind9-utils)");
        var folder = Directory.CreateTempSubdirectory("firstbyte-iterations-").FullName;
        try
        {
            PeerTool.Demand(Generator, folder, "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", DnsPeersTests.Origin);
            var key = Assert.Single(Directory.GetFiles(folder, "*.key"));
            await File.WriteAllTextAsync(Path.Combine(folder, "zone"), DnsPeersTests.ZoneText, TestContext.Current.CancellationToken);
            PeerTool.Demand(Signer, folder, "-n", "-t", "500", "-o", DnsPeersTests.Origin, "-f", "signed", "zone", Path.GetFileNameWithoutExtension(key));
            var text = await File.ReadAllTextAsync(Path.Combine(folder, "signed"), TestContext.Current.CancellationToken);
            Assert.True(Zone.TryLoad(text, "zone", DnsName.Parse(DnsPeersTests.Origin), out var zone, out var problems), string.Join('\n', problems));
            using var server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
            var endpoint = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
            var serving = server.RunAsync();
            using (var validator = PeerServer.StartValidator(DnsPeersTests.Origin, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken), endpoint.Port))
            {
                if (validator is null) { Assert.Skip("unbound is not installed"); }
                var question = new Question(DnsName.Parse($"nothing.host1.{DnsPeersTests.Origin}"), RecordType.A);
                var answer = validator.Ask(DnsMessage.Query(1, question, HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true }));
                Assert.Equal((ResponseCode.NameError, HeaderFlags.None), (answer.ResponseCode, answer.Flags & HeaderFlags.AuthenticData));
            }
            server.Dispose();
            await serving;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
