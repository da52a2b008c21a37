using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Sockets, by their calls.</summary>
public interface ISocketSentences
{
    Phrase Connected(int descriptor, Endpoint remote, Endpoint local);

    Phrase Abandoned(int descriptor, Endpoint remote);

    Phrase NotConnected(int descriptor, Endpoint remote, Errno error);

    /// <summary>A connect() that had no answer when its journey ended.</summary>
    Phrase Unanswered(int descriptor, Endpoint remote);

    /// <summary>Why a call of the Socket library failed, in words, and its name behind them.</summary>
    Phrase Reason(Errno error);

    Phrase Reused(string host, int port, int exchanges);

    /// <summary>How a connection fared.</summary>
    Phrase Figures(TransportFigures figures);

    /// <summary>Whoever carried the connection does not say how it fared.</summary>
    Phrase NoFigures { get; }

    Phrase PeerEnded(int descriptor);

    Phrase Closed(int descriptor);

    Phrase ClosedWithNothingLeft(int descriptor);

    Phrase Sent(long bytes);

    Phrase BytesWritten(long bytes, int descriptor);

    Phrase BytesRead(long bytes, int descriptor);
}
