namespace Firstbyte.Tests;

public class IpCommandTests
{
    [Theory]
    [InlineData("10.11.12.13/24")]
    [InlineData("10.11.12.13/255.255.255.0")]
    public void The_chapters_address_explains_itself(string text)
    {
        var run = Command.Run("ip", text);
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
    public void Several_prefixes_are_merged() => Assert.Contains("10.0.0.0/23", Command.Run("ip", "10.0.0.0/24", "10.0.1.0/24").Output);

    [Fact]
    public void Json_says_the_same() => Assert.Contains("\"broadcast\":\"10.11.12.255\"", Command.Run("ip", "10.11.12.13/24", "--json").Output);

    [Theory]
    [InlineData("10.11.12.13/33", "larger than the address")]
    [InlineData("10.11.12.13/255.0.255.0", "ones after zeros")]
    [InlineData("nonsense", "before '/' comes an address")]
    public void What_is_wrong_is_said(string text, string words)
    {
        var run = Command.Run("ip", text);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors);
    }
}
