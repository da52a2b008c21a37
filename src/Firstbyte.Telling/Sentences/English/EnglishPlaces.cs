using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishPlaces : IPlaceSentences
{
    public Phrase NearlyNamed(string? near) => near is null ? Phrase.Empty : Say($"; did you mean '{near}'?");

    public Phrase OneOnOutput(string first, string second) => $"{first} and {second} both write to standard output: give one of them a file";

    public Phrase CallsOfOtherHost(string host) => $"--calls={host}: only a lab has other hosts (--lab); --calls alone shows this one";

    public Phrase TwoPlaces => "--lab and --tun are two places: choose one";

    public Phrase NoCaptureFor(string option) => $"{option} is about a capture, and none is asked for: add --pcap FILE";

    public Phrase SeedWantsWorld => "--seed chooses a simulated world: add --lab (over a TUN device it is --tun NAME,seed=N)";

    public Phrase CaptureWantsFrames =>
        "--pcap works with --lab and --tun, where the frames are ours; those of this machine's own network are the kernel's: try tcpdump -w FILE";

    public Phrase LabIsJson(string file) =>
        $"'{file}' holds JSON, in which a lab is told to programs and never read: a lab's file is written in words";

    public Phrase NoLab(string name, string? near, IEnumerable<string> labs) =>
        $"there is no lab and no file '{name}'{(near is null ? "." : NearlyNamed(near))} Labs: {string.Join(", ", labs)}";

    public Phrase NoMachine(string name, string? near, string hint) =>
        $"there is no host or router '{name}' in this lab{NearlyNamed(near)} ({hint} lists them)";

    public Phrase NoLink(string name, string? near, string hint) =>
        $"there is no link '{name}' in this lab{NearlyNamed(near)} ({hint} lists them)";

    public Phrase RouterRunsNothing(string name) =>
        $"{name} is a router: it forwards packets, and only ping and traceroute can be run from it";

    public Phrase NoPower(string machine, bool isPrompt) =>
        $"{machine:name} has no power (fault down), and nothing runs on it. At fault: this host, {machine:name}. Try: {(isPrompt ? "'heal down', or 'run' until it is over ('faults')" : "the lab without the fault, or later in it (lab run)"):words}";

    public Phrase NoResolver(string machine, IReadOnlyList<string> others) =>
        $"no DNS resolver runs on {machine}; {(others.Count > 0 ? Say($"one runs on {string.Join(", ", others)}") : "none runs in this lab")}";

    public Phrase NoTranslator(string machine, IReadOnlyList<string> others) =>
        $"{machine} translates no addresses; {(others.Count > 0 ? Say($"{string.Join(", ", others)} does") : "nobody in this lab does")}";

    public Phrase NoProbes => "this system gives programs no way to send probes that firstbyte knows: --lab and, on Linux, --tun have one";

    public Phrase ProbesForbidden =>
        $"this machine lets this user send no echo requests: its net.ipv4.ping_group_range does not name the user's group, and a raw socket needs root (CAP_NET_RAW).\nAs root, for everybody: sysctl -w net.ipv4.ping_group_range='0 2147483647'";

    public Phrase NoProbeSocket(IpVersion version, Errno error) => $"no socket for {Name(version)} probes: {error}";

    public Phrase OtherVersion(string target, IpVersion version) => $"{target} is not an {Name(version)} address";

    public Phrase NoAddressOf(string target, IpVersion version) => $"{target} has no {Name(version)} address";

    public Phrase NeitherAddressNorName(string target) => $"'{target}' is neither an address nor a domain name";

    public Phrase RouterResolvesNothing(string host) =>
        $"{host} is a router, which resolves no names: give an address, or the name of a host of the lab";

    public Phrase Unresolved(string target, string command) => $"{target}: the name cannot be resolved ('{command}' shows why)";

    public Phrase UnresolvedAt(string target, string host, string? near, string command) =>
        $"{target}: {host} cannot resolve the name, and no host of the lab is called so{NearlyNamed(near)} ('{command}' shows why)";

    public Phrase TunNeedsLinux => "--tun works on Linux, which lets a program be the other end of a network device";

    public Phrase TunFailed(string device, Errno error) => $"{device}: {error}";

    public Phrase NoDevice(string device) => $"there is no device {device}. Make one, as root:\n{HowTo(device)}";

    public Phrase DeviceIsDown(string device) => $"{device} is down. As root: ip link set {device} up";

    public Phrase DeviceWithoutAddress(string device) =>
        $"{device} has no address of the kernel's to be next to. As root: ip address add 10.9.0.1/24 dev {device}; or say ours: --tun {device},address=10.9.0.2/24,gateway=10.9.0.1";

    public Phrase AddressIsTaken(IpAddress address, string device, IpPrefix prefix) =>
        $"--tun: {address} is the kernel's own address on {device}: packets to it would never come to us; take another in {prefix}";

    public Phrase GatewayElsewhere(IpAddress gateway, string subnets) =>
        $"--tun: the gateway {gateway} is in no subnet of ours ({subnets})";

    public Phrase TunNeedsRoot(string device) =>
        $"--tun needs root (CAP_NET_ADMIN) to be the other end of {device}: run it with sudo, or let root make the device for you:\n{HowTo(device)}";

    public Phrase CannotAttach(string device, Errno error) =>
        $"{device} cannot be attached to ({error}): is it a TUN or TAP device, and no other program's?";

    public Phrase ResolverOutOfReach(IpAddress server, string device) =>
        $"this machine's resolver {server} is not reachable from our host on {device}: add --server ADDR or --iterative where names are to be resolved";

    public Phrase InTun(Phrase complaint) => $"--tun: {complaint}";

    public Phrase NoDeviceName(string text) => $"'{text}' is no device's name: 1 to 15 characters";

    public Phrase NoTunAddress(string text) => $"address '{text}': expected an address with its subnet, such as 10.9.0.2/24";

    public Phrase NoTunGateway(string text) => $"gateway '{text}': expected an address such as 10.9.0.1";

    public Phrase NoTunShare(string key, string text) =>
        $"{key} '{text}': expected a share such as 1% (tenths of a per cent are the least)";

    public Phrase NoTunSeed(string text) => $"seed '{text}': expected a number";

    public Phrase NoTunKey(string key) => $"'{key}' is not known: address, gateway, loss, duplicate, reorder, seed";

    private static string Name(IpVersion version) => version == IpVersion.V6 ? "IPv6" : "IPv4";

    private static Phrase HowTo(string device) =>
        $"  ip tuntap add dev {device} mode tun user $SUDO_USER\n  ip address add 10.9.0.1/24 dev {device}\n  ip link set {device} up\n"
        + $"and, to reach what is beyond this machine:\n  sysctl net.ipv4.ip_forward=1\n  iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE";
}
