using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Updating;

/// <summary>Whatever is left of a journal when a server is killed: what was acknowledged is in it, and it is read.</summary>
public class ZoneJournalTests
{
    private static readonly Zone s_zone = ZoneTests.Load("zone.test.", "@ SOA ns h 7 2 3 4 5\n@ NS ns\nns A 192.0.2.1");
    private static readonly List<ZoneDifference> s_changes = Changes();
    private static readonly byte[] s_journal = [.. ZoneJournal.Head(s_zone.Origin), .. ZoneJournal.File(s_zone), .. s_changes.SelectMany(ZoneJournal.Entry)];

    [Fact]
    public void A_journal_cut_anywhere_holds_every_change_before_the_cut()
    {
        var head = ZoneJournal.Head(s_zone.Origin).Length;
        var ends = new List<int> { head + ZoneJournal.File(s_zone).Length };
        foreach (var change in s_changes) { ends.Add(ends[^1] + ZoneJournal.Entry(change).Length); }
        for (var length = 1; length <= s_journal.Length; length++)
        {
            var content = ZoneJournal.Read(s_journal.AsSpan(0, length), s_zone.Origin);
            var whole = ends.Count(end => end <= length) - 1;
            var kept = whole >= 0 ? ends[whole] : length >= head ? head : 0;
            Assert.Equal((JournalFault.None, Math.Max(whole, 0), kept), (content.Fault, content.Differences.Count, (int)content.Length));
            Assert.Equal(whole < 0 ? null : true, content.IsAsTaken(s_zone));
            Assert.Equal(JournalFault.None, ZoneJournal.TryReplay(s_zone, content.Differences, out var newest, out _));
            Assert.Equal(7u + (uint)content.Differences.Count, newest.Soa.Serial);
        }
    }

    [Fact]
    public void A_tail_of_anything_is_dropped() => Gen.Byte.Array[0, 100].Sample(tail =>
    {
        var content = ZoneJournal.Read([.. s_journal, .. tail], s_zone.Origin);
        Assert.Equal((JournalFault.None, s_changes.Count, s_journal.Length), (content.Fault, content.Differences.Count, (int)content.Length));
    });

    [Fact]
    public void Damage_in_the_middle_is_told_and_nothing_is_passed_over() => Gen.Int[0, s_journal.Length * 8 - 1].Sample(bit =>
    {
        var damaged = (byte[])s_journal.Clone();
        damaged[bit / 8] ^= (byte)(1 << bit % 8);
        var content = ZoneJournal.Read(damaged, s_zone.Origin);
        var last = s_journal.Length - ZoneJournal.Entry(s_changes[^1]).Length;
        // In the last change it cannot be told from a write that was broken off.
        if (bit / 8 >= last) { Assert.Equal((JournalFault.None, s_changes.Count - 1), (content.Fault, content.Differences.Count)); }
        else { Assert.NotEqual(JournalFault.None, content.Fault); }
    });

    [Fact]
    public void A_file_that_has_the_first_changes_takes_the_rest()
    {
        var file = s_zone;
        for (var merged = 0; merged <= s_changes.Count; merged++)
        {
            Assert.Equal(JournalFault.None, ZoneJournal.TryReplay(file, s_changes, out var newest, out var made));
            Assert.Equal((s_changes[^1].NewSerial, s_changes.Count - merged), (newest.Soa.Serial, made));
            if (merged < s_changes.Count) { Assert.True(file.TryApply(s_changes[merged], out file, out _)); }
        }
    }

    [Fact]
    public void A_file_of_another_time_is_told()
    {
        var other = ZoneTests.Load("zone.test.", "@ SOA ns h 99 2 3 4 5\n@ NS ns\nns A 192.0.2.1");
        Assert.Equal(JournalFault.DoesNotFollow, ZoneJournal.TryReplay(other, s_changes, out _, out _));
        var edited = ZoneTests.Load("zone.test.", "@ SOA ns h 7 2 3 4 6\n@ NS ns\nns A 192.0.2.1");
        Assert.Equal(JournalFault.DoesNotFollow, ZoneJournal.TryReplay(edited, s_changes, out _, out _));
        Assert.Equal(JournalFault.Foreign, ZoneJournal.Read(s_journal, DnsName.Parse("other.test.")).Fault);
        Assert.Equal(JournalFault.Foreign, ZoneJournal.Read("$TTL 60\n"u8, s_zone.Origin).Fault);
    }

    /// <summary>What is no record of the file does not count, nor does the order of its lines.</summary>
    [Theory]
    [InlineData("ns A 192.0.2.1 ; the same\nNS A 192.0.2.9\n@ NS ns\n@ SOA NS h 7 2 3 4 5", true)]
    [InlineData("@ SOA ns h 7 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nns A 192.0.2.8", false)]
    [InlineData("@ SOA ns h 7 2 3 4 6\n@ NS ns\nns A 192.0.2.1\nns A 192.0.2.9", false)]
    [InlineData("@ SOA ns h 7 2 3 4 5\n@ NS ns\nns 61 A 192.0.2.1\nns 61 A 192.0.2.9", false)]
    [InlineData("@ SOA ns h 7 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nns A 192.0.2.9\nx A 192.0.2.9", false)]
    [InlineData("@ SOA ns h 8 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nns A 192.0.2.9", null)]
    public void A_file_that_was_changed_under_its_number_is_told(string text, bool? isAsTaken)
    {
        var taken = ZoneTests.Load("zone.test.", "$TTL 60\n@ SOA ns h 7 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nns A 192.0.2.9");
        byte[] journal = [.. ZoneJournal.Head(taken.Origin), .. ZoneJournal.File(s_zone), .. s_changes.SelectMany(ZoneJournal.Entry), .. ZoneJournal.File(taken)];
        var content = ZoneJournal.Read(journal, taken.Origin);
        Assert.Equal((JournalFault.None, s_changes.Count), (content.Fault, content.Differences.Count));
        Assert.Equal(isAsTaken, content.IsAsTaken(ZoneTests.Load("zone.test.", "$TTL 60\n" + text)));
    }

    private static List<ZoneDifference> Changes()
    {
        var (changes, zone) = (new List<ZoneDifference>(), s_zone);
        foreach (var change in (string[])["IN a A 192.0.2.2", "IN a TXT \"x\"|IN b MX 1 a", "NONE a A 192.0.2.2", "ANY b ANY|9 IN ns A 192.0.2.1"])
        {
            Assert.Equal(Firstbyte.Dns.Records.ResponseCode.NoError, ZoneUpdate.TryMake(ZoneUpdateTests.Message("", change), zone, out var difference));
            changes.Add(difference!);
            Assert.True(zone.TryApply(difference!, out zone, out _));
        }
        return changes;
    }
}
