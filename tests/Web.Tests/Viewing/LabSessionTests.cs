using CsCheck;
using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>What the page shows, without a browser.</summary>
public sealed class LabSessionTests
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    public static TheoryData<string> Labs => [.. LabCatalog.Names];

    [Theory]
    [InlineData("glasscom", Chapter)]
    [InlineData("glasscom", "https://www.lab.glasscom.com/")]
    [InlineData("lossy-link", "http://lossy.test/")]
    [InlineData("broken-delegation", "http://www.shop.test/")]
    public void The_events_are_those_that_the_command_prints(string lab, string url)
    {
        using var session = Run(lab, url);
        var page = session.ExportEvents().Split('\n');
        var command = CommandLine.Events($"--lab={lab}", url);
        Assert.True(command.Length > 100);
        for (var i = 0; i < Math.Min(page.Length, command.Length); i++) { Assert.Equal(command[i], page[i]); }
        Assert.Equal(command.Length, page.Length);
    }

    [Fact]
    public void Back_and_forth_shows_the_same()
    {
        using var session = Run("glasscom", Chapter);
        var seen = new List<string>();
        session.GoTo(0);
        do { seen.Add(Shown(session)); }
        while (session.Position < session.Count && session.Step());
        Assert.Equal(session.Count + 1, seen.Count);
        Assert.True(seen.Distinct().Count() > 100);
        for (var i = seen.Count - 1; i >= 0; i--)
        {
            Assert.Equal(seen[i], Shown(session));
            session.Back();
        }
        Assert.Equal(0, session.Position);
    }

    [Fact]
    public void Another_language_says_everything_else_at_the_same_position()
    {
        using var session = Run("glasscom", Chapter);
        session.GoTo(150);
        var english = Shown(session);
        session.Language = Languages.Chinese;
        Assert.Equal(150, session.Position);
        var chinese = Shown(session);
        Assert.NotEqual(english, chinese);
        Assert.Contains("路由", chinese, StringComparison.Ordinal);
        session.Language = Languages.English;
        Assert.Equal(english, Shown(session));
    }

    [Fact]
    public void A_link_that_is_cut_in_the_middle_of_a_journey_changes_what_follows_and_is_named()
    {
        using var session = Run("glasscom", Chapter);
        var before = session.View.Events.TakeWhile(static row => row.Number <= 60).Select(static row => row.Info.ToString()).ToArray();
        session.GoTo(60);
        session.Break("cut core-glasscom");
        Assert.Equal(61, session.Position);
        Assert.Equal("cut", Assert.Single(session.View.FaultsAt(61)).Change.Fault);
        Assert.Empty(session.View.FaultsAt(60));
        Finish(session);
        Assert.Equal(before, session.View.Events.TakeWhile(static row => row.Number <= 60).Select(static row => row.Info.ToString()));
        Assert.Contains(session.View.Events, static row => row is { IsLost: true, Place: "core", Number: > 61 });
        var story = string.Join('\n', session.View.Journey.Select(static row => row.Row.Text.ToString()));
        Assert.Contains(session.View.Journey, static row => row.Row.Role == Role.Bad);
        Assert.True(story.Contains("could not be resolved", StringComparison.Ordinal) || story.Contains("no answer", StringComparison.Ordinal), story);
        Assert.Empty(session.View.Responses);
    }

    [Fact]
    public void One_of_two_faults_is_mended_and_each_is_said_as_it_was_asked_for()
    {
        using var session = LabSession.Open("glasscom", null, Languages.English, TimeProvider.System)!;
        session.Break("impair core-glasscom loss 40%");
        session.Break("down www");
        Assert.Equal(["impair core-glasscom loss 40%", "down www"], session.Faults.Select(static fault => fault.Words));
        session.Mend(session.Faults[0].Change.Fault, session.Faults[0].Change.Place);
        Assert.Equal("down www", Assert.Single(session.Faults).Words);
        Assert.IsType<CrashFault>(Assert.Single(session.Timeline.World.Internet.Faults.All));
        session.GoTo(session.Count - 1);
        Assert.Equal(2, session.Faults.Count);
        using var again = LabSession.Open("glasscom", null, Languages.English, TimeProvider.System)!;
        again.Replay(PageLink.Read(PageLink.Of(session, "en").ToString()).Acts, TimeSpan.FromSeconds(30));
        Assert.Equal("down www", Assert.Single(again.Faults).Words);
    }

    /// <summary>The clock goes on although nothing happens, what is cached grows old, and a link does the same.</summary>
    [Fact]
    public void Time_that_is_let_pass_has_passed()
    {
        using var session = Run("two-subnets", "http://bob.test/");
        var before = session.Now;
        session.Wait("61s");
        Finish(session);
        Assert.True(session.Now - before >= TimeSpan.FromSeconds(61), $"{session.Now - before}");
        session.GoTo(session.Count - 1);
        Assert.True(session.Now - before < TimeSpan.FromSeconds(61));
        session.GoTo(session.Count);
        session.Fetch("http://bob.test/");
        Finish(session);
        using var again = LabSession.Open("two-subnets", null, Languages.English, TimeProvider.System)!;
        again.Replay(PageLink.Read(PageLink.Of(session, "en").ToString()).Acts, TimeSpan.FromSeconds(30));
        Finish(again);
        Assert.Equal(session.Timeline.Events.Select(static one => one.Hash), again.Timeline.Events.Select(static one => one.Hash));
    }

    [Fact]
    public void A_second_journey_in_the_same_world_finds_names_in_the_cache()
    {
        using var session = Run("glasscom", Chapter);
        var first = session.Count;
        session.Fetch(Chapter);
        Finish(session);
        Assert.True(session.Count - first < first / 2, $"{first} events, then {session.Count - first}");
        Assert.Equal(2, session.View.Responses.Count);
    }

    [Fact]
    public void A_link_brings_back_the_same_run_at_the_same_event()
    {
        using var session = Run("glasscom", Chapter);
        session.GoTo(60);
        session.Break("impair core-glasscom loss 40%");
        Finish(session);
        session.GoTo(77);
        var link = PageLink.Read("#" + PageLink.Of(session, "en"));
        Assert.Equal(("glasscom", 1UL, "en", 77), (link.Lab, link.Seed, link.Language, link.Position));
        using var again = LabSession.Open(link.Lab!, link.Seed, Languages.English, TimeProvider.System)!;
        again.Replay(link.Acts, TimeSpan.FromSeconds(30));
        Finish(again);
        again.GoTo(link.Position!.Value);
        Assert.Equal(session.Timeline.Events.Select(static one => one.Hash), again.Timeline.Events.Select(static one => one.Hash));
        Assert.Equal(Shown(session), Shown(again));
    }

    [Fact]
    public void An_edited_lab_travels_in_the_link()
    {
        var text = LabFile.Write(LabCatalog.Load("two-subnets")!);
        using var session = LabSession.Build(text, 7, Languages.English, TimeProvider.System);
        var link = PageLink.Read(PageLink.Of(session, "zh").ToString());
        Assert.Equal((null, text, 7UL, "zh"), (link.Lab, link.Text, link.Seed, link.Language));
    }

    [Theory]
    [InlineData("#lab=%&seed=-1&at=x&do=1.fetch&do=a.b.c&file=!!!")]
    [InlineData("#file=AAAA&lang")]
    [InlineData("&&==&=")]
    public void A_link_that_is_broken_is_read_as_far_as_it_goes(string fragment)
    {
        var link = PageLink.Read(fragment);
        Assert.Equal((null, null, null, 0), (link.Text, link.Seed, link.Position, link.Acts.Count));
    }

    [Theory]
    [InlineData("#lab=glasscom&seed=1&at=3&lang=zh", true)]
    [InlineData("#map", true)]
    [InlineData("#seed=abc", false)]
    [InlineData("#file=!!!", false)]
    [InlineData("#do=1.fetch", false)]
    [InlineData("#do=1.frob.x", false)]
    [InlineData("#lang=xx", false)]
    public void A_link_says_whether_all_of_it_could_be_read(string fragment, bool isWhole) => Assert.Equal(isWhole, PageLink.Read(fragment).IsWhole);

    /// <summary>A page without end is ended by whoever looks at it, or by the page itself before the tab's memory is.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_without_end_is_stopped(bool byItself)
    {
        using var session = LabSession.Open("troubles", null, Languages.English, TimeProvider.System)!;
        if (byItself) { session.EventLimit = 1_000; }
        session.Fetch("http://endless.test/");
        while (session.Count < (byItself ? session.EventLimit : 500)) { Assert.True(session.Advance(TimeSpan.FromMilliseconds(50))); }
        if (!byItself) { session.Stop(); }
        Finish(session);
        Assert.False(session.IsRunning);
        Assert.Equal(byItself, session.IsFull);
        Assert.Equal("stop", session.Acts[^1].Kind);
        // What it had come to is told, and something else can be done.
        Assert.Contains(session.View.Responses, static one => one.Head.Status == 200);
        if (byItself) { return; }
        session.Fetch("http://endless.test/");
        Assert.True(session.IsRunning);
    }

    /// <summary>What was stopped goes on from there as if it had not been: the run is the one that nobody stopped.</summary>
    [Fact]
    public void A_stopped_journey_goes_on()
    {
        using var whole = Run("lossy-link", "http://lossy.test/");
        using var session = LabSession.Open("lossy-link", null, Languages.English, TimeProvider.System)!;
        session.Fetch("http://lossy.test/");
        while (session.Count < 170) { Assert.True(session.Advance(TimeSpan.FromMilliseconds(1))); }
        session.Stop();
        Finish(session);
        Assert.True(session.IsStopped, $"{session.IsRunning} {session.IsFull} {session.Position} of {session.Count}: {string.Join(", ", session.Acts)}");
        Assert.True(session.Count < whole.Count);
        session.GoOn();
        Assert.True(session.IsRunning);
        Finish(session);
        Assert.False(session.IsStopped);
        Assert.Equal(["fetch"], session.Acts.Select(static act => act.Kind));
        Assert.Equal(whole.Timeline.Events.Select(static one => one.Hash), session.Timeline.Events.Select(static one => one.Hash));
        Assert.Equal(whole.View.Journey.Select(static row => row.Row.Text.ToString()), session.View.Journey.Select(static row => row.Row.Text.ToString()));
    }

    /// <summary>What is dropped at an element, or lost on its way, has ended there; what is sent again is another packet.</summary>
    [Fact]
    public void A_packet_that_does_not_arrive_has_an_end_and_a_reason()
    {
        using var session = LabSession.Open("glasscom", null, Languages.English, TimeProvider.System)!;
        session.Break("down www");
        session.Fetch(Chapter);
        Finish(session);
        var traffic = session.View.Traffic;
        var dropped = traffic.Messages.Where(static one => one.Lost is { IsOnCable: false, Place: "core", Reason: Firstbyte.Hosts.FrameDropReason.NeighborUnreachable }).ToList();
        Assert.NotEmpty(dropped);
        Assert.All(dropped, one => Assert.Contains(traffic.DroppedIn(one.Lost!.Number), loss => loss == one.Lost));
        Assert.All(dropped, static one => Assert.Equal(("client", "www"), (one.From, one.To)));
        // The router that could not pass it on says so, and the client hears it behind the router that translates.
        Assert.Contains(traffic.Messages, static one => one is { From: "core", To: "client", Arrived: not null, Frame.Frame.Icmp.About: not null });

        using var lossy = Run("lossy-link", "http://lossy.test/");
        var lost = lossy.View.Traffic.Messages.Where(static one => one.Lost is not null).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, static one => Assert.Null(one.Arrived));
        Assert.All(lossy.View.Events.Where(static row => row.Aside.ToString().StartsWith("lost on", StringComparison.Ordinal)), static row => Assert.True(row.IsLost));
    }

    /// <summary>What two ends say before they have keys is in clear, the server's name among it; the rest is sealed.</summary>
    [Fact]
    public void The_messages_of_TLS_are_opened_as_far_as_they_are_in_clear()
    {
        using var session = Run("glasscom", "https://www.lab.glasscom.com/");
        var layers = new List<PacketLayer>();
        foreach (var seen in session.Timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>())
        {
            layers.AddRange(PacketDissector.Dissect(session.Timeline.Frames!.BytesOf(seen).Span).Where(static layer => layer.Kind == LayerKind.Tls));
        }
        var hello = layers.First();
        Assert.True(hello.IsClear);
        Assert.StartsWith("ClientHello, record of ", hello.Lines[0], StringComparison.Ordinal);
        Assert.Contains("  server_name www.lab.glasscom.com", hello.Lines);
        Assert.Contains(layers, static layer => layer.IsClear && layer.Lines[0].StartsWith("ServerHello, ", StringComparison.Ordinal));
        Assert.Contains(layers, static layer => !layer.IsClear && layer.Lines[0].StartsWith("ApplicationData, sealed, ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lab_that_is_wrong_says_where_and_one_that_is_too_large_how_large()
    {
        var fault = Assert.Throws<LabFileException>(() => LabSession.Build("lab \"x\"\nsubnet lan 10.0.0.0/99 hub\n", null, Languages.English, TimeProvider.System));
        Assert.Equal(2, fault.Place.Line);
        var hosts = string.Concat(Enumerable.Range(0, 400).Select(static i => $"host h{i} on lan 10.1.{i / 200}.{i % 200 + 2}\n"));
        var large = Assert.Throws<LabTooLargeException>(() => LabSession.Build($"lab \"x\" client h0\nsubnet lan 10.1.0.0/16 switch\n{hosts}", null, Languages.English, TimeProvider.System));
        Assert.Equal(400, large.Machines);
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public void Every_lab_is_drawn_without_two_elements_in_one_place_and_its_first_url_comes_to_an_end(string lab)
    {
        var urls = LabCatalog.ProposedUrls(lab);
        Assert.NotEmpty(urls);
        using var session = Run(lab, urls[0]);
        var map = session.Map;
        Assert.Equal(map.Nodes.Count, map.Nodes.Select(static node => (node.X, node.Y)).Distinct().Count());
        // No name lies under another machine: it stands to the right of those at the end, below all others.
        Assert.All(map.Nodes.Where(static node => !node.IsLeaf), node => Assert.DoesNotContain(
            map.Nodes, other => other != node && Math.Abs(other.X - node.X) < 40 && other.Y - node.Y is > 0 and < 50));
        Assert.All(map.Nodes, node => Assert.True(node.X > 0 && node.X < map.Width && node.Y > 0 && node.Y < map.Height));
        Assert.NotEmpty(session.View.Events);
        Assert.NotEmpty(session.View.Journey);
        // What arrives was sent, and from the cable's other end.
        Assert.All(session.View.Traffic.Flights.Where(static flight => flight.Arrived is not null), static flight => Assert.True(flight.Sent <= flight.Arrived));
        var received = session.Timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>().Count(static seen => seen.Direction == FrameDirection.In);
        var arrived = session.View.Traffic.Flights.Count(static flight => flight is { Arrived: not null, Lost: null });
        // A cable may double a frame.
        Assert.InRange(arrived, received * 9 / 10, received);
    }

    [Fact]
    public void The_fields_of_a_header_cover_each_of_its_bits_once()
    {
        using var session = Run("glasscom", Chapter);
        var kinds = new HashSet<LayerKind>();
        foreach (var seen in session.Timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>())
        {
            foreach (var layer in PacketDissector.Dissect(session.Timeline.Frames!.BytesOf(seen).Span))
            {
                kinds.Add(layer.Kind);
                var next = 0;
                foreach (var field in layer.Fields)
                {
                    Assert.Equal(next, field.Bit);
                    next += field.Bits;
                }
                Assert.Equal(layer.Length * 8, next);
            }
        }
        Assert.Superset(new HashSet<LayerKind> { LayerKind.Ethernet, LayerKind.Arp, LayerKind.Ipv4, LayerKind.Udp, LayerKind.Dns, LayerKind.Tcp, LayerKind.Http }, kinds);
    }

    [Theory]
    [InlineData(Chapter)]
    [InlineData("https://www.lab.glasscom.com/")]
    public void Any_bytes_can_be_opened(string url)
    {
        using var session = Run("glasscom", url);
        var frames = session.Timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>()
            .Select(seen => session.Timeline.Frames!.BytesOf(seen).ToArray()).DistinctBy(Convert.ToHexString).ToArray();
        Gen.Select(Gen.Int[0, frames.Length - 1], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 6], Gen.Int[0, 1600]).Sample((index, changes, length) =>
        {
            var bytes = frames[index].ToArray();
            foreach (var (at, value) in changes) { bytes[at % bytes.Length] = value; }
            bytes = bytes[..Math.Min(length, bytes.Length)];
            var layers = PacketDissector.Dissect(bytes);
            foreach (var layer in layers)
            {
                Assert.InRange(layer.Start + layer.Length, layer.Start, bytes.Length);
                foreach (var language in Languages.All) { Assert.All(layer.Fields, field => Assert.NotEmpty(language.Packets.Field(field.Name))); }
            }
        }, iter: 5_000);
    }

    /// <summary>What can be downloaded is what the command writes.</summary>
    [Theory]
    [InlineData("glasscom", Chapter)]
    [InlineData("lossy-link", "http://lossy.test/")]
    public void The_capture_is_that_of_the_command(string lab, string url)
    {
        using var session = Run(lab, url);
        var file = Path.GetTempFileName();
        try
        {
            CommandLine.Run($"--lab={lab}", "--pcap", file, "--pcap-secrets", "mask", url);
            var (written, shown) = (Blocks(File.ReadAllBytes(file)), Blocks(session.Capture()));
            Assert.Equal(written[..shown.Length], shown);
            // What the command writes behind it are the interfaces' statistics, at the end of a run that the page may still go on with.
            for (var at = shown.Length; at < written.Length; at += System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(written.AsSpan(at + 4)))
            {
                Assert.Equal(5, System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(written.AsSpan(at)));
            }
        }
        finally { File.Delete(file); }

        // All but the first, which says who wrote it.
        static byte[] Blocks(byte[] pcapng) => pcapng[System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(pcapng.AsSpan(4))..];
    }

    /// <summary>By a proxy, and again from a link.</summary>
    [Fact]
    public void A_proxy_is_gone_by()
    {
        using var session = LabSession.Open("proxies", null, Languages.English, TimeProvider.System)!;
        Assert.True(session.HasProxies);
        Assert.Equal(("http://www.test/", "http://proxy.office:3128"), (LabCatalog.ProposedTries("proxies")[0].Url, LabCatalog.ProposedTries("proxies")[0].Proxy));
        Assert.Equal("http://user:password@guarded.office:3128", LabCatalog.ProposedTries("proxies")[2].Proxy);
        session.Fetch("https://www.test/", LabCatalog.ProposedTries("proxies")[2].Proxy);
        Finish(session);
        Assert.Equal(200, session.View.Responses[^1].Head.Status);
        Assert.DoesNotContain("dXNlcjpwYXNzd29yZA", session.ExportEvents(), StringComparison.Ordinal);
        var link = PageLink.Read(PageLink.Of(session, "en").ToString());
        using var again = LabSession.Open("proxies", null, Languages.English, TimeProvider.System)!;
        again.Replay(link.Acts, TimeSpan.FromSeconds(60));
        Finish(again);
        Assert.Equal(session.ExportEvents(), again.ExportEvents());
        Assert.Equal(Firstbyte.Proxies.ProxyAddressFault.SchemeUnknown, Assert.Throws<ProxyAddressException>(() => session.Fetch("http://www.test/", "gopher://x")).Fault);
    }

    /// <summary>The way of a connection through the figure of RFC 9293, at both ends.</summary>
    [Fact]
    public void The_states_of_a_connection_are_a_way()
    {
        using var session = Run("glasscom", "http://www.lab.glasscom.com/dir1/");
        Assert.StartsWith("CLOSED → SYN-SENT → ESTABLISHED", Of("client").Line, StringComparison.Ordinal);
        Assert.StartsWith("CLOSED → LISTEN → SYN-RECEIVED → ESTABLISHED", Of("www").Line, StringComparison.Ordinal);
        Assert.Contains(TcpPath.Listen, Of("www").Lit);
        Assert.Empty(Of("edge").Steps);
        session.GoTo(session.View.States[0].Number);
        Assert.Equal(("CLOSED → SYN-SENT", true), (Of("client").Line, Of("client").IsNow));
        session.GoTo(0);
        Assert.Empty(Of("client").Steps);

        TcpPath Of(string machine) =>
            TcpPath.Of(session.TablesOf(machine)!, session.View.States, session.Position, address => session.HasAddress(machine, address));
    }

    [Fact]
    public void A_password_is_not_shown()
    {
        using var session = Run("glasscom", "http://user:hunter22@www.lab.glasscom.com/staff/");
        var coded = Convert.ToBase64String("user:hunter22"u8);
        var everything = session.ExportEvents() + Shown(session)
            + string.Concat(session.Timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>()
                .SelectMany(seen => PacketDissector.Dissect(session.Timeline.Frames!.BytesOf(seen).Span)).SelectMany(static layer => layer.Lines))
            + string.Concat(session.Timeline.Events.SelectMany(RunView.Everything).Select(static row => row.Info));
        Assert.Contains("/staff/", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(coded, everything, StringComparison.Ordinal);
    }

    private static LabSession Run(string lab, string url)
    {
        var session = LabSession.Open(lab, null, Languages.English, TimeProvider.System)!;
        session.Fetch(url);
        Finish(session);
        return session;
    }

    private static void Finish(LabSession session)
    {
        for (var i = 0; session.Advance(TimeSpan.FromMilliseconds(100)); i++) { Assert.True(i < 600); }
    }

    private static string Shown(LabSession session)
    {
        var (view, at) = (session.View, session.Position);
        var text = new System.Text.StringBuilder();
        foreach (var row in view.Journey.Concat(view.Calls).Where(row => row.Number <= at)) { text.Append(row.Row.Label).Append(row.Row.Text).Append('\n'); }
        foreach (var row in view.Events.Where(row => row.Number <= at)) { text.Append(row.Place).Append(row.Info).Append(row.Aside).Append('\n'); }
        foreach (var row in view.Relay.Rows.Where(row => row.Number <= at)) { text.Append(row.Question).AppendJoin(' ', row.AnswersAt(at).Select(static one => one.Text)).Append('\n'); }
        foreach (var machine in session.Timeline.Elements.Machines)
        {
            var tables = session.TablesOf(machine.Name)!;
            foreach (var row in tables.Sockets.Cast<object>().Concat(tables.Connections).Concat(tables.Neighbors)) { text.Append(row).Append('\n'); }
        }
        foreach (var flight in view.Traffic.Flights.Where(flight => flight.IsMovingAt(at))) { text.Append(flight.From).Append('>').Append(flight.To).Append('\n'); }
        return text.ToString();
    }
}
