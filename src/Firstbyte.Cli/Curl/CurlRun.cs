using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Http.Authentication;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>Makes all transfers of a command line, as curl's tool does: which URL goes to which file, what is tried again, what is said.</summary>
internal sealed class CurlRun(CommandIo io, CurlLine line, PlaceHost host, Action<string> say, bool isRecorded, CancellationToken stop) : ICurlFiles,
    ICurlWriteOut, IDisposable
{
    /// <summary>Transfers of one command line (own choice): a pattern can stand for more than anybody lives to see.</summary>
    private const long MaxTransfers = 10_000_000;

    // curl: RETRY_SLEEP_DEFAULT, RETRY_SLEEP_MAX.
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1), s_longestWait = TimeSpan.FromMinutes(10);

    private readonly PlainFiles _files = new(io, isRecorded);
    private readonly CurlCookies _cookies = new();
    private readonly HashSet<(CurlTask, string)> _read = [];
    private readonly HashSet<string> _headFiles = new(StringComparer.Ordinal);
    private readonly HashSet<CurlTask> _bodyOpened = [];
    private CurlNetwork _network = null!;
    private Stream? _traceFile;
    private int _number;
    private bool _isFirstOfRate = true;

    private CurlLineSettings Settings => line.Settings;

    /// <summary>Makes the transfers.</summary>
    /// <returns>The exit code of the last.</returns>
    public async Task<int> RunAsync()
    {
        var network = _network = new CurlNetwork(host, _cookies);
        var code = 0;
        try
        {
            foreach (var task in line.Tasks)
            {
                try { code = await RunTaskAsync(task); }
                catch (CurlStop e)
                {
                    Say(e);
                    code = e.Code;
                    if (e.NotDone is not null) { throw; }
                    break;
                }
                if (code != 0 && Settings.FailsEarly) { break; }
            }
        }
        finally
        {
            foreach (var wire in network.Idle)
            {
                if (wire.Ftp is not null && wire.IsAlive) { await CurlFtp.QuitAsync(wire, stop); }
            }
            WriteJars();
        }
        return code;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network?.Dispose();
        if (_traceFile is not null && _traceFile != io.Output) { _traceFile.Dispose(); }
    }

    private void Say(CurlStop e)
    {
        if (e.Message.Length == 0 || (Settings.IsSilent && !Settings.ShowsErrors)) { return; }
        say(e.Message.StartsWith("curl: ", StringComparison.Ordinal) ? e.Message + "\n"
            : string.Create(CultureInfo.InvariantCulture, $"curl: ({e.Code}) {e.Message}\n"));
    }

    private void Warn(string text)
    {
        if (!Settings.IsSilent) { say($"Warning: {text}\n"); }
    }

    // --- One part of the command line -------------------------------------------------------------------------------

    private sealed record Job(CurlNode Node, string Url, string[] Values, string? Upload, string[] UploadValues, int UrlNumber);

    private async Task<int> RunTaskAsync(CurlTask task)
    {
        if (!task.Nodes.Exists(static one => one.IsUrlSet)) { throw new CurlStop(CurlCode.FailedInit, "no URL specified"); }
        Check(task);
        LoadCookies(task);
        var code = 0;
        if (Settings.IsParallel) { return await InParallelAsync(task); }
        var urlNumber = 0;
        foreach (var job in Jobs(task, () => urlNumber++))
        {
            var one = await RunJobAsync(task, job);
            code = one;
            if (code != 0 && Settings.FailsEarly) { return code; }
        }
        return code;
    }

    private async Task<int> InParallelAsync(CurlTask task)
    {
        var code = 0;
        var running = new List<Task<int>>();
        var urlNumber = 0;
        foreach (var job in Jobs(task, () => urlNumber++))
        {
            if (running.Count >= Math.Max(1, Settings.ParallelMax)) { await Take(); }
            running.Add(RunJobAsync(task, job));
            if (code != 0 && Settings.FailsEarly) { break; }
        }
        while (running.Count > 0) { await Take(); }
        return code;

        async Task Take()
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            if (await done is not 0 and var one) { code = one; }
        }
    }

    private static void Check(CurlTask task)
    {
        var asked = new List<string>();
        if (task.IsHead) { asked.Add("HEAD (-I, --head)"); }
        if (task.Data is not null && !task.UsesGet) { asked.Add("POST (-d, --data)"); }
        if (task.Form.Count > 0) { asked.Add("multipart formpost (-F, --form)"); }
        if (task.Nodes.Exists(static one => one.Upload is not null)) { asked.Add("PUT (-T, --upload-file)"); }
        if (asked.Count > 1)
        {
            throw new CurlStop(CurlCode.FailedInit,
                $"curl: Warning: You can only select one HTTP request method! You asked for both {asked[0]} and {asked[1]}.");
        }
        if (task.ResumesHere && task.Range is not null) { throw new CurlStop(CurlCode.FailedInit, "curl: --continue-at and --range are mutually exclusive"); }
        if (task.ResumesHere && task.RemovesOnError)
        {
            throw new CurlStop(CurlCode.FailedInit, "curl: --continue-at and --remove-on-error are mutually exclusive");
        }
    }

    private IEnumerable<Job> Jobs(CurlTask task, Func<int> number)
    {
        var count = 0L;
        foreach (var node in task.Nodes)
        {
            if (!node.IsUrlSet)
            {
                // An output, or an upload, for which there is no URL.
                if (node.IsOutputSet && !node.UsesRemoteName) { Warn("Got more output options than URLs"); }
                continue;
            }
            var uploads = node.Upload is null ? null : CurlGlob.Read(node.Upload, task.GlobOff);
            var urls = CurlGlob.Read(node.Url!, task.GlobOff);
            for (long u = 0; u < (uploads?.Count ?? 1); u++)
            {
                var upload = uploads?.At(u);
                for (long i = 0; i < urls.Count; i++)
                {
                    if (++count > MaxTransfers) { yield break; }
                    var (url, values) = urls.At(i);
                    yield return new Job(node, url, values, upload?.Url, upload?.Values ?? [], number());
                }
            }
        }
    }

    private async Task<int> RunJobAsync(CurlTask task, Job job)
    {
        var info = new CurlInfo { Url = job.Url, UrlNumber = job.UrlNumber, TransferNumber = _number++ };
        Stream? heads = null;
        CurlOutput? output = null;
        try
        {
            var url = WithQuery(task, job.Url);
            if (job.Upload is { } file && file is not ("-" or ".")) { url = WithFileName(url, file); }
            info.Url = url;
            heads = OpenHeads(task);
            var name = NameOf(task, job, url);
            if (name is not null && task.SkipsExisting && _files.Exists(name))
            {
                Warn($"skips transfer, file exists locally: \"{name}\"");
                return 0;
            }
            var resume = task.ResumeFrom;
            if (task.ResumesHere && job.Upload is null) { resume = name is null ? 0 : _files.LengthOf(name) ?? 0; }
            if (task.ResumesHere && job.Upload is not null) { resume = -1; }
            output = new CurlOutput(io, _files, task, info, Warn)
            {
                Name = name,
                IsDiscarded = job.Node.DiscardsOutput,
                Appends = resume > 0 && job.Upload is null,
                Heads = heads,
                EtagFile = task.EtagSave,
                TakesServersName = task.RemoteHeaderName && job.Node.UsesRemoteName,
            };
            return await WithRetriesAsync(task, job, url, info, output, resume);
        }
        catch (CurlStop e) when (e.NotDone is null)
        {
            Say(e);
            (info.ExitCode, info.Error) = (e.Code, e.Message);
            if (task.WriteOut is { } format) { CurlWriteOut.Write(format, info, Libraries, this); }
            return e.Code;
        }
        finally
        {
            output?.Dispose();
            if (heads is not null && heads != io.Output) { heads.Dispose(); }
            CloseWriteOut();
        }
    }

    /// <summary>What a version line calls the library.</summary>
    public static string Libraries => $"libcurl/{CurlEdition.Version} Firstbyte/{Edition.Version}";

    private async Task<int> WithRetriesAsync(CurlTask task, Job job, string url, CurlInfo info, CurlOutput output, long resume)
    {
        var began = host.Network.Time.GetTimestamp();
        var wait = task.RetryDelay > 0 ? TimeSpan.FromSeconds(task.RetryDelay) : s_firstWait;
        var left = task.Retry;
        while (true)
        {
            await PaceAsync();
            var code = await TransferAsync(task, job, url, info, output, resume);
            if (left > 0 && WaitFor(task, code, info, wait) is { } pause && !IsOver(task, began, pause))
            {
                if (!Settings.IsSilent)
                {
                    Warn(string.Create(CultureInfo.InvariantCulture,
                        $"Problem: {Problem(code, info)}. Will retry in {pause.TotalSeconds:0.###} second{(pause.TotalSeconds == 1 ? "" : "s")}. ")
                        + string.Create(CultureInfo.InvariantCulture, $"{left} retr{(left == 1 ? "y" : "ies")} left."));
                }
                await DelayAsync(pause);
                left--;
                info.Retries++;
                if (task.RetryDelay <= 0) { wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, s_longestWait.Ticks)); }
                output.Rewind();
                info.HeaderBytes = info.Downloaded = info.Uploaded = 0;
                info.HeaderLines = info.Redirects = 0;
                continue;
            }
            return Finish(task, code, info, output);
        }
    }

    private int Finish(CurlTask task, int code, CurlInfo info, CurlOutput output)
    {
        try
        {
            // A file without content is a file all the same, unless nothing is said of it (304).
            if (code == 0 && output.Name is not null && !output.HasFile && !output.IsDiscarded && output.Bytes == 0
                && !(info.ResponseCode == 304 || (task.TimeCondition != CurlTimeCondition.None && info.Downloaded == 0 && info.ResponseCode is 304 or 0)))
            {
                output.Open();
            }
        }
        catch (CurlStop e) { (code, info.ExitCode, info.Error) = (e.Code, e.Code, e.Message); }
        if (code != 0 && (!Settings.IsSilent || Settings.ShowsErrors))
        {
            say(string.Create(CultureInfo.InvariantCulture, $"curl: ({code}) {info.Error}\n"));
        }
        output.Dispose();
        if (code == 0 && task.KeepsRemoteTime && info.FileTime is { } time && info.FileName is { } kept)
        {
            _files.SetWritten(kept, DateTimeOffset.FromUnixTimeSeconds(time));
        }
        if (code != 0 && task.RemovesOnError && output.Name is { } broken && info.FileName is not null && !_files.Delete(broken))
        {
            Warn($"could not remove: {broken}");
        }
        if (task.WriteOut is { } format) { CurlWriteOut.Write(format, info, Libraries, this); }
        return code;
    }

    private static string Problem(int code, CurlInfo info) => code switch
    {
        CurlCode.OperationTimedout => "timeout",
        CurlCode.CouldntConnect => "connection refused",
        0 or CurlCode.HttpReturnedError => info.Scheme is "ftp" or "ftps" ? "FTP error" : "HTTP error",
        _ => "(retrying all errors)",
    };

    private bool IsOver(CurlTask task, long began, TimeSpan pause) =>
        task.RetryMaxTime > 0 && host.Network.Time.GetElapsedTime(began) + pause > TimeSpan.FromSeconds(task.RetryMaxTime);

    /// <summary>How long to wait before another try; null where none is worth it.</summary>
    private static TimeSpan? WaitFor(CurlTask task, int code, CurlInfo info, TimeSpan wait)
    {
        var isTransient = code is CurlCode.OperationTimedout or CurlCode.CouldntResolveHost or CurlCode.CouldntResolveProxy or CurlCode.FtpAcceptTimeout
            || (code == CurlCode.CouldntConnect && task.RetryConnRefused);
        var isHttp = info.Scheme is "http" or "https" && code is 0 or CurlCode.HttpReturnedError
            && info.ResponseCode is 408 or 429 or 500 or 502 or 503 or 504 or 522 or 524;
        var isFtp = info.Scheme is "ftp" or "ftps" && code != 0 && info.ResponseCode / 100 == 4;
        if (!isTransient && !isHttp && !isFtp && !(code != 0 && task.RetryAllErrors)) { return null; }
        if (isHttp && info.Headers.FirstOrDefault(static one => one.Name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } after
            && int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, 6 * 3600));
        }
        return wait;
    }

    private async Task PaceAsync()
    {
        if (Settings.Rate is not { } seconds) { return; }
        if (!_isFirstOfRate) { await DelayAsync(TimeSpan.FromSeconds(seconds)); }
        _isFirstOfRate = false;
    }

    private async Task DelayAsync(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        using var timer = host.Network.Time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), over, time, Timeout.InfiniteTimeSpan);
        using var registration = stop.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetCanceled(), over);
        await over.Task;
    }

    // --- One transfer -----------------------------------------------------------------------------------------------

    private async Task<int> TransferAsync(CurlTask task, Job job, string url, CurlInfo info, CurlOutput output, long resume)
    {
        var (content, isUpload, isForm) = ContentOf(task, job);
        List<string> extra = [];
        if (task.IsJson)
        {
            if (!CurlHttp.Has(task.Headers, "Content-Type")) { extra.Add("Content-Type: application/json"); }
            if (!CurlHttp.Has(task.Headers, "Accept")) { extra.Add("Accept: application/json"); }
        }
        if (task.EtagCompare is { } compare)
        {
            var etag = CurlText.Of(ReadFile(compare) ?? []).Split('\n')[0].TrimEnd('\r');
            extra.Add(etag.Length > 0 ? $"If-None-Match: {etag}" : "If-None-Match: \"\"");
        }
        var order = new CurlOrder(task, url, output, info)
        {
            Files = this,
            Content = content,
            IsUpload = isUpload,
            IsForm = isForm,
            UploadName = job.Upload ?? "",
            ResumeFrom = resume,
            Range = resume != 0 ? null : task.Range,
            ExtraHeaders = extra,
            Trace = OpenTrace(),
            Netrc = NetrcOf(task),
        };
        if (task.CaCert is { } anchors && _network.Anchors is null) { _network.Anchors = AnchorsOf(anchors); }
        var span = host.Root();
        if (task.MaxTime <= 0) { return await new CurlTransfer(_network, order, span, stop).RunAsync(); }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(task.MaxTime), host.Network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        var transfer = new CurlTransfer(_network, order, span, both.Token);
        try { return await transfer.RunAsync(); }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            info.Error = string.Create(CultureInfo.InvariantCulture,
                $"Operation timed out after {transfer.Elapsed() / 1000} milliseconds with {info.Downloaded} bytes received");
            info.Total = transfer.Elapsed();
            return info.ExitCode = CurlCode.OperationTimedout;
        }
    }

    private List<byte[]> AnchorsOf(string name)
    {
        var text = ReadFile(name) is { } bytes ? CurlText.Of(bytes) : throw new CurlStop(CurlCode.SslCacertBadfile,
            $"error setting certificate verify locations:  CAfile: {name}");
        var found = new List<byte[]>();
        const string Begin = "-----BEGIN CERTIFICATE-----", End = "-----END CERTIFICATE-----";
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf(End, at, StringComparison.Ordinal);
            if (end < 0) { break; }
            var body = new byte[end - at];
            if (Convert.TryFromBase64String(text[(at + Begin.Length)..end].Replace("\n", "", StringComparison.Ordinal).Replace("\r", "",
                StringComparison.Ordinal), body, out var count))
            {
                found.Add(body[..count]);
            }
        }
        return found.Count > 0 ? found : throw new CurlStop(CurlCode.SslCacertBadfile, $"error setting certificate verify locations:  CAfile: {name}");
    }

    private (IBodySource? Content, bool IsUpload, bool IsForm) ContentOf(CurlTask task, Job job)
    {
        if (job.Upload is { } upload)
        {
            return (OpenContent(upload == "." ? "-" : upload) ?? throw new CurlStop(CurlCode.ReadError, $"Can't open '{upload}'!"), true, false);
        }
        if (task.Form.Count > 0)
        {
            return (CurlForm.Read(task, NewBoundary, OpenContent, ReadFile), false, true);
        }
        if (task.Data is { } data && !task.UsesGet && !task.IsHead) { return (new BytesBody(data.ToArray()), false, false); }
        return (null, false, false);
    }

    private string NewBoundary()
    {
        const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var random = new byte[22];
        host.Network.Random.Fill(random);
        return new string([.. random.Select(static one => Letters[one % Letters.Length])]);
    }

    private IBodySource? OpenContent(string name)
    {
        try
        {
            var source = io.OpenContent(name, io.Patience);
            if (source is PipeSource pipe) { pipe.Time = host.Network.Time; }
            return source;
        }
        catch (FileException) { return null; }
    }

    private byte[]? ReadFile(string name)
    {
        try { return io.ReadBytes(name); }
        catch (FileException) { return null; }
    }

    private static string? NameOf(CurlTask task, Job job, string url)
    {
        var node = job.Node;
        if (node.DiscardsOutput) { return null; }
        string? name = null;
        if (node.Output is { } said)
        {
            if (said == "-") { return null; }
            if (said.Length == 0) { return null; }
            name = CurlGlob.Name(said, job.Upload is null ? job.Values : [.. job.Values, .. job.UploadValues]);
        }
        else if (node.UsesRemoteName) { name = NameOfUrl(url); }
        if (name is null) { return null; }
        return task.OutputDir is { } folder ? $"{folder}/{name}" : name;
    }

    private static string NameOfUrl(string url)
    {
        string path;
        try { path = CurlUrl.Read(url).Path; }
        // Told when it is asked for.
        catch (CurlStop) { return "curl_response"; }
        path = path.TrimEnd('/');
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 0 ? name : "curl_response";
    }

    private static string WithQuery(CurlTask task, string url)
    {
        List<string> more = [];
        if (task.UsesGet && task.Data is { Length: > 0 } data) { more.Add(CurlText.Of(data.ToArray())); }
        more.AddRange(task.UrlQuery);
        if (more.Count == 0) { return url; }
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var (bare, fragment) = hash < 0 ? (url, "") : (url[..hash], url[hash..]);
        var mark = bare.IndexOf('?', StringComparison.Ordinal);
        foreach (var one in more)
        {
            bare += (mark < 0 ? "?" : bare.EndsWith('?') || bare.EndsWith('&') ? "" : "&") + one;
            mark = 0;
        }
        return bare + fragment;
    }

    // A URL that names no file gets the name of the one that is uploaded.
    private static string WithFileName(string url, string file)
    {
        CurlUrl read;
        try { read = CurlUrl.Read(url, null, keepsDots: true); }
        // Told when it is asked for.
        catch (CurlStop) { return url; }
        if (!read.Path.EndsWith('/') || read.Query is not null) { return url; }
        var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        return (read with { Path = read.Path + CurlText.Escape(CurlText.Bytes(name)) }).ToString();
    }

    // --- Files beside -----------------------------------------------------------------------------------------------

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
            using (file) { file.Write(text); }
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
        return new CurlTrace(bytes => file.Write(bytes), false, Settings.TraceIsAscii, time);
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
        return text => file.Write(CurlText.Bytes(text));
    }

    private void CloseWriteOut()
    {
        foreach (var one in _written) { one.Dispose(); }
        _written.Clear();
        io.Output.Flush();
    }
}
