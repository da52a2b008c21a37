using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Tcp;

namespace Firstbyte.Captures;

/// <summary>The comments of a capture's packets: a consumer of what hosts decide, as the story is, for readers of packets.</summary>
internal static class CaptureWords
{
    /// <summary>A host's or router's decision by which way a packet goes; null for addresses that are not routed.</summary>
    public static string? OfRouting(string host, in FrameDecision decision)
    {
        if (decision.Row.Network.Version == IpVersion.None) { return null; }
        var does = decision.Verdict == FrameVerdict.Forwarded
            ? $"{host} forwarded it from {decision.Inbound?.Name} to {decision.Outbound?.Name}"
            : $"{host} sent it by {decision.Outbound?.Name}";
        var way = decision.Gateway.Version == IpVersion.None ? "the destination is on that link" : $"next hop {decision.Gateway}";
        var clause = decision.Verdict == FrameVerdict.Forwarded ? "RFC 1812 5.2.4.3" : "RFC 1122 3.3.1.1";
        var translated = decision.Translation is { } row ? $"; its address translator shows {row.Inside} to {row.Remote} as {row.Outside} (RFC 3022 2.2)" : "";
        return $"{does}: row {decision.Row} of its table is the longest match, {way} ({clause}){translated}";
    }

    /// <summary>A host's decision to drop a packet.</summary>
    public static string OfDrop(string host, in FrameDecision decision) => $"{host} dropped it: {OfReason(decision)}";

    /// <summary>What a connection decided since it last sent a segment.</summary>
    public static string Of(IReadOnlyList<TcpTraceEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder();
        for (var i = 0; i < entries.Count; i++)
        {
            var times = 1;
            while (i + 1 < entries.Count && entries[i + 1] == entries[i]) { (times, i) = (times + 1, i + 1); }
            if (text.Length > 0) { text.Append("; "); }
            Append(text, entries[i]);
            if (times > 1) { text.Append(", ").Append(times).Append(" times"); }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, in TcpTraceEntry entry)
    {
        AppendWords(text, entry.Clause.ToString());
        switch (entry.Quantity)
        {
            case TcpQuantity.None: break;
            case TcpQuantity.State: text.Append(": ").Append((TcpState)entry.Before).Append(" → ").Append((TcpState)entry.After); break;
            case TcpQuantity.RetransmissionTimeout: text.Append($": timeout {entry.Before / 1e3:0.###} → {entry.After / 1e3:0.###} ms"); break;
            default:
                text.Append(": ");
                AppendWords(text, entry.Quantity.ToString());
                text.Append($" {entry.Before} → {entry.After} octets");
                break;
        }
        text.Append(" (").Append(entry.Clause.Where()).Append(')');
    }

    private static string OfReason(in FrameDecision decision) => decision.Reason switch
    {
        FrameDropReason.Malformed => "it is malformed, " + Words(decision.Flaw.ToString()),
        FrameDropReason.NotForThisHost => "its address is somebody else's, and this host is no router",
        FrameDropReason.UnknownEtherType => "what the frame carries is not spoken here",
        FrameDropReason.MartianAddress => "no packet can come from or go to such an address this way (RFC 1812 5.3.7)",
        FrameDropReason.SourceRoute => "source routes are refused (RFC 7126 4.3, RFC 5095)",
        FrameDropReason.UnrecognizedOption => "it has an IPv6 option that must not be skipped (RFC 8200 4.2)",
        FrameDropReason.HopsExceeded => "no hop is left (RFC 1812 5.3.1)",
        FrameDropReason.NoRoute => "no row of the routing table matches",
        FrameDropReason.NeighborUnreachable => "nobody on the link answers for the next hop",
        FrameDropReason.TooBig => "it is longer than the next link's MTU and must not be divided",
        FrameDropReason.InterfaceDown => "the interface is down",
        FrameDropReason.FragmentsOverlap => "its fragments overlap (RFC 5722)",
        FrameDropReason.ReassemblyTimedOut => "fragments were missing for too long",
        FrameDropReason.ReassemblyLimit => "too many unfinished packets",
        FrameDropReason.UnknownProtocol => "its protocol is not spoken here",
        FrameDropReason.NoListener => "nobody listens at the port",
        FrameDropReason.BufferFull => "the socket's buffer is full",
        FrameDropReason.BacklogFull => "the listener's backlog is full",
        FrameDropReason.NoTranslation => "its address translator has no row for it, and nobody inside has asked (RFC 4787 5)",
        FrameDropReason.TranslationLimit => "its address translator's table or its ports are used up",
        FrameDropReason.NeighborQueueFull => "too many packets wait for the same neighbour",
        _ => Words(decision.Reason.ToString()),
    };

    private static string Words(string name)
    {
        var text = new StringBuilder();
        AppendWords(text, name);
        return text.ToString();
    }

    // "SlowStart" as "slow start": the names of decisions are written to be read.
    private static void AppendWords(StringBuilder text, string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) { text.Append(' '); }
            text.Append(char.ToLowerInvariant(name[i]));
        }
    }
}
