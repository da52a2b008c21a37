using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>Which transfers may use a connection.</summary>
/// <param name="Scheme">The scheme of the URL.</param>
/// <param name="Host">The host, as it is connected to.</param>
/// <param name="Port">The port, as it is connected to.</param>
/// <param name="Way">Proxies, own addresses and settings of TLS.</param>
internal sealed record CurlWireKey(string Scheme, string Host, int Port, string Way);

/// <summary>A connection with what has come on it and is not read yet.</summary>
internal sealed class CurlWire(IByteStream stream, Endpoint local, Endpoint remote) : IDisposable
{
    // A page has room in the first buffer; what fills it is long, and then each call of the system brings as much as a socket holds (own choice).
    private const int FirstRoom = 16 * 1024, BulkRoom = 256 * 1024;

    private byte[] _buffer = new byte[FirstRoom];
    private int _start;
    private int _end;
    private bool _wasFilled;
    private Task<int>? _idle;

    public IByteStream Stream { get; set; } = stream;

    public Endpoint Local => local;

    public Endpoint Remote => remote;

    public CurlWireKey? Key { get; set; }

    public long Number { get; init; }

    /// <summary>Transfers that it has carried.</summary>
    public int Uses { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>Its other end has answered in HTTP/1.0.</summary>
    public bool SpeaksOld { get; set; }

    /// <summary>Whether it is closed after the transfer.</summary>
    public bool Closes { get; set; }

    /// <summary>Bytes that came for the transfer under way.</summary>
    public long Received { get; set; }

    /// <summary>Reads beside the transfer what is taken off the connection; null where nobody does.</summary>
    public CurlJudge? Judge { get; set; }

    /// <summary>The pace of the transfer under way; null for any.</summary>
    public CurlPace? Pace { get; set; }

    /// <summary>For FTP: the folder in which the session began, and the one in which it is.</summary>
    public CurlFtpState? Ftp { get; set; }

    public ReadOnlyMemory<byte> Pending => _buffer.AsMemory(_start, _end - _start);

    public int Count => _end - _start;

    public void Consume(int count)
    {
        Judge?.Take(_buffer.AsSpan(_start, count));
        _start += count;
    }

    /// <summary>Receives more behind what is there; false at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (HasEnded) { return false; }
        if (_idle is { } idle)
        {
            _idle = null;
            using var registration = stop.UnsafeRegister(static stream => ((IByteStream)stream!).Close(), Stream);
            return await TookAsync(await idle, stop);
        }
        Room();
        return await TookAsync(await Stream.ReceiveAsync(_buffer.AsMemory(_end), stop), stop);
    }

    // What is taken late is acknowledged late, and its sender slows down.
    private async ValueTask<bool> TookAsync(int count, CancellationToken stop)
    {
        if (Pace is { } pace && count > 0) { await pace.PassAsync(_buffer.AsMemory(_end, count), stop); }
        return Took(count);
    }

    private bool Took(int count)
    {
        _end += count;
        _wasFilled = _end == _buffer.Length;
        Received += count;
        HasEnded = count == 0;
        return count > 0;
    }

    private void Room()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_wasFilled && _buffer.Length < BulkRoom) { _buffer = new byte[BulkRoom]; }
        }
        if (_end < _buffer.Length) { return; }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            return;
        }
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    /// <summary>The next line with its end; what there is where the connection ends in it; null where there is nothing more.</summary>
    /// <param name="most">Bytes that a line may have.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CurlStop">It is longer.</exception>
    public async ValueTask<byte[]?> ReadLineAsync(int most, CancellationToken stop)
    {
        var looked = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsSpan(_start, looked + at + 1).ToArray();
                Consume(line.Length);
                return line;
            }
            looked = Count;
            if (looked > most) { throw new CurlStop(CurlCode.TooLarge, "Too large response headers"); }
            if (await FillAsync(stop)) { continue; }
            if (Count == 0) { return null; }
            var rest = Pending.ToArray();
            Consume(rest.Length);
            return rest;
        }
    }

    /// <summary>Listens while nothing is expected: whatever comes says that the connection is of no use any more.</summary>
    public void Rest()
    {
        Uses++;
        Pace = null;
        if (_idle is null && !HasEnded && Count == 0)
        {
            Room();
            _idle = ReceiveIdleAsync();
        }
    }

    private async Task<int> ReceiveIdleAsync() => await Stream.ReceiveAsync(_buffer.AsMemory(_end));

    /// <summary>Whether it can be used again, as far as is known here.</summary>
    public bool IsAlive => !HasEnded && Count == 0 && _idle is not { IsCompleted: true };

    public void Dispose()
    {
        if (_idle is { } idle) { _ = ObserveAsync(idle); }
        Stream.Close();
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "VSTHRD003",
        Justification = "Only its end is awaited, so that its failure does not go unobserved.")]
    private static async Task ObserveAsync(Task idle)
    {
        try { await idle; }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            /* The connection is closed, which is what it says. */
        }
    }
}

/// <summary>Where an FTP session is.</summary>
internal sealed class CurlFtpState
{
    public string? Entry { get; set; }

    /// <summary>Folders below the entry, where the session is; null where nobody knows.</summary>
    public string? Folder { get; set; }

    public char Type { get; set; }

    public bool NoEpsv { get; set; }

    public bool NoEprt { get; set; }

    public bool IsProtected { get; set; }
}
