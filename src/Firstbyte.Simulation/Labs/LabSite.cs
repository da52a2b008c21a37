using System.Globalization;
using System.Text;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;

namespace Firstbyte.Labs;

/// <summary>The pages of a lab's web server, as slow as the lab says.</summary>
internal sealed class LabSite : IHttpHandler
{
    // The pages of labs are short; a coding saves something from about here on.
    private readonly StaticSite _pages = new() { CodesFrom = 300 };
    private static readonly string[] s_secrets = ["Authorization", "Proxy-Authorization", "Cookie"];

    private static readonly string[] s_methods = ["GET", "HEAD", "OPTIONS", "TRACE"];

    private readonly Dictionary<string, Representation> _sized = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endless = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasswordGate> _gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lazy<byte[]>> _identities = new(StringComparer.Ordinal);
    private readonly List<string> _writable = [];
    private readonly LabStore _store;
    private readonly WebService _service;
    private readonly Kernel _kernel;

    /// <param name="service">What it serves.</param>
    /// <param name="kernel">By whose time it is slow.</param>
    /// <param name="network">Its host's network.</param>
    /// <param name="store">What clients have stored on its host.</param>
    /// <param name="identify">Has a certificate issued, with its key, as a file.</param>
    public LabSite(WebService service, Kernel kernel, INetwork network, LabStore store, Func<IdentityPage, byte[]> identify)
    {
        _store = store;
        _service = service;
        _kernel = kernel;
        foreach (var page in service.Pages)
        {
            if (page.Account is { } account)
            {
                _gates[page.Path] = new PasswordGate(network, RealmOf(page.Path), new Credentials(account.User, account.Password));
            }
            switch (page)
            {
                case ContentPage content: _pages.Add(content.Path, content.Content); break;
                case RedirectPage redirect: _pages.AddRedirect(redirect.Path, redirect.Location, redirect.Status); break;
                case FormPage form: _forms.Add(form.Path); break;
                case SizedPage sized: _sized[sized.Path] = LettersOf(sized.Bytes); break;
                // A key takes milliseconds to make: whoever fetches it waits for it.
                case IdentityPage identity: _identities[identity.Path] = new Lazy<byte[]>(() => identify(identity), LazyThreadSafetyMode.None); break;
                case WritablePage writable: _writable.Add(writable.Path); break;
                default: _endless.Add(page.Path); break;
            }
        }
    }

    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        if (_service.DelayNanoseconds > 0) { await _kernel.Delay(_service.DelayNanoseconds); }
        var (method, target) = (request.Head.MethodText, request.Head.TargetText);
        // RFC 9110 9.3.7, 9.3.8: of the server as a whole, and what came of the request on its way.
        if (method == "OPTIONS" && target == "*") { return StaticSite.Options(s_methods); }
        if (method == "TRACE") { return Trace(request.Head); }
        var file = _pages.FileOf(target) ?? "";
        var folder = file.EndsWith('/' + _pages.DefaultFile, StringComparison.Ordinal) ? file[..^_pages.DefaultFile.Length] : file;
        var open = _writable.Find(one => folder.StartsWith(one, StringComparison.Ordinal));
        if (GateOf(file, open) is { } gate && gate.Refuse(request.Head) is { } refusal) { return refusal; }
        if (_identities.Remove(file, out var identity)) { _pages.Add(file, identity.Value); }
        if (_forms.Contains(file)) { return await LabForm.HandleAsync(request, file, cancellationToken); }
        if (open is not null && _pages.Find(target) is null && !_sized.ContainsKey(file) && !_endless.Contains(file))
        {
            return Paced(await _store.HandleAsync(request, IsFolderAsked(target) ? folder : file, cancellationToken));
        }
        if (method is not ("GET" or "HEAD")) { return WithTrace((await _pages.HandleAsync(request, cancellationToken)).Message); }
        if (_endless.Contains(file)) { return Paced(new ServerResponse(HttpResponse.Text(200, ""), new LettersBody(0, -1))); }
        return Paced(_sized.TryGetValue(file, out var letters) ? letters.Answer(request.Head) : await _pages.HandleAsync(request, cancellationToken));
    }

    private PasswordGate? GateOf(string file, string? open) =>
        _gates.GetValueOrDefault(file) ?? (open is null ? null : _gates.GetValueOrDefault(open));

    private static bool IsFolderAsked(string target) => target.Split('?', '#')[0].EndsWith('/');

    private static HttpResponse WithTrace(HttpResponse answer) => answer with
    {
        Fields = [.. answer.Fields.Select(static field => field.Name == "Allow" ? new HttpField("Allow", string.Join(", ", s_methods)) : field)],
    };

    // RFC 9110 9.3.8: what could let others in is not repeated.
    private static HttpResponse Trace(RequestHead head)
    {
        var text = new StringBuilder($"TRACE {head.TargetText} {HttpVersionText.Of(head.Version)}\r\n");
        foreach (var field in head.Fields.ToFields())
        {
            if (!s_secrets.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
            { text.Append(CultureInfo.InvariantCulture, $"{field.Name}: {field.Value}\r\n"); }
        }
        return new HttpResponse(200)
        {
            Fields = [new HttpField("Content-Type", "message/http")],
            Body = Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()),
        };
    }

    // What they are is said by their number.
    private static Representation LettersOf(long bytes) => Representation.Made(
        HttpResponse.Text(200, ""), new EntityTag(string.Create(CultureInfo.InvariantCulture, $"letters-{bytes}")), bytes,
        static part => new LettersBody(part.First, part.Last - part.First + 1));

    private ServerResponse Paced(ServerResponse response) =>
        _service.BytesPerSecond == 0 ? response
            : response with { Source = new PacedBody(response.Source ?? new MemoryBody(response.Message.Body), _kernel, _service.BytesPerSecond) };

    // A page is called as it is asked for.
    private string RealmOf(string file) => file.EndsWith('/' + _pages.DefaultFile, StringComparison.Ordinal) ? file[..^_pages.DefaultFile.Length] : file;
}

/// <summary>A body of lines of letters: of so many bytes, or without end (-1), which a client must defend itself against.</summary>
/// <param name="first">The place of its first byte among all letters: a part has the same bytes as the whole has there.</param>
/// <param name="length">How many there are.</param>
internal sealed class LettersBody(long first, long length) : IResponseBody
{
    private long _made;

    public long Length => length;

    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = length < 0 ? destination.Length : (int)Math.Min(destination.Length, length - _made);
        var letters = destination.Span[..count];
        for (var i = 0; i < count; i++)
        {
            var at = first + _made + i;
            letters[i] = at % 64 == 63 ? (byte)'\n' : (byte)('a' + at % 26);
        }
        _made += count;
        return new ValueTask<int>(count);
    }
}

/// <summary>A body that is there already.</summary>
internal sealed class MemoryBody(ReadOnlyMemory<byte> content) : IResponseBody
{
    private int _read;

    public long Length => content.Length;

    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var piece = content.Slice(_read, Math.Min(destination.Length, content.Length - _read));
        piece.CopyTo(destination);
        _read += piece.Length;
        return new ValueTask<int>(piece.Length);
    }
}

/// <summary>A body that its server makes slowly: ten pieces a second.</summary>
internal sealed class PacedBody(IResponseBody body, Kernel kernel, long bytesPerSecond) : IResponseBody
{
    private const int PiecesPerSecond = 10;

    public long Length => body.Length;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var most = (int)Math.Clamp(bytesPerSecond / PiecesPerSecond, 1, destination.Length);
        await kernel.Delay((long)((Int128)most * 1_000_000_000 / bytesPerSecond));
        return await body.ReadAsync(destination[..most], cancellationToken);
    }
}
