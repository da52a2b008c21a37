using System.Globalization;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>One test of TCP as text: what arrives, what the application does, what must be sent, and when.</summary>
/// <remarks>
/// A file holds many scripts; each begins with a line "test TITLE". A line is "[+DURATION] COMMAND …"; what follows "#" is a comment.
/// <code>
///   set NAME VALUE              before the connection: mss 1460, rcvbuf 32768, nagle off, delack 40ms, cc newreno, irs 100, …
///   linux-differs REASON        the script is not run against Linux, and why, with the clause
///   listen | connect            what the application does first
///   in  FLAGS SEQ[:END] [ack N] [win N] [urg N] [&lt;mss N,ws N,sackok,sack A:B C:D,ts VAL ECHO&gt;]
///   out FLAGS SEQ[:END] [ack N] [win N] [urg N] [&lt;…&gt;]    the next segment; what is not named is not compared, but SACK always is
///   none                        nothing is sent (with +DURATION: for so long)
///   accept, write N, urgent N, read [N], eof, shutdown, close, abort
///   state S, error refused|reset|timeout, readable N, cwnd N, ssthresh N, rto MS, mss N, window N
///   mtu N [SEQ], icmp soft|hard [SEQ]
/// </code>
/// Numbers are relative: 0 is the SYN of the side that sends the octets ("out SA *" takes any number for a new connection). FLAGS are letters of S F R P A U. With +DURATION an "in" or a
/// call happens so much later; an "out" must come exactly then. Whatever is sent and not expected fails the script.
/// Lines that name a fixture (established, connected, finwait1, …) stand for its lines.
/// </remarks>
internal sealed record TcpScript(string File, string Title, IReadOnlyList<ScriptLine> Lines)
{
    /// <summary>Why Linux does something else, or null.</summary>
    public string? LinuxDiffers { get; init; }

    public static IEnumerable<TcpScript> ReadAll(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "*.tcp").Order(StringComparer.Ordinal))
        {
            foreach (var script in Read(Path.GetFileNameWithoutExtension(path), System.IO.File.ReadAllLines(path))) { yield return script; }
        }
    }

    private static IEnumerable<TcpScript> Read(string file, string[] text)
    {
        string? title = null;
        string? differs = null;
        var lines = new List<ScriptLine>();
        for (var number = 1; number <= text.Length; number++)
        {
            var line = text[number - 1];
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            if (comment >= 0) { line = line[..comment]; }
            line = line.Trim();
            if (line.Length == 0) { continue; }
            if (line.StartsWith("test ", StringComparison.Ordinal))
            {
                if (title is not null) { yield return new TcpScript(file, title, lines) { LinuxDiffers = differs }; }
                title = line[5..];
                differs = null;
                lines = [];
            }
            else if (line.StartsWith("linux-differs ", StringComparison.Ordinal))
            {
                differs = line[14..];
            }
            else
            {
                lines.AddRange(Expand(line, number));
            }
        }
        if (title is not null) { yield return new TcpScript(file, title, lines) { LinuxDiffers = differs }; }
    }

    private static IEnumerable<ScriptLine> Expand(string line, int number)
    {
        var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        if (ScriptFixtures.TryGet(words[0], words.Length > 1 ? words[1] : "", out var fixture))
        {
            return fixture.SelectMany(part => Expand(part, number));
        }
        return [ScriptLine.Parse(line, number)];
    }
}

/// <summary>One line: when, what, with what.</summary>
internal sealed record ScriptLine(int Number, string Text, TimeSpan? Delay, string Command, string Arguments)
{
    public static ScriptLine Parse(string line, int number)
    {
        TimeSpan? delay = null;
        var rest = line;
        if (rest[0] == '+')
        {
            var space = rest.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) { throw new FormatException($"line {number}: a time alone says nothing"); }
            delay = Duration(rest[1..space]);
            rest = rest[(space + 1)..].TrimStart();
        }
        var end = rest.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new(number, line, delay, rest, "") : new(number, line, delay, rest[..end], rest[(end + 1)..].Trim());
    }

    public static TimeSpan Duration(string text)
    {
        foreach (var (unit, ticks) in new[] { ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("min", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay), ("s", TimeSpan.TicksPerSecond) })
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return TimeSpan.FromTicks((long)(decimal.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) * ticks));
            }
        }
        throw new FormatException($"'{text}' is no duration");
    }
}

/// <summary>The situations most scripts start from.</summary>
internal static class ScriptFixtures
{
    public static bool TryGet(string name, string arguments, out string[] lines)
    {
        lines = name switch
        {
            // Passive open; the arguments are the peer's further options. Our window is what the settings give.
            "established" => ["listen", $"in S 0 win 65535 <mss 1460{Also(arguments)}>", "out SA 0 ack 1", $"in A 1 ack 1 win {Window(arguments)}{Timestamp(arguments)}", "accept", "state ESTABLISHED"],
            // Active open.
            "connected" => ["connect", "out S 0", $"in SA 0 ack 1 win 65535 <mss 1460{Also(arguments)}>", "out A 1 ack 1", "state ESTABLISHED"],
            "finwait1" => ["established", "shutdown", "out FA 1 ack 1", "state FIN-WAIT-1"],
            "finwait2" => ["finwait1", "in A 1 ack 2", "state FIN-WAIT-2"],
            "closewait" => ["established", "in FA 1 ack 1", "out A 1 ack 2", "state CLOSE-WAIT"],
            "closing" => ["finwait1", "in FA 1 ack 1", "out A 2 ack 2", "state CLOSING"],
            "lastack" => ["closewait", "shutdown", "out FA 1 ack 2", "state LAST-ACK"],
            "timewait" => ["finwait2", "in FA 1 ack 2", "out A 2 ack 2", "state TIME-WAIT"],
            "synreceived" => ["listen", $"in S 0 win 65535 <mss 1460{Also(arguments)}>", "out SA 0 ack 1", "state SYN-RECEIVED"],
            "synsent" => ["connect", "out S 0", "state SYN-SENT"],
            _ => [],
        };
        return lines.Length > 0;
    }

    private static string Also(string arguments) => arguments.Length == 0 ? "" : "," + arguments;

    // With a shift count of 7, 512 means 65,536 octets.
    private static string Window(string arguments) => arguments.Contains("ws 7", StringComparison.Ordinal) ? "512" : "65535";

    private static string Timestamp(string arguments) => arguments.Contains("ts ", StringComparison.Ordinal) ? " <ts 1001 last>" : "";
}
