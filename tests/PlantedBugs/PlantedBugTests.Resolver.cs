using Firstbyte.Tests.Dns;
using Firstbyte.Tests.Dns.Resolving;

namespace Firstbyte.Tests.PlantedBugs;

/// <summary>The resolver's bugs, which its random internets must find.</summary>
public sealed partial class PlantedBugTests
{
    /// <summary>From here on bugs are found by the resolver's clients.</summary>
    private const int FirstOfService = 151;

    public static TheoryData<int, string, string, int> ResolverBugs => Listed(static number => number is >= FirstOfResolver and < FirstOfService);

    public static TheoryData<int, string, string, int> ServiceBugs => Listed(static number => number >= FirstOfService);

    [Theory]
    [MemberData(nameof(ServiceBugs))]
    public void A_planted_bug_of_the_resolvers_service_is_found(int number, string name, string rules, int first)
    {
        var allowed = rules.Split(',').Select(text => Enum.Parse<ServiceRule>(text.Trim())).ToHashSet();
        Planted.Choose(number);
        try
        {
            foreach (var seed in Seeds(first))
            {
                if (ServiceWorld.Execute(seed) is not var (rule, detail)) { continue; }
                output.WriteLine($"{name}: with seed {seed}: {rule}: {detail}");
                Assert.True(allowed.Contains(rule), $"{name} was found by a rule that is not about it: {rule}: {detail}");
                return;
            }
            Assert.Fail($"{name} was not found within {MostSeeds} seeds");
        }
        finally { Planted.Choose(0); }
    }

    [Theory]
    [MemberData(nameof(ResolverBugs))]
    public void A_planted_bug_of_the_resolver_is_found(int number, string name, string rules, int first)
    {
        var allowed = rules.Split(',').Select(text => Enum.Parse<WorldRule>(text.Trim())).ToHashSet();
        Planted.Choose(number);
        try
        {
            foreach (var seed in Seeds(first))
            {
                if (WorldRun.Execute(seed) is not { } breach) { continue; }
                output.WriteLine($"{name}: with seed {seed}: {breach}");
                Assert.True(allowed.Contains(breach.Rule), $"{name} was found by a rule that is not about it: {breach}");
                return;
            }
            Assert.Fail($"{name} was not found within {MostSeeds} seeds");
        }
        finally { Planted.Choose(0); }
    }

    [Fact]
    public void Without_a_bug_the_resolvers_worlds_hold()
    {
        for (ulong seed = 1; seed <= CleanSeeds; seed++)
        {
            var breach = WorldRun.Execute(seed);
            Assert.True(breach is null, $"{breach}");
        }
    }
}
