using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firstbyte.Tests;

/// <summary>A server on loopback that says what a test wants, byte by byte; every connection is served on a thread of its own.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Action<RawConnection> _serve;
    private volatile bool _isOver;

    public RawServer(Action<RawConnection> serve, IPAddress? address = null)
    {
        _serve = serve;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://{_listener.LocalEndpoint}/";

    /// <summary>A server that sends a head and a body, whatever it is asked.</summary>
    public static RawServer Of(string fields, byte[] body) => new(connection =>
    {
        connection.ReadHead();
        connection.Send(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{fields}Content-Length: {body.Length}\r\n\r\n"));
        connection.Send(body);
    });

    /// <summary>A server that gives its answers one after the other, and keeps the heads of what it was asked.</summary>
    public static RawServer Answering(Queue<string> answers, List<string> heads) => new(connection =>
    {
        var head = connection.ReadHead();
        string answer;
        lock (heads)
        {
            heads.Add(head);
            answer = answers.Dequeue();
        }
        connection.Send(answer);
    });

    public void Dispose()
    {
        _isOver = true;
        _listener.Stop();
    }

    private void Accept()
    {
        while (!_isOver)
        {
            TcpClient client;
            try { client = _listener.AcceptTcpClient(); }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { return; }
            new Thread(() =>
            {
                using (client)
                {
                    // The client may leave in the middle: that is what some tests are about.
                    try { _serve(new RawConnection(client.GetStream())); }
                    catch (IOException) { return; }
                    // A test that is over has nothing left that could be told.
                    catch (ObjectDisposedException) when (_isOver) { return; }
                }
            })
            { IsBackground = true }.Start();
        }
    }
}

/// <summary>One connection of a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(NetworkStream stream)
{
    public void Send(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    public void Send(string text) => stream.Write(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads the head of a request and nothing behind it.</summary>
    public string ReadHead()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            if (next < 0) { throw new IOException("the client has left"); }
            head.Append((char)next);
        }
        return head.ToString();
    }

    /// <summary>Resets the connection when something has come.</summary>
    public void Reset()
    {
        stream.ReadByte();
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    }

    /// <summary>Reads a line with its end.</summary>
    public string ReadLine()
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n')
        {
            var next = stream.ReadByte();
            if (next < 0) { throw new IOException("the client has left"); }
            line.Append((char)next);
        }
        return line.ToString();
    }

    /// <summary>Reads so many bytes of content.</summary>
    public string Read(int length)
    {
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads so many bytes of content, and keeps none.</summary>
    public long Discard(long length)
    {
        var piece = new byte[64 * 1024];
        var read = 0L;
        while (read < length && stream.Read(piece) is > 0 and var count) { read += count; }
        return read;
    }

    /// <summary>Reads content up to its end.</summary>
    public string ReadUntil(string end)
    {
        var content = new StringBuilder();
        var piece = new byte[64 * 1024];
        while (!EndsWith(content, end))
        {
            var count = stream.Read(piece);
            if (count == 0) { throw new IOException("the client has left"); }
            content.Append(Encoding.Latin1.GetString(piece, 0, count));
        }
        return content.ToString();
    }

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;

    /// <summary>Waits until the client closes.</summary>
    public void AwaitEnd()
    {
        while (stream.ReadByte() >= 0) { }
    }
}
