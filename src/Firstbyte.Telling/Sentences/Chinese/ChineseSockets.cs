using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseSockets : ISocketSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Connected(int descriptor, Endpoint remote, Endpoint local) => $"socket() → {descriptor}   connect({descriptor}, {remote})，本地端口 {local}";

    public Phrase Abandoned(int descriptor, Endpoint remote) => $"socket() → {descriptor}   connect({descriptor}, {remote}) 已放弃：另一个地址先接通";

    public Phrase NotConnected(int descriptor, Endpoint remote, Errno error) => $"socket() → {descriptor}   connect({descriptor}, {remote}) → {error}";

    public Phrase Reused(string host, int port, int exchanges) =>
        $"沿用：到 {host:name}:{port} 的连接在 {_amounts.Exchanges(exchanges)}之后仍然开着；不调用 socket() 和 connect()";

    public Phrase Figures(TransportFigures e) => Phrase.Join(
        " · ", [
            $"往返 {Amounts.Microseconds(e.RoundTripNanoseconds):words} 毫秒 ± {Amounts.Microseconds(e.VariationNanoseconds):words}{Least(e.LeastRoundTripNanoseconds):words}",
            $"发出 {e.SegmentsSent} 个报文段，收到 {e.SegmentsReceived} 个，重传 {e.Retransmitted} 个",
            $"拥塞窗口 {e.CongestionWindow} × {_amounts.Bytes(e.SegmentBytes)}",
            .. Rate(e),
        ]);

    public Phrase NoFigures => "往返时间和重传次数：这里没有，只有 Linux 内核给出";

    private static string Least(long nanoseconds) => nanoseconds > 0 ? $"，最短 {Amounts.Microseconds(nanoseconds)}" : "";

    private static IEnumerable<Phrase> Rate(TransportFigures e)
    {
        if (e.DeliveryBytesPerSecond == 0) { yield break; }
        var rate = Amounts.ByteRate(e.DeliveryBytesPerSecond);
        yield return e.IsRateOwn ? $"送达速率 {rate:words}，没有更多可发" : $"送达速率 {rate:words}";
    }

    public Phrase PeerEnded(int descriptor) => $"read({descriptor}) → 0：服务器已断开它那一侧";

    public Phrase Closed(int descriptor) => $"close({descriptor})";

    public Phrase ClosedWithNothingLeft(int descriptor) => $"close({descriptor})：没有要发的请求了";

    public Phrase Sent(long bytes) => $"已发送 {_amounts.Bytes(bytes)}";

    public Phrase BytesWritten(long bytes, int descriptor) => $"→ {_amounts.Bytes(bytes)}（write，描述符 {descriptor}）";

    public Phrase BytesRead(long bytes, int descriptor) => $"← {_amounts.Bytes(bytes)}（read，描述符 {descriptor}）";
}
