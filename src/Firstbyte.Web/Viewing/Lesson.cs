using Firstbyte.Dns.Resolving;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A question before a step of an experiment: what may be answered, what was, and what the run says.</summary>
/// <remarks>Nothing here knows an answer: it is read off the events of the step once it has been done.</remarks>
public sealed class Lesson(LabSession session, ExperimentStep step)
{
    // Where the counts of questions are parted (own choice): from a cache, from somewhere on the way, from the root down.
    private const int Few = 1, Some = 3;

    private readonly int _first = session.Count;

    /// <summary>The step.</summary>
    public ExperimentStep Step { get; } = step;

    /// <summary>What was answered; null while nothing was.</summary>
    public string? Guess { get; set; }

    /// <summary>What may be answered.</summary>
    public IReadOnlyList<string> Options { get; } = step.Question switch
    {
        LessonQuestion.Works => ["yes", "no"],
        LessonQuestion.Asks => ["0-1", "2-3", "4+"],
        LessonQuestion.Answers => [.. Hosts(session, static host => host.Services.Any(static service => service is WebService)), ""],
        LessonQuestion.Loses => [.. session.Map.Links.Select(static link => link.Name), ""],
        LessonQuestion.Hears => [.. Hosts(session, host => host.Name != session.Definition.Client && host.Services.Count == 0), ""],
        _ => [],
    };

    /// <summary>What the run says; several where several are true, an empty one for none.</summary>
    public IReadOnlyList<string> Answers()
    {
        string[] found = Step.Question switch
        {
            LessonQuestion.Works => [HasCome ? "yes" : "no"],
            LessonQuestion.Asks => [Of<QuerySent>().Count() switch { <= Few => "0-1", <= Some => "2-3", _ => "4+" }],
            LessonQuestion.Answers => [.. Answerers().Distinct(StringComparer.Ordinal).Take(1)],
            LessonQuestion.Loses => [.. Of<FrameLost>().Select(static lost => lost.Link).Distinct(StringComparer.Ordinal)],
            LessonQuestion.Hears => [.. Conversation().Where(seen => Options.Contains(seen.Element)).Select(static seen => seen.Element).Distinct(StringComparer.Ordinal)],
            _ => [],
        };
        return found.Length > 0 ? found : [""];
    }

    /// <summary>Whether what was answered is what the run says.</summary>
    public bool IsRight => Guess is not null && Answers().Contains(Guess);

    private bool HasCome =>
        session.View.Responses.Any(one => one.Number > _first && one.Head.Status < 400) && session.View.Bodies.Any(one => one.Number > _first);

    private static IEnumerable<string> Hosts(LabSession session, Func<HostDefinition, bool> which) => session.Definition.Hosts.Where(which).Select(static host => host.Name);

    // What the last connection of the client carried; what is left of an earlier one belongs to the step before.
    private IEnumerable<FrameSeen> Conversation()
    {
        var begun = Of<FrameSeen>().LastOrDefault(seen => seen.Element == session.Definition.Client
            && seen is { Direction: FrameDirection.Out, Frame.Tcp: { } tcp } && ((TcpFlags)tcp.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn);
        return begun is null ? [] : Of<FrameSeen>().Where(seen => seen.Frame.Tcp is not null
            && (seen.Frame.SourcePort == begun.Frame.SourcePort || seen.Frame.DestinationPort == begun.Frame.SourcePort));
    }

    private IEnumerable<string> Answerers() => Conversation()
        .Where(seen => seen.Element == session.Definition.Client && seen is { Direction: FrameDirection.In, Frame: { Content: > 0, Source: not null } })
        .Select(seen => session.Timeline.Elements.NameOf(seen.Frame.Source!.Value)).OfType<string>();

    private IEnumerable<T> Of<T>() where T : TraceEvent => session.Timeline.Events.Skip(_first).SelectMany(static one => one.Changes).OfType<T>();
}

/// <summary>What the run said to an answer.</summary>
/// <param name="IsRight">Whether it was so.</param>
/// <param name="Guess">What was answered.</param>
/// <param name="Answers">What is so.</param>
public sealed record LessonVerdict(bool IsRight, string Guess, IReadOnlyList<string> Answers);
