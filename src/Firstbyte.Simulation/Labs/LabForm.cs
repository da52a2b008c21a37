using System.Globalization;
using System.Text;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Http.Forms;
using Firstbyte.Urls;

namespace Firstbyte.Labs;

/// <summary>A page that takes a form, and answers with what it has understood of it.</summary>
internal static class LabForm
{
    // nginx: client_max_body_size is 1 MB.
    private const int Most = 1024 * 1024;

    // As much of a member's content as a line of the answer shows.
    private const int Shown = 60;

    private static readonly HttpField[] s_allow = [new("Allow", "GET, HEAD, POST"), new("Content-Type", "text/plain; charset=utf-8")];

    /// <summary>The page before anybody has filled it in.</summary>
    public static string Page(string path) => $"""
        <!DOCTYPE html>
        <title>A form</title>
        <form method="post" enctype="multipart/form-data" action="{path}">
          <input name="name"> <input name="file" type="file"> <button>Send</button>
        </form>

        """;

    /// <summary>Answers a request for the page.</summary>
    public static async ValueTask<HttpResponse> HandleAsync(ServerRequest request, string path, CancellationToken cancellationToken)
    {
        switch (request.Head.MethodText)
        {
            case "GET" or "HEAD": return HttpResponse.Text(200, Page(path), "text/html; charset=utf-8");
            case "POST": break;
            default: return HttpResponse.Text(405, "Only GET, HEAD and POST are allowed here.\n") with { Fields = s_allow };
        }
        var body = new MemoryStream();
        var piece = new byte[4096];
        while (await request.ReadBodyAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (body.Length + count > Most) { return HttpResponse.Text(413, $"More than {Most} bytes are not taken here.\n"); }
            body.Write(piece, 0, count);
        }
        return Answer(body.GetBuffer().AsSpan(0, (int)body.Length), request.Head.Fields.Find("Content-Type"u8));
    }

    private static HttpResponse Answer(ReadOnlySpan<byte> body, string? type)
    {
        var text = new StringBuilder();
        if (MultipartReader.BoundaryOf(type) is { } boundary)
        {
            if (!TryReadParts(body, boundary, text)) { return HttpResponse.Text(400, "This is no multipart form.\n"); }
        }
        else if (type?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true) { ReadMembers(body, text); }
        else { Append(text, "content", null, type, body); }
        return HttpResponse.Text(200, $"What came:\n{text}");
    }

    private static bool TryReadParts(ReadOnlySpan<byte> body, string boundary, StringBuilder text)
    {
        var reader = new MultipartReader(boundary);
        var content = new MemoryStream();
        while (true)
        {
            var next = reader.Read(body, out var consumed);
            switch (next.Kind)
            {
                case MultipartEventKind.Part: content.SetLength(0); break;
                case MultipartEventKind.Content: content.Write(body.Slice(next.Start, next.Length)); break;
                case MultipartEventKind.PartEnd:
                    var part = reader.Part!;
                    Append(text, part.Name, part.FileName, part.Type, content.GetBuffer().AsSpan(0, (int)content.Length));
                    break;
                case MultipartEventKind.End: return true;
                default: return false;
            }
            body = body[consumed..];
        }
    }

    // WHATWG URL, application/x-www-form-urlencoded parsing.
    private static void ReadMembers(ReadOnlySpan<byte> body, StringBuilder text)
    {
        foreach (var range in body.Split((byte)'&'))
        {
            var member = Encoding.Latin1.GetString(body[range]).Replace('+', ' ');
            if (member.Length == 0) { continue; }
            var equals = member.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (member, "") : (member[..equals], member[(equals + 1)..]);
            Append(text, Encoding.UTF8.GetString(PercentDecoding.Decode(name)), null, null, PercentDecoding.Decode(value));
        }
    }

    private static void Append(StringBuilder text, string name, string? file, string? type, ReadOnlySpan<byte> content)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {name}: {content.Length} bytes");
        if (file is not null) { text.Append(CultureInfo.InvariantCulture, $", file \"{file}\""); }
        if (type is not null) { text.Append(CultureInfo.InvariantCulture, $", {type}"); }
        var line = Encoding.UTF8.GetString(content[..Math.Min(content.Length, Shown)]);
        var isText = !line.AsSpan().ContainsAnyInRange('\0', '\b') && !line.Contains('\uFFFD', StringComparison.Ordinal);
        // A password is told to its server alone.
        if (isText && content.Length > 0 && !SecretText.IsSecretName(name))
        {
            text.Append(CultureInfo.InvariantCulture, $": {line.ReplaceLineEndings(" ").TrimEnd()}{(content.Length > Shown ? "…" : "")}");
        }
        text.Append('\n');
    }
}
