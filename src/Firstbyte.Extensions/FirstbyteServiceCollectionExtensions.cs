using Firstbyte.Dns;
using Firstbyte.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Firstbyte.Extensions;

/// <summary>What a program registers of Firstbyte.</summary>
public static class FirstbyteServiceCollectionExtensions
{
    /// <summary>
    /// One <see cref="FirstbyteResolver"/> for the whole program, as its <see cref="INameResolver"/>. Clients that
    /// <see cref="FirstbyteHttpClientBuilderExtensions.UseFirstbyte">UseFirstbyte</see> ask it, unless their options name a resolver.
    /// </summary>
    /// <param name="services">The program's services; they end the resolver.</param>
    /// <param name="options">How it works; null for from the root down, with signatures checked.</param>
    /// <param name="network">Sockets, clock, randomness and files; null for the operating system's.</param>
    /// <exception cref="ArgumentException">When it is first asked for: the options have what only a service for others does.</exception>
    public static IServiceCollection AddFirstbyteResolver(
        this IServiceCollection services, RecursiveServiceOptions? options = null, INetwork? network = null) =>
        services.AddSingleton<INameResolver>(_ => network is null ? new FirstbyteResolver(options) : new FirstbyteResolver(network, options));
}
