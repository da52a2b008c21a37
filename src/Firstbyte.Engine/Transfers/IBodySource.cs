namespace Firstbyte.Transfers;

/// <summary>Content that is to be sent: what is known of it, and how to read it. No body is held anywhere else.</summary>
/// <remarks>
/// One source serves one request, however often that goes out: it is opened for each sending. What can be had once only (a pipe, standard input) is spent by
/// the first reading, and whoever would send it again has to ask first: a redirect that keeps the content, the answer to a challenge, a retry, a connection
/// that died.
/// </remarks>
public interface IBodySource
{
    /// <summary>Where it comes from, for whoever tells of it.</summary>
    BodyOrigin Origin { get; }

    /// <summary>The media type with its parameters; null where nobody says it.</summary>
    string? Type { get; }

    /// <summary>How many bytes it will be, and no more are read; null where only its end will show it.</summary>
    long? Length { get; }

    /// <summary>Whether it can be read from its beginning as often as it takes.</summary>
    bool CanRewind { get; }

    /// <summary>Whether it was read, and cannot be again.</summary>
    bool IsSpent { get; }

    /// <summary>Begins to read it, from its beginning.</summary>
    /// <exception cref="IOException">It is not there any more, with the errno of <see cref="Sockets.IoErrors"/>.</exception>
    /// <exception cref="InvalidOperationException">It is spent.</exception>
    IBodyReader Open();
}

/// <summary>Content that is being read.</summary>
public interface IBodyReader
{
    /// <summary>The next bytes; 0 at the end. An exception cuts the content off, so that who receives it can tell.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Passes over so many bytes where that is possible without reading them; false, and nothing has changed, where it is not.</summary>
    bool TrySkip(long bytes) => false;

    /// <summary>Whether there is more by now than the source had said, once all that it had said was read: somebody writes to it.</summary>
    bool HasGrown => false;

    /// <summary>Frees what lies below: nothing, where nothing does.</summary>
    void Close() { }
}

/// <summary>From where content comes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name that the user gave it; empty for what has none.</param>
public readonly record struct BodyOrigin(BodyKind Kind, string Name = "");

/// <summary>What content comes from.</summary>
public enum BodyKind : byte
{
    /// <summary>Bytes that were given.</summary>
    Bytes,

    /// <summary>A file, which can be read again.</summary>
    File,

    /// <summary>A pipe with a name, or a device.</summary>
    Pipe,

    /// <summary>Standard input.</summary>
    StandardInput,

    /// <summary>A stream of the program.</summary>
    Stream,

    /// <summary>A form of several parts.</summary>
    Form,
}
