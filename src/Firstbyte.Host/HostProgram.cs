using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Host.Dns;
using Firstbyte.Host.Pages;
using Firstbyte.Host.Settings;
using Firstbyte.Host.Telemetry;
using Firstbyte.Journeys;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;

namespace Firstbyte.Host;

/// <summary>The program: reads its command line, serves what it asks for until it is stopped, and says where.</summary>
internal static class HostProgram
{
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program; returns its exit code.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="output">Help and version go there.</param>
    /// <param name="errors">All else goes there; the line that names the page's address comes when it can be opened.</param>
    /// <param name="reloading">Tells when files are to be read again.</param>
    /// <param name="stopping">Ends it.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Func<string, string?> variables, TextWriter output, TextWriter errors, ReloadSignal reloading,
        CancellationToken stopping)
    {
        var language = HostArguments.LanguageOf(arguments, variables);
        try
        {
            var request = HostArguments.Read(arguments, language.Host);
            switch (request.Wish)
            {
                case HostWish.Help: HostArguments.WriteHelp(output, language); return 0;
                case HostWish.Version: await output.WriteLineAsync($"firstbyte-host {HostArguments.Version}"); return 0;
                default: return await ServeAsync(request.Settings, language, variables, errors, reloading, stopping);
            }
        }
        catch (HostException e)
        {
            await errors.WriteLineAsync($"firstbyte-host: {e.Complaint}");
            return e.ExitCode;
        }
    }

    private static async Task<int> ServeAsync(
        HostSettings settings, Language language, Func<string, string?> variables, TextWriter errors, ReloadSignal reloading, CancellationToken stopping)
    {
        var words = language.Host;
        // Requests end on several threads, and each may have something to say.
        errors = TextWriter.Synchronized(errors);
        var network = new OsNetwork();
        var (running, lines) = (new List<WebApplication>(), new List<Phrase>());
        using var telemetry = HostTelemetry.Start(variables);
        using var service = settings.Doh is null ? null : await DohService.OpenAsync(settings, network, language, errors.WriteLine, reloading);
        try
        {
            if (service is not null && settings.Doh is { } doh)
            {
                var bound = await StartAsync(DohApplication.Build(doh, service, network, Failed), doh, language, running);
                lines.Add(words.DohAt($"{(service.HasTls ? "https" : "http")}://{bound}{DohApplication.Path}"));
                if (!service.HasTls) { lines.Add(words.DohWithoutTls); }
                telemetry?.Observe(service.Counters);
                if (settings.Metrics is { } metrics)
                {
                    bound = await StartAsync(DohApplication.BuildMetrics(metrics, service, Failed), metrics, language, running);
                    lines.Add(language.Servers.MetricsAt($"http://{bound}{DohApplication.MetricsPath}"));
                }
            }
            if (settings.HasPage)
            {
                var token = AccessToken.Create(network.Random);
                var application = PageApplication.Build(settings, PageFiles.Read(settings.Root, language), token, network, telemetry, Failed);
                var bound = await StartAsync(application, settings.Listen, language, running);
                if (!settings.IsPrivate) { lines.Add(words.OpenToOthers); }
                lines.Add(words.PageAt(token.AddressAt($"http://{bound}/")));
            }
            // Scripts wait for these lines: then everything answers.
            foreach (var line in lines) { await errors.WriteLineAsync(line.ToString()); }
            // The keys are followed until the end; where following breaks, so does the program, for what is believed would grow old.
            if (service?.Keeper is { } keeper) { await keeper.RunAsync(stopping); }
            try { await Task.Delay(Timeout.Infinite, stopping); }
            catch (OperationCanceledException) { }
            return ExitCodes.Success;
        }
        finally
        {
            foreach (var application in running) { await StopAsync(application); }
        }

        // The framework's text is not for users; one client has felt it, and the server goes on.
        void Failed(Exception e) => errors.WriteLine($"firstbyte-host: {language.Usage.InternalFault(e.GetType().Name, HostArguments.Version)}");
    }

    /// <summary>Starts an application and says where it listens, with the port that the system has chosen.</summary>
    /// <exception cref="HostException">The address cannot be had.</exception>
    private static async Task<string> StartAsync(WebApplication application, Endpoint at, Language language, List<WebApplication> running)
    {
        running.Add(application);
        try
        {
            await application.StartAsync();
            var address = application.Urls.First();
            return address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
        }
        // Kestrel's ways to say what bind() said.
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new HostException(language.Servers.CannotListen(at, Errno.EADDRINUSE), ExitCodes.ConnectFailed);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            var error = e.SocketErrorCode == System.Net.Sockets.SocketError.AccessDenied ? Errno.EACCES : Errno.EADDRNOTAVAIL;
            throw new HostException(language.Servers.CannotListen(at, error), ExitCodes.ConnectFailed);
        }
    }

    private static async Task StopAsync(WebApplication application)
    {
        using var patience = new CancellationTokenSource(s_stopTime);
        try { await application.StopAsync(patience.Token); }
        catch (OperationCanceledException) { /* Who holds a connection longer than that loses it. */ }
        await application.DisposeAsync();
    }
}
