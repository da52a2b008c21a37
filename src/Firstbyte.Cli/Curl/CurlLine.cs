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
internal sealed partial class CurlLine(ICurlSurroundings around)
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
}
