using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

/// <summary>The Linux kernel's TCP behind a TUN device in a network namespace of its own; the script is the peer at the other end of the device.</summary>
/// <remarks>
/// Must be made and used on a thread inside <see cref="NetworkNamespace.Run"/>. The kernel is brought as near to the RFCs as it lets
/// itself be: Reno, no tail-loss probes, no limit for challenge acknowledgments, no undoing of timeouts.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxDriver : ScriptDriver
{
    private const string Device = "fb0";
    private const ushort ListenPort = 8080;
    private const ushort PeerPort = 40000;
    private const int TcpLevel = 6;
    private const int Information = 11; // TCP_INFO
    private const int QuickAcknowledgment = 12; // TCP_QUICKACK
    private const int CongestionName = 13; // TCP_CONGESTION
    private const int UserTimeout = 18; // TCP_USER_TIMEOUT
    private static readonly uint s_kernel = BinaryPrimitives.ReadUInt32BigEndian([192, 0, 2, 1]);
    private static readonly uint s_peer = BinaryPrimitives.ReadUInt32BigEndian([192, 0, 2, 2]);

    private readonly TunDevice _device;
    private readonly byte[] _packet = new byte[2048];
    private readonly List<Action<Socket>> _options = [];
    private Socket? _listener;
    private Socket? _connection;
    private ushort _kernelPort = ListenPort;
    private bool _closed;
    private string _error = "";

    public LinuxDriver()
    {
        NetworkNamespace.Parameter("ipv6/conf/all/disable_ipv6", "1");
        NetworkNamespace.Parameter("ipv6/conf/default/disable_ipv6", "1");
        _device = TunDevice.Open(Device, TunMode.Tun);
        NetworkNamespace.Ip("link set lo up");
        NetworkNamespace.Ip($"address add 192.0.2.1/24 dev {Device}");
        NetworkNamespace.Ip($"link set {Device} up");
        foreach (var (name, value) in new[]
        {
            ("tcp_congestion_control", "reno"), ("tcp_early_retrans", "0"), ("tcp_recovery", "0"), ("tcp_frto", "0"), ("tcp_invalid_ratelimit", "0"),
            ("tcp_challenge_ack_limit", "2147483647"), ("tcp_no_metrics_save", "1"), ("tcp_autocorking", "0"), ("tcp_moderate_rcvbuf", "0"),
            ("tcp_syncookies", "0"), ("tcp_fastopen", "0"), ("tcp_ecn", "0"),
        })
        {
            NetworkNamespace.Parameter("ipv4/" + name, value);
        }
        // What is written in the first moments of a device is lost.
        Thread.Sleep(120);
    }

    /// <summary>The kernel's clock is real and the machine may be busy; its timer wheel rounds up by as much as an eighth.</summary>
    public override TimeSpan Tolerance(TimeSpan delay) => TimeSpan.FromMilliseconds(60) + delay / 8;

    public override bool PushIsCompared => false;

    public override bool Set(string name, string value)
    {
        switch (name)
        {
            case "nagle":
                _options.Add(socket => socket.NoDelay = value == "off");
                return true;
            case "iw":
                NetworkNamespace.Ip($"route change 192.0.2.0/24 dev {Device} src 192.0.2.1 initcwnd {value}");
                return true;
            case "minrto":
                NetworkNamespace.Ip($"route change 192.0.2.0/24 dev {Device} src 192.0.2.1 rto_min {value}");
                return true;
            case "cc" when value is "newreno" or "cubic":
                var algorithm = System.Text.Encoding.ASCII.GetBytes(value == "newreno" ? "reno" : "cubic");
                _options.Add(socket => socket.SetRawSocketOption(TcpLevel, CongestionName, algorithm));
                return true;
            case "usertimeout":
                _options.Add(socket => socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes((int)ScriptLine.Duration(value).TotalMilliseconds)));
                return true;
            case "keepidle":
                _options.Add(socket =>
                {
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                    socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)ScriptLine.Duration(value).TotalSeconds);
                });
                return true;
            case "keepintvl":
                _options.Add(socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)ScriptLine.Duration(value).TotalSeconds));
                return true;
            case "keepcnt":
                _options.Add(socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, int.Parse(value, CultureInfo.InvariantCulture)));
                return true;
            case "timestamps": NetworkNamespace.Parameter("ipv4/tcp_timestamps", value == "on" ? "1" : "0"); return true;
            case "sack": NetworkNamespace.Parameter("ipv4/tcp_sack", value == "on" ? "1" : "0"); return true;
            case "scaling": NetworkNamespace.Parameter("ipv4/tcp_window_scaling", value == "on" ? "1" : "0"); return true;
            // The kernel draws its own number: what the script tests at the wrap is tested elsewhere in the number space.
            case "iss": return true;
            default: return false;
        }
    }

    public override void Listen()
    {
        _listener = Make();
        _listener.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), ListenPort));
        _listener.Listen(8);
    }

    public override void Connect()
    {
        _connection = Make();
        _connection.Blocking = false;
        try { _connection.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.2"), PeerPort)); }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress) { }
    }

    public override void Accept()
    {
        if (_listener is null || !_listener.Poll(100_000, SelectMode.SelectRead)) { throw new ScriptFailure("no connection to accept"); }
        _connection = _listener.Accept();
        _connection.Blocking = false;
        // Delayed acknowledgments from the first segment on, as RFC 9293 has them; Linux would begin with quick ones.
        _connection.SetRawSocketOption(TcpLevel, QuickAcknowledgment, BitConverter.GetBytes(0));
    }

    public override void Inject(in TcpSegment segment, byte[] text)
    {
        var headers = Ipv4View.MinHeaderLength + TcpView.MinHeaderLength + segment.Options.WireLength;
        var packet = _packet.AsSpan(0, headers + text.Length);
        text.CopyTo(packet[headers..]);
        TcpSegmentCodec.Seal(packet[Ipv4View.MinHeaderLength..], segment, PeerPort, _kernelPort, s_peer, s_kernel);
        Ipv4Writer.Seal(packet, new Ipv4Header(s_peer, s_kernel, IpProtocol.Tcp) { DontFragment = true });
        if (!_device.TryWrite(packet)) { throw new ScriptFailure("the device takes no packet"); }
    }

    public override (TcpSegment Segment, byte[] Text, TimeSpan After)? Next(TimeSpan atMost)
    {
        // Answers are made before write() returns, or a moment later on another processor.
        if (atMost < TimeSpan.FromMilliseconds(3)) { atMost = TimeSpan.FromMilliseconds(3); }
        var start = Stopwatch.GetTimestamp();
        for (; ; )
        {
            while (_device.TryRead(_packet, out var length))
            {
                if (!Ipv4View.TryParse(_packet.AsSpan(0, length), out var ip, out _) || ip.Protocol != IpProtocol.Tcp) { continue; }
                if (!TcpView.TryParse(ip.Payload, out var view, out _) || view.DestinationPort != PeerPort) { continue; }
                if (!ip.IsChecksumValid || !view.IsChecksumValid(ip.PseudoHeaderSum)) { throw new ScriptFailure("the kernel sent a wrong checksum"); }
                _kernelPort = view.SourcePort;
                return (TcpSegmentCodec.Read(view), view.Payload.ToArray(), Stopwatch.GetElapsedTime(start));
            }
            var left = atMost - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) { return null; }
            _device.Wait(left);
        }
    }

    public override void Pass(TimeSpan time) => Thread.Sleep(time);

    public override void Write(byte[] octets, bool urgent)
    {
        var sent = Connection.Send(octets, urgent ? SocketFlags.OutOfBand : SocketFlags.None);
        if (sent != octets.Length) { throw new ScriptFailure($"room for {sent} octets only"); }
    }

    public override byte[] Read(int? octets)
    {
        var buffer = new byte[octets ?? 1 << 20];
        var taken = 0;
        while (taken < buffer.Length && Connection.Poll(20_000, SelectMode.SelectRead))
        {
            var count = Connection.Receive(buffer, taken, buffer.Length - taken, SocketFlags.None);
            if (count == 0) { break; }
            taken += count;
        }
        return buffer[..taken];
    }

    public override bool IsAtEnd => Connection.Poll(100_000, SelectMode.SelectRead) && Connection.Receive(new byte[1], SocketFlags.Peek) == 0;

    public override void ShutdownSend() => Connection.Shutdown(SocketShutdown.Send);

    public override void Close()
    {
        _closed = true;
        Connection.Close();
    }

    public override void Abort()
    {
        Connection.LingerState = new LingerOption(true, 0);
        Close();
    }

    public override string State
    {
        get
        {
            if (_closed || _connection is null) { return ""; }
            var information = new byte[104];
            _connection.GetRawSocketOption(TcpLevel, Information, information);
            // enum in <net/tcp_states.h>; a socket in TIME-WAIT shows its process the state CLOSE.
            return information[0] switch
            {
                1 => "ESTABLISHED",
                2 => "SYN-SENT",
                3 => "SYN-RECEIVED",
                4 => "FIN-WAIT-1",
                5 => "FIN-WAIT-2",
                6 => "TIME-WAIT",
                7 => "CLOSED/TIME-WAIT",
                8 => "CLOSE-WAIT",
                9 => "LAST-ACK",
                10 => "LISTEN",
                11 => "CLOSING",
                var other => $"state {other}",
            };
        }
    }

    public override string? Error
    {
        get
        {
            if (_closed || _connection is null) { return null; }
            if (_error.Length > 0) { return _error; }
            var error = (SocketError)(int)_connection.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            _error = error switch
            {
                SocketError.Success => "",
                SocketError.ConnectionRefused => "refused",
                // EPIPE is what a reset leaves behind after the peer's FIN.
                SocketError.ConnectionReset or SocketError.Shutdown => "reset",
                SocketError.TimedOut => "timeout",
                _ => error.ToString(),
            };
            return _error;
        }
    }

    public override bool Icmp(string kind, int segmentSize, SequenceNumber quoted)
    {
        const int IcmpHeader = 8;
        const int Quote = Ipv4View.MinHeaderLength + 8;
        var packet = _packet.AsSpan(0, Ipv4View.MinHeaderLength + IcmpHeader + Quote);
        packet.Clear();
        var icmp = packet[Ipv4View.MinHeaderLength..];
        icmp[0] = 3; // destination unreachable
        icmp[1] = kind switch { "mtu" => 4, "hard" => 3, _ => 1 };
        if (kind == "mtu") { BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], (ushort)(segmentSize + 40)); }
        var about = icmp[IcmpHeader..];
        BinaryPrimitives.WriteUInt16BigEndian(about[Ipv4View.MinHeaderLength..], _kernelPort);
        BinaryPrimitives.WriteUInt16BigEndian(about[(Ipv4View.MinHeaderLength + 2)..], PeerPort);
        BinaryPrimitives.WriteUInt32BigEndian(about[(Ipv4View.MinHeaderLength + 4)..], quoted.Value);
        Ipv4Writer.Seal(about, new Ipv4Header(s_kernel, s_peer, IpProtocol.Tcp) { DontFragment = true });
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Compute(icmp));
        Ipv4Writer.Seal(packet, new Ipv4Header(s_peer, s_kernel, IpProtocol.Icmp));
        return _device.TryWrite(packet);
    }

    public override long? Look(string name) => null;

    protected override void Dispose(bool disposing)
    {
        _connection?.Dispose();
        _listener?.Dispose();
        _device.Dispose();
        base.Dispose(disposing);
    }

    private Socket Connection
    {
        get
        {
            if (_connection is null) { Accept(); }
            return _connection!;
        }
    }

    private Socket Make()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        foreach (var option in _options) { option(socket); }
        return socket;
    }
}
