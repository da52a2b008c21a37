using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>The way to where the file is.</content>
internal sealed partial class CurlFtp
{
    private void ReadPath()
    {
        var path = transfer.Url.Path;
        _isAscii = _task.UseAscii;
        if (path.LastIndexOf(";type=", StringComparison.OrdinalIgnoreCase) is >= 0 and var type && type + 7 == path.Length)
        {
            var letter = char.ToUpperInvariant(path[^1]);
            (_isAscii, _listsNames) = (letter == 'A', letter == 'D');
            path = path[..type];
        }
        _listsNames |= _task.ListOnly;
        var raw = OctetText.Of(CurlText.Unescape(path[1..]));
        if (raw.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0) { throw new CurlStop(CurlCode.UrlMalformat, "path contains control characters"); }
        foreach (var text in (string?[])[transfer.User, transfer.Password])
        {
            if (text is not null && text.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0)
            {
                throw new CurlStop(CurlCode.UrlMalformat, "control characters in credentials");
            }
        }
        _path = raw;
        var slash = raw.LastIndexOf('/');
        string name;
        switch (_task.FtpMethod)
        {
            case CurlFtpMethod.NoCwd:
                name = raw.EndsWith('/') ? "" : raw;
                break;
            case CurlFtpMethod.SingleCwd:
                name = raw[(slash + 1)..];
                if (slash >= 0) { _folders = [slash == 0 ? "/" : raw[..slash]]; }
                break;
            default:
                var at = 0;
                for (var i = 0; i < raw.Length; i++)
                {
                    if (raw[i] != '/') { continue; }
                    if (i > at) { _folders.Add(raw[at..i]); }
                    else if (_folders.Count == 0) { _folders.Add("/"); }
                    at = i + 1;
                }
                name = raw[at..];
                break;
        }
        _file = name.Length > 0 ? name : null;
        if (transfer.Order.IsUpload && _file is null) { throw new CurlStop(CurlCode.UrlMalformat, "Uploading to a URL without a file name"); }
    }

    private bool _listsNames;

    private async ValueTask GoToFolderAsync()
    {
        var folder = _path[..(_path.Length - (_file?.Length ?? 0))];
        if (_task.FtpMethod == CurlFtpMethod.NoCwd)
        {
            if (_path.StartsWith('/')) { return; }
            folder = "";
        }
        if (_control.Uses > 0 ? _state.Folder == folder : folder.Length == 0)
        {
            _state.Folder = folder;
            return;
        }
        if (_control.Uses > 0 && _state.Entry is { } entry && !(_folders.Count > 0 && _folders[0].StartsWith('/')))
        {
            if (await AskAsync("CWD " + entry) / 100 != 2) { throw Denied(); }
        }
        foreach (var one in _folders)
        {
            if (await AskAsync("CWD " + one) / 100 == 2) { continue; }
            if (!_task.CreatesFtpDirs) { throw Denied(); }
            await AskAsync("MKD " + one);
            // Another may have made it meanwhile.
            if (await AskAsync("CWD " + one) / 100 != 2) { throw Denied(); }
        }
        _state.Folder = folder;
    }

    private static CurlStop Denied() => new(CurlCode.RemoteAccessDenied, "Server denied you to change to the given directory");
}
