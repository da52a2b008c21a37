using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Signing;

/// <summary>The digest of a zone, with RFC 8976's own example.</summary>
public class ZoneDigestTests
{
    /// <summary>Appendix A.1.</summary>
    private const string Simple =
        """
        @      86400  IN  SOA     ns1 admin 2018031900 1800 900 604800 86400
               86400  IN  NS      ns1
               86400  IN  NS      ns2
               86400  IN  ZONEMD  2018031900 1 1 c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c
        ns1    3600   IN  A       203.0.113.63
        ns2    3600   IN  AAAA    2001:db8::63

        """;

    private static readonly DnsName s_origin = DnsName.Parse("example.");

    [Fact]
    public void The_digest_of_the_example_is_the_RFC_s()
    {
        Assert.True(Zone.TryLoad(Simple, "", s_origin, out var zone, out _));
        var records = zone.Sets.SelectMany(static set => set.Records).ToArray();
        var made = ZoneDigest.Of(s_origin, zone.Soa.Serial, records);
        Assert.Equal(Assert.Single(records, static record => record.Type == RecordType.ZONEMD).Data, made);
        Assert.Equal(made, ZoneDigest.Of(s_origin, zone.Soa.Serial, records.Reverse()));
    }

    [Theory]
    [InlineData("", "", null, "")]
    [InlineData("203.0.113.63", "203.0.113.64", ZoneTerm.DigestOfZone, "C68090D90A7AED71…")]
    [InlineData("ns2    3600", "NS2    3600", null, "")]
    [InlineData("ns2    3600", "ns2    3601", ZoneTerm.DigestOfZone, "C68090D90A7AED71…")]
    [InlineData("ZONEMD  2018031900", "ZONEMD  2018031899", ZoneTerm.DigestSerial, "2018031899")]
    [InlineData("2018031900 1 1 c6", "2018031900 2 1 c7", null, "")]
    [InlineData("2018031900 1 1 c6", "2018031900 1 3 c7", null, "")]
    public void A_digest_that_does_not_fit_is_told(string text, string instead, ZoneTerm? term, string found)
    {
        var changed = text.Length == 0 ? Simple : Simple.Replace(text, instead, StringComparison.Ordinal);
        Assert.True(Zone.TryLoad(changed, "", s_origin, out _, out var problems, null, new SignatureInspection(0, static (_, _, _) => true)));
        if (term is null) { Assert.Empty(problems); }
        else
        {
            var problem = Assert.Single(problems);
            Assert.Equal((ZoneFlaw.DigestWrong, term.Value, found, 4, false), (problem.Flaw, problem.Expected.Term, problem.Found, problem.Place.Line, problem.IsError));
        }
    }

    /// <summary>Loading alone does not hash the zone.</summary>
    [Fact]
    public void A_server_does_not_look() =>
        Assert.True(Zone.TryLoad(Simple.Replace("c68090", "c68091", StringComparison.Ordinal), "", s_origin, out _, out var problems, null, new SignatureInspection(0)) && problems.Count == 0);
}
