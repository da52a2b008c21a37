using System.Text.Json;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Swarm;
using Firstbyte.Sockets;
using Firstbyte.Telling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Faults;

/// <summary>
/// A fault that nobody has: everything about it is in this file, and lab files, prompt, export and random worlds have it.
/// </summary>
public class ImaginaryFaultTests
{
    private static readonly FaultRegistry Registry = FaultRegistry.Standard.With(Gossip.Kind);

    private const string Text = """
        lab "gossip" seed 1 client alice
        subnet lan 10.0.0.0/24
        host alice on lan .2
        host bob   on lan .3
        at 1s gossip alice more than 100 for 2s
        """;

    [Fact]
    public void A_lab_file_reads_it_and_writes_it()
    {
        var lab = LabFile.Parse(Text, "gossip.lab", null, Registry);
        Assert.Equal(new Happening(1_000_000_000, 2_000_000_000, new Gossip("alice", 100)), Assert.Single(lab.Happenings));
        Assert.Contains("at 1s gossip alice more than 100 for 2s\n", LabFile.Write(lab), StringComparison.Ordinal);
        Assert.Equal(LabFile.Write(lab), LabFile.Write(LabFile.Parse(LabFile.Write(lab), "again.lab", null, Registry)));
        // It stands in the list of what may stand there, and only where it was added.
        string[] words = [.. FaultRegistry.Standard.All.Select(static kind => kind.Word)];
        Assert.Equal(
            ["set", "unset", .. words, "gossip"],
            Assert.Throws<LabFileException>(() => LabFile.Parse(Text.Replace("gossip alice", "rumour alice", StringComparison.Ordinal), "gossip.lab", null, Registry)).Expected.Words);
        Assert.Equal(["set", "unset", .. words], Assert.Throws<LabFileException>(() => LabFile.Parse(Text, "gossip.lab")).Expected.Words);
        Assert.Equal(LabTerm.NodeName, Assert.Throws<LabFileException>(() => LabFile.Parse(Text.Replace("gossip alice", "gossip { alice }", StringComparison.Ordinal), "gossip.lab", null, Registry)).Expected.Term);
    }

    [Fact]
    public void The_export_has_its_fields()
    {
        var happening = JsonDocument.Parse(LabFile.ToJson(LabFile.Parse(Text, "gossip.lab", null, Registry))).RootElement.GetProperty("happenings")[0];
        Assert.Equal("""{"fault":"gossip","node":"alice","bytes":100,"atNanoseconds":1000000000,"forNanoseconds":2000000000}""", JsonSerializer.Serialize(happening));
    }

    [Fact]
    public void A_world_suffers_from_it_and_tells_of_it()
    {
        var told = new List<TraceEvent>();
        var world = LabWorld.Build(LabFile.Parse(Text, "gossip.lab", null, Registry), null, new ListSink(told));
        var bob = world.Internet.FindHost("bob")!;
        var heard = new List<(int Second, int Length)>();
        world.Kernel.Start("bob", "listen", async () =>
        {
            using var mailbox = bob.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            mailbox.Bind(new Endpoint(IpAddress.AnyV4, 9));
            while (true)
            {
                var length = (await mailbox.ReceiveFromAsync(new byte[1_000])).Length;
                heard.Add(((int)(world.Kernel.Now - Instant.SimulationEpoch).TotalSeconds, length));
            }
        }, RootKind.Service);
        world.Run("speak", async () =>
        {
            using var mailbox = world.Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            for (var second = 0; second < 4; second++)
            {
                foreach (var length in (int[])[10, 500]) { await mailbox.SendToAsync(new byte[length], new Endpoint(IpAddress.Parse("10.0.0.3"), 9)); }
                await world.Kernel.Delay(1_000_000_000);
            }
            return 0;
        });
        Assert.Equal([(0, 10), (0, 500), (1, 10), (2, 10), (3, 10), (3, 500)], heard);
        Assert.Equal(["gossip alice True", "gossip alice False"], told.OfType<FaultChanged>().Select(static e => $"{e.Fault} {e.Place} {e.IsActing}"));
    }

    [Fact]
    public void The_prompt_reads_it_of_things_that_the_lab_has()
    {
        var lab = LabFile.Parse(Text, "gossip.lab", null, Registry);
        Assert.Equal(new Happening(0, 5_000_000_000, new Gossip("bob", 7)), LabFile.ParseFault("gossip bob more than 7 for 5s", "prompt", lab, Registry));
        Assert.Equal("prompt:1:8: expected NodeOfLab, found Word carol", Assert.Throws<LabFileException>(() => LabFile.ParseFault("gossip carol more than 7", "prompt", lab, Registry)).Message);
        Assert.Equal("gossip bob more than 7", LabFile.Write(new Gossip("bob", 7)));
    }

    [Fact]
    public void Random_worlds_draw_it_and_count_what_it_did()
    {
        var plan = SwarmPlan.Make(1, new HashSet<string> { "gossip" }, Registry);
        Assert.All(plan.Faults, static fault => Assert.Equal("gossip", fault.Kind.Name));
        var result = SwarmRun.Execute(plan);
        Assert.Null(result.Breach);
        Assert.InRange(result.Fired["gossip"], 1, long.MaxValue);
        var coverage = new SwarmCoverage(Registry);
        coverage.Add(result);
        Assert.Contains(coverage.Faults, static row => row is { Kind: "gossip", Fired: > 0 });
        // Whoever has not added it has the same worlds as ever.
        Assert.DoesNotContain(FaultRegistry.Standard.Random, static fault => fault.Name == "gossip");
    }

    /// <summary>Seeds keep their meaning: a kind more adds its own faults to some worlds, and takes nothing from any.</summary>
    [Fact]
    public void One_kind_more_leaves_every_seed_what_it_was()
    {
        var spared = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var faults = SwarmPlan.Make(seed, null, Registry).Faults;
            Assert.Equal(SwarmPlan.Make(seed).Faults.Select(Text), faults.Where(static fault => fault.Kind.Name != "gossip").Select(Text));
            spared += faults.Any(static fault => fault.Kind.Name == "gossip") ? 0 : 1;
        }
        Assert.InRange(spared, 20, 80);

        static string Text(PlannedFault fault) => $"{fault.Kind} {fault.FromNanoseconds} {fault.UntilNanoseconds} {string.Join(' ', fault.Places)} {fault.Amount}";
    }

    [Fact]
    public void It_is_told_in_the_words_that_it_brings_along_and_else_in_those_of_the_lab_file()
    {
        var gossip = new Gossip("bob", 7);
        Assert.Equal("bob gossips about what is longer than 7", Languages.English.Faults.What(gossip).ToString());
        Assert.Equal("longer packets are whispered about", Languages.English.Faults.Meaning(Gossip.Kind).ToString());
        Assert.Equal("gossip bob more than 7", Languages.Of("zh")!.Faults.What(gossip).ToString());
        Assert.Equal("", Languages.Of("zh")!.Faults.Meaning(Gossip.Kind).ToString());
    }

    [Fact]
    public void Two_faults_of_one_word_are_refused() => Assert.Throws<ArgumentException>(() => Registry.With(Gossip.Kind));

    /// <summary>A machine whose longer packets are whispered about on the way and never arrive.</summary>
    private sealed record Gossip(string Node, int Bytes) : FaultDefinition
    {
        public static FaultDescription Kind { get; } = new GossipKind();

        public override FaultDescription Description => Kind;

        public override void Write(IFaultWriter writer)
        {
            writer.Name("node", Node);
            writer.Keyword("more");
            writer.Keyword("than");
            writer.Number("bytes", Bytes);
        }

        public override string? SaidIn(string language) => language == "en" ? $"{Node} gossips about what is longer than {Bytes}" : null;

        public override NetworkFault Bind(Internet internet) => new GossipFault(internet.FindNode(Node)!, Bytes);

        private sealed class GossipKind() : FaultDescription("gossip", "NODE more than N")
        {
            public override IReadOnlyList<RandomFault> Random { get; } = [new RandomGossip()];

            public override string? MeaningIn(string language) => language == "en" ? "longer packets are whispered about" : null;

            public override FaultDefinition Read(IFaultReader reader)
            {
                var node = reader.Node();
                reader.Keyword("more");
                reader.Keyword("than");
                return new Gossip(node, (int)reader.Number(0, 65_535));
            }
        }

        private sealed class RandomGossip() : RandomFault("gossip")
        {
            public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => [dice.One(dice.Machines.Where(static machine => !machine.IsClient && !machine.IsRouter)).Name];

            public override NetworkFault OnMachine(IFaultedMachine machine, long amount) => new GossipFault(machine, 30);
        }
    }

    private sealed record GossipFault(IFaultedMachine Node, int Bytes) : NetworkFault
    {
        public override string Word => Gossip.Kind.Word;

        public override string Place => Node.Name;

        public override FrameDropReason Judge(in FaultQuestion question) => question.Sender == Node && question.Length > Bytes ? FrameDropReason.Swallowed : FrameDropReason.None;
    }

    private sealed class ListSink(List<TraceEvent> told) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => told.Add(traceEvent);
    }
}
