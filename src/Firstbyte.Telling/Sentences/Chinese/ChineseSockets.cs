using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseSockets : ISocketSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Connected(int descriptor, Endpoint remote, Endpoint local) => $"socket() → {descriptor}   connect({descriptor}, {remote})，本地端口 {local}";

    public Phrase Abandoned(int descriptor, Endpoint remote) => $"socket() → {descriptor}   connect({descriptor}, {remote}) 已放弃：另一个地址先接通";

    public Phrase NotConnected(int descriptor, Endpoint remote, Errno error) => $"socket() → {descriptor}   connect({descriptor}, {remote}) → {error}";

    public Phrase Reused(string host, int port, int exchanges) =>
        $"沿用：到 {host:name}:{port} 的连接在 {_amounts.Exchanges(exchanges)}之后仍然开着；不调用 socket() 和 connect()";

    public Phrase PeerEnded(int descriptor) => $"read({descriptor}) → 0：服务器已断开它那一侧";

    public Phrase Closed(int descriptor) => $"close({descriptor})";

    public Phrase ClosedWithNothingLeft(int descriptor) => $"close({descriptor})：没有要发的请求了";

    public Phrase Sent(long bytes) => $"已发送 {_amounts.Bytes(bytes)}";

    public Phrase BytesWritten(long bytes, int descriptor) => $"→ {_amounts.Bytes(bytes)}（write，描述符 {descriptor}）";

    public Phrase BytesRead(long bytes, int descriptor) => $"← {_amounts.Bytes(bytes)}（read，描述符 {descriptor}）";
}
