using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Http;
using Firstbyte.Http.Forms;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>The content that a command line asks to be sent: data, a form, or a file to be stored.</summary>
/// <remarks>
/// Theory of operation. Files are opened when they are sent, and as often. What comes as it likes (standard input, a pipe) is read once: data and forms read up
/// to <see cref="HeldMost"/> of it before anything else, so that what is short has a length and can be sent again, as curl's has; what is longer, and all that
/// -T stores, goes out as it comes. A line that is given to a lab has everything read at once, since its run may be made again.
/// </remarks>
internal sealed class RequestContent
{
    // What a request carries without asking the server first is held too.
    private const int HeldMost = RequestComposer.ExpectAbove;

    private const string FormType = "application/x-www-form-urlencoded", JsonType = "application/json";

    private readonly CommandIo _io;
    private readonly FetchSettings _settings;
    private readonly bool _isRecorded;
    private readonly Patience _patience;
    private readonly List<PipeSource> _pipes = [];
    private readonly IBodySource? _body;
    private readonly IBodySource[] _uploads = [];
    private readonly List<FormPart>? _parts;
    private bool _hasInput;

    /// <param name="io">From where files are read.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="isRecorded">Whether the run may be made again.</param>
    public RequestContent(CommandIo io, FetchSettings settings, bool isRecorded)
    {
        (_io, _settings, _isRecorded) = (io, settings, isRecorded);
        _patience = new Patience(io.Signals);
        _patience.Begin(settings.MaximumTime);
        var contents = (settings.Data.Length > 0 ? 1 : 0) + (settings.Form.Length > 0 ? 1 : 0) + (settings.Uploads.Length > 0 ? 1 : 0);
        if (contents > 1 || settings is { Get: true, Form.Length: > 0 } or { Get: true, Uploads.Length: > 0 })
        {
            throw new UsageException(io.Language.Usage.TwoContents);
        }
        if (settings.Uploads.Length > 0) { _uploads = [.. settings.Uploads.Select(file => Open(file, isHeld: false))]; }
        else if (settings.Form.Length > 0) { _parts = [.. settings.Form.SelectMany(PartsOf)]; }
        else if (settings.Data.Length > 0)
        {
            IsJson = settings.Data.Any(static part => part.Kind == DataKind.Json);
            var data = DataOf(settings.Data);
            if (settings.Get) { Query = QueryOf(data); }
            else { _body = data; }
        }
    }

    /// <summary>Whether something is to be stored under the URL at a place.</summary>
    public bool IsUpload(int place) => place < _uploads.Length;

    /// <summary>Whether it is JSON, and JSON is wanted back.</summary>
    public bool IsJson { get; }

    /// <summary>What goes into the query of the URL instead; null for nothing.</summary>
    public string? Query { get; }

    /// <summary>The content of one run for each URL, at the host where it runs; null for none.</summary>
    public IReadOnlyList<IBodySource?> For(PlaceHost host, int urls)
    {
        // In a world of virtual time everything waits for a pipe; on this machine nothing else does.
        foreach (var pipe in _pipes) { pipe.Time = host.Seed is null ? host.Network.Time : null; }
        if (_uploads.Length > 0) { return [.. Enumerable.Range(0, urls).Select(place => place < _uploads.Length ? _uploads[place] : null)]; }
        var body = _parts is null ? _body : new FormBody(_parts, host.Network.Random);
        return [.. Enumerable.Repeat(body, urls)];
    }

    private IBodySource DataOf(DataPart[] data)
    {
        var parts = new List<IBodySource>();
        foreach (var part in data)
        {
            // curl: pieces of JSON are one text.
            if (parts.Count > 0 && part.Kind != DataKind.Json) { parts.Add(new BytesBody("&"u8.ToArray())); }
            parts.AddRange(SourcesOf(part));
        }
        return Joined(parts, IsJson ? JsonType : FormType);
    }

    private IEnumerable<IBodySource> SourcesOf(DataPart part)
    {
        var text = part.Text;
        return part.Kind switch
        {
            DataKind.Data when text.StartsWith('@') => [MappedSource.Of(Open(text[1..], isHeld: true), MappedSource.WithoutLineEnds)],
            DataKind.Binary or DataKind.Json when text.StartsWith('@') => [Open(text[1..], isHeld: true)],
            DataKind.UrlEncode => Encoded(text),
            _ => [Bytes(text)],
        };
    }

    // curl: an '=' anywhere comes before an '@'.
    private IEnumerable<IBodySource> Encoded(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 0) { at = text.IndexOf('@', StringComparison.Ordinal); }
        var value = at >= 0 && text[at] == '@' ? Open(text[(at + 1)..], isHeld: true) : Bytes(text[(at + 1)..]);
        if (at > 0) { yield return Bytes(text[..at] + "="); }
        yield return MappedSource.Of(value, MappedSource.UrlEncoded);
    }

    private IEnumerable<FormPart> PartsOf(FormArgument argument)
    {
        foreach (var value in argument.Values)
        {
            var content = argument.Kind == FormValueKind.Text ? Bytes(value.Content) : Open(value.Content, isHeld: true);
            var isFile = argument.Kind == FormValueKind.File;
            var head = new FormPartHead(
                argument.Name, value.FileName ?? (isFile ? Path.GetFileName(value.Content) : null),
                value.Type ?? (isFile ? TypeOf(value.FileName ?? value.Content) : null))
            {
                Fields = value.Fields,
            };
            if (MultipartForm.Check(head) != Http.WriteFault.None)
            {
                throw new UsageException(_io.Language.Usage.NoFormPart(argument.Name, FormFault.HeadUnwritable));
            }
            yield return new FormPart(head, content);
        }
    }

    private IBodySource Open(string name, bool isHeld)
    {
        if (name == CommandIo.StandardStream)
        {
            // It is there once: whoever names it again gets what is left, which is nothing.
            if (_hasInput) { return new BytesBody(default); }
            _hasInput = true;
        }
        if (_isRecorded) { return new BytesBody(_io.ReadBytes(name, _settings.MaximumTime)); }
        var source = _io.OpenContent(name, _patience);
        // What goes into a URL is read at once, where it may go there at all.
        if (_settings.Get && source.Length <= HeldMost) { return new BytesBody(_io.ReadBytes(name, _settings.MaximumTime)); }
        if (source is not PipeSource pipe) { return source; }
        if (isHeld && CommandIo.Reading(name, () => pipe.ReadWhole(HeldMost)) is { } whole) { return new BytesBody(whole); }
        _pipes.Add(pipe);
        return pipe;
    }

    // All of it is bytes by now.
    private string QueryOf(IBodySource data) => data is BytesBody { Bytes: { Length: <= HeldMost } bytes }
        ? Encoded(bytes.Span)
        : throw new UsageException(_io.Language.Usage.QueryTooLong(HeldMost));

    // A URL is text (URL Standard 3.5): octets that are none go in percent-encoded.
    private static string Encoded(ReadOnlySpan<byte> octets)
    {
        var text = OctetText.Of(octets);
        if (!OctetText.HasOctets(text)) { return text; }
        var query = new StringBuilder();
        foreach (var octet in octets)
        {
            if (octet < 0x80) { query.Append((char)octet); }
            else { query.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{octet:X2}"); }
        }
        return query.ToString();
    }

    private static BytesBody Bytes(string text) => new(OctetText.Octets(text));

    private static IBodySource Joined(List<IBodySource> parts, string type)
    {
        if (!parts.TrueForAll(static part => part is BytesBody)) { return new JoinedBody(parts, type); }
        var bytes = new MemoryStream();
        foreach (var part in parts) { bytes.Write(((BytesBody)part).Bytes.Span); }
        return new BytesBody(bytes.ToArray(), type);
    }

    // curl's own list (lib/mime.c, Curl_mime_contenttype).
    private static string TypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".gif" => "image/gif",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain",
        ".htm" or ".html" => "text/html",
        ".pdf" => "application/pdf",
        ".xml" => "application/xml",
        _ => "application/octet-stream",
    };
}

/// <summary>How an option means its data.</summary>
internal enum DataKind
{
    /// <summary>--data: a file without its line ends behind '@'.</summary>
    Data,

    /// <summary>--data-raw: '@' means nothing.</summary>
    Raw,

    /// <summary>--data-binary: a file as it is behind '@'.</summary>
    Binary,

    /// <summary>--data-urlencode.</summary>
    UrlEncode,

    /// <summary>--data-json: a file as it is behind '@', and JSON.</summary>
    Json,
}

/// <summary>Data that an option gave.</summary>
internal readonly record struct DataPart(DataKind Kind, string Text);
