using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>What a resolver does beside the questions of its clients: nobody waits for it.</summary>
public enum BackgroundTask
{
    /// <summary>It asks anew for an answer whose time is nearly over.</summary>
    Prefetch,

    /// <summary>It asks the root for its servers.</summary>
    Priming,

    /// <summary>It looks into the store that it shares with other resolvers.</summary>
    SharedLook,

    /// <summary>It puts an answer there.</summary>
    SharedStore,
}

/// <summary>Something beside the clients' questions broke inside the resolver, or inside a store that it was given: no client hears of it.</summary>
/// <param name="Task">What was under way.</param>
/// <param name="Name">For which name.</param>
/// <param name="Type">And which type.</param>
/// <param name="Exception">The kind of the fault.</param>
public sealed record BackgroundWorkFailed(BackgroundTask Task, string Name, string Type, string Exception) : TraceEvent;

/// <summary>Sees to what runs beside the questions: where it breaks that is counted and told, and ends there.</summary>
/// <param name="counters">Where it is counted; null for nowhere.</param>
/// <param name="troubles">Where it is told.</param>
internal readonly struct BackgroundWork(ResolverCounters? counters, TraceSpan troubles)
{
    /// <summary>Does something; whether it came to its end.</summary>
    public async Task<bool> RunAsync(BackgroundTask kind, Question question, Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        // A fault of this program or of a store: there is nobody else who could hear of it.
        catch (Exception error)
        {
            Note(kind, question, error);
            return false;
        }
    }

    private void Note(BackgroundTask kind, Question question, Exception error)
    {
        counters?.Count(kind);
        troubles.Tell(new BackgroundWorkFailed(kind, question.Name.ToHostString(), $"{question.Type}", error.GetType().Name));
    }
}
