using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;

namespace Firstbyte.Hosts.Nat;

/// <summary>Address translation of a home router: everybody behind the other interfaces shares the first IPv4 address of one.</summary>
/// <remarks>
/// The machine that rewrites is <see cref="AddressTranslator"/>; here is which packets go through it, and what becomes of those that it
/// refuses.
/// </remarks>
public sealed class AddressTranslation : HostProgram, IPacketHook
{
    private readonly NetworkInterface _outside;
    private readonly NatSettings _settings;
    private AddressTranslator? _translator;
    private PacketPath? _path;
    private ProgramTimer? _timer;

    /// <summary>Translates to the address of an interface.</summary>
    public AddressTranslation(NetworkInterface outside, NatSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(outside);
        _outside = outside;
        _settings = settings ?? new NatSettings();
    }

    /// <summary>The rows in use, in order of protocol and ends.</summary>
    public IEnumerable<NatRow> Rows => _translator?.Rows ?? [];

    /// <summary>How many there are.</summary>
    public int Count => _translator?.Count ?? 0;

    /// <inheritdoc/>
    protected override void OnStart()
    {
        _timer = Port.NewTimer(Expire, isHousekeeping: true);
        _path = Port.Install(this);
        _translator = new AddressTranslator(_settings, Port.NewSecret()) { IsReserved = _path.IsPortInUse };
    }

    /// <inheritdoc/>
    protected override void OnStop(bool isSudden)
    {
        while (_translator!.TryRemoveAny(out var row)) { _path!.Tell(row, RowChange.Removed); }
        (_translator, _path) = (null, null);
    }

    bool IPacketHook.Hides(NetworkInterface networkInterface) => networkInterface != _outside;

    bool IPacketHook.UsesPort(IpProtocol protocol, ushort port) => _translator!.UsesPort(protocol, port);

    bool IPacketHook.IsRewritten(ReadOnlySpan<byte> packet) => _translator!.IsTranslated(packet);

    void IPacketHook.OnErrorLeaving(NetworkInterface outbound, Span<byte> message)
    {
        // The outside has never heard of the addresses inside.
        if (outbound == _outside) { _translator!.TryHideQuoted(message); }
    }

    bool IPacketHook.TryTakeArrived(NetworkInterface inbound, in Ipv4View packet)
    {
        var translator = Refresh();
        // Fragments come again when they are whole.
        if (packet.Destination != translator.Outside || packet.IsFragment) { return false; }
        return inbound == _outside || inbound.Kind == LinkKind.Loopback
            ? TryTranslateIn(translator, inbound, packet)
            : TryTurnBack(translator, inbound, packet);
    }

    bool IPacketHook.TryForward(NetworkInterface inbound, NetworkInterface outbound, in Ipv4View packet, ref Frame? rewritten, ref NatRow? row)
    {
        if (rewritten is not null || (inbound == _outside) == (outbound == _outside)) { return true; }
        if (inbound == _outside)
        {
            // It wants to come in without having been asked for.
            _path!.Drop(FrameDropReason.NoTranslation, packet.Packet, inbound, outbound);
            return false;
        }
        if (packet.IsFragment)
        {
            // Only the first fragment has ports: the packet is put together, translated and divided again (RFC 4787 REQ-14).
            _path!.Reassemble(inbound, packet);
            return false;
        }
        var translator = Refresh();
        var copy = _path!.Copy(packet.Packet);
        var verdict = translator.TranslateOut(copy.Span, Port.Now, out var used, out var isNew);
        if (verdict != NatVerdict.Translated)
        {
            copy.Release();
            _path.Drop(ReasonOf(verdict), packet.Packet, inbound, outbound);
            return false;
        }
        Watch(translator);
        if (isNew) { _path.Tell(used, RowChange.Added); }
        (rewritten, row) = (copy, used);
        return true;
    }

    private bool TryTranslateIn(AddressTranslator translator, NetworkInterface inbound, in Ipv4View packet)
    {
        var copy = _path!.Copy(packet.Packet);
        var verdict = translator.TranslateIn(copy.Span, Port.Now, out var row);
        if (verdict == NatVerdict.Translated)
        {
            Watch(translator);
            _path.Forward(inbound, packet, copy, row);
            return true;
        }
        copy.Release();
        if (inbound.Kind == LinkKind.Loopback || _path.IsForOwnProgram(packet)) { return false; }
        // Nobody has asked for it: silence, not even a reset (RFC 5382 REQ-4).
        _path.Drop(FrameDropReason.NoTranslation, packet.Packet, inbound);
        return true;
    }

    // A packet from inside for a port outside that is somebody's inside goes out and in again (hairpinning, RFC 4787 REQ-9).
    private bool TryTurnBack(AddressTranslator translator, NetworkInterface inbound, in Ipv4View packet)
    {
        if (packet.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp) || packet.Payload.Length < 4
            || !translator.UsesPort(packet.Protocol, BinaryPrimitives.ReadUInt16BigEndian(packet.Payload[2..]))) { return false; }
        var copy = _path!.Copy(packet.Packet);
        var verdict = translator.TranslateOut(copy.Span, Port.Now, out var row, out var isNew);
        if (isNew) { _path.Tell(row, RowChange.Added); }
        if (verdict == NatVerdict.Translated) { verdict = translator.TranslateIn(copy.Span, Port.Now, out row); }
        Watch(translator);
        if (verdict == NatVerdict.Translated) { _path.Forward(inbound, packet, copy, row); }
        else
        {
            copy.Release();
            _path.Drop(ReasonOf(verdict), packet.Packet, inbound);
        }
        return true;
    }

    private static FrameDropReason ReasonOf(NatVerdict verdict) => verdict switch
    {
        NatVerdict.Full => FrameDropReason.TranslationLimit,
        NatVerdict.Malformed => FrameDropReason.Malformed,
        _ => FrameDropReason.NoTranslation,
    };

    // The outside address may have come by DHCP, and may be another one by now: what was translated to the old one is lost.
    private AddressTranslator Refresh()
    {
        var translator = _translator!;
        var address = default(IpAddress);
        foreach (ref readonly var own in _outside.Own)
        {
            if (!own.Address.IsV4) { continue; }
            address = own.Address;
            break;
        }
        if (address == translator.Outside) { return translator; }
        while (translator.TryRemoveAny(out var row)) { _path!.Tell(row, RowChange.Removed); }
        translator.Outside = address;
        return translator;
    }

    private void Watch(AddressTranslator translator)
    {
        if (translator.NextExpiry < _timer!.Deadline) { _timer.Set(translator.NextExpiry); }
    }

    private void Expire()
    {
        while (_translator!.TryExpire(Port.Now, out var row)) { _path!.Tell(row, RowChange.Removed); }
        _timer!.Set(_translator.NextExpiry);
    }
}
