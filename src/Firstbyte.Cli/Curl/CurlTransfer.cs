using System.Globalization;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

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

    // Requests for the same URL, one after the other: more than any way to show a password takes.
    private const int MostRepeats = 50;

    private readonly long _began = network.Host.Network.Time.GetTimestamp();
    private CurlUrl? _first;
    private CurlConnecting? _connecting;

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

    /// <summary>Who asks.</summary>
    public CurlCredentials Asker { get; private set; } = CurlCredentials.Nobody;

    public string? User => Asker.User;

    public string? Password => Asker.Password;

    public bool IsFromNetrc => Asker.IsFromNetrc;

    /// <summary>How its connections are made.</summary>
    public CurlConnecting Connecting => _connecting ??= new CurlConnecting(this);

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
        // Whoever ends it says why.
        catch (IOException e) when (Stop.IsCancellationRequested && IoErrors.ToErrno(e) == Errno.ECANCELED) { throw new OperationCanceledException(Stop); }
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

    public static string Words(Errno error) => error switch
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
        var asked = 0;
        while (true)
        {
            HeedHsts();
            Check(Url, IsFollowing ? task.RedirectProtocols ?? [.. CurlNumbers.Redirected] : task.Protocols);
            Info.EffectiveUrl = Url.ToString();
            BeginHop();
            (Info.Scheme, Info.Referer) = (Url.Scheme, Referer);
            Asker = CurlCredentials.Choose(Asker, task, Url, order.Netrc, IsCleared);
            Proxy = CurlProxy.Choose(task, Url, network.Host.Variables);
            Info.ProxyUsed |= Proxy is not null;
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
            if (!next.IsFollow)
            {
                // A server that finds each answer stale would be asked for ever (curl counts these with the redirects).
                if (++asked > MostRepeats) { throw new CurlStop(CurlCode.TooManyRedirects, $"Maximum ({MostRepeats}) redirects followed"); }
                continue;
            }
            asked = 0;
            Follow(next.Location!, next.Status);
        }
    }

    // A port that is named stays; the one that nobody names is https:'s then.
    private void HeedHsts()
    {
        if (Task.Hsts is null || Url.Scheme != "http" || network.Hsts.Find(Url.Host, network.Instant) is null) { return; }
        Url = Url with { Scheme = "https" };
        order.Trace?.Info($"Switched from HTTP to HTTPS due to HSTS => {Url}");
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
            Asker = CurlCredentials.Nobody;
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

    /// <summary>Whether the proxy makes a tunnel.</summary>
    public bool IsTunnel => Proxy is { IsHttp: true } && (Task.ProxyTunnel || Url.Scheme is "https" or "ftps");

    /// <summary>Puts a connection away.</summary>
    public void Close(CurlWire wire)
    {
        if (wire.Closes || !wire.IsAlive) { wire.Dispose(); }
        else { network.Keep(wire); }
    }


}
