using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseUsage : IUsageSentences
{
    public Phrase NoMailbox(string option, string text) => $"{option} 需要一个邮箱地址，例如 name@example.com，而 '{text}' 不是";

    public Phrase NoHostAndPort(string option, string text) => $"{option} 需要 主机 或 主机:端口，而 '{text}' 不是";

    public Phrase NoUrl => $"没有给出 URL\n可以试试：firstbyte --lab http://www.lab.glasscom.com/dir1/file1.html   ·   firstbyte --help";

    public Phrase NotUtf8(string text) => $"'{text:name}' 的字节不是 UTF-8，而这里的 URL 和文件名必须是";

    public Phrase UnevenUploads(int files, int urls) => $"-T 给出 {files} 个文件，却只有 {urls} 个 URL：每个文件存到排在同一位置的 URL";

    public Phrase OptionWithoutMeaning(string option, string scheme) => $"{option} 对 {scheme}: 没有意义，已忽略";

    public Phrase NoSingleRange(string range, string scheme) => $"-r '{range:name}' 不是单个范围（FIRST-LAST、FIRST- 或 -COUNT），而 {scheme}: 没有其他形式：取全部内容";

    public Phrase EmptyFileName(string option) =>
        option.Length == 0 ? "文件名是空的（脚本里有没设置的变量？）" : $"{option} 需要文件名，得到的却是空的（脚本里有没设置的变量？）";

    public Phrase UnevenFiles(int files, int urls) => $"-o 和 -O 给出 {files} 个文件，却有 {urls} 个 URL：每个 URL 要有自己的文件（'--body' 会把消息体依次输出）";

    public Phrase NoRemoteName => "-O 取 URL 路径末尾的名称，而这里没有：用 -o FILE 给出一个";

    public Phrase HeadBesideFile(string file) =>
        $"-i 输出消息头和消息体，而消息体要写入 '{file}'：两者只能取一个（'firstbyte curl -i -o FILE' 把两者都写入文件）";

    public Phrase BeforeCommand(string word, string command) => $"'{word}' 写在 '{command}' 之前，它听不到：命令的选项和参数要跟在命令名称之后";

    public Phrase HelpIsAt(string command) => $"可以试试：{command} --help";

    public Phrase SayWhich(string command, IEnumerable<string> subcommands) =>
        $"{command}：请说明是哪一个：{string.Join("、", subcommands)}";

    public Phrase Wants(string name, string value) => $"{name} 需要 {value}";

    public Phrase GivenTooOften(string name, int times) => $"{name} 给了 {times} 次，而它只能有一个值";

    public Phrase WantsKind(string name, string text, ValueKind kind) => $"{name} '{text}'：需要{Kind(kind)}";

    public Phrase WantsOneOf(string name, string text, IEnumerable<string> choices) =>
        $"{name} '{text}'：只能是 {string.Join("、", choices)} 之一";

    public Phrase WantsNumberBetween(string name, long least, long most) => $"{name} 需要 {least} 到 {most} 的数";

    public Phrase NoOption(string option, string? near) => $"没有选项 '{option}'{DidYouMean(near)}";

    public Phrase MistypedCommand(string word, string near) => $"没有命令 '{word}'；是不是 '{near}'？（若是主机的名称：http://{word}/）";

    public Phrase NoSubcommand(string command, string word, string? near, IEnumerable<string> subcommands) =>
        $"没有命令 '{(command.Length == 0 ? word : $"{command} {word}")}'{DidYouMean(near)}（{string.Join("、", subcommands)}）";

    public Phrase NoValue(string option) => $"{option} 不带值：写了就是要，不写就是不要";

    public Phrase InFile(string file, Phrase complaint) => $"'{file}'：{complaint}";

    public Phrase NoUseFor(string command, string word) => $"{command} 用不上 '{word}'";

    public Phrase CurlIsHere(string option, string here) => $"curl 的 {option} 在这里是 {here}";

    public Phrase CurlIsOtherwise(string option, CurlHabit habit) => $"curl 的 {option}{Habit(habit)}";

    public Phrase CurlIsMissing(string option) => $"curl 的 {option} 这里（还）没有";

    public Phrase AmongLetters(string letters, Phrase complaint) => $"{letters}：{complaint}";

    public Phrase NoLanguage(string text, IEnumerable<string> tags) => $"--lang '{text}'：只能是 {string.Join("、", tags)} 之一";

    public Phrase NoField(string text) => $"-H '{text}'：应当是 'Name: value'，或用 'Name:' 去掉我们自带的一个";

    public Phrase NoForwarder(string text) =>
        $"--forward '{text}'：应当是服务器，例如 9.9.9.9、tls://9.9.9.9#dns.quad9.net 或 https://9.9.9.9/dns-query";

    public Phrase NoTranslator(string text) => $"--dns64 '{text}'：应当是转换器的前缀，IPv6 且为 96 位，例如 64:ff9b::/96";

    public Phrase NoNetwork(string option, string text) => $"{option} '{text}'：应当是网络，例如 192.0.2.0/24 或 2001:db8::/32";

    public Phrase NoGivenAddress(string text) => $"--resolve 要写成 HOST:PORT:ADDRESS，或者用 -HOST:PORT 取消，而 '{text}' 两者都不是";

    public Phrase NoServer(string text) =>
        $"--server '{text}'：应当是地址，例如 9.9.9.9 或 [::1]:5300，或 tls://9.9.9.9#dns.quad9.net（名称本身还要先解析）";

    public Phrase NoListener(string text) => $"--listen '{text}'：应当是地址和端口，例如 127.0.0.1:5300 或 [::1]:5300";

    public Phrase NoTimeLimit(string option) => $"{option} 需要大于 0 的秒数";

    public Phrase NoVariable(string name) => $"-w：没有变量 %{{{name}}}";

    public Phrase WithoutOption(string option, string other) => $"'{option}' 没有 '{other}' 就没有意义";

    public Phrase RepeatsOneUrl => "'-n' 只能重复一个 URL：其余的请另外运行";

    public Phrase RepeatsWithoutBody(string option) => $"'-n' 测量访问，什么也不保存，所以 '{option}' 没有用处";

    public Phrase NoSiteToExamine(string scheme) => $"只能检查 http: 和 https: 的网站，不能检查 {scheme}: 所指的东西";

    public Phrase NoDuration(string text) => $"'{text}' 不是时间长度：5s、200ms、1.5s、2min，最长一天";

    public Phrase NoZone(string text) => $"'{text}'：应当是 ORIGIN=FILE，例如 example.com=example.com.zone";

    public Phrase NoZoneOrigin(string text, string origin) => $"'{text}'：'{origin}' 不是域名";

    public Phrase NoDomainName(string text) => $"'{text}' 不是域名：每一段 1 到 63 字节，整个最多 255 字节";

    public Phrase HostIsUrl(string host) => $"URL 不是主机名：其中的主机是 '{host}'";

    public Phrase HostIsSubnet(string text) => $"'{text}' 是子网，不是一台主机：firstbyte ip {text} 会说明它";

    public Phrase HostHasPort(string text, string host) => $"'{text}' 带有端口，这里既不查询也不探测端口：只写 '{host}'";

    public Phrase NoRecordType(string text) => $"'{text}' 不是记录类型：A、AAAA、CNAME、MX、NS、PTR、SOA、SRV、TXT，或 TYPE 加数字";

    public Phrase OptionNotDone(string option, string program) => $"{program} 有 '{option}'，这里不支持";

    public Phrase OptionNotYet(string option, string program) => $"选项 {option}：{program} 有，这里尚未支持";

    public Phrase NoSuchValue(string option, string value) => $"'{value}' 不是 '{option}' 的值";

    public Phrase NoServerAddress(string server) =>
        $"没有可以询问的服务器：不知道 '{server}' 的地址，或没有所要求版本的地址；请用地址指明服务器：@192.0.2.53";

    public Phrase NoSeeds(string text) => $"'{text}' 不是种子的范围：写成 A..B，例如 1..500";

    public Phrase NoFault(string text, IEnumerable<string> kinds) => $"'{text}' 不是故障的种类：{string.Join("、", kinds)}";

    public Phrase NoBase(string text, Phrase flaw, int character) => $"--base '{text}'：{flaw}，第 {character} 个字符";

    public Phrase NoUrlsIn(string file) => $"'{file}' 里没有 URL";

    public Phrase UrlWantsText => "url：需要一个 URL、--batch 或 --bench FILE";

    public Phrase SplitWantsSubnet => "--split 划分的是子网：请写上长度，例如 10.0.0.0/8";

    public Phrase NoSplit(int length, int least, int most) => $"--split {length}：长度应在 {least}（子网本身）到 {most} 之间";

    public Phrase NoProbe(string text) => $"--contains '{text}'：应当是地址或前缀";

    public Phrase NoSubnet(string word, Phrase flaw) => $"'{word}'：{flaw}";

    public Phrase LengthTooLong => "'/' 后的长度超过了地址的长度（IPv4 为 32，IPv6 为 128）";

    public Phrase MaskWithHoles => "掩码在 0 之后又出现 1；掩码先是 1，后是 0（255.255.255.0）";

    public Phrase WildcardMask(IpAddress mask) => $"这是访问列表所用的通配符掩码，1 的位置是主机号；子网掩码是 {mask}";

    public Phrase NoMask => "'/' 之后是长度（如 24）或掩码（如 255.255.255.0）";

    public Phrase NumberBeyondByte(string number) => $"{number} > 255，而四个数各是一个字节";

    public Phrase NotFourNumbers(int count) => $"IPv4 地址有四个数，而这里有 {count} 个";

    public Phrase LeadingZero(string number) => $"{number} 以 0 开头，有的程序会当作八进制";

    public Phrase NoAddress => "应当是地址，例如 192.0.2.1 或 2001:db8::1";

    public Phrase NoPassword => "-u 需要 USER:PASSWORD；'USER:' 表示空密码";

    public Phrase TwoContents => "-d、-F 和 -T 都指定了要发送的内容：只能用其中一个";

    public Phrase NoPem(string option, string file, PemFault fault) => fault switch
    {
        PemFault.NoCertificate => $"{option} {file}：里面没有证书（PEM：-----BEGIN CERTIFICATE-----）",
        PemFault.CertificateMalformed => $"{option} {file}：里面有证书无法读取",
        PemFault.NoKey => $"{option} {file}：里面没有私钥（PEM：-----BEGIN PRIVATE KEY-----）；--key 可以指定另一个文件",
        PemFault.KeyEncrypted => $"{option} {file}：私钥有密码：用 --pass 给出",
        PemFault.PasswordWrong => $"{option} {file}：--pass 的密码打不开私钥",
        PemFault.KeyEncryptedOldForm => $"{option} {file}：私钥以旧的形式加了密码；请用 openssl 写成新的形式",
        PemFault.KeyMalformed or PemFault.None => $"{option} {file}：私钥无法读取；这里支持 RSA 和椭圆曲线私钥",
        PemFault.KeyOfAnother => $"{option} {file}：私钥不是该证书的",
    };

    public Phrase NoPin(string text) => $"--pinnedpubkey '{text}'：需要 sha256//BASE64（多个以 ; 隔开），或含公钥的文件";

    public Phrase NoTlsVersion(string text, bool isTooOld) => isTooOld
        ? $"--tls-max {text}：1.2 之前的 TLS 已被禁止（RFC 8996），这里不支持"
        : $"--tls-max '{text}'：应为 1.2、1.3、default 之一，且不低于 --tlsv1.3 所说的版本";

    public Phrase NoCipherSuite(string name) => $"--ciphers：没有套件 '{name}'；名称用 IANA 的（TLS_AES_128_GCM_SHA256）或 OpenSSL 的（ECDHE-RSA-AES128-GCM-SHA256）";

    public Phrase KeyWithoutCertificate => "--key 是 --cert 证书的私钥，而没有给出证书";

    public Phrase NoByteCount(string option, string text) => $"{option} '{text}'：需要大于 0 的字节数，例如 500、64k、1.5M";

    public Phrase NoContinuation(ContinuationMisuse misuse, string text, long? length) => misuse switch
    {
        ContinuationMisuse.NoPlace => $"-C '{text}'：需要字节数，或用 - 表示文件的末尾",
        ContinuationMisuse.NoFile => "-C - 从文件的末尾继续，但没有指定文件：请加上 -o FILE",
        ContinuationMisuse.OtherLength => $"-C {text}：已有部分是 {length} 字节；-C - 从它的末尾继续",
        ContinuationMisuse.NameUnknown => "-C 续传本机已有的文件，而 -J 由服务器命名：两者请去掉一个",
        ContinuationMisuse.SeveralUrls => "-C 只能续传一个 URL，而这里有几个",
        ContinuationMisuse.OtherWish => "-C 只用于原样的内容：不能与 --compressed、-r、-I、GET 以外的方法或要发送的内容一起用",
    };

    public Phrase NoFormString => "--form-string 的写法是 NAME=CONTENT";

    public Phrase NoFormPart(string name, FormFault fault) => fault switch
    {
        FormFault.NoName => "-F 的写法是 NAME=CONTENT、NAME=@FILE 或 NAME=<FILE",
        FormFault.Nested => $"-F '{name}=(…'：这里没有嵌套的部分；-F '{name}=\"(…\"' 发送括号本身",
        FormFault.Encoder => $"-F '{name}=…'：内容按原样发送，没有 encoder=",
        FormFault.FieldMalformed => $"-F '{name}=…'：headers= 后面要写 \"NAME: VALUE\"",
        FormFault.HeadUnwritable => $"-F '{name}=…'：名称、类型、filename 或 headers= 的字段含有换行、其他控制字符，或字段名无效",
        FormFault.ParameterUnknown or FormFault.None =>
            $"-F '{name}=…'：';' 后面只能是 type=、filename= 和 headers=；在引号里，或用 --form-string，';' 就是它自己",
    };

    public Phrase QueryTooLong(long most) => $"-G 要放进 URL 的内容超过 {most:N0} 字节：没有服务器会接受";

    public Phrase Interrupted => "已中断";

    public Phrase SimulationStopped(Phrase reason) => $"模拟停止了：{reason}";

    public Phrase InternalFault(string exception, string version) =>
        $"这是 firstbyte 自身的错误（{exception}），与所要求的无关。请连同命令行和版本 firstbyte {version} 报告";

    private static Phrase DidYouMean(string? near) => near is null ? Phrase.Empty : $"；是不是 '{near}'？";

    private static string Kind(ValueKind kind) => kind switch
    {
        ValueKind.Truth => " true 或 false",
        ValueKind.Number => "一个数",
        ValueKind.WholeNumber => "一个整数",
        ValueKind.SmallerNumber => "不超过 2147483647 的整数",
        ValueKind.Byte => " 0 到 255 的整数",
        ValueKind.Port => " 0 到 65535 的整数",
        ValueKind.Seed => " 0 到 18446744073709551615 的整数",
    };

    private static string Habit(CurlHabit habit) => habit switch
    {
        CurlHabit.DataWithType => " 在这里是 --data-json",
        CurlHabit.BytesAreShown => " 在这里是 -v，给程序读则用 --json",
        CurlHabit.OwnHost => " 在这里是 --tun NAME，即我们自己的主机",
        CurlHabit.SpokenAnyway => " 不需要：本来就用它",
    };
}
