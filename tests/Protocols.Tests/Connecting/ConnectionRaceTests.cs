using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Connecting;

/// <summary>RFC 8305 4 and 5, with the time passed in.</summary>
public sealed class ConnectionRaceTests
{
    private static readonly Instant Begin = new(1_000_000_000);

    [Theory]
    [InlineData("2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2", "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2")]
    [InlineData("192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1", "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3")]
    [InlineData("2001:db8::1 192.0.2.1 192.0.2.2", "2001:db8::1 192.0.2.1 192.0.2.2")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("", "")]
    public void Families_take_turns(string sorted, string order) => Assert.Equal(Addresses(order), ConnectionRace.Interleave(Addresses(sorted)));

    [Fact]
    public void The_second_attempt_begins_when_the_first_has_had_its_time()
    {
        var race = new ConnectionRace(Addresses("2001:db8::1 192.0.2.1"));
        Assert.Equal(new RaceStep(RaceStepKind.Start, 0, IpAddress.Parse("2001:db8::1")), race.Next(Begin));
        Assert.Equal(new RaceStep(RaceStepKind.Wait, Until: At(250)), race.Next(Begin));
        Assert.Equal(RaceStepKind.Wait, race.Next(At(249)).Kind);
        Assert.Equal(new RaceStep(RaceStepKind.Start, 1, IpAddress.Parse("192.0.2.1")), race.Next(At(250)));
        Assert.Equal(new RaceStep(RaceStepKind.Wait, Until: Instant.Never), race.Next(At(250)));
        race.Succeeded();
        Assert.Equal(RaceStepKind.Won, race.Next(At(260)).Kind);
    }

    [Fact]
    public void A_failure_lets_the_next_begin_at_once_though_others_still_run()
    {
        var race = new ConnectionRace(Addresses("2001:db8::1 192.0.2.1 2001:db8::2"));
        Assert.Equal(0, race.Next(Begin).Attempt);
        Assert.Equal(1, race.Next(At(250)).Attempt);
        race.Failed(At(260));
        Assert.Equal(2, race.Next(At(260)).Attempt);
    }

    [Fact]
    public void It_is_lost_when_all_have_failed_and_not_before()
    {
        var race = new ConnectionRace(Addresses("2001:db8::1 192.0.2.1"));
        race.Next(Begin);
        race.Failed(At(1));
        race.Next(At(1));
        Assert.Equal(RaceStepKind.Wait, race.Next(At(2)).Kind);
        race.Failed(At(3));
        Assert.Equal(RaceStepKind.Lost, race.Next(At(3)).Kind);
    }

    [Fact]
    public void A_race_to_nowhere_is_lost() => Assert.Equal(RaceStepKind.Lost, new ConnectionRace([]).Next(Begin).Kind);

    [Fact]
    public void A_name_with_thousands_of_addresses_is_not_tried_a_thousand_times() =>
        Assert.Equal(ConnectionRace.MaximumAddresses, new ConnectionRace([.. Enumerable.Range(1, 5000).Select(n => IpAddress.FromV4((uint)n))]).Order.Count);

    private static Instant At(int milliseconds) => Begin + TimeSpan.FromMilliseconds(milliseconds);

    private static IpAddress[] Addresses(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IpAddress.Parse)];
}
