using System.Globalization;
using Firstbyte.Http.Authentication;

namespace Firstbyte.Cli.Curl;

/// <content>The files beside.</content>
internal sealed partial class CurlRun
{
    private Stream? OpenHeads(CurlTask task)
    {
        if (task.DumpHeader is not { } name) { return null; }
        if (name == "-") { return io.Output; }
        if (task.CreatesDirs) { _files.CreateFolders(name); }
        return _files.Create(name, appends: !_headFiles.Add(name)) ?? throw new CurlStop(CurlCode.WriteError,
            $"Failed to open {name} to write: No such file or directory");
    }

    private void LoadCookies(CurlTask task)
    {
        foreach (var name in task.CookieFiles)
        {
            if (name.Length > 0 && _read.Add((task, name)) && ReadFile(name) is { } bytes)
            {
                _cookies.ReadFile(CurlText.Of(bytes), task.JunksSessionCookies, _network.Now);
            }
        }
    }

    private void WriteJars()
    {
        foreach (var name in line.Tasks.Select(static one => one.CookieJar).OfType<string>().Distinct())
        {
            var text = CurlText.Bytes(_cookies.Write(_network.Now));
            if (name == "-")
            {
                io.Output.Write(text);
                continue;
            }
            if (_files.Create(name) is not { } file)
            {
                Warn($"failed to save cookies in {name}");
                continue;
            }
            using (file) { CurlFiles.Put(file, text); }
        }
    }

    private NetrcFile? NetrcOf(CurlTask task)
    {
        if (!task.Netrc && !task.NetrcOptional && task.NetrcFile is null) { return null; }
        var name = task.NetrcFile ?? (host.Variables("HOME") ?? io.Variables("HOME")) + "/.netrc";
        if (ReadFile(name) is { } bytes) { return NetrcFile.Read(CurlText.Of(bytes)); }
        return task.Netrc && task.NetrcFile is not null ? throw new CurlStop(CurlCode.ReadError, ".netrc file missing") : null;
    }

    private CurlTrace? OpenTrace()
    {
        Func<string>? time = Settings.TraceTime ? () => host.Network.Time.GetLocalNow().ToString("HH:mm:ss.ffffff ", CultureInfo.InvariantCulture) : null;
        if (Settings.TraceFile is not { } name)
        {
            return Settings.Verbosity > 0 ? new CurlTrace(bytes => say(CurlText.Of(bytes)), true, true, time) : null;
        }
        if (name is "%") { return new CurlTrace(bytes => say(CurlText.Of(bytes)), false, Settings.TraceIsAscii, time); }
        _traceFile ??= name == "-" ? io.Output : _files.Create(name);
        if (_traceFile is not { } file)
        {
            Warn("Failed to create/open output");
            return null;
        }
        return new CurlTrace(bytes => CurlFiles.Put(file, bytes), false, Settings.TraceIsAscii, time);
    }

    (Stream Content, long Length, DateTimeOffset Written)? ICurlFiles.OpenRead(string path) =>
        _files.OpenRead(path) is { } file ? (file, file.CanSeek ? file.Length : long.MaxValue, _files.WrittenAt(path) ?? DateTimeOffset.UnixEpoch) : null;

    Stream? ICurlFiles.OpenWrite(string path, bool appends) => _files.Create(path, appends);

    bool ICurlFiles.IsFolder(string path) => _files.IsFolder(path);

    IReadOnlyList<string> ICurlFiles.List(string path) => _files.List(path);

    private readonly List<Stream> _written = [];

    void ICurlWriteOut.ToOutput(string text)
    {
        io.Output.Write(CurlText.Bytes(text));
    }

    void ICurlWriteOut.ToErrors(string text) => say(text);

    void ICurlWriteOut.Warn(string text) => say(text + "\n");

    Action<string> ICurlWriteOut.OpenFile(string name, bool appends)
    {
        if (_files.Create(name, appends) is not { } file)
        {
            Warn($"Failed to open {name} for --write-out");
            return static _ => { };
        }
        _written.Add(file);
        return text => CurlFiles.Put(file, CurlText.Bytes(text));
    }

    private void CloseWriteOut()
    {
        foreach (var one in _written) { one.Dispose(); }
        _written.Clear();
        io.Output.Flush();
    }
}
