using System.Net;
using System.Net.Sockets;
using Firstbyte.Dns;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;
using Endpoint = Firstbyte.Addressing.Endpoint;

namespace Firstbyte.Host.Dns;

/// <summary>A store that speaks the protocol of Redis: Redis itself, Valkey, Garnet.</summary>
/// <remarks>
/// Two commands are spoken, GET and SETEX, on one connection, by which look-ups follow each other without waiting. When it is lost it is made anew
/// beside, and what is asked for meanwhile fails at once. What a server may send is bounded (<see cref="BoundedReplies"/>).
/// </remarks>
internal sealed class RedisCacheTier : ISecondCacheTier
{
    /// <summary>How long a connection may take to be made, and a reply to be of use (own choice); who asks waits less.</summary>
    private const int Patience = 1000;

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabaseAsync _values;

    private RedisCacheTier(Endpoint server, ConnectionMultiplexer connection) =>
        (Server, _connection, _values) = (server, connection, connection.GetDatabase());

    /// <inheritdoc/>
    public Endpoint Server { get; }

    /// <summary>Connects; a server that is not there yet is found when it is.</summary>
    /// <param name="server">Where it is.</param>
    /// <param name="password">What it wants to be told; null for nothing.</param>
    public static async Task<RedisCacheTier> OpenAsync(Endpoint server, string? password)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { new IPEndPoint(server.Address.ToIPAddress(), server.Port) },
            Password = password,
            AbortOnConnectFail = false,
            // The service does not wait for it to begin: it is connected to beside, again and again.
            ConnectRetry = 1,
            ConnectTimeout = Patience,
            AsyncTimeout = Patience,
            BacklogPolicy = BacklogPolicy.FailFast,
            ClientName = "firstbyte",
            CommandMap = CommandMap.Create(["GET", "SETEX", "AUTH", "HELLO", "PING", "ECHO"], available: true),
            TieBreaker = "",
            Tunnel = new BoundingTunnel(),
            IncludeDetailInExceptions = false,
        };
        return new RedisCacheTier(server, await ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <inheritdoc/>
    public async ValueTask<SecondTierReply> FindAsync(string key, int maxLength, CancellationToken cancellationToken)
    {
        try
        {
            var value = await _values.StringGetAsync(key);
            return new SecondTierReply(true, value.IsNull ? default(ReadOnlyMemory<byte>?) : (ReadOnlyMemory<byte>)value);
        }
        catch (Exception e) when (IsTheServers(e)) { return SecondTierReply.None; }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> KeepAsync(string key, ReadOnlyMemory<byte> value, TimeSpan time, CancellationToken cancellationToken)
    {
        try { return await _values.StringSetAsync(key, value, time); }
        catch (Exception e) when (IsTheServers(e)) { return false; }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>What it has said, or has not: the library has a kind of its own for each, and nothing above them.</summary>
    private static bool IsTheServers(Exception e) => e is RedisException or TimeoutException or InvalidCastException or ObjectDisposedException;

    private sealed class BoundingTunnel : Tunnel
    {
        public override ValueTask<Stream?> BeforeAuthenticateAsync(
            EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken) =>
            new(socket is null ? null : new BoundedReplies(new NetworkStream(socket, ownsSocket: true)));
    }
}
