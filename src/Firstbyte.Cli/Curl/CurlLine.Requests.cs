using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>What is asked and sent.</content>
internal sealed partial class CurlLine
{
    public void AddData(string text, CurlDataKind kind)
    {
        byte[] bytes;
        if (kind == CurlDataKind.UrlEncode) { bytes = OctetText.Octets(UrlEncoded(text)); }
        else if (kind != CurlDataKind.Raw && text.StartsWith('@'))
        {
            var option = kind == CurlDataKind.Json ? "--json" : kind == CurlDataKind.Binary ? "--data-binary" : "--data";
            bytes = around.ReadFile(text[1..]) ?? throw Unreadable(option, text[1..]);
            if (kind == CurlDataKind.Ascii) { bytes = [.. bytes.Where(static one => one is not ((byte)'\r' or (byte)'\n' or 0))]; }
        }
        else { bytes = OctetText.Octets(text); }
        if (kind == CurlDataKind.Json) { Task.IsJson = true; }
        if (Task.Data is { } before)
        {
            // Of JSON two pieces are one text; everything else is a list of fields.
            if (kind != CurlDataKind.Json && before.Length > 0) { before.WriteByte((byte)'&'); }
        }
        else { Task.Data = new MemoryStream(); }
        Task.Data!.Write(bytes);
    }

    private CurlStop Unreadable(string option, string name)
    {
        around.Warn($"Failed to open {name}");
        return Fault(option, "error encountered when reading a file", CurlCode.ReadError);
    }

    // content, =content, name=content, @file, name@file
    private string UrlEncoded(string text, string option = "--data-urlencode")
    {
        var at = text.AsSpan().IndexOfAny('=', '@');
        var (name, isFile, rest) = at < 0 ? ("", false, text) : (text[..at], text[at] == '@', text[(at + 1)..]);
        var content = isFile ? around.ReadFile(rest) ?? throw Unreadable(option, rest) : OctetText.Octets(rest);
        // Of a form's text a blank is a plus.
        return (name.Length > 0 ? name + "=" : "") + CurlText.Escape(content).Replace("%20", "+", StringComparison.Ordinal);
    }

    public void AddUrlQuery(string text) =>
        Task.UrlQuery.Add(text.StartsWith('+') ? text[1..] : UrlEncoded(text, "--url-query"));

    public void AddHeader(string text, List<string> into)
    {
        if (!text.StartsWith('@'))
        {
            into.Add(text);
            return;
        }
        var bytes = around.ReadFile(text[1..]) ?? throw Unreadable("--header", text[1..]);
        foreach (var line in OctetText.Of(bytes).Split('\n'))
        {
            var one = line.TrimEnd('\r');
            if (one.Length > 0) { into.Add(one); }
        }
    }

    public void SetWriteOut(string text) => Task.WriteOut = text.StartsWith('@')
        ? OctetText.Of(around.ReadFile(text[1..]) ?? throw Unreadable("--write-out", text[1..])) : text;

    public void SetTimeCondition(string text)
    {
        var condition = CurlTimeCondition.IfModifiedSince;
        if (text.Length > 0 && text[0] is '+' or '-' or '=')
        {
            condition = text[0] switch { '-' => CurlTimeCondition.IfUnmodifiedSince, '=' => CurlTimeCondition.LastModified, _ => condition };
            text = text[1..];
        }
        if ((CurlDate.Read(text) ?? around.LastWritten(text)) is { } time) { (Task.TimeCondition, Task.ConditionTime) = (condition, time); }
        else
        {
            Task.TimeCondition = CurlTimeCondition.None;
            around.Warn("Illegal date format for -z, --time-cond (and not a file name). Disabling time condition. See curl_getdate(3) for valid date syntax.");
        }
    }
}
