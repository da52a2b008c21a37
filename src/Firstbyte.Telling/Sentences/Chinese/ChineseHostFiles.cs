using System.Globalization;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseHostFiles : IHostFileSentences
{
    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseFiles _files = new();

    public Phrase Found(FileFound found) => found.Modified is { } time
        ? Say($"{found.Path}：{Kind(found)}，最后修改于 {time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC")
        : $"{found.Path}：{Kind(found)}";

    public Phrase Read(long from, long bytes) => from == 0 ? Say($"文件的 {_amounts.Bytes(bytes)}") : $"文件的 {_amounts.Bytes(bytes)}，从第 {from} 字节起";

    public Phrase Listed(long count) => $"目录里有 {count} 个名称";

    public Phrase Stored(FileStored stored) => stored.ReplacedBytes is { } before
        ? Say($"把 {_amounts.Bytes(stored.Bytes)}存入 {stored.Path}，取代了原有的 {_amounts.Bytes(before)}")
        : $"把 {_amounts.Bytes(stored.Bytes)}存入 {stored.Path}，它是新文件";

    public Phrase PathFault(FilePathFault fault) => fault switch
    {
        FilePathFault.None => "路径没有问题",
        FilePathFault.OtherHost => "它指的是另一台主机，而 file: 没有办法到那里（file:///… 和 file://localhost/… 是本机的文件）",
        FilePathFault.Nul => "其中含有 NUL（%00），文件名会在那里结束",
        FilePathFault.Slash => "一个名称里含有斜杠（%2F），对文件系统来说那是两个名称",
        FilePathFault.NotUtf8 => "其中一个名称不是 UTF-8，无法知道指的是哪个",
        FilePathFault.TooLong => "它超过路径允许的长度",
        FilePathFault.NoFile => "它是目录，而要存放文件，末尾必须有文件名",
    };

    public Phrase Refusal(FileFault fault, Errno error) => fault switch
    {
        FileFault.Unreadable => Say($"无法读取：{(error == Errno.ENOENT ? "没有这个文件或目录" : _files.NotRead(error))}"),
        FileFault.NotRegular => "不读也不写：它是设备、管道或套接字，不是文件",
        FileFault.BeyondEnd => "在那里没有字节：请求的部分从文件末尾之后开始",
        FileFault.WritingNotAllowed => "没有写入：没有得到允许时，file: 的 URL 只能读",
        FileFault.Unwritable => $"无法写入：{_files.NotWritten(error)}",
        FileFault.NotContinued => "要么整个存下，要么不存：存到文件的上传无法续传",
    };

    private Phrase Kind(FileFound found) => found.Kind switch
    {
        FileKind.Regular => Say($"{_amounts.Bytes(found.Length ?? 0)}的文件，{found.Type}"),
        FileKind.Directory => "目录",
        FileKind.Pipe => "管道",
        FileKind.Device => "设备",
        FileKind.Socket => "套接字",
        FileKind.Other => "不是文件的东西",
    };
}
