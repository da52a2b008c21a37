using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <summary>Where one transfer's head and content go: standard output, a file by the user's name, by the URL's or by the server's.</summary>
internal sealed class CurlOutput(CommandIo io, PlainFiles files, CurlTask task, CurlInfo info, Action<string> warn) : ICurlSink, IDisposable
{
    /// <summary>Names that a server may give (own choice: NAME_MAX of Linux).</summary>
    private const int MaxName = 255;

    private Stream? _file;
    private bool _isStandard;

    /// <summary>The file, with its folder; null for standard output, or where the server names it.</summary>
    public string? Name { get; set; }

    /// <summary>Nothing is kept.</summary>
    public bool IsDiscarded { get; init; }

    /// <summary>Standard output was asked for by its name.</summary>
    public bool IsAskedFor { get; init; }

    /// <summary>What is there already is gone on with.</summary>
    public bool Appends { get; init; }

    /// <summary>The server's own name is taken where it gives one.</summary>
    public bool TakesServersName { get; set; }

    /// <summary>Where the head goes besides; null for nowhere.</summary>
    public Stream? Heads { get; init; }

    /// <summary>Where an entity tag goes; null for nowhere.</summary>
    public string? EtagFile { get; init; }

    public long Bytes { get; private set; }

    public bool HasFile => _file is not null;

    // Lines of a head that wait for the name of their file.
    private readonly List<byte[]> _waiting = [];

    public void Header(byte[] line, CurlHeader kind)
    {
        if (Heads is { } heads)
        {
            CurlFiles.Put(heads, line);
            heads.Flush();
        }
        var text = OctetText.Of(line).TrimEnd('\r', '\n');
        if (kind is CurlHeader.Field or CurlHeader.Trailer && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            var (name, value) = (text[..colon], text[(colon + 1)..].Trim(' ', '\t'));
            if (EtagFile is { } etags && info.ResponseCode / 100 is 2 && name.Equals("etag", StringComparison.OrdinalIgnoreCase)) { SaveEtag(etags, value); }
            if (TakesServersName && name.Equals("content-disposition", StringComparison.OrdinalIgnoreCase) && FileName(value) is { } own)
            {
                TakesServersName = false;
                Name = task.OutputDir is { } folder ? $"{folder}/{own}" : own;
            }
        }
        if (!task.ShowsHeaders || kind == CurlHeader.Ftp) { return; }
        // Until the head is over the server may still say under which name it is kept.
        if (TakesServersName || _waiting.Count > 0)
        {
            _waiting.Add(line);
            if (kind != CurlHeader.End && TakesServersName) { return; }
            var lines = _waiting.ToArray();
            _waiting.Clear();
            foreach (var one in lines) { Write(one); }
            return;
        }
        Write(line);
    }

    private void SaveEtag(string name, string value)
    {
        if (files.Create(name) is not { } file) { throw new CurlStop(CurlCode.WriteError, $"Failed creating file for saving etags: \"{name}\""); }
        using (file) { CurlFiles.Put(file, OctetText.Octets(value + "\n")); }
    }

    public void Body(ReadOnlyMemory<byte> piece)
    {
        Write(piece.Span);
        Bytes += piece.Length;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (IsDiscarded) { return; }
        if (Name is null)
        {
            _isStandard = true;
            // As curl does: bytes that are no text do nothing good to a terminal, unless it was named (-o -).
            if (io.IsOutputTerminal && !IsAskedFor && bytes.Contains((byte)0))
            {
                warn("Binary output can mess up your terminal. Use \"--output -\" to tell curl to output it to your terminal anyway, "
                    + "or consider \"--output <FILE>\" to save to a file.");
                throw new CurlStop(CurlCode.WriteError, "client returned ERROR on writedata");
            }
            io.Output.Write(bytes);
            io.Output.Flush();
        }
        else
        {
            Open();
            CurlFiles.Put(_file!, bytes);
        }
    }

    /// <summary>Makes the file, also where nothing comes.</summary>
    /// <exception cref="CurlStop">It cannot be made.</exception>
    public void Open()
    {
        if (_file is not null || Name is not { } name) { return; }
        if (task.CreatesDirs && !files.CreateFolders(name)) { throw Failure(name); }
        var keepsOld = task.NoClobber == true || (task.NoClobber is null && task.RemoteHeaderName && info.FileName is null && _isServers);
        if (keepsOld && !Appends)
        {
            var tried = name;
            _file = files.Create(tried, mayExist: false);
            // name.1, name.2 … as curl makes them.
            for (var i = 1; _file is null && task.NoClobber == true && i <= 100 && (files.Exists(tried) || files.IsFolder(tried)); i++)
            {
                tried = $"{name}.{i}";
                _file = files.Create(tried, mayExist: false);
            }
            Name = tried;
        }
        else { _file = files.Create(name, Appends); }
        if (_file is null) { throw Failure(name); }
        info.FileName = Name;
    }

    private bool _isServers;

    private CurlStop Failure(string name)
    {
        warn($"Failed to open the file {name}: {(files.IsFolder(name) ? "Is a directory" : files.Exists(name) ? "File exists" : "No such file or directory")}");
        return new CurlStop(CurlCode.WriteError, $"client returned ERROR on write, passed {Bytes} returned 0");
    }

    /// <summary>Forgets what has come, for another try; a head alone stays.</summary>
    public void Rewind()
    {
        if (Bytes > 0 && _file is { CanSeek: true } file)
        {
            file.SetLength(0);
            file.Position = 0;
        }
        Bytes = 0;
    }

    public bool IsStandard => _isStandard;

    /// <summary>Whether content goes to standard output, as far as can be said before it comes.</summary>
    public bool IsToStandard => Name is null && !IsDiscarded;

    // filename=…, of which the path is cut off; a name that hides nothing and leads nowhere.
    private string? FileName(string value)
    {
        var at = 0;
        while (true)
        {
            at = value.IndexOf("filename=", at, StringComparison.OrdinalIgnoreCase);
            if (at < 0) { return null; }
            if (at == 0 || value[at - 1] is ' ' or ';' or '\t') { break; }
            at += 9;
        }
        var text = value[(at + 9)..];
        string name;
        if (text.StartsWith('"') || text.StartsWith('\''))
        {
            var quoted = new StringBuilder();
            for (var i = 1; i < text.Length && text[i] != text[0]; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length) { i++; }
                quoted.Append(text[i]);
            }
            name = quoted.ToString();
        }
        else
        {
            var end = text.IndexOf(';', StringComparison.Ordinal);
            name = (end < 0 ? text : text[..end]).TrimEnd();
        }
        // Names of files are UTF-8 here; of octets that are none, ISO 8859-1 is what servers of old mean.
        if (OctetText.HasOctets(name)) { name = Encoding.Latin1.GetString(OctetText.Octets(name)); }
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length is 0 or > MaxName || name is "." or "..") { return null; }
        _isServers = true;
        return new string([.. name.Select(static one => one is < ' ' or '\x7F' ? '_' : one)]);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
