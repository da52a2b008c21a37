using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <content>One transfer, and what follows from it.</content>
internal sealed partial class CurlRun
{
    private async Task<int> TransferAsync(CurlTask task, Job job, string url, CurlInfo info, CurlOutput output, long resume)
    {
        var (content, isUpload, isForm) = ContentOf(task, job);
        info.ExpectedUpload = content?.Length;
        List<string> extra = [];
        if (task.IsJson)
        {
            if (!CurlHttp.Has(task.Headers, "Content-Type")) { extra.Add("Content-Type: application/json"); }
            if (!CurlHttp.Has(task.Headers, "Accept")) { extra.Add("Accept: application/json"); }
        }
        if (task.EtagCompare is { } compare)
        {
            var etag = OctetText.Of(ReadFile(compare) ?? []).Split('\n')[0].TrimEnd('\r');
            extra.Add(etag.Length > 0 ? $"If-None-Match: {etag}" : "If-None-Match: \"\"");
        }
        using var pace = CurlPace.Of(task, host.Network.Time);
        var order = new CurlOrder(task, url, output, info)
        {
            Tls = new Lazy<CurlTls>(() => CurlTls.Of(task.Tls, ReadFile, io.FilesIn)),
            // curl: what holds for servers holds for proxies, unless they have a list of their own.
            ProxyTls = new Lazy<CurlTls>(() => CurlTls.Of(
                task.ProxyTls with { Revoked = task.ProxyTls.Revoked ?? task.Tls.Revoked }, ReadFile, io.FilesIn)),
            Pace = pace,
            Files = this,
            Content = pace is null ? content : pace.Around(content),
            IsUpload = isUpload,
            IsForm = isForm,
            UploadName = job.Upload ?? "",
            ResumeFrom = resume,
            Range = resume != 0 ? null : task.Range,
            ExtraHeaders = extra,
            Trace = OpenTrace(),
            Netrc = NetrcOf(task),
        };
        var span = host.Root();
        // In a lab the limit is one of virtual time, of which a reader takes none.
        io.Patience.Begin(task.MaxTime > 0 && host.Seed is null ? TimeSpan.FromSeconds(task.MaxTime) : null);
        if (task.MaxTime <= 0 && pace is null) { return await new CurlTransfer(_network, order, span, stop).RunAsync(); }
        using var patience = new CancellationTokenSource(
            task.MaxTime > 0 ? TimeSpan.FromSeconds(task.MaxTime) : Timeout.InfiniteTimeSpan, host.Network.Time);
        var slow = pace?.Slow ?? CancellationToken.None;
        using var all = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, slow, stop);
        var transfer = new CurlTransfer(_network, order, span, all.Token);
        try { return await transfer.RunAsync(); }
        catch (OperationCanceledException) when ((patience.IsCancellationRequested || slow.IsCancellationRequested) && !stop.IsCancellationRequested)
        {
            var promised = info.Expected is { } expected ? $" out of {expected}" : "";
            info.Error = slow.IsCancellationRequested ? pace!.Complaint : string.Create(CultureInfo.InvariantCulture,
                $"Operation timed out after {transfer.Elapsed() / 1000} milliseconds with {info.Downloaded}{promised} bytes received");
            info.Total = transfer.Elapsed();
            return info.ExitCode = CurlCode.OperationTimedout;
        }
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
        if (task.UsesGet && task.Data is { Length: > 0 } data) { more.Add(OctetText.Of(data.ToArray())); }
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
        return (read with { Path = read.Path + CurlText.Escape(OctetText.Octets(name)) }).ToString();
    }
}
