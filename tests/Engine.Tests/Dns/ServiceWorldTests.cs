namespace Firstbyte.Tests.Dns;

/// <summary>Clients of many seeds; bugs planted to be found by them are in tests/PlantedBugs.</summary>
public sealed class ServiceWorldTests
{
    [Fact]
    public void Whoever_asks_for_whatever_what_must_hold_holds()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var breach = ServiceWorld.Execute(seed);
            Assert.True(breach is null, $"{breach}");
        }
    }
}
