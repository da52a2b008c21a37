using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A root whose server has moved since the hints were written; the old one still answers (RFC 9609).</summary>
public sealed class RootPrimingTests
{
    [Fact]
    public void What_the_root_names_is_asked_in_place_of_the_hints_and_nobody_waits_for_it()
    {
        var world = World();
        using var resolver = Resolver(world, primes: true);
        var elapsed = Ask(world, resolver, "www.com");
        Assert.Equal(["old: . NS", "old: www.com A", "com: www.com A"], world.Received);
        Ask(world, resolver, "nothing1");
        Ask(world, resolver, "nothing2");
        Assert.Equal(["new: nothing1 A", "new: nothing2 A"], world.Received.Skip(3));

        var other = World();
        using var plain = Resolver(other, primes: false);
        Assert.Equal(Ask(other, plain, "www.com"), elapsed);
        Ask(other, plain, "nothing1");
        Assert.Equal(["old: www.com A", "com: www.com A", "old: nothing1 A"], other.Received);
    }

    [Fact]
    public void The_root_is_asked_once_for_as_long_as_its_answer_may_be_kept()
    {
        var world = World();
        using var resolver = Resolver(world, primes: true);
        for (var i = 0; i < 20; i++) { Ask(world, resolver, $"nothing{i}"); }
        Assert.Single(world.Received, static one => one.EndsWith(". NS", StringComparison.Ordinal));
        Pass(world, 601);
        // The first finds that the time is over, and goes by the hints.
        for (var i = 0; i < 3; i++) { Ask(world, resolver, $"later{i}"); }
        Assert.Equal(["old: . NS", "old: later0 A", "new: later1 A", "new: later2 A"], world.Received.TakeLast(4));
        resolver.Forget();
        Ask(world, resolver, "afterwards");
        Assert.Equal(["old: . NS", "old: afterwards A"], world.Received.TakeLast(2));
    }

    [Fact]
    public void When_what_the_root_names_does_not_answer_the_hints_are_asked()
    {
        var world = World(isNewDead: true);
        using var resolver = Resolver(world, primes: true);
        Ask(world, resolver, "nothing1");
        Ask(world, resolver, "nothing2");
        Ask(world, resolver, "nothing3");
        Assert.Equal(["old: . NS", "old: nothing1 A", "old: nothing2 A", "old: nothing3 A"], world.Received);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    public void An_address_that_is_not_one_to_ask_is_not_taken(string address)
    {
        var world = World(newAddress: address);
        using var resolver = Resolver(world, primes: true);
        Ask(world, resolver, "nothing1");
        Ask(world, resolver, "nothing2");
        Assert.Equal(["old: . NS", "old: nothing1 A", "old: nothing2 A"], world.Received);
        Assert.Same(resolver.Memory.Hints, resolver.Memory.RootAt(NetworkClock.Monotonic(world.Client)));
    }

    [Fact]
    public void While_the_root_does_not_answer_it_is_asked_again_every_minute_only()
    {
        var world = new ResolverWorld();
        world.AddHost("old", "198.41.0.4");
        using var resolver = Resolver(world, primes: true);
        var memory = resolver.Memory;
        var now = NetworkClock.Monotonic(world.Client);
        Assert.True(memory.TryBeginPriming(now));
        Assert.False(memory.TryBeginPriming(now + TimeSpan.FromSeconds(59)));
        Assert.True(memory.TryBeginPriming(now + ResolutionLimits.PrimingRetry));
    }

    private static ResolverWorld World(bool isNewDead = false, string newAddress = "192.0.9.53")
    {
        var world = new ResolverWorld();
        var text = $"$TTL 600\n@ SOA new. host. 1 60 60 60 60\n@ NS new.\nnew. A {newAddress}\ncom. NS ns.com.\nns.com. A 192.0.2.53\n";
        Assert.True(Zone.TryLoad(text, "root", DnsName.Root, out var root, out var problems), string.Join('\n', problems));
        world.AddZones("old", "198.41.0.4", root);
        if (isNewDead) { world.AddHost("new", "192.0.9.53"); }
        else { world.AddZones("new", "192.0.9.53", root); }
        world.AddServer("com", "192.0.2.53", ("com.", "www A 192.0.2.80\n"));
        return world;
    }

    private static RecursiveResolver Resolver(ResolverWorld world, bool primes) => new(world.Client, new RecursiveResolverOptions
    {
        Hints = new Delegation(DnsName.Root, [.. Delegation.Root.Servers.Take(1)], Tracing.Instant.Never),
        Policy = new UpstreamPolicy { UseV6 = false },
        Primes = primes,
    });

    private static TimeSpan Ask(ResolverWorld world, RecursiveResolver resolver, string name) => world.Run(async () =>
    {
        var started = world.Kernel.Now;
        Assert.IsType<ResolvedAnswer>(await resolver.ResolveAsync(DnsName.Parse(name), RecordType.A, span: world.Tracer.Root(world.Client)));
        return world.Kernel.Now - started;
    });

    private static void Pass(ResolverWorld world, int seconds) => world.Run(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), world.Client.Time);
        return 0;
    });
}
