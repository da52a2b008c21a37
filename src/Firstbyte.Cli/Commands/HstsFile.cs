using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>--hsts FILE: read before a run, where it is there, and written after it.</summary>
internal sealed class HstsFile
{
    private readonly CommandIo _io;
    private readonly string _file;
    private readonly string _text;
    private HstsStore? _store;
    private INetwork? _network;

    /// <param name="io">Where the file is.</param>
    /// <param name="file">Its name.</param>
    /// <param name="patience">How long its reading may take.</param>
    public HstsFile(CommandIo io, string file, TimeSpan? patience)
    {
        (_io, _file) = (io, file);
        // It is read and written anew, which standard input and output are not.
        if (file == CommandIo.StandardStream) { throw new UsageException(io.Language.Usage.NoSuchValue("--hsts", file)); }
        if (file.Length > 0) { io.RefuseFolder(file); }
        // A name that nothing has is an empty list, as curl has it.
        _text = file.Length > 0 && io.Exists(file) ? Encoding.UTF8.GetString(io.ReadBytes(file, patience)) : "";
        var read = new HstsStore();
        var passed = read.Read(_text, default);
        // Written anew after the run it would be lost, whatever it is.
        if (passed.Count > 0 && read.Count == 0) { throw new UsageException(io.Language.Http.NoHstsFile(file)); }
        if (passed.Count > 0)
        { io.Errors.Complain(io.Language.Http.HstsLinesUnreadable(Printable.Text(file), passed)); }
    }

    /// <summary>The hosts of one run, by the clock of its network.</summary>
    public HstsStore OpenAt(INetwork network)
    {
        (_network, _store) = (network, new HstsStore());
        _store.Read(_text, Now(network));
        return _store;
    }

    /// <summary>Writes what there is after the run.</summary>
    public void Keep()
    {
        if (_store is null || _file.Length == 0) { return; }
        using var whole = _io.Create(_file);
        whole.Write(Encoding.UTF8.GetBytes(_store.Write(Now(_network!))));
        whole.Complete();
    }

    private static Instant Now(INetwork network) => Instant.FromDateTimeOffset(network.Time.GetUtcNow());
}
