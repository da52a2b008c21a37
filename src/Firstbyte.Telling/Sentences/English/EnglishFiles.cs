using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishFiles : IFileSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase NotWritten(Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => "this user may not write there",
        Errno.ENOENT => "there is no such directory",
        Errno.ENOTDIR => "a part of the path is no directory",
        Errno.EISDIR => "it is a directory",
        Errno.EEXIST => "there is one of that name already",
        Errno.EBADF => "it is not open",
        Errno.EBUSY or Errno.ETXTBSY or Errno.EAGAIN => "another program uses it",
        Errno.ENAMETOOLONG => "the name is longer than the file system takes",
        Errno.ENOSPC => "no space is left on the device",
        Errno.EDQUOT => "the quota on the file system is used up",
        Errno.EROFS => "the file system is read-only",
        Errno.EFBIG => "it is larger than may be kept",
        Errno.EMFILE => "this process has too many files open already",
        Errno.ETIMEDOUT => "nobody took anything within the time that --max-time allows",
        Errno.EPIPE => "the reader of the pipe has gone",
        _ => Say($"the file or device failed ({error})"),
    };

    public Phrase NotRead(Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => "this user may not read it",
        Errno.ENOENT => "there is no such file",
        Errno.EFBIG => "it is larger than is read at once",
        Errno.ETIMEDOUT => "its end did not come within the time that --max-time allows",
        _ => NotWritten(error),
    };

    public Phrase Unusable(string path, bool isWriting, Errno error) =>
        isWriting
            ? Say($"{Named(path, "standard output")} cannot be written: {NotWritten(error)}")
            : $"{Named(path, "standard input")} cannot be read: {NotRead(error)}";

    private static Phrase Named(string path, string stream) => path == "-" ? stream : Say($"'{path}'");

    public Phrase Source(BodyOrigin from) => from.Kind switch
    {
        BodyKind.Bytes => "the data of the command line",
        BodyKind.File => $"the file '{from.Name}'",
        BodyKind.Pipe => $"the pipe or device '{from.Name}'",
        BodyKind.StandardInput => "standard input",
        BodyKind.Stream => "a stream of the program",
        BodyKind.Form => "the form",
    };

    public Phrase OutputLost(Errno error) => $"standard output could not be written: {NotWritten(error)}. What was printed is incomplete";

    public Phrase NothingTold(long events, bool isTellable) => events == 0
        ? "the run is whole, and nothing happened in it"
        : Say($"the run is whole: {_amounts.Events(events)}, and no journey, name or probe among them{(isTellable ? "; -vv tells every frame" : ""):words}");

    public Phrase EventFile(EventFileReader reader)
    {
        var (fault, name) = (reader.Fault, reader.Fault.Name);
        return fault.Flaw switch
        {
            EventFlaw.LineTooLong => Say($"the line is longer than {EventFileReader.MaxLineLength / (1024 * 1024)} MiB, longer than any event"),
            EventFlaw.Utf16 => "the file is UTF-16, and events are UTF-8: save it again as UTF-8 (in PowerShell: Get-Content FILE | Set-Content -Encoding utf8 NEW)",
            EventFlaw.Archive => "the file is an HTTP archive (HAR); this command reads events, one a line, as 'firstbyte --json URL > FILE' writes them",
            EventFlaw.NotJson => $"not JSON from byte {fault.Position + 1} of the line on",
            EventFlaw.NotAnObject => "an event is a JSON object, and this line is another value",
            EventFlaw.NoName => $"the object has no member '{EventRegistry.Discriminator}' that names its kind",
            EventFlaw.UnknownName => $"there is no event '{name}' in version {reader.Version} of the form",
            EventFlaw.NoVersion => "the first line is missing, which says the version (trace.opened): the file does not begin where its run did",
            EventFlaw.WrongValue => $"the value of '{fault.Member}' is none that it can have{In(name)}",
            EventFlaw.MissingMember => $"the member '{fault.Member}' is missing{In(name)}",
            EventFlaw.OlderForm => $"version 0 told '{name}' in another form, without '{fault.Member}': this firstbyte cannot tell it any more",
            EventFlaw.NewerVersion =>
                $"the file is of version {fault.Position}; this firstbyte reads versions 0 to {EventRegistry.Version}: a newer one wrote it",
            EventFlaw.Empty => "there is not one event in it: the run was ended before its first, or nothing was saved",
            EventFlaw.CutLine => $"the file is cut within this line; {Before(reader)}",
            EventFlaw.Cut => $"the file is cut: the run went on; {Before(reader)}",
            EventFlaw.OtherCount =>
                $"the last line counts {_amounts.Events(fault.Position)}, the file holds {reader.Count}: lines are missing or were added",
            EventFlaw.None => throw new ArgumentException("nothing is wrong with the file", nameof(reader)),
        };
    }

    private static Phrase In(string name) => name.Length > 0 ? $" in '{name}'" : Phrase.Empty;

    private static Phrase Before(EventFileReader reader) =>
        reader.Last is { } last ? $"what is told above ends after event {reader.Count}, {last.Name}" : "no event came before it";
}
