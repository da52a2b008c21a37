using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Extensions;

/// <summary>What the requests of a handler have in common: whose journeys they are, how they are made, where they go on.</summary>
/// <param name="journeys">Whose journeys they are.</param>
/// <param name="options">How they are made.</param>
/// <param name="turns">Where they go on.</param>
/// <param name="over">Told, in a turn, when one is over; null for nobody.</param>
internal sealed class HandlerClient(JourneyClient journeys, FirstbyteHandlerOptions options, HandlerTurns turns, Action? over = null)
{
    // As many rooms as there were requests at once are kept, and no more than this (own choice).
    private const int MostRooms = 256;

    private readonly Stack<HandlerRoom> _rooms = [];

    public JourneyClient Journeys { get; } = journeys;

    public FirstbyteHandlerOptions Options { get; } = options;

    public HandlerTurns Turns { get; } = turns;

    /// <summary>A tracer for journeys of which nobody is told.</summary>
    public Tracer Silent { get; } = Tracer.Silent;

    /// <summary>What a request needs while it is under way, in a turn.</summary>
    public HandlerRoom Enter() => _rooms.TryPop(out var room) ? room : new HandlerRoom();

    /// <summary>The request is over, and another may use its room.</summary>
    public void Leave(HandlerRoom room)
    {
        // What was cancelled stays so.
        if (_rooms.Count < MostRooms && room.Over.TryReset()) { _rooms.Push(room); }
        else { room.Dispose(); }
        over?.Invoke();
    }
}
