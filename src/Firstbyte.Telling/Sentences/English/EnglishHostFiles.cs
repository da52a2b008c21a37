using System.Globalization;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishHostFiles : IHostFileSentences
{
    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishFiles _files = new();

    public Phrase Found(FileFound found) => found.Modified is { } time
        ? Say($"{found.Path}: {Kind(found)}, last changed {time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC")
        : $"{found.Path}: {Kind(found)}";

    public Phrase Read(long from, long bytes) => from == 0 ? Say($"{_amounts.Bytes(bytes)} of the file") : $"{_amounts.Bytes(bytes)} of the file, from byte {from} on";

    public Phrase Listed(long count) => count == 1 ? "1 name in the directory" : Say($"{count} names in the directory");

    public Phrase Stored(FileStored stored) => stored.ReplacedBytes is { } before
        ? Say($"{_amounts.Bytes(stored.Bytes)} stored in {stored.Path}, in the place of {_amounts.Bytes(before)}")
        : $"{_amounts.Bytes(stored.Bytes)} stored in {stored.Path}, which is new";

    public Phrase PathFault(FilePathFault fault) => fault switch
    {
        FilePathFault.None => "it is a path",
        FilePathFault.OtherHost => "it names another host, and file: has no way to one (file:///… and file://localhost/… are this host's files)",
        FilePathFault.Nul => "it holds NUL (%00), at which a file's name would end",
        FilePathFault.Slash => "it holds a slash in a name (%2F), which would be two names to the file system",
        FilePathFault.NotUtf8 => "a name in it is no UTF-8, so nobody knows which is meant",
        FilePathFault.TooLong => "it is longer than a path may be",
        FilePathFault.NoFile => "it names a directory, and something is to be stored: a file name has to stand at its end",
    };

    public Phrase Refusal(FileFault fault, Errno error) => fault switch
    {
        FileFault.Unreadable => Say($"cannot be read: {(error == Errno.ENOENT ? "there is no such file or directory" : _files.NotRead(error))}"),
        FileFault.NotRegular => "is not read or written: it is a device, a pipe or a socket, and no file",
        FileFault.BeyondEnd => "has no bytes there: what was asked for begins behind its end",
        FileFault.WritingNotAllowed => "is not written: a file: URL only reads, unless it was allowed to write",
        FileFault.Unwritable => $"cannot be written: {_files.NotWritten(error)}",
        FileFault.NotContinued => "is stored whole or not at all: an upload to a file cannot be gone on with",
    };

    private Phrase Kind(FileFound found) => found.Kind switch
    {
        FileKind.Regular => Say($"a file of {_amounts.Bytes(found.Length ?? 0)}, {found.Type}"),
        FileKind.Directory => "a directory",
        FileKind.Pipe => "a pipe",
        FileKind.Device => "a device",
        FileKind.Socket => "a socket",
        FileKind.Other => "something that is no file",
    };
}
