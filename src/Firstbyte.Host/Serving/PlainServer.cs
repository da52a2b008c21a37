using System.Net;
using Firstbyte.Addressing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Firstbyte.Host.Serving;

/// <summary>What all servers of the program have in common.</summary>
internal static class PlainServer
{
    /// <summary>A builder of servers that read no files and no variables of their own, and log nothing but failures of the program.</summary>
    /// <param name="failed">Hears of what the program did wrong.</param>
    public static WebApplicationBuilder Create(Action<Exception> failed)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders().AddProvider(new FailureLog(failed));
        // Signals are the program's, which ends all its servers together.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    /// <summary>What all servers here have in common: one address, nothing said of the program, and limits.</summary>
    public static void Listen(KestrelServerOptions server, Endpoint at, Action<ListenOptions>? more = null)
    {
        server.AddServerHeader = false;
        server.Listen(new IPEndPoint(at.Address.ToIPAddress(), at.Port), listening => more?.Invoke(listening));
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
