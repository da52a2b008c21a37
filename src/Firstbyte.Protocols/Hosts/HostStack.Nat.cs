using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;

namespace Firstbyte.Hosts;

// Address translation of a home router: which packets go through the translator, and what becomes of those that it refuses.
public sealed partial class HostStack
{
    private AddressTranslator? _translator;
    private TranslationTimer? _translationTimer;
    private NetworkInterface? _outside;

    /// <summary>The address translator; null when the router translates nothing.</summary>
    public AddressTranslator? Translator => _translator;

    /// <summary>From now on everybody behind the other interfaces shares the first IPv4 address of this one. The host must be a router.</summary>
    public void StartTranslating(NetworkInterface outside, NatSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(outside);
        if (!Settings.IsRouter) { throw new InvalidOperationException("only a router translates addresses"); }
        if (_translator is not null) { throw new InvalidOperationException("the router translates already"); }
        _outside = outside;
        _translationTimer = new TranslationTimer();
        _translator = new AddressTranslator(settings ?? new NatSettings(), new SipKey(_random.Next(), _random.Next())) { IsReserved = IsReservedPort };
    }

    private void StopTranslating()
    {
        if (_translator is not { } translator) { return; }
        while (translator.TryRemoveAny(out var row)) { Listener?.OnTranslation(row, RowChange.Removed); }
        _deadlines.Set(_translationTimer!, Firstbyte.Tracing.Instant.Never);
        (_translator, _translationTimer, _outside) = (null, null, null);
    }

    private bool IsReservedPort(IpProtocol protocol, ushort port) => protocol switch
    {
        IpProtocol.Tcp => _streams.ContainsKey(port),
        IpProtocol.Udp => _mailboxes.ContainsKey(port),
        _ => _pings.Exists(ping => ping.Version == IpVersion.V4 && ping.Identifier == port),
    };

    private bool TranslatorUses(IpProtocol protocol, ushort port) => _translator is { } translator && translator.UsesPort(protocol, port);

    /// <summary>A packet for an own address may be for somebody inside. True when it has been seen to.</summary>
    private bool TryTranslateArrived(NetworkInterface inbound, in Ipv4View packet)
    {
        var translator = RefreshTranslator();
        // Fragments come again when they are whole.
        if (packet.Destination != translator.Outside || packet.IsFragment) { return false; }
        return inbound == _outside || inbound.Kind == LinkKind.Loopback ? TryTranslateIn(translator, inbound, packet) : TryTurnBack(translator, inbound, packet);
    }

    private bool TryTranslateIn(AddressTranslator translator, NetworkInterface inbound, in Ipv4View packet)
    {
        var copy = _frames.Copy(packet.Packet);
        var verdict = translator.TranslateIn(copy.Span, _now, out var row);
        if (verdict == NatVerdict.Translated)
        {
            WatchTranslations(translator);
            ForwardIpv4(inbound, packet, copy, row);
            return true;
        }
        copy.Release();
        if (inbound.Kind == LinkKind.Loopback || IsForOwnProgram(packet)) { return false; }
        // Nobody has asked for it: silence, not even a reset (RFC 5382 REQ-4).
        Drop(FrameDropReason.NoTranslation, packet.Packet, inbound);
        return true;
    }

    // A packet from inside for a port outside that is somebody's inside goes out and in again (hairpinning, RFC 4787 REQ-9).
    private bool TryTurnBack(AddressTranslator translator, NetworkInterface inbound, in Ipv4View packet)
    {
        if (packet.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp) || packet.Payload.Length < 4
            || !translator.UsesPort(packet.Protocol, BinaryPrimitives.ReadUInt16BigEndian(packet.Payload[2..]))) { return false; }
        var copy = _frames.Copy(packet.Packet);
        var verdict = translator.TranslateOut(copy.Span, _now, out var row, out var isNew);
        if (isNew) { Listener?.OnTranslation(row, RowChange.Added); }
        if (verdict == NatVerdict.Translated) { verdict = translator.TranslateIn(copy.Span, _now, out row); }
        WatchTranslations(translator);
        if (verdict == NatVerdict.Translated) { ForwardIpv4(inbound, packet, copy, row); }
        else
        {
            copy.Release();
            Drop(ReasonOf(verdict), packet.Packet, inbound);
        }
        return true;
    }

    /// <summary>A packet that is to leave by the outside interface, or wants to come in by it without having been asked for. False when it has been dropped or waits for its other fragments.</summary>
    private bool TryTranslateOut(NetworkInterface inbound, NetworkInterface outbound, in Ipv4View packet, ref Frame? rewritten, ref NatRow? translation)
    {
        if (rewritten is not null || (inbound == _outside) == (outbound == _outside)) { return true; }
        if (inbound == _outside)
        {
            Drop(FrameDropReason.NoTranslation, packet.Packet, inbound, outbound: outbound);
            return false;
        }
        if (packet.IsFragment)
        {
            // Only the first fragment has ports: the packet is put together, translated and divided again (RFC 4787 REQ-14).
            ReceiveFragment(inbound, packet);
            return false;
        }
        var translator = RefreshTranslator();
        var copy = _frames.Copy(packet.Packet);
        var verdict = translator.TranslateOut(copy.Span, _now, out var row, out var isNew);
        if (verdict != NatVerdict.Translated)
        {
            copy.Release();
            Drop(ReasonOf(verdict), packet.Packet, inbound, outbound: outbound);
            return false;
        }
        WatchTranslations(translator);
        if (isNew) { Listener?.OnTranslation(row, RowChange.Added); }
        (rewritten, translation) = (copy, row);
        return true;
    }

    private static FrameDropReason ReasonOf(NatVerdict verdict) => verdict switch
    {
        NatVerdict.Full => FrameDropReason.TranslationLimit,
        NatVerdict.Malformed => FrameDropReason.Malformed,
        _ => FrameDropReason.NoTranslation,
    };

    private bool IsForOwnProgram(in Ipv4View packet)
    {
        var payload = packet.Payload;
        if (payload.Length < 4) { return true; }
        var local = new Endpoint(packet.Destination, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        var remote = new Endpoint(packet.Source, BinaryPrimitives.ReadUInt16BigEndian(payload));
        return packet.Protocol switch
        {
            IpProtocol.Tcp => _connections.ContainsKey(new ConnectionKey(local, remote)) || FindListener(local) is not null,
            IpProtocol.Udp => FindMailbox(local, remote) is not null || (local.Port == DhcpView.ClientPort && _dhcpClients.Count > 0),
            _ => true,
        };
    }

    // The outside address may have come by DHCP, and may be another one by now: what was translated to the old one is lost.
    private AddressTranslator RefreshTranslator()
    {
        var translator = _translator!;
        var address = default(IpAddress);
        foreach (ref readonly var own in _outside!.Own)
        {
            if (!own.Address.IsV4) { continue; }
            address = own.Address;
            break;
        }
        if (address == translator.Outside) { return translator; }
        while (translator.TryRemoveAny(out var row)) { Listener?.OnTranslation(row, RowChange.Removed); }
        translator.Outside = address;
        return translator;
    }

    private void WatchTranslations(AddressTranslator translator)
    {
        if (translator.NextExpiry < _translationTimer!.Deadline) { _deadlines.Set(_translationTimer, translator.NextExpiry); }
    }

    private void OnTranslationDeadline()
    {
        while (_translator!.TryExpire(_now, out var row)) { Listener?.OnTranslation(row, RowChange.Removed); }
        _deadlines.Set(_translationTimer!, _translator.NextExpiry);
    }

    private sealed class TranslationTimer : HostTimer
    {
        internal override bool IsHousekeeping => true;

        internal override void OnDeadline(HostStack stack) => stack.OnTranslationDeadline();
    }
}
