using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>What a message was read as.</summary>
internal readonly record struct MessageVerdict(MessageEventKind End, long Body, int Status, int Fields, int Trailers, BodyFraming Framing, MessageFailure Failure);

/// <summary>Gives a reader the bytes of a message: all at once, one by one, or in pieces drawn by choices.</summary>
internal static class MessageDriver
{
    public static IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\0", ":", " ", "\t", ",", ";", "0", "ffffffffffffffff", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.1 ", "chunked",
            "Host: a\r\n", "X: y\r\n", "Connection: close\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public delegate MessageEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed);

    /// <summary>Messages, each behind the choices with which all of it is given at once, and behind others.</summary>
    public static IEnumerable<byte[]> Seeds(params string[] messages) => messages.Select(Encoding.Latin1.GetBytes)
        .SelectMany(static wire => new[] { FuzzChoices.Before(wire), FuzzChoices.Before(wire, 1), FuzzChoices.Before(wire, 2), FuzzChoices.Before(wire, 3) });

    public static (MessageEventKind End, long Body) Drive(ReadOnlySpan<byte> wire, Func<int>? piece, Read read)
    {
        var (shown, available, body) = (0, piece is null ? wire.Length : 0, 14695981039346656037UL);
        while (true)
        {
            var next = read(wire[shown..available], available == wire.Length, out var consumed);
            if (consumed < 0 || consumed > available - shown) { throw new FuzzFindingException($"consumed {consumed} of {available - shown}"); }
            if (next.Kind == MessageEventKind.Body)
            {
                if (next.BodyLength <= 0 || next.BodyStart < 0 || next.BodyStart + next.BodyLength > consumed) { throw new FuzzFindingException($"a run outside what was consumed: {next}"); }
                foreach (var value in wire.Slice(shown + next.BodyStart, next.BodyLength)) { body = (body ^ value) * 1099511628211; }
            }
            shown += consumed;
            if (next.Kind is MessageEventKind.Complete or MessageEventKind.Failed) { return (next.Kind, (long)body); }
            if (next.Kind != MessageEventKind.NeedMore) { continue; }
            if (available == wire.Length) { throw new FuzzFindingException("needs more after the end"); }
            available = Math.Min(wire.Length, available + piece!());
        }
    }
}
