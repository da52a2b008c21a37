using Firstbyte.Addressing;
using Firstbyte.Connecting;

namespace Firstbyte.Tests.Connecting;

/// <summary>RFC 6724 10.2, its own examples: destination, source in parentheses.</summary>
public sealed class AddressOrderTests
{
    [Theory]
    // Prefer matching scope.
    [InlineData("198.51.100.121 169.254.13.78", "2001:db8:1::1 2001:db8:1::2", "2001:db8:1::1")]
    [InlineData("2001:db8:1::1 fe80::1", "198.51.100.121 198.51.100.117", "198.51.100.121")]
    // Prefer higher precedence.
    [InlineData("10.1.2.3 10.1.2.4", "2001:db8:1::1 2001:db8:1::2", "2001:db8:1::1")]
    // Prefer smaller scope.
    [InlineData("2001:db8:1::1 2001:db8:1::2", "fe80::1 fe80::2", "fe80::1")]
    // Avoid deprecated addresses.
    [InlineData("fe80::1 fe80::2 deprecated", "2001:db8:1::1 2001:db8:1::2", "2001:db8:1::1")]
    // Longest matching prefix.
    [InlineData("2001:db8:3ffe::1 2001:db8:3f44::2", "2001:db8:1::1 2001:db8:1::2", "2001:db8:1::1")]
    // Prefer matching label.
    [InlineData("2001:db8:1::1 2002:c633:6401::2", "2002:c633:6401::1 2002:c633:6401::2", "2002:c633:6401::1")]
    // Prefer higher precedence.
    [InlineData("2002:c633:6401::1 2002:c633:6401::2", "2001:db8:1::1 2001:db8:1::2", "2001:db8:1::1")]
    // 10.3: unique local addresses behind IPv4, when only one of the two networks has them.
    [InlineData("fd11:1111:1111:1::1 2001:db8::1", "198.51.100.1 198.51.100.2", "198.51.100.1")]
    // Rule 1: what cannot be reached comes last.
    [InlineData("2001:db8:1::1 -", "203.0.113.1 203.0.113.2", "203.0.113.1")]
    [InlineData("::1 ::1", "127.0.0.1 127.0.0.1", "::1")]
    public void The_preferred_destination_comes_first_whatever_the_order_asked(string one, string other, string preferred)
    {
        Assert.Equal(IpAddress.Parse(preferred), AddressOrder.Sort([Pair(one), Pair(other)])[0]);
        Assert.Equal(IpAddress.Parse(preferred), AddressOrder.Sort([Pair(other), Pair(one)])[0]);
    }

    [Fact]
    public void What_no_rule_tells_apart_keeps_the_order_of_the_resolver()
    {
        var asked = new[] { "203.0.113.9 192.0.2.1", "203.0.113.1 192.0.2.1", "198.51.100.7 192.0.2.1" };
        Assert.Equal(asked.Select(one => Pair(one).Destination), AddressOrder.Sort([.. asked.Select(Pair)]));
    }

    private static AddressPair Pair(string text)
    {
        var words = text.Split(' ');
        return new AddressPair(IpAddress.Parse(words[0]), words[1] == "-" ? null : IpAddress.Parse(words[1]), words.Length > 2);
    }
}
