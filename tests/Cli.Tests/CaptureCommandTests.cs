using Firstbyte.Captures;
using Firstbyte.Tests.Captures;

namespace Firstbyte.Tests;

/// <summary><c>--pcap</c>: what a run leaves for Wireshark, and what is said where it cannot.</summary>
public class CaptureCommandTests
{
    [Fact]
    public void A_journey_through_the_lab_leaves_a_capture_with_names_reasons_and_secrets()
    {
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, "--lab", "--pcap", "journey.pcapng", "https://www.lab.glasscom.com/");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var capture = File.ReadAllBytes(Path.Combine(folder.Path, "journey.pcapng"));
        Tshark.AssertClean(capture);
        var reader = new PcapngReader(capture);
        var (names, secrets, forwarded, decided, statistics) = (0, 0, 0, 0, 0);
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case PcapngBlockType.SectionHeader: Assert.Contains("seed ", reader.Comment, StringComparison.Ordinal); break;
                case PcapngBlockType.NameResolution: names++; break;
                case PcapngBlockType.DecryptionSecrets: secrets += reader.Data.Count((byte)'\n'); break;
                case PcapngBlockType.Statistics: statistics++; break;
                case PcapngBlockType.EnhancedPacket when reader.Comment is { } comment:
                    if (comment.Contains(" forwarded it from ", StringComparison.Ordinal)) { forwarded++; }
                    if (comment.Contains("(RFC 9293 ", StringComparison.Ordinal)) { decided++; }
                    break;
            }
        }
        Assert.False(reader.IsBroken);
        Assert.Equal(4, secrets);
        Assert.True(names > 5 && forwarded > 20 && decided > 5 && statistics > 5, $"{names} names, {forwarded} forwardings, {decided} decisions of TCP, {statistics} statistics");
    }

    [Fact]
    public void The_same_seed_writes_the_same_file()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["a", "b"]) { Assert.Equal(0, Command.RunIn(folder.Path, "resolve", "--lab", "--pcap", file, "--seed", "5", "www.lab.glasscom.com").ExitCode); }
        var first = File.ReadAllBytes(Path.Combine(folder.Path, "a"));
        Assert.True(first.Length > 1_000);
        Assert.True(first.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.Path, "b"))));
    }

    [Fact]
    public void Where_the_frames_are_the_kernel_s_a_capture_is_refused()
    {
        var run = Command.Run("--pcap", "x", "http://127.0.0.1:1/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--pcap works with --lab", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("resolve", "--pcap", "x", "a.test").ExitCode);
    }

    [Fact]
    public void A_file_that_cannot_be_written_ends_the_run_before_it_begins()
    {
        var run = Command.Run("--lab", "--pcap", "/nowhere/at/all", "http://www.lab.glasscom.com/");
        Assert.Equal(23, run.ExitCode);
        Assert.Equal("firstbyte: '/nowhere/at/all' cannot be written: there is no such directory\n", run.Errors);
    }
}
