namespace Firstbyte.Transfers;

/// <summary>A sink that lends memory of its own: content of a known length is received where it is wanted, and copied nowhere.</summary>
internal interface ILendingSink : IBodySink
{
    /// <summary>
    /// Memory for the next bytes of content, as soon as there is some; empty where the content is to be handed over in pieces. It is lent until
    /// <see cref="Fill"/>, or until the connection has nothing more to do with the content.
    /// </summary>
    ValueTask<Memory<byte>> LendAsync(CancellationToken cancellationToken);

    /// <summary>So many bytes of what was lent last are content now, at least one.</summary>
    void Fill(int count);
}
