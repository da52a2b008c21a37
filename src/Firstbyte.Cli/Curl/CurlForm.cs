using System.Text;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>A form as curl sends it (multipart/form-data, RFC 7578): text, and files that are read when they are sent.</summary>
internal sealed class CurlForm : IBodySource
{
    private readonly List<(byte[]? Bytes, IBodySource? File)> _pieces = [];

    private static readonly (string End, string Type)[] s_types =
    [
        (".gif", "image/gif"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".png", "image/png"), (".svg", "image/svg+xml"), (".txt", "text/plain"),
        (".htm", "text/html"), (".html", "text/html"), (".pdf", "application/pdf"), (".xml", "application/xml"),
    ];

    private CurlForm(string boundary) => Type = $"multipart/form-data; boundary={boundary}";

    public BodyOrigin Origin => new(BodyKind.Form);

    public string? Type { get; }

    public long? Length => _pieces.All(static one => one.File is null || one.File.Length is not null)
        ? _pieces.Sum(static one => one.Bytes?.Length ?? one.File!.Length!.Value) : null;

    public bool CanRewind => _pieces.All(static one => one.File is null || one.File.CanRewind);

    public bool IsSpent => _pieces.Exists(static one => one.File is { IsSpent: true });

    public IBodyReader Open() => new Reader(this);

    /// <summary>Reads the values of <c>-F</c>.</summary>
    /// <param name="task">What was given.</param>
    /// <param name="random">Makes boundaries.</param>
    /// <param name="open">Opens a file; null where it cannot be read.</param>
    /// <param name="read">Reads a file; null likewise.</param>
    /// <exception cref="CurlStop">A part cannot be read.</exception>
    public static CurlForm Read(CurlTask task, Func<string> random, Func<string, IBodySource?> open, Func<string, byte[]?> read)
    {
        var boundary = "------------------------" + random();
        var form = new CurlForm(boundary);
        foreach (var (kind, text) in task.Form)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) { throw new CurlStop(CurlCode.FailedInit, "curl: Illegally formatted input field"); }
            var (name, value) = (text[..equals], text[(equals + 1)..]);
            if (kind == CurlFormKind.Text)
            {
                form.Begin(boundary, Disposition(task, "form-data", name, null), null, []);
                form._pieces.Add((OctetText.Octets(value), null));
                continue;
            }
            var parts = Parts(value);
            if (parts.Count > 1 && parts.TrueForAll(static one => one.IsFile))
            {
                var inner = "------------------------" + random();
                form.Begin(boundary, Disposition(task, "form-data", name, null), $"multipart/mixed; boundary={inner}", []);
                var first = form._pieces.Count;
                foreach (var part in parts) { form.AddFile(task, inner, "attachment", null, part, open, read); }
                form.DropLineEnd(first);
                form.Write($"\r\n--{inner}--\r\n");
                continue;
            }
            var only = parts[0];
            if (only.IsFile) { form.AddFile(task, boundary, "form-data", name, only, open, read); }
            else
            {
                var content = only.IsContent ? read(only.Value) ?? throw Unreadable() : OctetText.Octets(only.Value);
                form.Begin(boundary, Disposition(task, "form-data", name, only.FileName), only.Type, only.Headers);
                form._pieces.Add((content, null));
            }
        }
        form.Write($"\r\n--{boundary}--\r\n");
        form.DropLineEnd(0);
        return form;
    }

    // Before the first delimiter of a multipart there is no line that could end.
    private void DropLineEnd(int piece)
    {
        if (_pieces[piece].Bytes is [(byte)'\r', (byte)'\n', .. var rest]) { _pieces[piece] = (rest, null); }
    }

    private static CurlStop Unreadable() => new(CurlCode.ReadError, "Failed to open/read local data from file/application");

    private void AddFile(
        CurlTask task, string boundary, string kind, string? name, Part part, Func<string, IBodySource?> open, Func<string, byte[]?> read)
    {
        var shown = part.FileName ?? (part.Value == "-" ? "-" : Path.GetFileName(part.Value));
        // By the name that the server is told, else by the file's own.
        var found = part.Type ?? TypeOf(shown) ?? TypeOf(part.Value);
        // Standard input is read to its end, so that the length is known; it has no name that would say its type.
        var isInput = part.Value == "-";
        Begin(boundary, Disposition(task, kind, name, shown), found ?? (isInput ? null : "application/octet-stream"), part.Headers);
        _pieces.Add(isInput ? (read(part.Value) ?? throw Unreadable(), null) : (null, open(part.Value) ?? throw Unreadable()));
    }

    private static string? TypeOf(string name) => s_types.FirstOrDefault(one => name.EndsWith(one.End, StringComparison.OrdinalIgnoreCase)).Type;

    private void Begin(string boundary, string disposition, string? type, IReadOnlyList<string> headers)
    {
        var head = new StringBuilder("\r\n--").Append(boundary).Append("\r\nContent-Disposition: ").Append(disposition).Append("\r\n");
        if (type is not null) { head.Append("Content-Type: ").Append(type).Append("\r\n"); }
        foreach (var one in headers) { head.Append(one).Append("\r\n"); }
        Write(head.Append("\r\n").ToString());
    }

    private void Write(string text) => _pieces.Add((OctetText.Octets(text), null));

    private static string Disposition(CurlTask task, string kind, string? name, string? file) =>
        kind + (name is null ? "" : $"; name=\"{Escaped(task, name)}\"") + (file is null ? "" : $"; filename=\"{Escaped(task, file)}\"");

    private static string Escaped(CurlTask task, string text) => task.EscapesForm
        ? text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        : text.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private sealed record Part(string Value, bool IsFile, bool IsContent)
    {
        public string? Type { get; set; }

        public string? FileName { get; set; }

        public List<string> Headers { get; } = [];
    }

    // [@|<]value[;type=…][;filename=…][;headers=…], and for files more of them behind commas.
    private static List<Part> Parts(string text)
    {
        var parts = new List<Part>();
        var (isFile, isContent) = (text.StartsWith('@'), text.StartsWith('<'));
        var at = isFile || isContent ? 1 : 0;
        while (true)
        {
            var value = Word(text, ref at, isFile ? ",;" : ";");
            var part = new Part(value.Trim(' '), isFile, isContent);
            while (at < text.Length && text[at] == ';')
            {
                at++;
                while (at < text.Length && text[at] == ' ') { at++; }
                if (StartsWith(text, at, "type="))
                {
                    at += 5;
                    part.Type = MediaType(text, ref at, isFile);
                }
                else if (StartsWith(text, at, "filename="))
                {
                    at += 9;
                    part.FileName = Word(text, ref at, isFile ? ",;" : ";");
                }
                else if (StartsWith(text, at, "headers="))
                {
                    at += 8;
                    part.Headers.Add(Word(text, ref at, isFile ? ",;" : ";"));
                }
                else if (StartsWith(text, at, "encoder=")) { throw new CurlStop(CurlCode.FailedInit, "") { NotDone = "-F ';encoder='" }; }
                else
                {
                    // What is none of these belongs to the text.
                    var start = at;
                    var more = Word(text, ref at, isFile ? ",;" : ";");
                    if (!isFile && !isContent) { part = part with { Value = part.Value + ";" + text[start..at] }; }
                    _ = more;
                }
            }
            parts.Add(part);
            if (!isFile || at >= text.Length) { return parts; }
            at++;
        }
    }

    private static bool StartsWith(string text, int at, string word) => string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    // A media type may have parameters of its own.
    private static string MediaType(string text, ref int at, bool isFile)
    {
        var type = Word(text, ref at, isFile ? ",;" : ";");
        while (at < text.Length && text[at] == ';')
        {
            var next = at + 1;
            while (next < text.Length && text[next] == ' ') { next++; }
            if (StartsWith(text, next, "type=") || StartsWith(text, next, "filename=") || StartsWith(text, next, "headers=") || StartsWith(text, next,
                "encoder="))
            {
                break;
            }
            var from = at;
            at++;
            Word(text, ref at, isFile ? ",;" : ";");
            type += text[from..at];
        }
        return type.TrimEnd();
    }

    private static string Word(string text, ref int at, string ends)
    {
        while (at < text.Length && text[at] == ' ') { at++; }
        if (at < text.Length && text[at] == '"')
        {
            var quoted = new StringBuilder();
            var i = at + 1;
            for (; i < text.Length && text[i] != '"'; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '\\' or '"') { i++; }
                quoted.Append(text[i]);
            }
            var behind = i + 1;
            while (behind < text.Length && text[behind] == ' ') { behind++; }
            if (i < text.Length && (behind >= text.Length || ends.Contains(text[behind], StringComparison.Ordinal)))
            {
                at = behind;
                return quoted.ToString();
            }
        }
        var start = at;
        while (at < text.Length && !ends.Contains(text[at], StringComparison.Ordinal)) { at++; }
        return text[start..at];
    }

    private sealed class Reader(CurlForm form) : IBodyReader
    {
        private int _piece;
        private int _at;
        private IBodyReader? _file;

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            while (_piece < form._pieces.Count)
            {
                var (bytes, file) = form._pieces[_piece];
                int count;
                if (bytes is not null)
                {
                    count = Math.Min(destination.Length, bytes.Length - _at);
                    bytes.AsMemory(_at, count).CopyTo(destination);
                    _at += count;
                }
                else { count = await (_file ??= file!.Open()).ReadAsync(destination, cancellationToken); }
                if (count > 0) { return count; }
                _file?.Close();
                (_piece, _at, _file) = (_piece + 1, 0, null);
            }
            return 0;
        }

        public void Close() => _file?.Close();
    }
}
