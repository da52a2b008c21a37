namespace Firstbyte.Web.Viewing;

/// <summary>Something that was done in a run.</summary>
/// <param name="After">After which event.</param>
/// <param name="Kind">What: a journey (<see cref="JourneyAct"/>), wait, break, mend, heal, zone, stop.</param>
/// <param name="Text">Its words.</param>
public sealed record SessionAct(int After, string Kind, string Text)
{
    /// <summary>Whether there is such a thing to do.</summary>
    public static bool IsKind(string kind) => JourneyAct.IsKind(kind) || kind is "wait" or "break" or "mend" or "heal" or "zone" or "stop";
}
