using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChinesePlaces : IPlaceSentences
{
    public Phrase NearlyNamed(string? near) => near is null ? Phrase.Empty : Say($"；是不是 '{near}'？");

    public Phrase OneOnOutput(string first, string second) => $"{first} 和 {second} 都要写到标准输出：请给其中一个文件";

    public Phrase CallsOfOtherHost(string host) => $"--calls={host}：只有实验室里才有别的主机（--lab）；单独写 --calls 则显示本机";

    public Phrase TwoPlaces => "--lab 和 --tun 是两个地方：请选一个";

    public Phrase NoCaptureFor(string option) => $"{option} 说的是抓包文件，而没有要求抓包：请加上 --pcap FILE";

    public Phrase SeedWantsWorld => "--seed 选择一个模拟的世界：请加上 --lab（在 TUN 设备上是 --tun NAME,seed=N）";

    public Phrase CaptureWantsFrames =>
        "--pcap 只能与 --lab 或 --tun 合用，那里的帧是我们自己的；这台机器网络上的帧属于内核：可用 tcpdump -w FILE";

    public Phrase LabIsJson(string file) =>
        $"'{file}' 的内容是 JSON：它只用来把实验室告诉程序，不能读回；实验室文件用文字书写";

    public Phrase NoLab(string name, string? near, IEnumerable<string> labs) =>
        $"既没有实验室 '{name}'，也没有这个文件{(near is null ? "。" : NearlyNamed(near))}现有实验室：{string.Join("、", labs)}";

    public Phrase NoMachine(string name, string? near, string hint) =>
        $"这个实验室里没有主机或路由器 '{name}'{NearlyNamed(near)}（{hint} 会列出）";

    public Phrase NoLink(string name, string? near, string hint) => $"这个实验室里没有网线 '{name}'{NearlyNamed(near)}（{hint} 会列出）";

    public Phrase RouterRunsNothing(string name) => $"{name} 是路由器：它转发包，只能在上面运行 ping 和 traceroute";

    public Phrase NoPower(string machine, bool isPrompt) =>
        $"{machine:name} 断电（故障 down），上面什么程序也不能运行。责任方：本机 {machine:name}。可以试试：{(isPrompt ? "用 'heal' 消除故障 down，或用 'run' 等到它结束（'faults'）" : "去掉实验室里的这个故障，或者等它结束"):words}";

    public Phrase NoResolver(string machine, IReadOnlyList<string> others) =>
        $"{machine} 上没有运行 DNS 解析器；{(others.Count > 0 ? Say($"{string.Join("、", others)} 上有") : "这个实验室里都没有")}";

    public Phrase NoTranslator(string machine, IReadOnlyList<string> others) =>
        $"{machine} 不转换地址；{(others.Count > 0 ? Say($"{string.Join("、", others)} 会转换") : "这个实验室里没有谁转换")}";

    public Phrase NoProbes => "这个系统没有 firstbyte 会用的探测手段：--lab 有，Linux 上的 --tun 也有";

    public Phrase ProbesForbidden =>
        $"这台机器不让当前用户发送回显请求：net.ipv4.ping_group_range 不含用户的组，而原始套接字需要 root（CAP_NET_RAW）。\n以 root 对所有人放开：sysctl -w net.ipv4.ping_group_range='0 2147483647'";

    public Phrase NoProbeSocket(IpVersion version, Errno error) => $"没有用于 {Name(version)} 探测的套接字：{error}";

    public Phrase OtherVersion(string target, IpVersion version) => $"{target} 不是 {Name(version)} 地址";

    public Phrase NoAddressOf(string target, IpVersion version) => $"{target} 没有 {Name(version)} 地址";

    public Phrase NeitherAddressNorName(string target) => $"'{target}' 既不是地址也不是域名";

    public Phrase RouterResolvesNothing(string host) => $"{host} 是路由器，不解析域名：请给出地址，或实验室中主机的名称";

    public Phrase Unresolved(string target, string command) => $"{target}：无法解析这个域名（'{command}' 会说明原因）";

    public Phrase UnresolvedAt(string target, string host, string? near, string command) =>
        $"{target}：{host} 无法解析这个域名，实验室里也没有叫这个名称的主机{NearlyNamed(near)}（'{command}' 会说明原因）";

    public Phrase TunNeedsLinux => "--tun 只能用于 Linux，它允许程序充当网络设备的另一端";

    public Phrase TunFailed(string device, Errno error) => $"{device}：{error}";

    public Phrase NoDevice(string device) => $"没有设备 {device}。请以 root 建立：\n{HowTo(device)}";

    public Phrase DeviceIsDown(string device) => $"{device} 没有启用。以 root：ip link set {device} up";

    public Phrase DeviceWithoutAddress(string device) =>
        $"{device} 上没有内核的地址可与之相邻。以 root：ip address add 10.9.0.1/24 dev {device}；或给出我们的：--tun {device},address=10.9.0.2/24,gateway=10.9.0.1";

    public Phrase AddressIsTaken(IpAddress address, string device, IpPrefix prefix) =>
        $"--tun：{address} 是内核自己在 {device} 上的地址：发给它的包到不了我们这里；请另选 {prefix} 中的一个";

    public Phrase GatewayElsewhere(IpAddress gateway, string subnets) => $"--tun：网关 {gateway} 不在我们的任何子网里（{subnets}）";

    public Phrase TunNeedsRoot(string device) =>
        $"--tun 充当 {device} 的另一端需要 root（CAP_NET_ADMIN）：用 sudo 运行，或请 root 为您建立设备：\n{HowTo(device)}";

    public Phrase CannotAttach(string device, Errno error) => $"无法接到 {device}（{error}）：它是 TUN 或 TAP 设备吗？是否被别的程序占用？";

    public Phrase ResolverOutOfReach(IpAddress server, string device) =>
        $"从 {device} 上我们的主机到不了这台机器的 DNS 服务器 {server}：要解析域名请加 --server ADDR 或 --iterative";

    public Phrase InTun(Phrase complaint) => $"--tun：{complaint}";

    public Phrase NoDeviceName(string text) => $"'{text}' 不是设备名：1 到 15 个字符";

    public Phrase NoTunAddress(string text) => $"address '{text}'：应当是带子网的地址，例如 10.9.0.2/24";

    public Phrase NoTunGateway(string text) => $"gateway '{text}'：应当是地址，例如 10.9.0.1";

    public Phrase NoTunShare(string key, string text) => $"{key} '{text}'：应当是比例，例如 1%（最小到千分之一）";

    public Phrase NoTunSeed(string text) => $"seed '{text}'：应当是数";

    public Phrase NoTunKey(string key) => $"不认识 '{key}'：address、gateway、loss、duplicate、reorder、seed";

    private static string Name(IpVersion version) => version == IpVersion.V6 ? "IPv6" : "IPv4";

    private static Phrase HowTo(string device) =>
        $"  ip tuntap add dev {device} mode tun user $SUDO_USER\n  ip address add 10.9.0.1/24 dev {device}\n  ip link set {device} up\n"
        + $"要到达这台机器之外，还需：\n  sysctl net.ipv4.ip_forward=1\n  iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE";
}
