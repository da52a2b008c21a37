using System.Buffers.Binary;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Routing.Nat;

/// <summary>An end inside and its port outside: the same one whomever it talks with (RFC 4787 REQ-1, endpoint-independent mapping).</summary>
internal sealed class NatMapping(IpProtocol protocol, NatEnd inside, ushort outsidePort)
{
    public IpProtocol Protocol { get; } = protocol;

    public NatEnd Inside { get; } = inside;

    public ushort OutsidePort { get; } = outsidePort;

    /// <summary>Peers that it talks with; without one the mapping goes.</summary>
    public int Sessions { get; set; }
}

/// <summary>A mapping and one peer of it.</summary>
internal sealed class NatSession(NatMapping mapping, NatEnd remote)
{
    public NatMapping Mapping { get; } = mapping;

    public NatEnd Remote { get; } = remote;

    public Instant Until { get; set; }

    /// <summary>What has been seen of a TCP connection.</summary>
    public NatTcpProgress Progress { get; set; }

    public NatSessionQueue? Queue { get; set; }

    public NatSession? Before { get; set; }

    public NatSession? After { get; set; }
}

/// <summary>What a translator has seen of a TCP connection: enough to know how long silence may last (RFC 5382 section 5).</summary>
[Flags]
internal enum NatTcpProgress : byte
{
    None = 0,
    AckedByInside = 1,
    AckedByRemote = 2,
    EndedByInside = 4,
    EndedByRemote = 8,
    Reset = 16,
}

/// <summary>
/// Sessions that live equally long, so that the one that was used least recently is the first to go: nothing is sorted, a use costs a few
/// pointers.
/// </summary>
internal sealed class NatSessionQueue(TimeSpan lifetime)
{
    private NatSession? _last;

    public NatSession? First { get; private set; }

    public void Append(NatSession session, Instant now)
    {
        session.Queue?.Remove(session);
        session.Queue = this;
        session.Until = now + lifetime;
        (session.Before, session.After) = (_last, null);
        if (_last is null) { First = session; }
        else { _last.After = session; }
        _last = session;
    }

    public void Remove(NatSession session)
    {
        if (session.Before is null) { First = session.After; }
        else { session.Before.After = session.After; }
        if (session.After is null) { _last = session.Before; }
        else { session.After.Before = session.Before; }
        session.Queue = null;
    }
}

/// <summary>The rows of a translator, found from inside and from outside.</summary>
internal sealed class NatTable(NatSettings settings, SipKey secret)
{
    /// <summary>The first port that is not well known: an end keeps to its side of it (RFC 4787 REQ-3).</summary>
    private const int FirstUserPort = 1_024;

    private readonly Dictionary<(IpProtocol, NatEnd), NatMapping> _byInside = [];
    private readonly Dictionary<(IpProtocol, ushort), NatMapping> _byOutside = [];
    private readonly Dictionary<(NatMapping, NatEnd), NatSession> _sessions = [];
    private readonly NatSessionQueue _datagrams = new(settings.UdpTimeout);
    private readonly NatSessionQueue _echoes = new(settings.EchoTimeout);
    private readonly NatSessionQueue _established = new(settings.TcpEstablishedTimeout);
    private readonly NatSessionQueue _transitory = new(settings.TcpTransitoryTimeout);

    public int Count => _sessions.Count;

    public IEnumerable<NatSession> Sessions => _sessions.Values;

    public Instant NextExpiry
    {
        get
        {
            var next = Instant.Never;
            foreach (var queue in (ReadOnlySpan<NatSessionQueue>)[_datagrams, _echoes, _established, _transitory])
            {
                if (queue.First is { } first && first.Until < next) { next = first.Until; }
            }
            return next;
        }
    }

    public bool TryFindByOutside(IpProtocol protocol, ushort port, out NatMapping mapping) => _byOutside.TryGetValue((protocol, port), out mapping!);

    public bool TryFindByInside(IpProtocol protocol, NatEnd inside, out NatMapping mapping) => _byInside.TryGetValue((protocol, inside), out mapping!);

    public bool TryFind(NatMapping mapping, NatEnd remote, out NatSession session) => _sessions.TryGetValue((mapping, remote), out session!);

    /// <summary>A row for a new conversation; null when the table or the ports are used up.</summary>
    /// <param name="protocol">TCP, UDP or ICMP.</param>
    /// <param name="inside">Who begins it.</param>
    /// <param name="remote">With whom.</param>
    /// <param name="isReserved">Ports of the router's own programs.</param>
    public NatSession? Add(IpProtocol protocol, NatEnd inside, NatEnd remote, Func<IpProtocol, ushort, bool>? isReserved)
    {
        if (_sessions.Count >= settings.MaxRows) { return null; }
        if (!_byInside.TryGetValue((protocol, inside), out var mapping))
        {
            if (!TryChoosePort(protocol, inside, isReserved, out var port)) { return null; }
            mapping = new NatMapping(protocol, inside, port);
            _byInside.Add((protocol, inside), mapping);
            _byOutside.Add((protocol, port), mapping);
        }
        mapping.Sessions++;
        var session = new NatSession(mapping, remote);
        _sessions.Add((mapping, remote), session);
        return session;
    }

    public void Remove(NatSession session)
    {
        var mapping = session.Mapping;
        session.Queue?.Remove(session);
        _sessions.Remove((mapping, session.Remote));
        if (--mapping.Sessions > 0) { return; }
        _byInside.Remove((mapping.Protocol, mapping.Inside));
        _byOutside.Remove((mapping.Protocol, mapping.OutsidePort));
    }

    /// <summary>
    /// A packet of the conversation has passed: its row lives on. UDP's and echoes' only when it came from inside, so that nobody outside
    /// can keep a door open (RFC 4787 REQ-6).
    /// </summary>
    public void Use(NatSession session, bool isFromInside, TcpFlags flags, Instant now)
    {
        switch (session.Mapping.Protocol)
        {
            case IpProtocol.Tcp:
                session.Progress = Advance(session.Progress, isFromInside, flags);
                (IsEstablished(session.Progress) ? _established : _transitory).Append(session, now);
                break;
            case IpProtocol.Udp when isFromInside: _datagrams.Append(session, now); break;
            case IpProtocol.Icmp when isFromInside: _echoes.Append(session, now); break;
            default: break;
        }
    }

    public bool TryFindExpired(Instant now, out NatSession session)
    {
        foreach (var queue in (ReadOnlySpan<NatSessionQueue>)[_datagrams, _echoes, _established, _transitory])
        {
            if (queue.First is not { } first || first.Until > now) { continue; }
            session = first;
            return true;
        }
        session = null!;
        return false;
    }

    private static NatTcpProgress Advance(NatTcpProgress progress, bool isFromInside, TcpFlags flags)
    {
        // A new SYN from inside on the ends of a connection that is over begins another one.
        if (isFromInside && (flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn && IsClosing(progress)) { progress = NatTcpProgress.None; }
        if ((flags & TcpFlags.Ack) != TcpFlags.None) { progress |= isFromInside ? NatTcpProgress.AckedByInside : NatTcpProgress.AckedByRemote; }
        if ((flags & TcpFlags.Fin) != TcpFlags.None) { progress |= isFromInside ? NatTcpProgress.EndedByInside : NatTcpProgress.EndedByRemote; }
        if ((flags & TcpFlags.Rst) != TcpFlags.None) { progress |= NatTcpProgress.Reset; }
        return progress;
    }

    private static bool IsClosing(NatTcpProgress progress) =>
        (progress & NatTcpProgress.Reset) != NatTcpProgress.None
        || (progress & (NatTcpProgress.EndedByInside | NatTcpProgress.EndedByRemote)) == (NatTcpProgress.EndedByInside | NatTcpProgress.EndedByRemote);

    private static bool IsEstablished(NatTcpProgress progress) =>
        (progress & (NatTcpProgress.AckedByInside | NatTcpProgress.AckedByRemote)) == (
            NatTcpProgress.AckedByInside | NatTcpProgress.AckedByRemote) && !IsClosing(progress);

    // The same port if nobody has it; else one that only the secret tells, even for even and odd for odd (RFC 4787 REQ-4), on the same side
    // of 1024 while there are some. No port is ever shared by two (REQ-3).
    private bool TryChoosePort(IpProtocol protocol, NatEnd inside, Func<IpProtocol, ushort, bool>? isReserved, out ushort port)
    {
        port = inside.Port;
        if ((port != 0 || protocol == IpProtocol.Icmp) && IsFree(protocol, port, isReserved)) { return true; }
        Span<byte> text = stackalloc byte[7];
        BinaryPrimitives.WriteUInt32BigEndian(text, inside.Address);
        BinaryPrimitives.WriteUInt16BigEndian(text[4..], inside.Port);
        text[6] = (byte)protocol;
        var chance = (uint)SipHash24.Hash(secret, text);
        return (inside.Port is > 0 and < FirstUserPort && TryChooseAmong(2 - (inside.Port & 1), FirstUserPort, out port))
            || TryChooseAmong(FirstUserPort + (inside.Port & 1), ushort.MaxValue + 1, out port);

        bool TryChooseAmong(int first, int end, out ushort found)
        {
            var count = (uint)(end - first + 1) / 2;
            for (uint i = 0; i < count; i++)
            {
                found = (ushort)(first + 2 * ((chance % count + i) % count));
                if (IsFree(protocol, found, isReserved)) { return true; }
            }
            found = 0;
            return false;
        }
    }

    private bool IsFree(IpProtocol protocol, ushort port, Func<IpProtocol, ushort, bool>? isReserved) =>
        !_byOutside.ContainsKey((protocol, port)) && isReserved?.Invoke(protocol, port) != true;
}
