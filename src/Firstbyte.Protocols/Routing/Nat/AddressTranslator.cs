using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Routing.Nat;

/// <summary>
/// Lets everybody inside share one IPv4 address outside: a home router's address and port translation (RFC 3022, RFC 4787, RFC 5382, RFC
/// 5508).
/// </summary>
/// <remarks>
/// Theory of operation. A packet from inside gets the outside address and a port of its sender's own for a source; the row that is made
/// for it leads the answers back. Packets are rewritten in place, their checksums brought up to date word by word.
/// <code>
///   inside end ── mapping ── outside port         one for each end inside, whomever it talks with (endpoint-independent mapping)
///                    └── session ── remote end    one for each peer: who may answer, and until when
/// </code>
/// Filtering is address- and port-dependent: what comes in must answer somebody's question. RFC 4787 REQ-8 leaves the choice between
/// openness and protection; a lab's home router is there to protect, and it shows why a server behind it cannot be reached. Hairpinning
/// (REQ-9) is going out and coming in again: the source is the outside address, the filter holds there too.
/// An ICMP error is translated by the packet it quotes and keeps no row alive (RFC 5508 section 4). Whole packets only: the router puts
/// fragments together before it asks. What cannot be translated is left as it was, with the reason; IPv6 never comes here.
/// </remarks>
public sealed class AddressTranslator
{
    private readonly NatTable _table;
    private IpAddress _outside;

    /// <summary>A translator with an empty table.</summary>
    /// <param name="settings">How long it remembers.</param>
    /// <param name="secret">From which ports are made that an attacker cannot guess.</param>
    public AddressTranslator(NatSettings settings, SipKey secret)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _table = new NatTable(settings, secret);
    }

    /// <summary>
    /// The address that everybody inside shares; default while there is none. The rows of another one are worth nothing: whoever changes
    /// it takes them out (<see cref="TryRemoveAny"/>).
    /// </summary>
    public IpAddress Outside
    {
        get => _outside;
        set => _outside = _table.Count == 0 || value == _outside ? value : throw new InvalidOperationException("the rows of the old address are still there");
    }

    /// <summary>Says which ports the router's own programs use, so that none is given away twice; null when they use none.</summary>
    public Func<IpProtocol, ushort, bool>? IsReserved { get; init; }

    /// <summary>Rows in use.</summary>
    public int Count => _table.Count;

    /// <summary>The rows, in order of protocol and ends.</summary>
    public IEnumerable<NatRow> Rows =>
        _table.Sessions.Select(ToRow).OrderBy(static row => row.Protocol).ThenBy(static row => row.Inside).ThenBy(static row => row.Remote);

    /// <summary>When the next row goes, unless it is used again.</summary>
    public Instant NextExpiry => _table.NextExpiry;

    /// <summary>Whether a port outside leads to somebody inside.</summary>
    public bool UsesPort(IpProtocol protocol, ushort port) => _table.TryFindByOutside(protocol, port, out _);

    /// <summary>Translates a whole packet that goes from inside to outside.</summary>
    /// <param name="packet">The packet, whose IP header has been checked.</param>
    /// <param name="now">The time.</param>
    /// <param name="row">The row that was used.</param>
    /// <param name="isNew">The row was made for this packet.</param>
    public NatVerdict TranslateOut(Span<byte> packet, Instant now, out NatRow row, out bool isNew)
    {
        (row, isNew) = (default, false);
        if (!Ipv4View.TryParse(packet, out var view, out _) || view.IsFragment || !_outside.IsV4) { return NatVerdict.NotTranslatable; }
        if (NatFlow.IsError(view)) { return TranslateErrorOut(packet, view, out row); }
        if (!NatFlow.TryRead(view, out var flow) || !IsWhole(view)) { return NatVerdict.NotTranslatable; }
        // An answer to an echo that nobody outside can have sent.
        if (flow.IsEchoReply) { return NatVerdict.NoRow; }
        NatSession? session = null;
        if (!_table.TryFindByInside(flow.Protocol, flow.Source, out var mapping) || !_table.TryFind(mapping, flow.Target, out session))
        {
            session = _table.Add(flow.Protocol, flow.Source, flow.Target, IsReserved);
            if (session is null) { return NatVerdict.Full; }
            isNew = true;
        }
        _table.Use(session, isFromInside: true, ReadFlags(view), now);
        row = ToRow(session);
        NatRewriter.SetSource(packet, flow.Protocol, new NatEnd((uint)_outside.Bits, session.Mapping.OutsidePort));
        return NatVerdict.Translated;
    }

    /// <summary>
    /// Translates a whole packet that came from outside for the outside address; <see cref="NatVerdict.NoRow"/> when nobody inside has
    /// asked for it.
    /// </summary>
    public NatVerdict TranslateIn(Span<byte> packet, Instant now, out NatRow row)
    {
        row = default;
        if (!Ipv4View.TryParse(packet, out var view, out _) || view.IsFragment || view.Destination != _outside) { return NatVerdict.NotTranslatable; }
        if (NatFlow.IsError(view)) { return TranslateErrorIn(packet, view, out row); }
        if (!NatFlow.TryRead(view, out var flow) || !IsWhole(view)) { return NatVerdict.NotTranslatable; }
        // An echo request is the router's own to answer.
        if (flow.Protocol == IpProtocol.Icmp && !flow.IsEchoReply) { return NatVerdict.NoRow; }
        if (!_table.TryFindByOutside(flow.Protocol, flow.Target.Port, out var mapping)
            || !_table.TryFind(mapping, flow.Source, out var session))
        {
            return NatVerdict.NoRow;
        }
        _table.Use(session, isFromInside: false, ReadFlags(view), now);
        row = ToRow(session);
        NatRewriter.SetTarget(packet, flow.Protocol, mapping.Inside);
        return NatVerdict.Translated;
    }

    /// <summary>Rewrites the packet that an ICMP error of the router itself quotes, as the outside knows it. False when no row is about it.</summary>
    /// <param name="message">The ICMP message, sealed.</param>
    public bool TryHideQuoted(Span<byte> message)
    {
        if (message.Length < IcmpView.HeaderLength || !TryReadQuoted(message[IcmpView.HeaderLength..], out var quoted)) { return false; }
        if (!_table.TryFindByInside(quoted.Protocol, quoted.Target, out var mapping) || !_table.TryFind(mapping, quoted.Source, out _)) { return false; }
        NatRewriter.SetQuoted(message, quoted.Protocol, isSource: false, new NatEnd((uint)_outside.Bits, mapping.OutsidePort));
        return true;
    }

    /// <summary>Whether a packet as it looks outside is somebody's inside.</summary>
    public bool IsTranslated(ReadOnlySpan<byte> packet) =>
        TryReadQuoted(packet, out var flow) && flow.Source.Address == (uint)_outside.Bits
        && _table.TryFindByOutside(flow.Protocol, flow.Source.Port, out var mapping) && _table.TryFind(mapping, flow.Target, out _);

    /// <summary>Takes out one row whose time is over; called until there is none.</summary>
    public bool TryExpire(Instant now, out NatRow row)
    {
        row = default;
        if (!_table.TryFindExpired(now, out var session)) { return false; }
        row = ToRow(session);
        _table.Remove(session);
        return true;
    }

    /// <summary>Takes out one row, whatever its time: the outside address is about to change.</summary>
    public bool TryRemoveAny(out NatRow row) => TryExpire(Instant.Never, out row);

    // An error of a host or router inside about a packet that came in (RFC 5508 REQ-5): the quoted receiver is hidden again, and the error
    // comes from the outside address whoever sent it, for nobody else's could be answered.
    private NatVerdict TranslateErrorOut(Span<byte> packet, in Ipv4View view, out NatRow row)
    {
        row = default;
        if (!TryReadError(view, out var quoted)) { return NatVerdict.Malformed; }
        if (!_table.TryFindByInside(quoted.Protocol, quoted.Target, out var mapping)
            || !_table.TryFind(mapping, quoted.Source, out var session))
        {
            return NatVerdict.NoRow;
        }
        row = ToRow(session);
        NatRewriter.SetQuoted(packet[view.HeaderLength..], quoted.Protocol, isSource: false, new NatEnd((uint)_outside.Bits, mapping.OutsidePort));
        NatRewriter.SetSourceAddress(packet, (uint)_outside.Bits);
        return NatVerdict.Translated;
    }

    // An error about a packet that went out (RFC 5508 REQ-4): it goes to whoever sent that.
    private NatVerdict TranslateErrorIn(Span<byte> packet, in Ipv4View view, out NatRow row)
    {
        row = default;
        if (!TryReadError(view, out var quoted)) { return NatVerdict.Malformed; }
        if (quoted.Source.Address != (uint)_outside.Bits || !_table.TryFindByOutside(quoted.Protocol, quoted.Source.Port, out var mapping)
            || !_table.TryFind(mapping, quoted.Target, out var session))
        {
            return NatVerdict.NoRow;
        }
        row = ToRow(session);
        NatRewriter.SetQuoted(packet[view.HeaderLength..], quoted.Protocol, isSource: true, mapping.Inside);
        NatRewriter.SetTargetAddress(packet, mapping.Inside.Address);
        return NatVerdict.Translated;
    }

    // RFC 5508 REQ-3: the message's checksum and that of the quoted IP header must be right; the transport's cannot be checked.
    private static bool TryReadError(in Ipv4View view, out NatFlow quoted)
    {
        quoted = default;
        return IcmpView.TryParse(view.Payload, out var icmp, out _) && icmp.IsChecksumValid()
            && Ipv4View.TryParseQuote(icmp.Body, out var quote) && quote.IsChecksumValid && quote.FragmentOffset == 0 && NatFlow.TryRead(quote, out quoted);
    }

    private static bool TryReadQuoted(ReadOnlySpan<byte> packet, out NatFlow flow)
    {
        flow = default;
        return Ipv4View.TryParseQuote(packet, out var quote) && quote.FragmentOffset == 0 && NatFlow.TryRead(quote, out flow);
    }

    // A packet that ends within its transport header says nothing that could be translated back.
    private static bool IsWhole(in Ipv4View view) => view.Payload.Length >= view.Protocol switch
    {
        IpProtocol.Tcp => TcpView.MinHeaderLength,
        IpProtocol.Udp => UdpView.HeaderLength,
        _ => IcmpView.HeaderLength,
    };

    private static TcpFlags ReadFlags(in Ipv4View view) => view.Protocol == IpProtocol.Tcp ? (TcpFlags)view.Payload[13] : TcpFlags.None;

    private NatRow ToRow(NatSession session) => new(
        session.Mapping.Protocol,
        ToEndpoint(session.Mapping.Inside),
        new Endpoint(_outside, session.Mapping.OutsidePort),
        ToEndpoint(session.Remote));

    private static Endpoint ToEndpoint(NatEnd end) => new(IpAddress.FromV4(end.Address), end.Port);
}
