namespace Firstbyte.Tests;

public class IpCommandTests
{
    [Theory]
    [InlineData("10.11.12.13/24")]
    [InlineData("10.11.12.13/255.255.255.0")]
    [InlineData("10.11.12.13 255.255.255.0")]
    public void The_chapters_address_explains_itself(string text)
    {
        var run = Command.Run(["ip", .. text.Split(' ')]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("00001010 00001011 00001100│00001101", run.Output);
        Assert.Contains("10.11.12.0/24", run.Output);
        Assert.Contains("255.255.255.0 = /24", run.Output);
        Assert.Contains("10.11.12.255", run.Output);
        Assert.Contains("10.11.12.1 – 10.11.12.254", run.Output);
        Assert.Contains("256 addresses, 254 for hosts", run.Output);
        Assert.Contains("private use, 10.0.0.0/8 (RFC 1918)", run.Output);
        Assert.Contains("13.12.11.10.in-addr.arpa.", run.Output);
    }

    [Theory]
    [InlineData("no, it is IPv6 and the subnet is not", "10.0.0.0/8", "--contains", "::1")]
    [InlineData("no, it is IPv4 and the subnet is not", "2001:db8::/32", "--contains", "10.0.0.1")]
    [InlineData("into 1 subnet of /8", "10.0.0.0/8", "--split", "8")]
    [InlineData("a link between two: host number 0 is one of them", "10.0.0.0/31")]
    [InlineData("a link between two: host number 0 is one of them", "2001:db8::/127")]
    public void What_is_said_of_a_subnet_is_so(string words, params string[] arguments) =>
        Assert.Contains(words, Command.Run(["ip", .. arguments]).Output, StringComparison.Ordinal);

    [Fact]
    public void A_mask_inside_a_byte_is_drawn_there() => Assert.Contains("00001010 00001011 0000│1100 00001101", Command.Run("ip", "10.11.12.13/20").Output);

    [Fact]
    public void A_subnet_is_split()
    {
        var run = Command.Run("ip", "10.11.12.0/24", "--split", "26");
        Assert.Contains("into 4 subnets of /26", run.Output);
        Assert.Contains("10.11.12.192/26", run.Output);
    }

    [Theory]
    [InlineData("10.11.12.200", 0)]
    [InlineData("10.11.13.1", 1)]
    public void Containment_is_said_and_is_the_exit_code(string probe, int exitCode) => Assert.Equal(exitCode, Command.Run("ip", "10.11.12.0/24", "--contains", probe).ExitCode);

    [Fact]
    public void A_prefix_of_no_bits_is_every_address()
    {
        Assert.Contains("every address of IPv4", Command.Run("ip", "10.0.0.0/0").Output);
        Assert.Contains("1 bit host number", Command.Run("ip", "10.0.0.1/31").Output);
    }

    [Fact]
    public void Several_prefixes_are_merged() => Assert.Contains("10.0.0.0/23", Command.Run("ip", "10.0.0.0/24", "10.0.1.0/24").Output);

    [Fact]
    public void Json_says_the_same() => Assert.Contains("\"broadcast\":\"10.11.12.255\"", Command.Run("ip", "10.11.12.13/24", "--json").Output);

    [Theory]
    [InlineData("10.11.12.13/33", "larger than the address")]
    [InlineData("10.11.12.13/255.0.255.0", "ones after zeros")]
    [InlineData("nonsense", "'nonsense': an address such as 192.0.2.1 or 2001:db8::1 is expected")]
    [InlineData("10.0.0.256", "'10.0.0.256': 256 > 255, and each of the four numbers is a byte")]
    [InlineData("10.0.0", "'10.0.0': an IPv4 address has four numbers, and this has 3")]
    [InlineData("10.0.0.08/8", "'10.0.0.08/8': 08 begins with a zero, which some programs read as octal")]
    [InlineData("10.0.0.0 255.0.255.0", "'10.0.0.0 255.0.255.0': the mask has ones after zeros")]
    [InlineData("10.0.0.0 0.0.0.255", "'10.0.0.0 0.0.0.255': this is a wildcard, as access lists have it: its ones are the host's bits; the mask is 255.255.255.0")]
    [InlineData("10.0.0.1 --split 30", "--split divides a subnet")]
    public void What_is_wrong_is_said(string text, string words)
    {
        var run = Command.Run(["ip", .. text.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors);
    }

    [Fact]
    public void An_address_alone_is_in_a_subnet_that_is_not_known()
    {
        var run = Command.Run("ip", "10.11.12.13");
        Assert.Equal(
            """
            Address   10.11.12.13
                      00001010 00001011 00001100 00001101
            Mask      not given: where the network number ends is the subnet's to say (write 10.11.12.13/24, for example)
            Kind      private use, 10.0.0.0/8 (RFC 1918): forwarded where it is used, not across the Internet
            Reverse   13.12.11.10.in-addr.arpa.

            """.ReplaceLineEndings("\n"), run.Output);
        Assert.DoesNotContain("network", Command.Run("ip", "10.11.12.13", "--json").Output);
    }

    [Fact]
    public void A_whole_address_has_no_host_number()
    {
        var output = Command.Run("ip", "10.11.12.13/32").Output;
        Assert.Contains("10.11.12.13/32   (the whole address: no bit is left for a host number)", output);
        Assert.Contains("1 address, 1 for hosts", output);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "every address of IPv4: what a default route leads to")]
    [InlineData("::/0", "every address of IPv6: what a default route leads to")]
    [InlineData("0.0.0.0/32", "this host on this network, 0.0.0.0/32")]
    [InlineData("192.0.0.0/8", "a subnet that holds addresses of several kinds")]
    public void A_subnet_is_not_the_block_in_which_its_first_address_lies(string text, string kind) => Assert.Contains("Kind      " + kind, Command.Run("ip", text).Output);
}
