using Firstbyte.Http;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>What an earlier run has left of a file: a part beside its name, or a file of that name that is not whole.</summary>
/// <param name="Path">Where it is, from the root on.</param>
/// <param name="Target">The file that it becomes when it is whole.</param>
/// <param name="Length">How many bytes there are.</param>
/// <param name="Validator">The strong entity tag of what they are a part of; null where nothing says it.</param>
internal sealed record PartialFile(string Path, string Target, long Length, string? Validator)
{
    // A tag as long as any that is read, its quotes, and a line's end.
    private const int MaximumNote = EntityTag.MaximumLength + 4;

    /// <summary>Whether it lies beside the name that it will have.</summary>
    public bool IsBeside => Path != Target;

    /// <summary>The file in which is noted of what a part is.</summary>
    private static string NoteOf(string part) => part + ".etag";

    /// <summary>What there is of a file; null when there is nothing.</summary>
    /// <param name="target">Its path from the root on.</param>
    /// <param name="parts">The places where a part of it may be.</param>
    public static PartialFile? Find(string target, IEnumerable<string> parts)
    {
        var newest = parts.Select(static path => new FileInfo(path)).Where(static file => file.Exists).MaxBy(static file => file.LastWriteTimeUtc);
        if (newest is not null) { return new PartialFile(newest.FullName, target, newest.Length, ReadNote(newest.FullName)); }
        return File.Exists(target) && FileKinds.IsRegular(target) ? new PartialFile(target, target, new FileInfo(target).Length, null) : null;
    }

    /// <summary>Notes of what a part is; where that cannot be noted, the part is taken later for what it may be.</summary>
    public static void Note(string part, string validator)
    {
        try { File.WriteAllText(NoteOf(part), validator + "\n"); }
        // The next run says that nobody can tell whether the rest is of the same.
        catch (Exception e) when (IoErrors.IsOne(e)) { return; }
    }

    /// <summary>Forgets what was noted, and a part that nobody needs any more.</summary>
    public static void Forget(string part, bool withContent)
    {
        try
        {
            File.Delete(NoteOf(part));
            if (withContent) { File.Delete(part); }
        }
        // It stays then, beside a file that is whole, and misleads nobody: it is older.
        catch (Exception e) when (IoErrors.IsOne(e)) { return; }
    }

    private static string? ReadNote(string part)
    {
        var note = new FileInfo(NoteOf(part));
        if (!note.Exists || note.Length > MaximumNote) { return null; }
        try { return EntityTag.TryRead(File.ReadAllText(note.FullName).TrimEnd('\n'), out var tag) && !tag.IsWeak ? tag.ToString() : null; }
        // What cannot be read says nothing.
        catch (Exception e) when (IoErrors.IsOne(e)) { return null; }
    }
}
