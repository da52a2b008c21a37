using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Ftp;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Ftp;

/// <summary>FTP: the input is everything that a server says on its control connection, and then, line by line, a directory of its.</summary>
internal sealed class FtpTarget : FuzzTarget
{
    private static readonly FtpPath s_file = Path("/dir/file.txt"), s_directory = Path("/dir/");

    public override string Name => "ftp";

    public override string Holds =>
        "the same is said to the same replies in any pieces, every command is one line, a password goes over TLS alone where that is wanted, "
        + "a file is whole only when its data ended in order, at the promised size, and the server says so, and no name of a listing leads elsewhere";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "220 hi\r\n", "234 go\r\n", "331 password\r\n", "332 account\r\n", "230 in\r\n", "200 ok\r\n", "257 \"/home\" is\r\n", "211-Features\r\n MLST type*;\r\n SIZE\r\n211 End\r\n",
        "250 ok\r\n", "213 11\r\n", "213 20260102030405\r\n", "229 ok (|||2000|)\r\n", "227 ok (127,0,0,1,7,208)\r\n", "350 go\r\n", "150 here (11 bytes)\r\n", "226 done\r\n", "426 cut\r\n",
        "550 none\r\n", "500 what\r\n", "421 bye\r\n", "120 soon\r\n", "-rw-r--r-- 1 u g 11 Jan 2 2025 ", "type=file;size=11; ", "01-31-25  03:04PM 11 ", "../", "total 3\r\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "220 hi\r\n331 password\r\n230 in\r\n257 \"/home\"\r\n211-F\r\n SIZE\r\n UTF8\r\n211 E\r\n200 ok\r\n250 ok\r\n200 ok\r\n213 11\r\n213 20260102030405\r\n"
            + "229 ok (|||2000|)\r\n150 here\r\n226 done\r\n",
        "220-a\r\n220 hi\r\n234 go\r\n331 password\r\n230 in\r\n200 ok\r\n200 ok\r\n257 \"/\"\r\n500 what\r\n250 ok\r\n200 ok\r\n550 none\r\n550 none\r\n500 what\r\n"
            + "227 ok (10,0,0,1,7,208)\r\n150 here (11 bytes)\r\n226 done\r\n",
        "220 hi\r\n230 in\r\n257 \"/\"\r\n211-F\r\n MLST type*;size*;\r\n211 E\r\n250 ok\r\n200 ok\r\n229 ok (|||2000|)\r\n150 here\r\n426 cut\r\n", "421 busy\r\n",
        "type=dir;modify=20260102030405; dir\r\ndrwxr-xr-x 2 u g 4096 Jan 2 2025 dir\r\nlrwxrwxrwx 1 u g 3 Jan 2 15:04 a -> ../b\r\n01-31-25  03:04PM <DIR> x\r\n")
        .Select(static bytes => FuzzChoices.Before(bytes));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var taken);
        var rest = taken.ToArray();
        var size = 1 + choices.Below(7);
        // No part is asked for here, so that nothing is sufficient before its end.
        FtpDataEnd[] ends = [.. Enum.GetValues<FtpDataEnd>().Where(static one => one != FtpDataEnd.Sufficient)];
        var (end, surplus) = (ends[choices.Below(ends.Length)], choices.Below(3) - 1);
        foreach (var operation in Enum.GetValues<FtpOperation>())
        {
            foreach (var security in Enum.GetValues<FtpSecurity>())
            {
                foreach (var isActive in (bool[])[false, true])
                {
                    var task = new FtpTask(operation, operation == FtpOperation.List ? s_directory : s_file)
                    {
                        User = "ada",
                        Password = "sesame",
                        Security = security,
                        IsActive = isActive,
                        UploadLength = 11,
                    };
                    Require(Talk(task, rest, int.MaxValue, end, surplus) == Talk(task, rest, size, end, surplus), "the same bytes in other pieces mean something else");
                }
            }
        }
        foreach (var line in Encoding.Latin1.GetString(rest).Split('\n')) { List(Encoding.Latin1.GetBytes(line.TrimEnd('\r'))); }
    }

    // Told independently of the reader: what may be a name in the directory that one is in.
    private static void List(byte[] line)
    {
        var kind = FtpListing.Read(line, out var entry);
        Require((kind == FtpListingLine.Entry) == (entry is not null), "an entry is none, or what is none is one");
        if (entry is null) { return; }
        var full = System.IO.Path.GetFullPath(System.IO.Path.Join("/a/b", entry.Name));
        Require(full.StartsWith("/a/b/", StringComparison.Ordinal) && full.Length > "/a/b/".Length && full.IndexOf('/', "/a/b/".Length) < 0, "a name leads elsewhere");
        Require(!entry.Name.Contains('\\', StringComparison.Ordinal) && !entry.Name.Any(char.IsControl), "a name does something to a terminal, or elsewhere");
        Require(entry.Size is null or >= 0, "a size is less than nothing");
    }

    private static string Talk(FtpTask task, byte[] bytes, int size, FtpDataEnd how, int surplus)
    {
        var (talk, reader) = (new FtpConversation(), new FtpReplyReader());
        var (at, shown, isSecured, said) = (0, 0, task.Security == FtpSecurity.Implicit, new StringBuilder());
        var (isMoved, isPromised) = (false, false);
        var step = talk.Begin(task);
        while (step is not FtpFinish)
        {
            FtpInput? happened = null;
            switch (step)
            {
                case FtpSendCommand send:
                    var line = send.ToBytes();
                    Require(line is not null && line.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') == line.Length - 2, "a command is not one line");
                    Require(isSecured || task.Security == FtpSecurity.None || send.Verb is "AUTH", "something goes on without TLS");
                    Require(send.Verb != "PASS" || send.IsSecret, "a password is shown");
                    said.Append(Encoding.UTF8.GetString(line!));
                    break;
                case FtpSecureControl:
                    (isSecured, happened) = (true, new FtpControlSecured());
                    break;
                case FtpConnectData connect:
                    Require(!task.IsActive && connect.Port > 0, "the server's port is gone to where it should come, or there is none");
                    said.Append("(to ").Append(connect.Port).Append(')');
                    happened = new FtpDataConnectionMade();
                    break;
                case FtpListenForData:
                    Require(task.IsActive, "the server is to come, and nobody wants that");
                    happened = new FtpDataListens(new Endpoint(IpAddress.Parse("127.0.0.1"), 2000));
                    break;
                case FtpMoveData move:
                    Require(!isMoved, "content moves twice");
                    var whole = move.Expected ?? task.UploadLength ?? 0;
                    var count = Math.Max(0, whole + surplus);
                    (isMoved, isPromised) = (true, how == FtpDataEnd.Whole && (move.Expected is null || count == move.Expected));
                    said.Append("(data ").Append(move.Expected).Append(')');
                    happened = new FtpDataEnded(how, count);
                    break;
                default: break;
            }
            if (happened is not null)
            {
                step = talk.Handle(happened);
                continue;
            }
            var status = FtpReadStatus.NeedMore;
            while (status == FtpReadStatus.NeedMore)
            {
                status = reader.Read(bytes.AsSpan(at, shown - at), shown == bytes.Length, out var consumed);
                at += consumed;
                if (status == FtpReadStatus.NeedMore) { shown = Math.Min(bytes.Length, shown + Math.Min(size, bytes.Length - shown)); }
            }
            if (status == FtpReadStatus.Fault) { return said.Append(reader.Fault).ToString(); }
            step = talk.Handle(new FtpReplied(reader.Reply!));
        }
        var end = (FtpFinish)step;
        // 450 to a listing: servers say so of an empty directory.
        var isEmpty = task.Operation == FtpOperation.List && end.Reply is { Code: 450 };
        var isContent = task.IsDownload && task.Operation != FtpOperation.Look;
        Require(end.Fault != FtpFault.None || !isContent || isEmpty || (isMoved && isPromised), "content counts as whole that is not");
        Require(task.Operation != FtpOperation.Look || !isMoved, "content moves where none is wanted");
        Require(end.Fault != FtpFault.None || isEmpty || task.Operation == FtpOperation.Look || end.Reply is { Class: 2 }, "the server does not say that it is done, and it counts as done");
        return said.Append(end.Fault).Append(end.MayReuse).Append(at).ToString();
    }

    private static FtpPath Path(string text) => FtpPath.TryRead(text, out var path) == FtpPathFault.None ? path! : throw new ArgumentException(text);
}
