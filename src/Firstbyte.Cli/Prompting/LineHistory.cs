using Firstbyte.Exports;

namespace Firstbyte.Cli.Prompting;

/// <summary>The lines that were given before, and the walk through them.</summary>
internal class LineHistory
{
    /// <summary>Lines that are kept (bash's HISTSIZE).</summary>
    public const int MaxLines = 500;

    private readonly List<string> _lines = [];
    private int _at;
    private string _draft = "";

    /// <summary>The lines from old to new.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Keeps a line; an empty one, one that begins with a space, and one that repeats the last are not worth it.</summary>
    public virtual bool Add(string line)
    {
        _at = _lines.Count;
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || (_lines.Count > 0 && _lines[^1] == line)) { return false; }
        if (_lines.Count == MaxLines) { _lines.RemoveAt(0); }
        _lines.Add(line);
        _at = _lines.Count;
        return true;
    }

    /// <summary>The line before the one that is shown; null at the oldest. What is being typed waits at the end.</summary>
    public string? Older(string current)
    {
        if (_at == 0) { return null; }
        if (_at == _lines.Count) { _draft = current; }
        return _lines[--_at];
    }

    /// <summary>The line after the one that is shown, at the end what was being typed; null there.</summary>
    public string? Newer()
    {
        if (_at == _lines.Count) { return null; }
        return ++_at == _lines.Count ? _draft : _lines[_at];
    }

    /// <summary>The walk begins at the end again.</summary>
    public void Rewind() => _at = _lines.Count;

    protected void Load(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(static line => line.Length > 0).TakeLast(MaxLines)) { _lines.Add(line); }
        _at = _lines.Count;
    }
}

/// <summary>
/// A history that outlives the process: a file in the user's state folder (XDG Base Directory Specification 0.8: $XDG_STATE_HOME, else
/// ~/.local/state).
/// </summary>
internal sealed class HistoryFile : LineHistory
{
    private readonly string _path;

    private HistoryFile(string path) => _path = path;

    /// <summary>The file of the lab's prompt; a history for this process alone where there is no place for one.</summary>
    public static LineHistory Open(Func<string, string?> variables)
    {
        var state = variables("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathFullyQualified(state))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) { return new LineHistory(); }
            state = Path.Combine(home, ".local", "state");
        }
        return Open(Path.Combine(state, "firstbyte", "lab-history"));
    }

    /// <summary>The history in a file, which is made with the first line that is kept.</summary>
    public static LineHistory Open(string path)
    {
        var history = new HistoryFile(path);
        try
        {
            if (File.Exists(path)) { history.Load(File.ReadAllLines(path)); }
            return history;
        }
        // A prompt without its past is still a prompt.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return new LineHistory(); }
    }

    public override bool Add(string line)
    {
        if (!base.Add(line)) { return false; }
        try
        {
            // A line with a secret stays in this process. What is typed is the user's own business (the specification wants 0700 for the folders).
            if (OperatingSystem.IsWindows()) { Directory.CreateDirectory(Path.GetDirectoryName(_path)!); }
            else { Directory.CreateDirectory(Path.GetDirectoryName(_path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); }
            File.WriteAllLines(_path, Lines.Where(static line => ReferenceEquals(SecretText.Mask(line), line)));
        }
        // The line is in this process's history all the same.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return true; }
        return true;
    }
}
