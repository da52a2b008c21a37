using System.Buffers;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Tracing;

namespace Firstbyte.Captures;

/// <summary>
/// A capture that is being made: packets with the reasons of the hosts that sent or dropped them, TLS secrets before the packets that need
/// them.
/// </summary>
/// <remarks>
/// Theory of operation. A tap (of a wire, of a TUN device) says what went by; the hosts that <see cref="Listen"/> named say why: each is
/// heard through its stack's listener, and what it decides is kept until the packet that follows from it passes the tap, and becomes that
/// packet's comment. A packet that a host drops is written once more, to the ":dropped" twin of the interface it came in by.
/// TLS secrets wait for the next packet and go before it, so that a reader that goes from front to back can decrypt everything.
/// The output gets one block at a time, each whole: what is there when a run is broken off is a good capture.
/// </remarks>
public sealed class PacketCapture : IDisposable
{
    private readonly PcapngWriter _writer;
    private readonly BlockOutput _output;
    private readonly ArrayBufferWriter<byte> _secrets = new();
    private readonly List<(HostStack Stack, IHostListener? Before)> _listened = [];
    private readonly Func<Instant> _now;
    private readonly CaptureMask? _mask;
    private readonly List<CaptureLinkType> _linkTypes = [];
    private KeyLogFile? _keyLog;
    private bool _isOver;

    /// <summary>Begins a capture.</summary>
    /// <param name="output">Where the blocks go, each in one write; still the caller's to close.</param>
    /// <param name="comment">What is captured: the lab and its seed, the device.</param>
    /// <param name="now">The time of what is dropped and of the end.</param>
    /// <param name="secrets">What is done about secrets in the packets.</param>
    public PacketCapture(Stream output, string comment, Func<Instant> now, CaptureSecrets secrets = CaptureSecrets.Keep)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(now);
        _now = now;
        _mask = secrets == CaptureSecrets.Mask ? new CaptureMask() : null;
        _output = new BlockOutput(output);
        _writer = new PcapngWriter(_output, "firstbyte", _mask is null ? comment : comment + "; secrets are covered");
        _output.Flush();
    }

    /// <summary>Packets in it so far, those that were dropped included.</summary>
    public long Packets { get; private set; }

    /// <summary>Hears what a host decides, until the capture ends; whoever listened before goes on to.</summary>
    public CapturedHost Listen(string name, HostStack stack, CaptureLinkType linkType = CaptureLinkType.Ethernet)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var host = new CapturedHost(this, name, linkType, stack.Listener);
        _listened.Add((stack, stack.Listener));
        stack.Listener = host;
        return host;
    }

    /// <summary>Declares an interface and returns its number.</summary>
    /// <param name="name">A short name, as of a link's end.</param>
    /// <param name="linkType">What its packets begin with.</param>
    /// <param name="description">A sentence about it, or null.</param>
    /// <param name="bitsPerSecond">The speed; 0 when unlimited.</param>
    public int AddInterface(string name, CaptureLinkType linkType, string? description = null, long bitsPerSecond = 0)
    {
        var number = _writer.AddInterface(name, linkType, description, bitsPerSecond);
        // The twins for what is dropped have numbers too.
        while (_linkTypes.Count <= number) { _linkTypes.Add(linkType); }
        _output.Flush();
        return number;
    }

    /// <summary>Gives an address a name that readers show in its place.</summary>
    public void AddName(IpAddress address, string name)
    {
        _writer.AddName(address, name);
        _output.Flush();
    }

    /// <summary>Adds lines of a TLS key log (RFC 9850), to go before the next packet; none where secrets are covered.</summary>
    public void AddTlsSecrets(ReadOnlySpan<byte> lines)
    {
        if (_mask is null) { _secrets.Write(lines); }
    }

    /// <summary>Takes the lines that are added to a key log file from now on, as TLS libraries write one where the variable SSLKEYLOGFILE names it.</summary>
    /// <remarks>
    /// The library writes a secret when it has read the packet that brought it, and that packet needs it already: from now on blocks are held
    /// back until <see cref="Release"/> says that what has come was read.
    /// </remarks>
    public void FollowTlsSecrets(string path)
    {
        if (_mask is not null) { return; }
        _keyLog = new KeyLogFile(path);
        _output.IsHeld = true;
    }

    /// <summary>What has come so far was read: the secrets that it brought are written, and then what was held back.</summary>
    public void Release()
    {
        if (_keyLog is null || !_output.IsHeld) { return; }
        _keyLog.ReadNew(_secrets);
        if (_secrets.WrittenCount > 0) { _output.WriteBefore(WriteSecrets); }
        _output.Release();
    }

    /// <summary>Adds a packet that passed an interface.</summary>
    /// <param name="interfaceNumber">Which interface.</param>
    /// <param name="host">The host at that interface, whose reason goes along with what it sends; null when none is known.</param>
    /// <param name="at">When.</param>
    /// <param name="packet">The bytes, from what the interface's packets begin with.</param>
    /// <param name="direction">As seen from the interface.</param>
    public void Write(int interfaceNumber, CapturedHost? host, Instant at, ReadOnlySpan<byte> packet, CaptureDirection direction)
    {
        if (_isOver) { return; }
        FlushSecrets();
        Packets++;
        _writer.WritePacket(
            interfaceNumber, at, Masked(interfaceNumber, packet), direction,
            direction == CaptureDirection.Outbound ? host?.TakeReason(packet) : null);
        _output.Flush();
    }

    /// <summary>Adds a packet that was lost at an interface.</summary>
    /// <param name="interfaceNumber">Which interface.</param>
    /// <param name="at">When.</param>
    /// <param name="packet">The bytes.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="direction">As seen from the interface.</param>
    public void WriteDropped(int interfaceNumber, Instant at, ReadOnlySpan<byte> packet, string reason, CaptureDirection direction)
    {
        if (_isOver) { return; }
        FlushSecrets();
        Packets++;
        _writer.WriteDropped(interfaceNumber, at, Masked(interfaceNumber, packet), reason, direction);
        _output.Flush();
    }

    /// <summary>Ends the capture with the statistics of its interfaces; packets that come later are not written.</summary>
    public void Dispose()
    {
        if (_isOver) { return; }
        _isOver = true;
        foreach (var (stack, before) in _listened) { stack.Listener = before; }
        Release();
        _output.IsHeld = false;
        _keyLog?.Dispose();
        FlushSecrets();
        _writer.Complete(_now());
        _output.Flush();
    }

    internal void WriteDropped(int interfaceNumber, ReadOnlySpan<byte> packet, string reason) =>
        WriteDropped(interfaceNumber, _now(), packet, reason, CaptureDirection.Inbound);

    private ReadOnlySpan<byte> Masked(int interfaceNumber, ReadOnlySpan<byte> packet) => _mask is null ? packet : _mask.Of(_linkTypes[interfaceNumber], packet);

    private void FlushSecrets()
    {
        if (_secrets.WrittenCount == 0) { return; }
        WriteSecrets();
        _output.Flush();
    }

    private void WriteSecrets()
    {
        _writer.AddTlsSecrets(_secrets.WrittenSpan);
        _secrets.ResetWrittenCount();
    }

    /// <summary>Collects what the writer puts out until the block is whole, and longer where it is held.</summary>
    private sealed class BlockOutput(Stream stream) : IBufferWriter<byte>
    {
        /// <summary>Bytes that are held back at most (own choice: more than a round trip of a fast network).</summary>
        private const int MaxHeld = 1 << 22;

        private ArrayBufferWriter<byte> _blocks = new();
        private ArrayBufferWriter<byte> _before = new();

        public bool IsHeld { get; set; }

        public void Advance(int count) => _blocks.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _blocks.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _blocks.GetSpan(sizeHint);

        public void Flush()
        {
            if (!IsHeld || _blocks.WrittenCount > MaxHeld) { Release(); }
        }

        public void Release()
        {
            if (_blocks.WrittenCount == 0) { return; }
            stream.Write(_blocks.WrittenSpan);
            stream.Flush();
            _blocks.ResetWrittenCount();
        }

        /// <summary>Puts blocks out before those that are held.</summary>
        public void WriteBefore(Action write)
        {
            (_blocks, _before) = (_before, _blocks);
            write();
            Release();
            (_blocks, _before) = (_before, _blocks);
        }
    }
}
