using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Conformance;

/// <summary>The thousand questions to the nasty zone again, now signed and with DO: signatures and proofs are those of NSD and BIND.</summary>
public class SignedPeersTests
{
    private static readonly DnsName s_belowOptOut = DnsName.Parse($"zz.cut.ent.{DnsPeersTests.Origin}");

    /// <summary>What is left: whose answer differs, where, and what is to be said of it.</summary>
    private static readonly (string Peer, Func<Question, DnsMessage, DnsMessage, bool> Is, string Clause)[] Differences =
    [
        // As without signatures.
        ("bind", static (question, _, theirs) => theirs.ResponseCode == ResponseCode.ServerFailure && DnsPeersTests.IsInCircle(question.Name),
            "RFC 1034 section 3.6.2"),
        ("knot", static (question, _, theirs) => DnsPeersTests.IsRepeated(question.Name, DnsPeersTests.Tell(theirs)), "RFC 6672 section 3.2"),
        // Who asks for "*" itself gets the NSEC3 record of that name; NSD shows the closest encloser as well.
        ("nsd", static (question, ours, theirs) => question.Name.ToString().StartsWith("*.", StringComparison.Ordinal) && IsPartOf(ours, theirs),
            "RFC 5155 section 7.2.3"),
        // A name that is there only as the owner of an NSEC3 record does not exist; for NSD it is an encloser.
        ("nsd", static (question, _, _) => question.Name.Parent.Wire[0] == HashLength, "RFC 5155 section 7.2.8"),
        // Of the name that a DNAME made NSD leaves the proof out, or shows that of another name.
        ("nsd", static (_, ours, theirs) => ours.Answers.Any(static record => record.Type == RecordType.DNAME) && HaveSameAnswers(ours, theirs),
            "RFC 4035 sections 3.1.3.2 and 3.1.3.3"),
        // Between an opted-out delegation and the closest provable encloser NSD takes another name for the next closer one.
        ("nsd", static (question, ours, theirs) => question.Name == s_belowOptOut && HaveSameAnswers(ours, theirs), "RFC 5155 section 7.2.1"),
    ];

    /// <summary>A SHA-1 value in base32hex.</summary>
    private const int HashLength = 32;

    [Theory]
    [InlineData("nsd", "nsec")]
    [InlineData("bind", "nsec")]
    [InlineData("knot", "nsec")]
    [InlineData("nsd", "nsec3", "-3", "-", "-H", "0")]
    [InlineData("bind", "nsec3", "-3", "-", "-H", "0")]
    [InlineData("knot", "nsec3", "-3", "-", "-H", "0")]
    [InlineData("nsd", "opt-out with salt", "-3", "AB12", "-H", "2", "-A")]
    [InlineData("bind", "opt-out with salt", "-3", "AB12", "-H", "2", "-A")]
    [InlineData("knot", "opt-out with salt", "-3", "AB12", "-H", "2", "-A")]
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
            var other = peer.Ask(query);
            var (ours, theirs) = (DnsPeersTests.Tell(own), DnsPeersTests.Tell(other));
            if (ours != theirs && !Differences.Any(known => known.Peer == name && known.Is(question, own, other)))
            {
                wrong.Add($"{question}\n  we   {ours}\n  {name,-4} {theirs}");
            }
        }
        Assert.InRange(asked, 1_000, 10_000);
        Assert.True(wrong.Count == 0, $"{chain}: {wrong.Count} of {asked}\n{string.Join('\n', wrong.Take(60))}");
    }

    private static bool HaveSameAnswers(DnsMessage ours, DnsMessage theirs) =>
        ours.ResponseCode == theirs.ResponseCode && ours.Answers.Select(static record => $"{record}").Order().SequenceEqual(theirs.Answers.Select(static record => $"{record}").Order());

    private static bool IsPartOf(DnsMessage part, DnsMessage whole) =>
        part.ResponseCode == whole.ResponseCode && Records(part).IsSubsetOf(Records(whole));

    private static HashSet<string> Records(DnsMessage message) =>
        [.. message.Answers.Concat(message.Authorities).Select(static record => $"{record.Owner} {record.Type} {record.Data}".ToLowerInvariant())];
}
