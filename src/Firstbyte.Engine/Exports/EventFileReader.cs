using System.Diagnostics.CodeAnalysis;
using Firstbyte.Journeys;
using Firstbyte.Lines;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Exports;

/// <summary>Reads a file of events, one JSON object a line, of this version and those before it.</summary>
/// <param name="registry">The kinds of events.</param>
/// <param name="input">The file.</param>
public sealed class EventFileReader(EventRegistry registry, Stream input) : IDisposable
{
    /// <summary>The longest line that is read: some ten times the longest event, which holds the fields of a message's head or the bytes of one call.</summary>
    public const int MaxLineLength = 4 * 1024 * 1024;

    private const int FirstRoom = 64 * 1024;

    // A line that is too long is refused before there is no more room.
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(FirstRoom, FirstRoom, 2 * MaxLineLength));
    private bool _isOpen;
    private int _openJourneys;

    /// <summary>The version of the file; 0 when its first line does not say.</summary>
    public int Version { get; private set; }

    /// <summary>The number of the last line that was read, from 1 on.</summary>
    public long Line { get; private set; }

    /// <summary>The events that were read.</summary>
    public long Count { get; private set; }

    /// <summary>The last event that was read.</summary>
    public EventKind? Last { get; private set; }

    /// <summary>Why reading stopped, when it did not stop at the end of a whole file.</summary>
    public EventFault Fault { get; private set; }

    /// <summary>Reads the next event; false at the end and at the first <see cref="Fault"/>.</summary>
    public bool TryRead([NotNullWhen(true)] out TraceEvent? traceEvent)
    {
        traceEvent = null;
        while (Fault.Flaw == EventFlaw.None)
        {
            if (!TryReadLine(out var line, out var isWhole))
            {
                if (Fault.Flaw == EventFlaw.None) { Fault = End(); }
                return false;
            }
            Line++;
            if (Line == 1 && line.Span.StartsWith("\uFEFF"u8)) { line = line[3..]; }
            if (line.Span.Trim(" \t\r"u8).IsEmpty) { continue; }
            if (!registry.TryRead(line, Version, out var read, out var fault))
            {
                Fault = Line == 1 && IsUtf16(line.Span) ? new EventFault(EventFlaw.Utf16)
                    : Line == 1 && IsArchive(line.Span, _received.Unconsumed.Span) ? new EventFault(EventFlaw.Archive)
                    : isWhole || fault.Flaw != EventFlaw.NotJson ? fault
                    : new EventFault(EventFlaw.CutLine, Last?.Name ?? "");
                return false;
            }
            if (read is TraceOpened or TraceClosed)
            {
                Fault = TakeBoundary(read);
                continue;
            }
            Last = registry.KindOf(read);
            Count++;
            _openJourneys += read is JourneyStarted ? 1 : read is JourneyCompleted ? -1 : 0;
            traceEvent = read;
            return true;
        }
        return false;
    }

    // By its mark, or by the zero beside its first letter, which is '{'.
    private static bool IsUtf16(ReadOnlySpan<byte> line) => line is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [(byte)'{', 0, ..] or [0, (byte)'{', ..];

    // As each writer of archives begins: one object with the one member "log", on one line or on several.
    private static bool IsArchive(ReadOnlySpan<byte> line, ReadOnlySpan<byte> next)
    {
        var wanted = "{\"log\":"u8;
        return Follows(line, ref wanted) && Follows(next, ref wanted) && wanted.IsEmpty;

        // Takes from what is wanted what stands here, blanks aside; false where something else stands.
        static bool Follows(ReadOnlySpan<byte> text, ref ReadOnlySpan<byte> wanted)
        {
            foreach (var octet in text)
            {
                if (wanted.IsEmpty) { return true; }
                if (octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') { continue; }
                if (octet != wanted[0]) { return false; }
                wanted = wanted[1..];
            }
            return true;
        }
    }

    private EventFault TakeBoundary(TraceEvent boundary)
    {
        // Files that were joined are read one after the other.
        if (boundary is TraceOpened opened)
        {
            if (_isOpen) { return new EventFault(EventFlaw.Cut, Last?.Name ?? ""); }
            var isKnown = opened.Version is > 0 and <= EventRegistry.Version;
            if (opened.Version < 1) { return new EventFault(EventFlaw.WrongValue, Last?.Name ?? "", "version"); }
            if (!isKnown) { return new EventFault(EventFlaw.NewerVersion, Position: opened.Version); }
            (Version, Count, _isOpen) = (opened.Version, 0, true);
            return default;
        }
        _isOpen = false;
        var events = ((TraceClosed)boundary).Events;
        return events == Count ? default : new EventFault(EventFlaw.OtherCount, Last?.Name ?? "", Position: events);
    }

    private EventFault End() =>
        _isOpen || _openJourneys > 0 ? new EventFault(EventFlaw.Cut, Last?.Name ?? "")
        : Last is null && Version == 0 ? new EventFault(EventFlaw.Empty)
        : default;

    private bool TryReadLine(out ReadOnlyMemory<byte> line, out bool isWhole)
    {
        while (true)
        {
            var received = _received.Unconsumed;
            var status = _received.ReadLine(MaxLineLength, out var found, out _);
            (line, isWhole) = (received[..found.Length], status == LineStatus.Line);
            if (isWhole) { return true; }
            if (status == LineStatus.TooLong)
            {
                Line++;
                Fault = new EventFault(EventFlaw.LineTooLong);
                return false;
            }
            if (_received.HasEnded)
            {
                line = received;
                _received.Consume(received.Length);
                return received.Length > 0;
            }
            _received.Add(input.Read(_received.Room().Span));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _received.Dispose();
}
