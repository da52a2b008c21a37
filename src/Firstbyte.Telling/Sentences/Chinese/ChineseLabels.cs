namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseLabels : ILabels
{
    public string Lab => "实验室";

    public string Url => "URL";

    public string Request => "请求";

    public string Proxy => "代理";

    public string Name => "域名";

    public string Socket => "套接字";

    public string Inside => "内部";

    public string Tls => "TLS";

    public string Tcp => "TCP";

    public string News => "新闻组";

    public string Mail => "邮件";

    public string File => "文件";

    public string Write => "发送";

    public string Read => "接收";

    public string End => "结束";

    public string Close => "断开";

    public string Link => "网线";

    public string Query => "查询";

    public string Response => "响应";

    public string Accept => "接受连接";

    public string Zone => "域";

    public string Cache => "缓存";

    public string Doctor => "诊断";

    public string Look => "查看";

    public string Error => "错误";

    public string Warning => "警告";

    public string Note => "提示";
}
