using Firstbyte.Addressing;
using Firstbyte.Dns.Digging;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Digging;

/// <summary>dig's command line (dig(1)): what stands before the first name holds for all, what stands behind one for it alone.</summary>
public class DigLineTests
{
    [Fact]
    public void Without_a_name_the_servers_of_the_root_are_asked_for()
    {
        var query = Assert.Single(Read(""));
        Assert.Equal((DnsName.Root, RecordType.NS), (query.Name, query.Type));
    }

    [Fact]
    public void Options_before_the_first_name_hold_for_all_and_those_behind_one_for_it_alone()
    {
        var queries = Read("@192.0.2.1 +norecurse MX a.test @192.0.2.2 +tcp b.test AAAA +recurse c.test");
        Assert.Equal(["a.test. MX 192.0.2.2 True False", "b.test. AAAA 192.0.2.1  True", "c.test. MX 192.0.2.1  False"],
            queries.Select(static one => $"{one.Name} {one.Type} {one.Server} {one.IsOverTcp} {(one.Flags & HeaderFlags.RecursionDesired) != HeaderFlags.None}"));
    }

    /// <summary>A line of .digrc is read as dig reads it: options and types hold for what is asked later, names ask for nothing, and the command line comes after it.</summary>
    [Fact]
    public void Habits_hold_where_the_line_says_nothing()
    {
        var habits = new DigQuery();
        foreach (var line in (string[])["+short +nocookie www.habit.test", "-t MX", "-x 192.0.2.1 -p 5300"])
        {
            Assert.True(DigLine.TryReadHabits(line.Split(' '), habits, out habits, out _));
        }
        Assert.True(DigLine.TryRead(["a.test", "b.test", "AAAA", "+noshort"], habits, out var read, out _));
        Assert.Equal(["a.test. MX True 5300", "b.test. AAAA False 5300"], read.Queries.Select(static one => $"{one.Name} {one.Type} {one.Display.IsShort} {one.Port}"));
        Assert.True(DigLine.TryRead([], habits, out read, out _));
        Assert.Equal(RecordType.MX, Assert.Single(read.Queries).Type);
        Assert.False(DigLine.TryReadHabits(["+frob"], habits, out _, out var fault));
        Assert.Equal((DigFaultKind.UnknownOption, "+frob"), (fault.Kind, fault.Word));
        Assert.False(read.IsWithoutHabits);
        Assert.True(DigLine.TryRead(["-4r", "a.test"], new DigQuery(), out read, out _));
        Assert.True(read.IsWithoutHabits);
    }

    [Theory]
    [InlineData("-x 192.0.2.1", "1.2.0.192.in-addr.arpa.")]
    [InlineData("-x 10.1", "1.10.in-addr.arpa.")]
    [InlineData("-x 2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")]
    public void Backwards(string line, string name)
    {
        var query = Assert.Single(Read(line));
        Assert.Equal((name, RecordType.PTR), (query.Name.ToString(), query.Type));
    }

    [Fact]
    public void Letters_may_stand_together_and_with_their_value()
    {
        var query = Assert.Single(Read("-4up5300 -b192.0.2.7#99 -qAAAA -tTXT"));
        Assert.Equal((IpVersion.V4, (ushort)5300, "AAAA.", RecordType.TXT, true), (query.Version, query.Port, query.Name.ToString(), query.Type, query.Display.Microseconds));
        Assert.Equal(Endpoint.TryParse("192.0.2.7:99", out var source) ? source : default, query.Source);
    }

    [Theory]
    [InlineData("+tim=3", "UnknownOption +tim ")]
    [InlineData("+frob", "UnknownOption +frob ")]
    [InlineData("+nofrob", "UnknownOption +nofrob ")]
    [InlineData("-Z", "UnknownOption -Z ")]
    [InlineData("--frob", "UnknownOption --frob ")]
    [InlineData("+yaml", "NotDone +yaml ")]
    [InlineData("+search", "NotDone +search ")]
    [InlineData("+nomapped", "NotDone +nomapped ")]
    [InlineData("+subnet", "WantsValue +subnet ADDR[/N]")]
    [InlineData("-p", "WantsValue -p PORT")]
    [InlineData("-p 65536", "BadValue -p 65536")]
    [InlineData("+bufsize=70000", "BadValue +bufsize 70000")]
    [InlineData("+subnet=zz", "BadValue +subnet zz")]
    [InlineData("+cookie=zz", "BadValue +cookie zz")]
    [InlineData("+padding=513", "BadValue +padding 513")]
    [InlineData("-y frob:name:AAAA", "BadValue -y frob:name:***")]
    [InlineData("ixfr=x", "BadValue ixfr x")]
    [InlineData("a..b", "NoName a..b ")]
    public void What_is_none_of_digs_is_told(string line, string expected)
    {
        Assert.False(DigLine.TryRead(line.Split(' '), new DigQuery(), out _, out var fault));
        Assert.Equal(expected, $"{fault.Kind} {fault.Word} {fault.Value}");
    }

    /// <summary>What is pasted may switch off what nobody has switched on; and what is malformed is shown as far as it can be read.</summary>
    [Theory]
    [InlineData("+nosearch")]
    [InlineData("+noyaml")]
    [InlineData("+nokeepopen")]
    [InlineData("+besteffort")]
    [InlineData("+nobesteffort")]
    public void What_is_done_anyway_is_taken(string option) => Assert.Equal(Assert.Single(Read("x")), Assert.Single(Read("x " + option)));

    [Fact]
    public void Every_option_can_be_switched_off_and_its_first_letters_mean_it_or_nothing()
    {
        foreach (var option in DigOptions.All.Where(static option => option.Name is not ("retry" or "tries")))
        {
            Assert.True(DigLine.TryRead([$"+no{option.Name}"], new DigQuery(), out _, out var fault), $"{fault}");
            for (var length = 2; length < option.Name.Length; length++)
            {
                var query = new DigQuery();
                var kind = DigOptions.Apply("+no" + option.Name[..length], ref query).Kind;
                Assert.True(kind is DigFaultKind.None or DigFaultKind.UnknownOption or DigFaultKind.NotDone, $"{option.Name[..length]}: {kind}");
            }
        }
    }

    [Theory]
    [InlineData("-y hmac-sha256:name:c2VjcmV0", "-y hmac-sha256:name:***")]
    [InlineData("@s -yname:c2VjcmV0 x", "@s -yname:*** x")]
    [InlineData("-y c2VjcmV0", "-y ***")]
    public void The_secret_of_a_key_is_not_shown_again(string line, string shown) => Assert.Equal(shown, DigLine.Shown(line.Split(' ')));

    private static IReadOnlyList<DigQuery> Read(string text)
    {
        Assert.True(DigLine.TryRead(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), new DigQuery(), out var line, out var fault), $"{fault}");
        return line.Queries;
    }
}
