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
    private readonly SieveTable<(IpAddress Address, DnsName Zone), Silence> _silent = new(capacity);
    private readonly SieveTable<(IpAddress Address, DnsName Zone), Lameness> _lame = new(capacity);

    /// <summary>How long an answer from this server about a zone is waited for now.</summary>
    public TimeSpan Timeout(IpAddress address, DnsName zone)
    {
        var timeout = _servers.TryGet(address, out var server) && server.Smoothed != TimeSpan.Zero
            ? server.Smoothed + server.Deviation * 4
            : ResolutionLimits.UnknownServerTimeout;
        // The shortest wait is doubled too: a server next door that falls silent behind a queue would otherwise be given up within half a second.
        if (timeout < ResolutionLimits.MinTimeout) { timeout = ResolutionLimits.MinTimeout; }
        if (_silent.TryGet((address, zone), out var silence)) { timeout *= 1 << Math.Min(silence.Count, 4); }
        return timeout > ResolutionLimits.MaxTimeout ? ResolutionLimits.MaxTimeout : timeout;
    }

    /// <summary>
    /// Whether a server has been silent about a zone too often to be asked now. While a probe is under way it is not resting: the questions for a
    /// name's IPv4 and IPv6 addresses come together, and the second must not fail for want of a server that answers the first.
    /// </summary>
    /// <remarks>
    /// Silence is held against the server for the zone it was asked about: who delegates a zone of his own to a stranger's server must not be able to
    /// make that server's own zones rest.
    /// </remarks>
    public bool IsResting(IpAddress address, DnsName zone, Instant now) =>
        _silent.TryGet((address, zone), out var silence) && silence.Count >= ResolutionLimits.SilencesUntilDead && now < silence.RestsUntil
            && now >= silence.ProbedUntil;

    /// <summary>
    /// Whether a resting server may be asked once all the same, as nobody else is left: not more often than every few seconds, and at once where it was one
    /// question alone that it did not answer, and this is another. There are servers, and what stands before them, that drop a type or a name.
    /// </summary>
    public bool MayProbe(IpAddress address, Question question, DnsName zone, Instant now) =>
        !_silent.TryGet((address, zone), out var silence) || now >= silence.AskedAt + ResolutionLimits.FailureTime
            || (!silence.IsOfMany && silence.About != question);

    /// <summary>Whether the server is to be asked without EDNS.</summary>
    public bool RejectsEdns(IpAddress address, Instant now) => _servers.TryGet(address, out var server) && now < server.WithoutEdnsUntil;

    /// <summary>Why the server is of no use for the zone; null when nothing is known against it.</summary>
    public LamenessKind? FindLameness(IpAddress address, DnsName zone, Instant now) =>
        _lame.TryGet((address, zone), out var lameness) && now < lameness.Until ? lameness.Kind : null;

    /// <summary>A question is about to be sent: to a server that has rested it is a probe, after which others keep away until it is answered.</summary>
    public void NoteSent(IpAddress address, DnsName zone, Instant now)
    {
        if (!_silent.TryGet((address, zone), out var silence)) { return; }
        silence.AskedAt = now;
        if (silence.Count < ResolutionLimits.SilencesUntilDead || now < silence.RestsUntil) { return; }
        silence.RestsUntil = now + ResolutionLimits.DeadTime;
        silence.ProbedUntil = now + Timeout(address, zone);
    }

    /// <summary>The server answered after this long.</summary>
    public void NoteAnswered(IpAddress address, DnsName zone, TimeSpan elapsed)
    {
        _silent.Remove((address, zone));
        var server = Server(address);
        if (server.Smoothed == TimeSpan.Zero)
        {
            server.Smoothed = elapsed;
            server.Deviation = elapsed / 2;
            return;
        }
        server.Deviation = server.Deviation * 3 / 4 + (server.Smoothed - elapsed).Duration() / 4;
        server.Smoothed = server.Smoothed * 7 / 8 + elapsed / 8;
    }

    /// <summary>The server answered over TCP: how long that took says nothing of datagrams, but it is there.</summary>
    public void NoteAwake(IpAddress address, DnsName zone) => _silent.Remove((address, zone));

    /// <summary>The server did not answer in its time.</summary>
    public void NoteSilent(IpAddress address, Question question, DnsName zone, Instant now)
    {
        if (!_silent.TryGet((address, zone), out var silence))
        {
            silence = new Silence { About = question, AskedAt = now };
            _silent.Set((address, zone), silence);
        }
        silence.IsOfMany |= silence.About != question;
        if (++silence.Count >= ResolutionLimits.SilencesUntilDead) { silence.RestsUntil = now + ResolutionLimits.DeadTime; }
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
        _silent.Clear();
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

    private sealed class Silence
    {
        public int Count;
        public Question About;
        public bool IsOfMany;
        public Instant AskedAt;
        public Instant RestsUntil;
        public Instant ProbedUntil;
    }

    private sealed class ServerRecord
    {
        public TimeSpan Smoothed;
        public TimeSpan Deviation;
        public Instant WithoutEdnsUntil;
    }
}
