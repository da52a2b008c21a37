using System.Globalization;
using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.News;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>news, nntp and nntps: the groups of a server, what there is in one, an article; and an article posted, where something is uploaded.</summary>
/// <remarks>
/// Theory of operation. The server is the URL's; of a news: URL without one, the one that the user has named, or the host's (<c>/etc/news/server</c>). Port 563
/// speaks TLS from the first byte, others after STARTTLS where it is offered; with a certificate that stands where it has to, or a password is sent. Proxies
/// are not used.
/// </remarks>
internal sealed class NewsUrlClient(ClientContext context) : IUrlClient
{
    // Debian's policy 11.7.
    private const string ServerFile = "/etc/news/server";

    /// <inheritdoc/>
    public bool GoesByProxies => false;

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var scheme = journey.Url.Scheme;
        var fault = NewsUrl.TryRead(scheme, journey.Url.Hostname, journey.Url.Pathname, out var wish);
        if (fault != NewsUrlFault.None) { return journey.Fail(new NewsUnusable(fault)); }
        var numbers = NumbersOf(journey.Request.Range);
        byte[]? article = null;
        if (journey.Request is { IsUpload: true, Body: { } body })
        {
            if (wish!.Wish != NewsWish.Overview) { return journey.Fail(new NewsUnusable(NewsUrlFault.NoGroupToPost)); }
            var (text, unread) = await ReadAsync(body, cancellationToken);
            if (unread is not null) { return journey.Fail(unread); }
            fault = NewsArticle.TryPrepare(text, wish.Group, context.Options.News.Sender, out article);
            if (fault != NewsUrlFault.None) { return journey.Fail(new NewsUnusable(fault)); }
        }
        if (ServerOf(journey) is not { } origin) { return journey.Fail(new NewsUnusable(NewsUrlFault.NoServer)); }
        journey.Peer = origin;
        var host = origin.Host is ['[', .. var literal, ']'] ? literal : origin.Host;
        var (addresses, noName) = await context.FindAsync(journey, host, origin.Port, cancellationToken);
        if (noName is not null) { return journey.Fail(noName); }
        var (connected, unreached) = await context.ReachAsync(journey, origin, host, addresses, cancellationToken);
        if (connected is null) { return journey.Fail(unreached!); }
        var isImplicit = origin.Port == NewsOptions.SecurePort || scheme == "nntps";
        var credentials = context.CredentialsOf(journey) is { Credentials: { User.Length: > 0 } known } ? ((string, string)?)(known.User, known.Password)
            : null;
        // A password is for one server alone; without one, TLS that may be left out proves nothing.
        var verifies = isImplicit || credentials is not null;
        JourneyFailure? insecure = null;
        async ValueTask<IByteStream?> SecureAsync(CancellationToken stop)
        {
            var (session, failure) = await context.SecureAsync(journey, origin, host, connected, [], stop, allowsFaults: !verifies);
            insecure = failure;
            return session?.Stream;
        }

        var stream = isImplicit ? await SecureAsync(cancellationToken) : connected.Stream;
        if (stream is null)
        {
            connected.Stream.Close();
            return journey.Fail(insecure!);
        }
        var task = new NntpTask(wish!)
        {
            IsPost = article is not null,
            Numbers = numbers,
            IsImplicit = isImplicit,
            Credentials = credentials,
        };
        using var connection = new NewsConnection(stream, context.Network, connected.Span, SecureAsync);
        NewsResult result;
        using (journey.Doing(JourneyStep.Read)) { result = await connection.RunAsync(task, journey.Sink, article, cancellationToken); }
        if (result is { ReplyFault: NntpReplyFault.None, Error: Errno.None, IsInsecure: false, SinkError: Errno.None })
        {
            await connection.QuitAsync(cancellationToken);
        }
        var moved = article is not null && result.Fault == NntpFault.None ? article.Length : result.Bytes;
        var end = new JourneyEnd(result.Reply?.Code ?? 0, result.Reply?.Text, moved);
        return FailureOf(origin, result, insecure) is { } failed ? journey.Fail(failed, end) : journey.Succeed(end);
    }

    /// <inheritdoc/>
    public void Dispose() { /* A connection ends with what was asked on it. */ }

    private static JourneyFailure? FailureOf(Origin origin, NewsResult result, JourneyFailure? insecure)
    {
        if (result.IsInsecure) { return insecure; }
        if (result.SinkError != Errno.None) { return new BodyUnsaved(result.SinkError, result.Bytes); }
        if (result.ReplyFault != NntpReplyFault.None) { return new NewsReplyUnreadable(origin, result.ReplyFault); }
        if (result.Error != Errno.None) { return new ResponseUnreceived(origin, result.Error, result.Bytes); }
        return result.Fault == NntpFault.None ? null : new NewsRefused(origin, result.Fault, result.Command, result.Reply?.Code ?? 0, result.Reply?.Text ?? "");
    }

    private Origin? ServerOf(Journey journey)
    {
        var (url, options) = (journey.Url, context.Options.News);
        var scheme = url.Scheme == "news" ? "nntp" : url.Scheme;
        if (url.Hostname.Length > 0)
        {
            return new Origin(scheme, url.Hostname, url.EffectivePort > 0 ? url.EffectivePort : scheme == "nntps" ? NewsOptions.SecurePort : NewsOptions.Port);
        }
        var (server, port, from) = (options.Server, options.ServerPort, options.From);
        if (server is null)
        {
            try { server = context.Network.Files.Read(ServerFile) is { } file ? Encoding.UTF8.GetString(file).Trim() : null; }
            // Who may not read it has none.
            catch (NetworkException) { server = null; }
            from = ServerFile;
            if (string.IsNullOrEmpty(server) || server.Any(char.IsWhiteSpace)) { return null; }
        }
        if (journey.Span.IsListening) { journey.Span.Tell(new NewsServerChosen(server, port, from)); }
        return new Origin(scheme, server, port);
    }

    // FIRST-LAST, FIRST- and N are numbers of articles.
    private static (long First, long Last)? NumbersOf(string? range)
    {
        if (range is null) { return null; }
        var hyphen = range.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = hyphen < 0 ? (range, range) : (range[..hyphen], range[(hyphen + 1)..]);
        if (!long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)) { return null; }
        return (from, last.Length == 0 ? int.MaxValue : long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to) ? to : from);
    }

    private static async ValueTask<(byte[] Text, JourneyFailure? Failure)> ReadAsync(IBodySource source, CancellationToken cancellationToken)
    {
        IBodyReader? reader = null;
        var text = new MemoryStream();
        try
        {
            reader = source.Open();
            var piece = new byte[64 * 1024];
            // One byte more than may be shows that it is too long.
            while (text.Length <= NewsLimits.Article && await reader.ReadAsync(piece, cancellationToken) is > 0 and var count) { text.Write(piece, 0, count); }
            return (text.ToArray(), null);
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return ([], new BodyUnreadable(source.Origin, IoErrors.ToErrno(e), 0)); }
        finally { reader?.Close(); }
    }
}
