using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte web --lab-page</c>: hands out the lab page, which is a folder of files, by the program's own HTTP server.</summary>
internal static class WebCommand
{
    private const string UsualAddress = "127.0.0.1:8080";
    private const string UsualFolder = "web";

    public static Command Create(CommandIo io)
    {
        var words = io.Language.Help;
        var page = new Option<bool>("--lab-page") { Description = words.WebLabPage };
        var listen = new Option<string>("--listen") { Description = words.WebListen, DefaultValueFactory = static _ => UsualAddress, HelpName = "ADDR:PORT" };
        var root = new Option<string?>("--root") { Description = words.WebRoot, HelpName = "DIR" };
        var command = new Command("web", words.Web) { page, listen, root };
        command.SetAction(async (parsed, _) =>
        {
            if (!parsed.GetValue(page)) { throw new UsageException(io.Language.Servers.NoHost); }
            return await ServeAsync(io, parsed.GetValue(listen)!, parsed.GetValue(root));
        });
        return command;
    }

    private static async Task<int> ServeAsync(CommandIo io, string listen, string? root)
    {
        if (!Endpoint.TryParse(listen, out var endpoint)) { throw new UsageException(io.Language.Usage.NoListener(listen)); }
        var path = root ?? Path.Combine(AppContext.BaseDirectory, UsualFolder);
        var folder = PageSite.FindFolder(io, path) ?? throw new UsageException(io.Language.Servers.NoPage(path), ExitCodes.FileUnread);
        var site = PageSite.Read(io, folder);
        using var server = new HttpServer(new OsNetwork(), site);
        try { io.Errors.Say(io.Language.Servers.PageAt($"http://{server.Start(endpoint)}/")); }
        catch (NetworkException e) { throw new UsageException(io.Language.Servers.CannotListen(endpoint, e.Error), ExitCodes.ConnectFailed); }
        await server.RunAsync(io.Signals.Stopping);
        return io.Signals.ExitCode;
    }
}
