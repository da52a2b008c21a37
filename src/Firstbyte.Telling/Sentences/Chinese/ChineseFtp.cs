using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Ftp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseFtp : IFtpSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Command(string verb, string argument) => argument.Length == 0 ? $"{verb}" : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase AddressIgnored(IpAddress told, IpAddress used) => $"应答给出的地址是 {told}；连接仍去往服务器所在的 {used}";

    public Phrase DataConnected(int descriptor, Endpoint remote, bool isActive) => isActive
        ? $"数据连接 {descriptor}：服务器从 {remote} 连接过来"
        : $"数据连接 {descriptor}，对方 {remote}";

    public Phrase Transferred(bool isUpload, FtpDataEnd how, long bytes) => how switch
    {
        FtpDataEnd.Whole => isUpload ? $"经数据连接发送了 {_amounts.Bytes(bytes)}" : $"经数据连接收到 {_amounts.Bytes(bytes)}",
        FtpDataEnd.Sufficient => $"经数据连接收到 {_amounts.Bytes(bytes)}；不再需要更多，连接已关闭",
        FtpDataEnd.Broken => $"数据连接在 {_amounts.Bytes(bytes)}之后中断",
        FtpDataEnd.Abandoned => $"在 {_amounts.Bytes(bytes)}之后放弃",
    };

    public Phrase Found(FtpFileFound found)
    {
        Phrase size = found.Length is { } length ? _amounts.Bytes(length) : "服务器没有给出文件长度";
        return found.Modified is { } time ? $"{size}，最后修改于 {time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" : size;
    }

    public Phrase PathFault(FtpPathFault fault) => fault switch
    {
        FtpPathFault.None => "路径没有问题",
        FtpPathFault.ControlCharacter => "其中含有换行符或 NUL，后面的内容会被当作另一条命令",
        FtpPathFault.TooManySegments => "目录层数太多",
        FtpPathFault.TooLong => "其中一段比一条命令允许的还长",
        FtpPathFault.NoFile => "它是目录，而要存放文件，末尾必须有文件名",
    };

    public Phrase ReplyFault(FtpReplyFault fault) => fault switch
    {
        FtpReplyFault.None => "应答没有问题",
        FtpReplyFault.NotAReply => "收到的不是 FTP 应答：开头不是三位数字",
        FtpReplyFault.CodeUnknown => "应答码不属于 FTP",
        FtpReplyFault.LineTooLong => "应答中有一行太长",
        FtpReplyFault.TooLong => "应答太长",
        FtpReplyFault.EndedInReply => "连接在应答中途结束",
        FtpReplyFault.EndedBeforeReply => "等待应答时连接已结束",
        FtpReplyFault.OutOfPlace => "在不该有应答的地方来了应答",
    };

    public Phrase Refusal(FtpFault fault) => fault switch
    {
        FtpFault.None => "已完成请求",
        FtpFault.NotReady => "没有准备好",
        FtpFault.ServerCloses => "关闭了连接",
        FtpFault.SecurityRefused => "拒绝 TLS，而明文不会继续",
        FtpFault.LoginDenied => "不让这个用户登录",
        FtpFault.LoginReplyUnknown => "对密码既不说是也不说否",
        FtpFault.DirectoryRefused => "不让这个用户进入目录",
        FtpFault.TypeRefused => "不认识这种传输类型",
        FtpFault.PassiveRefused => "既不接受 EPSV 也不接受 PASV",
        FtpFault.PassiveUnreadable => "给出的数据连接地址无法读懂",
        FtpFault.PortRefused => "既不接受 EPRT 也不接受 PORT",
        FtpFault.DataUnconnected => "的数据连接无法建立",
        FtpFault.RestartRefused => "不能从文件中间继续",
        FtpFault.OffsetBeyondEnd => "上的文件比本地已有的还短",
        FtpFault.LengthUnknown => "没有给出文件的长度",
        FtpFault.RangeBeyondEnd => "上的文件比所要范围的起点还短",
        FtpFault.FileUnavailable => "没有这个文件，或不给这个用户",
        FtpFault.RetrieveRefused => "不发送这个文件",
        FtpFault.StoreRefused => "不接收这个文件",
        FtpFault.NoRoom => "没有空间存放文件",
        FtpFault.CutShort => "在数据结束之前就停止了",
        FtpFault.ReplyUnknown => "的应答与命令不符",
        FtpFault.Abandoned => "已被告知放弃传输",
    };
}
