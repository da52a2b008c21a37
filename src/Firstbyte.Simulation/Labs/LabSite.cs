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
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endless = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasswordGate> _gates = new(StringComparer.Ordinal);
    private readonly WebService _service;
    private readonly Kernel _kernel;

    public LabSite(WebService service, Kernel kernel, INetwork network)
    {
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
                case SizedPage sized: _sizes[sized.Path] = sized.Bytes; break;
                default: _endless.Add(page.Path); break;
            }
        }
    }

    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        if (_service.DelayNanoseconds > 0) { await _kernel.Delay(_service.DelayNanoseconds); }
        var file = FileOf(request.Head.TargetText);
        if (_gates.TryGetValue(file, out var gate) && gate.Refuse(request.Head) is { } refusal) { return refusal; }
        if (_forms.Contains(file)) { return await LabForm.HandleAsync(request, file, cancellationToken); }
        if (_endless.Contains(file)) { return Paced(HttpResponse.Text(200, ""), new LettersBody(-1)); }
        if (_sizes.TryGetValue(file, out var size)) { return Paced(HttpResponse.Text(200, ""), new LettersBody(size)); }
        var response = await _pages.HandleAsync(request, cancellationToken);
        return _service.BytesPerSecond > 0 ? Paced(response.Message, new MemoryBody(response.Message.Body)) : response;
    }

    private ServerResponse Paced(HttpResponse message, IResponseBody body) =>
        new(message, _service.BytesPerSecond > 0 ? new PacedBody(body, _kernel, _service.BytesPerSecond) : body);

    // A page is called as it is asked for.
    private string RealmOf(string file) => file.EndsWith('/' + _pages.DefaultFile, StringComparison.Ordinal) ? file[..^_pages.DefaultFile.Length] : file;

    private string FileOf(string target)
    {
        var path = target.Split('?')[0];
        return path.EndsWith('/') ? path + _pages.DefaultFile : path;
    }
}

/// <summary>A body of lines of letters: of so many bytes, or without end (-1), which a client must defend itself against.</summary>
internal sealed class LettersBody(long length) : IResponseBody
{
    private long _made;

    public long Length => length;

    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = length < 0 ? destination.Length : (int)Math.Min(destination.Length, length - _made);
        var letters = destination.Span[..count];
        for (var i = 0; i < count; i++)
        {
            var at = _made + i;
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
