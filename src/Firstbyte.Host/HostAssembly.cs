namespace Firstbyte.Host;

/// <summary>
/// The room of what runs for long: serving the page, DNS over HTTPS (<c>Host/Dns</c>), metrics, a cache that several servers share.
/// Nothing stands here yet.
/// </summary>
/// <remarks>
/// The promise, which tests/Architecture.Tests keeps: this is the only assembly that knows ASP.NET Core, OpenTelemetry's exporters, Redis and generic hosting,
/// and nothing else uses it. The command above all does not: ahead of time it starts in 2.9 ms, and in 7 to 8 ms with ASP.NET Core linked in. It is to be an
/// executable of its own, which the command starts when it is asked for.
/// </remarks>
internal static class HostAssembly;
