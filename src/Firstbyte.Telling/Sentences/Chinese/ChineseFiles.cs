using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseFiles : IFileSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase NotWritten(Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => "当前用户无权写到那里",
        Errno.ENOENT => "没有那个目录",
        Errno.ENOTDIR => "路径中有一段不是目录",
        Errno.EISDIR => "它是一个目录",
        Errno.EEXIST => "已经有同名的文件",
        Errno.EBADF => "它没有打开",
        Errno.EBUSY or Errno.ETXTBSY or Errno.EAGAIN => "另一个程序正在使用它",
        Errno.ENAMETOOLONG => "名称超过文件系统允许的长度",
        Errno.ENOSPC => "设备上没有剩余空间",
        Errno.EDQUOT => "文件系统的配额已用完",
        Errno.EROFS => "文件系统是只读的",
        Errno.EFBIG => "超过允许保存的大小",
        Errno.EMFILE => "本进程打开的文件已经太多",
        Errno.ETIMEDOUT => "在 --max-time 允许的时间内没有人取走任何内容",
        Errno.EPIPE => "管道的读者已经离开",
        _ => Say($"文件或设备出错（{error}）"),
    };

    public Phrase NotRead(Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => "当前用户无权读取它",
        Errno.ENOENT => "没有这个文件",
        Errno.EFBIG => "大得无法一次读入",
        Errno.ETIMEDOUT => "在 --max-time 允许的时间内没有等到它的结尾",
        _ => NotWritten(error),
    };

    public Phrase Unusable(string path, bool isWriting, Errno error) =>
        isWriting ? Say($"无法写入{Named(path, "标准输出")}：{NotWritten(error)}") : $"无法读取{Named(path, "标准输入")}：{NotRead(error)}";

    private static Phrase Named(string path, string stream) => path == "-" ? stream : Say($" '{path}'");

    public Phrase Source(BodyOrigin from) => from.Kind switch
    {
        BodyKind.Bytes => "命令行给出的数据",
        BodyKind.File => $"文件 '{from.Name}'",
        BodyKind.Pipe => $"管道或设备 '{from.Name}'",
        BodyKind.StandardInput => "标准输入",
        BodyKind.Stream => "程序给出的流",
        BodyKind.Form => "表单",
    };

    public Phrase OutputLost(Errno error) => $"无法写入标准输出：{NotWritten(error)}。已输出的内容不完整";

    public Phrase NothingTold(long events, bool isTellable) => events == 0
        ? "运行是完整的，其中什么也没有发生"
        : Say($"运行是完整的：{_amounts.Events(events)}，其中没有访问、域名查询或探测{(isTellable ? "；-vv 会显示每一帧" : ""):words}");

    public Phrase EventFile(EventFileReader reader)
    {
        var (fault, name) = (reader.Fault, reader.Fault.Name);
        return fault.Flaw switch
        {
            EventFlaw.LineTooLong => Say($"这一行超过 {EventFileReader.MaxLineLength / (1024 * 1024)} MiB，比任何事件都长"),
            EventFlaw.Utf16 => "文件是 UTF-16 编码，而事件是 UTF-8 编码：请重新存为 UTF-8（在 PowerShell 中：Get-Content FILE | Set-Content -Encoding utf8 NEW）",
            EventFlaw.Archive => "文件是 HTTP 存档（HAR）；本命令读的是事件，每行一个，由 'firstbyte --json URL > FILE' 写出",
            EventFlaw.NotJson => $"从这一行的第 {fault.Position + 1} 字节起不是 JSON",
            EventFlaw.NotAnObject => "事件是 JSON 对象，而这一行是别的值",
            EventFlaw.NoName => $"对象没有说明种类的成员 '{EventRegistry.Discriminator}'",
            EventFlaw.UnknownName => $"格式的第 {reader.Version} 版没有事件 '{name}'",
            EventFlaw.NoVersion => "缺少说明版本的第一行（trace.opened）：文件不是从运行的开头开始的",
            EventFlaw.WrongValue => $"{In(name)}成员 '{fault.Member}' 不能取这个值",
            EventFlaw.MissingMember => $"{In(name)}缺少成员 '{fault.Member}'",
            EventFlaw.OlderForm => $"第 0 版的 '{name}' 是另一种写法，没有 '{fault.Member}'：这个 firstbyte 已经不认识它",
            EventFlaw.NewerVersion => $"文件是第 {fault.Position} 版；这个 firstbyte 能读第 0 到第 {EventRegistry.Version} 版：它由更新的版本写成",
            EventFlaw.Empty => "文件里一个事件也没有：运行在第一个事件之前就结束了，或者什么也没有保存",
            EventFlaw.CutLine => $"文件在这一行中间被截断；{Before(reader)}",
            EventFlaw.Cut => $"文件被截断：运行还在继续；{Before(reader)}",
            EventFlaw.OtherCount => $"最后一行说有 {_amounts.Events(fault.Position)}，而文件里有 {reader.Count} 个：有的行丢失了，或是后来加上的",
            EventFlaw.None => throw new ArgumentException("nothing is wrong with the file", nameof(reader)),
        };
    }

    private static Phrase In(string name) => name.Length > 0 ? $"'{name}' 里" : Phrase.Empty;

    private static Phrase Before(EventFileReader reader) =>
        reader.Last is { } last ? $"上面显示的内容止于第 {reader.Count} 个事件 {last.Name}" : "在它之前没有事件";
}
