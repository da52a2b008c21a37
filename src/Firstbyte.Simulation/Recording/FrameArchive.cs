using System.Runtime.CompilerServices;
using Firstbyte.Captures;
using Firstbyte.Frames;

namespace Firstbyte.Simulation.Recording;

/// <summary>The bytes of the frames that were told of, for as long as what was told is kept.</summary>
/// <remarks>A frame is told at both ends of each cable and by each port of a hub: equal ones that follow each other are kept once.</remarks>
/// <param name="secrets">What is done about secrets in them.</param>
public sealed class FrameArchive(CaptureSecrets secrets = CaptureSecrets.Keep)
{
    /// <summary>Frames among which an equal one is looked for (own choice): the copies of a hub with that many ports.</summary>
    private const int Recent = 16;

    private readonly ConditionalWeakTable<FrameSeen, byte[]> _frames = [];
    private readonly byte[]?[] _recent = new byte[]?[Recent];
    private readonly CaptureMask? _mask = secrets == CaptureSecrets.Mask ? new CaptureMask() : null;
    private int _next;

    /// <summary>The bytes of a frame, from its Ethernet header on; empty for one that this archive has not seen.</summary>
    public ReadOnlyMemory<byte> BytesOf(FrameSeen seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return _frames.TryGetValue(seen, out var bytes) ? bytes : default;
    }

    internal void Keep(FrameSeen seen, ReadOnlySpan<byte> frame)
    {
        if (_mask is not null) { frame = _mask.Of(CaptureLinkType.Ethernet, frame); }
        foreach (var one in _recent)
        {
            if (one is null || !frame.SequenceEqual(one)) { continue; }
            _frames.Add(seen, one);
            return;
        }
        var bytes = frame.ToArray();
        _recent[_next] = bytes;
        _next = (_next + 1) % Recent;
        _frames.Add(seen, bytes);
    }
}
