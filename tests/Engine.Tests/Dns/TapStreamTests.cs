using Firstbyte.Dns;
using Firstbyte.Dns.Tapping;

namespace Firstbyte.Tests.Dns;

/// <summary>What is said to a collector of dnstap, and what becomes of one that goes.</summary>
public sealed class TapStreamTests
{
    private static readonly byte[] s_accept = [0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 22, .. "protobuf:dnstap.Dnstap"u8];
    private static readonly byte[] s_finish = [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5];

    private readonly ResolverWorld _world = new();
    private readonly List<Peer> _peers = [];

    [Fact]
    public void All_is_said_in_its_order()
    {
        _world.Run(() =>
        {
            using var tap = New(() => new Peer([.. s_accept, .. s_finish]));
            tap.Write(DnstapFrame.Start);
            tap.Write([0, 0, 0, 1, 9]);
            tap.Write(DnstapFrame.Stop);
            return Task.FromResult(true);
        });
        byte[] said = [.. DnstapFrame.Ready, .. DnstapFrame.Start, 0, 0, 0, 1, 9, .. DnstapFrame.Stop];
        Assert.Equal(said, _peers[0].Said);
        Assert.True(_peers[0].IsClosed);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 4], DnstapFrame.Ready[..12]);
    }

    [Theory]
    [InlineData("000000000000000400000001", true)]
    [InlineData("00000000000000100000000100000001000000046f746865", false)]
    [InlineData("000000000000000400000005", false)]
    [InlineData("000000000000000800000001000000", false)]
    [InlineData("0000000000000000", false)]
    [InlineData("0000000000000201", false)]
    [InlineData("00000000ffffffff", false)]
    [InlineData("0000000100000001", false)]
    [InlineData("000000000000000c0000000100000001ffffffff", false)]
    [InlineData("", false)]
    public void Who_takes_something_else_gets_nothing(string answer, bool isTaken) => _world.Run(() =>
    {
        try { New(() => new Peer(Convert.FromHexString(answer))).Dispose(); }
        catch (IOException) { isTaken = !isTaken; }
        Assert.True(isTaken);
        Assert.True(_peers[0].IsClosed);
        return Task.FromResult(true);
    });

    [Fact]
    public void Who_goes_is_looked_for_again_and_what_is_said_meanwhile_is_lost() => _world.Run(async () =>
    {
        using var tap = New(() => new Peer(_peers.Count == 1 ? [] : s_accept));
        tap.Write(DnstapFrame.Start);
        _peers[0].IsGone = true;
        Assert.ThrowsAny<IOException>(() => tap.Write([0, 0, 0, 1, 1]));
        Assert.ThrowsAny<IOException>(() => tap.Write([0, 0, 0, 1, 2]));
        Assert.Single(_peers);
        await Task.Delay(TimeSpan.FromSeconds(5.1), _world.Client.Time);
        // It is not back yet.
        Assert.ThrowsAny<IOException>(() => tap.Write([0, 0, 0, 1, 3]));
        Assert.Equal((2, true, true), (_peers.Count, _peers[0].IsClosed, _peers[1].IsClosed));
        await Task.Delay(TimeSpan.FromSeconds(5.1), _world.Client.Time);
        tap.Write([0, 0, 0, 1, 4]);
        byte[] said = [.. DnstapFrame.Ready, .. DnstapFrame.Start, 0, 0, 0, 1, 4];
        Assert.Equal(3, _peers.Count);
        Assert.Equal(said, _peers[2].Said);
        return true;
    });

    private TapStream New(Func<Peer> make) => new(_world.Client, () =>
    {
        _peers.Add(make());
        return _peers[^1];
    });

    /// <summary>Says what it was given, whatever it hears.</summary>
    private sealed class Peer(byte[] answers) : MemoryStream(answers, writable: false)
    {
        public List<byte> Said { get; } = [];

        public bool IsGone { get; set; }

        public bool IsClosed { get; private set; }

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsGone) { throw new IOException("gone"); }
            Said.AddRange(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
