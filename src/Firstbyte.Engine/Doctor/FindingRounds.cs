using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Examinations of one thing that follow one another: each is told, and from the second on what is other than before.</summary>
internal sealed class FindingRounds(INetwork network)
{
    private IReadOnlyList<Finding>? _before;
    private int _round;

    /// <summary>An examination begins.</summary>
    public void Begin(TraceSpan span, string href) => span.Tell(new ExaminationStarted(href, ++_round));

    /// <summary>It has ended: its findings are told with their weights and clauses.</summary>
    /// <param name="span">The step.</param>
    /// <param name="href">What was examined.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="looks">Looks that were taken.</param>
    /// <param name="began">The host's timestamp of the beginning.</param>
    public ExaminationCompleted Complete(TraceSpan span, string href, IReadOnlyList<Finding> findings, int looks, long began)
    {
        Span<int> counts = stackalloc int[3];
        foreach (var finding in findings)
        {
            var verdict = FindingTable.Of(finding);
            counts[(int)verdict.Severity]++;
            span.Tell(new FindingFound(finding, verdict.Severity) { Because = verdict.Clause });
        }
        if (_before is { } before)
        {
            span.Tell(new ExaminationCompared(
                _round, [.. findings.Where(one => !before.Any(one.IsSameAs))], [.. before.Where(one => !findings.Any(one.IsSameAs))]));
        }
        _before = [.. findings];
        var completed = new ExaminationCompleted(
            href, _round, counts[(int)FindingSeverity.Error], counts[(int)FindingSeverity.Warning], counts[(int)FindingSeverity.Note], looks,
            NetworkClock.NanosecondsSince(network.Time, began));
        span.Tell(completed);
        return completed;
    }
}
