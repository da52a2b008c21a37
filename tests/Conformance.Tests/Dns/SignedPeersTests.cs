using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Conformance;

/// <summary>The thousand questions to the nasty zone again, now signed and with DO: signatures and proofs are those of NSD and BIND.</summary>
public class SignedPeersTests
{
    /// <summary>What is left: whose answer differs, where, and what is to be said of it.</summary>
    private static readonly (string Peer, Func<Question, string, bool> Is, string Clause)[] Differences =
    [
        ("bind", static (question, theirs) => theirs.StartsWith("SERVFAIL", StringComparison.Ordinal), "RFC 1034 section 3.6.2"),
    ];

    [Theory]
    [InlineData("nsd", "nsec")]
    [InlineData("bind", "nsec")]
    [InlineData("nsd", "nsec3", "-3", "-", "-H", "0")]
    [InlineData("bind", "nsec3", "-3", "-", "-H", "0")]
    [InlineData("nsd", "opt-out with salt", "-3", "AB12", "-H", "2", "-A")]
    [InlineData("bind", "opt-out with salt", "-3", "AB12", "-H", "2", "-A")]
    public void Every_question_has_the_same_signed_answer(string name, string chain, params string[] options)
    {
        using var signed = SignedZone.TrySign(DnsPeersTests.Origin, DnsPeersTests.ZoneText, options);
        if (signed is null) { Assert.Skip("dnssec-signzone is not installed"); }
        using var peer = PeerServer.Start(name, DnsPeersTests.Origin, signed.Text);
        if (peer is null) { Assert.Skip($"{name} is not installed"); }
        Assert.True(Zone.TryLoad(signed.Text, "zone", DnsName.Parse(DnsPeersTests.Origin), out var zone, out var problems), string.Join('\n', problems));
        var server = new AuthoritativeServer(new ZoneSet(zone));
        var response = new byte[MessageView.MaxLength];
        var (asked, wrong) = (0, new List<string>());
        foreach (var question in DnsPeersTests.Questions(zone))
        {
            asked++;
            var query = DnsMessage.Query((ushort)asked, question, edns: Edns.Default with { DnssecOk = true });
            var length = server.Answer(query.ToArray(), default, response);
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var own, out var error), error.ToString());
            var (ours, theirs) = (DnsPeersTests.Tell(own), DnsPeersTests.Tell(peer.Ask(query)));
            if (ours != theirs && !Differences.Any(known => known.Peer == name && known.Is(question, theirs)))
            {
                wrong.Add($"{question}\n  we   {ours}\n  {name,-4} {theirs}");
            }
        }
        Assert.InRange(asked, 1_000, 10_000);
        Assert.True(wrong.Count == 0, $"{chain}: {wrong.Count} of {asked}\n{string.Join('\n', wrong.Take(60))}");
    }
}
