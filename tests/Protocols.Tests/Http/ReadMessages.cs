using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

/// <summary>Drives a reader as a connection does: shows what is unconsumed, adds the next piece, and writes down what happened.</summary>
internal static class ReadMessages
{
    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    /// <summary>Reads one response that arrives in the given pieces, then ends if <paramref name="ends"/>.</summary>
    public static ResponseLog Response(byte[] wire, RequestKind kind = RequestKind.Other, bool ends = true, bool strict = false, bool ownClose = false, params int[] cuts)
    {
        var reader = new ResponseReader { IsStrict = strict };
        reader.Begin(new ResponseHead(), kind, ownClose);
        var log = new ResponseLog(reader);
        var (shown, available, cut) = (0, 0, 0);
        // Every turn consumes bytes, adds a piece or ends: twice the bytes and the pieces is more than enough.
        for (var turn = 0; turn < 4 * wire.Length + 4 * cuts.Length + 16; turn++)
        {
            var whole = available == wire.Length;
            var next = reader.Read(wire.AsSpan(shown, available - shown), whole && ends, out var consumed);
            Assert.InRange(consumed, 0, available - shown);
            switch (next.Kind)
            {
                case MessageEventKind.NeedMore when whole:
                    shown += consumed;
                    Assert.False(ends);
                    log.Events.Add("need more");
                    return log;
                case MessageEventKind.NeedMore:
                    shown += consumed;
                    available = cut < cuts.Length ? Math.Clamp(cuts[cut++], available, wire.Length) : wire.Length;
                    continue;
                case MessageEventKind.Informational:
                    log.Events.Add($"informational {reader.Head.Status} {reader.Head.ReasonText}{Fields(reader.Head.Fields)}");
                    break;
                case MessageEventKind.Head:
                    log.Events.Add($"head 1.{reader.Head.MinorVersion} {reader.Head.Status} {reader.Head.ReasonText}{Fields(reader.Head.Fields)} {reader.Head.Framing} {reader.Head.WireBytes}");
                    break;
                case MessageEventKind.Body:
                    Assert.InRange(next.BodyLength, 1, consumed);
                    Assert.InRange(next.BodyStart + next.BodyLength, 1, consumed);
                    log.Body.AddRange(wire.AsSpan(shown + next.BodyStart, next.BodyLength));
                    break;
                case MessageEventKind.Trailers:
                    log.Events.Add($"trailers{Fields(reader.Head.Trailers)}");
                    break;
                case MessageEventKind.Complete:
                    log.Events.Add($"complete {reader.KeepReason}");
                    log.Rest = wire.Length - shown - consumed;
                    return log;
                default:
                    log.Events.Add($"failed {reader.Failure.Fault} at {reader.Failure.Position} by {reader.Failure.AtFault}");
                    Assert.NotEqual(MessageFault.None, reader.Failure.Fault);
                    return log;
            }
            shown += consumed;
        }
        throw new InvalidOperationException("the reader does not come to an end");
    }

    public static ResponseLog Response(string wire, RequestKind kind = RequestKind.Other, bool ends = true, bool strict = false) =>
        Response(Bytes(wire), kind, ends, strict);

    /// <summary>Reads one request from the given pieces.</summary>
    public static RequestLog Request(byte[] wire, bool ends = true, params int[] cuts)
    {
        var reader = new RequestReader();
        reader.Begin(new RequestHead());
        var log = new RequestLog(reader);
        var (shown, available, cut) = (0, 0, 0);
        for (var turn = 0; turn < 4 * wire.Length + 4 * cuts.Length + 16; turn++)
        {
            var whole = available == wire.Length;
            var next = reader.Read(wire.AsSpan(shown, available - shown), whole && ends, out var consumed);
            Assert.InRange(consumed, 0, available - shown);
            switch (next.Kind)
            {
                case MessageEventKind.NeedMore when whole:
                    log.Events.Add("need more");
                    return log;
                case MessageEventKind.NeedMore:
                    shown += consumed;
                    available = cut < cuts.Length ? Math.Clamp(cuts[cut++], available, wire.Length) : wire.Length;
                    continue;
                case MessageEventKind.Head:
                    log.Events.Add($"head {reader.Head.MethodText} {reader.Head.TargetText} {reader.Head.Version}{Fields(reader.Head.Fields)} {reader.Head.Framing}{(reader.Head.ExpectsContinue ? " expects 100" : "")}");
                    break;
                case MessageEventKind.Body:
                    log.Body.AddRange(wire.AsSpan(shown + next.BodyStart, next.BodyLength));
                    break;
                case MessageEventKind.Trailers:
                    log.Events.Add($"trailers{Fields(reader.Head.Trailers)}");
                    break;
                case MessageEventKind.Complete:
                    log.Events.Add($"complete {reader.KeepReason}");
                    log.Rest = wire.Length - shown - consumed;
                    return log;
                default:
                    log.Events.Add($"failed {reader.Failure.Fault} ({RequestReader.StatusFor(reader.Failure.Fault)})");
                    return log;
            }
            shown += consumed;
        }
        throw new InvalidOperationException("the reader does not come to an end");
    }

    public static RequestLog Request(string wire, bool ends = true) => Request(Bytes(wire), ends);

    private static string Fields(FieldTable table) => string.Concat(table.ToFields().Select(field => $" [{field.Name}: {field.Value}]"));
}

internal sealed class ResponseLog(ResponseReader reader)
{
    public ResponseReader Reader { get; } = reader;
    public List<string> Events { get; } = [];
    public List<byte> Body { get; } = [];
    public int Rest { get; set; }
    public string Text => Encoding.Latin1.GetString([.. Body]);
    public string Last => Events[^1];

    /// <summary>Everything that the splitting of the bytes must not change.</summary>
    public string Summary => $"{string.Join('\n', Events)}\n{Text}\n{string.Join(' ', Reader.Flaws.Found.ToArray())}\n{Reader.Position} {Reader.BodyBytes}";
}

internal sealed class RequestLog(RequestReader reader)
{
    public RequestReader Reader { get; } = reader;
    public List<string> Events { get; } = [];
    public List<byte> Body { get; } = [];
    public int Rest { get; set; }
    public string Text => Encoding.Latin1.GetString([.. Body]);
    public string Last => Events[^1];
    public string Summary => $"{string.Join('\n', Events)}\n{Text}\n{string.Join(' ', Reader.Flaws.Found.ToArray())}\n{Reader.Position} {Reader.BodyBytes}";
}
