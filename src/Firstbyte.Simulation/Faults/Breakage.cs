using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>Connections of a port break after so many bytes.</summary>
public sealed record Breakage(string Host, ushort Port, long AfterBytes, bool ByReset) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new BreakageKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("host", Host);
        writer.Number("port", Port);
        writer.Keyword("after");
        writer.Number("afterBytes", AfterBytes);
        writer.Keyword("by");
        writer.Choice("byReset", ByReset, "reset", "end");
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) => new BreakFault(internet.FindHost(Host)!, Port, AfterBytes, ByReset);

    private sealed class BreakageKind()
        : FaultDescription("break", "HOST PORT after N by (reset | end)", "break www 80 after 3000 by reset")
    {
        public override FaultDefinition Read(IFaultReader reader)
        {
            var (host, port) = (reader.Host(), reader.Port());
            reader.Keyword("after");
            var bytes = reader.Number(0, long.MaxValue);
            reader.Keyword("by");
            return new Breakage(host, port, bytes, reader.Choice("reset", "end") == "reset");
        }
    }
}

/// <summary>A service's connections break after it has sent so many bytes: by a reset, or by an end that comes too early.</summary>
public sealed record BreakFault(SimulatedHost Host, ushort Port, long AfterBytes, bool ByReset) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => Breakage.Kind.Word;

    /// <inheritdoc/>
    public override string Place => At(Host, Port);

    internal override ConnectionBreak? FindBreak(SimulatedHost host, ushort port) =>
        Host == host && Port == port ? new ConnectionBreak(AfterBytes, ByReset) : null;
}
