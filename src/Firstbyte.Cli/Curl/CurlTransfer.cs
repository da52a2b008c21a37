using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>What a line of a head is.</summary>
internal enum CurlHeader
{
    Status,
    Field,
    End,
    Trailer,
    Connect,
    Ftp,
}

/// <summary>Where what comes goes.</summary>
internal interface ICurlSink
{
    /// <summary>A line of a head, as it came.</summary>
    void Header(byte[] line, CurlHeader kind);

    /// <summary>A piece of content.</summary>
    /// <exception cref="CurlStop">It cannot be kept.</exception>
    void Body(ReadOnlyMemory<byte> piece);
}

/// <summary>How far showing a password has come, to one side (libcurl: struct auth).</summary>
internal sealed class CurlAuthState
{
    public CurlAuth Want { get; set; }

    public CurlAuth Picked { get; set; }

    public CurlAuth Available { get; set; }

    public bool Done { get; set; }

    public bool MultiPass { get; set; }

    public DigestChallenge? Digest { get; set; }

    public int Count { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>Chooses the best of what is wanted and offered.</summary>
    public bool Pick()
    {
        var usable = Want & Available;
        Available = CurlAuth.None;
        Picked = usable.HasFlag(CurlAuth.Bearer) ? CurlAuth.Bearer
            : usable.HasFlag(CurlAuth.Digest) ? CurlAuth.Digest
            : usable.HasFlag(CurlAuth.Basic) ? CurlAuth.Basic : CurlAuth.None;
        return Picked != CurlAuth.None;
    }
}

/// <summary>What one transfer is about.</summary>
internal sealed record CurlOrder(CurlTask Task, string Url, ICurlSink Sink, CurlInfo Info)
{
    /// <summary>What is sent; null for nothing.</summary>
    public IBodySource? Content { get; init; }

    /// <summary>Whether it is an upload (PUT, STOR), and not a POST.</summary>
    public bool IsUpload { get; init; }

    /// <summary>Whether it is a form.</summary>
    public bool IsForm { get; init; }

    /// <summary>The name of the file that is uploaded.</summary>
    public string UploadName { get; init; } = "";

    /// <summary>From where on; less than 0 for "as much as is there already".</summary>
    public long ResumeFrom { get; init; }

    public string? Range { get; init; }

    /// <summary>Own fields that go behind those of the command line.</summary>
    public IReadOnlyList<string> ExtraHeaders { get; init; } = [];

    public CurlTrace? Trace { get; init; }

    /// <summary>The password that was said for the URL.</summary>
    public NetrcFile? Netrc { get; init; }

    /// <summary>Opens a file that a URL names, to be read or written.</summary>
    public required ICurlFiles Files { get; init; }
}

/// <summary>Files that URLs name.</summary>
internal interface ICurlFiles
{
    /// <summary>A file's bytes from a place on, its length and its time; null where it cannot be read.</summary>
    (Stream Content, long Length, DateTimeOffset Written)? OpenRead(string path);

    /// <summary>A file to be written, anew or at its end; null where it cannot be.</summary>
    Stream? OpenWrite(string path, bool appends);

    bool IsFolder(string path);

    /// <summary>The names in a folder.</summary>
    IReadOnlyList<string> List(string path);
}

/// <summary>One transfer with its redirects, as curl makes it: which connection, which password, which hop next.</summary>
/// <remarks>
/// Theory of operation. It follows libcurl's own order of decisions, because scripts see it: what is asked first, what is tried again, what is followed, and
/// with which of the user's words. The hops themselves are made by <see cref="CurlHttp"/>, <see cref="CurlFtp"/> and <see cref="CurlFile"/>; connections come
/// from <see cref="CurlNetwork"/>.
/// </remarks>
internal sealed class CurlTransfer(CurlNetwork network, CurlOrder order, TraceSpan span, CancellationToken stop)
{
    /// <summary>A connection that dies before its first byte is made anew so often (curl: CONN_MAX_RETRIES).</summary>
    private const int MaxRetries = 5;

    private readonly long _began = network.Host.Network.Time.GetTimestamp();
    private CurlUrl? _first;

    public CurlNetwork Network => network;

    public CurlOrder Order => order;

    public CurlTask Task => order.Task;

    public CurlInfo Info => order.Info;

    public TraceSpan Span { get; private set; }

    public CancellationToken Stop => stop;

    public CurlUrl Url { get; private set; } = null!;

    public CurlProxy? Proxy { get; private set; }

    public CurlAuthState HostAuth { get; } = new();

    public CurlAuthState ProxyAuth { get; } = new();

    public bool HasAuthProblem { get; set; }

    public string? User { get; private set; }

    public string? Password { get; private set; }

    public bool IsFromNetrc { get; private set; }

    public string? Referer { get; private set; }

    public bool IsFollowing { get; private set; }

    /// <summary>The method of a request without its own; changed by redirects.</summary>
    public string Method { get; set; } = "GET";

    public string? OwnMethod { get; set; }

    public IBodySource? Content { get; set; }

    public bool DisablesExpect { get; set; }

    /// <summary>A response of HTTP/1.0 has come.</summary>
    public bool SpeaksOld { get; set; }

    public int Follows { get; private set; }

    public long Elapsed() => (long)network.Host.Network.Time.GetElapsedTime(_began).TotalMicroseconds;

    /// <summary>Makes the transfer.</summary>
    /// <returns>curl's exit code; what is said of it is in the info.</returns>
    public async Task<int> RunAsync()
    {
        var code = 0;
        try { await HopsAsync(); }
        catch (CurlStop end) { (code, Info.Error) = (end.Code, end.Message); }
        catch (NetworkException e) { (code, Info.Error) = (CurlCode.RecvError, $"Recv failure: {Words(e.Error)}"); }
        catch (IOException e) when (e is not Io.OutputLostException)
        {
            (code, Info.Error) = (CurlCode.RecvError, "Recv failure: " + Words(IoErrors.ToErrno(e)));
        }
        EndHop(code == 0);
        Info.Total = Elapsed();
        Info.ExitCode = code;
        return code;
    }

    private static string Words(Errno error) => error switch
    {
        Errno.ECONNRESET => "Connection reset by peer",
        Errno.EPIPE => "Broken pipe",
        Errno.ETIMEDOUT => "Connection timed out",
        _ => error.ToString(),
    };

    private async Task HopsAsync()
    {
        var task = Task;
        var text = order.Url;
        Url = CurlUrl.Read(text, task.DefaultProtocol, task.PathAsIs);
        if (task.RefusesUserInUrl && Url.User is not null)
        {
            throw new CurlStop(CurlCode.UrlMalformat, "URL rejected: Credentials was passed in the URL when prohibited");
        }
        (OwnMethod, Content, Referer) = (task.Method, order.Content, task.Referer);
        Method = task.IsHead ? "HEAD" : order.Content is null ? "GET" : order.IsUpload ? "PUT" : "POST";
        HostAuth.Want = task.Auth == CurlAuth.None ? CurlAuth.Basic : task.Auth;
        ProxyAuth.Want = task.ProxyAuth == CurlAuth.None ? CurlAuth.Basic : task.ProxyAuth;
        foreach (var one in task.Resolve) { network.Resolve(one); }
        _first = Url;
        while (true)
        {
            Check(Url, IsFollowing ? task.RedirectProtocols ?? [.. CurlNumbers.Redirected] : task.Protocols);
            Info.EffectiveUrl = Url.ToString();
            BeginHop();
            (Info.Scheme, Info.Referer) = (Url.Scheme, Referer);
            ChooseUser();
            ChooseProxy();
            if (Url.Scheme == "file")
            {
                await CurlFile.RunAsync(this);
                return;
            }
            if (Url.Scheme is "ftp" or "ftps" && (Proxy is not { IsHttp: true } || task.ProxyTunnel))
            {
                using var ftp = new CurlFtp(this);
                await ftp.RunAsync();
                return;
            }
            if (await HopAsync() is not { } next) { return; }
            if (!next.IsFollow) { continue; }
            Follow(next.Location!, next.Status);
        }
    }

    private long _hopBegan;

    // Each hop is a journey of its own in the story.
    private void BeginHop()
    {
        EndHop(succeeded: true);
        _hopBegan = network.Host.Network.Time.GetTimestamp();
        Span = span.Begin();
        _isTold = false;
        if (!Span.IsListening) { return; }
        var host = network.Host;
        Span.Tell(new JourneyStarted(network.NextJourney(), IsFollowing ? Url.ToString() : order.Url, host.Place.Length > 0 ? host.Place : "os", host.Seed)
        {
            Host = host.Name,
            CallsOf = host.CallsOf,
        });
    }

    private bool _isTold = true;

    private void EndHop(bool succeeded)
    {
        if (_isTold) { return; }
        _isTold = true;
        if (!Span.IsListening) { return; }
        Span.Tell(new JourneyCompleted(
            Info.EffectiveUrl ?? "", succeeded, Info.ResponseCode, Info.Reason, Info.Downloaded, 0, 0, 0, 0, 0,
                NetworkClock.NanosecondsSince(network.Host.Network.Time, _hopBegan)));
    }

    private async Task<CurlNext?> HopAsync()
    {
        for (var retries = 0; ; retries++)
        {
            var http = new CurlHttp(this);
            var next = await http.RunAsync();
            if (!http.IsDead) { return next; }
            if (retries >= MaxRetries) { throw new CurlStop(CurlCode.SendError, "Connection died, tried 5 times before giving up"); }
            if (Content is { IsSpent: true }) { throw new CurlStop(CurlCode.SendFailRewind, "necessary data rewind was not possible"); }
            order.Trace?.Info("Connection died, retrying a fresh connect (retry count: 1)");
        }
    }

    private static void Check(CurlUrl url, HashSet<string>? allowed)
    {
        if (!CurlNumbers.AllProtocols.Contains(url.Scheme))
        {
            throw new CurlStop(CurlCode.UnsupportedProtocol, $"Protocol \"{url.Scheme}\" not supported");
        }
        if (allowed?.Contains(url.Scheme) == false)
        {
            throw new CurlStop(CurlCode.UnsupportedProtocol, $"Protocol \"{url.Scheme}\" disabled");
        }
    }

    /// <summary>Goes on where a redirect leads to.</summary>
    private void Follow(string location, int status)
    {
        var task = Task;
        if (task.MaxRedirects >= 0 && Follows >= task.MaxRedirects)
        {
            // Where it would have led is told all the same.
            Info.RedirectUrl = Url.Follow(location, task.PathAsIs).ToString();
            throw new CurlStop(CurlCode.TooManyRedirects, string.Create(CultureInfo.InvariantCulture, $"Maximum ({task.MaxRedirects}) redirects followed"));
        }
        Follows++;
        Info.Redirects = Follows;
        if (task.AutoReferer) { Referer = Url.Text(withUser: false, withFragment: false); }
        var next = Url.Follow(location, task.PathAsIs);
        if (!task.IsTrusted && !SameSite(next, Url))
        {
            // Who was said for one host is not for another.
            (User, Password) = (null, null);
            IsCleared = true;
        }
        IsFollowing = true;
        if (next.User is null && SameSite(next, Url) && Url.User is not null) { next = next with { User = Url.User, Password = Url.Password }; }
        Url = next;
        var isPost = Method == "POST";
        var turns = status switch
        {
            301 => isPost && !task.Post301,
            302 => isPost && !task.Post302,
            303 => Method is not ("GET" or "HEAD") && !(isPost && task.Post303),
            _ => false,
        };
        if (turns)
        {
            (Method, Content) = (task.IsHead ? "HEAD" : "GET", null);
            if (task.FollowsWithMethod) { OwnMethod = null; }
        }
        HasAuthProblem = false;
        HostAuth.Picked = CurlAuth.None;
        HostAuth.Done = false;
        ProxyAuth.Done = false;
        Info.Redirect = Elapsed();
    }

    private static bool SameSite(CurlUrl one, CurlUrl other) =>
        one.Scheme == other.Scheme && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port;

    public bool IsCleared { get; private set; }

    /// <summary>Whether the user's own words are for this host: the first of the transfer, or any where all are trusted.</summary>
    public bool IsOwnHost => !IsFollowing || Task.IsTrusted || SameSite(Url, _first!);

    /// <summary>Whether the host is the first of the transfer, whatever its port.</summary>
    public bool IsFirstName => !IsFollowing || Url.Host.Equals(_first!.Host, StringComparison.OrdinalIgnoreCase);

    // URL, then -u, then netrc; --netrc-optional prefers what the URL says, --netrc the file.
    private void ChooseUser()
    {
        var (user, password) = (User, Password);
        if (!IsCleared && Task.User is { } said)
        {
            var colon = said.IndexOf(':', StringComparison.Ordinal);
            (user, password) = colon < 0 ? (said, "") : (said[..colon], said[(colon + 1)..]);
        }
        var inUrl = false;
        if (Url.User is not null && !(Task.Netrc && !Task.NetrcOptional))
        {
            (user, password, inUrl) = (Decoded(Url.User), Url.Password is null ? null : Decoded(Url.Password), true);
        }
        else if (Url.User is not null) { (user, password, inUrl) = (Decoded(Url.User), null, true); }
        IsFromNetrc = false;
        if (order.Netrc is { } netrc && (Task.User is null || IsCleared) && (password is null || (Task.Netrc && !Task.NetrcOptional)))
        {
            if (netrc.Find(Url.Host, inUrl && user?.Length > 0 ? user : null) is { } found)
            {
                if (found.User.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || found.Password.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0)
                {
                    throw new CurlStop(CurlCode.ReadError, "control code detected in .netrc credentials");
                }
                (user, password, IsFromNetrc) = (found.User, found.Password, true);
            }
        }
        (User, Password) = (user, user is null ? null : password ?? "");
    }

    private static string Decoded(string text) => CurlText.Of(CurlText.Unescape(text));

    private void ChooseProxy()
    {
        Proxy = null;
        var (task, variables) = (Task, network.Host.Variables);
        var text = task.Proxy;
        var assumed = task.ProxyScheme;
        if (text is null && task.UnixSocket is null)
        {
            assumed = "http";
            text = Url.Scheme == "http" ? variables("http_proxy")
                : variables(Url.Scheme + "_proxy") ?? variables(Url.Scheme.ToUpperInvariant() + "_PROXY");
            text ??= variables("all_proxy") ?? variables("ALL_PROXY");
        }
        if (string.IsNullOrEmpty(text) || Url.Scheme == "file") { return; }
        var exceptions = task.NoProxy ?? variables("no_proxy") ?? variables("NO_PROXY");
        if (exceptions is not null && (exceptions.Trim() == "*" || new NoProxyList(exceptions).Find(Url.Host) is not null)) { return; }
        var proxy = CurlProxy.Read(text, assumed);
        if (task.ProxyUser is { } said)
        {
            var colon = said.IndexOf(':', StringComparison.Ordinal);
            proxy = proxy with
            {
                User = Decoded(colon < 0 ? said : said[..colon]),
                Password = Decoded(colon < 0 ? "" : said[(colon + 1)..]),
            };
        }
        (Proxy, Info.ProxyUsed) = (proxy, true);
    }

    /// <summary>Whether the proxy makes a tunnel.</summary>
    public bool IsTunnel => Proxy is { IsHttp: true } && (Task.ProxyTunnel || Url.Scheme is "https" or "ftps");

    /// <summary>A connection for this hop.</summary>
    /// <param name="user">Whose connection it has to be; null where that does not matter.</param>
    public async ValueTask<CurlWire> OpenAsync(string? user = null)
    {
        var task = Task;
        if (task.Interface is { } own)
        {
            var address = own.StartsWith("host!", StringComparison.Ordinal) ? own[5..] : own;
            if (!IpAddress.TryParse(address.Trim('[', ']'), out var local))
            {
                throw new CurlStop(CurlCode.InterfaceFailed, $"Couldn't bind to '{own}'");
            }
            network.Own = local;
        }
        var (name, port) = ConnectTo();
        var way = string.Create(CultureInfo.InvariantCulture,
            $"{Proxy}|{IsTunnel}|{task.Interface}|{task.LocalPorts}|{task.Insecure}|{task.CaCert}|{task.TlsMin}|")
            + string.Create(CultureInfo.InvariantCulture, $"{task.TlsMax}|{task.IpVersion}|{task.UnixSocket}|{user}");
        var isPlainProxy = Proxy is { IsHttp: true } && !IsTunnel;
        var key = isPlainProxy
            ? new CurlWireKey("proxy", Proxy!.Host, Proxy.Port, way)
            : new CurlWireKey(Url.Scheme, name.ToLowerInvariant(), port, $"{way}|{(name == Url.Host ? "" : Url.Host)}");
        if (network.Take(key) is { } kept)
        {
            order.Trace?.Info($"Re-using existing {Url.Scheme}: connection with {(Proxy is null ? "host" : "proxy")} {Url.Host}");
            kept.Closes = false;
            Note(kept);
            (Info.NameLookup, Info.Connect, Info.PreTransfer) = (Elapsed(), Elapsed(), Elapsed());
            return kept;
        }
        Info.Connects++;
        if (task.UnixSocket is { } path) { return await OpenLocalAsync(key, path); }
        var (host, hostPort) = Proxy is { } proxy ? (proxy.Host, proxy.Port) : (name, port);
        var addresses = await network.FindAsync(host, hostPort, task, Span, Proxy is not null, stop);
        Info.NameLookup = Elapsed();
        order.Trace?.Info(string.Create(CultureInfo.InvariantCulture, $"  Trying {addresses[0]}:{hostPort}..."));
        for (var tries = 0; tries < MaxRetries; tries++)
        {
            if (await ConnectAsync(key, host, hostPort, name, port, addresses) is { } made) { return made; }
        }
        throw new CurlStop(CurlCode.RecvError, string.Create(CultureInfo.InvariantCulture, $"CONNECT tunnel failed, response {Info.ConnectCode}"));
    }

    /// <summary>A connection to a program of this host, by its socket's path.</summary>
    private async ValueTask<CurlWire> OpenLocalAsync(CurlWireKey key, string path)
    {
        if (network.Host.Network is not ILocalNetwork files) { throw new CurlStop(CurlCode.NotBuiltIn, "there are no sockets in files here"); }
        IByteStream stream;
        try { stream = files.ConnectLocal(path, Task.AbstractSocket); }
        catch (NetworkException e)
        {
            throw new CurlStop(CurlCode.CouldntConnect, string.Create(CultureInfo.InvariantCulture,
                $"Failed to connect to {Url.Host} port {Url.Port} after 0 ms: {Words(e.Error)}"));
        }
        Info.Connect = Elapsed();
        var wire = new CurlWire(stream, default, default) { Key = key, Number = network.NextNumber() };
        if (Url.Scheme == "https")
        {
            await SecureAsync(wire);
            Info.AppConnect = Elapsed();
        }
        Info.ConnectionId = wire.Number;
        Info.PreTransfer = Elapsed();
        return wire;
    }

    /// <summary>A new connection; null where a proxy wants to be asked on another.</summary>
    private async ValueTask<CurlWire?> ConnectAsync(CurlWireKey key, string host, int hostPort, string name, int port, IpAddress[] addresses,
        bool isData = false)
    {
        var task = Task;
        var connection = await network.ConnectAsync(Url.Scheme, host, hostPort, addresses, task, Span, Elapsed, stop);
        if (!isData) { Info.Connect = Elapsed(); }
        order.Trace?.Info(string.Create(CultureInfo.InvariantCulture, $"Connected to {host} ({connection.Remote.Address}) port {hostPort}"));
        var local = connection.Socket.LocalEndpoint ?? default;
        if (Proxy is { IsHttp: false } socks)
        {
            await network.SocksAsync(connection, socks, Url, name, port, task, Span, stop);
        }
        if (Proxy is { Scheme: "https" })
        {
            connection = connection with { Stream = await network.SecureAsync(connection, Proxy.Host, task, isProxy: true, stop) };
        }
        var wire = new CurlWire(connection.Stream, local, connection.Remote) { Key = key, Number = network.NextNumber() };
        try
        {
            if (IsTunnel && !await new CurlTunnel(this).OpenAsync(wire, name, port))
            {
                wire.Dispose();
                return null;
            }
            if (isData) { return wire; }
            if (Url.Scheme is "https" or "ftps")
            {
                var bare = connection with { Stream = wire.Stream };
                wire.Stream = await network.SecureAsync(bare, Url.Host, task, isProxy: false, stop);
                Info.AppConnect = Elapsed();
            }
        }
        catch
        {
            wire.Dispose();
            throw;
        }
        Note(wire);
        Info.PreTransfer = Elapsed();
        return wire;
    }

    /// <summary>A connection of its own beside a wire, to a port of a host: for the data of FTP.</summary>
    public async ValueTask<CurlWire?> OpenDataAsync(CurlWire control, string host, int port)
    {
        if (Proxy is { } proxy)
        {
            var found = await network.FindAsync(proxy.Host, proxy.Port, Task, Span, isProxy: true, stop);
            return await ConnectAsync(control.Key!, proxy.Host, proxy.Port, host, port, found, isData: true);
        }
        var addresses = await network.FindAsync(host, port, Task, Span, isProxy: false, stop);
        return await ConnectAsync(control.Key!, host, port, host, port, addresses, isData: true);
    }

    private void Note(CurlWire wire)
    {
        (Info.LocalIp, Info.LocalPort) = (wire.Local.Address.ToString(), wire.Local.Port);
        (Info.RemoteIp, Info.RemotePort) = (wire.Remote.Address.ToString(), wire.Remote.Port);
        Info.ConnectionId = wire.Number;
        wire.Received = 0;
    }

    /// <summary>TLS over a connection that is open already.</summary>
    public async ValueTask SecureAsync(CurlWire wire) => wire.Stream = await network.SecureAsync(
        new Connecting.Connected(((SocketByteStream)wire.Stream).Socket, wire.Stream, wire.Remote, Span, network.Host.Network.Time.GetTimestamp()),
        Url.Host, Task, isProxy: false, stop);

    /// <summary>Puts a connection away.</summary>
    public void Close(CurlWire wire)
    {
        if (wire.Closes || !wire.IsAlive) { wire.Dispose(); }
        else { network.Keep(wire); }
    }

    // HOST1:PORT1:HOST2:PORT2, each of which may be empty.
    private (string Host, int Port) ConnectTo()
    {
        foreach (var text in Task.ConnectTo)
        {
            var parts = Parts(text);
            if (parts.Length < 3 && text.Length > 0) { continue; }
            var (host1, port1) = (parts[0], parts.Length > 1 ? parts[1] : "");
            if (host1.Length > 0 && !host1.Trim('[', ']').Equals(Url.Host, StringComparison.OrdinalIgnoreCase)) { continue; }
            if (port1.Length > 0 && !(int.TryParse(port1, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted == Url.Port)) { continue; }
            var host2 = parts.Length > 2 && parts[2].Length > 0 ? parts[2].Trim('[', ']') : Url.Host;
            var port2 = Url.Port;
            if (parts.Length > 3 && parts[3].Length > 0
                && (!int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out port2) || port2 > 65535))
            {
                throw new CurlStop(CurlCode.SetoptOptionSyntax, $"No valid port number in connect to host string ({parts[3]})");
            }
            return (host2, port2);
        }
        return (Url.Host, Url.Port);
    }

    private static string[] Parts(string text)
    {
        var parts = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ':' && depth == 0 && parts.Count < 3))
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
            else if (text[i] == '[') { depth++; }
            else if (text[i] == ']') { depth--; }
        }
        return [.. parts];
    }
}

/// <summary>What comes after a hop: another request to the same URL, or another URL.</summary>
/// <param name="Location">Whereto; null for the same URL.</param>
/// <param name="Status">The status that said so.</param>
internal sealed record CurlNext(string? Location, int Status)
{
    public bool IsFollow => Location is not null;
}
