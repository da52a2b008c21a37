using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>A network whose datagrams can be received and sent many at a call: what a server needs that answers hundreds of thousands a second.</summary>
/// <remarks>
/// Only Linux has such calls. A program asks whether it is there and otherwise does the same by <see cref="ISocket"/>; what is answered is the
/// same function either way.
/// </remarks>
public interface IBatchNetwork : INetwork
{
    /// <summary>
    /// Binds sockets to one address, so that each thread has its own and the system spreads clients over them; null where there is no such
    /// thing.
    /// </summary>
    /// <param name="local">Where; port 0 lets the system choose.</param>
    /// <param name="sockets">How many.</param>
    /// <exception cref="NetworkException">EADDRINUSE, EADDRNOTAVAIL, EACCES, EMFILE: nothing stays open then.</exception>
    IReadOnlyList<IDatagramBatch>? BindBatches(Endpoint local, int sockets);
}

/// <summary>A datagram socket with a thread of its own.</summary>
public interface IDatagramBatch : IDisposable
{
    /// <summary>The address and port.</summary>
    Endpoint LocalEndpoint { get; }

    /// <summary>Answers datagrams on a new thread until the socket is closed; done when that thread has ended.</summary>
    /// <exception cref="NetworkException">The socket broke.</exception>
    Task ServeAsync(IDatagramAnswerer answerer);

    /// <summary>How many datagrams have come together and are being answered. For the answering thread only.</summary>
    int Count { get; }

    /// <summary>One of those, to look ahead. For the answering thread only.</summary>
    ReadOnlySpan<byte> this[int index] { get; }

    /// <summary>
    /// Which of the host's addresses the datagram that is being answered was sent to, for an answer that goes out later; empty where the socket has one
    /// address. For the answering thread only.
    /// </summary>
    ReadOnlySpan<byte> Origin { get; }

    /// <summary>Sends an answer that took longer, from any thread; false when it did not leave.</summary>
    /// <param name="answer">The datagram.</param>
    /// <param name="remote">To whom.</param>
    /// <param name="origin">What <see cref="Origin"/> was.</param>
    bool TrySend(ReadOnlySpan<byte> answer, Endpoint remote, ReadOnlySpan<byte> origin);

    /// <summary>Closes the socket, from any thread.</summary>
    void Close();
}

/// <summary>Answers datagrams at once. Each thread has one of its own.</summary>
public interface IDatagramAnswerer
{
    /// <summary>The longest answer.</summary>
    int MaxLength { get; }

    /// <summary>Datagrams have come: what holds for all of them, such as the time, is to be found out now.</summary>
    void BeginBatch(IDatagramBatch batch);

    /// <summary>Writes the answer and returns its length; 0 for none.</summary>
    int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer);
}
