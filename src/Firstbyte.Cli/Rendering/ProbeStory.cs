using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Probing;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells pings and traceroutes as everybody knows them: a line an answer, a line a hop, the summary at the end.</summary>
internal sealed class ProbeStory(Page page)
{
    private readonly List<HopProbed> _hop = [];

    /// <summary>Takes an event of a ping or traceroute; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case PingStarted e: page.Full($"PING {Named(e.Name, e.Target)} from {e.Source}: {e.DataBytes} data bytes"); break;
            case EchoAnswered { Reply: ProbeReply.Reached } e:
                page.Full($"{e.Bytes} bytes from {Named(e.Name, e.From)}: icmp_seq={e.Sequence} ttl={e.HopLimit} time={Milliseconds(e.ElapsedNanoseconds)} ms{(e.IsDuplicate ? " (DUP!)" : "")}");
                break;
            case EchoAnswered e: page.Full($"From {Named(e.Name, e.From)} icmp_seq={e.Sequence} {Of(e.Reply)}", Ink.Warning); break;
            case EchoUnanswered e: page.Full($"no answer for icmp_seq={e.Sequence}", Ink.Warning); break;
            case EchoNotSent e: page.Full($"icmp_seq={e.Sequence} could not be sent: {e.Error}", Ink.Warning); break;
            case PingCompleted e: Tell(e); break;
            case TracerouteStarted e:
                page.Full($"traceroute to {Named(e.Name, e.Target)} from {e.Source}, {Amounts.Count(e.MaximumHops, "hop")} at most, {(e.Kind == ProbeKind.Echo ? "ICMP echo" : "UDP")} probes");
                break;
            case HopProbed e:
                if (_hop.Count > 0 && _hop[0].Hop != e.Hop) { FlushHop(); }
                _hop.Add(e);
                break;
            case TracerouteCompleted e:
                FlushHop();
                if (!e.Reached) { page.Full($"the target did not answer within {Amounts.Count(e.Hops, "hop")}", Ink.Warning); }
                break;
            default: return false;
        }
        return true;
    }

    /// <summary>"www (192.0.2.226)"; the address alone where there is no name.</summary>
    public static string Named(string? name, IpAddress address) => name is null || name == address.ToString() ? address.ToString() : $"{Printable.Text(name)} ({address})";

    private void Tell(PingCompleted e)
    {
        page.Gap();
        page.Full($"--- {Printable.Text(e.Name)} ping statistics ---");
        var lost = e.Sent == 0 ? 0 : (e.Sent - e.Received) * 100.0 / e.Sent;
        var errors = e.Errors > 0 ? $", +{Amounts.Count(e.Errors, "error")}" : "";
        page.Full(string.Create(CultureInfo.InvariantCulture, $"{e.Sent} packets transmitted, {e.Received} received{errors}, {lost:0.##}% packet loss, time {e.ElapsedNanoseconds / 1_000_000} ms"), e.Received == e.Sent ? Ink.Plain : Ink.Warning);
        if (e.Received > 0) { page.Full($"rtt min/avg/max/mdev = {Milliseconds(e.MinimumNanoseconds)}/{Milliseconds(e.MeanNanoseconds)}/{Milliseconds(e.MaximumNanoseconds)}/{Milliseconds(e.DeviationNanoseconds)} ms"); }
    }

    private void FlushHop()
    {
        if (_hop.Count == 0) { return; }
        var line = $"{_hop[0].Hop,2} ";
        IpAddress? last = null;
        foreach (var probe in _hop)
        {
            if (probe.From is not { } from) { line += " *"; continue; }
            if (from != last) { line += $" {Named(probe.Name, from)}"; }
            last = from;
            line += $"  {Milliseconds(probe.ElapsedNanoseconds)} ms{Mark(probe.Reply)}";
        }
        page.Full(line);
        _hop.Clear();
    }

    // The marks of every traceroute.
    private static string Mark(ProbeReply reply) => reply switch
    {
        ProbeReply.NetworkUnreachable => " !N",
        ProbeReply.HostUnreachable => " !H",
        ProbeReply.ProtocolUnreachable => " !P",
        ProbeReply.Prohibited => " !X",
        ProbeReply.TooBig => " !F",
        ProbeReply.Unreachable => " !",
        _ => "",
    };

    private static string Of(ProbeReply reply) => reply switch
    {
        ProbeReply.HopsExceeded => "no hop left (time to live exceeded)",
        ProbeReply.NetworkUnreachable => "network unreachable: no route",
        ProbeReply.HostUnreachable => "host unreachable: nobody on its link answers for the address",
        ProbeReply.ProtocolUnreachable => "protocol unreachable",
        ProbeReply.TooBig => "too long for a link on the way",
        ProbeReply.Prohibited => "forbidden by an administrator",
        _ => "unreachable",
    };

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.000}");
}
