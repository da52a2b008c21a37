using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Frames, and what elements decide about them.</summary>
public interface IFrameSentences
{
    /// <summary>What a frame carries, in a learner's words.</summary>
    Phrase Frame(FrameSummary frame);

    Phrase Sends(FrameSummary frame);

    Phrase Gets(FrameSummary frame);

    /// <summary>A router's decision, with the rows that made it.</summary>
    Phrase Forwarded(FrameForwarded forwarded);

    Phrase Switched(FrameSwitched switched);

    Phrase Repeated(int copies);

    Phrase Lost(string link, FrameDropReason reason);

    Phrase Dropped(FrameDropReason reason);

    Phrase NeighborLearned(IpAddress address, MacAddress hardware);

    Phrase NeighborForgotten(IpAddress address);

    Phrase StationLearned(MacAddress station, string port);

    Phrase StationForgotten(MacAddress station);

    Phrase RouteChanged(RouteChanged change);

    Phrase TranslationChanged(TranslationChanged change);

    Phrase StateChanged(Tcp.TcpState before, Tcp.TcpState after);

    Phrase CableIn { get; }

    Phrase CableOut { get; }

    /// <summary>By which row a host sends a packet of its own.</summary>
    Phrase Route(string row, IpAddress gateway, string outbound, bool asksForNeighbor);

    Phrase HasPacketFor(IpAddress destination);

    /// <summary>What stands between two decisions.</summary>
    string Between { get; }
}
