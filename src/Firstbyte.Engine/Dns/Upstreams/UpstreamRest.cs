using Firstbyte.Tracing;

namespace Firstbyte.Dns.Upstreams;

/// <summary>
/// How long a server is left alone to which no connection could be made: each failure doubles it, an answer ends it. Without it every question would wait for
/// the failure of an attempt of its own.
/// </summary>
internal sealed class UpstreamRest(bool hasOtherWay)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    /// <summary>Without the server there is no answer, so it is tried often. Own choice; a server that is started again is missed for no longer.</summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(30);

    /// <summary>RFC 7858 section 3.1: "a reasonable period (such as one hour per server)", for who can ask in clear meanwhile.</summary>
    private static readonly TimeSpan s_mostWithOtherWay = TimeSpan.FromHours(1);

    private int _failures;
    private Instant _until = new(long.MinValue);

    /// <summary>Why the last attempt failed.</summary>
    public UpstreamFailure Failure { get; private set; }

    public bool IsResting(Instant now) => now < _until;

    public void NoteFailed(UpstreamFailure failure, Instant now)
    {
        Failure = failure;
        var most = hasOtherWay ? s_mostWithOtherWay : s_most;
        var rest = s_first * (1L << Math.Min(_failures++, 12));
        _until = now + (rest < most ? rest : most);
    }

    public void NoteAnswered() => (_failures, _until) = (0, new Instant(long.MinValue));
}
