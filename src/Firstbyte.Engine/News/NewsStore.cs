using System.Globalization;
using System.Text;

namespace Firstbyte.News;

/// <summary>The groups of a news server of ours, and their articles.</summary>
public sealed class NewsStore
{
    /// <summary>Articles that are kept at most.</summary>
    public const int MostArticles = 10_000;

    private readonly SortedDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _articles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _accounts = new(StringComparer.Ordinal);

    /// <summary>The host's name, which stands in what the server adds to an article.</summary>
    public required string Name { get; init; }

    /// <summary>Whether whoever asks has to say who it is.</summary>
    public bool WantsLogin => _accounts.Count > 0;

    /// <summary>The groups by their names.</summary>
    public IEnumerable<Group> Groups => _groups.Values;

    /// <summary>Adds a group.</summary>
    public NewsStore Add(string group, bool mayPost = true)
    {
        _groups[group] = new Group(group, mayPost);
        return this;
    }

    /// <summary>Lets a user in.</summary>
    public NewsStore Admit(string user, string password)
    {
        _accounts[user] = password;
        return this;
    }

    /// <summary>Whether the user is let in.</summary>
    public bool Admits(string user, string password) => _accounts.TryGetValue(user, out var expected) && expected == password;

    /// <summary>A group; null when there is none of that name.</summary>
    public Group? Find(string group) => _groups.GetValueOrDefault(group);

    /// <summary>An article by its identifier; null when there is none.</summary>
    public byte[]? Article(string identifier) => _articles.GetValueOrDefault(identifier);

    /// <summary>
    /// Keeps an article in the groups of its Newsgroups field, of those that are here; what its header lacks (RFC 5537 3.5: Message-ID, Date, Path) is added.
    /// False where no group takes it.
    /// </summary>
    /// <param name="article">The article.</param>
    /// <param name="now">The time.</param>
    /// <param name="identifier">An identifier, should it have none.</param>
    /// <param name="isPosted">A client brings it: groups that only read do not take it.</param>
    public bool Keep(byte[] article, DateTimeOffset now, string identifier, bool isPosted)
    {
        ArgumentNullException.ThrowIfNull(article);
        var text = NntpReader.Decode(article);
        var groups = (FieldOf(text, "Newsgroups") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Find).OfType<Group>().Where(group => group.MayPost || !isPosted).ToArray();
        if (groups.Length == 0 || FieldOf(text, "From") is null || FieldOf(text, "Subject") is null || _articles.Count >= MostArticles) { return false; }
        var head = new StringBuilder($"Path: {Name}!not-for-mail\r\n");
        if (FieldOf(text, "Message-ID") is { } own) { identifier = own; }
        else { head.Append(CultureInfo.InvariantCulture, $"Message-ID: {identifier}\r\n"); }
        if (FieldOf(text, "Date") is null)
        {
            head.Append(now.UtcDateTime.ToString("'Date: 'ddd, dd MMM yyyy HH:mm:ss' +0000'\r\n", CultureInfo.InvariantCulture));
        }
        if (!NewsUrl.IsIdentifier(identifier) || _articles.ContainsKey(identifier)) { return false; }
        byte[] whole = [.. Encoding.UTF8.GetBytes(head.ToString()), .. article];
        _articles[identifier] = whole;
        foreach (var group in groups) { group.Add(identifier); }
        return true;
    }

    /// <summary>A line of an overview without its number (RFC 3977 8.3.2); null when there is no such article.</summary>
    public string? OverviewOf(string identifier)
    {
        if (Article(identifier) is not { } article) { return null; }
        var text = NntpReader.Decode(article);
        var lines = text.AsSpan(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4).Count('\n');
        string[] names = ["Subject", "From", "Date", "Message-ID", "References"];
        var fields = names.Select(name => (FieldOf(text, name) ?? "").Replace('\t', ' '));
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('\t', fields)}\t{article.Length}\t{lines}");
    }

    private static string? FieldOf(string article, string name)
    {
        var end = article.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = (end < 0 ? article : article[..end]).Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        return Array.Find(head.Split("\r\n"), line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }

    /// <summary>A group.</summary>
    public sealed class Group(string name, bool mayPost)
    {
        private readonly List<string> _identifiers = [];

        /// <summary>Its name.</summary>
        public string Name => name;

        /// <summary>Whether clients may post to it.</summary>
        public bool MayPost => mayPost;

        /// <summary>The identifiers of its articles; the first has number 1.</summary>
        public IReadOnlyList<string> Identifiers => _identifiers;

        internal void Add(string identifier) => _identifiers.Add(identifier);
    }
}
