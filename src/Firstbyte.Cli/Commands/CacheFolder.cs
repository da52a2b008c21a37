using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Commands;

/// <summary>--cache DIR: where responses outlive a run.</summary>
internal static class CacheFolder
{
    /// <summary>The cache of a folder, which is made where it is missing.</summary>
    /// <exception cref="FileException">It cannot be.</exception>
    public static ResponseCache Open(CommandIo io, string folder)
    {
        var path = io.PathOf(folder);
        try { return new ResponseCache(new FolderResponseStore(path)); }
        catch (Exception e) when (IoErrors.IsOne(e)) { throw new FileException(folder, isWriting: true, e); }
    }
}
