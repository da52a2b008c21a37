using System.Text;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Mail;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The chapter's mailto URL, verbatim, in the chapter's lab; and the ways of mail (RFC 5321 5.1, RFC 7505).</summary>
public sealed class MailLabTests
{
    private const string Chapter = "mailto:tone@glasscom.com";

    private const string Ways = """
        lab "ways of mail" seed 5 client client
        subnet lan 10.1.0.0/24
        host client on lan .2 nameserver 10.1.0.3
        host dns on lan .3 serves resolver
        host root on lan .11 198.41.0.4 serves dns zone "." {
          @ 300 IN SOA a.root-servers.net. hostmaster.test. 1 7200 900 1209600 300
          @ 300 IN NS a.root-servers.net.
          a.root-servers.net. 300 IN A 198.41.0.4
          none.test. 300 IN MX 0 .
          own.test. 300 IN A 10.1.0.21
          two.test. 300 IN MX 20 b.two.test.
          two.test. 300 IN MX 10 a.two.test.
          a.two.test. 300 IN A 10.1.0.99
          b.two.test. 300 IN A 10.1.0.21
          same.test. 300 IN MX 10 b.two.test.
          same.test. 300 IN MX 10 c.two.test.
          c.two.test. 300 IN A 10.1.0.21
          lost.test. 300 IN MX 10 nowhere.test.
        }
        host mail on lan .21 serves mail size 1kB for own.test, two.test, same.test
        """;

    private static readonly MailOptions s_sending = new() { Sender = Address("ada@example.com"), Sends = true };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address! : throw new ArgumentException(text);

    private static (JourneyResult Result, LabVisit Visit, string Shown) Send(LabDefinition lab, string url, MailOptions options)
    {
        var visit = LabVisit.After(TimeSpan.FromSeconds(1), lab);
        var body = new MemorySink();
        var result = visit.World.Run("visit", async () =>
        {
            var client = visit.World.Client;
            using var journeys = new JourneyClient(client, StubResolver.FromSystem(client), new BouncyCastleTlsProvider(client), new JourneyOptions { Mail = options });
            return await journeys.RunAsync(new JourneyRequest(url), body, visit.World.Tracer);
        });
        return (result, visit, Encoding.UTF8.GetString(body.Body.Span));
    }

    [Fact]
    public void The_chapters_message_is_written_and_nobody_is_asked()
    {
        var visit = LabVisit.To(Chapter, "glasscom");
        Assert.Null(visit.Result.Failure);
        Assert.Contains("To: tone@glasscom.com\r\n", Encoding.UTF8.GetString(visit.Body), StringComparison.Ordinal);
        Assert.Empty(visit.Of<SmtpCommandSent>());
    }

    [Fact]
    public void It_is_sent_by_the_domains_MX_record_over_TLS_and_kept_there()
    {
        var (result, visit, shown) = Send(LabCatalog.Load("glasscom")!, Chapter + "?subject=Gr%C3%BC%C3%9Fe&body=.%0D%0A%C3%BC", s_sending);
        Assert.Null(result.Failure);
        Assert.Equal(250, result.Status);
        Assert.Equal("mail.glasscom.com", Assert.Single(Assert.Single(visit.Of<MailExchangersFound>()).Exchangers).Host);
        Assert.Equal(["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"], visit.Of<SmtpCommandSent>().Select(static e => e.Verb));
        var kept = Assert.Single(visit.Of<MailStored>());
        Assert.Equal(("Grüße", true, "ada@example.com"), (kept.Subject, kept.IsSecured, kept.Sender));
        Assert.True(Assert.Single(visit.Of<MailRecipientAnswered>()).IsSent);
        Assert.Contains("Subject: =?utf-8?", shown, StringComparison.Ordinal);
    }

    /// <summary>The date, the identifier and everything else of a message come from the seed.</summary>
    [Fact]
    public void A_seed_writes_the_same_message() =>
        Assert.Equal(Send(LabCatalog.Load("glasscom")!, Chapter, s_sending).Shown, Send(LabCatalog.Load("glasscom")!, Chapter, s_sending).Shown);

    [Theory]
    [InlineData("mailto:a@own.test", "own.test")]
    [InlineData("mailto:a@two.test", "a.two.test b.two.test")]
    public void Mail_finds_its_way(string url, string hosts)
    {
        var (result, visit, _) = Send(LabFile.Parse(Ways, "ways.lab"), url, s_sending);
        Assert.Null(result.Failure);
        Assert.Equal(hosts, string.Join(' ', Assert.Single(visit.Of<MailExchangersFound>()).Exchangers.Select(static one => one.Host)));
        Assert.Single(visit.Of<MailStored>());
    }

    [Fact]
    public void Equal_preferences_are_tried_in_an_order_of_the_seed()
    {
        var (result, visit, _) = Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@same.test", s_sending);
        Assert.Null(result.Failure);
        Assert.Equal(["b.two.test", "c.two.test"], Assert.Single(visit.Of<MailExchangersFound>()).Exchangers.Select(static one => one.Host).Order());
    }

    [Fact]
    public void A_domain_that_takes_no_mail_is_not_asked()
    {
        var (result, visit, _) = Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@none.test", s_sending);
        Assert.Equal(new MailNotTaken("none.test"), result.Failure);
        Assert.Empty(visit.Of<SmtpCommandSent>());
    }

    [Fact]
    public void One_domains_failure_is_not_anothers()
    {
        var (result, visit, _) = Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@lost.test,b@own.test", s_sending);
        Assert.IsType<NameDoesNotExist>(result.Failure);
        Assert.Equal([("a@lost.test", false), ("b@own.test", true)], visit.Of<MailRecipientAnswered>().Select(static e => (e.Address, e.IsSent)));
    }

    [Fact]
    public void A_message_that_is_too_long_is_not_begun()
    {
        var (result, visit, _) = Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@own.test?body=" + new string('a', 2000), s_sending);
        Assert.Equal(SmtpFault.TooLarge, Assert.IsType<MailRefused>(result.Failure).Fault);
        Assert.Equal(63, result.ExitCode);
        Assert.DoesNotContain(visit.Of<SmtpCommandSent>(), static e => e.Verb == "MAIL");
    }

    [Fact]
    public void Mail_for_another_domain_is_refused_and_nobody_without_a_name_sends()
    {
        var smarthost = s_sending with { Smarthost = "10.1.0.21", SmarthostPort = 25 };
        var (result, _, _) = Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@none.test", smarthost);
        Assert.Equal((SmtpFault.RecipientsRefused, 550), (Assert.IsType<MailRefused>(result.Failure).Fault, ((MailRefused)result.Failure).Code));
        Assert.Equal(new MailtoUnusable(MailtoFault.NoSender, ""), Send(LabFile.Parse(Ways, "ways.lab"), "mailto:a@own.test", s_sending with { Sender = null }).Result.Failure);
    }
}
