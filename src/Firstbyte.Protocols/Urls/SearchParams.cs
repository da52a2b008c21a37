using System.Collections;
using System.Text;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>A list of names and values as application/x-www-form-urlencoded writes them (WHATWG URL sections 5 and 6.2).</summary>
public sealed class SearchParams : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _pairs;

    /// <summary>A list of these pairs.</summary>
    public SearchParams(IEnumerable<KeyValuePair<string, string>> pairs) => _pairs = [.. pairs];

    /// <summary>An empty list.</summary>
    public SearchParams() => _pairs = [];

    /// <summary>How many pairs there are.</summary>
    public int Count => _pairs.Count;

    /// <summary>The first value of that name, or null.</summary>
    public string? this[string name] => Get(name);

    /// <summary>Reads a query, with or without its "?"; every text is a list.</summary>
    public static SearchParams Parse(ReadOnlySpan<char> query)
    {
        var result = new SearchParams();
        if (query.StartsWith('?')) { query = query[1..]; }
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty) { continue; }
            var equals = pair.IndexOf('=');
            result._pairs.Add(new(Decode(equals < 0 ? pair : pair[..equals]), equals < 0 ? "" : Decode(pair[(equals + 1)..])));
        }
        return result;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static SearchParams Parse(string query) => Parse(query.AsSpan());

    /// <summary>Adds a pair at the end.</summary>
    public void Append(string name, string value) => _pairs.Add(new(name, value));

    /// <summary>Takes away every pair of that name and, where one is given, that value.</summary>
    public void Delete(string name, string? value = null) => _pairs.RemoveAll(pair => pair.Key == name && (value is null || pair.Value == value));

    /// <summary>The first value of that name, or null.</summary>
    public string? Get(string name)
    {
        foreach (var (key, value) in _pairs)
        {
            if (key == name) { return value; }
        }
        return null;
    }

    /// <summary>All values of that name, in their order.</summary>
    public IReadOnlyList<string> GetAll(string name) => [.. _pairs.Where(pair => pair.Key == name).Select(pair => pair.Value)];

    /// <summary>True when there is a pair of that name and, where one is given, that value.</summary>
    public bool Has(string name, string? value = null) => _pairs.Exists(pair => pair.Key == name && (value is null || pair.Value == value));

    /// <summary>Gives the first pair of that name the value, and takes the others away; adds a pair where there was none.</summary>
    public void Set(string name, string value)
    {
        var first = _pairs.FindIndex(pair => pair.Key == name);
        if (first < 0) { Append(name, value); return; }
        _pairs[first] = new(name, value);
        var (place, kept) = (0, first);
        _pairs.RemoveAll(pair => place++ != kept && pair.Key == name);
    }

    /// <summary>Sorts by name, by UTF-16 code units; pairs of one name keep their order.</summary>
    public void Sort()
    {
        var sorted = _pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        _pairs.Clear();
        _pairs.AddRange(sorted);
    }

    /// <summary>The list as application/x-www-form-urlencoded, without "?".</summary>
    public override string ToString()
    {
        var output = new SpanBuilder<char>(stackalloc char[256]);
        foreach (var (name, value) in _pairs)
        {
            if (output.Length > 0) { output.Append('&'); }
            AppendEncoded(name, ref output);
            output.Append('=');
            AppendEncoded(value, ref output);
        }
        var text = output.Written.ToString();
        output.Dispose();
        return text;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void AppendEncoded(ReadOnlySpan<char> text, ref SpanBuilder<char> output)
    {
        while (true)
        {
            var space = text.IndexOf(' ');
            PercentEncoding.Append(space < 0 ? text : text[..space], PercentEncoding.Form, ref output);
            if (space < 0) { return; }
            output.Append('+');
            text = text[(space + 1)..];
        }
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('%', '+') && Utf16IsWhole(text)) { return text.ToString(); }
        var bytes = new SpanBuilder<byte>(stackalloc byte[256]);
        foreach (var range in text.Split('+'))
        {
            if (range.Start.Value > 0) { bytes.Append((byte)' '); }
            PercentEncoding.Decode(text[range], ref bytes);
        }
        var decoded = Encoding.UTF8.GetString(bytes.Written);
        bytes.Dispose();
        return decoded;
    }

    private static bool Utf16IsWhole(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('\uD800', '\uDFFF');
}
