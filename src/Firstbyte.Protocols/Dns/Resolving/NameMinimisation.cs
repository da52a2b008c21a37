using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Resolving;

/// <summary>How much of a name is told to servers that only have to refer to the next ones (RFC 9156).</summary>
public enum MinimisationMode : byte
{
    /// <summary>All of it.</summary>
    Off,

    /// <summary>One more label at a time, asked for with type A, as RFC 9156 section 2.1 advises: the commonest type of all hides best.</summary>
    Addresses,

    /// <summary>The same with type NS, which is what the answer is about; some servers know no NS records but their own.</summary>
    Servers,
}

/// <summary>Which part of a name is asked for next (RFC 9156 section 2.3).</summary>
/// <remarks>
/// At each cut the name grows by a label until a referral comes or it is whole; after some steps by more labels at once, so that a name of a hundred
/// labels costs no more than ten questions. Servers that answer a part with an error are asked for the whole name.
/// </remarks>
internal sealed class NameMinimisation(MinimisationMode mode)
{
    /// <summary>Silences to parts of names after which the whole name is tried: something on the way may dislike them. Unbound: 3.</summary>
    private const int MaxSilences = 3;

    private int _labels;
    private int _steps;
    private int _silences;
    private bool _isOver = mode == MinimisationMode.Off;

    /// <summary>The part that was asked for last; null when it was the whole question.</summary>
    public Question? Asked { get; private set; }

    /// <summary>Servers of a zone are about to be asked.</summary>
    public void Enter(Delegation cut)
    {
        _labels = Math.Max(_labels, cut.Zone.LabelCount);
        if (cut.IsForward) { _isOver = true; }
    }

    /// <summary>A new name is taken up.</summary>
    public void Restart() => (_labels, _steps, _silences, _isOver, Asked) = (0, 0, 0, mode == MinimisationMode.Off, null);

    /// <summary>There is no cut at the part that was asked for.</summary>
    public void GoOn() => _labels = Asked?.Name.LabelCount ?? _labels;

    /// <summary>The whole name from now on.</summary>
    public void Stop() => _isOver = true;

    /// <summary>A server did not answer.</summary>
    public void NoteSilence() => _isOver |= Asked is not null && ++_silences >= MaxSilences;

    /// <summary>What is asked of the next server.</summary>
    public Question Next(Question whole)
    {
        Asked = null;
        var (name, left) = (whole.Name, whole.Name.LabelCount - _labels);
        if (_isOver || left <= 1 || _steps >= ResolutionLimits.MinimisedSteps) { return whole; }
        var more = _steps < ResolutionLimits.SingleLabelSteps ? 1
            : Math.Max(1, (left + ResolutionLimits.MinimisedSteps - _steps - 1) / (ResolutionLimits.MinimisedSteps - _steps));
        if (more >= left) { return whole; }
        _steps++;
        Asked = new Question(name.Suffix(_labels + more), mode == MinimisationMode.Servers ? RecordType.NS : RecordType.A);
        return Asked.Value;
    }
}
