using System.Text;
using Firstbyte.Captures;
using Firstbyte.Packets;
using Firstbyte.Tests.Captures;

namespace Firstbyte.Tests.Secrets;

/// <summary>--pcap-secrets=mask: the same packets, with stars for secrets and nothing else.</summary>
public sealed class CaptureMaskTests : IDisposable
{
    private const string Secret = "qXz7Kw9Qj4Zx8Vq2";

    private readonly TemporaryFolder _folder = new();

    public CaptureMaskTests() => File.WriteAllText(Path.Combine(_folder.Path, "path.lab"), """
        lab "a bad path" seed 11 client client
        subnet lan 10.1.0.0/24 fd00:1::/64
        subnet wan 10.2.0.0/24 fd00:2::/64
        router r on lan .1 fd00:1::1, wan .1 fd00:2::1
        host client on lan .2 fd00:1::2 gateway r
        host www on wan .4 fd00:2::4 gateway r serves http, https for www.test { / "a page" }
        link www-wan mtu 1280
        link r-wan mtu 1280 loss 10% duplicate 10% reorder 20% by 3ms corrupt 10%
        """);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://10.2.0.4/")]
    [InlineData("http://[fd00:2::4]/")]
    public void Lengths_numbers_and_checksums_are_those_of_the_wire(string url)
    {
        var body = string.Join('&', Enumerable.Range(0, 900).Select(i => i % 3 == 0 ? $"password{i % 10}[]={Secret}" : $"kept{i}=visible{i}"));
        File.WriteAllText(Path.Combine(_folder.Path, "body"), body);
        var (kept, masked) = (Packets(Run("keep", "-d", "@body", url)), Packets(Run("mask", "-d", "@body", url)));
        Assert.Equal(kept.Count, masked.Count);
        var (stars, retransmitted, damaged) = (0, 0, 0);
        var seen = new HashSet<(uint, int)>();
        for (var i = 0; i < kept.Count; i++)
        {
            Assert.Equal(kept[i].Length, masked[i].Length);
            Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(masked[i]), StringComparison.Ordinal);
            if (!TryTcp(kept[i], out var before, out var beforeSum) || !TryTcp(masked[i], out var after, out var afterSum)) { continue; }
            Assert.Equal((before.Sequence, before.Acknowledgment, before.Flags, before.Window), (after.Sequence, after.Acknowledgment, after.Flags, after.Window));
            Assert.Equal(before.IsChecksumValid(beforeSum), after.IsChecksumValid(afterSum));
            if (!before.IsChecksumValid(beforeSum)) { damaged++; }
            if (before.Payload.Length > 0 && !seen.Add((before.Sequence, before.Payload.Length))) { retransmitted++; }
            for (var j = 0; j < after.Payload.Length; j++)
            {
                if (after.Payload[j] != before.Payload[j])
                {
                    Assert.Equal((byte)'*', after.Payload[j]);
                    stars++;
                }
            }
        }
        Assert.True(stars > 300 * Secret.Length, $"{stars} stars");
        Assert.True(retransmitted > 10 && damaged > 0, $"{retransmitted} seen again, {damaged} damaged: the path was not bad enough to prove anything");
        var text = string.Concat(masked.Select(Encoding.Latin1.GetString));
        Assert.Contains("kept1=visible1&", text, StringComparison.Ordinal);
        Assert.Contains("Host: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_stays_closed_and_its_records_whole()
    {
        var (kept, masked) = (Run("keep", "-k", "https://10.2.0.4/"), Run("mask", "-k", "https://10.2.0.4/"));
        Assert.Contains("CLIENT_HANDSHAKE_TRAFFIC_SECRET", Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.DoesNotContain("TRAFFIC_SECRET", Encoding.Latin1.GetString(masked), StringComparison.Ordinal);
        foreach (var (one, other) in Packets(kept).Zip(Packets(masked))) { if (TryTcp(one, out var tcp, out var sum) && tcp.IsChecksumValid(sum)) { Assert.Equal(one, other); } }
    }

    [Fact]
    public void A_capture_says_that_its_secrets_are_covered_and_any_reader_takes_it()
    {
        var masked = Run("mask", "-d", $"password={Secret}", "http://10.2.0.4/");
        var reader = new PcapngReader(masked);
        Assert.True(reader.Read());
        Assert.EndsWith("; secrets are covered", reader.Comment);
        Tshark.AssertClean(Run("mask", "--seed", "12", "-d", $"password={Secret}", "http://10.2.0.4/"));
    }

    private byte[] Run(string secrets, params string[] arguments)
    {
        Command.RunIn(_folder.Path, ["--lab=path.lab", "--pcap", "run.pcapng", "--pcap-secrets", secrets, "-m", "120", .. arguments]);
        return File.ReadAllBytes(Path.Combine(_folder.Path, "run.pcapng"));
    }

    private static List<byte[]> Packets(byte[] capture)
    {
        var packets = new List<byte[]>();
        var reader = new PcapngReader(capture);
        while (reader.Read()) { if (reader.Type == PcapngBlockType.EnhancedPacket) { packets.Add(reader.Data.ToArray()); } }
        Assert.False(reader.IsBroken);
        return packets;
    }

    private static bool TryTcp(byte[] frame, out TcpView tcp, out ulong sum)
    {
        tcp = default;
        sum = 0;
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return false; }
        if (Ipv4View.TryParse(ethernet.Payload, out var v4, out _) && v4.Protocol == IpProtocol.Tcp && !v4.IsFragment)
        {
            sum = v4.PseudoHeaderSum;
            return TcpView.TryParse(v4.Payload, out tcp, out _);
        }
        if (!Ipv6View.TryParse(ethernet.Payload, out var v6, out _) || v6.Protocol != IpProtocol.Tcp || v6.IsFragment) { return false; }
        sum = v6.PseudoHeaderSum(IpProtocol.Tcp, v6.Payload.Length);
        return TcpView.TryParse(v6.Payload, out tcp, out _);
    }
}
