namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseHelp : IHelp
{
    // The command and where it works.
    public string Root => "从 URL 的文字走到响应的最后一个字节，显示途中的每一步。";
    public string Url => "要访问的 URL，例如 http://example.com/；没有写协议时当作 http://";
    public string Output => "把消息体写入文件（'-' 是标准输出）";
    public string Body => "只输出消息体";

    public string Fail => "状态码为 400 或更大时不要内容，以 22 结束";

    public string RemoteName => "把消息体存为 URL 路径末尾的名称";

    public string RemoteHeaderName => "配合 -O：用服务器给出的名称（Content-Disposition），已有同名文件则不写";

    public string WriteOut => "传输结束后输出这段文字，可用 curl 的变量：'%{http_code} %{time_total}\\n'（@FILE 从文件读取）";

    public string Include => "先输出响应的消息头，再输出消息体，不讲过程";

    public string UserAgent => "说明是谁在请求（User-Agent）；'' 表示不说";

    public string Referer => "说明链接来自哪个页面（Referer）";
    public string Http10 => "使用 HTTP/1.0：服务器发完响应就断开";
    public string Method => "请求的方法";
    public string Header => "添加消息头字段 'Name: value'；'Name:' 去掉我们自带的一个";
    public string Data => "用 POST 发送这个消息体（@FILE 读文件，@- 读标准输入）；多个之间用 '&' 连接";
    public string Head => "只要消息头（HEAD）";
    public string Upload => "把 FILE 存到 URL（http 用 PUT，也可用 ftp，加上 --allow-file-write 也可用 file，news 则发表它）；'-' 是标准输入，来多少发多少";
    public string FileWrite => "允许 -T 写本机的文件（file: 的 URL），要么整个写下，要么不写";
    public string NewsServer => "没有写明服务器的 news: URL 询问这台新闻服务器：主机[:端口]（否则用 NNTPSERVER 或 /etc/news/server）";
    public string Send => "把 mailto: URL 的邮件寄出去（否则只显示）";
    public string MailFrom => "由谁寄出：name@example.com";
    public string Smarthost => "把邮件交给这台服务器：主机[:端口]（587；465 从第一个字节起就用 TLS），可加 -u 用户:密码，或用 --oauth2-bearer 做 XOAUTH2；否则交给 MX 记录指明的服务器";
    public string DataRaw => "同 --data，但 '@' 没有特别含义";
    public string DataBinary => "同 --data，但保留文件中的换行";
    public string DataUrlEncode => "同 --data，先做百分号编码：VALUE、=VALUE、NAME=VALUE、@FILE 或 NAME@FILE";
    public string DataJson => "用 POST 发送 JSON 并注明（curl 的 --json；@FILE 读取文件）";
    public string Form => "发送由几个部分组成的表单：NAME=CONTENT、NAME=@FILE（文件）或 NAME=<FILE（文件的内容）；';' 后可写 type=、filename=、headers=";
    public string FormString => "表单的一个部分，其中 '@'、'<' 和 ';' 没有特别含义";
    public string Get => "把 --data 的数据放进 URL 的查询部分，用 GET 请求";

    public string GivenAddresses => "直接给出主机的地址（'*' 指任何主机），不询问解析器（HOST:PORT:ADDRESS,…）";
    public string OnlyIpv4 => "只用 IPv4 地址";
    public string OnlyIpv6 => "只用 IPv6 地址";
    public string Strict => "响应有任何瑕疵就拒绝；平时按本意接受并说明（http、https）";
    public string Timing => "在标准错误上显示时间花在哪里，不显示过程时（-s、-o -）也有";
    public string Insecure => "证书有问题也继续（问题仍会显示）";
    public string Cookie => "要发送的 cookie：name=value，或者一个 cookie 文件（文件还会保存收到的 cookie）";

    public string CookieJar => "保存 cookie，结束时写入 FILE";

    public string Range => "只要这些字节：FIRST-LAST、FIRST- 或 -COUNT";

    public string Retry => "对可能只是暂时的失败最多再试这么多次，传输中断就从断处继续";

    public string User => "说明是谁在请求：USER:PASSWORD（冒号后面为空就是空密码）";

    public string Basic => "不等服务器问就原样出示密码（默认）";

    public string Digest => "服务器问了才出示密码的散列值（RFC 7616）";

    public string AnyAuth => "按服务器提供的最好的方式出示密码";

    public string Bearer => "出示这个令牌（RFC 6750）";

    public string Netrc => "从 ~/.netrc 按主机取密码";

    public string NetrcFile => "从 FILE 按主机取密码";

    public string Proxy => "经由这个代理：[http|https|socks4|socks4a|socks5|socks5h://][USER:PASSWORD@]HOST[:PORT]（否则看 http_proxy 等环境变量）";

    public string ProxyUser => "告诉代理是谁在请求：USER:PASSWORD";

    public string ProxyBasic => "不等代理问就原样出示密码（默认）";

    public string ProxyDigest => "代理问了才出示密码的散列值";

    public string ProxyAnyAuth => "用代理提供的最好方式出示密码";

    public string ProxyTunnel => "让 HTTP 代理对 http: 也建立隧道（CONNECT）";

    public string NoProxy => "不经代理的主机：域名（及其下级）、地址、网络，或用 * 表示全部";

    public string Socks4 => "经由这个 SOCKS4 代理；域名在本机解析";

    public string Socks4a => "同上，用 SOCKS4A；域名由代理解析";

    public string Socks5 => "经由这个 SOCKS5 代理；域名在本机解析";

    public string Socks5Hostname => "同上；域名由代理解析";

    public string Compressed => "请求压缩编码的内容（deflate、gzip、br、zstd），并解码";

    public string Location => "跟随重定向，每一次都是一次单独的访问";
    public string CaCert => "信任此文件（PEM）中的根证书，而不是系统的";
    public string Cert => "服务器要求客户端证书时出示此证书（PEM，连同通向其根的证书）";
    public string Key => "它的私钥（PEM）；默认在同一个文件里";
    public string TlsRequired => "协议以明文开始时，只有换到 TLS 才继续：ftp: 的 AUTH TLS，mailto: 的 STARTTLS";

    public string PinnedKey => "只有服务器的公钥是其中之一才继续：sha256//BASE64，多个以 ; 隔开，或含公钥的文件";
    public string Tls12 => "使用 TLS 1.2 或更新的版本（本来就如此）";
    public string Tls13 => "使用 TLS 1.3 或更新的版本";
    public string TlsMaximum => "不使用比这更新的 TLS：1.2、1.3";
    public string Ciphers => "只提供这些密码套件，用名称（IANA 或 OpenSSL 的），以 : 隔开";
    public string Hsts => "把哪些主机要求只用 TLS 访问（HSTS，curl 的格式）记在此文件中，并照办";
    public string CacheFolder => "把响应存入此目录（RFC 9111），有效期内直接使用；过期后询问服务器是否仍然如此";
    public string Har => "把每次交换连同时间和内容写入 HTTP 存档（HAR 1.2），供浏览器的网络面板和 Playwright 使用";
    public string LimitRate => "每秒最多传输这么多字节（数字后可用 k、M、G：1024 及其幂）";
    public string SpeedLimit => "如果在 --speed-time 的时间内每秒不到这么多字节，就放弃";
    public string SpeedTime => "传输可以比这慢多久（30）";
    public string MaximumSize => "最多接收这么多字节的内容（k、M、G 同上）";
    public string Connections => "服务器允许时，每个内容最多经 N 个连接（1 到 32）分段下载，各段按 ETag 属于同一内容";

    public string ContinueAt => "从第 N 字节续传；- 表示从文件（-o FILE）或其部分的末尾继续，只要按 ETag 内容没有变";
    public string MaximumRedirects => "最多跟随这么多次重定向（50）";
    public string ConnectTimeout => "连接超过这么多秒就放弃";
    public string NoProgress => "不显示进度行（只在终端上、消息体接收超过半秒时才显示）";
    public string Lab => "在内置的互联网里运行；--lab=NAME 或 --lab=FILE 选另一个";
    public string Seed => "模拟世界的种子（默认用实验室自己的）：种子相同，字节就相同";
    public string Pcap => "把运行中的每一帧写入 Wireshark 可读的抓包文件（与 --lab 或 --tun 合用）";
    public string PcapSecrets =>
        "抓包文件里的机密。keep：每个字节都和发送时一样，并附上 TLS 密钥（抓包是证据）；mask：密码、令牌和 Cookie 变成同样长度的星号，校验和保持正确，也不附 TLS 密钥，可以交给别人";
    public string Tun =>
        "以 root 在 Linux TUN 或 TAP 设备的另一端用我们自己的 TCP/IP。逗号后可加：address=ADDR/LENGTH, gateway=ADDR, loss=1%, duplicate=1%, reorder=5%, seed=N";
    public string ResolveExplain => "从根服务器开始逐级查询，并显示哪个密钥签了什么";
    public string Iterative => "自己从根服务器开始逐级解析域名";
    public string Server => "向这台 DNS 服务器查询：ADDR[:PORT]、tls://ADDR[#NAME] 或 https://ADDR[/PATH][#NAME]";
    public string NoCache => "每次访问之前清空缓存";
    public string Json => "每行输出一个 JSON 事件（docs/events.md）：默认只有过程中显示的那些；--json=packets 加上帧和报文段；--json=all 全部";
    public string Calls => "显示一台主机的内部：应用程序、Socket 库、协议栈和网卡，每次调用如何下去、如何返回；在实验室里也可以看别的主机（--calls=HOST）";
    public string Verbose => "显示更多：线路上的字节（十六进制和文本）、规范的条款；在实验室里 -vv：每个设备上的每一帧";
    public string ShowSecrets => "显示密码、cookie 和凭据，不用星号代替";
    public string Colour => "颜色：auto、always 或 never";
    public string MaximumTime => "超过这么多秒就放弃（在实验室里按虚拟时间计算）";
    public string LanguageOption(IEnumerable<string> tags) =>
        $"输出所用的语言（默认由 LC_ALL、LC_MESSAGES 或 LANG 决定）：{string.Join("、", tags)}";
    public string Help => "显示这份帮助";
    public string Version => "显示版本";

    // Names, probes, servers.
    public string Resolve => "解析一个域名，并显示谁回答了什么";
    public string ResolveName => "域名，或要反向查询（PTR）的地址";
    public string ResolveType => "记录类型：A（默认）、AAAA、MX、NS、TXT、SOA、CNAME、PTR、SRV、TYPE123";
    public string Dig => "用 BIND 的 dig 的写法询问 DNS 服务器，并按 dig 的格式显示应答";
    public string DigWords => "dig 接受的一切：@SERVER、域名、类型和类，一行多个问题，-x、-t、-c、-q、-p、-b、-4、-6、-f、-k、-y，以及以 + 开头的选项";
    public string DigExplain => "显示这些查询的经过，代替 dig 的输出";
    public string Curl => "用 curl 的命令行传输 URL，字节、输出和退出码都与 curl 相同";
    public string CurlWords => "curl 自己的命令行：选项，以及 http、https、ftp、ftps 和 file 的 URL（支持哪些见 docs/curl.md）";
    public string CurlExplain => "同时显示传输的过程";
    public string Repeat => "把访问做这么多次，每次用一个新连接，给出每个步骤的中位数、p95、最短和最长时间";
    public string Keep => "让 -n 的访问共用一个连接：只看服务器用了多少时间，不算建立连接的代价";
    public string Diff => "把两次保存的访问并排对照：每个步骤的时间，以及有什么不同（退出码 0 没有，1 有）";
    public string DiffFile => "--json 的输出；- 表示标准输入";
    public string DiffOther => "另一个，说明它有什么不同";
    public string ExampleDiff => "今天有什么不同，哪一步变慢了";
    public string ExampleRepeat => "为什么慢：二十次访问中每个步骤的时间";
    public string Pass => "打开私钥的密码";
    public string Doctor => "检查一个网站：每个地址、TLS、重定向、缓存、Cookie；指出哪里不对、怎么办";
    public string DoctorUrl => "网站的 URL，http: 或 https:";
    public string DoctorZone => "不检查网站，而检查区域文件：在委派之前指出这个域有什么问题";
    public string DoctorName => "改为检查一个名字：通往它的每个域的每台服务器";
    public string ExampleDoctorName => "从根域往下，一个名字的服务器有什么问题";
    public string DoctorWatch => "反复检查，并指出有什么变化";
    public string DoctorInterval => "两次检查之间的时间（1m）";
    public string DoctorCount => "检查的次数，与 --watch 一起用；在这里不限，在实验室中为 10";
    public string Ping => "询问一台主机是否在那里（ICMP 回显）";
    public string PingCount => "请求的个数";
    public string PingSize => "每个请求的数据字节数";
    public string PingHops => "最多可经过的跳数";
    public string PingInterval => "两个请求之间的时间（1s）";
    public string Traceroute => "显示通往一台主机途中的路由器";
    public string TraceEcho => "用 ICMP 回显请求代替 UDP 探测";
    public string TraceProbes => "每一跳的探测个数";
    public string TraceHops => "最多试到第几跳";
    public string TraceWait => "等待应答的时间（5s）";
    public string OnlyV4 => "只用 IPv4";
    public string OnlyV6 => "只用 IPv6";
    public string ProbeTarget => "地址、域名，或实验室中主机的名称";
    public string Serve => "在这台机器的网络上提供 DNS 服务，直到 Ctrl-C";
    public string ServeDns => "按区域文件作出权威应答";
    public string ZoneFiles => "检查区域文件，或为其签名";
    public string ZoneCheck => "指出区域文件中的错误，附行号和列号";
    public string ZoneCheckZones => "域和它的区域文件，例如 example.com=example.com.zone；- 为标准输入";
    public string ZoneStrict => "把警告当作错误";
    public string ZoneKey => "为域生成密钥：K….key 供公开，K….private 须保密，名称和写法同 BIND；输出它们的名称";
    public string ZoneKeyOrigin => "域，例如 example.com";
    public string ZoneKeyAlgorithm => "密钥的签名算法";
    public string ZoneKeyEntryPoint => "为密钥签名的密钥，由上级域指向；单独使用时为全部内容签名";
    public string ZoneKeyFolder => "两个文件放在哪里";
    public string ZoneFormat => "把域写成唯一的形式：每行一条记录，全部写明，按规范顺序排列";
    public string ZoneFormatOutput => "域写到哪里；没有它时写到标准输出";
    public string ZoneSign => "为域签名（DNSSEC），并指出应交给上级域的内容；相同的域、密钥和时刻得到相同的字节";
    public string ZoneSignKey => "密钥：写其两个文件之一的名称，或它们的共同部分，例如 Kexample.com.+013+12345";
    public string ZoneSignHashed => "用名称的散列值（NSEC3，无盐，不追加迭代）而不是名称本身来证明不存在";
    public string ZoneSignOutput => "签名后的域写到哪里；没有它时写到标准输出";
    public string ZoneSignInception => "签名从何时起有效：YYYYMMDDHHmmSS、自 1970 年起的秒数，或从现在算起（-1h）";
    public string ZoneSignExpiration => "签名到何时为止有效";
    public string ZoneSignDeterministic => "不接受从现在算起的时刻，使同一命令在任何一天都得到相同的字节";
    public string ZoneSignDigest => "加上整个域的摘要（ZONEMD，RFC 8976）；已有的摘要总会重新生成";
    public string ZoneSignAsksParent => "请上级域指向用 --ksk 生成的密钥（CDS 和 CDNSKEY，RFC 7344）";
    public string ExampleZoneKey => "用于域的内容的密钥";
    public string ExampleZoneEntryKey => "以及用于密钥的密钥";
    public string ExampleZoneSign => "有效 30 天，使用此文件夹中的两个密钥";
    public string ServeConfig => "JSON 形式的设置文件，可代替选项或与选项并用（--config-schema）；收到 SIGHUP 会重新读取";

    public string ServeConfigSchema => "输出该文件的 JSON 模式，不提供服务";
    public string ServeZone => "要提供的域和它的区域文件，例如 example.com=example.com.zone；收到 SIGHUP 会重新读取";
    public string ServeTsigKey => "含有消息签名（TSIG）密钥的文件，格式同 tsig-keygen 所写（可以给出多个）";
    public string ServeTsigMd5 => "也接受 hmac-md5 的密钥，用于很旧的对方";
    public string ServeAllowTransfer => "谁可以复制域（AXFR、IXFR）：ADDR[/LENGTH]、key=NAME，或用逗号连接的两者（可以给出多个）；不给出则谁也不可以";
    public string ServeAllowUpdate => "谁可以更改域（UPDATE，RFC 2136）：key=NAME 或 ADDR[/LENGTH],key=NAME（可以给出多个）；更改保存在 FILE.journal 中";
    public string ServeCompact => "提供服务之前先把日志并入区域文件";
    public string ServeNotify => "域有新版本时通知的辅助服务器（NOTIFY；可以给出多个）";
    public string ServeSecondary => "从主服务器复制并保存在 FILE 中的域（可以给出多个）";
    public string ServeListen => "监听的地址和端口，UDP 与 TCP（可给多个）";
    public string ServeListenTls => "DNS over TLS 的地址和端口（RFC 7858；可给多个）";
    public string ServeTlsCertificate => "TLS 的证书，其后是通向根的各张证书（PEM）";
    public string ServeTlsKey => "证书的私钥（PEM）";
    public string ServeNsid => "服务器的自称：NSID（RFC 5001）、id.server 和 hostname.bind；不给则不说";
    public string ServeVersion => "对 version.bind 和 version.server 的回答；不给则拒绝";
    public string ServeRateLimit => "UDP 上每秒给同一网络的相同应答数；多出的被丢弃或截断（RRL）";
    public string ServeRateSlip => "超出限度的应答中每第 N 个截断后发出，好让真正的客户端改用 TCP；0 为没有";
    public string ServeMetrics => "Prometheus 获取 /metrics 的地址和端口";
    public string ServeDnsJson => "每行输出一个 JSON 对象：每次查询和应答";
    public string ServeDnsVerbose => "输出每次查询和应答";
    public string ServeResolver => "为客户端从根服务器开始逐级解析，并带缓存";
    public string ServeHints => "从 named.cache 格式的文件读根服务器，代替内置的";
    public string ServeAnchors => "从 DS 或 DNSKEY 记录的文件读信任锚：应答从它们往下检查";
    public string ServeTrustAnchorFile => "跟踪根域（或信任锚所在域）密钥变化的文件（RFC 5011）";
    public string ServeForward => "把每个查询都交给这台递归服务器：ADDR、tls://ADDR[#NAME] 或 https://ADDR/PATH[#NAME]";

    public string ServeForwardCa => "为这些服务器的证书作保的根证书（PEM 文件），代替系统的根证书";
    public string ServeMinimise => "只会转介的服务器能看到域名的多少：off、a 或 ns";
    public string ServeSpecialNames => "是否自己回答 localhost、.onion 和私有地址的反向域：on 或 off";
    public string ServePriming => "是否向根查询它有哪些服务器，代替提示文件：on 或 off";
    public string ServePreferFamily => "服务器两种地址都有时先用 IPv4 或 IPv6：4 或 6";
    public string ServeHardenGlue => "转介里的地址，只取所转介的域之内的名字的";
    public string ServePrivateAddress => "属于这个网络的地址，从别人域名的应答中去掉";
    public string ServePrivateDomain => "这个域之下的域名可以有这样的地址";
    public string ServeKeySentinel => "带根密钥哨兵的域名是否说明信任根的哪些密钥：on 或 off";
    public string ServeStale => "没有谁及时给出更新的应答时，是否给出已过期的应答（RFC 8767）：on 或 off";
    public string ServePrefetch => "应答在其有效期的最后十分之一里被问到时，是否在一旁重新查询：on 或 off";
    public string ServePolicy => "应答所遵守的响应策略区（RPZ）：屏蔽列表、自己的名字；可多次给出，先匹配的规则生效";
    public string ServeDnstap => "把与客户端和服务器往来的每个报文以 dnstap 的形式写入这个文件，或交给 unix:PATH 处的收集程序";
    public string ServeAllow => "可以来查询的网络；默认是本机和它所在的网络";
    public string ServeDns64 => "用地址转换器的这个前缀，从 IPv4 地址得出 IPv6 地址";
    public string ServeMinTtl => "应答至少保存的秒数";
    public string ServeMaxTtl => "应答至多保存的秒数";
    public string ServeCacheSize => "保存的应答至多占用的兆字节数";
    public string ServeUpstream => "查询权威服务器所用的端口";
    public string ServeResolverJson => "每行输出一个 JSON 对象：每次解析的每一步";
    public string ServeResolverVerbose => "输出每次解析的每一步";

    // Texts, addresses, saved runs, random worlds.
    public string Web => "提供页面：实验室在浏览器里运行，有 firstbyte-host 时还能访问真实网络";
    public string WebLabPage => "实验页面：只有文件，仿真在浏览器的标签页里运行";
    public string WebListen => "监听的地址和端口";
    public string WebOptions => "写在 '--' 之后，交给 firstbyte-host：'firstbyte-host --help' 列出它们";
    public string WebRoot => "已发布页面所在的文件夹（默认：本程序旁边的 'web'）";
    public string Story => "重新显示一次保存下来的运行（--json 的输出）";
    public string StoryFile => "--json 的输出；'-' 读标准输入";
    public string SayMore => "显示更多";
    public string ExplainUrl => "解释 URL：各个部分、途中作的改动、违反标准的每一处";
    public string ExplainUrlTexts => "当作 URL 来读的文字";
    public string ExplainUrlBase => "以这个 URL 为基准";
    public string ExplainUrlJson => "每个 URL 输出一个 JSON 对象";
    public string ShowPasswords => "原样显示密码";
    public string ExplainUrlBatch => "从标准输入读 JSON 行 {\"input\":…,\"base\":…} 并应答，密码不遮盖";
    public string ExplainUrlBench => "给一个每行一个 URL 的文件的解析计时";
    public string Ip => "解释地址和子网：网络号与主机号、掩码、广播、范围、种类";
    public string IpAddress => "10.11.12.13/24、10.11.12.13/255.255.255.0、10.11.12.13 255.255.255.0 或 2001:db8::1/64；多个会合并";
    public string IpSplit => "把子网划分为这个长度的子网";
    public string IpContains => "说明子网是否包含这个地址或前缀";
    public string IpJson => "输出一个 JSON 对象";
    public string Sim => "运行带随机故障的随机互联网，检查必须始终成立的性质";
    public string SimSeeds => "要运行的世界：从一个种子到另一个";
    public string SimSeed => "一个世界，以及其中的故障";
    public string SimFaults => "只用这些种类的故障，或 none：";
    public string SimJobs => "同时运行的世界数；结果与此无关";
    public string SimOut => "出错世界的抓包和事件记录存放的目录";
    public string SimJson => "每行输出一个 JSON 对象：每个世界和覆盖情况";
    public string SimHashes => "只输出每个种子和它的轨迹哈希";
    public string Completion => "输出 shell 的补全脚本";
    public string CompletionShell => "bash、zsh 或 fish";

    // Labs.
    public string LabCommand => "列出、显示、运行和试验内置的互联网";
    public string LabList => "列出每个实验室及其内容";
    public string LabShow => "显示一个实验室的子网、路由器和主机，以及值得看的地方";
    public string LabName => "实验室的名称，或一个文件";
    public string LabShowJson => "按 docs/labs/lab.schema.json 输出 JSON";
    public string LabRun => "运行一个实验室：到某一时刻，或在提示符下输入命令";
    public string LabRunUntil => "运行到这个虚拟时间（例如 5s）后结束；不给时读命令：在提示符下，或从标准输入每行一条";
    public string LabSeed => "世界的种子（默认用实验室自己的）";
    public string LabPcap => "把机器收发的一切写入 pcapng 文件";
    public string VerboseCommands => "显示更多；-vv 显示每条命令的每一帧";
    public string VerboseElements => "显示更多；-vv 显示每个设备上的每一帧";
    public string LabAfter => "先执行这些提示符命令，例如 --after \"ping www\"";
    public string LabUntil => "先让这么多虚拟时间过去，例如 5s 或 200ms（从世界开始算起）";
    public string LabHost => "主机或路由器（默认是客户端）";
    public string LabFrom => "在这台机器上运行，而不是客户端";
    public string LabHosts => "列出路由器和主机及其地址";
    public string LabLinks => "列出网线：延迟、丢失、帧数，以及哪些断了";
    public string LabRoutes => "显示主机或路由器的路由表";
    public string LabArp => "显示主机或路由器的 ARP 缓存：哪个 IP 地址对应哪个 MAC 地址";
    public string LabSockets => "显示主机的套接字：监听、连接、数据报";
    public string LabCache => "显示 DNS 解析器学到的内容，先按域名（从右边的一级比起），再按类型排列";
    public string LabNat => "显示路由器的地址转换表";
    public string LabFaults => "列出实验室里故意安排的故障：正在发生的、已结束的和尚未发生的";
    public string LabCut => "拔掉网线，再执行命令看看结果";
    public string LabLink => "网线（'firstbyte lab links LAB' 会列出）";
    public string LabThen => "一条提示符命令，例如 --then \"ping www\"";

    // The prompt of a lab.
    public string Prompt => "运行中的实验室可用的命令";
    public string PromptFetch => "访问一个网页并显示过程";
    public string PromptCut => "拔掉网线：发进去的都会丢失";
    public string PromptHeal => "结束故障";
    public string PromptHealed => "故障的编号（'faults' 会列出）、种类的词，或 'all'";
    public string PromptSet => "从现在起让某个域的所有服务器对一个域名给出别的回答，写法同实验室文件的 'at T set'";
    public string PromptUnset => "让某个域的所有服务器都说一个域名没有某类记录";
    public string PromptNameWords => "ZONE NAME TTL TYPE DATA，写法同区域文件，例如 'lab.glasscom.com www 60 A 192.0.2.227'；unset 用 ZONE NAME TYPE";
    public string PromptMend => "重新插好网线";
    public string PromptLink => "网线（'links' 会列出）";
    public string PromptRun => "让虚拟时间流逝，显示每个设备上的每一帧";
    public string PromptFault => "从现在起让某处出故障，永久或持续一段时间：";

    public string PromptFaultWords => "用实验室文件的写法描述的故障，例如 'cut client-office for 5s'、'lose 10% to www'";

    public string PromptRunTime => "多少虚拟时间，例如 5s 或 200ms；不给时直到运行中的程序结束";
    public string PromptQuiet => "不显示帧";
    public string PromptStep => "让下一个事件发生，或接下来的 N 个";
    public string PromptEvents => "事件数";
    public string PromptBack => "回到上一个事件之前，或前 N 个事件之前";
    public string PromptGoTo => "到某个事件之后的时刻：各种表都是当时的样子";
    public string PromptEvent => "事件的编号（'log' 会列出），0 是开头，'end' 是最后一个";
    public string PromptLog => "显示最近记录的事件及其编号";
    public string PromptLogCount => "最近 N 个事件";
    public string PromptSeed => "显示本次运行的种子，或换一个重新开始";
    public string PromptCalls => "显示主机的内部：每次调用如何下到协议栈和网卡，如何返回";
    public string PromptNewSeed => "用这个种子重新开始";
    public string PromptHelp => "列出命令，或解释其中一条";
    public string PromptHelpCommand => "要解释的命令";
    public string PromptQuit => "结束";
    public string PromptKeys => "上下键调出以前的行，Tab 补全，Ctrl-C 停止正在运行的，Ctrl-D 结束。";

    // The page of help itself.
    public string UsageHead => "用法：";
    public string ArgumentsHead => "参数：";
    public string OptionsHead => "选项：";
    public string CommandsHead => "命令：";
    public string ExamplesHead => "示例：";
    public string OptionsWord => "[选项]";
    public string CommandWord => "命令";
    public string Required => "（必须给出）";

    // Examples.
    public string ExampleLab => "在内置互联网里走完全程";
    public string ExampleHere => "经过这台机器的网络";
    public string ExampleBody => "只取回内容";
    public string ExampleStory => "保存一次运行，以后再显示";
    public string ExampleBytes => "连同线路上的每个字节";
    public string ExampleFrames => "以及每条链路上的每一帧，供 Wireshark 使用";
    public string ExampleTunSetUp => "（以 root，一次即可）";
    public string ExampleTun => "用我们自己的 TCP，以 10.9.0.2 访问这台机器的服务器";
    public string ExampleResolveLab => "在内置互联网里从根开始的接力";
    public string ExampleResolveHere => "用这台机器配置的 DNS 服务器";
    public string ExampleResolveIterative => "自己从根服务器开始逐级查询";
    public string ExampleResolveExplain => "再看从根的密钥往下的每个签名";
    public string ExampleResolveServer => "用 9.9.9.9 上的 DNS 服务器";
    public string ExampleDigLab => "只要地址，问实验里的一台服务器";
    public string ExampleDigOwn => "自己的服务器怎么说，连同签名";
    public string ExampleDigTrace => "从根开始逐级查询，显示其经过";
    public string ExampleCurlLab => "首部和页面，与 curl 显示的一样";
    public string ExampleCurlFile => "页面存入文件，屏幕上显示状态码";
    public string ExampleCurlExplain => "命令背后发生的事，一步一步";
    public string ExampleDoctorLab => "实验室里的一个网站哪里不对";
    public string ExampleDoctorHere => "退出码 0：没有问题或只有提示；1：有警告；2：有错误";
    public string ExampleDoctorWatch => "有变化就指出来";
    public string ExampleDoctorJson => "给程序用的检查结果";
    public string ExampleDoctorZone => "委派之前的一个域";
    public string ExamplePing => "它在不在，有多远";
    public string ExampleTraceroute => "途中的路由器";
    public string ExampleCache => "那时 DNS 解析器学到了什么";
    public string ExamplePrompt => "运行中的实验室的提示符：'help' 列出命令";
    public string ExamplePromptCommands => "提示符：ping www · fetch http://www.lab.glasscom.com/ · cut core-glasscom · back 3";
    public string ExampleUntil => "最初五秒的每个事件";

    public string Default(string value) => $"[默认：{value}]";

    public string ExitCodes(IEnumerable<int> codes) =>
        "退出码与 curl 相同，信号的是 128 加上它的编号：" + string.Join("，", codes.Select(code => $"{code} {ExitCode(code)}")) + "。";

    public string ExitCode(int code) => code switch
    {
        0 => "完成",
        1 => "没有该协议的客户端；应答不是任何版本的 HTTP；没有应答（ping、traceroute）",
        2 => "用法",
        3 => "URL 错误",
        5 => "代理的域名无法解析",
        6 => "域名无法解析",
        7 => "连接被拒绝",
        8 => "应答异常",
        9 => "拒绝访问",
        11 => "对 PASS 的应答异常",
        13 => "对 PASV 的应答异常",
        14 => "其中的地址异常",
        17 => "拒绝传输类型",
        18 => "中途截断",
        19 => "文件不给",
        22 => "回答的是错误（-f）",
        23 => "无法写入",
        25 => "上传失败",
        26 => "无法读取",
        28 => "太慢",
        30 => "拒绝 PORT",
        31 => "拒绝续传",
        35 => "TLS 失败",
        33 => "范围被拒绝",
        36 => "无法续传",
        37 => "文件无法读取",
        43 => "请求写不出来",
        45 => "没有这个网络设备",
        47 => "重定向太多",
        52 => "空应答",
        55 => "无法发送",
        56 => "连接中断",
        58 => "客户端证书",
        59 => "密码套件",
        60 => "证书",
        61 => "内容编码",
        63 => "内容太大",
        64 => "不提供 TLS",
        65 => "内容只能读一次，无法重发",
        67 => "登录被拒绝",
        70 => "服务器磁盘已满，或 firstbyte 自身的错误",
        77 => "根证书文件",
        78 => "没有这个文件",
        90 => "公钥不在固定之列",
        97 => "SOCKS 代理拒绝",
        98 => "要求客户端证书",
        100 => "响应头或行太长",
        129 => "SIGHUP",
        130 => "Ctrl-C",
        141 => "输出的读者已离开",
        143 => "SIGTERM",
        _ => "",
    };
}
