using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests.Curl;

/// <summary>What arrived, in order, and who wrote it down.</summary>
internal sealed class CurlRecord
{
    private readonly List<byte> _bytes = [];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_bytes) { _bytes.AddRange(bytes); }
    }

    public void Add(string text) => Add(Encoding.Latin1.GetBytes(text));

    public void Clear()
    {
        lock (_bytes) { _bytes.Clear(); }
    }

    public string Text
    {
        get { lock (_bytes) { return Encoding.Latin1.GetString(_bytes.ToArray()); } }
    }
}

/// <summary>A listening socket on loopback, each of whose connections is served on a thread of its own.</summary>
internal abstract class CurlServer : IDisposable
{
    private readonly Socket _listener;
    private readonly ConcurrentBag<Socket> _clients = [];
    private volatile bool _isOver;
    private int _active;

    protected CurlServer(EndPoint place)
    {
        _listener = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(place);
        _listener.Listen(64);
        Port = (_listener.LocalEndPoint as IPEndPoint)?.Port ?? 0;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port { get; }

    public CurlRecord Record { get; } = new();

    /// <summary>Waits until what was begun is over: what a client has sent may still be on its way when it has ended.</summary>
    public void Settle()
    {
        for (var i = 0; i < 200 && Volatile.Read(ref _active) > 0; i++) { Thread.Sleep(2); }
    }

    public void Dispose()
    {
        _isOver = true;
        _listener.Dispose();
        foreach (var client in _clients) { client.Dispose(); }
    }

    protected abstract void Serve(NetworkStream stream);

    private void Accept()
    {
        while (!_isOver)
        {
            try
            {
                var client = _listener.Accept();
                if (client.AddressFamily != AddressFamily.Unix) { client.NoDelay = true; }
                _clients.Add(client);
                Interlocked.Increment(ref _active);
                new Thread(() =>
                {
                    try { Serve(new NetworkStream(client)); }
                    catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException) { /* The client is gone, or the test over. */ }
                    finally
                    {
                        client.Dispose();
                        Interlocked.Decrement(ref _active);
                    }
                })
                { IsBackground = true }.Start();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { return; }
        }
    }
}

/// <summary>The HTTP server of a case, which is a proxy as well.</summary>
internal sealed class CurlHttpServer(CurlCase one, EndPoint place, CurlRecord? proxyRecord = null, Func<int>? tunnelTo = null) : CurlServer(place)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private bool _bounces;
    private int _lastPart;

    private string? Command(string name) => one.LinesOf("reply", "servercmd").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    protected override void Serve(NetworkStream stream)
    {
        stream.ReadTimeout = (int)Quiet.TotalMilliseconds;
        var pending = new MemoryStream();
        while (ReadRequest(stream, pending) is { } request)
        {
            var isConnect = request.StartsWith("CONNECT ", StringComparison.Ordinal);
            if (isConnect && proxyRecord is not null)
            {
                proxyRecord.Add(request);
                var answer = PartFor(request, "connect") is { } said ? said : "HTTP/1.1 200 Connection established\r\n\r\n";
                stream.Write(Encoding.Latin1.GetBytes(answer));
                if (answer.Length > 9 && answer[9] == '2')
                {
                    Relay(stream, pending, tunnelTo!());
                    return;
                }
                if (answer.Contains("swsclose", StringComparison.Ordinal)) { return; }
                continue;
            }
            (proxyRecord ?? Record).Add(request);
            if (Command("idle") is not null) { Thread.Sleep(Quiet); }
            var reply = PartFor(request, isConnect ? "connect" : "data") ?? (isConnect ? PartFor(request, "data") : null);
            if (reply is null)
            {
                stream.Write("HTTP/1.1 404 Not Found\r\nContent-Length: 26\r\nConnection: close\r\n\r\n404 FILE NOT FOUND, sorry!"u8);
                return;
            }
            if (Command("stream") is not null)
            {
                while (true) { stream.Write("a string to stream 01234567890\n"u8); }
            }
            Send(stream, Encoding.Latin1.GetBytes(reply));
            if (reply.Contains("swsclose", StringComparison.Ordinal)) { break; }
        }
        if (Command("connection-monitor") is not null) { Record.Add("[DISCONNECT]\n"); }
    }

    private void Send(NetworkStream stream, byte[] bytes)
    {
        if (Command("writedelay:") is null)
        {
            stream.Write(bytes);
            return;
        }
        // Piece by piece, with a little time between: how long is not what the case is about.
        for (var i = 0; i < bytes.Length; i += 20)
        {
            stream.Write(bytes, i, Math.Min(20, bytes.Length - i));
            Thread.Sleep(2);
        }
    }

    private static void Relay(NetworkStream stream, MemoryStream pending, int port)
    {
        using var target = new TcpClient("127.0.0.1", port) { NoDelay = true };
        using var there = target.GetStream();
        there.Write(pending.ToArray());
        pending.SetLength(0);
        var back = new Thread(() =>
        {
            try { there.CopyTo(stream); }
            catch (Exception e) when (e is IOException or ObjectDisposedException) { /* One end has gone, and the other goes now. */ }
        })
        { IsBackground = true };
        back.Start();
        stream.CopyTo(there);
        target.Client.Shutdown(SocketShutdown.Send);
        back.Join(Quiet);
    }

    private string? ReadRequest(NetworkStream stream, MemoryStream pending)
    {
        var piece = new byte[64 * 1024];
        var skip = int.TryParse(Command("skip:"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        while (true)
        {
            var text = Encoding.Latin1.GetString(pending.GetBuffer(), 0, (int)pending.Length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var length = LengthOf(text, end + 4, skip);
                if (length >= 0 && text.Length >= length)
                {
                    pending.SetLength(0);
                    pending.Write(Encoding.Latin1.GetBytes(text[length..]));
                    return text[..length];
                }
            }
            int count;
            try { count = stream.Read(piece); }
            catch (IOException) when (pending.Length > 0) { count = 0; }
            if (count == 0)
            {
                if (pending.Length > 0) { (proxyRecord ?? Record).Add(pending.GetBuffer().AsSpan(0, (int)pending.Length)); }
                return null;
            }
            pending.Write(piece, 0, count);
        }
    }

    // How long the whole request is; less than 0 while nobody knows.
    private int LengthOf(string text, int head, int skip)
    {
        var fields = text[..head];
        if (fields.StartsWith("CONNECT ", StringComparison.Ordinal)) { return head; }
        if (Regex.IsMatch(fields, @"^Transfer-Encoding:\s*chunked", RegexOptions.IgnoreCase | RegexOptions.Multiline))
        {
            if (Command("no-expect") is not null && fields.Contains("Expect: 100-continue", StringComparison.Ordinal)) { return head; }
            var last = text.IndexOf("\r\n0\r\n\r\n", head - 2, StringComparison.Ordinal);
            return last < 0 ? -1 : last + 7;
        }
        var length = Regex.Match(fields, @"^Content-Length: *(?<length>\d+)", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        if (!length.Success) { return head; }
        if (Command("no-expect") is not null && fields.Contains("Expect: 100-continue", StringComparison.Ordinal)) { return head; }
        return head + Math.Max(0, int.Parse(length.Groups["length"].Value, CultureInfo.InvariantCulture) - skip);
    }

    private string? PartFor(string request, string name)
    {
        lock (_gate)
        {
            var part = NumberIn(request) is var number and > 10000 ? number % 10000 : 0;
            if (name == "data")
            {
                if (request.Contains("Authorization: Digest", StringComparison.Ordinal)) { part += 1000; }
                else if (request.Contains("Authorization: Basic", StringComparison.Ordinal) && part >= 1000) { part++; }
                if (_bounces) { part = _lastPart + 1; }
            }
            var reply = one.Find("reply", part == 0 ? name : name + part.ToString(CultureInfo.InvariantCulture))?.Text;
            if (name == "data") { (_lastPart, _bounces) = (part, reply?.Contains("swsbounce", StringComparison.Ordinal) == true); }
            return reply;
        }
    }

    // The digits behind the last slash of the target.
    private static int NumberIn(string request)
    {
        var target = request.Split(' ') is [_, var second, ..] ? second : "";
        if (Regex.Match(request, @"^Testno: (?<number>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture) is { Success: true } said) { target = "/" + said.Groups["number"].Value; }
        var match = Regex.Match(target[(target.LastIndexOf('/') + 1)..], @"\d+");
        return match.Success && int.TryParse(match.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}

/// <summary>The FTP server of a case.</summary>
internal sealed class CurlFtpServer : CurlServer
{
    private readonly CurlCase _case;
    private readonly IPAddress _address;
    private readonly Dictionary<string, (string Text, int Left)> _replies = new(StringComparer.Ordinal);

    public CurlFtpServer(CurlCase one, IPAddress address)
        : base(new IPEndPoint(address, 0))
    {
        (_case, _address) = (one, address);
        foreach (var line in one.LinesOf("reply", "servercmd"))
        {
            var words = line.Split(' ', 3);
            if (words is ["REPLY", var command, var text]) { _replies[command] = (text.Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal), int.MaxValue); }
        }
        foreach (var line in one.LinesOf("reply", "servercmd"))
        {
            var words = line.Split(' ', 3);
            if (words is ["COUNT", var command, var count] && _replies.TryGetValue(command, out var reply))
            {
                _replies[command] = (reply.Text, int.Parse(count, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>What was stored.</summary>
    public string? Stored { get; private set; }

    private bool Says(string name) => _case.LinesOf("reply", "servercmd").Any(line => line == name);

    protected override void Serve(NetworkStream stream)
    {
        stream.ReadTimeout = 20_000;
        using var lines = new StreamReader(stream, Encoding.Latin1, false, 1024, leaveOpen: true);
        var (listener, active, number) = ((TcpListener?)null, (IPEndPoint?)null, _case.Number.ToString(CultureInfo.InvariantCulture));
        Say(_replies.TryGetValue("welcome", out var welcome) ? welcome.Text
            : "220-        _   _ ____  _\r\n220-    ___| | | |  _ \\| |\r\n220-   / __| | | | |_) | |\r\n220-  | (__| |_| |  _ {| |___\r\n220    \\___|\\___/|_| \\_\\_____|");
        while (ReadLine() is { } line)
        {
            Record.Add(line + "\r\n");
            var (command, argument) = line.Split(' ', 2) is [var first, var second] ? (first, second) : (line, "");
            if (_replies.TryGetValue(command, out var special) && special.Left > 0)
            {
                _replies[command] = (special.Text, special.Left - 1);
                Say(special.Text);
                continue;
            }
            switch (command)
            {
                case "USER": Say("331 We are happy you popped in!"); break;
                case "PASS": Say("230 Welcome you silly person"); break;
                case "PWD": Say("257 \"/\" is current directory"); break;
                case "CWD": Say("250 CWD command successful."); break;
                case "MKD": Say("257 your new directory"); break;
                case "TYPE": Say($"200 I modify TYPE as you wanted"); break;
                case "SYST": Say("215 UNIX Type: L8"); break;
                case "ACCT": Say("230 You are welcome"); break;
                case "DELE" or "NOOP" or "RNFR" or "RNTO" or "SITE" or "PBSZ" or "PROT" or "PRET": Say($"200 {command} command successful."); break;
                case "SIZE":
                    var size = _case.Find("reply", "size")?.Text.Trim() ?? Data().Length.ToString(CultureInfo.InvariantCulture);
                    Say(size == "-1" ? "500 no such file" : size is "" or "0" && _case.Find("reply", "size") is null && Data().Length == 0 ? "550 no such file" : $"213 {size}");
                    break;
                case "MDTM":
                    var time = _case.Find("reply", "mdtm")?.Text.Trim();
                    Say(time is null or "" ? $"550 {argument}: no such file or directory." : time == "-1" ? "500 MDTM is not understood" : time);
                    break;
                case "REST":
                    Say("350 Yeah yeah we set it there for you");
                    break;
                case "EPSV" or "PASV":
                    listener?.Stop();
                    listener = new TcpListener(_address, 0);
                    listener.Start();
                    var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                    Say(command == "EPSV" ? $"229 Entering Passive Mode (|||{port}|)" : $"227 Entering Passive Mode (127,0,0,1,{port >> 8},{port & 255})");
                    break;
                case "EPRT":
                    var parts = argument.Split('|');
                    active = new IPEndPoint(IPAddress.Parse(parts[2]), int.Parse(parts[3], CultureInfo.InvariantCulture));
                    Say("200 Thanks for dropping by. We contact you later");
                    break;
                case "PORT":
                    var bytes = argument.Split(',').Select(static one => int.Parse(one, CultureInfo.InvariantCulture)).ToArray();
                    active = new IPEndPoint(IPAddress.Parse(string.Join('.', bytes[..4])), (bytes[4] << 8) + bytes[5]);
                    Say("200 Thanks for dropping by. We contact you later");
                    break;
                case "LIST" or "NLST":
                    Say("150 here comes a directory");
                    WithData(data => data.Write(Encoding.Latin1.GetBytes(Data())));
                    Say("226 ASCII transfer complete");
                    break;
                case "RETR":
                    var text = Data();
                    if (text.Length == 0 && _case.Find("reply", "data") is null) { Say("550 the file does not exist"); break; }
                    // The case's data is what comes, wherever it begins.
                    var rested = text;
                    var shown = _case.LinesOf("reply", "servercmd").FirstOrDefault(static one => one.StartsWith("RETRSIZE ", StringComparison.Ordinal))?["RETRSIZE ".Length..]
                        ?? rested.Length.ToString(CultureInfo.InvariantCulture);
                    Say(Says("RETRNOSIZE") ? $"150 Binary data connection for {number} ()." : $"150 Binary data connection for {number} () ({shown} bytes).");
                    WithData(data => data.Write(Encoding.Latin1.GetBytes(rested)));
                    Say("226 File transfer complete");
                    break;
                case "STOR" or "APPE":
                    Say("125 Gimme gimme gimme!");
                    WithData(data =>
                    {
                        using var stored = new MemoryStream();
                        data.CopyTo(stored);
                        Stored += Encoding.Latin1.GetString(stored.ToArray());
                    });
                    Say("226 File transfer complete");
                    break;
                case "ABOR": break;
                case "QUIT":
                    Say("221 bye bye baby");
                    listener?.Stop();
                    return;
                default: Say($"500 {command} is not dealt with!"); break;
            }
        }
        listener?.Stop();

        // A line may have a character of its own inside: the end is CRLF alone.
        string? ReadLine()
        {
            var line = new StringBuilder();
            while (true)
            {
                int next;
                try { next = lines.Read(); }
                catch (IOException) { return null; }
                if (next < 0) { return line.Length > 0 ? line.ToString() : null; }
                if (next == '\n') { return line.ToString().TrimEnd('\r'); }
                line.Append((char)next);
            }
        }

        string Data() => _case.TextOf("reply", "data");

        void Say(string text) => stream.Write(Encoding.Latin1.GetBytes(text + "\r\n"));

        void WithData(Action<NetworkStream> transfer)
        {
            using var client = active is { } target ? new TcpClient(target.AddressFamily) : listener!.AcceptTcpClient();
            if (active is not null) { client.Connect(active); }
            try { transfer(client.GetStream()); }
            catch (IOException) { /* The client has had enough. */ }
        }
    }
}
