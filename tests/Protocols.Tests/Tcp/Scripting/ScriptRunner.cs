using System.Globalization;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>A script did not hold.</summary>
internal sealed class ScriptFailure(string message) : Exception(message);

/// <summary>A script needs something that this TCP does not have.</summary>
internal sealed class ScriptNotRunnable(string message) : Exception(message);

/// <summary>Runs one script against one TCP.</summary>
internal sealed class ScriptRunner(TcpScript script, ScriptDriver driver)
{
    private const byte OurSalt = 17;
    private const byte PeerSalt = 91;

    private SequenceNumber _peerInitial = new(100);
    private SequenceNumber? _ourInitial;
    private uint? _firstTimestamp;
    private uint _lastTimestamp;
    private int _lastWindow = 65535;
    private long _written;
    private long _read;

    public void Run()
    {
        foreach (var line in script.Lines)
        {
            try { Do(line); }
            catch (ScriptFailure failure) { throw new ScriptFailure($"{script.File}, line {line.Number} ({line.Text}): {failure.Message}"); }
            catch (FormatException failure) { throw new ScriptFailure($"{script.File}, line {line.Number} ({line.Text}): {failure.Message}"); }
        }
        ExpectNothing(TimeSpan.Zero);
    }

    private void Do(ScriptLine line)
    {
        if (line.Command == "out")
        {
            ExpectSegment(ScriptedSegment.Parse(line.Arguments), line.Delay);
            return;
        }
        if (line.Command is "none" or "in" or "write" or "urgent" or "close" or "shutdown" or "abort" or "connect" || line.Delay is not null) { ExpectNothing(line.Delay ?? TimeSpan.Zero); }
        switch (line.Command)
        {
            case "none": break;
            case "set": Set(line.Arguments); break;
            case "listen": driver.Listen(); break;
            case "connect": driver.Connect(); break;
            case "accept": driver.Accept(); break;
            case "in": Inject(ScriptedSegment.Parse(line.Arguments)); break;
            case "write" or "urgent": Write((int)Number(line.Arguments), line.Command == "urgent"); break;
            case "read": Read(line.Arguments.Length > 0 ? (int)Number(line.Arguments) : null); break;
            case "eof": Expect(driver.IsAtEnd, "reading has not ended"); break;
            case "shutdown": driver.ShutdownSend(); break;
            case "close": driver.Close(); break;
            case "abort": driver.Abort(); break;
            case "state": ExpectState(line.Arguments); break;
            case "error": ExpectError(line.Arguments); break;
            case "mtu" or "icmp": Icmp(line); break;
            case "cwnd" or "ssthresh" or "rto" or "mss" or "readable" or "window" or "space": Look(line); break;
            default: throw new FormatException($"'{line.Command}' is no command");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds) { throw new ScriptFailure(otherwise); }
    }

    private void ExpectState(string state)
    {
        var seen = driver.State;
        Expect(seen.Length == 0 || seen.Split('/').Contains(state, StringComparer.Ordinal), $"the state is {seen}");
    }

    private void ExpectError(string error)
    {
        var seen = driver.Error;
        Expect(seen is null || seen == error, $"the error is '{seen}'");
    }

    private void Set(string arguments)
    {
        var words = arguments.Split(' ');
        if (words[0] == "irs") { _peerInitial = new SequenceNumber(uint.Parse(words[1], CultureInfo.InvariantCulture)); }
        else if (!driver.Set(words[0], words[1])) { throw new ScriptNotRunnable($"cannot set {words[0]}"); }
    }

    private void Look(ScriptLine line)
    {
        if (driver.Look(line.Command) is { } seen) { Expect(seen == Number(line.Arguments), $"{line.Command} is {seen}"); }
    }

    private void Icmp(ScriptLine line)
    {
        var words = line.Arguments.Split(' ');
        var quoted = (_ourInitial ?? default) + (int)(words.Length > 1 ? Number(words[1]) : 1);
        var isMtu = line.Command == "mtu";
        Expect(driver.Icmp(isMtu ? "mtu" : words[0], isMtu ? (int)Number(words[0]) : 0, quoted), "this TCP cannot be told of ICMP");
    }

    private void Write(int count, bool urgent)
    {
        var octets = new byte[count];
        for (var i = 0; i < count; i++) { octets[i] = TcpEnd.Pattern(_written + i, OurSalt); }
        _written += count;
        driver.Write(octets, urgent);
    }

    private void Read(int? count)
    {
        var octets = driver.Read(count);
        if (count is not null) { Expect(octets.Length == count, $"only {octets.Length} octets could be read"); }
        for (var i = 0; i < octets.Length; i++) { Expect(octets[i] == TcpEnd.Pattern(_read + i, PeerSalt), $"octet {_read + i} that was read is wrong"); }
        _read += octets.Length;
    }

    private void Inject(ScriptedSegment wanted)
    {
        var sack = default(SackBlocks);
        foreach (var (left, right) in wanted.Sack) { sack = sack.With(new SackBlock(Ours(left), Ours(right))); }
        var present = TcpOptionSet.None;
        if (wanted.SegmentSize is not null) { present |= TcpOptionSet.MaximumSegmentSize; }
        if (wanted.Shift is not null) { present |= TcpOptionSet.WindowScale; }
        if (wanted.SackPermitted) { present |= TcpOptionSet.SackPermitted; }
        if (sack.Count > 0) { present |= TcpOptionSet.Sack; }
        if (wanted.HasTimestamps) { present |= TcpOptionSet.Timestamps; }
        _lastWindow = wanted.Window ?? _lastWindow;
        var segment = new TcpSegment
        {
            Sequence = _peerInitial + (int)wanted.Start,
            Acknowledgment = wanted.Acknowledgment is { } acknowledgment ? Ours(acknowledgment) : default,
            Flags = wanted.Flags,
            Window = (ushort)_lastWindow,
            UrgentPointer = (ushort)(wanted.Urgent ?? 0),
            PayloadLength = (int)(wanted.End - wanted.Start),
            Options = new TcpOptions
            {
                Present = present,
                MaximumSegmentSize = (ushort)(wanted.SegmentSize ?? 0),
                WindowScale = (byte)(wanted.Shift ?? 0),
                Sack = sack,
                TimestampValue = (uint)(wanted.TimestampValue ?? 0),
                TimestampEcho = wanted.EchoesLast ? _lastTimestamp : unchecked((_firstTimestamp ?? 0) + (uint)(wanted.TimestampEcho ?? 0)),
            },
        };
        var text = new byte[segment.PayloadLength];
        // The SYN takes the first number of its segment.
        var first = wanted.Start - (wanted.Flags.HasFlag(TcpFlags.Syn) ? 0 : 1);
        for (var i = 0; i < text.Length; i++) { text[i] = TcpEnd.Pattern(first + i, PeerSalt); }
        driver.Inject(segment, text);
    }

    private SequenceNumber Ours(long relative) => (_ourInitial ?? default) + (int)relative;

    private void ExpectNothing(TimeSpan time)
    {
        if (driver.Next(time) is { } sent)
        {
            throw new ScriptFailure($"not expected, after {sent.After.TotalMilliseconds} ms: {Describe(sent.Segment)}");
        }
    }

    private string Describe(in TcpSegment segment) => ScriptedSegment.Describe(segment, _ourInitial ?? default, _peerInitial);

    private void ExpectSegment(ScriptedSegment wanted, TimeSpan? delay)
    {
        if (driver.Next((delay ?? TimeSpan.Zero) + driver.Tolerance(delay ?? TimeSpan.Zero)) is not { } sent)
        {
            throw new ScriptFailure("nothing was sent");
        }
        var (segment, text, after) = sent;
        if (segment.Has(TcpFlags.Syn) && (wanted.StartsAnywhere || _ourInitial is null)) { _ourInitial = segment.Sequence; }
        if (segment.Options.Has(TcpOptionSet.Timestamps))
        {
            _firstTimestamp ??= segment.Options.TimestampValue;
            _lastTimestamp = segment.Options.TimestampValue;
        }
        var described = Describe(segment);
        Expect((after - (delay ?? TimeSpan.Zero)).Duration() <= driver.Tolerance(delay ?? TimeSpan.Zero), $"sent after {after.TotalMilliseconds} ms: {described}");
        var ignored = driver.PushIsCompared && wanted.Flags.HasFlag(TcpFlags.Psh) ? TcpFlags.None : TcpFlags.Psh;
        Expect((segment.Flags & ~ignored) == (wanted.Flags & ~ignored), $"sent {described}");
        // A reset without ACK takes its number from what it answers, which may lie in nobody's stream.
        Expect(_ourInitial is null || segment.Sequence == Ours(wanted.Start), $"sent {described}");
        Expect(segment.PayloadLength == wanted.End - wanted.Start, $"sent {described}");
        if (wanted.Acknowledgment is { } acknowledgment) { Expect(segment.Acknowledgment == _peerInitial + (int)acknowledgment, $"sent {described}"); }
        if (wanted.Window is { } window) { Expect(segment.Window == window, $"sent {described}"); }
        if (wanted.Urgent is { } urgent) { Expect(segment.UrgentPointer == urgent, $"sent {described}"); }
        ExpectOptions(wanted, segment, described);
        for (var i = 0; i < text.Length; i++) { Expect(text[i] == TcpEnd.Pattern(wanted.Start - 1 + i, OurSalt), $"octet {i} of the text is wrong: {described}"); }
    }

    private void ExpectOptions(ScriptedSegment wanted, in TcpSegment segment, string described)
    {
        var blocks = segment.Options.Has(TcpOptionSet.Sack) ? segment.Options.Sack : default;
        Expect(blocks.Count == wanted.Sack.Count, $"sent {described}");
        for (var i = 0; i < blocks.Count; i++)
        {
            Expect(blocks[i].Left == _peerInitial + (int)wanted.Sack[i].Left && blocks[i].Right == _peerInitial + (int)wanted.Sack[i].Right, $"sent {described}");
        }
        if (!wanted.NamesOptions) { return; }
        var options = segment.Options;
        Expect(options.Has(TcpOptionSet.MaximumSegmentSize) == wanted.SegmentSize is not null, $"sent {described}");
        Expect(wanted.SegmentSize is null || options.MaximumSegmentSize == wanted.SegmentSize, $"sent {described}");
        Expect(options.Has(TcpOptionSet.WindowScale) == wanted.Shift is not null, $"sent {described}");
        Expect(wanted.Shift is null or -1 || options.WindowScale == wanted.Shift, $"sent {described}");
        Expect(options.Has(TcpOptionSet.SackPermitted) == wanted.SackPermitted, $"sent {described}");
        Expect(options.Has(TcpOptionSet.Timestamps) == wanted.HasTimestamps, $"sent {described}");
        if (wanted.TimestampValue is { } value) { Expect(unchecked(options.TimestampValue - _firstTimestamp) == value, $"sent {described}, timestamp {options.TimestampValue - _firstTimestamp}"); }
        if (wanted.TimestampEcho is { } echo) { Expect(options.TimestampEcho == echo, $"sent {described}"); }
    }
}
