using System.Text.RegularExpressions;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests.Dns.Records;

public class RootHintsTests
{
    [Fact]
    public void There_are_thirteen_servers_with_two_addresses_each()
    {
        Assert.Equal(13, RootHints.Servers.Count);
        Assert.All(RootHints.Servers, server => Assert.True(server.V4.IsV4 && server.V6.IsV6));
        Assert.Equal(39, RootHints.Records.Distinct().Count());
        Assert.Equal("m.root-servers.net. 3600000 IN AAAA 2001:dc3::35", RootHints.Records.Last().ToString());
    }

    [Fact]
    public void They_are_those_of_the_published_file()
    {
        var lines = File.ReadAllLines(ConformanceData.Require("dns/root.hints"))
            .Where(line => !line.StartsWith(';') && line.Trim().Length > 0)
            .Select(line => Regex.Split(line.Trim(), @"\s+"))
            .Select(parts => $"{parts[0]} {parts[1]} IN {parts[2]} {parts[3]}".ToUpperInvariant())
            .Order();
        Assert.Equal(lines, RootHints.Records.Select(record => record.ToString().ToUpperInvariant()).Order());
    }
}
