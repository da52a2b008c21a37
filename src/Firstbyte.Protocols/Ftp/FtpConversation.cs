namespace Firstbyte.Ftp;

/// <summary>
/// The client's side of an FTP control connection (RFC 959, 1123 4.1, 2228, 2389, 2428, 2640, 3659, 4217): told what happened, it says the
/// one thing to do next.
/// </summary>
/// <remarks>
/// Theory of operation. No socket, no clock: a driver does each <see cref="FtpStep"/> and tells what came of it as an
/// <see cref="FtpInput"/>. One instance serves one
/// control connection and does one task after the other; what was learned in the first (login, features, the directory one begins in) is not asked again.
/// <code>
///  greeting ─► [AUTH TLS ─► TLS] ─► USER ─► PASS ─► [ACCT] ─► [PBSZ 0 ─► PROT P] ─► PWD ─► FEAT ─► [OPTS UTF8 ON]
///                                                                                                     │ logged in
///  next task ─► [CWD where one began] ◄───────────────────────────────────────────────────────────────┤
///                        │                                                                            │
///                        ▼                                                                            ▼
///                 CWD for each directory ─► TYPE ─► [SIZE ─► MDTM] ─► EPSV ─► (refused: PASV) ─► connect
///                                                        │        └─► listen ─► EPRT ─► (refused: PORT)
///                                                        ▼                         │
///                         [REST n] ─► RETR | MLSD | LIST | NLST | STOR | APPE ◄────┘
///                                          │ 1xx
///                                          ▼
///                                    data, to its close ─► 226 ─► finish          given up: ABOR ─► 426, 226 ─► finish
/// </code>
/// A file is whole when the data connection was closed in order, 226 came, and the size is the promised one. The address in a 227 is never
/// connected to (bounce,
/// RFC 2577 3): the data connection goes to where the control connection goes. A command whose argument holds CR, LF or NUL is never made
/// (<see cref="FtpPath"/>).
/// </remarks>
public sealed partial class FtpConversation
{
    private FtpTask _task = null!;
    private Stage _stage;
    private string _command = "";
    private int _preliminary;
    private int _directory;
    private bool _loggedIn;
    private string? _entry;
    private bool _moved;
    private FtpType? _type;
    private bool _extendedRefused;

    private enum Stage : byte
    {
        Greeting,
        Auth,
        Securing,
        User,
        Password,
        Account,
        BufferSize,
        Protection,
        EntryPath,
        Features,
        Utf8,
        Return,
        Directory,
        Type,
        Size,
        ModifiedTime,
        ExtendedPassive,
        Passive,
        Connecting,
        Listening,
        ExtendedPort,
        Port,
        Restart,
        Transfer,
        Moving,
        Completion,
        Abort,
        Finished,
    }

    /// <summary>What the server can.</summary>
    public FtpFeatures Features { get; private set; } = FtpFeatures.Unknown;

    /// <summary>The file's size as the server told it for this task.</summary>
    public long? Size { get; private set; }

    /// <summary>When the file was last changed, UTC, as the server told it for this task.</summary>
    public DateTime? ModifiedTime { get; private set; }

    /// <summary>
    /// Begins a task; the first one when the connection stands, the next when the one before has finished and left the connection fit for
    /// it.
    /// </summary>
    public FtpStep Begin(FtpTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task;
        (Size, ModifiedTime, _directory, _preliminary) = (null, null, 0, 0);
        (_listing, _final, _abandoned) = (0, null, false);
        if (_loggedIn) { return _moved && _entry is not null ? Send(Stage.Return, "CWD", _entry) : EnterDirectories(); }
        _stage = Stage.Greeting;
        return new FtpAwaitReply();
    }

    /// <summary>Takes what happened; says what to do next.</summary>
    public FtpStep Handle(FtpInput input) => input switch
    {
        FtpReplied { Reply: var reply } => Answer(reply),
        FtpControlSecured when _stage == Stage.Securing => Send(Stage.User, "USER", _task.User),
        FtpDataConnectionMade when _stage == Stage.Connecting => BeginTransfer(),
        FtpDataConnectionFailed when _stage == Stage.Connecting => WithoutDataConnection(),
        FtpDataConnectionFailed when _stage is Stage.Listening => Finish(FtpFault.DataUnconnected, null, mayReuse: true),
        FtpDataListens { Local: var local } when _stage == Stage.Listening => TellPort(local),
        FtpDataEnded ended when _stage == Stage.Moving => EndData(ended),
        _ => throw new InvalidOperationException($"{input} does not happen in {_stage}"),
    };

    private FtpStep Answer(FtpReply reply)
    {
        if (reply.Code == 421) { return Finish(FtpFault.ServerCloses, reply, mayReuse: false); }
        if (reply.Class == 1 && _stage != Stage.Transfer)
        {
            // 120 before a greeting; elsewhere it answers nothing that was asked (RFC 959 5.4).
            return _stage == Stage.Greeting && ++_preliminary <= FtpLimits.PreliminaryReplies
                ? new FtpAwaitReply()
                : Finish(FtpFault.ReplyUnknown, reply, mayReuse: false);
        }
        return _stage switch
        {
            <= Stage.Utf8 => AnswerLogin(reply),
            Stage.Return or Stage.Directory => AnswerDirectory(reply),
            Stage.Type or Stage.Size or Stage.ModifiedTime => AnswerAbout(reply),
            <= Stage.Port => AnswerPlace(reply),
            _ => AnswerTransfer(reply),
        };
    }

    private FtpStep AnswerDirectory(FtpReply reply)
    {
        if (reply.Class != 2) { return Finish(FtpFault.DirectoryRefused, reply, mayReuse: true); }
        if (_stage == Stage.Return) { _moved = false; }
        return EnterDirectories();
    }

    private FtpStep EnterDirectories()
    {
        if (_directory < _task.Path.Directories.Length)
        {
            _moved = true;
            return Send(Stage.Directory, "CWD", _task.Path.Directories[_directory++]);
        }
        return ChooseType();
    }

    private FtpSendCommand Send(Stage stage, string verb, string argument = "", bool isSecret = false)
    {
        (_stage, _command) = (stage, verb);
        return new FtpSendCommand(verb, argument, isSecret);
    }

    private FtpFinish Finish(FtpFault fault, FtpReply? reply, bool mayReuse)
    {
        _stage = Stage.Finished;
        return new FtpFinish(fault, _command, reply, mayReuse && _loggedIn);
    }
}
