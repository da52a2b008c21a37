using System.Buffers.Binary;
using Firstbyte.Dns.Tapping;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Dns;

/// <summary>A stream of a <see cref="DnsTap"/> to a collector that answers (Frame Streams, bidirectional), over whatever connection.</summary>
/// <remarks>
/// <code>
///   we  READY ─►          ─► START, frames …, STOP
///                ACCEPT ◄─┘                        └─► FINISH, the end
/// </code>
/// A collector that goes is looked for again every few seconds, beside those who write: what they write meanwhile is lost, and they are told so at once.
/// Each write is of whole frames, so that a new connection begins with one.
/// </remarks>
public sealed class TapStream : WriteOnlyStream
{
    /// <summary>As fstrm waits before it connects again (fstrm_iothr_options, reopen_interval).</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    private readonly Func<Stream> _connect;
    private readonly Lock _gate = new();
    private readonly ITimer _reopening;
    private Stream? _connection;
    private bool _isDisposed;

    /// <summary>Connects, and agrees on the content.</summary>
    /// <param name="network">Whose clock counts.</param>
    /// <param name="connect">Makes a connection, whose reads and writes end in time.</param>
    /// <exception cref="IOException">Nobody is there, or it takes something else.</exception>
    public TapStream(INetwork network, Func<Stream> connect)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(connect);
        _connect = connect;
        _connection = Open();
        _reopening = network.Time.CreateTimer(_ => Reopen(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            if (_connection is null) { throw new IOException("the collector has gone"); }
            try { _connection.Write(buffer); }
            catch (IOException)
            {
                Leave();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                _reopening.Dispose();
                if (_connection is not null) { TakeLeave(_connection); }
            }
        }
        base.Dispose(disposing);
    }

    /// <summary>STOP has been written: until FINISH comes it is not known whether all has arrived. Who does not say it is not waited for longer.</summary>
    private void TakeLeave(Stream connection)
    {
        try { ReadControl(connection); }
        catch (IOException) { /* It has gone, or says nothing in time: there is nothing left to be done for it. */ }
        _connection = null;
        connection.Dispose();
    }

    private void Reopen()
    {
        Stream? connection = null;
        try
        {
            connection = Open();
            connection.Write(DnstapFrame.Start);
        }
        catch (IOException)
        {
            // It is not back yet, or has gone again.
            connection?.Dispose();
            connection = null;
        }
        lock (_gate)
        {
            if (_isDisposed) { connection?.Dispose(); }
            else if (connection is null) { Rest(); }
            else { _connection = connection; }
        }
    }

    private Stream Open()
    {
        var connection = _connect();
        try
        {
            connection.Write(DnstapFrame.Ready);
            if (DnstapFrame.IsAccept(ReadControl(connection))) { return connection; }
            throw new IOException("the collector takes something else");
        }
        catch (IOException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A control frame behind its escape and its length; empty for what is none.</summary>
    private static byte[] ReadControl(Stream connection)
    {
        var head = new byte[2 * sizeof(int)];
        connection.ReadExactly(head);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(sizeof(int)));
        if (BinaryPrimitives.ReadInt32BigEndian(head) != 0 || length is < 0 or > DnstapFrame.MaxControl) { return []; }
        var frame = new byte[length];
        connection.ReadExactly(frame);
        return frame;
    }

    private void Leave()
    {
        _connection?.Dispose();
        _connection = null;
        Rest();
    }

    private void Rest()
    {
        if (!_isDisposed) { _reopening.Change(s_rest, Timeout.InfiniteTimeSpan); }
    }
}
