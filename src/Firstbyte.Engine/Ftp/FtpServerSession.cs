using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Lines;
using Firstbyte.Sockets;

namespace Firstbyte.Ftp;

/// <summary>One control connection of an <see cref="FtpServer"/>.</summary>
internal sealed class FtpServerSession(INetwork network, ISocket socket, FtpSite site, Func<ValueTask>? think, TimeSpan patience) : IDisposable
{
    // What is stored is held in memory until it is whole.
    private const int LongestFile = 16 * 1024 * 1024;

    private static readonly TimeSpan s_data = TimeSpan.FromSeconds(60);

    private readonly SocketByteStream _control = new(socket);
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(512, 512, 2 * FtpLimits.Command));
    private ISocket? _listener;
    private string _user = "";
    private bool _admitted;
    private string _directory = "/";
    private long _restart;

    public void Dispose()
    {
        _listener?.Dispose();
        _received.Dispose();
    }

    public async Task RunAsync()
    {
        await ReplyAsync("220 Firstbyte's FTP server");
        while (await ReadLineAsync() is { } line)
        {
            if (think is not null) { await think(); }
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (verb, argument) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
            if (!await AnswerAsync(verb.ToUpperInvariant(), argument)) { return; }
        }
    }

    private async ValueTask<bool> AnswerAsync(string verb, string argument)
    {
        switch (verb)
        {
            case "QUIT":
                await ReplyAsync("221 Goodbye.");
                return false;
            case "USER":
                (_user, _admitted) = (argument, false);
                await ReplyAsync("331 Please specify the password.");
                return true;
            case "PASS":
                _admitted = site.Admits(_user, argument);
                await ReplyAsync(_admitted ? "230 Login successful." : "530 Login incorrect.");
                return true;
            case "FEAT":
                await ReplyAsync("211-Features:\r\n EPSV\r\n MDTM\r\n MLST type*;size*;\r\n REST STREAM\r\n SIZE\r\n UTF8\r\n211 End");
                return true;
            case "NOOP" or "ABOR" or "OPTS":
                await ReplyAsync("200 OK.");
                return true;
            default:
                if (_admitted) { await AnswerUserAsync(verb, argument); }
                else { await ReplyAsync("530 Please login with USER and PASS."); }
                return true;
        }
    }

    private ValueTask AnswerUserAsync(string verb, string argument)
    {
        var path = Resolve(argument);
        return verb switch
        {
            "SYST" => ReplyAsync("215 UNIX Type: L8"),
            "PWD" => ReplyAsync($"257 \"{_directory.Replace("\"", "\"\"", StringComparison.Ordinal)}\" is the current directory"),
            "CWD" or "CDUP" => ChangeAsync(verb == "CDUP" ? Resolve("..") : path),
            "TYPE" => ReplyAsync(
                argument is "I" or "A" or "i" or "a"
                    ? $"200 Switching to {(argument is "I" or "i" ? "Binary" : "ASCII")} mode."
                    : "504 Unrecognised TYPE command."),
            "SIZE" => ReplyAsync(
                site.Find(path) is { } file
                    ? string.Create(CultureInfo.InvariantCulture, $"213 {file.Length}")
                    : "550 Could not get file size."),
            "MDTM" => ReplyAsync(site.Find(path) is not null ? "213 20260101000000" : "550 Could not get file modification time."),
            "REST" => RestartAsync(argument),
            "EPSV" => ListenAsync(extended: true),
            "PASV" => socket.LocalEndpoint!.Value.Address.IsV4 ? ListenAsync(extended: false) : ReplyAsync("522 Use EPSV."),
            "RETR" => site.Find(path) is { } content ? SendFileAsync(content, argument) : ReplyAsync("550 Failed to open file."),
            "MLSD" or "LIST" or "NLST" => ListAsync(verb, path),
            "STOR" or "APPE" => site.MayStore(path) ? StoreAsync(path, verb == "APPE") : ReplyAsync("553 Could not create file."),
            _ => ReplyAsync("500 Unknown command."),
        };
    }

    private ValueTask ChangeAsync(string path)
    {
        if (!site.HasDirectory(path)) { return ReplyAsync("550 Failed to change directory."); }
        _directory = path;
        return ReplyAsync("250 Directory successfully changed.");
    }

    private ValueTask RestartAsync(string argument)
    {
        if (!long.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out _restart)) { return ReplyAsync("501 No such position."); }
        return ReplyAsync($"350 Restart position accepted ({argument}).");
    }

    private ValueTask ListenAsync(bool extended)
    {
        _listener?.Dispose();
        var own = socket.LocalEndpoint!.Value.Address;
        _listener = network.CreateSocket(own.Version, SocketKind.Stream);
        _listener.Bind(new Endpoint(own, 0));
        _listener.Listen(1);
        var port = _listener.LocalEndpoint!.Value.Port;
        return ReplyAsync(extended
            ? string.Create(CultureInfo.InvariantCulture, $"229 Entering Extended Passive Mode (|||{port}|)")
            : $"227 Entering Passive Mode ({FtpAddresses.Port(new Endpoint(own, port))}).");
    }

    private ValueTask SendFileAsync(byte[] content, string name)
    {
        var from = (int)Math.Min(_restart, content.Length);
        _restart = 0;
        return TransferAsync(
            string.Create(CultureInfo.InvariantCulture, $"150 Opening BINARY mode data connection for {name} ({content.Length} bytes)."),
            async (data, token) =>
        {
            await data.SendAsync(content.AsMemory(from), token);
            return "226 Transfer complete.";
        });
    }

    private ValueTask ListAsync(string verb, string path)
    {
        if (!site.HasDirectory(path)) { return ReplyAsync("550 No such directory."); }
        var lines = site.List(path).Select(entry => verb switch
        {
            "MLSD" => entry.Size < 0
                ? $"type=dir; {entry.Name}"
                : string.Create(CultureInfo.InvariantCulture, $"type=file;size={entry.Size};modify=20260101000000; {entry.Name}"),
            "NLST" => entry.Name,
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{(entry.Size < 0 ? "drwxr-xr-x" : "-rw-r--r--")}    1 0        0        {Math.Max(0, entry.Size),12} Jan 01  2026 {entry.Name}"),
        });
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\r\n")));
        return TransferAsync("150 Here comes the directory listing.", async (data, token) =>
        {
            await data.SendAsync(text, token);
            return "226 Directory send OK.";
        });
    }

    private ValueTask StoreAsync(string path, bool append) => TransferAsync("150 Ok to send data.", async (data, token) =>
    {
        var before = site.Find(path) ?? [];
        var content = new MemoryStream();
        content.Write(append ? before : before.AsSpan(0, (int)Math.Min(_restart, before.Length)));
        _restart = 0;
        var piece = new byte[16 * 1024];
        while (await data.ReceiveAsync(piece, token) is > 0 and var count)
        {
            if (content.Length + count > LongestFile) { return "552 No room for the file."; }
            content.Write(piece, 0, count);
        }
        return site.Store(path, content.ToArray()) ? "226 Transfer complete." : "552 No room for the file.";
    });

    private async ValueTask TransferAsync(string begin, Func<IByteStream, CancellationToken, ValueTask<string>> move)
    {
        if (_listener is not { } listener)
        {
            await ReplyAsync("425 Use EPSV or PASV first.");
            return;
        }
        _listener = null;
        using var limit = new CancellationTokenSource(s_data, network.Time);
        string end;
        try
        {
            await ReplyAsync(begin);
            using var accepted = await listener.AcceptAsync(limit.Token);
            // The end of a short file does not wait for the acknowledgment of its bytes.
            accepted.SetOption(SocketOption.NoDelay, 1);
            end = await move(new SocketByteStream(accepted), limit.Token);
        }
        catch (NetworkException) { end = "426 Connection closed; transfer aborted."; }
        finally { listener.Dispose(); }
        await ReplyAsync(end);
    }

    // "..", "." and empty parts are worked out here: nothing above the root has a name.
    private string Resolve(string argument)
    {
        var parts = new List<string>();
        foreach (var part in (argument.StartsWith('/') ? argument : $"{_directory}/{argument}").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..") { if (parts.Count > 0) { parts.RemoveAt(parts.Count - 1); } }
            else if (part != ".") { parts.Add(part); }
        }
        return "/" + string.Join('/', parts);
    }

    private async ValueTask<string?> ReadLineAsync()
    {
        using var limit = new CancellationTokenSource(patience, network.Time);
        while (true)
        {
            switch (Take(out var line))
            {
                case LineStatus.Line: return line;
                case LineStatus.TooLong:
                    await ReplyAsync("500 Input line too long.");
                    return null;
                default: break;
            }
            if (_received.HasEnded) { return null; }
            await _received.ReceiveAsync(_control, limit.Token);
        }
    }

    private LineStatus Take(out string line)
    {
        var status = _received.ReadLine(FtpLimits.Command, out var bytes, out _);
        line = status == LineStatus.Line ? Encoding.UTF8.GetString(bytes) : "";
        return status;
    }

    private ValueTask ReplyAsync(string reply) => _control.SendAsync(Encoding.UTF8.GetBytes(reply + "\r\n"));
}
