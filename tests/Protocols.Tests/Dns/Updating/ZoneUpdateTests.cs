using Firstbyte.Dns.Records;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Updating;

/// <summary>RFC 2136, clause by clause.</summary>
public class ZoneUpdateTests
{
    private const string Text = "@ SOA ns h 7 2 3 4 5\n@ NS ns\n@ NS ns2\nns A 192.0.2.1\na A 192.0.2.2\na A 192.0.2.3\na TXT \"x\"\nalias CNAME a\nb.ent A 192.0.2.4";

    private static readonly Zone s_zone = ZoneTests.Load("zone.test.", Text);

    [Theory]
    // Section 2.4.1 and 3.2.3: a set exists, whatever it holds.
    [InlineData("ANY a A", "NOERROR")]
    [InlineData("ANY a MX", "NXRRSET")]
    [InlineData("ANY ent A", "NXRRSET")]
    [InlineData("ANY @ SOA", "NOERROR")]
    // Section 2.4.2: it exists and holds exactly this.
    [InlineData("IN a A 192.0.2.2|IN a A 192.0.2.3", "NOERROR")]
    [InlineData("IN a A 192.0.2.2", "NXRRSET")]
    [InlineData("IN a A 192.0.2.2|IN a A 192.0.2.9", "NXRRSET")]
    [InlineData("IN c A 192.0.2.2", "NXRRSET")]
    // Section 2.4.3: it does not exist.
    [InlineData("NONE a MX", "NOERROR")]
    [InlineData("NONE a A", "YXRRSET")]
    // Section 2.4.4 and 2.4.5: the name is in use or not; an empty non-terminal is not (section 2.4.4's "owns at least one").
    [InlineData("ANY a ANY", "NOERROR")]
    [InlineData("ANY c ANY", "NXDOMAIN")]
    [InlineData("ANY ent ANY", "NXDOMAIN")]
    [InlineData("NONE c ANY", "NOERROR")]
    [InlineData("NONE a ANY", "YXDOMAIN")]
    // Section 3.2: what has no meaning, and what lies outside.
    [InlineData("ANY a A 192.0.2.2", "FORMERR")]
    [InlineData("NONE a A 192.0.2.2", "FORMERR")]
    [InlineData("CH a TXT \"x\"", "FORMERR")]
    [InlineData("5 ANY a A", "FORMERR")]
    [InlineData("ANY elsewhere.test. A", "NOTZONE")]
    public void Conditions_hold_or_say_what_does_not(string conditions, string expected) =>
        Assert.Equal(expected, Try(conditions, "IN c A 192.0.2.9", out _).ToString());

    [Theory]
    // Section 3.4.2.2: added, once; a set has one TTL.
    [InlineData("IN c A 192.0.2.9", "+c 60 A 192.0.2.9")]
    [InlineData("IN a A 192.0.2.2", "")]
    [InlineData("9 IN a A 192.0.2.2", "-a 60 A 192.0.2.2 -a 60 A 192.0.2.3 +a 9 A 192.0.2.2 +a 9 A 192.0.2.3")]
    [InlineData("IN a CNAME ns", "")]
    [InlineData("IN alias A 192.0.2.9", "")]
    [InlineData("IN alias CNAME ns", "-alias 60 CNAME a.zone.test. +alias 60 CNAME ns.zone.test.")]
    [InlineData("IN @ SOA ns h 6 2 3 4 5", "")]
    [InlineData("IN @ SOA ns h 9 2 3 4 5", "serial 9")]
    [InlineData("IN @ SOA ns h 9 2 3 4 5|IN @ SOA ns h 8 2 3 4 5", "serial 9")]
    // Each newer than the one before, and the last older than the zone's.
    [InlineData("IN @ SOA ns h 2000000000 2 3 4 5|IN @ SOA ns h 4000000000 2 3 4 5", "serial 2000000000")]
    // Section 3.4.2.3: sets and names go, but for the zone's SOA and NS.
    [InlineData("ANY a A", "-a 60 A 192.0.2.2 -a 60 A 192.0.2.3")]
    [InlineData("ANY a ANY", "-a 60 A 192.0.2.2 -a 60 A 192.0.2.3 -a 60 TXT \"x\"")]
    [InlineData("ANY c ANY", "")]
    [InlineData("ANY @ ANY", "")]
    [InlineData("ANY @ SOA", "")]
    [InlineData("ANY @ NS", "")]
    // Section 3.4.2.4: single records go, but for the SOA record and the last NS.
    [InlineData("NONE a A 192.0.2.2", "-a 60 A 192.0.2.2")]
    [InlineData("NONE a A 192.0.2.9", "")]
    [InlineData("NONE @ NS ns", "-@ 60 NS ns.zone.test.")]
    [InlineData("NONE @ NS ns|NONE @ NS ns2", "-@ 60 NS ns.zone.test.")]
    [InlineData("NONE @ SOA ns h 7 2 3 4 5", "")]
    // One after the other.
    [InlineData("ANY a ANY|IN a CNAME ns", "-a 60 A 192.0.2.2 -a 60 A 192.0.2.3 -a 60 TXT \"x\" +a 60 CNAME ns.zone.test.")]
    [InlineData("IN c A 192.0.2.9|ANY c A", "")]
    public void Changes_are_made_as_the_clauses_say(string changes, string expected)
    {
        Assert.Equal(ResponseCode.NoError, Try("", changes, out var difference));
        if (difference is null)
        {
            Assert.Equal("", expected);
            return;
        }
        Assert.True(s_zone.TryApply(difference, out var next, out _));
        Assert.Equal(difference.NewSerial, next.Soa.Serial);
        if (expected.StartsWith("serial", StringComparison.Ordinal))
        {
            Assert.Equal(expected, $"serial {next.Soa.Serial}");
            return;
        }
        Assert.Equal(8u, next.Soa.Serial);
        Assert.Equal(expected, string.Join(' ', difference.Removed.Select(record => "-" + Tell(record)).Order(StringComparer.Ordinal).Concat(difference.Added.Select(record => "+" + Tell(record)).Order(StringComparer.Ordinal))));
        Assert.Equal(7u, next.History.Differences[^1].OldSerial);
    }

    [Theory]
    [InlineData("IN elsewhere.test. A 192.0.2.1", "NOTZONE")]
    [InlineData("CH a TXT \"x\"", "FORMERR")]
    [InlineData("5 ANY a A", "FORMERR")]
    [InlineData("ANY a A 192.0.2.2", "FORMERR")]
    [InlineData("5 NONE a A 192.0.2.2", "FORMERR")]
    [InlineData("NONE a ANY", "FORMERR")]
    [InlineData("IN a ANY", "FORMERR")]
    [InlineData("ANY a AXFR", "FORMERR")]
    [InlineData("IN c A 192.0.2.9|IN elsewhere.test. A 192.0.2.1", "NOTZONE")]
    [InlineData("IN a NSEC b A", "REFUSED")]
    public void A_change_without_meaning_spoils_all(string changes, string expected)
    {
        Assert.Equal(expected, Try("", changes, out var difference).ToString());
        Assert.Null(difference);
    }

    [Fact]
    public void A_zone_that_is_signed_is_not_changed()
    {
        var signed = ZoneTests.Load("zone.test.", Text + "\n@ DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=");
        Assert.False(ZoneUpdate.CanChange(signed));
        Assert.Equal(ResponseCode.Refused, ZoneUpdate.TryMake(Message("", "IN c A 192.0.2.9"), signed, out _));
        Assert.False(ZoneUpdate.CanChange(s_zone.WithExpiry(true)));
    }

    [Fact]
    public void What_comes_out_must_be_a_zone()
    {
        Assert.Equal(ResponseCode.NoError, Try("", "IN ent DNAME a", out var difference));
        Assert.False(s_zone.TryApply(difference!, out _, out var problems));
        Assert.Contains(problems, static problem => problem.IsError);
    }

    private static string Tell(DnsRecord record) => $"{(record.Owner == s_zone.Origin ? "@" : record.Owner.ToString()[..^".zone.test.".Length])} {record.Ttl} {record.Type} {record.Data}";

    private static ResponseCode Try(string conditions, string changes, out ZoneDifference? difference) => ZoneUpdate.TryMake(Message(conditions, changes), s_zone, out difference);

    /// <summary>A message of lines "[TTL] CLASS name type [data]"; the TTL is 60 for what is added and else 0.</summary>
    internal static byte[] Message(string conditions, string changes)
    {
        var buffer = new byte[4096];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(new Question(s_zone.Origin, RecordType.SOA));
        foreach (var (section, lines) in ((MessageSection, string)[])[(MessageSection.Answer, conditions), (MessageSection.Authority, changes)])
        {
            foreach (var line in lines.Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ').ToList();
                var hasTtl = uint.TryParse(words[0], out var ttl);
                if (hasTtl) { words.RemoveAt(0); }
                Assert.True(RecordClass.TryParse(words[0], out var recordClass));
                if (!hasTtl && section == MessageSection.Authority && recordClass == RecordClass.IN) { ttl = 60; }
                Assert.True(RecordType.TryParse(words[2], out var type));
                var owner = words[1] == "@" ? s_zone.Origin : words[1].EndsWith('.') ? DnsName.Parse(words[1]) : DnsName.Parse($"{words[1]}.zone.test.");
                var data = words.Count == 3 ? [] : ZoneFileReader.Read($"x 60 IN {string.Join(' ', words.Skip(2))}\n", "", s_zone.Origin).Records.Single().RawData.ToArray();
                Assert.True(writer.TryWriteRecord(section, owner.Wire, type, recordClass, new Ttl(ttl), data));
            }
        }
        return buffer[..writer.Finish(7, HeaderFlags.None, OpCode.Update, ResponseCode.NoError)];
    }
}
