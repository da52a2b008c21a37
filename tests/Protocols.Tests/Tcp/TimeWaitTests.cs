using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

public class TimeWaitTests
{
    [Theory]
    [InlineData(false, TcpState.TimeWait)]
    [InlineData(true, TcpState.Closed)]
    public void A_new_SYN_ends_the_old_connection_only_where_somebody_takes_the_new_one(bool mayReopen, TcpState after)
    {
        var path = new LossyPath(1, new PathConditions(), TcpSettings.Default, TcpSettings.Default);
        path.Transfer(1_000, 1_000);
        var end = path.Client.Block.State == TcpState.TimeWait ? path.Client : path.Server;
        Assert.Equal(TcpState.TimeWait, end.Block.State);
        var syn = new TcpSegment { Sequence = end.Block.ReceiveNext + 100_000, Flags = TcpFlags.Syn };
        end.Step(TcpInput.Arrived(syn, mayReopen), path.Now);
        Assert.Equal(after, end.Block.State);
    }
}
