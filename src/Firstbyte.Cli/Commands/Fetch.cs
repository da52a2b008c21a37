using System.Diagnostics;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Runs the journeys of one call at their place and tells them.</summary>
internal static class Fetch
{
    public static int Run(CommandIo io, FetchSettings settings)
    {
        var watch = Stopwatch.StartNew();
        var requests = Requests(io, settings);
        // What was spent on waiting for the body is gone.
        if (settings is { Data.Length: > 0, Place.MaximumTime: { } limit } && limit - watch.Elapsed is var left)
        {
            settings = settings with { Place = settings.Place with { MaximumTime = left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1) } };
        }
        var jar = Jar(io, settings);
        var outlet = new FetchOutlet(io, settings);
        using var place = Place.Open(settings.Place, io, outlet.Sink);
        try
        {
            var options = Options(settings) with { Cookies = jar };
            return place.Run("firstbyte", (host, stop) => NetworkPrograms.FetchAsync(host, requests, options, outlet, stop));
        }
        catch (OperationCanceledException)
        {
            outlet.TellWhatIsLeft();
            throw;
        }
        finally
        {
            outlet.End();
            if (settings.CookieJar is { } file) { Keep(io, file, jar!); }
        }
    }

    // As curl: what has no '=' is a file of cookies, and whoever names one, or where to keep them, wants cookies to be kept.
    private static CookieJar? Jar(CommandIo io, FetchSettings settings)
    {
        var files = settings.Cookies.Where(static one => !one.Contains('=', StringComparison.Ordinal)).ToArray();
        if (files.Length == 0 && settings.CookieJar is null) { return null; }
        var jar = new CookieJar();
        foreach (var file in files)
        {
            // A name that nothing has is an empty jar (curl's idiom to switch cookies on). What has expired goes when a request is made,
            // by its network's clock.
            if (file.Length > 0 && io.Exists(file)) { NetscapeCookieFile.Read(io.ReadText(file), jar, default); }
        }
        return jar;
    }

    private static void Keep(CommandIo io, string file, CookieJar jar)
    {
        var text = NetscapeCookieFile.Write(jar);
        if (file == CommandIo.StandardStream)
        {
            io.Text.Write(text);
            return;
        }
        using var whole = io.Create(file);
        whole.Write(Encoding.UTF8.GetBytes(text));
        whole.Complete();
    }

    private static JourneyOptions Options(FetchSettings settings) => new()
    {
        UserAgent = Edition.UserAgent,
        AllowCertificateFaults = settings.Insecure,
        MaximumTime = settings.Place.MaximumTime,
        ConnectTimeout = settings.ConnectTimeout ?? new JourneyOptions().ConnectTimeout,
        FreshNames = settings.Place.NoCache,
        TellBytes = settings.Place.Verbosity > 0,
        FollowRedirects = settings.Location,
        MaximumRedirects = settings.MaximumRedirects ?? new JourneyOptions().MaximumRedirects,
        KeepConnections = settings.Urls.Length > 1 || settings.Location,
    };

    private static JourneyRequest[] Requests(CommandIo io, FetchSettings settings)
    {
        var fields = new List<HttpField>();
        foreach (var text in settings.Fields)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) { throw new UsageException(io.Language.Usage.NoField(WithoutValue(text))); }
            fields.Add(new HttpField(text[..colon], text[(colon + 1)..].Trim(' ', '\t')));
        }
        if (settings is { Upload: not null, Data.Length: > 0 }) { throw new UsageException(io.Language.Usage.TwoContents); }
        // Each of several URLs gets the whole file.
        var upload = settings.Upload is { } file ? io.ReadBytes(file) : null;
        var body = settings.Data.Length == 0 ? upload : Body(io, settings.Data, settings.Place.MaximumTime);
        return [.. settings.Urls.Select(url => new JourneyRequest(url)
        {
            Method = settings.Method ?? (settings.Head ? "HEAD" : null),
            Fields = fields,
            Upload = upload is null ? null : new MemoryStream(upload, writable: false),
            Body = body is null ? (ReadOnlyMemory<byte>?)null : body,
            Cookies = settings.Cookies.Where(static one => one.Contains('=', StringComparison.Ordinal)).ToArray() is { Length: > 0 } given
                ? string.Join("; ", given) : null,
            AcceptsCodings = settings.Compressed,
            Version = settings.Http10 ? HttpVersion.Http10 : HttpVersion.Http11,
        })];
    }

    // Of "Authorization Bearer x" the name says what is meant; behind a colon without a name everything may be a value.
    private static string WithoutValue(string text) => text.IndexOfAny([' ', '\t', ':']) is >= 0 and var end ? text[..(end + 1)] + "…" : text;

    private static byte[] Body(CommandIo io, string[] data, TimeSpan? limit)
    {
        var body = new MemoryStream();
        foreach (var part in data)
        {
            if (body.Length > 0) { body.WriteByte((byte)'&'); }
            // curl's -d takes line ends out of a file.
            body.Write(part.StartsWith('@')
                ? [.. io.ReadBytes(part[1..], limit).Where(static b => b is not ((byte)'\r' or (byte)'\n'))]
                : Encoding.UTF8.GetBytes(part));
        }
        return body.ToArray();
    }
}

/// <summary>The outlet of a fetch: its events, and a place for each body.</summary>
internal sealed class FetchOutlet : IFetchOutlet
{
    private readonly CommandIo _io;
    private readonly FetchSettings _settings;
    private readonly Outlet _outlet;
    private BodyOutlet? _body;

    public FetchOutlet(CommandIo io, FetchSettings settings)
    {
        (_io, _settings) = (io, settings);
        _outlet = new Outlet(io, settings.Place, isSilent: settings.BodyOnly);
    }

    public ITraceSink Sink => _outlet.Sink;

    public BodyOutlet OpenBody(JourneyRequest request)
    {
        // In a lab the limit is one of virtual time, of which a reader takes none.
        _io.Patience.Begin(_settings.Place.Lab is null ? _settings.Place.MaximumTime : null);
        var progress = OpenProgress();
        _body = _settings.Output is { } file ? new FileBody(_io, file, PatienceOfReaders()) { Progress = progress }
            : _settings.BodyOnly ? PrintedBody(progress)
            // The bytes of a verbose story would stand between the lines of the text: there it comes at the end.
            : new PreviewBody(
                _io.Language, _settings.Place is { Verbosity: 0, Calls: null } ? _outlet.Rows : null, _io.IsOutputTerminal, _settings.Head,
                _settings.Place.ShowSecrets)
            { Progress = progress };
        if (_outlet.Story is { } story) { story.Body = _body; }
        return _body;
    }

    // The reader of a pipe that was named comes or does not come in the time of this machine, wherever the journey goes.
    private Patience PatienceOfReaders()
    {
        var patience = new Patience(_io.Signals);
        patience.Begin(_settings.Place.MaximumTime);
        return patience;
    }

    // Who asks for it by name gets it as it is, whatever it does to a terminal.
    private BodyOutlet PrintedBody(BodyProgress? progress) => !_io.IsOutputTerminal ? new StandardOutputBody(_io) { Progress = progress }
        : _settings.IsRaw ? new StandardOutputBody(_io) : new TerminalBody(_io, _settings.Place.Colour);

    // Between lines of JSON on the same screen nobody would see it.
    private BodyProgress? OpenProgress()
    {
        if (!_io.IsErrorTerminal || _settings.NoProgress || (_settings.Place.Json && _io.IsOutputTerminal)) { return null; }
        var progress = new BodyProgress(_io);
        if (_outlet.Rows is { } rows) { rows.Interrupting += progress.Hide; }
        return progress;
    }

    public int Close(BodyOutlet body, JourneyResult result)
    {
        if (body.Refusal is { } refusal)
        {
            _io.Errors.Complain(refusal);
            return ExitCodes.WriteFailed;
        }
        var hasStalled = body.Failure is { Error: Errno.ETIMEDOUT };
        if (hasStalled && _io.Signals.HasStopped) { throw new OperationCanceledException(); }
        var exitCode = hasStalled ? ExitCodes.TimedOut : body.Failure is not null ? ExitCodes.WriteFailed : result.ExitCode;
        // Of what became of standard output itself the end of the process tells.
        if (exitCode == ExitCodes.Success || _io.Output.IsLost) { return exitCode; }
        if (_outlet.Story is null)
        {
            _io.Errors.Say(
                body.Failure is { } kept
                    ? $"firstbyte: ({exitCode}) {_io.Language.Files.Unusable(kept.Path, kept.IsWriting, kept.Error)}"
                    : _io.Language.Failures.OneLine(result.Failure!).ToString());
            if (body.Failure is null && body.Whereabouts is { } left) { _io.Errors.Complain(left); }
        }
        else if (body.Failure is { } failure && result.Failure is null)
        {
            _io.Errors.Complain(_io.Language.Files.Unusable(failure.Path, failure.IsWriting, failure.Error));
        }
        return exitCode;
    }

    /// <summary>Says after a signal what is left of the body.</summary>
    public void TellWhatIsLeft()
    {
        _outlet.Flush();
        if (_body?.Whereabouts is { } left) { _io.Errors.Complain(_io.Language.Journeys.Interrupted(left)); }
    }

    public void End() => _outlet.End();
}
