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

    public Phrase Unanswered(int descriptor, Endpoint remote) => $"socket() → {descriptor}   connect({descriptor}, {remote}) … 直到结束都没有应答";

    public Phrase Reason(Errno error) => ReasonOf(error);

    internal static Phrase ReasonOf(Errno error) => Words(error) is { } words ? $"{words:words}（{error}）" : $"{error}";

    private static string? Words(Errno error) => error switch
    {
        Errno.EACCES => "本机不允许（防火墙，或者是代表许多主机的地址）",
        Errno.EPERM => "本机不允许（防火墙，或者是代表许多主机的地址）",
        Errno.EADDRINUSE => "该地址和端口号已被使用",
        Errno.EADDRNOTAVAIL => "本机没有可以用来到达它的地址",
        Errno.EAFNOSUPPORT => "本机不支持那个版本的 IP",
        Errno.ECONNABORTED => "本机中断了连接",
        Errno.ECONNREFUSED => "没有程序在该端口等待连接",
        Errno.ECONNRESET => "对方中断了连接",
        Errno.EDESTADDRREQ => "没有目的地址",
        Errno.EHOSTDOWN => "那台主机没有开机",
        Errno.EHOSTUNREACH => "那台主机没有应答，或者途中的路由器到不了那里",
        Errno.EINVAL => "该地址不能这样使用",
        Errno.EMFILE => "本进程打开的描述符太多",
        Errno.EMSGSIZE => "它比一个包所能容纳的更长",
        Errno.ENETDOWN => "本机的网络没有工作",
        Errno.ENETUNREACH => "本机没有通往那个网络的路由",
        Errno.ENOBUFS => "本机现在没有空间容纳它",
        Errno.ENOTCONN => "没有连接",
        Errno.EPIPE => "连接已经关闭",
        Errno.EPROTO => "违反了协议",
        Errno.ETIMEDOUT => "没有及时得到应答",
        Errno.ECANCELED => "已放弃",
        _ => null,
    };

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
