using Firstbyte.Journeys;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests.Journeys;

/// <summary>The scheme chooses the client, and every scheme is spoken by one.</summary>
public sealed class UrlClientsTests
{
    [Fact]
    public void No_scheme_is_claimed_twice() => Assert.Equal(UrlClients.Schemes.Distinct(), UrlClients.Schemes);

    [Theory]
    [InlineData("http", true)]
    [InlineData("https", true)]
    [InlineData("file", true)]
    [InlineData("news", true)]
    [InlineData("nntps", true)]
    [InlineData("mailto", true)]
    [InlineData("HTTP", false)]
    [InlineData("gopher", false)]
    [InlineData("", false)]
    public void A_scheme_has_the_client_of_its_row(string scheme, bool isSpoken)
    {
        var network = new ClockOnlyNetwork(new HandClock());
        using var clients = new UrlClients(new ClientContext(network, null!, null!, new JourneyOptions()));
        Assert.Equal(isSpoken, clients.For(scheme) is not null);
    }

    /// <summary>docs/schemes.md has a row for every client, with the schemes that it speaks.</summary>
    [Fact]
    public void The_page_of_schemes_names_every_one()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Require(), "docs", "schemes.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(UrlClients.Schemes, rows.SelectMany(static line => line.Split('|')[1].Split(',')).Select(static scheme => scheme.Trim(' ', '`')));
    }

    [Fact]
    public void Schemes_of_one_row_share_a_client()
    {
        var network = new ClockOnlyNetwork(new HandClock());
        using var clients = new UrlClients(new ClientContext(network, null!, null!, new JourneyOptions()));
        Assert.Same(clients.For("http"), clients.For("https"));
    }
}
