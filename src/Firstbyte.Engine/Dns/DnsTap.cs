using Firstbyte.Addressing;
using Firstbyte.Dns.Tapping;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Writes down the messages of a resolver in dnstap's form, on whatever thread they are seen.</summary>
/// <remarks>
/// Frames are gathered in memory and written when there are many, and each second. What cannot be written is dropped and counted, and nobody waits for
/// more than one write: a full disk ends no service.
/// </remarks>
public sealed class DnsTap : IDisposable
{
    /// <summary>What a place begins with that is the socket of a collector: <c>unix:PATH</c>.</summary>
    public const string SocketPrefix = "unix:";

    /// <summary>How long a collector may stand still (own choice): a client asks again after as long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int Room = 256 * 1024, Enough = 128 * 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly INetwork _network;
    private readonly Stream _stream;
    private readonly byte[] _identity;
    private readonly byte[] _gathered = new byte[Room];
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private int _length;
    private int _waiting;
    private bool _isDisposed;

    /// <summary>Begins a stream.</summary>
    /// <param name="network">Whose clock says when a message was seen.</param>
    /// <param name="stream">Where it is written to; it is closed in the end.</param>
    /// <param name="identity">What the server is called; empty for nothing.</param>
    public DnsTap(INetwork network, Stream stream, string identity = "")
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _stream, _identity) = (network, stream, System.Text.Encoding.UTF8.GetBytes(identity));
        DnstapFrame.Start.CopyTo(_gathered, 0);
        _length = DnstapFrame.Start.Length;
        _timer = network.Time.CreateTimer(_ => Flush(), null, s_pause, s_pause);
    }

    /// <summary>Messages that were written.</summary>
    public long Written { get; private set; }

    /// <summary>Messages that could not be written.</summary>
    public long Dropped { get; private set; }

    /// <summary>A client's query and what is said to it; nothing where nothing is.</summary>
    public void TellClient(DnsTransport transport, Endpoint client, Endpoint server, Instant asked, ReadOnlySpan<byte> query, ReadOnlySpan<byte> response)
    {
        lock (_gate)
        {
            Add(new TappedMessage(TapPoint.ClientQuery, transport, client, server, asked), query);
            if (response.Length > 0) { Add(new TappedMessage(TapPoint.ClientResponse, transport, client, server, Now()), response); }
        }
    }

    /// <summary>A message to a server, or from one.</summary>
    internal void TellServer(TapPoint point, DnsTransport transport, Endpoint server, ReadOnlySpan<byte> message)
    {
        // Who asks is a socket of many, and has no other name than the family's.
        var own = new Endpoint(server.Address.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6, 0);
        lock (_gate) { Add(new TappedMessage(point, transport, own, server, Now()), message); }
    }

    /// <summary>When it is.</summary>
    public Instant Now() => NetworkClock.Now(_network);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) { return; }
            _isDisposed = true;
            _timer.Dispose();
            DnstapFrame.Stop.CopyTo(_gathered, _length);
            _length += DnstapFrame.Stop.Length;
            Write();
            _stream.Dispose();
        }
    }

    private void Add(in TappedMessage seen, ReadOnlySpan<byte> message)
    {
        if (_isDisposed || message.Length > MessageView.MaxLength) { return; }
        if (_length > Enough) { Write(); }
        _length += DnstapFrame.Write(_gathered.AsSpan(_length), seen, message, _identity);
        _waiting++;
    }

    private void Flush()
    {
        lock (_gate) { if (!_isDisposed && _length > 0) { Write(); } }
    }

    private void Write()
    {
        try
        {
            _stream.Write(_gathered.AsSpan(0, _length));
            _stream.Flush();
            Written += _waiting;
        }
        catch (IOException) { Dropped += _waiting; }
        (_length, _waiting) = (0, 0);
    }
}
