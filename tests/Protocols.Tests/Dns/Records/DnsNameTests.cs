using System.Text;
using CsCheck;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests.Dns.Records;

public class DnsNameTests
{
    private static readonly Gen<DnsName> AnyName = Gen.Byte.Array[1, 20].Array[0, 10].Select(labels =>
    {
        var name = DnsName.Root;
        foreach (var label in labels) { Assert.True(name.TryPrepend(label, out name)); }
        return name;
    });

    [Theory]
    [InlineData(".", ".")]
    [InlineData("www.example.com", "www.example.com.")]
    [InlineData("www.Example.COM.", "www.Example.COM.")]
    [InlineData(@"a\.b.c", @"a\.b.c.")]
    [InlineData(@"\065bc", "Abc.")]
    [InlineData(@"a\000b", @"a\000b.")]
    [InlineData(@"x\ y", @"x\032y.")]
    [InlineData(@"\@.\;.\\", @"\@.\;.\\.")]
    public void Text_is_read_and_written_as_rfc_1035_section_5_1_says(string text, string written)
    {
        Assert.True(DnsName.TryParse(text, out var name));
        Assert.Equal(written, name.ToString());
    }

    [Theory]
    [InlineData("", NameFlaw.Empty, 0)]
    [InlineData("..", NameFlaw.EmptyLabel, 0)]
    [InlineData(".a", NameFlaw.EmptyLabel, 0)]
    [InlineData("a..b", NameFlaw.EmptyLabel, 2)]
    [InlineData("a.b..", NameFlaw.EmptyLabel, 4)]
    [InlineData("a b", NameFlaw.BadCharacter, 1)]
    [InlineData("bücher", NameFlaw.BadCharacter, 1)]
    [InlineData(@"a\", NameFlaw.BadEscape, 1)]
    [InlineData(@"a\256", NameFlaw.BadEscape, 1)]
    [InlineData(@"a\25", NameFlaw.BadEscape, 1)]
    public void Text_that_is_no_name_is_refused_with_its_reason_and_place(string text, NameFlaw flaw, int position)
    {
        Assert.False(DnsName.TryParse(text, DnsName.Root, out _, out var actual, out var at));
        Assert.Equal((flaw, position), (actual, at));
    }

    [Fact]
    public void A_label_has_63_bytes_and_a_name_255()
    {
        var label = new string('x', 63);
        Assert.True(DnsName.TryParse(label, out _));
        Assert.False(DnsName.TryParse(label + "x", DnsName.Root, out _, out var flaw, out var position));
        Assert.Equal((NameFlaw.LabelTooLong, 63), (flaw, position));

        // Three labels of 63 and one of 61: 3 * 64 + 62 + 1 = 255.
        var longest = $"{label}.{label}.{label}.{new string('y', 61)}";
        Assert.True(DnsName.TryParse(longest, out var name));
        Assert.Equal(255, name.Length);
        Assert.True(DnsName.TryParse(longest + ".", out _));
        Assert.False(DnsName.TryParse(longest + "y", DnsName.Root, out _, out flaw, out _));
        Assert.Equal(NameFlaw.NameTooLong, flaw);
        Assert.False(DnsName.TryParse(longest, DnsName.Parse("z"), out _, out flaw, out _));
        Assert.Equal(NameFlaw.NameTooLong, flaw);
    }

    [Fact]
    public void A_name_without_its_last_dot_is_completed_by_the_origin()
    {
        var origin = DnsName.Parse("example.com.");
        Assert.True(DnsName.TryParse("www", origin, out var relative, out _, out _));
        Assert.Equal("www.example.com.", relative.ToString());
        Assert.True(DnsName.TryParse("www.", origin, out var absolute, out _, out _));
        Assert.Equal("www.", absolute.ToString());
    }

    [Fact]
    public void Case_is_kept_and_ignored()
    {
        var (lower, mixed) = (DnsName.Parse("www.example.com"), DnsName.Parse("wWw.exAMPle.Com"));
        Assert.Equal(lower, mixed);
        Assert.Equal(lower.GetHashCode(), mixed.GetHashCode());
        Assert.False(lower.EqualsExactly(mixed));
        Assert.True(lower.EqualsExactly(mixed.ToLower()));
        Assert.Equal("wWw.exAMPle.Com.", mixed.ToString());
        Assert.NotEqual(DnsName.Parse("a[b"), DnsName.Parse("a{b"));
        Assert.NotEqual(DnsName.Parse(@"\192"), DnsName.Parse(@"\224"));
    }

    [Fact]
    public void Folding_eight_bytes_at_once_agrees_with_folding_one() => AnyName.Sample(name =>
    {
        var flipped = name.Wire.ToArray();
        for (var i = 0; i < flipped.Length; i++)
        {
            if (flipped[i] is >= (byte)'a' and <= (byte)'z') { flipped[i] -= 0x20; }
        }
        Assert.True(WireName.Equals(name.Wire, flipped));
        Assert.Equal(WireName.Hash(name.Wire), WireName.Hash(flipped));
        var lower = name.Wire.ToArray();
        for (var i = 0; i < lower.Length; i++) { lower[i] = (byte)(lower[i] is >= 65 and <= 90 ? lower[i] + 32 : lower[i]); }
        Assert.True(name.ToLower().Wire.SequenceEqual(lower));
        for (var i = 0; i < lower.Length; i++)
        {
            var other = (byte[])lower.Clone();
            other[i] ^= 0x80;
            Assert.False(WireName.Equals(lower, other));
        }
    });

    [Fact]
    public void Text_and_wire_round_trip() => AnyName.Sample(name =>
    {
        Assert.True(DnsName.TryParse(name.ToString(), out var again));
        Assert.True(name.EqualsExactly(again));
        Assert.True(DnsName.TryFromWire(name.Wire, out again));
        Assert.True(name.EqualsExactly(again));
    });

    [Fact]
    public void Family_relations_follow_labels_not_text()
    {
        var (www, example, com) = (DnsName.Parse("www.example.com"), DnsName.Parse("EXAMPLE.com"), DnsName.Parse("com"));
        Assert.Equal(example, www.Parent);
        Assert.Equal(DnsName.Root, com.Parent);
        Assert.Equal(DnsName.Root, DnsName.Root.Parent);
        Assert.True(www.IsSubdomainOf(example) && www.IsSubdomainOf(www) && www.IsSubdomainOf(DnsName.Root));
        Assert.True(www.IsBelow(com) && !www.IsBelow(www));
        Assert.False(DnsName.Parse("badexample.com").IsSubdomainOf(example));
        // Bytes that look like the ancestor's end in the middle of a label are not the ancestor.
        Assert.False(DnsName.Parse(@"x\007example\003com").IsSubdomainOf(example));
        Assert.Equal(com, www.Suffix(1));
        Assert.Equal(3, www.LabelCount);
        Assert.Equal(2, www.CountCommonLabels(DnsName.Parse("mail.Example.com")));
        Assert.Equal(["www", "example", "com"], Labels(www));

        static List<string> Labels(DnsName name)
        {
            var labels = new List<string>();
            foreach (var label in name.Labels) { labels.Add(Encoding.ASCII.GetString(label)); }
            return labels;
        }
    }

    [Fact]
    public void Canonical_order_is_that_of_rfc_4034_section_6_1()
    {
        string[] ordered = ["example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", @"\001.z.example", "*.z.example", @"\200.z.example"];
        var names = ordered.Select(text => DnsName.Parse(text)).ToArray();
        Assert.Equal(names, names.Reverse().OrderBy(name => name));
    }

    [Fact]
    public void Canonical_order_is_an_order() => Gen.Select(AnyName, AnyName).Sample((a, b) =>
    {
        Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
        Assert.Equal(a == b, a.CompareTo(b) == 0);
    });

    [Fact]
    public void The_default_value_is_the_root()
    {
        Assert.Equal(DnsName.Root, default);
        Assert.Equal(".", default(DnsName).ToString());
        Assert.True(DnsName.TryFromWire([0], out var root) && root == default && root.GetHashCode() == default(DnsName).GetHashCode());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 97 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 64, 97, 0 })]
    [InlineData(new byte[] { 0xC0, 0 })]
    public void Bytes_that_are_not_exactly_one_name_are_refused(byte[] wire) => Assert.False(DnsName.TryFromWire(wire, out _));

    [Fact]
    public void A_dictionary_finds_a_name_by_its_bytes_without_allocating()
    {
        var dictionary = new Dictionary<DnsName, int>(DnsNameComparer.Instance) { [DnsName.Parse("www.example.com")] = 1 };
        var lookup = dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();
        var wire = DnsName.Parse("WWW.EXAMPLE.COM").Wire.ToArray();
        Assert.Equal(0, Allocations.Of(() => Assert.True(lookup.TryGetValue(wire, out var value) && value == 1)));
    }
}
