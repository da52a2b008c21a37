using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>What is known about servers by their behaviour: how fast, how silent, lame for which zones, whether EDNS gets through.</summary>
/// <remarks>
/// Round-trip times are smoothed as TCP does (RFC 6298 2): a wait is the smoothed time plus four deviations, doubled for each silence
/// in a row. A server that stays silent too often rests, then it is probed: by one question, and by those that come while that one waits.
/// </remarks>
public sealed class InfrastructureCache(int capacity = 10_000)
{
    private readonly SieveTable<IpAddress, ServerRecord> _servers = new(capacity);
    private readonly SieveTable<(IpAddress Address, DnsName Zone), Lameness> _lame = new(capacity);

    /// <summary>How long an answer from this server is waited for now.</summary>
    public TimeSpan Timeout(IpAddress address)
    {
        var timeout = _servers.TryGet(address, out var server) ? server.Timeout : ResolutionLimits.UnknownServerTimeout;
        return timeout > ResolutionLimits.MaxTimeout ? ResolutionLimits.MaxTimeout : timeout;
    }

    /// <summary>
    /// Whether a server has been silent too often to be asked now. While a probe is under way it is not resting: the questions for a name's IPv4
    /// and IPv6 addresses come together, and the second must not fail for want of a server that answers the first.
    /// </summary>
    public bool IsResting(IpAddress address, Instant now) =>
        _servers.TryGet(address, out var server) && server.Silences >= ResolutionLimits.SilencesUntilDead && now < server.RestsUntil
            && now >= server.ProbedUntil;

    /// <summary>Whether the server is to be asked without EDNS.</summary>
    public bool RejectsEdns(IpAddress address, Instant now) => _servers.TryGet(address, out var server) && now < server.WithoutEdnsUntil;

    /// <summary>Why the server is of no use for the zone; null when nothing is known against it.</summary>
    public LamenessKind? FindLameness(IpAddress address, DnsName zone, Instant now) =>
        _lame.TryGet((address, zone), out var lameness) && now < lameness.Until ? lameness.Kind : null;

    /// <summary>A question is about to be sent: to a server that has rested it is a probe, after which others keep away until it is answered.</summary>
    public void NoteSent(IpAddress address, Instant now)
    {
        if (!_servers.TryGet(address, out var server) || server.Silences < ResolutionLimits.SilencesUntilDead || now < server.RestsUntil) { return; }
        server.RestsUntil = now + ResolutionLimits.DeadTime;
        server.ProbedUntil = now + Timeout(address);
    }

    /// <summary>The server answered after this long.</summary>
    public void NoteAnswered(IpAddress address, TimeSpan elapsed)
    {
        var server = Server(address);
        server.Silences = 0;
        if (server.Smoothed == TimeSpan.Zero)
        {
            server.Smoothed = elapsed;
            server.Deviation = elapsed / 2;
            return;
        }
        server.Deviation = server.Deviation * 3 / 4 + (server.Smoothed - elapsed).Duration() / 4;
        server.Smoothed = server.Smoothed * 7 / 8 + elapsed / 8;
    }

    /// <summary>The server did not answer in its time.</summary>
    public void NoteSilent(IpAddress address, Instant now)
    {
        var server = Server(address);
        if (++server.Silences >= ResolutionLimits.SilencesUntilDead) { server.RestsUntil = now + ResolutionLimits.DeadTime; }
    }

    /// <summary>The server cannot read EDNS, or what stands before it drops such messages.</summary>
    public void NoteEdnsRejected(IpAddress address, Instant now) => Server(address).WithoutEdnsUntil = now + ResolutionLimits.LameTime;

    /// <summary>
    /// The server is of no use for the zone. A failing server may have recovered soon; one that does not serve the zone stays so for a
    /// while.
    /// </summary>
    public void NoteLame(IpAddress address, DnsName zone, LamenessKind kind, Instant now)
    {
        var time = kind is LamenessKind.ServerFailure or LamenessKind.OtherError or LamenessKind.Malformed
            ? ResolutionLimits.FailureTime
            : ResolutionLimits.LameTime;
        _lame.Set((address, zone), new Lameness(kind, now + time));
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _servers.Clear();
        _lame.Clear();
    }

    private ServerRecord Server(IpAddress address)
    {
        if (_servers.TryGet(address, out var server)) { return server; }
        server = new ServerRecord();
        _servers.Set(address, server);
        return server;
    }

    private readonly record struct Lameness(LamenessKind Kind, Instant Until);

    private sealed class ServerRecord
    {
        public TimeSpan Smoothed;
        public TimeSpan Deviation;
        public int Silences;
        public Instant RestsUntil;
        public Instant ProbedUntil;
        public Instant WithoutEdnsUntil;

        public TimeSpan Timeout
        {
            get
            {
                var timeout = Smoothed == TimeSpan.Zero ? ResolutionLimits.UnknownServerTimeout : Smoothed + Deviation * 4;
                // The shortest wait is doubled too: a server next door that falls silent behind a queue would otherwise be given up within half a second.
                if (timeout < ResolutionLimits.MinTimeout) { timeout = ResolutionLimits.MinTimeout; }
                return timeout * (1 << Math.Min(Silences, 4));
            }
        }
    }
}
