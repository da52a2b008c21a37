using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Curl;

/// <summary>Where <c>-w</c> writes.</summary>
internal interface ICurlWriteOut
{
    void ToOutput(string text);

    void ToErrors(string text);

    /// <summary>Goes on in a file, which is made anew or appended to.</summary>
    Action<string> OpenFile(string name, bool appends);

    void WarnOfVariable(string name);
}

/// <summary>Reads the format of <c>-w</c> and writes what it asks for (curl(1), --write-out).</summary>
internal static class CurlWriteOut
{
    private static readonly (string Name, Func<CurlInfo, object?> Value)[] s_variables =
    [
        ("certs", static _ => ""), ("conn_id", static info => info.ConnectionId), ("content_type", static info => info.ContentType),
        ("errormsg", static info => info.Error), ("exitcode", static info => (long)info.ExitCode), ("filename_effective", static info => info.FileName),
        ("ftp_entry_path", static info => info.FtpEntryPath), ("http_code", static info => new Code(info.ResponseCode)),
        ("http_connect", static info => new Code(info.ConnectCode)), ("http_version", static info => info.HttpVersion),
        ("local_ip", static info => info.LocalIp), ("local_port", static info => (long)info.LocalPort), ("method", static info => info.Method),
        ("num_certs", static _ => 0L), ("num_connects", static info => (long)info.Connects), ("num_headers", static info => (long)info.HeaderLines),
        ("num_redirects", static info => (long)info.Redirects), ("num_retries", static info => (long)info.Retries),
        ("proxy_ssl_verify_result", static info => (long)info.ProxySslVerify), ("proxy_used", static info => info.ProxyUsed ? 1L : 0L),
        ("redirect_url", static info => info.RedirectUrl), ("referer", static info => info.Referer), ("remote_ip", static info => info.RemoteIp),
        ("remote_port", static info => (long)info.RemotePort), ("response_code", static info => new Code(info.ResponseCode)),
        ("scheme", static info => info.Scheme), ("size_delivered", static info => info.Delivered), ("size_download", static info => info.Downloaded),
        ("size_header", static info => info.HeaderBytes), ("size_request", static info => info.RequestBytes), ("size_upload", static info => info.Uploaded),
        ("speed_download", static info => Speed(info.Downloaded, info)), ("speed_upload", static info => Speed(info.Uploaded, info)),
        ("ssl_verify_result", static info => (long)info.SslVerify), ("time_appconnect", static info => new Time(info.AppConnect)),
        ("time_connect", static info => new Time(info.Connect)), ("time_namelookup", static info => new Time(info.NameLookup)),
        ("time_posttransfer", static info => new Time(info.PostTransfer)), ("time_pretransfer", static info => new Time(info.PreTransfer)),
        ("time_queue", static info => new Time(info.Queue)), ("time_redirect", static info => new Time(info.Redirect)),
        ("time_starttransfer", static info => new Time(info.StartTransfer)), ("time_total", static info => new Time(info.Total)),
        ("tls_earlydata", static _ => 0L), ("url", static info => info.Url), ("url.fragment", static info => Part(info.Url, "fragment")),
        ("url.host", static info => Part(info.Url, "host")), ("url.options", static _ => null), ("url.password", static info => Part(info.Url, "password")),
        ("url.path", static info => Part(info.Url, "path")), ("url.port", static info => Part(info.Url, "port")),
        ("url.query", static info => Part(info.Url, "query")), ("url.scheme", static info => Part(info.Url, "scheme")),
        ("url.user", static info => Part(info.Url, "user")), ("url.zoneid", static info => Part(info.Url, "zoneid")),
        ("url_effective", static info => info.EffectiveUrl), ("urle.fragment", static info => Part(info.EffectiveUrl, "fragment")),
        ("urle.host", static info => Part(info.EffectiveUrl, "host")), ("urle.options", static _ => null),
        ("urle.password", static info => Part(info.EffectiveUrl, "password")), ("urle.path", static info => Part(info.EffectiveUrl, "path")),
        ("urle.port", static info => Part(info.EffectiveUrl, "port")), ("urle.query", static info => Part(info.EffectiveUrl, "query")),
        ("urle.scheme", static info => Part(info.EffectiveUrl, "scheme")), ("urle.user", static info => Part(info.EffectiveUrl, "user")),
        ("urle.zoneid", static info => Part(info.EffectiveUrl, "zoneid")), ("urlnum", static info => (long)info.UrlNumber),
        ("xfer_id", static info => (long)info.TransferNumber),
    ];

    /// <summary>The names of all variables.</summary>
    public static IEnumerable<string> Names => s_variables.Select(static one => one.Name).Concat(["header_json", "json", "onerror", "stderr", "stdout"]);

    private readonly record struct Code(int Value);

    private readonly record struct Time(long Microseconds);

    public static void Write(string format, CurlInfo info, string libraries, ICurlWriteOut to)
    {
        var put = to.ToOutput;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '\\' && i + 1 < format.Length)
            {
                put(format[++i] switch { 'r' => "\r", 'n' => "\n", 't' => "\t", var other => "\\" + other });
                continue;
            }
            if (format[i] != '%' || i + 1 == format.Length)
            {
                put(format[i].ToString());
                continue;
            }
            if (format[i + 1] == '%')
            {
                put("%");
                i++;
                continue;
            }
            var close = format.IndexOf('}', i);
            var open = format.IndexOf('{', i);
            if (open < 0)
            {
                put("%" + format[i + 1]);
                i++;
                continue;
            }
            var word = format[(i + 1)..open];
            if (word is not ("" or "header" or "output" or "time"))
            {
                put("%" + format[i + 1]);
                i++;
                continue;
            }
            if (close < 0)
            {
                // An end that is missing: what begins so is text.
                put(format[i..(open + 1)]);
                i = open;
                continue;
            }
            var name = format[(open + 1)..close];
            i = close;
            switch (word)
            {
                case "header":
                    var at = name.IndexOf(":all:", StringComparison.Ordinal);
                    var all = info.Headers.Where(one => one.Name.Equals(at < 0 ? name : name[..at], StringComparison.OrdinalIgnoreCase)).ToArray();
                    if (all.Length > 0) { put(at < 0 ? all[0].Value : string.Join(name[(at + 5)..], all.Select(static one => one.Value))); }
                    break;
                case "output":
                    var appends = name.StartsWith(">>", StringComparison.Ordinal);
                    put = to.OpenFile(appends ? name[2..] : name, appends);
                    break;
                case "time":
                    break;
                case "" when name == "stdout": put = to.ToOutput; break;
                case "" when name == "stderr": put = to.ToErrors; break;
                case "" when name == "onerror":
                    if (info.ExitCode == 0) { return; }
                    break;
                case "" when name == "json": put(Json(info, libraries)); break;
                case "" when name == "header_json": put(HeaderJson(info)); break;
                default:
                    var known = Array.FindIndex(s_variables, one => one.Name == name);
                    if (known < 0) { to.WarnOfVariable(name); }
                    else { put(Text(s_variables[known].Value(info))); }
                    break;
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        Code code => code.Value.ToString("000", CultureInfo.InvariantCulture),
        Time time => string.Create(CultureInfo.InvariantCulture, $"{time.Microseconds / 1_000_000}.{time.Microseconds % 1_000_000:000000}"),
        long number => number.ToString(CultureInfo.InvariantCulture),
        var other => (string)other,
    };

    private static string Json(CurlInfo info, string libraries)
    {
        var json = new StringBuilder("{");
        foreach (var (name, read) in s_variables)
        {
            var value = read(info);
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value switch
            {
                null => "null",
                Code code => code.Value.ToString(CultureInfo.InvariantCulture),
                string text => name == "http_version" || text.Length > 0 || name is "certs" ? $"\"{CurlText.Json(text)}\"" : $"\"{text}\"",
                _ => Text(value),
            });
        }
        return json.Append(CultureInfo.InvariantCulture, $",\"curl_version\":\"{CurlText.Json(libraries)}\"}}").ToString();
    }

    private static string HeaderJson(CurlInfo info)
    {
        var json = new StringBuilder("{");
        foreach (var group in info.Headers.GroupBy(static one => one.Name.ToLowerInvariant()))
        {
            json.Append(json.Length > 1 ? ",\n" : "").Append('"').Append(CurlText.Json(group.Key)).Append("\":[")
                .AppendJoin(',', group.Select(static one => $"\"{CurlText.Json(one.Value)}\"")).Append(']');
        }
        return json.Append("\n}").ToString();
    }

    private static long Speed(long bytes, CurlInfo info) => info.Total > 0 ? (long)(bytes * 1_000_000.0 / info.Total) : bytes;

    private static string? Part(string? text, string part)
    {
        if (text is null) { return null; }
        CurlUrl url;
        try { url = CurlUrl.Read(text); }
        // What is no URL has no parts.
        catch (CurlStop) { return null; }
        return part switch
        {
            "scheme" => url.Scheme,
            "host" => url.HostText,
            "user" => url.User,
            "password" => url.Password,
            "path" => url.Path,
            "query" => url.Query,
            "fragment" => url.Fragment,
            "zoneid" => url.Zone,
            _ => url.Port.ToString(CultureInfo.InvariantCulture),
        };
    }
}
