using Firstbyte.Dns;
using Microsoft.Extensions.DependencyInjection;

namespace Firstbyte.Extensions;

/// <summary>HttpClients of a program over Firstbyte.</summary>
public static class FirstbyteHttpClientBuilderExtensions
{
    /// <summary>Requests of this client go over a <see cref="FirstbyteHandler"/>: <c>services.AddHttpClient("name").UseFirstbyte()</c>.</summary>
    /// <remarks>
    /// Names are looked up by the resolver of the options; without one by the program's <see cref="INameResolver"/>, if it has registered any
    /// (<see cref="FirstbyteServiceCollectionExtensions.AddFirstbyteResolver">AddFirstbyteResolver</see>); else as the system is configured.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="options">How; null for what HttpClient's own handler does.</param>
    public static IHttpClientBuilder UseFirstbyte(this IHttpClientBuilder builder, FirstbyteHandlerOptions? options = null) =>
        builder.ConfigurePrimaryHttpMessageHandler(services =>
        {
            var given = options ?? new FirstbyteHandlerOptions();
            // The services end it, and not the handler, of which there may be several in a program's life.
            if (given.Resolver is null && services.GetService<INameResolver>() is { } shared) { given = given with { Resolver = _ => shared }; }
            return new FirstbyteHandler(given);
        });
}
