using System.Text;

namespace Firstbyte.News;

/// <summary>An article that is to be posted (RFC 5536): a header, an empty line, a text.</summary>
public static class NewsArticle
{
    /// <summary>
    /// Makes what a user has written ready to be posted: the group and the sender are added where they are missing; the server adds the rest (RFC 5537 3.5).
    /// </summary>
    /// <param name="text">What the user has written.</param>
    /// <param name="group">The group of the URL.</param>
    /// <param name="sender">Who sends it; null where nobody has said.</param>
    /// <param name="article">The article, its lines ended by CRLF.</param>
    public static NewsUrlFault TryPrepare(ReadOnlySpan<byte> text, string group, string? sender, out byte[] article)
    {
        article = [];
        if (text.Length > NewsLimits.Article) { return NewsUrlFault.ArticleTooLong; }
        var decoded = NntpReader.Decode(text).ReplaceLineEndings("\n");
        var end = decoded.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || decoded.Contains('\0', StringComparison.Ordinal)) { return NewsUrlFault.NotAnArticle; }
        var groups = "";
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var lines = decoded[..end].Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // A folded line belongs to the field before it.
            if (i > 0 && lines[i] is [' ' or '\t', ..]) { continue; }
            var colon = lines[i].IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0 || !lines[i][..colon].All(static one => one is > ' ' and < '\x7f')) { return NewsUrlFault.NotAnArticle; }
            names.Add(lines[i][..colon]);
            if (lines[i][..colon].Equals("Newsgroups", StringComparison.OrdinalIgnoreCase))
            {
                groups += lines[i][(colon + 1)..];
                for (var next = i + 1; next < lines.Length && lines[next] is [' ' or '\t', ..]; next++) { groups += lines[next]; }
            }
        }
        if (!names.Contains("Subject") || (!names.Contains("From") && sender is null)) { return NewsUrlFault.FieldMissing; }
        // Posted is where the article says, which would be elsewhere than where the user has said.
        if (names.Contains("Newsgroups") && !groups.Split(',', StringSplitOptions.TrimEntries).Contains(group)) { return NewsUrlFault.OtherGroups; }
        var ready = new StringBuilder();
        if (!names.Contains("From")) { ready.Append("From: ").Append(sender).Append('\n'); }
        if (!names.Contains("Newsgroups")) { ready.Append("Newsgroups: ").Append(group).Append('\n'); }
        article = Encoding.UTF8.GetBytes(ready.Append(decoded).Replace("\n", "\r\n").ToString());
        return NewsUrlFault.None;
    }
}
