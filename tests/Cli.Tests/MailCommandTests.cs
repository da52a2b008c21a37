using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>mailto: messages shown, and sent to servers that say what a test wants, and to postfix.</summary>
public sealed class MailCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Sending(RawServer server) => ["--send", "--mail-from", "ada@example.com", "--smarthost", $"127.0.0.1:{server.Port}"];

    [Fact]
    public void A_message_is_shown_and_nobody_is_asked()
    {
        var run = Command.Run("-o", "-", "mailto:tone@glasscom.com?subject=Gr%C3%BC%C3%9Fe&cc=bob@example.com&bcc=eve@example.com&body=Hello%0D%0Athere");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("To: tone@glasscom.com\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Cc: bob@example.com\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Subject: =?utf-8?", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nHello\r\nthere\r\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("eve@example.com", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("From:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mailto:a%0D%0ARCPT%20TO:%3Cb@x.test%3E@x.test")]
    [InlineData("mailto:a@x.test?subject=x%0D%0ABcc:%20b@x.test")]
    [InlineData("mailto:a@x.test?cc=b@x.test%3E%0D%0ADATA")]
    public void Nothing_that_holds_a_line_end_becomes_a_field_or_a_command(string url)
    {
        var said = new List<string>();
        using var server = new RawServer(connection => MailTalk.Serve(connection, static _ => "250 ok", said));
        var run = Command.Run([.. Sending(server), url]);
        Assert.Equal(3, run.ExitCode);
        Assert.Empty(said);
    }

    /// <summary>What a server without STARTTLS hears before it is left: a greeting, and nothing of whom the message is from and to.</summary>
    [Theory]
    [InlineData]
    [InlineData("-u", "ada:sesame")]
    public void Where_TLS_is_wanted_a_server_without_it_gets_no_message(params string[] user)
    {
        var said = new List<string>();
        using var server = new RawServer(connection => MailTalk.Serve(connection, static _ => "250 ok", said, "AUTH PLAIN"));
        var run = Command.Run(["--ssl-reqd", .. user, .. Sending(server), "mailto:tone@x.test?body=secret"]);
        Assert.Equal(64, run.ExitCode);
        Assert.DoesNotContain(said, static line => line.StartsWith("MAIL", StringComparison.Ordinal) || line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public void A_body_ends_where_it_ends()
    {
        var said = new List<string>();
        using var server = new RawServer(connection => MailTalk.Serve(connection, static _ => "250 ok", said));
        var run = Command.Run([.. Sending(server), "mailto:a@x.test?body=.%0D%0AMAIL%20FROM:%3Cx@y.z%3E%0D%0A.%0A.%0Db"]);
        Assert.Equal(0, run.ExitCode);
        var data = said.IndexOf("DATA");
        Assert.Equal(["", "..", "MAIL FROM:<x@y.z>", "..", "..", "b", ".", "QUIT"], said[said.IndexOf("", data)..]);
        Assert.Single(said[..data], static line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_recipient_has_its_own_result()
    {
        using var server = new RawServer(static connection => MailTalk.Serve(
            connection, static to => to.Contains("bob", StringComparison.Ordinal) ? "550 5.1.1 no bob here" : "250 2.1.5 ok", null, "PIPELINING", "SIZE 1000000"));
        var run = Command.Run([.. Sending(server), "mailto:tone@x.test,bob@x.test,ann@x.test"]);
        Assert.Equal(55, run.ExitCode);
        Assert.Contains("✓ tone@x.test", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ bob@x.test: 127.0.0.1", run.Output, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1 no bob here", run.Output, StringComparison.Ordinal);
        Assert.Contains("✓ ann@x.test", run.Output, StringComparison.Ordinal);
        Assert.Contains("not for every recipient", run.Output, StringComparison.Ordinal);
        var lines = Command.Run([.. Sending(server), "--json", "mailto:tone@x.test,bob@x.test"]).Output.Split('\n');
        var results = lines.Where(static line => line.Contains("\"mail.recipient-answered\"", StringComparison.Ordinal)).Select(static line =>
        {
            using var json = JsonDocument.Parse(line);
            return (json.RootElement.GetProperty("address").GetString(), json.RootElement.GetProperty("isSent").GetBoolean(), json.RootElement.GetProperty("code").GetInt32());
        });
        Assert.Equal([("tone@x.test", true, 250), ("bob@x.test", false, 550)], results);
    }

    [Theory]
    [InlineData("450 4.2.1 later", 55, "may pass")]
    [InlineData("550 5.1.1 never", 55, "takes mail for none")]
    [InlineData("421 4.3.2 bye", 56, "closes the connection")]
    public void What_may_pass_is_told_from_what_will_not(string reply, int exitCode, string words)
    {
        using var server = new RawServer(connection => MailTalk.Serve(connection, _ => reply));
        var run = Command.Run([.. Sending(server), "mailto:tone@x.test"]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_not_sent_where_everybody_reads_it()
    {
        var said = new List<string>();
        using var server = new RawServer(connection => MailTalk.Serve(connection, static _ => "250 ok", said, "AUTH PLAIN LOGIN"));
        var run = Command.Run([.. Sending(server), "-u", "tone:hunter2", "mailto:tone@x.test"]);
        Assert.Equal(64, run.ExitCode);
        Assert.DoesNotContain(said, static line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--mail-from", "nobody")]
    [InlineData("--smarthost", "a b")]
    [InlineData("--smarthost", "host:0")]
    [InlineData("--smarthost", "host:x")]
    [InlineData("--smarthost", "")]
    public void What_names_no_mailbox_or_host_is_misuse(string option, string value) => Assert.Equal(2, Command.Run(option, value, "mailto:tone@x.test").ExitCode);

    [Fact]
    public void Nothing_of_a_login_is_shown()
    {
        foreach (var words in (string[][])[["-v"], ["--json=all"], ["--lang", "zh", "-v"]])
        {
            var run = Command.Run([.. words, "--lab", "--send", "--mail-from", "ada@example.com", "--smarthost", "mail.glasscom.com", "-u", "tone:secret", "mailto:tone@glasscom.com"]);
            Assert.Equal(0, run.ExitCode);
            Assert.DoesNotContain(Convert.ToBase64String("\0tone\0secret"u8), run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>Debian's postfix takes messages over STARTTLS, with its extensions, and refuses what it has no users for.</summary>
    [Fact]
    public void Postfix_takes_what_is_sent()
    {
        using var postfix = Postfix.Start(_folder.Path);
        string[] words = ["--send", "--mail-from", "ada@example.com", "--smarthost", $"127.0.0.1:{postfix.Port}", "-k"];
        var run = Command.Run([.. words, "mailto:tone@peer.test?subject=Gr%C3%BC%C3%9Fe&body=.%0D%0A%C3%BCber"]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("TLS 1.3", run.Output, StringComparison.Ordinal);
        Assert.Contains("BODY=8BITMIME", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n.\nüber\n", postfix.Read("tone", "über"), StringComparison.Ordinal);
        run = Command.Run([.. words, "mailto:tone@peer.test,nobody@peer.test,x@elsewhere.test"]);
        Assert.Equal(55, run.ExitCode);
        Assert.Contains("✓ tone@peer.test", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ nobody@peer.test", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ x@elsewhere.test", run.Output, StringComparison.Ordinal);
        run = Command.Run([.. words, $"mailto:tone@peer.test?body={new string('a', 60_000)}"]);
        Assert.Equal(63, run.ExitCode);
        run = Command.Run([.. words, "mailto:%E7%94%A8%E6%88%B7@peer.test?body=hi"]);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("SMTPUTF8", run.Output, StringComparison.Ordinal);
    }

    /// <summary>A postfix with a folder of its own, on a loopback port.</summary>
    private sealed class Postfix : IDisposable
    {
        private readonly string _folder;
        private readonly Process _process;

        private Postfix(string folder, int port, Process process) => (_folder, Port, _process) = (folder, port, process);

        public int Port { get; }

        public static Postfix Start(string folder)
        {
            if (!File.Exists("/usr/lib/postfix/sbin/master")) { Assert.Skip("postfix is not installed"); }
            if (Environment.UserName != "root") { Assert.Skip("postfix starts as root alone"); }
            int port;
            using (var listener = new TcpListener(System.Net.IPAddress.Loopback, 0))
            {
                listener.Start();
                port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
            }
            foreach (var name in (string[])["etc", "spool", "data", "boxes"]) { Directory.CreateDirectory(Path.Combine(folder, name)); }
            // Mail is put away by the user of a mailbox, who has to come this far.
            Http.Programs.Run("chmod", "-R", "a+rx", folder);
            Http.Programs.Run("chmod", "0777", Path.Combine(folder, "boxes"));
            Http.Programs.Run("chown", "-R", "postfix", Path.Combine(folder, "data"));
            Http.Programs.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=peer.test", "-keyout", $"{folder}/etc/key.pem", "-out", $"{folder}/etc/cert.pem");
            const string Boxes = "inline:{ tone@peer.test=tone, 用户@peer.test=yonghu }";
            File.WriteAllText(Path.Combine(folder, "etc", "main.cf"), $"""
                compatibility_level = 3.6
                queue_directory = {folder}/spool
                data_directory = {folder}/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = peer.test
                mydestination =
                mynetworks =
                virtual_mailbox_domains = peer.test
                virtual_mailbox_base = {folder}/boxes
                virtual_mailbox_maps = {Boxes}
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 1
                message_size_limit = 50000
                virtual_mailbox_limit = 0
                smtpd_tls_cert_file = {folder}/etc/cert.pem
                smtpd_tls_key_file = {folder}/etc/key.pem
                smtpd_tls_security_level = may
                smtputf8_enable = yes
                alias_maps =
                alias_database =
                maillog_file = {folder}/boxes/log
                maillog_file_prefixes = {folder}
                default_transport = error:nowhere

                """);
            File.WriteAllText(Path.Combine(folder, "etc", "master.cf"), $"""
                127.0.0.1:{port} inet n - n - - smtpd
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                tlsmgr unix - - n 1000? 1 tlsmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                verify unix - - n - 1 verify
                error unix - - n - - error
                virtual unix - n n - - virtual
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                proxymap unix - - n - - proxymap

                """);
            Http.Programs.Run("postfix", "-c", Path.Combine(folder, "etc"), "set-permissions");
            var start = new ProcessStartInfo("/usr/lib/postfix/sbin/master", ["-c", Path.Combine(folder, "etc"), "-d"])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = Path.Combine(folder, "spool"),
            };
            // What `postfix start` makes before it runs the master.
            Http.Programs.Run("/usr/lib/postfix/sbin/post-install", $"config_directory={folder}/etc", "create-missing");
            var process = Process.Start(start)!;
            for (var tries = 0; ; tries++)
            {
                using var client = new TcpClient();
                try
                {
                    client.Connect("127.0.0.1", port);
                    break;
                }
                catch (SocketException) when (tries < 100 && !process.HasExited) { Thread.Sleep(50); }
            }
            return new Postfix(folder, port, process);
        }

        /// <summary>A mailbox, when it holds a text.</summary>
        public string Read(string box, string text)
        {
            var file = Path.Combine(_folder, "boxes", box);
            for (var tries = 0; tries < 200; tries++)
            {
                if (File.Exists(file) && File.ReadAllText(file) is var content && content.Contains(text, StringComparison.Ordinal)) { return content; }
                Thread.Sleep(50);
            }
            var log = Path.Combine(_folder, "boxes", "log");
            return Assert.IsType<string>(null, exactMatch: false) + (File.Exists(log) ? File.ReadAllText(log) : "");
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }

    /// <summary>Whoever has the whole message and says nothing may deliver it, or not: that is said, and by whom.</summary>
    [Theory]
    [InlineData(true, 28, "did not finish its response within 1 s")]
    [InlineData(false, 56, "the connection ended")]
    public void A_message_without_an_answer_may_be_delivered_or_not(bool isSilent, int exitCode, string why)
    {
        using var over = new ManualResetEventSlim();
        using var server = new RawServer(connection =>
        {
            connection.Send("220 mail.test ESMTP\r\n");
            while (true)
            {
                var line = connection.ReadLine().TrimEnd('\r', '\n');
                if (line == ".")
                {
                    if (isSilent) { over.Wait(); }
                    return;
                }
                connection.Send(line.Split(' ')[0] switch { "EHLO" or "MAIL" or "RCPT" => "250 ok\r\n", "DATA" => "354 go\r\n", _ => "" });
            }
        });
        var run = Command.Run("--send", "--mail-from", "ada@x.test", "--smarthost", $"127.0.0.1:{server.Port}", "-m", "1", "mailto:tone@x.test?body=hello");
        over.Set();
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"127.0.0.1:{server.Port} has the whole message and has not said whether it takes it, so whether it is delivered is unknown.", run.Output, StringComparison.Ordinal);
        Assert.Contains(why, run.Output, StringComparison.Ordinal);
    }
}
