using System.Globalization;
using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Curl;

/// <content>One part of the command line.</content>
internal sealed partial class CurlRun
{
    private sealed record Job(CurlNode Node, string Url, string[] Values, string? Upload, string[] UploadValues, int UrlNumber);

    private async Task<int> RunTaskAsync(CurlTask task)
    {
        if (!task.Nodes.Exists(static one => one.IsUrlSet)) { throw new CurlStop(CurlCode.FailedInit, "no URL specified"); }
        Check(task);
        LoadCookies(task);
        LoadHsts(task);
        var code = 0;
        if (Settings.IsParallel)
        {
            using (_meterOfAll = NewMeter(CurlMeterKind.All)) { return await InParallelAsync(task); }
        }
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
                IsAskedFor = job.Node.Output == "-",
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
            var code = await MeasuredAsync(task, job, url, info, output, resume);
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
                info.HeaderBytes = info.Downloaded = info.Delivered = info.Uploaded = 0;
                info.HeaderLines = info.Redirects = 0;
                continue;
            }
            return Finish(task, code, info, output);
        }
    }

    private async Task<int> MeasuredAsync(CurlTask task, Job job, string url, CurlInfo info, CurlOutput output, long resume)
    {
        // What fills the terminal shows by itself that something comes.
        using var own = _meterOfAll is not null || (output.IsToStandard && io.IsOutputTerminal) ? null
            : NewMeter(Settings.ShowsBar ? CurlMeterKind.Bar : CurlMeterKind.Table);
        var meter = _meterOfAll ?? own;
        meter?.Begin(info);
        try { return await TransferAsync(task, job, url, info, output, resume); }
        finally { meter?.End(); }
    }

    private CurlMeter? NewMeter(CurlMeterKind kind)
    {
        if (Settings.IsSilent || Settings.HidesMeter || Draw is not { } draw) { return null; }
        var began = host.Network.Time.GetTimestamp();
        return new CurlMeter(kind, draw, () => host.Network.Time.GetElapsedTime(began), CommandIo.ErrorColumns - 1,
            io.IsErrorTerminal && Settings.ErrorFile is null);
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
}
