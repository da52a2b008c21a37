namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>Random internets, each of a seed, in virtual time: whatever happens in them, what must hold for a resolver holds.</summary>
public sealed class ResolverWorldTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_happens_what_must_hold_holds()
    {
        var (coverage, breaches) = (new WorldCoverage(), new List<WorldBreach>());
        // A seed of one's own, told line by line: FIRSTBYTE_WORLD=4711; more of them: FIRSTBYTE_WORLDS=10000.
        var only = Environment.GetEnvironmentVariable("FIRSTBYTE_WORLD") is { } text ? ulong.Parse(text) : 0;
        var worlds = Environment.GetEnvironmentVariable("FIRSTBYTE_WORLDS") is { } many ? ulong.Parse(many) : (ulong)Depth.Of(2_000);
        for (ulong seed = only > 0 ? only : 1; seed <= (only > 0 ? only : worlds); seed++)
        {
            if (WorldRun.Execute(seed, coverage, only > 0 ? output.WriteLine : null) is { } breach) { breaches.Add(breach); }
        }
        Assert.True(breaches.Count == 0, $"{breaches.Count} of {worlds} worlds; again: FIRSTBYTE_WORLD=SEED\n{string.Join('\n', breaches.Take(20))}");
        output.WriteLine(coverage.ToString());
        if (only > 0) { return; }
        foreach (var what in (string[])
        [
            "answers: records, Secure", "answers: denials, Secure", "answers: records, Insecure", "answers: denials, Insecure", "answers: records, Unchecked",
            "answers from the cache", "messages over TCP", "messages lost", "replies doubled", "replies that come late", "replies forged", "replies cut", "EDNS rejected",
            "lame: refused", "lame: servfail", "lame: empty", "lame: upward", "lame: formerr", "zones changed", "replies with records of others",
            "lame: denied", "lame: renamed", "replies that cannot be read", "aliases that leave their DNAME", "referrals without addresses",
            "denials with the time of their SOA", "crowds that ask for one name", "ages compared", "answers that a stub reads", "silent about a zone of others", "questions about what is healthy", "failures: AliasLoop", "failures: NoServerAnswers",
            "records: A", "records: AAAA", "records: TXT", "records: NS", "records: CNAME", "records: DNAME", "records: SOA", "records: DS",
        ])
        {
            Assert.True(coverage[what].Worlds >= (int)worlds / 50, $"{what}: in {coverage[what].Worlds} of {worlds} worlds\n{coverage}");
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_world()
    {
        var (first, second) = (new WorldCoverage(), new WorldCoverage());
        for (ulong seed = 1; seed <= 5; seed++)
        {
            WorldRun.Execute(seed, first);
            WorldRun.Execute(seed, second);
        }
        Assert.Equal(first.ToString(), second.ToString());
    }
}
