using Microsoft.Extensions.DependencyInjection;

namespace Firstbyte.Extensions;

/// <summary>HttpClients of a program over Firstbyte.</summary>
public static class FirstbyteHttpClientBuilderExtensions
{
    /// <summary>Requests of this client go over a <see cref="FirstbyteHandler"/>: <c>services.AddHttpClient("name").UseFirstbyte()</c>.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="options">How; null for what HttpClient's own handler does.</param>
    public static IHttpClientBuilder UseFirstbyte(this IHttpClientBuilder builder, FirstbyteHandlerOptions? options = null) =>
        builder.ConfigurePrimaryHttpMessageHandler(() => new FirstbyteHandler(options));
}
