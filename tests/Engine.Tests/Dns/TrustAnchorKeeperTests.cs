using System.Text;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Tests.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A root that rolls its key over, months long in virtual time, and a resolver that follows it (RFC 5011).</summary>
public sealed class TrustAnchorKeeperTests : IDisposable
{
    private const string Path = "/etc/root.keys";
    private static readonly CountingRandom s_random = new();

    private readonly ResolverWorld _world = new();
    private readonly ZoneKey _old = NewKey(), _new = NewKey();
    private CancellationTokenSource _stopping = new();
    private RecursiveResolver? _resolver;
    private TrustAnchorKeeper? _keeper;
    private Func<(IZoneKey[] Signing, IZoneKey[] Shown)> _keys;

    public TrustAnchorKeeperTests()
    {
        _keys = () => ([_old], []);
        _world.AddZones("a.root-servers.net", "198.41.0.4", MakeZone());
        _world.Client.Disk.Write("/etc/hostname", "client");
    }

    public void Dispose()
    {
        _resolver?.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public void A_root_that_rolls_its_key_over_stays_secure_through_a_restart_and_to_the_end() => _world.Run(async () =>
    {
        var running = Start(Digest(_old));
        await PassAsync(20);
        _keys = () => ([_old], [_new]);
        await PassAsync(25);
        Assert.Equal([ManagedKeyState.Valid, ManagedKeyState.Pending], States());
        // A restart in the middle of it: the file knows.
        running = await RestartAsync(running);
        await PassAsync(10);
        Assert.Equal([ManagedKeyState.Valid, ManagedKeyState.Valid], States());
        _keys = () => ([_new, new RevokedKey(_old)], []);
        await PassAsync(3);
        Assert.Equal([ManagedKeyState.Revoked, ManagedKeyState.Valid], States());
        _keys = () => ([_new], []);
        await PassAsync(40);
        Assert.Equal([ManagedKeyState.Removed, ManagedKeyState.Valid], States());
        running = await RestartAsync(running);
        await PassAsync(5);
        Assert.Equal(SecurityStatus.Secure, await AskAsync());
        Assert.Equal(
            [("Start", "Valid", 0), ("Start", "Pending", 1), ("Pending", "Valid", 1), ("Valid", "Revoked", 0), ("Revoked", "Removed", 0)],
            _world.Told<TrustAnchorChanged>().Select(told => ($"{told.From}", $"{told.To}", told.KeyTag == _old.Public.KeyTag ? 0 : 1)));
        Assert.Empty(_world.Told<TrustAnchorInTrouble>());
        await StopAsync(running);
        return true;
    });

    /// <summary>Whoever knew the old key alone after it was taken back would be told lies.</summary>
    [Fact]
    public void What_a_key_signs_that_was_taken_back_is_bogus_at_once() => _world.Run(async () =>
    {
        var running = Start(Key(_old), Key(_new));
        await PassAsync(1);
        Assert.Equal(SecurityStatus.Secure, await AskAsync());
        _keys = () => ([_new, new RevokedKey(_old)], []);
        await PassAsync(2);
        _keys = () => ([_old], []);
        await PassAsync(3);
        Assert.Equal(SecurityStatus.Bogus, await AskAsync());
        Assert.Contains(_world.Told<TrustAnchorInTrouble>(), static told => told.Trouble == AnchorTrouble.NotSigned);
        await StopAsync(running);
        return true;
    });

    [Fact]
    public void A_forged_key_is_never_believed_however_long_it_is_shown() => _world.Run(async () =>
    {
        var running = Start(Key(_old));
        await PassAsync(1);
        var probes = _world.Received.Count(static line => line.EndsWith("DNSKEY", StringComparison.Ordinal));
        _keys = () => ([_new], []);
        await PassAsync(90);
        Assert.Equal([ManagedKeyState.Valid], States());
        Assert.Equal(SecurityStatus.Bogus, await AskAsync());
        // One that lies is asked no more often than one that says nothing: each hour at most (section 2.3), and five times then.
        Assert.InRange(_world.Received.Count(static line => line.EndsWith("DNSKEY", StringComparison.Ordinal)) - probes, 90, 90 * 24 * 5 + 10);
        _keys = () => ([_old], []);
        await PassAsync(2);
        Assert.Equal(SecurityStatus.Secure, await AskAsync());
        await StopAsync(running);
        return true;
    });

    [Fact]
    public void When_all_keys_are_taken_back_nothing_is_checked_any_more_and_that_is_said() => _world.Run(async () =>
    {
        var running = Start(Key(_old));
        await PassAsync(1);
        _keys = () => ([new RevokedKey(_old)], []);
        await PassAsync(2);
        Assert.True(_keeper!.Anchor.IsDeleted);
        Assert.Equal(AnchorTrouble.AllRevoked, Assert.Single(_world.Told<TrustAnchorInTrouble>()).Trouble);
        Assert.Equal(SecurityStatus.Unchecked, await AskAsync());
        await StopAsync(running);
        return true;
    });

    [Fact]
    public void A_file_that_cannot_be_written_is_told_and_the_keys_are_followed_all_the_same() => _world.Run(async () =>
    {
        var running = Start(Path.Replace("etc", "nowhere", StringComparison.Ordinal), Digest(_old));
        await PassAsync(1);
        var told = _world.Told<TrustAnchorInTrouble>().First();
        Assert.Equal((AnchorTrouble.NotWritten, "/nowhere/root.keys", Errno.ENOENT), (told.Trouble, told.File, told.Error));
        Assert.Equal([ManagedKeyState.Valid], States());
        await StopAsync(running);
        return true;
    });

    private Task Start(params DnsRecord[] anchors) => Start(Path, anchors);

    private Task Start(string file, params DnsRecord[] anchors) =>
        Start(file, ManagedAnchor.From(TrustAnchors.From(anchors).All.Single(), Now()));

    private Task Start(string file, ManagedAnchor anchor)
    {
        _resolver?.Dispose();
        _stopping = new CancellationTokenSource();
        _resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [.. Delegation.Root.Servers.Take(1)], Instant.Never),
            Policy = new UpstreamPolicy { UseV6 = false },
        });
        _keeper = new TrustAnchorKeeper(_resolver, _world.Client, anchor, file, _world.Tracer.Root(_world.Client));
        return _keeper.RunAsync(_stopping.Token);
    }

    private async Task<Task> RestartAsync(Task running)
    {
        await StopAsync(running);
        var anchor = ManagedAnchorText.Read(Encoding.UTF8.GetString(_world.Client.Disk.Read(Path)!), 0, out var flaw, out _);
        Assert.Equal(AnchorFileFlaw.None, flaw);
        return Start(Path, anchor!);
    }

    private async Task StopAsync(Task running)
    {
        _stopping.Cancel();
        await running;
        _stopping.Dispose();
    }

    /// <summary>The zone is signed anew each day, for ten days.</summary>
    private async Task PassAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            _world.Servers["a.root-servers.net"].Zones = new ZoneSet([MakeZone()]);
            await Task.Delay(TimeSpan.FromDays(1), _world.Client.Time);
        }
    }

    private async Task<SecurityStatus> AskAsync()
    {
        _resolver!.Forget();
        return await _resolver.ResolveAsync(DnsName.Parse("www"), RecordType.A) switch
        {
            ResolvedAnswer answer => answer.Status,
            ResolutionFailure { Reason: ResolutionFailureReason.Bogus } => SecurityStatus.Bogus,
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    private ManagedKeyState[] States() => [.. _keeper!.Anchor.Keys.Select(static key => key.State)];

    private long Now() => _world.Client.Time.GetUtcNow().ToUnixTimeSeconds();

    private Zone MakeZone()
    {
        var (signing, shown) = _keys();
        var text = $"$TTL 172800\n@ SOA a.root-servers.net. mail 1 60 60 60 60\n@ NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\nwww A 192.0.2.80\n"
            + string.Concat(shown.Select(static key => $"@ DNSKEY {key.Public.Data}\n"));
        Assert.True(Zone.TryLoad(text, ".", DnsName.Root, out var plain, out var problems), string.Join('\n', problems));
        var signed = string.Join('\n', ZoneSigner.Sign(plain, signing, new SigningOptions((uint)Now() - 3600, (uint)Now() + 10 * 86_400, false))) + "\n";
        Assert.True(Zone.TryLoad(signed, ".", DnsName.Root, out var zone, out problems), string.Join('\n', problems));
        return zone;
    }

    private static DnsRecord Digest(ZoneKey key) => new(DnsName.Root, Ttl.Zero, key.Public.ToDelegationSigner());

    private static DnsRecord Key(ZoneKey key) => new(DnsName.Root, Ttl.Zero, key.Public.Data);

    private static ZoneKey NewKey()
    {
        lock (s_random) { return ZoneKey.Generate(DnsName.Root, true, SigningAlgorithm.EcdsaP256Sha256, s_random); }
    }

    /// <summary>A key that says of itself that it is not to be believed any more.</summary>
    private sealed class RevokedKey(IZoneKey key) : IZoneKey
    {
        public ZonePublicKey Public { get; } = new(DnsName.Root, 257 | ZonePublicKey.RevokedFlag, key.Public.Algorithm, key.Public.Key);

        public byte[] Sign(ReadOnlySpan<byte> data) => key.Sign(data);
    }
}
