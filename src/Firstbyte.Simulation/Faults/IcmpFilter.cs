using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A host or router lets no ICMP message in or out.</summary>
public sealed record IcmpFilter(string Node) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new IcmpFilterKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Keyword("icmp");
        writer.Keyword("at");
        writer.Name("node", Node);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) => new IcmpFilterFault(internet.FindNode(Node)!);

    private sealed class IcmpFilterKind() : FaultDescription("filter", "icmp at NODE", "filter icmp at www")
    {
        public override FaultDefinition Read(IFaultReader reader)
        {
            reader.Keyword("icmp");
            reader.Keyword("at");
            return new IcmpFilter(reader.Node());
        }
    }
}

/// <summary>
/// A node lets no ICMP message in or out, neither errors nor echoes, as firewalls of careless administrators do (RFC 2923 section 2.1).
/// Neighbour discovery passes: without it nothing would.
/// </summary>
public sealed record IcmpFilterFault(NetworkNode Node) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => IcmpFilter.Kind.Word;

    /// <inheritdoc/>
    public override string Place => Node.Name;

    /// <inheritdoc/>
    public override FrameDropReason Judge(in FaultQuestion question) =>
        (Node == question.Receiver || Node == question.Station) && question.IsIcmp ? FrameDropReason.Filtered : FrameDropReason.None;
}
