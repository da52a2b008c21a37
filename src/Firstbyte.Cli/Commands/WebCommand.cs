using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// <c>firstbyte web</c>: the page by <c>firstbyte-host</c>, which adds journeys over the real network; with <c>--lab-page</c> the lab page, which is a folder of
/// files, by the program's own HTTP server.
/// </summary>
internal static class WebCommand
{
    private const string UsualAddress = "127.0.0.1:8080";
    private const string UsualFolder = "web";
    private const string Host = "firstbyte-host";

    public static Command Create(CommandIo io)
    {
        var words = io.Language.Help;
        var page = new Option<bool>("--lab-page") { Description = words.WebLabPage };
        var listen = new Option<string>("--listen") { Description = words.WebListen, DefaultValueFactory = static _ => UsualAddress, HelpName = "ADDR:PORT" };
        var root = new Option<string?>("--root") { Description = words.WebRoot, HelpName = "DIR" };
        var more = new Argument<string[]>("option") { Description = words.WebOptions, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("web", words.Web) { page, listen, root, more };
        command.SetAction(async (parsed, _) =>
        {
            var options = parsed.GetValue(more) ?? [];
            if (!parsed.GetValue(page)) { return BecomeHost(io, parsed.GetValue(listen)!, parsed.GetValue(root), options); }
            if (options.Length > 0) { throw new UsageException(io.Language.Servers.HostOptionsAlone(options[0])); }
            return await ServeAsync(io, parsed.GetValue(listen)!, parsed.GetValue(root));
        });
        return command;
    }

    private static int BecomeHost(CommandIo io, string listen, string? root, string[] options)
    {
        var host = OtherProgram.Find(io, Host) ?? throw new UsageException(io.Language.Servers.NoHost);
        // A page that was put beside this program is meant for it, too; the host looks beside itself otherwise.
        var own = Path.Combine(AppContext.BaseDirectory, UsualFolder);
        root ??= PageSite.FindFolder(io, own) is null ? null : own;
        string[] where = root is null ? [] : ["--root", io.PathOf(root)];
        return OtherProgram.Become(io, host, ["--lang", io.Language.Tag, "--listen", listen, .. where, .. options]);
    }

    private static async Task<int> ServeAsync(CommandIo io, string listen, string? root)
    {
        if (!Endpoint.TryParse(listen, out var endpoint)) { throw new UsageException(io.Language.Usage.NoListener(listen)); }
        var path = root ?? Path.Combine(AppContext.BaseDirectory, UsualFolder);
        var folder = PageSite.FindFolder(io, path)
            ?? throw new UsageException(root is null ? io.Language.Servers.NoPageBeside(path) : io.Language.Servers.NoPage(path), ExitCodes.FileUnread);
        var site = PageSite.Read(io, folder);
        using var server = new HttpServer(new OsNetwork(), site);
        try { io.Errors.Say(io.Language.Servers.PageAt($"http://{server.Start(endpoint)}/")); }
        catch (NetworkException e) { throw new UsageException(io.Language.Servers.CannotListen(endpoint, e.Error), ExitCodes.ConnectFailed); }
        await server.RunAsync(io.Signals.Stopping);
        return io.Signals.ExitCode;
    }
}
