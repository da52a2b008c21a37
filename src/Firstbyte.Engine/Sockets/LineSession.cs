using System.Text;
using Firstbyte.Lines;

namespace Firstbyte.Sockets;

/// <summary>The lines of one client of a server that speaks in lines (SMTP, NNTP): read with a limit and patience, answered together where they came together.</summary>
/// <param name="network">Whose clock it is.</param>
/// <param name="socket">The client's connection, which is its owner's to close.</param>
/// <param name="longest">The longest line that is taken, in bytes.</param>
/// <param name="patience">How long it waits for a line.</param>
/// <param name="tooLong">What is answered to a longer one, before it is left.</param>
internal sealed class LineSession(INetwork network, ISocket socket, int longest, TimeSpan patience, string tooLong) : IDisposable
{
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(1024, 16 * 1024, 4 * longest));
    private readonly StringBuilder _replies = new();
    private LineScanner _scanner;

    /// <summary>What it speaks over.</summary>
    public IByteStream Stream { get; private set; } = new SocketByteStream(socket);

    /// <summary>Whether that is TLS.</summary>
    public bool IsSecured { get; private set; }

    /// <summary>Whether bytes are here that were not read.</summary>
    public bool HasMore => _received.Length > 0;

    /// <inheritdoc/>
    public void Dispose() => _received.Dispose();

    /// <summary>Goes on over TLS.</summary>
    public async ValueTask SecureAsync(Func<IByteStream, CancellationToken, ValueTask<IByteStream>> secure, CancellationToken cancellationToken)
    {
        await FlushAsync();
        Stream = await secure(Stream, cancellationToken);
        IsSecured = true;
    }

    /// <summary>The next line without its end; null where none comes, or one that is too long.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            switch (Take(out var line))
            {
                case LineStatus.Line: return line;
                case LineStatus.TooLong:
                    await ReplyAsync(tooLong);
                    await FlushAsync();
                    return null;
                default: break;
            }
            await FlushAsync();
            if (_received.HasEnded) { return null; }
            await _received.ReceiveAsync(Stream, both.Token);
        }
    }

    /// <summary>Answers. What answers several commands at once goes out at once (RFC 2920 3.2).</summary>
    public ValueTask ReplyAsync(string reply)
    {
        _replies.Append(reply).Append("\r\n");
        return HasMore ? ValueTask.CompletedTask : FlushAsync();
    }

    /// <summary>Sends what was answered, and bytes behind it.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await FlushAsync();
        await Stream.SendAsync(bytes);
    }

    /// <summary>Sends what was answered.</summary>
    public async ValueTask FlushAsync()
    {
        if (_replies.Length == 0) { return; }
        var bytes = Encoding.UTF8.GetBytes(_replies.ToString());
        _replies.Clear();
        await Stream.SendAsync(bytes);
    }

    private LineStatus Take(out byte[] line)
    {
        var status = _scanner.Next(_received.Span, longest, out var length, out var wireLength);
        line = status == LineStatus.Line ? _received.Span[..length].ToArray() : [];
        if (status == LineStatus.Line) { _received.Consume(wireLength); }
        return status;
    }
}
