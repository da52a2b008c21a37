using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using Firstbyte.Cli.Drawing;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Io;

/// <summary>
/// What a command has around it: its standard streams, files, variables, terminal and signals. Nothing of the process is touched but
/// through this, and a test gives others.
/// </summary>
internal sealed class CommandIo : IDisposable
{
    /// <summary>The name of a file that is standard input or output instead.</summary>
    public const string StandardStream = "-";

    private StreamWriter? _text;

    public CommandIo(Stream input, Stream output, Stream errors, Signals signals)
    {
        Input = input;
        Output = new OutputStream(output);
        Errors = new ErrorLines(errors);
        Signals = signals;
        Patience = new Patience(signals);
    }

    /// <summary>Standard input.</summary>
    public Stream Input { get; }

    /// <summary>Standard output as bytes.</summary>
    public OutputStream Output { get; }

    /// <summary>Standard output as text: lines of our own making, without platform line ends or a byte order mark. Flush it before bytes are written.</summary>
    public TextWriter Text => _text ??= new StreamWriter(Output, new UTF8Encoding(false), 4 * 1024, leaveOpen: true) { AutoFlush = false, NewLine = "\n" };

    /// <summary>Standard error.</summary>
    public ErrorLines Errors { get; }

    /// <summary>How long writes wait for whoever reads.</summary>
    public Patience Patience { get; private init; }

    /// <summary>The signals.</summary>
    public Signals Signals { get; }

    /// <summary>In which the command speaks.</summary>
    public Language Language { get; set; } = Languages.English;

    /// <summary>From where relative paths lead.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The environment.</summary>
    public Func<string, string?> Variables { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Whether somebody types.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Whether somebody reads standard output as it comes.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether somebody reads standard error as it comes.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>The process's own.</summary>
    public static CommandIo OfProcess()
    {
        var signals = new ProcessSignals();
        var patience = new Patience(signals);
        return new CommandIo(new LateInput(), DescriptorStream.Output(patience), DescriptorStream.Errors, signals)
        {
            Patience = patience,
            IsInputTerminal = !Console.IsInputRedirected,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
        };
    }

    /// <summary>A page on standard output, as wide and colourful as it can be.</summary>
    public Page OpenPage(ColourChoice colour = ColourChoice.Auto) => OpenPage(Text, colour);

    /// <summary>The same, where lines are written in another way.</summary>
    public Page OpenPage(TextWriter writer, ColourChoice colour = ColourChoice.Auto)
    {
        // https://no-color.org: any non-empty value switches colours off.
        var colours = colour switch
        {
            ColourChoice.Always => true,
            ColourChoice.Never => false,
            _ => IsOutputTerminal && string.IsNullOrEmpty(Variables("NO_COLOR")) && Variables("TERM") != "dumb",
        };
        var width = Width();
        return new Page(writer, width ?? Page.PipeWidth, colours) { TableWidth = width ?? int.MaxValue };
    }

    /// <summary>A path as the user typed it, from the root on.</summary>
    /// <exception cref="UsageException">It is empty.</exception>
    public string PathOf(string name) =>
        name.Length == 0 ? throw new UsageException(Language.Usage.EmptyFileName(""))
        // The runtime would open another file, the name of which has U+FFFD there.
        : OctetText.HasOctets(name) ? throw new UsageException(Language.Usage.NotUtf8(Printable.Text(OctetText.Shown(name))))
        : Folder.Length == 0 ? Path.GetFullPath(name)
        : Path.GetFullPath(name, Folder);

    /// <summary>Whether there is a file of that name; "-" is always there.</summary>
    public bool Exists(string name) => name == StandardStream || File.Exists(PathOf(name));

    /// <summary>Whether a folder has that name.</summary>
    public bool IsFolder(string name) => name != StandardStream && Directory.Exists(PathOf(name));

    /// <summary>The names of the files in a folder; none where it cannot be read.</summary>
    public IEnumerable<string> FilesIn(string folder)
    {
        try { return folder.Length == 0 ? [] : Directory.GetFiles(PathOf(folder)).Select(static path => Path.GetFileName(path)); }
        catch (Exception e) when (IoErrors.IsOne(e)) { return []; }
    }

    /// <summary>When a file was written last; the beginning of time when it is not there.</summary>
    public DateTimeOffset LastWritten(string name) =>
        File.Exists(PathOf(name)) ? new DateTimeOffset(File.GetLastWriteTimeUtc(PathOf(name)), TimeSpan.Zero) : DateTimeOffset.UnixEpoch;

    /// <summary>Notes that a file is as it should be now; where that cannot be noted, it is looked at again sooner.</summary>
    public void Touch(string name)
    {
        try { File.SetLastWriteTimeUtc(PathOf(name), new OsNetwork().Time.GetUtcNow().UtcDateTime); }
        // The time is a hint: without it a secondary that is started anew holds its zone for older than it is.
        catch (Exception e) when (IoErrors.IsOne(e)) { return; }
    }

    /// <summary>Why something cannot be used, for who goes on without it.</summary>
    /// <param name="fault">A <see cref="UsageException"/> or a <see cref="FileException"/>.</param>
    public Phrase Reason(Exception fault) => fault switch
    {
        UsageException usage => usage.Complaint,
        FileException file => Language.Files.Unusable(file.Path, file.IsWriting, file.Error),
        _ => throw new ArgumentException(fault.ToString(), nameof(fault)),
    };

    /// <summary>Opens a file to which entries are appended, each safe on the disk.</summary>
    /// <exception cref="FileException">It cannot be used, or another process has it.</exception>
    public JournalFile OpenJournal(string name) => JournalFile.Open(name, PathOf(name));

    /// <summary>Opens a file to be read; "-" is standard input.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public Stream OpenRead(string name)
    {
        if (name == StandardStream) { return Input; }
        var path = PathOf(name);
        if (Directory.Exists(path)) { throw FileException.Folder(name, isWriting: false); }
        return Reading(name, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
    }

    /// <summary>Reads a whole file; "-" is standard input.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public byte[] ReadBytes(string name)
    {
        using var input = OpenWhole(name);
        return Reading(name, () =>
        {
            using var bytes = new MemoryStream();
            input.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    /// <summary>The same, of a file that may be a pipe on which nothing comes: then the time is limited.</summary>
    /// <exception cref="FileException">It cannot be read, or not within the time.</exception>
    public byte[] ReadBytes(string name, TimeSpan? limit)
    {
        if (limit is not { } time) { return ReadBytes(name); }
        byte[] bytes = [];
        ExceptionDispatchInfo? failure = null;
        var reading = new Thread(() =>
        {
            try { bytes = ReadBytes(name); }
            catch (FileException e) { failure = ExceptionDispatchInfo.Capture(e); }
        })
        { IsBackground = true };
        reading.Start();
        // The thread is left where it waits: the process ends without it.
        if (!reading.Join(time)) { throw new FileException(name, isWriting: false, new NetworkException(Errno.ETIMEDOUT, "read")); }
        failure?.Throw();
        return bytes;
    }

    /// <summary>A file as content that is sent: standard input ("-"), a pipe and a device as they come, a regular file as often as it takes.</summary>
    /// <param name="name">As the user named it.</param>
    /// <param name="patience">How long one waits for what comes as it likes, where everything waits.</param>
    /// <exception cref="FileException">It cannot be read.</exception>
    public IBodySource OpenContent(string name, Patience patience)
    {
        if (name == StandardStream)
        {
            return (Input is LateInput ? FileSource.OfInput() : null)
                ?? (IBodySource)new PipeSource(new BodyOrigin(BodyKind.StandardInput), () => Input, patience);
        }
        var path = PathOf(name);
        if (Directory.Exists(path)) { throw FileException.Folder(name, isWriting: false); }
        return Reading<IBodySource>(name, () =>
        {
            if (FileKinds.IsRegular(path))
            {
                var file = FileSource.Open(name, path);
                // A file of the kernel's own (/proc) says that it is empty, and is not.
                if (file.Length > 0 || !path.StartsWith("/proc/", StringComparison.Ordinal)) { return file; }
            }
            return new PipeSource(
                new BodyOrigin(BodyKind.Pipe, name), () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), patience);
        });
    }

    /// <summary>Reads a whole file as UTF-8; "-" is standard input.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public string ReadText(string name)
    {
        // Two bytes at its beginning do not make it UTF-16.
        using var text = new StreamReader(OpenWhole(name), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var whole = Reading(name, text.ReadToEnd);
        return whole.StartsWith('\uFEFF') ? whole[1..] : whole;
    }

    // What is read whole has an end: a device such as /dev/zero has none.
    private FiniteStream OpenWhole(string name) =>
        new(OpenRead(name), name, name != StandardStream && FileKinds.IsRegular(PathOf(name)) ? FiniteStream.MostOfFile : FiniteStream.MostOfStream);

    /// <summary>A file that gets its name when it is whole.</summary>
    /// <param name="name">As the user named it.</param>
    /// <param name="patience">How long it waits for a reader where it is a pipe; null is as standard output does.</param>
    /// <param name="superseded">A part of an earlier run that is worth nothing once this file is whole.</param>
    /// <exception cref="FileException">It cannot be written.</exception>
    public WholeFile Create(string name, Patience? patience = null, PartialFile? superseded = null) =>
        WholeFile.Create(name, ToWrite(name), patience ?? Patience, superseded: superseded);

    /// <summary>Sees before a journey that what is written after it goes into a file.</summary>
    /// <exception cref="FileException">A folder has that name.</exception>
    public void RefuseFolder(string name)
    {
        if (IsFolder(name)) { throw FileException.Folder(name, isWriting: true); }
    }

    /// <summary>What an earlier run has left of a file; null when there is nothing.</summary>
    /// <exception cref="FileException">It cannot be looked for.</exception>
    public PartialFile? FindPart(string name) => WholeFile.FindPart(name, PathOf(name));

    /// <summary>The same for a secret: nobody but its owner may read it, at no time.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public WholeFile CreateSecret(string name) => WholeFile.Create(name, ToWrite(name), Patience, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>A file that has its name from the first byte on and grows: a capture, of which a broken run shall leave what there was.</summary>
    /// <param name="name">As the user named it.</param>
    /// <param name="patience">How long it waits for a reader where it is a pipe.</param>
    /// <exception cref="FileException">It cannot be written.</exception>
    public Stream OpenGrowing(string name, Patience patience)
    {
        if (name == StandardStream) { return Output; }
        var path = ToWrite(name);
        if (Directory.Exists(path)) { throw FileException.Folder(name, isWriting: true); }
        if (FileKinds.DescriptorOf(path) is { } descriptor) { return new DescriptorStream(descriptor, patience); }
        // No buffer of its own: a block is one write, so that what a broken run leaves behind is whole.
        return Writing<Stream>(name, () => FileKinds.IsPipe(path)
            ? NamedPipe.OpenWriting(path, patience)
            : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    // What was printed before it comes before what is written into the same descriptor.
    private string ToWrite(string name)
    {
        var path = PathOf(name);
        if (FileKinds.DescriptorOf(path) is not null) { Flush(); }
        return path;
    }

    /// <summary>Makes a folder where there is none.</summary>
    /// <exception cref="FileException">It cannot be made.</exception>
    public void CreateFolder(string name) => Writing(name, () => Directory.CreateDirectory(PathOf(name)));

    /// <summary>Hands on everything that was written; where that fails, <see cref="OutputStream.Loss"/> says so.</summary>
    public void Flush()
    {
        try
        {
            _text?.Flush();
            Output.Flush();
        }
        // The account is kept by the stream, and whoever ends the process reads it.
        catch (OutputLostException) { return; }
    }

    public void Dispose() => Signals.Dispose();

    /// <summary>Does something to a file; what the framework throws becomes a reason.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static T Reading<T>(string name, Func<T> read)
    {
        try { return read(); }
        catch (Exception e) when (e is not (FileException or OutputLostException) && IoErrors.IsOne(e)) { throw new FileException(name, isWriting: false, e); }
    }

    private static T Writing<T>(string name, Func<T> write)
    {
        try { return write(); }
        catch (Exception e) when (e is not FileException && IoErrors.IsOne(e)) { throw new FileException(name, isWriting: true, e); }
    }

    /// <summary>Columns of standard error where that is a terminal.</summary>
    public static int ErrorColumns => Columns();

    // Null where nobody says how wide it is.
    private int? Width()
    {
        if (IsOutputTerminal) { return Columns(); }
        return int.TryParse(Variables("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns : null;
    }

    // A terminal that does not say how wide it is is taken for the narrowest that there ever was.
    private static int Columns() => TerminalSize.Columns is > 0 and var columns ? columns : 80;
}
