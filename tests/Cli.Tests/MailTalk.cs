namespace Firstbyte.Tests;

/// <summary>What a mail server says in a test.</summary>
internal static class MailTalk
{
    /// <summary>Serves a connection: each recipient is answered as the test likes, everything else is taken.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="recipient">The reply to an argument of RCPT.</param>
    /// <param name="said">What the client has said, line by line.</param>
    /// <param name="features">What the server says that it can.</param>
    public static void Serve(RawConnection connection, Func<string, string> recipient, List<string>? said = null, params string[] features)
    {
        connection.Send("220 mail.test ESMTP\r\n");
        while (true)
        {
            var line = connection.ReadLine().TrimEnd('\r', '\n');
            said?.Add(line);
            var verb = line.Split(' ')[0];
            switch (verb)
            {
                case "EHLO": connection.Send("250-mail.test\r\n" + string.Concat(features.Select(static one => $"250-{one}\r\n")) + "250 HELP\r\n"); break;
                case "RCPT": connection.Send(recipient(line[5..]) + "\r\n"); break;
                case "AUTH": connection.Send("235 in\r\n"); break;
                case "DATA":
                    connection.Send("354 go\r\n");
                    string content;
                    do
                    {
                        content = connection.ReadLine().TrimEnd('\r', '\n');
                        said?.Add(content);
                    }
                    while (content != ".");
                    connection.Send("250 2.0.0 kept\r\n");
                    break;
                case "QUIT":
                    connection.Send("221 bye\r\n");
                    return;
                default: connection.Send("250 ok\r\n"); break;
            }
        }
    }
}
