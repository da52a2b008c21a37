using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>--har FILE: every exchange of a run, written when it is over; the file has its name when the run is.</summary>
internal sealed class HarFile : IDisposable
{
    private readonly WholeFile _file;
    private readonly HarWriter _writer;
    private FileException? _failure;

    private HarFile(WholeFile file, HarWriter writer) => (_file, _writer) = (file, writer);

    /// <summary>Begins the file; null where none is wanted.</summary>
    /// <param name="io">Where it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="showsSecrets">Nothing is covered: then it is for its owner alone.</param>
    /// <exception cref="FileException">It cannot be written.</exception>
    public static HarFile? Open(CommandIo io, string? name, bool showsSecrets)
    {
        if (name is null) { return null; }
        // It is whole only at the end, which standard output is not.
        if (name == CommandIo.StandardStream) { throw new UsageException(io.Language.Usage.NoSuchValue("--har", name)); }
        var file = showsSecrets ? io.CreateSecret(name) : io.Create(name);
        return new HarFile(file, new HarWriter(file, "firstbyte", Edition.Version, showsSecrets));
    }

    /// <summary>Writes an exchange; what goes wrong is said at the end, as a full disk must not break a journey.</summary>
    public void Write(RecordedExchange exchange)
    {
        if (_failure is not null) { return; }
        try { _writer.Write(exchange); }
        catch (FileException e) { _failure = e; }
    }

    /// <exception cref="FileException">Some of it could not be written.</exception>
    public void Dispose()
    {
        using (_file)
        {
            if (_failure is { } failure) { throw failure; }
            _writer.Dispose();
            _file.Complete();
        }
    }
}
