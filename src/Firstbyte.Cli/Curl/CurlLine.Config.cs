using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>Files of options.</content>
internal sealed partial class CurlLine
{
    public void ReadConfig(string name)
    {
        if (++_depth > MaxDepth) { throw Fault("--config", "too many config files inside of one another", CurlCode.FailedInit); }
        var bytes = around.ReadFile(name);
        if (bytes is null)
        {
            around.Warn($"cannot read config from '{name}'");
            throw Fault("--config", "error encountered when reading a file", CurlCode.ReadError);
        }
        ReadConfigText(OctetText.Of(bytes), name);
        _depth--;
    }

    /// <summary>Reads the user's own file of options, the first that is there of those that curl looks for.</summary>
    public void ReadOwnConfig()
    {
        (string Variable, string Name)[] places =
            [("CURL_HOME", "/.curlrc"), ("XDG_CONFIG_HOME", "/curlrc"), ("HOME", "/.curlrc"), ("HOME", "/.config/curlrc")];
        foreach (var (variable, name) in places)
        {
            if (around.Variable(variable) is not { Length: > 0 } folder || around.ReadFile(folder + name) is not { } bytes) { continue; }
            _depth++;
            ReadConfigText(OctetText.Of(bytes), folder + name);
            _depth--;
            return;
        }
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
}
