using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;

namespace Firstbyte.Tests.Dns.Resolving;

public sealed class ResolutionMeshTests
{
    [Fact]
    public void The_same_question_asked_twice_at_once_goes_out_once_and_both_are_answered()
    {
        var net = IterativeResolutionTests.Chapter();
        var first = net.Ask("www.lab.glasscom.com");
        var second = net.Ask("www.LAB.glasscom.com");
        Assert.Equal(1, net.Mesh.Count);
        Assert.IsType<ResolvedAnswer>(net.WaitFor(first));
        Assert.IsType<ResolvedAnswer>(net.WaitFor(second));
        Assert.Equal(4, net.Sent.Count);
        Assert.Single(net.Told<ResolutionJoined>());
        Assert.Equal(0, net.Mesh.Count);
    }

    [Fact]
    public void A_client_may_join_a_question_that_was_asked_for_a_servers_address()
    {
        var net = IterativeResolutionTests.Chapter();
        var hosted = net.Ask("www.hosted.com");
        net.Pass(TimeSpan.FromMilliseconds(50));
        var server = net.Ask("ns1.lab.glasscom.com");
        Assert.Equal([IpAddress.Parse("192.0.2.20")], Assert.IsType<ResolvedAnswer>(net.WaitFor(server)).Addresses);
        Assert.IsType<ResolvedAnswer>(net.WaitFor(hosted));
        Assert.Equal(0, net.Mesh.Count);
    }

    [Fact]
    public void Hundreds_may_wait_for_one_question_and_one_message_goes_out_for_all()
    {
        var net = IterativeResolutionTests.Chapter();
        var alone = IterativeResolutionTests.Chapter();
        alone.Answer("www.lab.glasscom.com");
        var tickets = Enumerable.Range(0, ResolutionLimits.ClientsPerResolution + 1).Select(_ => net.Ask("www.lab.glasscom.com")).ToArray();
        var outcomes = tickets.Select(net.WaitFor).ToArray();
        Assert.Equal(alone.Sent.Count, net.Sent.Count);
        Assert.Equal(ResolutionLimits.ClientsPerResolution, outcomes.OfType<ResolvedAnswer>().Count());
        Assert.Equal(ResolutionFailureReason.TooManyWaiters, Assert.Single(outcomes.OfType<ResolutionFailure>()).Reason);
    }

    [Fact]
    public void When_the_starters_time_ends_the_next_waiter_takes_the_question_over_with_its_own()
    {
        var net = IterativeResolutionTests.Chapter();
        net.RoundTrip = TimeSpan.FromMilliseconds(300);
        var hasty = net.Ask("www.lab.glasscom.com", time: TimeSpan.FromMilliseconds(400));
        var patient = net.Ask("www.lab.glasscom.com");
        Assert.Equal(ResolutionFailureReason.OutOfTime, Assert.IsType<ResolutionFailure>(net.WaitFor(hasty)).Reason);
        Assert.Equal([IpAddress.Parse("192.0.2.226")], Assert.IsType<ResolvedAnswer>(net.WaitFor(patient)).Addresses);
    }

    [Fact]
    public void When_the_starters_messages_are_spent_the_next_waiter_goes_on_from_what_was_learned()
    {
        var net = IterativeResolutionTests.Chapter();
        var poor = net.Ask("www.lab.glasscom.com", sends: 2);
        var rich = net.Ask("www.lab.glasscom.com");
        Assert.Equal(ResolutionFailureReason.BudgetSpent, Assert.IsType<ResolutionFailure>(net.WaitFor(poor)).Reason);
        Assert.IsType<ResolvedAnswer>(net.WaitFor(rich));
        Assert.Equal(4, net.Sent.Count);
    }

    [Fact]
    public void What_nobody_waits_for_any_more_ends()
    {
        var net = IterativeResolutionTests.Chapter();
        var ticket = net.Ask("www.hosted.com");
        net.Pass(TimeSpan.FromMilliseconds(50));
        Assert.Equal(2, net.Mesh.Count);
        var effects = new List<MeshEffect>();
        net.Mesh.Cancel(ticket, effects);
        Assert.Equal(0, net.Mesh.Count);
        Assert.Equal(2, effects.OfType<MeshEffect.Closed>().Count());
    }

    [Fact]
    public void Sub_questions_draw_on_the_budget_of_the_one_who_asked()
    {
        var net = IterativeResolutionTests.Chapter();
        var spent = Assert.IsType<ResolutionFailure>(net.WaitFor(net.Ask("www.hosted.com", sends: 4)));
        Assert.Equal(ResolutionFailureReason.BudgetSpent, spent.Reason);
        Assert.Equal(4, net.Sent.Count);
    }
}
