using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Mail;

/// <summary>
/// A small SMTP server over any network (RFC 5321, with STARTTLS, AUTH PLAIN and LOGIN over TLS, SIZE, 8BITMIME, SMTPUTF8, PIPELINING): a lab's, and a test's.
/// </summary>
/// <param name="network">Where it listens.</param>
/// <param name="store">What it takes.</param>
/// <param name="secure">Begins TLS over a connection; null for a server without. It throws when there is no session.</param>
/// <param name="isImplicit">TLS comes before the first byte.</param>
/// <param name="think">How long it thinks before it answers.</param>
/// <param name="span">Where it is told what it takes.</param>
public sealed class SmtpServer(
    INetwork network, MailStore store, Func<IByteStream, CancellationToken, ValueTask<IByteStream>>? secure = null, bool isImplicit = false,
    Func<ValueTask>? think = null, TraceSpan span = default) : IDisposable
{
    private const int MaximumConnections = 256, Backlog = 64;

    private readonly StreamListener _listener = new(network, Backlog, MaximumConnections);

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local) => _listener.Start(local);

    /// <summary>Accepts and serves until the server is disposed.</summary>
    public Task RunAsync() => _listener.RunAsync(ServeAsync);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(ISocket socket, CancellationToken cancellationToken)
    {
        using var session = new Session(network, socket, store, secure, think, span);
        await session.RunAsync(isImplicit, cancellationToken);
    }

    private sealed class Session(
        INetwork network, ISocket socket, MailStore store, Func<IByteStream, CancellationToken, ValueTask<IByteStream>>? secure, Func<ValueTask>? think,
        TraceSpan span) : IDisposable
    {
        // RFC 5321 4.5.3.2.7
        private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

        private readonly LineSession _lines = new(network, socket, MailLimits.Command, s_patience, "500 5.5.2 Line too long");
        private readonly List<string> _recipients = [];
        private bool _isKnown;
        private string? _client;
        private string? _sender;

        public void Dispose() => _lines.Dispose();

        public async Task RunAsync(bool isImplicit, CancellationToken cancellationToken)
        {
            if (isImplicit) { await _lines.SecureAsync(secure!, cancellationToken); }
            await _lines.ReplyAsync($"220 {store.Name} ESMTP Firstbyte");
            while (await _lines.ReadAsync(cancellationToken) is { } bytes)
            {
                if (think is not null) { await think(); }
                var line = Encoding.UTF8.GetString(bytes);
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                var (verb, argument) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
                if (!await AnswerAsync(verb.ToUpperInvariant(), argument, cancellationToken)) { break; }
            }
            await _lines.FlushAsync();
        }

        private async ValueTask<bool> AnswerAsync(string verb, string argument, CancellationToken cancellationToken)
        {
            switch (verb)
            {
                case "QUIT":
                    await _lines.ReplyAsync("221 2.0.0 Bye");
                    return false;
                case "HELO" or "EHLO":
                    Reset();
                    _client = argument;
                    await _lines.ReplyAsync(verb == "HELO" ? $"250 {store.Name}" : Features());
                    return true;
                case "NOOP": await _lines.ReplyAsync("250 2.0.0 Ok"); return true;
                case "RSET":
                    Reset();
                    await _lines.ReplyAsync("250 2.0.0 Ok");
                    return true;
                case "STARTTLS" when secure is not null && !_lines.IsSecured:
                    await _lines.ReplyAsync("220 2.0.0 Ready to start TLS");
                    // What came before the handshake was said by nobody knows whom.
                    if (_lines.HasMore) { return false; }
                    await _lines.SecureAsync(secure!, cancellationToken);
                    _client = null;
                    Reset();
                    return true;
                case "AUTH" when _lines.IsSecured && store.WantsLogin && !_isKnown: await LogInAsync(argument, cancellationToken); return true;
                case "MAIL": await AnswerMailAsync(argument); return true;
                case "RCPT": await AnswerRecipientAsync(argument); return true;
                case "DATA": return await TakeAsync(cancellationToken);
                default: await _lines.ReplyAsync("502 5.5.1 Command not implemented"); return true;
            }
        }

        private string Features()
        {
            string[] features =
            [
                store.Name, "PIPELINING", string.Create(CultureInfo.InvariantCulture, $"SIZE {store.MaximumSize}"), "8BITMIME", "SMTPUTF8",
                .. secure is not null && !_lines.IsSecured ? ["STARTTLS"] : (string[])[], .. store.WantsLogin && _lines.IsSecured ? ["AUTH PLAIN LOGIN"] : (string[])[],
            ];
            return string.Join("\r\n", features.Select((feature, i) => $"250{(i < features.Length - 1 ? '-' : ' ')}{feature}"));
        }

        private void Reset()
        {
            _sender = null;
            _recipients.Clear();
        }

        private async ValueTask LogInAsync(string argument, CancellationToken cancellationToken)
        {
            var words = argument.Split(' ');
            string? user = null, password = null;
            switch (words[0].ToUpperInvariant())
            {
                case "PLAIN":
                    var parts = (words.Length > 1 ? Decoded(words[1]) : await AskAsync("", cancellationToken))?.Split('\0');
                    if (parts is { Length: 3 }) { (user, password) = (parts[1], parts[2]); }
                    break;
                case "LOGIN":
                    user = await AskAsync("Username:", cancellationToken);
                    password = await AskAsync("Password:", cancellationToken);
                    break;
                default: await _lines.ReplyAsync("504 5.5.4 Mechanism not known"); return;
            }
            _isKnown = user is not null && password is not null && store.Admits(user, password);
            await _lines.ReplyAsync(_isKnown ? "235 2.7.0 Authentication successful" : "535 5.7.8 Authentication failed");
        }

        private async ValueTask<string?> AskAsync(string question, CancellationToken cancellationToken)
        {
            await _lines.ReplyAsync($"334 {Convert.ToBase64String(Encoding.UTF8.GetBytes(question))}");
            return await _lines.ReadAsync(cancellationToken) is { } line ? Decoded(Encoding.ASCII.GetString(line)) : null;
        }

        private static string? Decoded(string text)
        {
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
        }

        private ValueTask AnswerMailAsync(string argument)
        {
            if (_client is null) { return _lines.ReplyAsync("503 5.5.1 Say EHLO first"); }
            if (store.WantsLogin && !_isKnown)
            {
                return _lines.ReplyAsync(_lines.IsSecured ? "530 5.7.0 Authentication required" : "530 5.7.0 Must issue a STARTTLS command first");
            }
            if (_sender is not null) { return _lines.ReplyAsync("503 5.5.1 There is a sender already"); }
            if (PathOf(argument, "FROM:", out var parameters) is not { } sender) { return _lines.ReplyAsync("501 5.1.7 No sender"); }
            var size = parameters.Split(' ').FirstOrDefault(static one => one.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase));
            if (size is not null && long.TryParse(size[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > store.MaximumSize)
            {
                return _lines.ReplyAsync("552 5.3.4 Message size exceeds fixed limit");
            }
            _sender = sender;
            return _lines.ReplyAsync("250 2.1.0 Ok");
        }

        private ValueTask AnswerRecipientAsync(string argument)
        {
            if (_sender is null) { return _lines.ReplyAsync("503 5.5.1 No sender yet"); }
            if (PathOf(argument, "TO:", out _) is not { } path || !MailAddress.TryParse(path, out var address)) { return _lines.ReplyAsync("501 5.1.3 No recipient"); }
            if (!store.Takes(address!.Domain)) { return _lines.ReplyAsync("550 5.7.1 Relay access denied"); }
            if (_recipients.Count >= MailLimits.Recipients) { return _lines.ReplyAsync("452 4.5.3 Too many recipients"); }
            _recipients.Add(address.ToString());
            return _lines.ReplyAsync("250 2.1.5 Ok");
        }

        private async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
        {
            if (_recipients.Count == 0)
            {
                await _lines.ReplyAsync("554 5.5.1 No valid recipients");
                return true;
            }
            await _lines.ReplyAsync("354 End data with <CR><LF>.<CR><LF>");
            var content = new MemoryStream();
            content.Write(Encoding.UTF8.GetBytes($"Received: from {_client} by {store.Name} with {(_lines.IsSecured ? "ESMTPS" : "ESMTP")}; {Date()}\r\n"));
            var (head, isTooLarge) = (content.Length, false);
            while (true)
            {
                if (await _lines.ReadAsync(cancellationToken) is not { } line) { return false; }
                if (MailContent.Unstuffed(line) is not { } own) { break; }
                isTooLarge |= content.Length - head + own.Length + 2 > store.MaximumSize;
                if (isTooLarge) { continue; }
                content.Write(own.Span);
                content.Write("\r\n"u8);
            }
            var message = new StoredMessage(_sender!, [.. _recipients], content.ToArray());
            Reset();
            if (isTooLarge) { await _lines.ReplyAsync("552 5.3.4 Message size exceeds fixed limit"); }
            else if (!store.Keep(message)) { await _lines.ReplyAsync("452 4.3.1 No room"); }
            else
            {
                if (span.IsListening)
                {
                    span.Tell(new MailStored(
                        store.Name, message.Sender, message.Recipients, SubjectOf(message.Content), message.Content.Length - head, _lines.IsSecured,
                        store.Messages.Count));
                }
                await _lines.ReplyAsync(string.Create(CultureInfo.InvariantCulture, $"250 2.0.0 Ok: kept as {store.Messages.Count}"));
            }
            return true;
        }

        private string Date() => network.Time.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

        private static string SubjectOf(byte[] content)
        {
            var head = Encoding.UTF8.GetString(content.AsSpan(0, content.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end : content.Length));
            var lines = head.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal).Split("\r\n");
            var subject = Array.Find(lines, static line => line.StartsWith("Subject: ", StringComparison.OrdinalIgnoreCase))?[9..] ?? "";
            return MimeKit.Utils.Rfc2047.DecodeText(Encoding.UTF8.GetBytes(subject));
        }

        private static string? PathOf(string argument, string word, out string parameters)
        {
            parameters = "";
            if (!argument.StartsWith(word, StringComparison.OrdinalIgnoreCase)) { return null; }
            var rest = argument[word.Length..].TrimStart();
            var end = rest.LastIndexOf('>');
            if (rest.Length == 0 || rest[0] != '<' || end < 0) { return null; }
            parameters = rest[(end + 1)..].Trim();
            return rest[1..end];
        }
    }
}
