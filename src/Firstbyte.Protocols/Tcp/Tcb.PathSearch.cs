using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// A path that drops large packets and says nothing: when nothing arrives any more the segments become smaller, and then larger ones are
// tried, one at a time, until the largest is found that arrives (packetization-layer path MTU discovery: RFC 4821, RFC 8899).
public partial struct Tcb
{
    /// <summary>BASE_PLPMTU of RFC 8899 section 5.1.2 is 1,200 octets; this is what it leaves beside the headers of IPv4 and TCP.</summary>
    private const int SearchBase = 1_160;

    /// <summary>The search ends when it could gain less than this (RFC 4821 section 7.3 leaves it open; an option's worth).</summary>
    private const int SearchStep = 16;

    /// <summary>Losses after which a size is believed not to arrive: one may be chance (RFC 8899 section 5.1.2 allows three).</summary>
    private const int TriesPerSize = 2;

    /// <summary>
    /// Timeouts in a row after which even a size is doubted in which text has arrived (own choice): where four of ten round trips fail, three in a row are
    /// everyday, six are one in 250, and a path that has become narrower in the middle of a connection is found after six all the same.
    /// </summary>
    private const int DoubtProvenAfter = 6;

    /// <summary>
    /// A full-stop timeout (RFC 4821 section 7.7): what is sent may be too large for a path that does not say so; each further timeout
    /// quarters it again. The waits double meanwhile, so that halving would reach the smallest path of IPv4 only after a minute and a half.
    /// If it was a mere interruption, the first larger segment that is tried brings the old size back.
    /// </summary>
    private void DoubtSegmentSize(ref TcpOutputs outputs)
    {
        if (!IsSynchronized) { return; }
        // Mere loss would take a size that arrives down to crumbs, step by step, and keep it there.
        if (_baseSegmentSize <= SearchBase && _sizeArrives && Retransmissions < DoubtProvenAfter) { return; }
        var smaller = _baseSegmentSize > SearchBase ? SearchBase : Math.Max(_baseSegmentSize / 4, SmallestPathSegmentSize);
        // Only a large segment can have been too large. A small one is doubted as late as one that has arrived before.
        if (Flight <= smaller)
        {
            if (Retransmissions < DoubtProvenAfter) { return; }
            smaller = Math.Max(Flight / 4, SmallestPathSegmentSize);
        }
        // What is smaller still is no cure.
        if (smaller >= _baseSegmentSize || Flight <= smaller) { return; }
        if (_searchHigh < _baseSegmentSize) { _searchHigh = _baseSegmentSize; }
        var before = SegmentSize;
        _baseSegmentSize = smaller;
        _sizeProbeLosses = 0;
        _sizeProbed = _searchHigh;
        (_sizeArrives, _sizeSince) = (false, SendUnacknowledged);
        SetSegmentSize();
        outputs.Tell(TcpClause.SegmentSizeDoubted, TcpQuantity.SegmentSize, before, SegmentSize);
    }

    /// <summary>
    /// Sends a segment that is larger than the others, where there is text enough to go on if it is lost; true when it did. It waits for its
    /// room in the congestion window (RFC 4821 section 7.4): what is acknowledged meanwhile makes it.
    /// </summary>
    private bool TrySizeProbe(Instant now, out bool waits, ref TcpOutputs outputs)
    {
        waits = false;
        if (_searchHigh == 0 || _sizeProbeUnderway || !UsesSelectiveAcknowledgment) { return false; }
        // Where every window has its loss it is never calmer than when all that is known to be lost has been sent again.
        var isCalm = _scoreboard.LostOctets == 0;
        var size = _sizeProbed;
        var offered = (int)Math.Min(SendWindow, int.MaxValue) - Flight;
        if (!isCalm || !outputs.HasRoom || offered < size || SendEnd - SendNext < size + SegmentSize) { return false; }
        // One segment may always be under way, however small the window has become in crumbs.
        waits = Pipe > 0 && _congestion.Window - Pipe < size;
        if (waits) { return false; }
        var left = SendNext;
        var sent = EmitText(left, size, now, ref outputs, largest: size);
        if (sent == 0) { return false; }
        SendNext += sent;
        outputs.Tell(TcpClause.SegmentSizeProbed);
        (_sizeProbeUnderway, _sizeProbeLeft, _sizeProbeRight) = (true, left, left + sent);
        return true;
    }

    /// <summary>
    /// After an acknowledgment: whether the probe has arrived or is lost. True when the probe is all that is lost, which is no congestion
    /// (RFC 4821 section 7.6.2).
    /// </summary>
    private bool JudgeSizeProbe(ref TcpOutputs outputs)
    {
        if (!_sizeProbeUnderway) { return false; }
        if (SendUnacknowledged >= _sizeProbeRight || _scoreboard.HasArrived(SequenceNumber.Max(_sizeProbeLeft, SendUnacknowledged), _sizeProbeRight))
        {
            var before = SegmentSize;
            _sizeProbeUnderway = false;
            _sizeProbeLosses = 0;
            _baseSegmentSize = _sizeProbed;
            _sizeArrives = true;
            SetSegmentSize();
            outputs.Tell(TcpClause.SegmentSizeRaised, TcpQuantity.SegmentSize, before, SegmentSize);
            ChooseNextSize(ref outputs);
            return false;
        }
        var lost = _scoreboard.LostBetween(_sizeProbeLeft, _sizeProbeRight);
        if (lost == 0) { return false; }
        _sizeProbeUnderway = false;
        outputs.Tell(TcpClause.SegmentSizeProbeLost);
        if (++_sizeProbeLosses >= TriesPerSize)
        {
            _searchHigh = _sizeProbed - 1;
            _sizeProbeLosses = 0;
            ChooseNextSize(ref outputs);
        }
        return _scoreboard.LostOctets == lost;
    }

    /// <summary>After an acknowledgment that advances: text of the present size has arrived when as much has as fills a segment.</summary>
    private void NoteSizeArrives()
    {
        if (!_sizeArrives && SendUnacknowledged - _sizeSince >= SegmentSize) { _sizeArrives = true; }
    }

    private void ChooseNextSize(ref TcpOutputs outputs)
    {
        if (_searchHigh - _baseSegmentSize >= SearchStep)
        {
            _sizeProbed = _baseSegmentSize + (_searchHigh - _baseSegmentSize + 1) / 2;
            return;
        }
        outputs.Tell(TcpClause.SegmentSizeFound);
        outputs.Signals |= TcpSignals.PathMtuFound;
        _searchHigh = 0;
    }

    /// <summary>A router has named a size after all.</summary>
    private void NarrowSearch(int segmentSize)
    {
        if (_searchHigh == 0) { return; }
        _searchHigh = Math.Clamp(segmentSize, _baseSegmentSize, _searchHigh);
        _sizeProbed = Math.Min(_sizeProbed, Math.Max(_searchHigh, _baseSegmentSize + 1));
        _sizeProbeUnderway = false;
        if (_searchHigh - _baseSegmentSize < SearchStep) { _searchHigh = 0; }
    }
}
