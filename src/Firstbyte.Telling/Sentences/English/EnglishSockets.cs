using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishSockets : ISocketSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Connected(int descriptor, Endpoint remote, Endpoint local) => $"socket() → {descriptor}   connect({descriptor}, {remote}) from {local}";

    public Phrase Abandoned(int descriptor, Endpoint remote) =>
        $"socket() → {descriptor}   connect({descriptor}, {remote}) given up: another address answered first";

    public Phrase NotConnected(int descriptor, Endpoint remote, Errno error) => $"socket() → {descriptor}   connect({descriptor}, {remote}) → {error}";

    public Phrase Reused(string host, int port, int exchanges) =>
        $"reused: the connection to {host:name}:{port} is still open after {_amounts.Exchanges(exchanges)}; no socket(), no connect()";

    public Phrase PeerEnded(int descriptor) => $"read({descriptor}) → 0: the server has closed its side";

    public Phrase Closed(int descriptor) => $"close({descriptor})";

    public Phrase ClosedWithNothingLeft(int descriptor) => $"close({descriptor}): nothing more to ask this server";

    public Phrase Sent(long bytes) => $"{_amounts.Bytes(bytes)} sent";

    public Phrase BytesWritten(long bytes, int descriptor) => $"→ {_amounts.Bytes(bytes)} (write, descriptor {descriptor})";

    public Phrase BytesRead(long bytes, int descriptor) => $"← {_amounts.Bytes(bytes)} (read, descriptor {descriptor})";
}
