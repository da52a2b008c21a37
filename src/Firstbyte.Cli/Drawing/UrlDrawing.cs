using System.Text;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Drawing;

/// <summary>A URL with its parts underlined and named, what was changed, and what is wrong with the input.</summary>
internal sealed class UrlDrawing(Page page, Language language)
{
    private readonly IUrlSentences _words = language.Urls;

    public void Draw(UrlExplanation explanation)
    {
        var url = explanation.Url;
        if (url is not null)
        {
            page.Result(language.Labels.Url, Phrase.Of(url.Href, Role.Text), role: Role.Strong);
            DrawParts(explanation, url);
            if (url.UnicodeHostname != url.Hostname) { page.Result(_words.ReadsLabel, Phrase.Of(url.UnicodeHostname, Role.Name)); }
            page.Result(_words.OriginLabel, url.Origin == "null" ? _words.OpaqueOrigin : url.Origin);
            page.Result(_words.ClientLabel, _words.ClientAtPort(url.Scheme, url.EffectivePort, url.PortNumber is null));
        }
        else
        {
            page.Result(language.Labels.Url, _words.NoUrl, role: Role.Bad);
        }
        if (url?.Href != explanation.Input) { page.Result(_words.InputLabel, Phrase.Of(explanation.Input, Role.Text)); }
        foreach (var group in explanation.Changes.GroupBy(static change => change.Kind))
        {
            var first = group.First();
            var shown = first.InputLength > 0 ? explanation.Input.Substring(first.InputStart, first.InputLength) : "";
            page.Result(group.Key == explanation.Changes[0].Kind ? _words.ChangedLabel : "",
                _words.ChangeAt(group.Key, shown, UrlInput.CharactersBefore(explanation.Input, first.InputStart) + 1, group.Count() - 1));
        }
        DrawViolations(explanation);
    }

    // Every part hangs from its first character, the last one first, so that no line crosses another.
    private void DrawParts(UrlExplanation explanation, Url url)
    {
        var parts = explanation.Parts;
        var fits = url.Href.Length <= page.Width - 40;
        if (fits)
        {
            var underline = new StringBuilder(new string(' ', url.Href.Length + 1));
            foreach (var part in parts)
            {
                for (var i = 0; i < part.HrefLength; i++) { underline[part.HrefStart + i] = '─'; }
                underline[part.HrefStart] = '┬';
            }
            page.Detail(underline.ToString().TrimEnd(), role: Role.Note);
        }
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var branch = new StringBuilder();
            if (fits)
            {
                branch.Append(' ', parts[i].HrefStart);
                // An empty host begins where the path begins: the line that goes down there is the path's.
                for (var j = 0; j < i; j++)
                {
                    if (parts[j].HrefStart < branch.Length) { branch[parts[j].HrefStart] = '│'; }
                }
                branch.Append("└ ");
            }
            var value = parts[i].Value.Length == 0 ? _words.Empty : Phrase.Of(parts[i].Value, Role.Text);
            page.ResultDetail($"{branch.ToString():words}{_words.Part(parts[i].Part):words}  {value}{_words.PartSource(parts[i].Source)}");
        }
    }

    private void DrawViolations(UrlExplanation explanation)
    {
        var violations = explanation.Violations;
        for (var i = 0; i < violations.Count; i++)
        {
            var (error, position) = (violations[i].Error, violations[i].Position);
            var isFatal = explanation.Error is { } fatal && fatal.Reason == error && fatal.Position == position;
            var character = position < explanation.Input.Length ? CharacterAt(explanation.Input, position) : null;
            page.Result(isFatal ? _words.ErrorLabel : i == 0 ? _words.WarningLabel : "",
                _words.ViolationWith(error, UrlInput.CharactersBefore(explanation.Input, position) + 1, character),
                role: isFatal ? Role.Bad : Role.Warning);
        }
    }

    private static string CharacterAt(string text, int position) =>
        char.IsHighSurrogate(text[position]) && position + 1 < text.Length && char.IsLowSurrogate(text[position + 1])
            ? text.Substring(position, 2)
            : text[position].ToString();
}
