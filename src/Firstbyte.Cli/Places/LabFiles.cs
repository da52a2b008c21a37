using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Labs;

namespace Firstbyte.Cli.Places;

/// <summary>Labs by what they are called on a command line.</summary>
internal static class LabFiles
{
    /// <summary>The lab that a bare --lab means.</summary>
    public const string Default = "glasscom";

    /// <summary>A lab by its name in the catalogue, or from a file.</summary>
    /// <exception cref="UsageException">There is none, or it is faulty.</exception>
    /// <exception cref="FileException">Its file cannot be read.</exception>
    public static LabDefinition Load(CommandIo io, string name)
    {
        if (LabCatalog.Load(name) is { } known) { return known; }
        var path = io.PathOf(name);
        if (!io.Exists(name) && !io.IsFolder(name))
        {
            throw new UsageException(io.Language.Places.NoLab(name, Nearest.To(name, LabCatalog.Names), LabCatalog.Names));
        }
        var folder = Path.GetDirectoryName(path)!;
        var text = io.ReadText(name);
        if (text.AsSpan().TrimStart().StartsWith("{")) { throw new UsageException(io.Language.Places.LabIsJson(name)); }
        try { return LabFile.Parse(text, name, relative => ReadBeside(io, Path.Combine(folder, relative))); }
        catch (LabFileException e) { throw new UsageException(io.Language.Sources.LabFault(e)); }
    }

    // A lab is read whole before anything happens: a device or a pipe may never end.
    private static byte[]? ReadBeside(CommandIo io, string path) => io.Exists(path) && FileKinds.IsRegular(path) ? io.ReadBytes(path) : null;
}
