using System.Security.Cryptography;

namespace Firstbyte.Sockets;

/// <summary>The operating system's entropy.</summary>
internal sealed class OsRandom : IRandomSource
{
    public static readonly OsRandom Instance = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
