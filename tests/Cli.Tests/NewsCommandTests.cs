namespace Firstbyte.Tests;

/// <summary>news: and nntp: with servers that say what a test wants.</summary>
public sealed class NewsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A server that gives its answers one after the other; null waits for another line.
    private static RawServer Saying(List<string> said, params string[] answers) => new(connection =>
    {
        connection.Send("200 news.test\r\n");
        foreach (var answer in answers)
        {
            lock (said) { said.Add(connection.ReadLine().TrimEnd('\r', '\n')); }
            connection.Send(answer);
        }
        // Whatever follows is a goodbye.
        connection.ReadLine();
        connection.Send("205 bye\r\n");
    });

    /// <summary>Whoever names a proxy wants to be gone by way of it: that it is not used is said, by an option and by a variable.</summary>
    [Theory]
    [InlineData("-x", "! the proxy is not used: news: goes to its servers directly")]
    [InlineData("all_proxy", "! all_proxy names a proxy; not used: news: goes to its servers directly")]
    public void A_proxy_that_is_not_used_is_told(string name, string told)
    {
        using var server = Saying([], "101 yes\r\nREADER\r\n.\r\n", "220 0 <a@b>\r\nSubject: x\r\n\r\nend\r\n.\r\n");
        var url = $"news://127.0.0.1:{server.Port}/a@b";
        var run = name == "-x" ? Command.Run("-x", "http://127.0.0.1:9", url)
            : Command.RunWith(null, new Dictionary<string, string> { [name] = "http://127.0.0.1:9" }, url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(told, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_server_is_read_all_the_same()
    {
        var said = new List<string>();
        using var server = Saying(said, "500 What?\r\n", "200 reader\r\n", "500 What?\r\n", "211 1 5 5 a.b\r\n", "500 What?\r\n", "224 here\r\n5\tHello =?utf-8?q?J=C3=BCrg?=\t=?iso-8859-1?Q?Andr=E9?= <a@b>\ttoday\t<a@b>\t\t1\t1\r\n.\r\n");
        var run = Command.Run("-o", "-", $"news://127.0.0.1:{server.Port}/a.b");
        Assert.Equal((0, "      5 Hello Jürg\n        André <a@b>, today, <a@b>\n"), (run.ExitCode, run.Output));
        Assert.Equal(["CAPABILITIES", "MODE READER", "CAPABILITIES", "GROUP a.b", "OVER 5-5", "XOVER 5-5"], said);
    }

    [Theory]
    [InlineData("--news-server", false)]
    [InlineData("NNTPSERVER", true)]
    public void The_server_is_named_by_an_option_or_a_variable(string name, bool isVariable)
    {
        var said = new List<string>();
        using var server = Saying(said, "101 yes\r\nREADER\r\n.\r\n", "220 0 <a@b>\r\nSubject: x\r\n\r\n..\r\nend\r\n.\r\n");
        var run = isVariable
            ? Command.RunWith(null, new Dictionary<string, string> { [name] = $"127.0.0.1:{server.Port}" }, "-o", "-", "news:a@b")
            : Command.Run("-o", "-", name, $"127.0.0.1:{server.Port}", "news:a@b");
        Assert.Equal((0, "Subject: x\r\n\r\n.\r\nend\r\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public void An_article_goes_out_with_its_dots_doubled()
    {
        var said = new List<string>();
        File.WriteAllText(Path.Combine(_folder.Path, "article"), "Subject: x\n\n.\nend\n");
        using var server = new RawServer(connection =>
        {
            connection.Send("200 news.test\r\n");
            connection.ReadLine();
            connection.Send("101 yes\r\nREADER\r\nPOST\r\n.\r\n");
            connection.ReadLine();
            connection.Send("340 go\r\n");
            string line;
            do { said.Add(line = connection.ReadLine()); } while (line != ".\r\n");
            connection.Send("240 thanks\r\n");
            connection.ReadLine();
            connection.Send("205 bye\r\n");
        });
        var run = Command.RunIn(_folder.Path, "--mail-from", "ada@example.com", "-T", "article", $"news://127.0.0.1:{server.Port}/a.b");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(["From: ada@example.com\r\n", "Newsgroups: a.b\r\n", "Subject: x\r\n", "\r\n", "..\r\n", "end\r\n", ".\r\n"], said);
    }

    [Theory]
    [InlineData("news:a.b%0D%0APOST", 3)]
    [InlineData("news:a@b%0D%0APOST", 3)]
    [InlineData("nntp:a.b", 3)]
    [InlineData("news:a.b", 6)]
    public void What_cannot_be_asked_for_asks_nobody(string url, int exitCode) => Assert.Equal(exitCode, Command.RunWith(null, new Dictionary<string, string>(), url).ExitCode);

    /// <summary>Debian's INN: an article is posted, found in the group's overview, and read by number; over STARTTLS.</summary>
    [Fact]
    public void INN_is_posted_to_and_read()
    {
        using var inn = InnPeer.Start(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "article"), "Subject: dots\n\n.\n..two\nend\n");
        var post = Command.RunIn(_folder.Path, "--mail-from", "ada@example.com", "-T", "article", $"news://127.0.0.1:{inn.Port}/local.test");
        Assert.True(post.ExitCode == 0, post.Output + post.Errors);
        Assert.Contains("TLS 1.3", post.Output, StringComparison.Ordinal);
        var list = Command.Run("-o", "-", $"news://127.0.0.1:{inn.Port}/local.*");
        Assert.Equal("      0 local.closed  (read only)\n      1 local.test\n", string.Concat(list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().Select(static line => line + "\n")));
        Assert.Contains("      1 dots\n        ada@example.com, ", Command.Run("-o", "-", $"news://127.0.0.1:{inn.Port}/local.test").Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n.\r\n..two\r\nend\r\n", Command.Run("-o", "-", $"nntp://127.0.0.1:{inn.Port}/local.test/1").Output, StringComparison.Ordinal);
        Assert.Equal(78, Command.Run($"nntp://127.0.0.1:{inn.Port}/local.test/7").ExitCode);
        Assert.Equal(78, Command.Run($"news://127.0.0.1:{inn.Port}/local.nothing").ExitCode);
        Assert.Equal(25, Command.RunIn(_folder.Path, "--mail-from", "ada@example.com", "-T", "article", $"news://127.0.0.1:{inn.Port}/local.closed").ExitCode);
    }

    [Fact]
    public void A_server_of_another_protocol_is_told_as_one()
    {
        using var server = new RawServer(static connection => connection.Send("SSH-2.0-OpenSSH_9\r\n"));
        var run = Command.Run($"news://127.0.0.1:{server.Port}/a.b");
        Assert.Equal(8, run.ExitCode);
        Assert.Contains("no NNTP reply", run.Output, StringComparison.Ordinal);
    }

    /// <summary>An article goes where it says itself: that has to be where the user has said.</summary>
    [Theory]
    [InlineData("Newsgroups: c.d\n", 3)]
    [InlineData("Newsgroups: c.d,\n  a.b\n", 0)]
    [InlineData("newsgroups: a.b, c.d\n", 0)]
    public void An_article_for_another_group_is_not_posted(string field, int exitCode)
    {
        var said = new List<string>();
        using var server = new RawServer(connection =>
        {
            connection.Send("200 news.test\r\n");
            while (true)
            {
                var line = connection.ReadLine().TrimEnd('\r', '\n');
                lock (said) { said.Add(line); }
                connection.Send(line switch { "CAPABILITIES" => "101 yes\r\nREADER\r\nPOST\r\n.\r\n", "POST" => "340 go\r\n", "." => "240 kept\r\n", "QUIT" => "205 bye\r\n", _ => "" });
            }
        });
        File.WriteAllText(Path.Combine(_folder.Path, "article"), $"Subject: x\nFrom: a@b.test\n{field}\nhello\n");
        Assert.Equal(exitCode, Command.RunIn(_folder.Path, "-T", "article", $"news://127.0.0.1:{server.Port}/a.b").ExitCode);
        lock (said) { Assert.Equal(exitCode == 0, said.Contains("POST")); }
    }
}
