using Firstbyte.Addressing;
using Firstbyte.Tcp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Words of the field that no language translates: states, flags and ports by the names of their specifications.</summary>
public static class FieldWords
{
    /// <summary>TCP's states by the names of RFC 9293 section 3.3.2.</summary>
    public static string Of(TcpState state) => state switch
    {
        TcpState.SynSent => "SYN-SENT",
        TcpState.SynReceived => "SYN-RECEIVED",
        TcpState.Established => "ESTABLISHED",
        TcpState.FinWait1 => "FIN-WAIT-1",
        TcpState.FinWait2 => "FIN-WAIT-2",
        TcpState.CloseWait => "CLOSE-WAIT",
        TcpState.Closing => "CLOSING",
        TcpState.LastAck => "LAST-ACK",
        TcpState.TimeWait => "TIME-WAIT",
        _ => "CLOSED",
    };

    /// <summary>"SYN,ACK": the bits that change a connection.</summary>
    public static string Of(TcpFlags flags)
    {
        var names = new List<string>(4);
        if (flags.HasFlag(TcpFlags.Syn)) { names.Add("SYN"); }
        if (flags.HasFlag(TcpFlags.Fin)) { names.Add("FIN"); }
        if (flags.HasFlag(TcpFlags.Rst)) { names.Add("RST"); }
        if (flags.HasFlag(TcpFlags.Ack)) { names.Add("ACK"); }
        if (flags.HasFlag(TcpFlags.Psh)) { names.Add("PSH"); }
        return string.Join(',', names);
    }

    /// <summary>The protocol of a TCP connection's content, by the port of the one that serves it, as ", HTTP"; empty where none is known by that.</summary>
    public static string OfService(ushort? source, ushort? destination)
    {
        var name = ServiceAt(source);
        return name.Length > 0 ? name : ServiceAt(destination);
    }

    private static string ServiceAt(ushort? port) => port switch
    {
        21 => ", FTP",
        25 or 587 => ", SMTP",
        53 => ", DNS",
        80 => ", HTTP",
        119 => ", NNTP",
        443 or 465 or 563 or 853 or 990 => ", TLS",
        _ => "",
    };

    /// <summary>Every bit that is set, in the order of the header: "CWR,ECE,URG,ACK,PSH,RST,SYN,FIN" (RFC 9293 3.1, RFC 3168 6.1).</summary>
    public static string All(TcpFlags flags)
    {
        string[] names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        return string.Join(',', Enumerable.Range(0, 8).Reverse().Where(bit => ((int)flags >> bit & 1) != 0).Select(bit => names[bit]));
    }

    /// <summary>The protocols that speak by themselves in a lab (RFC 2132, RFC 2453, RFC 2080), as " (DHCP)".</summary>
    public static string OfPort(int lowest) => lowest switch
    {
        67 or 68 => " (DHCP)",
        520 => " (RIP)",
        521 => " (RIPng)",
        _ => "",
    };

    /// <summary>Who is at a switch's end of a wire, which is called "link/switch".</summary>
    public static string OfPort(string port) => port[..(port.LastIndexOf('/') is > 0 and var slash ? slash : port.Length)];

    /// <summary>"www (192.0.2.226)"; the address alone where there is no name.</summary>
    public static Phrase Named(string? name, IpAddress address) =>
        name is null || name == address.ToString() ? Phrase.Say($"{address}") : $"{name:name} ({address})";
}
