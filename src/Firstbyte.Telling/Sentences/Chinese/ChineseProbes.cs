using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Probing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseProbes : IProbeSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase PingStarted(PingStarted e) => e.Source is not { Version: not IpVersion.None }
        ? $"PING {FieldWords.Named(e.Name, e.Target)}：数据 {e.DataBytes} 字节"
        : $"PING {FieldWords.Named(e.Name, e.Target)} 从 {e.Source} 发出：数据 {e.DataBytes} 字节";

    public Phrase Echo(EchoAnswered e) =>
        $"来自 {FieldWords.Named(e.Name, e.From)} 的 {e.Bytes} 字节：icmp_seq={e.Sequence} ttl={e.HopLimit} 时间={Milliseconds(e.ElapsedNanoseconds)} ms{(e.IsDuplicate ? "（重复！）" : ""):words}";

    public Phrase NoEcho(IpAddress from, string? name, ushort sequence, ProbeReply reply) =>
        $"来自 {FieldWords.Named(name, from)}：icmp_seq={sequence} {Reply(reply)}";

    public Phrase Unanswered(ushort sequence) => $"icmp_seq={sequence} 没有应答";

    public Phrase ThisHost => "本机";

    public Phrase NotSent(ushort sequence, Errno error) => error == Errno.ENETUNREACH
        ? $"icmp_seq={sequence} 无法发送：本机没有通往那里的路由，或者自己没有地址（{error}）"
        : $"icmp_seq={sequence} 无法发送：{ChineseSockets.ReasonOf(error)}";

    public Phrase Unplugged => "本机没有一块网卡接通网线：网线没有插好";

    public Phrase Statistics(string name) => $"--- {name:name} 的 ping 统计 ---";

    public Phrase Counts(PingCompleted e)
    {
        var lost = e.Sent == 0 ? 0 : (e.Sent - e.Received) * 100.0 / e.Sent;
        return $"已发送 {e.Sent} 个包，收到 {e.Received} 个应答{(e.Errors > 0 ? $"，+{_amounts.Errors(e.Errors)}" : "")}，丢失 {lost:0.##}%，用时 {e.ElapsedNanoseconds / 1_000_000} ms";
    }

    public Phrase RoundTrips(PingCompleted e) =>
        $"往返时间 最短/平均/最长/偏差 = {Milliseconds(e.MinimumNanoseconds)}/{Milliseconds(e.MeanNanoseconds)}/{Milliseconds(e.MaximumNanoseconds)}/{Milliseconds(e.DeviationNanoseconds)} ms";

    public Phrase TracerouteStarted(TracerouteStarted e) =>
        $"{(e.Source is { Version: not IpVersion.None } source ? Say($"从 {source} ") : "")}到 {FieldWords.Named(e.Name, e.Target)} 的路径，最多 {_amounts.Hops(e.MaximumHops)}，用 {(e.Kind == ProbeKind.Echo ? "ICMP 回显" : "UDP"):words} 探测";

    public Phrase TargetSilent(int hops) => $"{_amounts.Hops(hops)}之内目标没有应答";

    private static Phrase Reply(ProbeReply reply) => reply switch
    {
        ProbeReply.HopsExceeded => "跳数已用完",
        ProbeReply.NetworkUnreachable => "到达不了网络：没有路由",
        ProbeReply.HostUnreachable => "到达不了主机：它的子网中没有设备回应该地址",
        ProbeReply.ProtocolUnreachable => "没有这种协议",
        ProbeReply.TooBig => "对途中某段链路来说太长",
        ProbeReply.Prohibited => "被管理员禁止",
        ProbeReply.None or ProbeReply.Reached or ProbeReply.Unreachable => "到达不了",
    };

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.000}");
}
