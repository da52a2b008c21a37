using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;

namespace Firstbyte.Tests.Dns.Validating;

/// <summary>Keys of a zone that is followed, over months (RFC 5011): the rules without a network.</summary>
public sealed class ManagedAnchorTests
{
    private const long Day = 86_400, Start = 1_700_000_000;
    private static readonly DnsName s_zone = DnsName.Root;
    private static readonly TestKey s_old = new("old"), s_new = new("new"), s_thief = new("thief");

    private readonly List<ManagedKeyChange> _changes = [];
    private ManagedAnchor _anchor = ManagedAnchor.From(TrustAnchors.From([new DnsRecord(s_zone, Ttl.Zero, s_old.Public.ToDelegationSigner())]).All.Single(), Start);

    [Fact]
    public void A_key_that_is_rolled_over_is_believed_after_thirty_days_and_its_forerunner_until_it_is_taken_back()
    {
        Assert.True(Show(0, [s_old], by: [s_old]));
        Assert.Equal([State(s_old, ManagedKeyState.Valid)], States());
        Assert.True(Show(10, [s_old, s_new], by: [s_old]));
        for (var day = 11; day < 40; day++)
        {
            Assert.True(Show(day, [s_old, s_new], by: [s_old]));
            Assert.Equal(State(s_new, ManagedKeyState.Pending), States()[1]);
        }
        // Alone it says nothing yet.
        Assert.False(Show(39.5, [s_new], by: [s_new]));
        Assert.True(Show(40, [s_old, s_new], by: [s_old]));
        Assert.Equal([State(s_old, ManagedKeyState.Valid), State(s_new, ManagedKeyState.Valid)], States());
        Assert.True(Show(60, [s_old.Revoked, s_new], by: [s_old.Revoked, s_new]));
        Assert.Equal([State(s_old, ManagedKeyState.Revoked), State(s_new, ManagedKeyState.Valid)], States());
        Assert.Equal([s_new.Public.Data], _anchor.Believed.Select(static record => record.Data));
        // It comes back without the bit: that helps nobody.
        Assert.False(Show(61, [s_old], by: [s_old]));
        Assert.True(Show(70, [s_new], by: [s_new]));
        Assert.True(Show(91, [s_new], by: [s_new]));
        Assert.Equal(ManagedKeyState.Removed, _anchor.Keys[0].State);
        Assert.True(Show(92, [s_old, s_new], by: [s_new]));
        Assert.Equal(ManagedKeyState.Removed, _anchor.Keys[0].State);
        Assert.Equal(
            [(s_old, ManagedKeyState.Valid), (s_new, ManagedKeyState.Pending), (s_new, ManagedKeyState.Valid), (s_old, ManagedKeyState.Revoked), (s_old, ManagedKeyState.Removed)],
            _changes.Select(static change => (change.KeyTag == s_old.Public.KeyTag ? s_old : s_new, change.To)));
    }

    /// <summary>He signs whatever he likes with the key that he has stolen, and its owner finds out.</summary>
    [Fact]
    public void Who_has_a_key_for_less_than_thirty_days_gets_no_other_one_believed()
    {
        Show(0, [s_old], by: [s_old]);
        for (var day = 1; day < 30; day++) { Assert.True(Show(day, [s_old, s_thief], by: [s_old])); }
        Assert.True(Show(30, [s_old.Revoked, s_old, s_new], by: [s_old.Revoked]) is false);
        Assert.True(_anchor.IsDeleted);
        Assert.False(Show(31, [s_thief], by: [s_thief]));
        Assert.Empty(_anchor.Believed);
    }

    [Fact]
    public void A_new_key_that_is_missing_once_begins_anew()
    {
        Show(0, [s_old], by: [s_old]);
        Show(1, [s_old, s_new], by: [s_old]);
        Show(20, [s_old], by: [s_old]);
        Assert.Single(_anchor.Keys);
        Show(21, [s_old, s_new], by: [s_old]);
        Show(45, [s_old, s_new], by: [s_old]);
        Assert.Equal(ManagedKeyState.Pending, _anchor.Keys[1].State);
        Show(51, [s_old, s_new], by: [s_old]);
        Assert.Equal(ManagedKeyState.Valid, _anchor.Keys[1].State);
    }

    [Fact]
    public void The_hold_down_is_as_long_as_the_keys_may_be_kept()
    {
        Show(0, [s_old], by: [s_old]);
        Show(1, [s_old, s_new], by: [s_old], ttl: 40 * (uint)Day);
        Show(32, [s_old, s_new], by: [s_old], ttl: 40 * (uint)Day);
        Assert.Equal(ManagedKeyState.Pending, _anchor.Keys[1].State);
        Show(41, [s_old, s_new], by: [s_old]);
        Assert.Equal(ManagedKeyState.Valid, _anchor.Keys[1].State);
    }

    [Fact]
    public void A_key_that_is_only_gone_is_believed_on_for_a_year_beside_another_and_for_ever_alone()
    {
        Follow(s_old, s_new);
        Show(1, [s_new], by: [s_new]);
        Assert.Equal(ManagedKeyState.Missing, _anchor.Keys[0].State);
        Assert.Equal(2, _anchor.Believed.Count());
        Assert.True(Show(300, [s_old], by: [s_old]));
        Assert.Equal([ManagedKeyState.Valid, ManagedKeyState.Missing], _anchor.Keys.Select(static key => key.State));
        Show(301, [s_new], by: [s_new]);
        Show(668, [s_new], by: [s_new]);
        Assert.Equal([ManagedKeyState.Removed, ManagedKeyState.Valid], _anchor.Keys.Select(static key => key.State));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("another key")]
    [InlineData("too late")]
    [InlineData("too early")]
    [InlineData("another zone")]
    [InlineData("of another set")]
    public void A_set_that_does_not_hold_changes_nothing(string how)
    {
        Follow(s_old);
        var set = how switch
        {
            "nobody" => Set([s_new], [], 5),
            "another key" => Set([s_old, s_new], [s_new], 5),
            "too late" => Set([s_new, s_old], [s_old], 5 - 20),
            "too early" => Set([s_new, s_old], [s_old], 5 + 20),
            "another zone" => Set([s_new, s_old], [s_old], 5, DnsName.Parse("other")),
            _ => new SignedSet(Set([s_new, s_old], [], 5).Records, Set([s_old], [s_old], 5).Signatures),
        };
        Assert.False(_anchor.Take(set, Start + 5 * Day, TestKey.IsValid, _changes));
        Assert.Equal([State(s_old, ManagedKeyState.Valid)], States());
        Assert.Equal((1, Start + 5 * Day + 3600), (_anchor.Times.Failures, _anchor.Times.NextProbe));
    }

    /// <summary>Of the three only the last is right: the bit alone says nothing (section 2.1).</summary>
    [Theory]
    [InlineData(false, true, ManagedKeyState.Missing)]
    [InlineData(false, false, ManagedKeyState.Valid)]
    [InlineData(true, false, ManagedKeyState.Revoked)]
    public void A_key_takes_itself_back(bool signsItself, bool otherSigns, ManagedKeyState state)
    {
        Follow(s_old, s_new);
        Show(1, [s_old.Revoked, s_new], by: [.. signsItself ? [s_old.Revoked] : (TestKey[])[], .. otherSigns ? [s_new] : (TestKey[])[]]);
        Assert.Equal(state, _anchor.Keys[0].State);
    }

    [Fact]
    public void Keys_without_the_bit_of_an_entry_point_are_not_followed()
    {
        Follow(s_old);
        Assert.True(Show(1, [s_old, new TestKey("zone", 256)], by: [s_old]));
        Assert.Single(_anchor.Keys);
    }

    [Fact]
    public void Of_many_keys_only_so_many_are_held()
    {
        Follow(s_old);
        for (var i = 0; i < 6; i++) { Show(1 + i * 0.01, [s_old, .. Enumerable.Range(0, 31).Select(j => new TestKey($"{i} {j}"))], by: [s_old]); }
        Assert.InRange(_anchor.Keys.Count, 32, ManagedAnchor.MaxKeys);
    }

    [Theory]
    [InlineData(172_800u, 15, 86_400, 17_280)]
    [InlineData(60u, 15, 3600, 3600)]
    [InlineData(172_800u, 1, 43_200, 8_640)]
    [InlineData(8_000_000u, 100, 1_296_000, 86_400)]
    public void They_are_asked_for_again_in_time(uint ttl, int days, long interval, long retry)
    {
        Follow(s_old);
        _anchor.Take(Set([s_old], [s_old], 0, ttl: ttl, days: days), Start, TestKey.IsValid, _changes);
        Assert.Equal(new AnchorTimes(Start, Start, Start + interval, 0, interval, retry), _anchor.Times);
        _anchor.NoteFailure(Start + 5);
        Assert.Equal(new AnchorTimes(Start + 5, Start, Start + 5 + retry, 1, interval, retry), _anchor.Times);
    }

    [Fact]
    public void What_is_written_is_read_as_it_was()
    {
        Show(0, [s_old], by: [s_old]);
        Show(1, [s_old, s_new], by: [s_old]);
        Show(31, [s_old, s_new], by: [s_old]);
        Show(32, [s_old.Revoked, s_new, s_thief], by: [s_new, s_old.Revoked]);
        var text = ManagedAnchorText.Write(_anchor);
        var read = ManagedAnchorText.Read(text, 0, out var flaw, out _);
        Assert.Equal(AnchorFileFlaw.None, flaw);
        Assert.Equal(_anchor.Keys, read!.Keys);
        Assert.Equal((_anchor.Times, _anchor.Zone), (read.Times, read.Zone));
        Assert.Equal(text, ManagedAnchorText.Write(read));
        Assert.Contains($"{s_thief.Public.KeyTag} (ksk)}} ;;state=1 [ ADDPEND ] ;;count=0 ;;lastchange={Start + 32 * Day} ;;2023-12-16T22:13:20Z\n", text, StringComparison.Ordinal);
        // Before the keys are known the digest stands there.
        var first = ManagedAnchor.From(TrustAnchors.Root.All.Single(), Start);
        Assert.Equal(first.Signers, ManagedAnchorText.Read(ManagedAnchorText.Write(first), 0, out _, out _)!.Signers);
    }

    /// <summary>What Unbound 1.22 wrote of a root of its own, and a file as root.key is distributed.</summary>
    [Theory]
    [InlineData("; autotrust trust anchor file\n;;id: . 1\n;;last_queried: 1732000000 ;;Tue Nov 19 07:06:40 2024\n;;last_success: 1732000000 ;;Tue Nov 19 07:06:40 2024\n;;next_probe_time: 1732040000 ;;Tue\n;;query_failed: 0\n;;query_interval: 43200\n;;retry_time: 8640\n.\t86400\tIN\tDNSKEY\t257 3 13 KXf4HbFQdHFbSfBSyYsEb7Bvl4v6pHRIpOqqXQF8s6xBTQxZL4MyYRkAfhkXlH+EjaMVuxR8tXBAbVQAmWqaZQ== ;{id = 1 (ksk), size = 256b} ;;state=2 [  VALID  ] ;;count=0 ;;lastchange=1731000000 ;;Thu Nov  7 17:20:00 2024\n", 1_731_000_000, 43_200)]
    [InlineData("; the root\n.\t172800\tIN\tDNSKEY\t257 3 13 (\n\tKXf4HbFQdHFbSfBSyYsEb7Bvl4v6pHRIpOqqXQF8s6xBTQxZL4MyYRkAfhkXlH+EjaMVuxR8tXBAbVQAmWqaZQ== ) ; key\n", 77, 0)]
    public void Files_of_others_are_read(string text, long since, long interval)
    {
        var anchor = ManagedAnchorText.Read(text, 77, out var flaw, out _);
        Assert.Equal(AnchorFileFlaw.None, flaw);
        Assert.Equal((ManagedKeyState.Valid, since), (anchor!.Keys.Single().State, anchor.Keys.Single().Since));
        Assert.Equal(interval, anchor.Times.QueryInterval);
    }

    [Fact]
    public void A_zone_with_a_semicolon_in_its_name_is_read_again()
    {
        var anchor = ManagedAnchorText.Read("a\\;b. 1 IN DNSKEY 257 3 13 AAAA\n", 0, out _, out _);
        var read = ManagedAnchorText.Read(ManagedAnchorText.Write(anchor!), 0, out var flaw, out _);
        Assert.Equal((AnchorFileFlaw.None, DnsName.Parse("a\\;b")), (flaw, read!.Zone));
    }

    [Theory]
    [InlineData("", AnchorFileFlaw.Empty, 0)]
    [InlineData("; nothing\n", AnchorFileFlaw.Empty, 0)]
    [InlineData(". 1 IN DNSKEY 257 3 13 ==\n", AnchorFileFlaw.BadRecord, 1)]
    [InlineData(";\n. 1 IN DNSKEY 257 3 13 AAAA ;;state=9\n", AnchorFileFlaw.BadState, 2)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 [  VALID  ]\n", AnchorFileFlaw.BadTime, 1)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=-1\n", AnchorFileFlaw.BadTime, 1)]
    [InlineData(";;next_probe_time: soon\n. 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=1\n", AnchorFileFlaw.BadTime, 1)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=1\n. 1 IN DNSKEY 257 3 13 AAAB\n", AnchorFileFlaw.BadState, 2)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=1\nx. 1 IN DNSKEY 257 3 13 AAAB ;;state=2 ;;lastchange=1\n", AnchorFileFlaw.OtherZone, 2)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=1\n. 1 IN A 192.0.2.1\n", AnchorFileFlaw.OtherType, 2)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=2 ;;lastchange=1\n. 1 IN DNSK", AnchorFileFlaw.BadRecord, 2)]
    [InlineData(". 1 IN DNSKEY 257 3 13 AAAA ;;state=0 ;;lastchange=1\n", AnchorFileFlaw.Empty, 0)]
    [InlineData("a. 1 IN DNSKEY 257 3 13 AAAA\nb. 1 IN DNSKEY 257 3 13 AAAA\n", AnchorFileFlaw.OtherZone, 0)]
    public void A_broken_file_is_told(string text, AnchorFileFlaw flaw, int line)
    {
        Assert.Null(ManagedAnchorText.Read(text, 0, out var found, out var where));
        Assert.Equal((flaw, line), (found, where));
    }

    private void Follow(params TestKey[] keys) =>
        _anchor = new ManagedAnchor(s_zone, keys.Select(static key => new ManagedKey(key.Public.Data, ManagedKeyState.Valid, Start, 0)));

    private bool Show(double day, TestKey[] keys, TestKey[] by, uint ttl = 172_800) =>
        _anchor.Take(Set(keys, by, day, ttl: ttl), Start + (long)(day * Day), TestKey.IsValid, _changes);

    private static SignedSet Set(TestKey[] keys, TestKey[] by, double day, DnsName? zone = null, uint ttl = 172_800, int days = 10)
    {
        var (owner, now) = (zone ?? s_zone, Start + (long)(day * Day));
        var records = keys.Select(key => new DnsRecord(owner, new Ttl(ttl), key.Public.Data)).ToArray();
        var set = new SignedSet(records, []);
        return new SignedSet(records, [.. by.Select(key => new DnsRecord(owner, new Ttl(ttl), key.Sign(set.ToRecordSet(), (uint)(now - Day), (uint)(now + days * Day))))]);
    }

    private (ushort, ManagedKeyState)[] States() => [.. _anchor.Keys.Select(static key => (key.KeyTag, key.State))];

    private static (ushort, ManagedKeyState) State(TestKey key, ManagedKeyState state) => (key.Public.KeyTag, state);

    /// <summary>A key whose signatures are hashes.</summary>
    private sealed class TestKey(string seed, ushort flags = 257)
    {
        public ZonePublicKey Public { get; } = new(s_zone, flags, SigningAlgorithm.EcdsaP256Sha256, SHA512.HashData(System.Text.Encoding.UTF8.GetBytes(seed)));

        public TestKey Revoked => new(seed, (ushort)(flags | ZonePublicKey.RevokedFlag));

        public RecordData Sign(RecordSet set, uint from, uint until)
        {
            var signer = set.Owner.Wire;
            var header = new byte[SignedData.FixedLength + signer.Length];
            BinaryPrimitives.WriteUInt16BigEndian(header, set.Type.Value);
            (header[2], header[3]) = (Public.Algorithm.Value, (byte)set.Owner.LabelCount);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), set.Ttl.Seconds);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), until);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), from);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16), Public.KeyTag);
            signer.CopyTo(header.AsSpan(SignedData.FixedLength));
            return RecordWire.ToData(RecordType.RRSIG, [.. header, .. Hash(Public, SignedData.Of(set, header))]);
        }

        public static bool IsValid(RecordSet set, RecordData signature, ZonePublicKey key)
        {
            var header = SignedData.HeaderLength(signature);
            var data = SignedData.Of(set, signature.Wire[..header]);
            return data.Length > 0 && signature.Wire[header..].SequenceEqual(Hash(key, data));
        }

        private static byte[] Hash(ZonePublicKey key, ReadOnlySpan<byte> data) => SHA512.HashData([.. data, .. key.Data.Wire]);
    }
}
