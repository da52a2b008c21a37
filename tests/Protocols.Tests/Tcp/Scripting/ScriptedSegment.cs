using System.Globalization;
using System.Text;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>A segment as a script writes it: relative numbers, null where the script does not say.</summary>
internal sealed class ScriptedSegment
{
    private const string Letters = "FSRPAUEC";

    public TcpFlags Flags { get; private init; }
    public long Start { get; private init; }

    /// <summary>The number of a new connection's SYN is not known: written "*".</summary>
    public bool StartsAnywhere { get; private init; }
    public long End { get; private set; }
    public long? Acknowledgment { get; private set; }
    public int? Window { get; private set; }
    public int? Urgent { get; private set; }
    public bool NamesOptions { get; private set; }
    public int? SegmentSize { get; private set; }
    public int? Shift { get; private set; }
    public bool SackPermitted { get; private set; }
    public List<(long Left, long Right)> Sack { get; } = [];
    public bool HasTimestamps { get; private set; }
    public long? TimestampValue { get; private set; }
    public long? TimestampEcho { get; private set; }
    public bool EchoesLast { get; private set; }

    public static ScriptedSegment Parse(string text)
    {
        var options = "";
        var open = text.IndexOf('<', StringComparison.Ordinal);
        if (open >= 0)
        {
            options = text[(open + 1)..text.IndexOf('>', StringComparison.Ordinal)];
            text = text[..open];
        }
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var flags = TcpFlags.None;
        foreach (var letter in words[0]) { flags |= letter == '.' ? TcpFlags.None : (TcpFlags)(1 << Letters.IndexOf(letter, StringComparison.Ordinal)); }
        var range = words[1].Split(':');
        var anywhere = range[0] == "*";
        var segment = new ScriptedSegment { Flags = flags, Start = anywhere ? 0 : Number(range[0]), StartsAnywhere = anywhere, NamesOptions = open >= 0 };
        segment.End = range.Length > 1 ? Number(range[1]) : segment.Start;
        for (var i = 2; i + 1 < words.Length; i += 2)
        {
            switch (words[i])
            {
                case "ack": segment.Acknowledgment = Number(words[i + 1]); break;
                case "win": segment.Window = (int)Number(words[i + 1]); break;
                case "urg": segment.Urgent = (int)Number(words[i + 1]); break;
                default: throw new FormatException($"'{words[i]}' in a segment");
            }
        }
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) { segment.TakeOption(option); }
        return segment;
    }

    private void TakeOption(string option)
    {
        var words = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "mss": SegmentSize = (int)Number(words[1]); break;
            case "ws": Shift = words[1] == "*" ? -1 : (int)Number(words[1]); break;
            case "sackok": SackPermitted = true; break;
            case "sack":
                foreach (var block in words[1..])
                {
                    var edges = block.Split(':');
                    Sack.Add((Number(edges[0]), Number(edges[1])));
                }
                break;
            case "ts":
                HasTimestamps = true;
                TimestampValue = words[1] == "*" ? null : Number(words[1]);
                EchoesLast = words[2] == "last";
                TimestampEcho = words[2] is "*" or "last" ? null : Number(words[2]);
                break;
            default: throw new FormatException($"option '{option}'");
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Writes a real segment the way scripts do.</summary>
    public static string Describe(in TcpSegment segment, SequenceNumber ours, SequenceNumber theirs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Letters.Length; i++)
        {
            if (((int)segment.Flags & (1 << i)) != 0) { text.Append(Letters[i]); }
        }
        var start = segment.Sequence - ours;
        text.Append(CultureInfo.InvariantCulture, $" {start}");
        if (segment.PayloadLength > 0) { text.Append(CultureInfo.InvariantCulture, $":{start + segment.PayloadLength}"); }
        if (segment.Has(TcpFlags.Ack)) { text.Append(CultureInfo.InvariantCulture, $" ack {segment.Acknowledgment - theirs}"); }
        text.Append(CultureInfo.InvariantCulture, $" win {segment.Window}");
        if (segment.Has(TcpFlags.Urg)) { text.Append(CultureInfo.InvariantCulture, $" urg {segment.UrgentPointer}"); }
        var options = new List<string>();
        if (segment.Options.Has(TcpOptionSet.MaximumSegmentSize)) { options.Add($"mss {segment.Options.MaximumSegmentSize}"); }
        if (segment.Options.Has(TcpOptionSet.WindowScale)) { options.Add($"ws {segment.Options.WindowScale}"); }
        if (segment.Options.Has(TcpOptionSet.SackPermitted)) { options.Add("sackok"); }
        if (segment.Options.Has(TcpOptionSet.Sack))
        {
            var blocks = segment.Options.Sack;
            options.Add("sack " + string.Join(' ', Enumerable.Range(0, blocks.Count).Select(i => $"{blocks[i].Left - theirs}:{blocks[i].Right - theirs}")));
        }
        if (segment.Options.Has(TcpOptionSet.Timestamps)) { options.Add($"ts {segment.Options.TimestampValue} {segment.Options.TimestampEcho}"); }
        if (options.Count > 0) { text.Append(CultureInfo.InvariantCulture, $" <{string.Join(',', options)}>"); }
        return text.ToString();
    }
}
