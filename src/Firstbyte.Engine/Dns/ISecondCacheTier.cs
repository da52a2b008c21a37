using Firstbyte.Addressing;

namespace Firstbyte.Dns;

/// <summary>A store in which several resolvers keep what they have found out. Nobody trusts what lies there (<see cref="Resolving.SharedAnswers"/>).</summary>
/// <remarks>Calls come from any thread and many at once; they end when the token is cancelled, or are left to themselves.</remarks>
public interface ISecondCacheTier : IDisposable
{
    /// <summary>Where it is.</summary>
    Endpoint Server { get; }

    /// <summary>Looks a key up. What is longer than <paramref name="maxLength"/> need not be fetched to its end.</summary>
    ValueTask<SecondTierReply> FindAsync(string key, int maxLength, CancellationToken cancellationToken);

    /// <summary>Puts a value there for some time; false where it could not.</summary>
    ValueTask<bool> KeepAsync(string key, ReadOnlyMemory<byte> value, TimeSpan time, CancellationToken cancellationToken);
}

/// <summary>What came of a look into the second tier.</summary>
/// <param name="HasAnswered">Whether it has answered.</param>
/// <param name="Value">What lies there; null for nothing.</param>
public readonly record struct SecondTierReply(bool HasAnswered, ReadOnlyMemory<byte>? Value)
{
    /// <summary>It has not answered, or not as it should.</summary>
    public static SecondTierReply None => default;
}
