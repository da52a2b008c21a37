using Firstbyte.Tracing;

namespace Firstbyte.Mail;

/// <summary>A message that a server of ours has taken.</summary>
/// <param name="Sender">The reverse path.</param>
/// <param name="Recipients">The forward paths.</param>
/// <param name="Content">Its bytes, as the server hands it on: with a Received field at its head.</param>
public sealed record StoredMessage(string Sender, string[] Recipients, byte[] Content);

/// <summary>A server of ours has taken a message.</summary>
/// <param name="Host">The server's host.</param>
/// <param name="Sender">The reverse path.</param>
/// <param name="Recipients">The forward paths.</param>
/// <param name="Subject">The subject as it stands in the message; empty for none.</param>
/// <param name="Bytes">Bytes of the message.</param>
/// <param name="IsSecured">It came over TLS.</param>
/// <param name="Number">How many messages the host has by now.</param>
public sealed record MailStored(string Host, string Sender, string[] Recipients, string Subject, long Bytes, bool IsSecured, int Number) : TraceEvent;

/// <summary>The mailboxes of a server of ours: the domains for which it takes mail, who may hand it in, and what has come.</summary>
/// <param name="name">The host's name, which the server greets with.</param>
/// <param name="domains">The domains, in ASCII.</param>
public sealed class MailStore(string name, IEnumerable<string> domains)
{
    /// <summary>Messages that are kept at most.</summary>
    public const int MostMessages = 1000;

    private readonly HashSet<string> _domains = new(domains, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private readonly List<StoredMessage> _messages = [];

    /// <summary>The host's name.</summary>
    public string Name => name;

    /// <summary>Bytes of a message at most (RFC 1870).</summary>
    public int MaximumSize { get; init; } = 1024 * 1024;

    /// <summary>What has come, the oldest first.</summary>
    public IReadOnlyList<StoredMessage> Messages => _messages;

    /// <summary>Whether whoever hands mail in has to say who it is.</summary>
    public bool WantsLogin => _accounts.Count > 0;

    /// <summary>Lets a user in.</summary>
    public MailStore Admit(string user, string password)
    {
        _accounts[user] = password;
        return this;
    }

    /// <summary>Whether the user is let in.</summary>
    public bool Admits(string user, string password) => _accounts.TryGetValue(user, out var expected) && expected == password;

    /// <summary>Whether mail for a domain ends here.</summary>
    public bool Takes(string domain) => _domains.Contains(domain);

    /// <summary>Keeps a message; false when there is no room.</summary>
    public bool Keep(StoredMessage message)
    {
        if (_messages.Count >= MostMessages) { return false; }
        _messages.Add(message);
        return true;
    }
}
