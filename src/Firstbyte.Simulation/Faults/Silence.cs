using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Faults;

/// <summary>A host, or one port of it, is sent things and never answers.</summary>
public sealed record Silence(string Host, ushort? Port) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new SilenceKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("host", Host);
        if (Port is { } port) { writer.Number("port", port); }
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) => new SilentFault(internet.FindHost(Host)!, Port);

    private sealed class SilenceKind() : FaultDescription("silence", "HOST [PORT]", "silence mail 25", "silence www for 1s")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomSilence()];

        public override FaultDefinition Read(IFaultReader reader) => new Silence(reader.Host(), reader.OptionalPort());
    }

    /// <summary>A server hears nothing.</summary>
    private sealed class RandomSilence() : RandomFault("silence")
    {
        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) =>
            [dice.One(dice.Machines.Where(static machine => !machine.IsClient && !machine.IsRouter)).Name];

        public override NetworkFault OnMachine(IFaultedMachine machine, long amount) => new SilentFault(machine);

        public override FaultDefinition DefinitionAt(string place, long amount) => new Silence(place, null);
    }
}

/// <summary>A service never answers: everything that is sent to it is lost. Without a port the whole host is silent.</summary>
public sealed record SilentFault(IFaultedMachine Host, ushort? Port = null, SocketKind? Kind = null) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => Silence.Kind.Word;

    /// <inheritdoc/>
    public override string Place => At(Host, Port);

    /// <inheritdoc/>
    public override FrameDropReason Judge(in FaultQuestion question) =>
        question.IsPacket && Host == question.Receiver && (Port is null || Port == question.Target.Port) && question.IsOf(Kind)
            ? FrameDropReason.Silenced
            : FrameDropReason.None;
}
