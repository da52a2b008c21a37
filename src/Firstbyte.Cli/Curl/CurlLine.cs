using System.Buffers;
using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Curl;

/// <summary>How data for a request is given.</summary>
internal enum CurlDataKind
{
    /// <summary><c>-d</c>: a file without its line ends.</summary>
    Ascii,

    Binary,

    /// <summary><c>--data-raw</c>: "@" is a character.</summary>
    Raw,

    UrlEncode,

    Json,
}

/// <summary>What a command line reads while it is read: files, variables, the calendar. Pure otherwise.</summary>
internal interface ICurlSurroundings
{
    /// <summary>A whole file, "-" for standard input; null where it cannot be read.</summary>
    byte[]? ReadFile(string name);

    /// <summary>The time at which a file was written last; null where there is none.</summary>
    long? LastWritten(string name);

    /// <summary>A variable of the environment.</summary>
    string? Variable(string name);

    /// <summary>Says something that ends nothing.</summary>
    void Warn(string text);
}

/// <summary>Reads a command line of curl's into its tasks, by the table of <see cref="CurlOptions"/>.</summary>
/// <remarks>
/// Theory of operation. Words are options or URLs. Letters can stand together, and the first of them that wants a value has the rest of the word, or the next
/// word. Each action of the table puts its value into the task under way; <c>--next</c> begins another. A config file is read into the same task, so that its
/// lines stand where its option stood.
/// </remarks>
internal sealed class CurlLine(ICurlSurroundings around)
{
    /// <summary>Config files inside of one another (own choice).</summary>
    private const int MaxDepth = 16;

    private const int MaxConfigLine = 10 * 1024 * 1024;

    private int _depth;

    public CurlLineSettings Settings { get; } = new();

    public List<CurlTask> Tasks { get; } = [new()];

    /// <summary>The task under way.</summary>
    public CurlTask Task => Tasks[^1];

    /// <summary>Reads the words.</summary>
    /// <exception cref="CurlStop">They are no command line.</exception>
    public void Read(IReadOnlyList<string> words)
    {
        var onlyUrls = false;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (onlyUrls || word.Length == 0 || word[0] != '-' || word == "-")
            {
                AddUrl(word);
                continue;
            }
            if (word == "--") { onlyUrls = true; }
            else if (ReadOption(word, i + 1 < words.Count ? words[i + 1] : null)) { i++; }
            if (Settings.WantsHelp)
            {
                Settings.HelpCategory = i + 1 < words.Count && words[i + 1].Length > 0 && words[i + 1][0] != '-' ? words[i + 1] : "";
                return;
            }
            if (Settings.WantsVersion || Settings.WantsManual) { return; }
        }
    }

    /// <summary>Reads one word of options; true where the next word belongs to it.</summary>
    private bool ReadOption(string word, string? next)
    {
        if (word.StartsWith("--", StringComparison.Ordinal)) { return ReadLong(word, next); }
        for (var i = 1; i < word.Length; i++)
        {
            var option = CurlOptions.Of(word[i]) ?? throw Fault(word.Length > 2 ? "-" + word[i] : word, "is unknown", CurlCode.FailedInit);
            var shown = "-" + word[i];
            if (option.Argument is CurlArgument.None or CurlArgument.Switch)
            {
                Do(option, shown, null, true);
                continue;
            }
            var rest = i + 1 < word.Length ? word[(i + 1)..] : null;
            Do(option, shown, rest ?? next ?? throw Fault(shown, "requires parameter", CurlCode.FailedInit), true);
            return rest is null;
        }
        return false;
    }

    private bool ReadLong(string word, string? next)
    {
        var name = word[2..];
        var expands = name.StartsWith("expand-", StringComparison.Ordinal);
        if (expands) { name = name["expand-".Length..]; }
        var option = CurlOptions.Of(name, out var isAmbiguous);
        var isNegated = false;
        if (option is null && !isAmbiguous && name.StartsWith("no-", StringComparison.Ordinal))
        {
            option = CurlOptions.Of(name[3..], out isAmbiguous);
            isNegated = option is not null;
        }
        if (isAmbiguous) { throw Fault(word, "is ambiguous", CurlCode.FailedInit); }
        if (option is null) { throw Fault(word, "is unknown", CurlCode.FailedInit); }
        if (isNegated && option.Argument != CurlArgument.Switch)
        {
            throw option.Argument == CurlArgument.None
                ? Fault(word, "the given option cannot be reversed with a --no- prefix", CurlCode.FailedInit)
                : Fault(word, "used '--no-' for option that isn't a boolean", CurlCode.FailedInit);
        }
        if (option.Argument is CurlArgument.None or CurlArgument.Switch)
        {
            if (expands) { throw Fault(word, "expansion cannot be used for this option", CurlCode.FailedInit); }
            Do(option, word, null, !isNegated);
            return false;
        }
        if (next is null) { throw Fault(word, "requires parameter", CurlCode.FailedInit); }
        Do(option, word, expands ? Expand(next) : next, true);
        return true;
    }

    private void Do(CurlOption option, string shown, string? text, bool on)
    {
        if (!option.IsDone) { throw new CurlStop(CurlCode.FailedInit, "") { NotDone = shown }; }
        if (text is null)
        {
            option.Set!(this, on);
            return;
        }
        if (option.Argument == CurlArgument.File && text.Length > 1 && text[0] == '-' && option.Letter is not ('T' or 'o'))
        {
            around.Warn($"The filename argument '{text}' looks like a flag.");
        }
        try { option.Take!(this, text); }
        // Said of the option as it was written.
        catch (CurlStop stop) when (stop.NotDone is null && stop.Message.StartsWith($"curl: option --{option.Name}:", StringComparison.Ordinal))
        {
            throw new CurlStop(stop.Code, $"curl: option {shown}{stop.Message[$"curl: option --{option.Name}".Length..]}");
        }
    }

    private static CurlStop Fault(string option, string reason, int code) => new(code, $"curl: option {option}: {reason}");

    public void Next()
    {
        if (Task.Nodes.Count == 0 || !Task.Nodes[0].IsUrlSet) { throw Fault("--next", "missing URL before --next", CurlCode.FailedInit); }
        Tasks.Add(new CurlTask());
    }

    // --- URLs, outputs, uploads -------------------------------------------------------------------------------------

    public void AddUrl(string url)
    {
        var node = NodeFor(Task.NextUrl, static node => node.IsUrlSet);
        Task.NextUrl = Task.Nodes.IndexOf(node) + 1;
        (node.Url, node.IsUrlSet) = (url, true);
        if (Task.RemoteNameAll && !node.IsOutputSet) { node.UsesRemoteName = true; }
    }

    public void AddUrls(string text)
    {
        if (text.Length == 0 || text[0] != '@')
        {
            AddUrl(text);
            return;
        }
        // A file of URLs, each of which goes to a file of its own name.
        var bytes = around.ReadFile(text[1..]) ?? throw Fault("--url", "error encountered when reading a file", CurlCode.ReadError);
        foreach (var one in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            var line = one.Trim();
            if (line.Length == 0 || line[0] == '#') { continue; }
            AddUrl(line);
            Task.Nodes[Task.NextUrl - 1].UsesRemoteName = true;
        }
    }

    public void AddOutput(string name)
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.Output, node.IsOutputSet, node.UsesRemoteName) = (name, true, false);
    }

    public void DiscardOutput()
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.IsOutputSet, node.DiscardsOutput) = (true, true);
    }

    public void AddRemoteName(bool on)
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.Output, node.IsOutputSet, node.UsesRemoteName) = (null, true, on);
    }

    public void AddUpload(string name)
    {
        var node = NodeFor(Task.NextUpload, static node => node.IsUploadSet);
        Task.NextUpload = Task.Nodes.IndexOf(node) + 1;
        (node.Upload, node.IsUploadSet) = (name.Length > 0 ? name : null, true);
    }

    private CurlNode NodeFor(int from, Func<CurlNode, bool> isTaken)
    {
        for (var i = from; i < Task.Nodes.Count; i++)
        {
            if (!isTaken(Task.Nodes[i])) { return Task.Nodes[i]; }
        }
        var node = new CurlNode();
        Task.Nodes.Add(node);
        return node;
    }

    // --- Requests ---------------------------------------------------------------------------------------------------

    public void AddData(string text, CurlDataKind kind)
    {
        byte[] bytes;
        if (kind == CurlDataKind.UrlEncode) { bytes = CurlText.Bytes(UrlEncoded(text)); }
        else if (kind != CurlDataKind.Raw && text.StartsWith('@'))
        {
            var option = kind == CurlDataKind.Json ? "--json" : kind == CurlDataKind.Binary ? "--data-binary" : "--data";
            bytes = around.ReadFile(text[1..]) ?? throw Unreadable(option, text[1..]);
            if (kind == CurlDataKind.Ascii) { bytes = [.. bytes.Where(static one => one is not ((byte)'\r' or (byte)'\n' or 0))]; }
        }
        else { bytes = CurlText.Bytes(text); }
        if (kind == CurlDataKind.Json) { Task.IsJson = true; }
        if (Task.Data is { } before)
        {
            // Of JSON two pieces are one text; everything else is a list of fields.
            if (kind != CurlDataKind.Json && before.Length > 0) { before.WriteByte((byte)'&'); }
        }
        else { Task.Data = new MemoryStream(); }
        Task.Data!.Write(bytes);
    }

    private CurlStop Unreadable(string option, string name)
    {
        around.Warn($"Failed to open {name}");
        return Fault(option, "error encountered when reading a file", CurlCode.ReadError);
    }

    // content, =content, name=content, @file, name@file
    private string UrlEncoded(string text, string option = "--data-urlencode")
    {
        var at = text.AsSpan().IndexOfAny('=', '@');
        var (name, isFile, rest) = at < 0 ? ("", false, text) : (text[..at], text[at] == '@', text[(at + 1)..]);
        var content = isFile ? around.ReadFile(rest) ?? throw Unreadable(option, rest) : CurlText.Bytes(rest);
        // Of a form's text a blank is a plus.
        return (name.Length > 0 ? name + "=" : "") + CurlText.Escape(content).Replace("%20", "+", StringComparison.Ordinal);
    }

    public void AddUrlQuery(string text) =>
        Task.UrlQuery.Add(text.StartsWith('+') ? text[1..] : UrlEncoded(text, "--url-query"));

    public void AddHeader(string text, List<string> into)
    {
        if (!text.StartsWith('@'))
        {
            into.Add(text);
            return;
        }
        var bytes = around.ReadFile(text[1..]) ?? throw Unreadable("--header", text[1..]);
        foreach (var line in CurlText.Of(bytes).Split('\n'))
        {
            var one = line.TrimEnd('\r');
            if (one.Length > 0) { into.Add(one); }
        }
    }

    public void SetWriteOut(string text) => Task.WriteOut = text.StartsWith('@')
        ? CurlText.Of(around.ReadFile(text[1..]) ?? throw Unreadable("--write-out", text[1..])) : text;

    public void SetTimeCondition(string text)
    {
        var condition = CurlTimeCondition.IfModifiedSince;
        if (text.Length > 0 && text[0] is '+' or '-' or '=')
        {
            condition = text[0] switch { '-' => CurlTimeCondition.IfUnmodifiedSince, '=' => CurlTimeCondition.LastModified, _ => condition };
            text = text[1..];
        }
        if ((CurlDate.Read(text) ?? around.LastWritten(text)) is { } time) { (Task.TimeCondition, Task.ConditionTime) = (condition, time); }
        else
        {
            Task.TimeCondition = CurlTimeCondition.None;
            around.Warn("Illegal date format for -z, --time-cond (and not a file name). Disabling time condition. See curl_getdate(3) for valid date syntax.");
        }
    }

    // --- Config files -----------------------------------------------------------------------------------------------

    public void ReadConfig(string name)
    {
        if (++_depth > MaxDepth) { throw Fault("--config", "too many config files inside of one another", CurlCode.FailedInit); }
        var bytes = around.ReadFile(name);
        if (bytes is null)
        {
            around.Warn($"cannot read config from '{name}'");
            throw Fault("--config", "error encountered when reading a file", CurlCode.ReadError);
        }
        ReadConfigText(CurlText.Of(bytes), name);
        _depth--;
    }

    private void ReadConfigText(string text, string name)
    {
        if (text.StartsWith('\uFEFF')) { text = text[1..]; }
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r').TrimStart(' ', '\t');
            if (line.Length == 0 || line[0] == '#' || line.Length > MaxConfigLine) { continue; }
            var dashed = line[0] == '-';
            var end = line.AsSpan().IndexOfAny(dashed ? " \t\r\n" : " \t\r\n=:") is >= 0 and var found ? found : line.Length;
            var option = line[..end];
            // Between option and value: blanks, and one separator where the option has no hyphens.
            var at = end;
            while (at < line.Length && (line[at] is ' ' or '\t' || (!dashed && line[at] is '=' or ':'))) { at++; }
            var value = at < line.Length ? line[at..] : null;
            if (value is { } some && some[0] == '"') { value = Unquoted(some); }
            else if (value is not null)
            {
                var blank = value.AsSpan().IndexOfAny(' ', '\t');
                if (blank >= 0)
                {
                    var behind = value[blank..].TrimStart(' ', '\t');
                    if (behind.Length > 0 && behind[0] != '#')
                    {
                        around.Warn($"{name}:{number}: warning: '{option}' uses unquoted whitespace in the option value that may cause unexpected results");
                    }
                    value = value[..blank];
                }
            }
            try
            {
                var word = dashed ? option : option.Length == 1 ? "-" + option : "--" + option;
                // An empty value is none where a value is not wanted.
                var usesValue = ReadOption(word, value);
                if (!usesValue && value is { Length: > 0 } && option.Length > 0 && !(dashed && option.Length > 2 && option[1] != '-'))
                {
                    throw Fault(word, "had unsupported trailing garbage", CurlCode.FailedInit);
                }
                if (Settings.WantsHelp || Settings.WantsVersion) { return; }
            }
            catch (CurlStop stop) when (stop.NotDone is null && stop.Message.StartsWith("curl: option ", StringComparison.Ordinal))
            {
                // A file says more than one curl may know: it is told, and the rest is read.
                if (stop.Code != CurlCode.FailedInit) { throw; }
                around.Warn($"{name}:{number}: warning: {stop.Message["curl: option ".Length..]}");
            }
        }
    }

    private static string Unquoted(string text)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                value.Append(text[i]);
                continue;
            }
            value.Append(text[++i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'v' => '\v', var other => other });
        }
        return value.ToString();
    }

    // --- Variables --------------------------------------------------------------------------------------------------

    // name=content, name@file, %name (from the environment), %name=default; name[4-9] takes a piece.
    public void SetVariable(string text)
    {
        var import = text.StartsWith('%');
        var rest = import ? text[1..] : text;
        var end = rest.AsSpan().IndexOfAnyExcept(CurlText.OfVariables) is >= 0 and var found ? found : rest.Length;
        var name = rest[..end];
        rest = rest[end..];
        if (name.Length is 0 or >= 128) { throw Fault("--variable", "variable name is missing or too long", CurlCode.FailedInit); }
        (int From, int To)? piece = null;
        if (rest.StartsWith('['))
        {
            var close = rest.IndexOf(']', StringComparison.Ordinal);
            var dash = rest.IndexOf('-', StringComparison.Ordinal);
            if (close < 0 || dash < 0 || dash > close || !int.TryParse(rest.AsSpan(1, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            {
                throw Fault("--variable", "invalid byte range in --variable argument", CurlCode.FailedInit);
            }
            var last = rest[(dash + 1)..close];
            piece = (from, last.Length == 0 ? int.MaxValue : CurlNumbers.Count("--variable", last));
            rest = rest[(close + 1)..];
        }
        byte[] content;
        if (import && around.Variable(name) is { } known) { content = CurlText.Bytes(known); }
        else if (rest.StartsWith('=')) { content = CurlText.Bytes(rest[1..]); }
        else if (rest.StartsWith('@')) { content = around.ReadFile(rest[1..]) ?? throw Unreadable("--variable", rest[1..]); }
        else if (import) { throw Fault("--variable", $"Variable '{name}' import fail, not set", CurlCode.FailedInit); }
        else { throw Fault("--variable", $"Bad --variable syntax, skipping: {text}", CurlCode.FailedInit); }
        if (piece is var (first, to))
        {
            content = first >= content.Length ? [] : content[first..(int)Math.Min(content.Length, (long)to + 1)];
        }
        Settings.Variables[name] = content;
    }

    /// <summary>Puts values in the place of <c>{{name}}</c>, with functions behind colons.</summary>
    private string Expand(string text)
    {
        var result = new StringBuilder();
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            if (open > 0 && text[open - 1] == '\\')
            {
                result.Append(text, at, open - 1 - at).Append("{{");
                at = open + 2;
                continue;
            }
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                around.Warn($"missing close '}}}}' in '{text}'");
                break;
            }
            result.Append(text, at, open - at);
            at = close + 2;
            var parts = text[(open + 2)..close].Split(':');
            if (parts[0].Length == 0 || parts[0].AsSpan().IndexOfAnyExcept(CurlText.OfVariables) >= 0)
            {
                result.Append(text, open, close + 2 - open);
                around.Warn($"bad variable name: {parts[0]}");
                continue;
            }
            var value = Settings.Variables.GetValueOrDefault(parts[0]) ?? [];
            foreach (var function in parts.AsSpan(1)) { value = Apply(function, value); }
            if (value.Contains((byte)0)) { throw Fault("--expand", "null byte in expanded value", CurlCode.FailedInit); }
            result.Append(CurlText.Of(value));
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static byte[] Apply(string function, byte[] value) => function switch
    {
        "trim" => CurlText.Bytes(CurlText.Of(value).Trim(' ', '\t', '\n', '\v', '\f', '\r')),
        "json" => CurlText.Bytes(CurlText.Json(CurlText.Of(value))),
        "url" => CurlText.Bytes(CurlText.Escape(value)),
        "b64" => CurlText.Bytes(Convert.ToBase64String(value)),
        "64dec" => Decoded(value),
        _ => throw Fault("--expand", $"unknown variable function in '{function}'", CurlCode.FailedInit),
    };

    private static byte[] Decoded(byte[] value)
    {
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(CurlText.Of(value), bytes, out var count) ? bytes[..count] : CurlText.Bytes("[64dec-fail]");
    }
}

/// <summary>Text as bytes and back, and the ways in which curl escapes it.</summary>
internal static class CurlText
{
    private const string VariableCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    public static readonly SearchValues<char> OfVariables = SearchValues.Create(VariableCharacters);

    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    /// <summary>UTF-8, where that is what it is; bytes that are none stay, each by a character of its own (U+DC80 on, as Python's surrogateescape).</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var count) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                count = 1;
                text.Append((char)(0xDC00 + bytes[0]));
            }
            bytes = bytes[count..];
        }
        return text.ToString();
    }

    public static byte[] Bytes(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF') < 0) { return Encoding.UTF8.GetBytes(text); }
        using var bytes = new MemoryStream(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair) { bytes.Write(Encoding.UTF8.GetBytes(text.Substring(i++, 2))); }
            else if (text[i] is >= '\uDC80' and <= '\uDCFF') { bytes.WriteByte((byte)(text[i] - 0xDC00)); }
            else { bytes.Write(Encoding.UTF8.GetBytes(text, i, 1)); }
        }
        return bytes.ToArray();
    }

    /// <summary>Percent-encodes all but unreserved characters (curl_easy_escape).</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
        {
            if (Unreserved.Contains((char)one, StringComparison.Ordinal)) { text.Append((char)one); }
            else { text.Append(CultureInfo.InvariantCulture, $"%{one:X2}"); }
        }
        return text.ToString();
    }

    /// <summary>Takes percent-encoding off.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = Bytes(text);
        using var result = new MemoryStream(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                result.WriteByte(byte.Parse($"{(char)bytes[i + 1]}{(char)bytes[i + 2]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else { result.WriteByte(bytes[i]); }
        }
        return result.ToArray();
    }

    /// <summary>As it stands in a string of JSON, without its quotes.</summary>
    public static string Json(string text)
    {
        var json = new StringBuilder(text.Length);
        foreach (var one in text)
        {
            json.Append(one switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)one:x4}",
                _ => one.ToString(),
            });
        }
        return json.ToString();
    }
}
