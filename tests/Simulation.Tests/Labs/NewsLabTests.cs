using System.Text;
using Firstbyte.Dns;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.News;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The chapter's news URL, verbatim, in the chapter's lab; articles read and posted, and a server that wants to know who asks.</summary>
public sealed class NewsLabTests
{
    private const string Closed = """
        lab "a closed server" seed 3 client client
        subnet lan 10.1.0.0/24
        host client on lan .2
        host news on lan .21
          serves news account "tone" "secret" for news.test { a.b "hello" }
          serves news port 563 account "tone" "secret" for news.test { a.b "hello" }
          serves news port 1119 { a.b "hello" c.d readonly "Subject: only this\n\n.dots\n..\n" }
        """;

    private static (JourneyResult[] Results, LabVisit Visit, string Shown) Run(LabDefinition lab, params JourneyRequest[] requests)
    {
        var visit = LabVisit.After(TimeSpan.FromSeconds(1), lab);
        var body = new MemorySink();
        var results = visit.World.Run("visit", async () =>
        {
            var client = visit.World.Client;
            using var journeys = new JourneyClient(client, StubResolver.FromSystem(client), new BouncyCastleTlsProvider(client), new JourneyOptions
            {
                AllowCertificateFaults = true,
                News = new NewsOptions { Sender = "ada@example.com" },
            });
            var results = new List<JourneyResult>();
            foreach (var request in requests) { results.Add(await journeys.RunAsync(request, body, visit.World.Tracer)); }
            return results.ToArray();
        });
        return (results, visit, Encoding.UTF8.GetString(body.Body.Span));
    }

    private static JourneyRequest To(string url) => new(url);

    private static JourneyRequest Posting(string url, string article) => new(url) { Body = new BytesBody(Encoding.UTF8.GetBytes(article)), IsUpload = true };

    [Fact]
    public void The_chapters_group_is_shown()
    {
        var visit = LabVisit.To("news:comp.protocols.tcp-ip", "glasscom");
        Assert.Null(visit.Result.Failure);
        var shown = Encoding.UTF8.GetString(visit.Body);
        Assert.Contains("1 Who opens the connection?", shown, StringComparison.Ordinal);
        Assert.Contains("<second.2@glasscom.com>", shown, StringComparison.Ordinal);
        Assert.Equal("nntp.glasscom.com", Assert.Single(visit.Of<NewsServerChosen>()).Host);
    }

    [Fact]
    public void An_article_is_posted_and_read()
    {
        var (results, visit, shown) = Run(
            LabCatalog.Load("glasscom")!, Posting("news:comp.protocols.tcp-ip", "Subject: Thanks\n\nSo it is.\n.\n"), To("nntp://nntp.glasscom.com/comp.protocols.tcp-ip/3"));
        Assert.All(results, static result => Assert.Null(result.Failure));
        Assert.Equal([240, 220], results.Select(static result => result.Status));
        Assert.Contains("From: ada@example.com\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nSo it is.\r\n.\r\n", shown, StringComparison.Ordinal);
        Assert.Single(visit.Of<NewsArticleSent>());
    }

    [Theory]
    [InlineData("news:comp.nothing", NntpFault.NoGroup, 78)]
    [InlineData("news:nothing@example.com", NntpFault.NoArticle, 78)]
    [InlineData("nntp://nntp.glasscom.com/comp.misc/1", NntpFault.NoArticle, 78)]
    public void What_is_not_there_is_named(string url, NntpFault fault, int exitCode)
    {
        var visit = LabVisit.To(url, "glasscom");
        Assert.Equal(fault, Assert.IsType<NewsRefused>(visit.Result.Failure).Fault);
        Assert.Equal(exitCode, visit.Result.ExitCode);
    }

    [Fact]
    public void A_group_that_only_reads_takes_nothing()
    {
        var (results, _, _) = Run(LabCatalog.Load("glasscom")!, Posting("news:comp.misc", "Subject: Thanks\n\nSo it is.\n"));
        Assert.Equal(NntpFault.ArticleRefused, Assert.IsType<NewsRefused>(results[0].Failure).Fault);
        Assert.Equal(25, results[0].ExitCode);
    }

    [Fact]
    public void Who_asks_is_said_over_TLS_alone()
    {
        var lab = LabFile.Parse(Closed, "closed.lab");
        JourneyRequest As(string url, string password) => To(url) with { Credentials = new Credentials("tone", password) };
        var (results, visit, _) = Run(
            lab, To("nntp://10.1.0.21/a.b"), As("nntp://10.1.0.21/a.b", "secret"), As("nntps://10.1.0.21/a.b", "secret"), As("nntp://10.1.0.21/a.b", "wrong"),
            As("nntp://10.1.0.21:1119/a.b", "secret"));
        Assert.Equal(
            [NntpFault.LoginWanted, NntpFault.None, NntpFault.None, NntpFault.LoginDenied, NntpFault.WouldBeRead],
            results.Select(static result => result.Failure is NewsRefused refused ? refused.Fault : NntpFault.None));
        Assert.DoesNotContain(visit.Of<NntpCommandSent>(), static e => e.Argument.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Dots_and_lists_come_as_they_are()
    {
        var lab = LabFile.Parse(Closed, "closed.lab");
        Assert.EndsWith("\r\n\r\n.dots\r\n..\r\n\r\n", Run(lab, To("nntp://10.1.0.21:1119/c.d/1")).Shown, StringComparison.Ordinal);
        Assert.Equal("      1 a.b\n      1 c.d  (read only)\n", Run(lab, To("nntp://10.1.0.21:1119/")).Shown);
        Assert.Equal("      1 c.d  (read only)\n", Run(lab, To("news://10.1.0.21:1119/c*")).Shown);
    }

    [Fact]
    public void Without_a_server_nobody_is_asked()
    {
        var (results, _, _) = Run(LabFile.Parse(Closed, "closed.lab"), To("news:a.b"));
        Assert.Equal(new NewsUnusable(NewsUrlFault.NoServer), results[0].Failure);
    }
}
