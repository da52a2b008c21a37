namespace Firstbyte.Extensions;

/// <summary>The room of what other .NET programs plug in: the resolver and the client as services, activities and meters. Nothing stands here yet.</summary>
/// <remarks>
/// The promise, which tests/Architecture.Tests keeps: a library on Engine and Protocols alone, and from outside the base library only on
/// Microsoft.Extensions' DependencyInjection, Http and Options; the command, the simulation and the telling do not use it.
/// </remarks>
internal static class ExtensionsAssembly;
