using Firstbyte.Telling.Rows;
using Firstbyte.Urls;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseUrls : IUrlSentences
{
    public Phrase Client(string scheme) => scheme switch
    {
        "http" => "HTTP 客户端",
        "https" => "TLS 之上的 HTTP 客户端",
        "ftp" => "FTP 客户端",
        "ftps" => "TLS 之上的 FTP 客户端",
        "file" => "本机文件",
        "mailto" => "电子邮件客户端",
        "news" or "nntp" => "新闻组阅读器",
        "nntps" => "TLS 之上的新闻组阅读器",
        _ => "没有对应的客户端",
    };

    public Phrase SchemeChooses(string scheme) => $"{scheme} → {Client(scheme)}";

    public Phrase User(string name, bool hasPassword) => $"用户名 {name}{(hasPassword ? "（带密码）" : ""):words}";

    public Phrase Host(string host) => $"服务器 {host:name}";

    public Phrase Port(int port, bool isDefault) => $"端口号 {port}{(isDefault ? "（默认）" : ""):words}";

    public Phrase Path(string path, bool isDefaultFile) => $"路径 {path}{(isDefaultFile ? "（服务器的默认文件）" : ""):words}";

    public Phrase Query(string query) => $"查询串 {query}";

    public Phrase Fragment(string fragment) => $"片段 {fragment}（留在本地，从不发送）";

    public Phrase Violation(UrlValidationError error) => error switch
    {
        UrlValidationError.None => "没有问题",
        UrlValidationError.DomainToAscii => "主机名不是有效的国际化域名",
        UrlValidationError.DomainToUnicode => "主机名中的 Punycode 标签已损坏",
        UrlValidationError.DomainInvalidCodePoint or UrlValidationError.HostInvalidCodePoint => "主机名中有不允许出现的字符",
        UrlValidationError.Ipv4EmptyPart => "IPv4 地址以句点结尾",
        UrlValidationError.Ipv4TooManyParts => "IPv4 地址多于四部分",
        UrlValidationError.Ipv4NonNumericPart => "IPv4 地址的某一部分不是数字",
        UrlValidationError.Ipv4NonDecimalPart => "IPv4 地址的某一部分是十六进制或八进制",
        UrlValidationError.Ipv4OutOfRangePart => "IPv4 地址的某一部分太大",
        UrlValidationError.Ipv6Unclosed => "IPv6 地址缺少右方括号",
        UrlValidationError.Ipv6InvalidCompression => "IPv6 地址以单个冒号开头",
        UrlValidationError.Ipv6TooManyPieces => "IPv6 地址多于八段",
        UrlValidationError.Ipv6MultipleCompression => "IPv6 地址中 “::” 出现了两次",
        UrlValidationError.Ipv6InvalidCodePoint => "IPv6 地址中有不属于它的字符",
        UrlValidationError.Ipv6TooFewPieces => "IPv6 地址不足八段，又没有 “::”",
        UrlValidationError.Ipv4InIpv6TooManyPieces => "IPv6 地址末尾放不下 IPv4 地址",
        UrlValidationError.Ipv4InIpv6InvalidCodePoint => "IPv6 地址中的 IPv4 地址不是四个十进制数",
        UrlValidationError.Ipv4InIpv6OutOfRangePart => "IPv6 地址中的 IPv4 地址有一部分大于 255",
        UrlValidationError.Ipv4InIpv6TooFewParts => "IPv6 地址中的 IPv4 地址不足四部分",
        UrlValidationError.InvalidUrlUnit => "有一个字符应当用百分号编码",
        UrlValidationError.SpecialSchemeMissingFollowingSolidus => "协议后面缺少 “//”",
        UrlValidationError.MissingSchemeNonRelativeUrl => "没有写协议",
        UrlValidationError.InvalidReverseSolidus => "用反斜杠代替了斜杠",
        UrlValidationError.InvalidCredentials => "URL 中带有用户名或密码：看到它的人都会知道",
        UrlValidationError.HostMissing => "缺少服务器名称",
        UrlValidationError.PortOutOfRange => "端口号大于 65535",
        UrlValidationError.PortInvalid => "端口号不是数字",
        UrlValidationError.FileInvalidWindowsDriveLetter or UrlValidationError.FileInvalidWindowsDriveLetterHost => "Windows 盘符出现在不该出现的地方",
    };

    public Phrase ViolationAt(UrlValidationError error, int character) => $"! {Violation(error)}（第 {character} 个字符）";

    public Phrase Change(UrlChangeKind change) => change switch
    {
        UrlChangeKind.EndsTrimmed => "去掉了首尾的空格或控制字符",
        UrlChangeKind.TabOrNewlineRemoved => "去掉了制表符和换行符",
        UrlChangeKind.Lowercased => "大写变成了小写",
        UrlChangeKind.ReverseSolidusRead => "反斜杠被当作斜杠",
        UrlChangeKind.SolidusCountCorrected => "改正了服务器名称前的斜杠个数",
        UrlChangeKind.PercentEncoded => "一些字符改成了百分号编码",
        UrlChangeKind.PercentDecoded => "主机名中的百分号编码已解码",
        UrlChangeKind.DomainEncoded => "主机名改写成 DNS 使用的字母（UTS #46，Punycode）",
        UrlChangeKind.Ipv4Normalized => "IPv4 地址改写成四个十进制数",
        UrlChangeKind.Ipv6Normalized => "IPv6 地址改写成最短的形式",
        UrlChangeKind.DefaultPortDropped => "去掉了协议的默认端口号",
        UrlChangeKind.PortNormalized => "去掉了端口号前面的零",
        UrlChangeKind.DotSegmentsResolved => "处理了 “.” 和 “..”",
        UrlChangeKind.PathResolvedAgainstBase => "路径以基准 URL 的路径为起点",
        UrlChangeKind.RootPathAdded => "空路径变成了 “/”",
        UrlChangeKind.DriveLetterNormalized => "盘符后的 “|” 变成了 “:”",
        UrlChangeKind.LocalhostDropped => "file 的 “localhost” 变成了空主机名",
        UrlChangeKind.EmptyCredentialsDropped => "去掉了空的用户名和密码",
        UrlChangeKind.EmptyPortDropped => "去掉了空的端口号",
        UrlChangeKind.PathPrefixed => "加上 “/.” 以免路径被读成主机名",
        UrlChangeKind.LoneSurrogateReplaced => "不成对的代理项变成了 U+FFFD",
    };

    public string ReadsLabel => "读作";

    public string OriginLabel => "源";

    public string ClientLabel => "客户端";

    public string InputLabel => "输入";

    public string ChangedLabel => "改动";

    public string WarningLabel => "警告";

    public string ErrorLabel => "错误";

    public string FetchedLabel => "访问时";

    public Phrase FetchedAs(string url) => $"会当作没有写协议的主机：{url}";

    public Phrase FetchFails(Phrase reason, int position) => $"会当作没有写协议的主机，停在第 {position} 个字符：{reason}";

    public Phrase NoUrl => "无";

    public Phrase OpaqueOrigin => "不与任何源相同";

    public Phrase ClientAtPort(string scheme, int port, bool isDefault) =>
        port < 0 ? Client(scheme) : $"{Client(scheme)}，端口号 {port}{(isDefault ? "（协议的默认端口）" : ""):words}";

    public Phrase ChangeAt(UrlChangeKind change, string shown, int position, int more) =>
        $"{Change(change)}{(shown.Length > 0 ? Say($"：第 {position} 个字符起的 “{shown}”") : "")}{(more > 0 ? Say($"，另有 {more} 处") : "")}";

    public Phrase ViolationWith(UrlValidationError error, int position, string? character) =>
        $"第 {position} 个字符{(character is null ? "（末尾）" : Say($" “{character}”"))}：{Violation(error)}（{error.StandardName()}）";

    public string Part(UrlPart part) => part switch
    {
        UrlPart.Scheme => "协议",
        UrlPart.Username => "用户名",
        UrlPart.Password => "密码",
        UrlPart.Host => "服务器",
        UrlPart.Port => "端口号",
        UrlPart.Path => "路径",
        UrlPart.Query => "查询串",
        UrlPart.Fragment => "片段",
    };

    public Phrase Empty => "（空）";

    public Phrase PartSource(UrlPartSource source) => source switch
    {
        UrlPartSource.Input => "",
        UrlPartSource.Base => "   （来自基准 URL）",
        UrlPartSource.BaseAndInput => "   （基准 URL 的路径加上输入的）",
        UrlPartSource.Standard => "   （标准规定的：输入中没有）",
    };
}
