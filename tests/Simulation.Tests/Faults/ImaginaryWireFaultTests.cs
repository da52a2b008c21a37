using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Swarm;
using Firstbyte.Sockets;
using Firstbyte.Telling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Faults;

/// <summary>A fault of cables that nobody has: what it does to frames is in this file too, and the wire knows nothing of it.</summary>
public class ImaginaryWireFaultTests
{
    private const string Text = """
        lab "fog" seed 1 client alice
        subnet lan 10.0.0.0/24
        host alice on lan .2
        host bob   on lan .3
        link alice-lan latency 1ms
        link bob-lan   latency 1ms
        at 1s fog alice-lan up past 2s hiding 3 for 4s
        """;

    private static readonly FaultRegistry s_registry = FaultRegistry.Standard.With(Fog.Kind);

    [Fact]
    public void It_delays_changes_and_loses_frames_of_one_direction_until_it_is_over()
    {
        var lab = LabFile.Parse(Text, "fog.lab", null, s_registry);
        Assert.Contains("at 1s fog alice-lan up past 2s hiding 3 for 4s\n", LabFile.Write(lab), StringComparison.Ordinal);
        var world = LabWorld.Build(lab);
        var bob = world.Internet.FindHost("bob")!;
        var heard = new List<(long Milliseconds, byte First)>();
        world.Kernel.Start("bob", "listen", async () =>
        {
            using var mailbox = bob.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            mailbox.Bind(new Endpoint(IpAddress.AnyV4, 9));
            var buffer = new byte[10];
            while (true)
            {
                await mailbox.ReceiveFromAsync(buffer);
                heard.Add(((long)(world.Kernel.Now - Instant.SimulationEpoch).TotalMilliseconds, buffer[0]));
            }
        }, RootKind.Service);
        world.Run("speak", async () =>
        {
            using var mailbox = world.Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            for (byte number = 1; number <= 6; number++)
            {
                await mailbox.SendToAsync(new byte[] { number }, new Endpoint(IpAddress.Parse("10.0.0.3"), 9));
                await world.Kernel.Delay(1_000_000_000);
            }
            return 0;
        });
        // The second waits until the fog lifts at its second second; the third is lost in it; those behind are past that.
        Assert.Equal([1, 2, 4, 5, 6], heard.Select(static one => (int)one.First));
        Assert.InRange(heard[1].Milliseconds, 2_000, 2_010);
        Assert.InRange(heard[2].Milliseconds, 3_000, 3_010);
        var end = world.Internet.FindWire("alice-lan")!.A;
        Assert.Equal((2, 1), (end.Affected, end.Lost));
    }

    [Fact]
    public void What_it_changes_is_changed_for_this_wire_alone()
    {
        var world = LabWorld.Build(LabFile.Parse(Text, "fog.lab", null, s_registry));
        var wire = new Wire(world.Kernel, "own", default);
        var port = new ListPort();
        (wire.A.Port, wire.B.Port) = (port, port);
        world.Internet.Faults.Add(new BlotFault(wire));
        var frame = world.Internet.Frames.Rent(3);
        new byte[] { 1, 2, 3 }.CopyTo(frame.Span);
        world.Kernel.Setup(() =>
        {
            wire.A.Send(frame.Retain());
            return 0;
        });
        world.Kernel.RunUntil(Instant.SimulationEpoch.PlusNanoseconds(1_000_000));
        Assert.Equal(new byte[] { 0xFF, 2, 3 }, Assert.Single(port.Received));
        Assert.Equal(new byte[] { 1, 2, 3 }, frame.Span.ToArray());
        Assert.Equal(1, frame.References);
    }

    [Theory]
    [InlineData("past 0s hiding 3", "a time in ns, us, ms, s or min, such as 20ms, at least 1ms", "'0s'")]
    [InlineData("past 1s hiding 0", "a number, 1 to 255", "'0'")]
    [InlineData("past 1s hiding 256", "a number, 0 to 255", "'256'")]
    public void Amounts_below_their_minimum_are_refused(string amounts, string expected, string found)
    {
        var text = Text.Replace("past 2s hiding 3", amounts, StringComparison.Ordinal);
        var error = Assert.Throws<LabFileException>(() => LabFile.Parse(text, "fog.lab", null, s_registry));
        Assert.EndsWith($"expected {expected}, found {found}", Languages.English.Sources.LabFault(error).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_worlds_draw_it_and_count_what_it_did()
    {
        var result = SwarmRun.Execute(SwarmPlan.Make(1, new HashSet<string> { "fog" }, s_registry));
        Assert.Null(result.Breach);
        Assert.InRange(result.Fired["fog"], 1, long.MaxValue);
    }

    /// <summary>Until an instant nothing comes through, and what begins with one byte never does.</summary>
    private sealed record Fog(string Link, LinkDirection Direction, long Nanoseconds, byte Hidden) : FaultDefinition
    {
        public static FaultDescription Kind { get; } = new FogKind();

        public override FaultDescription Description => Kind;

        public override void Write(IFaultWriter writer)
        {
            writer.Name("link", Link);
            writer.Direction("direction", Direction);
            writer.Keyword("past");
            writer.Time("untilNanoseconds", Nanoseconds);
            writer.Keyword("hiding");
            writer.Number("hidden", Hidden);
        }

        public override NetworkFault Bind(Internet internet) =>
            new FogFault(internet.FindWire(Link)!, Nanoseconds, Hidden, Direction == LinkDirection.Up ? internet.FindWire(Link)!.A : null);

        private sealed class FogKind() : FaultDescription("fog", "LINK [up | down] past T hiding N")
        {
            public override IReadOnlyList<RandomFault> Random { get; } = [new RandomFog()];

            public override FaultDefinition Read(IFaultReader reader)
            {
                var (link, direction) = (reader.Link(), reader.Direction());
                reader.Keyword("past");
                var time = reader.Time(1_000_000);
                reader.Keyword("hiding");
                return new Fog(link, direction, time, (byte)reader.Number(1, 255));
            }
        }

        private sealed class RandomFog() : RandomFault("fog")
        {
            public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => dice.Some(dice.Wires, static all => all);

            public override NetworkFault OnCable(Wire wire, long amount) => new FogFault(wire, 1, 0);

            public override long Fired(in WireCounters counted) => counted.Affected;
        }
    }

    private sealed record FogFault(Wire Wire, long Nanoseconds, byte Hidden, WireEnd? Sender = null) : WireFault(Wire, Sender)
    {
        public override string Word => Fog.Kind.Word;

        public override WireImpairment Impair(WireImpairment before, WireSettings own) => before.With(new Effect(this));

        private sealed class Effect(FogFault fault) : WireEffect
        {
            public override void Act(ref WirePassage passage)
            {
                passage.Delay(Instant.SimulationEpoch.PlusNanoseconds(fault.Nanoseconds));
                // A datagram's first byte: behind Ethernet, IPv4 and UDP.
                if (passage.Bytes.Length > 42 && passage.Bytes[42] == fault.Hidden) { passage.Lose(FrameDropReason.Chance); }
            }
        }
    }

    private sealed class ListPort : IFramePort
    {
        public List<byte[]> Received { get; } = [];

        public void Receive(Frame frame)
        {
            Received.Add(frame.Span.ToArray());
            frame.Release();
        }
    }

    private sealed record BlotFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender)
    {
        public override string Word => "blot";

        public override WireImpairment Impair(WireImpairment before, WireSettings own) => before.With(new Effect());

        private sealed class Effect : WireEffect
        {
            public override void Act(ref WirePassage passage) => passage.Change()[0] = 0xFF;
        }
    }
}
