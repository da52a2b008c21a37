using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Faults;

/// <summary>A share of the packets between two hosts is lost, in one direction; null is any host.</summary>
public sealed record PacketLoss(int Millionths, string? Source, string? Target) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new PacketLossKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Share("millionths", Millionths);
        if (Source is { } source)
        {
            writer.Keyword("from");
            writer.Name("source", source);
        }
        if (Target is { } target)
        {
            writer.Keyword("to");
            writer.Name("target", target);
        }
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new LossFault(Source is null ? null : internet.FindHost(Source), Target is null ? null : internet.FindHost(Target), Millionths);

    private sealed class PacketLossKind()
        : FaultDescription("lose", "P% [from HOST] [to HOST]", "lose 10% from me to www for 30s", "lose 1%")
    {
        public override FaultDefinition Read(IFaultReader reader) =>
            new PacketLoss(reader.Share(), reader.TryKeyword("from") ? reader.Host() : null, reader.TryKeyword("to") ? reader.Host() : null);
    }
}

/// <summary>A share of the packets from one host to another is lost (null: from or to any).</summary>
public sealed record LossFault(SimulatedHost? Source, SimulatedHost? Target, int Millionths, SocketKind? Kind = null) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => PacketLoss.Kind.Word;

    /// <inheritdoc/>
    public override string Place => $"{Source?.Name ?? "*"} > {Target?.Name ?? "*"}";

    /// <inheritdoc/>
    public override FrameDropReason Judge(in FaultQuestion question) =>
        question.Sender is { } sender && (Source ?? sender) == sender && (Target ?? question.Receiver) == question.Receiver
            && question.IsOf(Kind) && question.Chance(Millionths)
            ? FrameDropReason.Swallowed
            : FrameDropReason.None;
}
