using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A port refuses.</summary>
public sealed record Refusal(string Host, ushort Port) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new RefusalKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("host", Host);
        writer.Number("port", Port);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) => new RefuseFault(internet.FindHost(Host)!, Port);

    private sealed class RefusalKind() : FaultDescription("refuse", "HOST PORT", "refuse www 80 for 2min")
    {
        public override FaultDefinition Read(IFaultReader reader) => new Refusal(reader.Host(), reader.Port());
    }
}

/// <summary>A service refuses: a connection is answered by a reset, a datagram by a port-unreachable error.</summary>
public sealed record RefuseFault(SimulatedHost Host, ushort Port) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => Refusal.Kind.Word;

    /// <inheritdoc/>
    public override string Place => At(Host, Port);

    /// <inheritdoc/>
    public override FrameDropReason Judge(in FaultQuestion question) =>
        question.IsPacket && Host == question.Receiver && Port == question.Target.Port && question.IsOpening
            ? FrameDropReason.Refused
            : FrameDropReason.None;
}
