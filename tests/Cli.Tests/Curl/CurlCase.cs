using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests.Curl;

/// <summary>One case of curl's own suite, read as its format says: parts of sections, with the attributes of their tags.</summary>
internal sealed partial class CurlCase
{
    private string _text;

    private CurlCase(int number, string text) => (Number, _text) = (number, text);

    public int Number { get; }

    /// <summary>A part of a section, ready for use.</summary>
    /// <param name="Text">Its bytes, each by a character (Latin-1).</param>
    /// <param name="Attributes">The attributes of its tag.</param>
    internal sealed record Part(string Text, IReadOnlyDictionary<string, string> Attributes)
    {
        public bool Has(string name, string value) => Attributes.GetValueOrDefault(name) is { } one && one.Split(',').Contains(value);
    }

    /// <summary>Reads a case.</summary>
    /// <param name="path">The file.</param>
    /// <param name="features">What is claimed.</param>
    /// <param name="variables">Values of %NAME.</param>
    public static CurlCase Read(string path, ISet<string> features, IReadOnlyDictionary<string, string> variables)
    {
        var number = int.Parse(Path.GetFileName(path)["test".Length..], CultureInfo.InvariantCulture);
        var text = Conditions(Encoding.Latin1.GetString(File.ReadAllBytes(path)), features);
        foreach (var (name, value) in variables.OrderByDescending(static one => one.Key.Length)) { text = text.Replace("%" + name, value, StringComparison.Ordinal); }
        text = Base64().Replace(text, static match => Convert.ToBase64String(Encoding.Latin1.GetBytes(Unhex(match.Groups["text"].Value))));
        text = Hex().Replace(text, static match => Unhex(match.Groups["text"].Value));
        text = Repeat().Replace(text, static match =>
            new StringBuilder().Insert(0, Unhex(match.Groups["text"].Value), int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture)).ToString());
        text = Days().Replace(text, static match =>
            DateTime.UtcNow.AddDays(double.Parse(match.Groups[1].Value.Trim('[', ']'), CultureInfo.InvariantCulture)).ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture));
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("%SPP", "   "), ("%CR", "\r"), ("%SP", " "), ("%TAB", "\t"), ("%AMP", "&"), ("%LT", "<"), ("%GT", ">")])
        {
            text = text.Replace(name, value, StringComparison.Ordinal);
        }
        return new CurlCase(number, text);
    }

    /// <summary>Takes the text of another reading: the ports of a case's servers are known when they stand, and they know the case.</summary>
    public void Become(CurlCase other) => _text = other._text;

    /// <summary>A case that stands in no file.</summary>
    public static CurlCase Of(string text) => new(0, text);

    /// <summary>The same case with other expectations: what was to be so is to be otherwise.</summary>
    public CurlCase Mutated(Func<string, string> change) => new(Number, change(_text));

    /// <summary>A part; null where there is none.</summary>
    public Part? Find(string section, string part)
    {
        var from = Regex.Match(_text, $"^<{section}>", RegexOptions.Multiline);
        if (!from.Success) { return null; }
        var to = _text.IndexOf($"</{section}>", from.Index, StringComparison.Ordinal);
        var inside = _text[from.Index..(to < 0 ? _text.Length : to)];
        var open = Regex.Match(inside, $"^[ \t]*<{part}((?: [^>\n]*)?)>[ \t]*\n", RegexOptions.Multiline);
        if (!open.Success) { return null; }
        var start = open.Index + open.Length;
        var close = Regex.Match(inside[start..], $"^[ \t]*</{part}>", RegexOptions.Multiline);
        var text = inside[start..(close.Success ? start + close.Index : inside.Length)];
        var attributes = Attribute().Matches(open.Groups[1].Value).ToDictionary(static one => one.Groups[1].Value, static one => one.Groups[2].Value);
        if (attributes.GetValueOrDefault("crlf") is "yes") { text = Ended(text); }
        else if (attributes.GetValueOrDefault("crlf") is "headers") { text = WithHeads(text); }
        if (attributes.GetValueOrDefault("nonewline") is "yes") { text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text; }
        return new Part(text, attributes);
    }

    /// <summary>All parts of a name with or without a number, however often it stands there.</summary>
    public IEnumerable<Part> FindEach(string section, string part)
    {
        var rest = new CurlCase(Number, _text);
        foreach (var name in (string[])[part, .. Enumerable.Range(1, 9).Select(number => part + number.ToString(CultureInfo.InvariantCulture))])
        {
            while (rest.Find(section, name) is { } one)
            {
                yield return one;
                // The next of the same name begins behind it.
                var from = rest._text.IndexOf($"<{section}>", StringComparison.Ordinal);
                var at = Regex.Match(rest._text[from..], $"^[ \t]*<{name}((?: [^>\n]*)?)>", RegexOptions.Multiline);
                rest._text = rest._text[..(from + at.Index)] + "(" + rest._text[(from + at.Index)..].TrimStart()[1..];
            }
        }
    }

    /// <summary>All parts whose names are a word with or without a number.</summary>
    public IEnumerable<Part> FindAll(string section, string part)
    {
        if (Find(section, part) is { } first) { yield return first; }
        for (var i = 1; i < 10; i++)
        {
            if (Find(section, part + i.ToString(CultureInfo.InvariantCulture)) is { } one) { yield return one; }
        }
    }

    public string TextOf(string section, string part) => Find(section, part)?.Text ?? "";

    public IEnumerable<string> LinesOf(string section, string part) =>
        TextOf(section, part).Split('\n').Select(static line => line.Trim('\r', ' ')).Where(static line => line.Length > 0);

    private static string Ended(string text) => Regex.Replace(text, "\r?\n", "\r\n");

    // Lines of heads: those that look like a field or the first of a message, and the empty one behind them.
    private static string WithHeads(string text)
    {
        var result = new StringBuilder(text.Length + 64);
        var isHead = false;
        foreach (var line in Regex.Split(text, "(?<=\n)"))
        {
            if (HeadLine().IsMatch(line) || (isHead && line is "\n" or "\r\n"))
            {
                isHead = line is not ("\n" or "\r\n");
                result.Append(line.TrimEnd('\n').TrimEnd('\r')).Append(line.EndsWith('\n') ? "\r\n" : "");
            }
            else { result.Append(line); }
        }
        return result.ToString();
    }

    private static string Conditions(string text, ISet<string> features)
    {
        var result = new StringBuilder(text.Length);
        var shown = new Stack<bool>();
        foreach (var line in Regex.Split(text, "(?<=\n)"))
        {
            var word = line.Trim();
            if (word.StartsWith("%if ", StringComparison.Ordinal))
            {
                var name = word[4..].Trim();
                shown.Push(name.StartsWith('!') ? !features.Contains(name[1..]) : features.Contains(name));
            }
            else if (word == "%else") { shown.Push(!shown.Pop()); }
            else if (word == "%endif") { shown.Pop(); }
            else if (shown.All(static one => one)) { result.Append(line); }
        }
        return result.ToString();
    }

    private static string Unhex(string text) =>
        HexPair().Replace(text, static match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex(@"%b64\[(?<text>.*?)\]b64%", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Base64();

    [GeneratedRegex(@"%hex\[(?<text>.*?)\]hex%", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Hex();

    [GeneratedRegex(@"%repeat\[(?<count>\d+) x (?<text>.*?)\]%", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Repeat();

    [GeneratedRegex(@"%days(\[[-\d.]+\])")]
    private static partial Regex Days();

    [GeneratedRegex("%([0-9A-Fa-f]{2})")]
    private static partial Regex HexPair();

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^(HTTP/[0-9.]+ |[A-Z]+ [^ ]+ HTTP/|[^: \r\n]+:( |\r?\n)|Content-Disposition)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex HeadLine();
}
