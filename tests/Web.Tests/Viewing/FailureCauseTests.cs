using Firstbyte.Tcp;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>What the page says of a failure whose cause was seen: whoever learns from it must not be told another.</summary>
public sealed class FailureCauseTests
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public void A_router_that_gets_no_further_is_named_with_the_hop_that_does_not_answer_and_the_cable_that_was_cut()
    {
        using var session = Fetched("glasscom", Chapter);
        session.Break("cut core-trunk");
        var at = session.Count;
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains(
            "No connection to www.lab.glasscom.com:80: the router city (198.51.100.66) cannot pass on what is for 192.0.2.226: its next hop, core (198.51.100.1), does not answer.",
            end, StringComparison.Ordinal);
        Assert.Contains("At fault: the way from city to core (198.51.100.1)", end, StringComparison.Ordinal);
        Assert.Contains($"Broken in this world: cut core-trunk (from event {at} on)", end, StringComparison.Ordinal);
        Assert.DoesNotContain("in its own network", end, StringComparison.Ordinal);
        Assert.DoesNotContain("firstbyte ", end, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut core-trunk", "the cable core-trunk")]
    [InlineData("impair core-trunk loss 100%", "the cable core-trunk")]
    public void The_cable_of_which_a_hop_is_not_reached_is_named(string fault, string cable)
    {
        using var session = Fetched("glasscom", Chapter);
        session.Break(fault);
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains($"At fault: the way from city to core (198.51.100.1): on {cable} acts '{fault}'", end, StringComparison.Ordinal);
        Assert.Contains($"Broken in this world: {fault} (from event", end, StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_that_has_no_way_since_its_cable_is_cut_blames_the_cable_and_not_its_table()
    {
        using var session = Fetched("glasscom", "http://192.0.2.226/");
        session.Break("cut core-glasscom");
        Fetch(session, "http://192.0.2.226/");
        var end = EndOf(session);
        Assert.Contains("At fault: core, which has no way there now: on the cable core-glasscom acts 'cut core-glasscom'", end, StringComparison.Ordinal);
        Assert.DoesNotContain("its routing table", end, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cable_that_swallows_what_a_transfer_needs_is_its_cause()
    {
        const string fault = "impair core-trunk loss 100%";
        using var session = Fetched("glasscom", Chapter);
        // The request is written, and is on its way.
        session.GoTo(session.View.Journey.First(static row => Text(row.Row).Contains("bytes sent", StringComparison.Ordinal)).Number);
        session.Break(fault);
        while (session.Advance(TimeSpan.FromSeconds(1))) { }
        var end = EndOf(session);
        Assert.Contains("broke while its response was read (byte 0): the router ", end, StringComparison.Ordinal);
        Assert.Contains($"on the cable core-trunk acts '{fault}'", end, StringComparison.Ordinal);
        Assert.Contains($"Broken in this world: {fault} (from event", end, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("impair core-trunk down loss 100%")]
    [InlineData("impair core-trunk up loss 100%")]
    public void A_cable_that_swallows_the_questions_for_a_hop_is_named_with_all_of_its_fault(string fault)
    {
        using var session = Fetched("glasscom", Chapter);
        session.Break(fault);
        Fetch(session, Chapter);
        Assert.Contains($"on the cable core-trunk acts '{fault}'", EndOf(session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut core-trunk")]
    [InlineData("down core")]
    public void A_resolver_that_reaches_nobody_is_not_what_is_at_fault(string fault)
    {
        using var session = Open("glasscom");
        session.Break(fault);
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("the DNS server 10.11.12.2 got the question, and could not find the answer, as the router city (198.51.100.66) cannot pass on", end, StringComparison.Ordinal);
        Assert.Contains("its next hop, core (198.51.100.1), does not answer", end, StringComparison.Ordinal);
        Assert.Contains("At fault: the way from city to core", end, StringComparison.Ordinal);
        Assert.Contains($"Broken in this world: {fault}", end, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down dns")]
    [InlineData("cut dns-closet")]
    public void A_resolver_that_is_off_in_the_own_network_does_not_answer_and_the_way_to_it_is_known(string fault)
    {
        using var session = Open("glasscom");
        session.Break(fault);
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains(
            "the DNS server dns (10.11.12.2), in this host's own network, does not answer for its address: it is off, or its cable is out.", end, StringComparison.Ordinal);
        Assert.Contains("At fault: dns (10.11.12.2), or the cables between it and this host", end, StringComparison.Ordinal);
        Assert.Contains($"Broken in this world: {fault}", end, StringComparison.Ordinal);
        Assert.DoesNotContain(session.View.Journey, static row => Text(row.Row).Contains("knows the way", StringComparison.Ordinal));
        Assert.DoesNotContain("between here and there", end, StringComparison.Ordinal);
    }

    [Fact]
    public void The_own_host_that_is_off_blames_nobody_else()
    {
        using var session = Open("glasscom");
        session.Break("down client");
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("the host that asks, client, is off itself: nothing leaves it", end, StringComparison.Ordinal);
        Assert.Contains("At fault: client, the host that asks", end, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_of_names_that_gets_no_further_is_a_host_and_no_router()
    {
        using var session = Open("glasscom");
        session.Break("down home");
        Fetch(session, Chapter);
        Assert.Contains("as the host dns cannot pass on what is for", EndOf(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_leads_elsewhere_since_it_was_changed_is_named()
    {
        using var session = Open("glasscom");
        session.ChangeName("set lab.glasscom.com www 5 A 192.0.2.99");
        Fetch(session, Chapter);
        Assert.Contains("Changed in this run: set www.lab.glasscom.com.", EndOf(session), StringComparison.Ordinal);
    }

    [Fact]
    public void The_own_router_that_is_off_is_named()
    {
        using var session = Open("glasscom");
        session.Break("down home");
        Fetch(session, "http://192.0.2.226/");
        Assert.Contains("the router home (10.11.12.1) of this host's own network does not answer", EndOf(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_off_in_its_network_is_named_with_the_last_router()
    {
        using var session = Open("glasscom");
        session.Break("down www");
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("the router core (", end, StringComparison.Ordinal);
        Assert.Contains("stands in the network of www (192.0.2.226), and nobody there answers for that address", end, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_wrong_is_named_beside_the_certificate()
    {
        using var session = Fetched("wrong-clock", "https://www.test/");
        var end = EndOf(session);
        Assert.Contains("At fault: the certificate of the server at www.test:443, or this host's clock, which says 2025-01-18: one of the two is wrong", end, StringComparison.Ordinal);
        Assert.Contains("Broken in this world: skew client by -", end, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_lab_itself_has_broken_is_mended_by_the_button_that_the_advice_names()
    {
        using var session = Fetched("wrong-clock", "https://www.test/");
        Assert.Contains("Try: the button 'Mend everything'", EndOf(session), StringComparison.Ordinal);
        Assert.True(session.Heal());
        Fetch(session, "https://www.test/");
        Assert.Contains(session.View.Journey, static row => Text(row.Row).Contains("200 OK", StringComparison.Ordinal));
        Assert.DoesNotContain(session.View.Journey.Skip(session.View.Journey.Count - 5), static row => Text(row.Row).Contains('✗'));
    }

    [Theory]
    [InlineData("impair core-trunk mtu 500")]
    [InlineData("impair core-trunk loss 60%")]
    public void A_cable_that_keeps_answers_from_the_resolver_is_named_beside_it(string fault)
    {
        using var session = Open("glasscom");
        session.Break(fault);
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("lost on the cable core-trunk", end, StringComparison.Ordinal);
        Assert.Contains($"At fault: the cable core-trunk, on which '{fault}' acts", end, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_the_beginning_nor_the_end_of_a_connection_is_a_byte_that_waits()
    {
        using var session = Fetched("glasscom", "http://192.0.2.226/");
        for (var i = 0; i <= session.Count; i++)
        {
            session.GoTo(i);
            foreach (var socket in (session.TablesOf("client")?.Sockets ?? []).Where(static one => one.State is TcpState.SynSent or TcpState.FinWait1 or TcpState.LastAck))
            {
                Assert.Equal(0, socket.SendQueue);
            }
        }
    }

    [Fact]
    public void A_record_that_was_taken_away_in_this_run_is_named()
    {
        using var session = Open("glasscom");
        session.ChangeName("unset lab.glasscom.com www A");
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("At fault: whoever changed the records of this name in this run (or the name as it was typed)", end, StringComparison.Ordinal);
        Assert.Contains("Changed in this run: unset www.lab.glasscom.com. A (from event 1 on)", end, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_mended_is_not_named()
    {
        using var session = Open("glasscom");
        session.Break("cut dns-closet");
        session.Heal();
        session.Break("down dns");
        Fetch(session, Chapter);
        Assert.Contains("Broken in this world: down dns (from event 3 on)", EndOf(session), StringComparison.Ordinal);
    }

    [Fact]
    public void Chinese_says_the_same()
    {
        using var session = Open("glasscom", Languages.Of("zh")!);
        session.Break("cut core-trunk");
        Fetch(session, Chapter);
        var end = EndOf(session);
        Assert.Contains("DNS 服务器 10.11.12.2 收到了问题，但查不到答案：路由器 city（198.51.100.66）无法转发", end, StringComparison.Ordinal);
        Assert.Contains("这个世界里的故障：cut core-trunk（从第 1 个事件起）", end, StringComparison.Ordinal);
    }

    private static LabSession Open(string lab, Language? language = null) =>
        LabSession.Open(lab, null, language ?? Languages.English, TimeProvider.System)!;

    private static LabSession Fetched(string lab, string url)
    {
        var session = Open(lab);
        Fetch(session, url);
        return session;
    }

    private static void Fetch(LabSession session, string url)
    {
        session.Fetch(url);
        while (session.Advance(TimeSpan.FromSeconds(1))) { }
    }

    // The failure's rows: from its cross on.
    private static string EndOf(LabSession session)
    {
        var rows = session.View.Journey.Select(static row => Text(row.Row)).ToList();
        var end = string.Join('\n', rows.Skip(rows.FindLastIndex(static text => text.StartsWith('✗'))));
        TestContext.Current.TestOutputHelper?.WriteLine(end);
        return end;
    }

    private static string Text(Row row) => row.Text.ToString();
}
