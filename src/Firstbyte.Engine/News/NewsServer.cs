using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Mail;
using Firstbyte.Sockets;

namespace Firstbyte.News;

/// <summary>
/// A small NNTP server over any network (RFC 3977's reader, with LIST ACTIVE, OVER, POST, STARTTLS and AUTHINFO over TLS): a lab's, and a test's.
/// </summary>
/// <param name="network">Where it listens.</param>
/// <param name="open">Gives what it has; asked for each connection, so that what nobody reads need not be made.</param>
/// <param name="secure">Begins TLS over a connection; null for a server without. It throws when there is no session.</param>
/// <param name="isImplicit">TLS comes before the first byte.</param>
/// <param name="think">How long it thinks before it answers.</param>
public sealed class NewsServer(
    INetwork network, Func<NewsStore> open, Func<IByteStream, CancellationToken, ValueTask<IByteStream>>? secure = null, bool isImplicit = false,
    Func<ValueTask>? think = null) : IDisposable
{
    private const int MaximumConnections = 256, Backlog = 64;

    private readonly StreamListener _listener = new(network, Backlog, MaximumConnections);

    /// <summary>A server of a store that is there.</summary>
    public NewsServer(
        INetwork network, NewsStore store, Func<IByteStream, CancellationToken, ValueTask<IByteStream>>? secure = null, bool isImplicit = false,
        Func<ValueTask>? think = null) : this(network, () => store, secure, isImplicit, think) => ArgumentNullException.ThrowIfNull(store);

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local) => _listener.Start(local);

    /// <summary>Accepts and serves until the server is disposed.</summary>
    public Task RunAsync() => _listener.RunAsync(ServeAsync);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(ISocket socket, CancellationToken cancellationToken)
    {
        using var session = new Session(network, socket, open(), secure, think);
        await session.RunAsync(isImplicit, cancellationToken);
    }

    private sealed class Session(
        INetwork network, ISocket socket, NewsStore store, Func<IByteStream, CancellationToken, ValueTask<IByteStream>>? secure,
        Func<ValueTask>? think) : IDisposable
    {
        // RFC 3977 3.1: at least three minutes.
        private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

        private const int IdentifierBytes = 12;

        private readonly LineSession _lines = new(network, socket, NewsLimits.StatusLine, s_patience, "501 Line too long");
        private bool _isKnown;
        private string? _user;
        private NewsStore.Group? _group;

        public void Dispose() => _lines.Dispose();

        public async Task RunAsync(bool isImplicit, CancellationToken cancellationToken)
        {
            if (isImplicit) { await _lines.SecureAsync(secure!, cancellationToken); }
            await _lines.ReplyAsync($"200 {store.Name} Firstbyte's news server, posting allowed");
            while (await _lines.ReadAsync(cancellationToken) is { } bytes)
            {
                if (think is not null) { await think(); }
                var words = Encoding.UTF8.GetString(bytes).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0) { await _lines.ReplyAsync("500 What?"); }
                else if (!await AnswerAsync(words[0].ToUpperInvariant(), words[1..], cancellationToken)) { break; }
            }
            await _lines.FlushAsync();
        }

        private async ValueTask<bool> AnswerAsync(string verb, string[] words, CancellationToken cancellationToken)
        {
            switch (verb)
            {
                case "QUIT":
                    await _lines.ReplyAsync("205 Bye");
                    return false;
                case "CAPABILITIES":
                    await BlockAsync("101 Capability list:",
                    [
                        "VERSION 2", "READER", "POST", "OVER", "LIST ACTIVE", .. secure is not null && !_lines.IsSecured ? ["STARTTLS"] : (string[])[],
                        .. store.WantsLogin && _lines.IsSecured ? ["AUTHINFO USER"] : (string[])[],
                    ]);
                    return true;
                case "MODE": await _lines.ReplyAsync("200 Posting allowed"); return true;
                case "STARTTLS" when secure is not null && !_lines.IsSecured:
                    await _lines.ReplyAsync("382 Begin TLS");
                    // What came before the handshake was said by nobody knows whom.
                    if (_lines.HasMore) { return false; }
                    await _lines.SecureAsync(secure!, cancellationToken);
                    _group = null;
                    return true;
                case "AUTHINFO" when store.WantsLogin: await LogInAsync(words); return true;
                default:
                    if (store.WantsLogin && !_isKnown) { await _lines.ReplyAsync(_lines.IsSecured ? "480 Authentication required" : "483 Encryption required"); }
                    else { await AnswerReaderAsync(verb, words, cancellationToken); }
                    return true;
            }
        }

        private ValueTask LogInAsync(string[] words)
        {
            if (!_lines.IsSecured) { return _lines.ReplyAsync("483 Encryption required"); }
            if (words is not [var what, var value]) { return _lines.ReplyAsync("501 AUTHINFO USER or PASS"); }
            if (what.Equals("USER", StringComparison.OrdinalIgnoreCase))
            {
                _user = value;
                return _lines.ReplyAsync("381 Password?");
            }
            _isKnown = _user is not null && store.Admits(_user, value);
            return _lines.ReplyAsync(_isKnown ? "281 Welcome" : "481 No");
        }

        private ValueTask AnswerReaderAsync(string verb, string[] words, CancellationToken cancellationToken) => verb switch
        {
            "LIST" => BlockAsync("215 Groups follow", [.. store.Groups.Where(group => words.Length < 2 || Fits(words[1], group.Name)).Select(Line)]),
            "GROUP" => EnterAsync(words),
            "OVER" or "XOVER" => OverviewAsync(words),
            "ARTICLE" => ArticleAsync(words),
            "POST" => PostAsync(cancellationToken),
            "DATE" => _lines.ReplyAsync("111 " + network.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)),
            _ => _lines.ReplyAsync("500 Not known here"),
        };

        private static string Line(NewsStore.Group group) =>
            string.Create(CultureInfo.InvariantCulture, $"{group.Name} {group.Identifiers.Count} 1 {(group.MayPost ? 'y' : 'n')}");

        // RFC 3977 4: "*" for any characters; the last of the patterns that fit decides, and one behind "!" says no.
        private static bool Fits(string wildmat, string name)
        {
            var fits = false;
            foreach (var pattern in wildmat.Split(','))
            {
                var isNo = pattern.StartsWith('!');
                if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(isNo ? pattern[1..] : pattern, name, ignoreCase: false)) { fits = !isNo; }
            }
            return fits;
        }

        private ValueTask EnterAsync(string[] words)
        {
            if (words.Length != 1 || store.Find(words[0]) is not { } group) { return _lines.ReplyAsync("411 No such group"); }
            _group = group;
            var count = group.Identifiers.Count;
            return _lines.ReplyAsync(string.Create(CultureInfo.InvariantCulture, $"211 {count} 1 {count} {group.Name}"));
        }

        private ValueTask OverviewAsync(string[] words)
        {
            if (_group is null) { return _lines.ReplyAsync("412 No group"); }
            var bounds = words.Length == 1 ? words[0].Split('-') : [];
            if (bounds.Length is 0 or > 2 || !int.TryParse(bounds[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            {
                return _lines.ReplyAsync("501 A range");
            }
            var last = bounds.Length == 1 ? first
                : int.TryParse(bounds[1], NumberStyles.None, CultureInfo.InvariantCulture, out var named) ? named : int.MaxValue;
            var group = _group;
            string[] lines =
            [
                .. group.Identifiers.Select((identifier, i) => (Identifier: identifier, Number: i + 1)).Where(one => one.Number >= first && one.Number <= last)
                    .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Number}\t{store.OverviewOf(one.Identifier)}")),
            ];
            return lines.Length == 0 ? _lines.ReplyAsync("423 No articles in that range") : BlockAsync("224 Overview follows", lines);
        }

        private async ValueTask ArticleAsync(string[] words)
        {
            var (number, identifier) = (0, words.Length == 1 ? words[0] : "");
            if (identifier.Length > 0 && int.TryParse(identifier, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                if (_group is null) { await _lines.ReplyAsync("412 No group"); return; }
                identifier = number >= 1 && number <= _group.Identifiers.Count ? _group.Identifiers[number - 1] : "";
            }
            if (store.Article(identifier) is not { } article) { await _lines.ReplyAsync(number > 0 ? "423 No such number" : "430 No such article"); return; }
            await _lines.SendAsync((byte[])
                [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"220 {number} {identifier}\r\n")), .. MailContent.Stuffed(article)]);
        }

        private async ValueTask PostAsync(CancellationToken cancellationToken)
        {
            await _lines.ReplyAsync("340 Send the article, and a dot at its end");
            var article = new MemoryStream();
            while (true)
            {
                if (await _lines.ReadAsync(cancellationToken) is not { } line) { return; }
                if (MailContent.Unstuffed(line) is not { } own) { break; }
                if (article.Length > NewsLimits.Article) { continue; }
                article.Write(own.Span);
                article.Write("\r\n"u8);
            }
            var random = new byte[IdentifierBytes];
            network.Random.Fill(random);
            var isKept = article.Length <= NewsLimits.Article
                && store.Keep(article.ToArray(), network.Time.GetUtcNow(), $"<{Convert.ToHexStringLower(random)}@{store.Name}>", isPosted: true);
            await _lines.ReplyAsync(isKept ? "240 Article received" : "441 Posting failed: no group here takes it, or From or Subject are missing");
        }

        private ValueTask BlockAsync(string reply, string[] lines)
        {
            var stuffed = lines.Select(static line => (line.StartsWith('.') ? "." : "") + line + "\r\n");
            return _lines.SendAsync(Encoding.UTF8.GetBytes($"{reply}\r\n{string.Concat(stuffed)}.\r\n"));
        }
    }
}
