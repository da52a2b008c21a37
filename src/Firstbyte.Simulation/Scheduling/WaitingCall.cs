using Firstbyte.Addressing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>A socket call that has not been answered.</summary>
/// <param name="Host">The host whose program made it.</param>
/// <param name="Call">The call, in the Socket library's own word.</param>
/// <param name="Descriptor">The socket.</param>
/// <param name="Endpoint">The peer, or the own address where there is no peer.</param>
/// <param name="HasPeer">Whether it waits for a certain peer, not for whoever may come.</param>
public readonly record struct WaitingCall(string Host, string Call, int Descriptor, Endpoint? Endpoint, bool HasPeer)
{
    /// <inheritdoc/>
    public override string ToString() => Endpoint is { } endpoint ? $"{Host}: {Call}({Descriptor}) {endpoint}" : $"{Host}: {Call}({Descriptor})";
}

internal interface IWaitReporter
{
    void ReportWaits(List<WaitingCall> waits);
}
