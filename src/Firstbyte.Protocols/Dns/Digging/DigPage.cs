using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Digging;

/// <summary>From whom an answer came, and when.</summary>
/// <param name="Server">Who answered.</param>
/// <param name="ServerName">The server as it was named.</param>
/// <param name="Transport">"UDP", "TCP" or "TLS".</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="At">When it came, in the host's own time.</param>
public sealed record DigDelivery(Endpoint Server, string ServerName, string Transport, TimeSpan Elapsed, DateTimeOffset At)
{
    /// <summary>The cookie that the query had.</summary>
    public byte[]? SentCookie { get; init; }

    /// <summary>Whether the answer's signature is not what it should be.</summary>
    public bool IsForged { get; init; }
}

/// <summary>Answers as dig shows them (dig(1); its output is what other programs read, and is the same in every language).</summary>
/// <remarks>
/// What dig writes is compared line by line in a test with what this writes. Records stand in the order in which they came. Of what the line says only the
/// secret of a key is not shown again, and of a query its padding is, as it is sent.
/// </remarks>
public static class DigPage
{
    private const ushort ReservedBit = 0x0040;

    /// <summary>What stands above the first answer.</summary>
    /// <param name="version">Who asks.</param>
    /// <param name="line">The words of the line.</param>
    /// <param name="servers">The servers that were found by the name behind "@"; null where none was named.</param>
    /// <param name="query">The first question.</param>
    /// <param name="isFirst">False for a line of a batch but the first.</param>
    public static string Greeting(string version, string line, int? servers, DigQuery query, bool isFirst)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!query.Display.Command) { return ""; }
        var text = new StringBuilder($"\n; <<>> DiG {version} <<>>{(line.Length > 0 ? " " : "")}{line}\n");
        if (!isFirst) { return text.ToString(); }
        if (servers is { } count) { text.Append(CultureInfo.InvariantCulture, $"; ({count} server{(count == 1 ? "" : "s")} found)\n"); }
        return text.Append(";; global options:").Append(query.Display.IsShort ? " +short" : "").Append(" +cmd\n").ToString();
    }

    /// <summary>A message: the query where dig shows it, or an answer.</summary>
    public static string Message(ReadOnlySpan<byte> bytes, DigQuery query, bool isQuery, byte[]? sentCookie)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!MessageView.TryRead(bytes, out var view, out _)) { return ""; }
        var display = query.Display;
        var text = new StringBuilder();
        var records = new DigRecordText(display);
        if (display.IsShort && !isQuery) { return ""; }
        if (display.Comments) { Head(text, view, bytes, isQuery, query); }
        if (display.Comments)
        {
            text.Append('\n');
            if (view.HasEdns)
            {
                text.Append(";; OPT PSEUDOSECTION:\n");
                foreach (var line in DigEdnsText.Lines(view.Edns, isQuery ? null : sentCookie)) { text.Append(line).Append('\n'); }
            }
        }
        if (display.Question && view.Header.QuestionCount > 0)
        {
            if (display.Comments) { text.Append($";; {(query.OpCode == OpCode.Update ? "ZONE" : "QUESTION")} SECTION:\n"); }
            foreach (var question in view.Questions) { text.Append(';').Append(records.Question(question.ToQuestion())).Append('\n'); }
            if (display.Comments) { text.Append('\n'); }
        }
        if (display.Answer) { Section(text, view.Answers, "ANSWER", display, records); }
        if (display.Authority) { Section(text, view.Authorities, "AUTHORITY", display, records); }
        if (display.Additional) { Section(text, view.Additionals, "ADDITIONAL", display, records); }
        Signature(text, view.Additionals, display, records);
        return text.ToString();
    }

    /// <summary>The records of one message of a transfer, as they came.</summary>
    public static string Transfer(IEnumerable<DnsRecord> records, DigQuery query)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(query);
        if (!query.Display.Answer) { return ""; }
        var (text, writer) = (new StringBuilder(), new DigRecordText(query.Display));
        foreach (var record in records) { text.Append(query.Display.IsShort ? writer.Data(record.Data) : writer.Record(record)).Append('\n'); }
        return text.ToString();
    }

    /// <summary>The data of the answers, a line each.</summary>
    public static string Short(DnsMessage message, DigQuery query, DigDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(delivery);
        var (text, writer) = (new StringBuilder(), new DigRecordText(query.Display));
        foreach (var record in message.Answers)
        {
            text.Append(writer.Data(record.Data));
            if (query.Display.Identify) { text.Append($" from server {delivery.Server.Address} in {Elapsed(query, delivery.Elapsed)}."); }
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What stands below an answer.</summary>
    /// <param name="query">The question.</param>
    /// <param name="delivery">Who answered, and when.</param>
    /// <param name="size">The last line: the size of the message or transfer.</param>
    public static string Statistics(DigQuery query, DigDelivery delivery, string size)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(delivery);
        if (!query.Display.Statistics)
        {
            return query.Display is { Identify: true, IsShort: false } || query.IsTrace ? Received(query, delivery, size) : "";
        }
        var (count, unit) = query.Display.Microseconds
            ? ((long)delivery.Elapsed.TotalMicroseconds, "usec")
            : ((long)delivery.Elapsed.TotalMilliseconds, "msec");
        var forged = delivery.IsForged ? ";; WARNING -- Some TSIG could not be validated\n" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            ;; Query time: {count} {unit}
            ;; SERVER: {Shown(delivery.Server)}({delivery.ServerName}) ({delivery.Transport})
            ;; WHEN: {When(delivery.At)}
            ;; {size}

            """) + forged + "\n";
    }

    /// <summary>"MSG SIZE  rcvd: 91"</summary>
    public static string MessageSize(int bytes) => $"MSG SIZE  rcvd: {bytes}";

    /// <summary>"XFR size: 23 records (messages 1, bytes 811)"</summary>
    public static string TransferSize(long records, int messages, long bytes) => $"XFR size: {records} records (messages {messages}, bytes {bytes})";

    /// <summary>"192.0.2.1#53"</summary>
    public static string Shown(Endpoint server) => $"{server.Address}#{server.Port}";

    private static string Received(DigQuery query, DigDelivery delivery, string size) =>
        $";; Received {size.Split(' ').Last(static word => word.All(char.IsAsciiDigit))} bytes from {Shown(delivery.Server)}({delivery.ServerName}) in "
        + $"{Elapsed(query, delivery.Elapsed)}\n\n";

    private static string Elapsed(DigQuery query, TimeSpan elapsed) => query.Display.Microseconds
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)elapsed.TotalMicroseconds} us")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)elapsed.TotalMilliseconds} ms");

    private static string When(DateTimeOffset at) => at.ToString("ddd MMM dd HH:mm:ss ", CultureInfo.InvariantCulture)
        + (at.Offset == TimeSpan.Zero ? "UTC" : at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal))
        + at.ToString(" yyyy", CultureInfo.InvariantCulture);

    private static void Head(StringBuilder text, MessageView view, ReadOnlySpan<byte> bytes, bool isQuery, DigQuery query)
    {
        var header = view.Header;
        text.Append(isQuery ? ";; Sending:\n" : ";; Got answer:\n");
        text.Append(CultureInfo.InvariantCulture, $";; ->>HEADER<<- opcode: {OpCodeText(header.OpCode)}, ");
        text.Append(CultureInfo.InvariantCulture, $"status: {CodeText(view.ResponseCode)}, id: {header.Id}\n;; flags:");
        foreach (var (flag, name) in ((HeaderFlags, string)[])
        [
            (HeaderFlags.Response, "qr"), (HeaderFlags.AuthoritativeAnswer, "aa"), (HeaderFlags.Truncated, "tc"), (HeaderFlags.RecursionDesired, "rd"),
            (HeaderFlags.RecursionAvailable, "ra"), (HeaderFlags.AuthenticData, "ad"), (HeaderFlags.CheckingDisabled, "cd"),
        ])
        {
            if ((header.Flags & flag) != HeaderFlags.None) { text.Append(' ').Append(name); }
        }
        if (((bytes[2] << 8 | bytes[3]) & ReservedBit) != 0) { text.Append("; MBZ: 0x4"); }
        text.Append(
            CultureInfo.InvariantCulture,
            $"; QUERY: {header.QuestionCount}, ANSWER: {header.AnswerCount}, AUTHORITY: {header.AuthorityCount}, ADDITIONAL: {header.AdditionalCount}\n");
        if (isQuery) { return; }
        if (view.TrailingLength > 0)
        {
            var s = view.TrailingLength == 1 ? "" : "s";
            text.Append(CultureInfo.InvariantCulture, $";; WARNING: Message has {view.TrailingLength} extra byte{s} at end\n");
        }
        if ((header.Flags & HeaderFlags.RecursionDesired) != HeaderFlags.None && (header.Flags & HeaderFlags.RecursionAvailable) == HeaderFlags.None)
        {
            text.Append(";; WARNING: recursion requested but not available\n");
        }
        var isRefused = view.ResponseCode == ResponseCode.FormatError || view.ResponseCode == ResponseCode.NotImplemented;
        if (query.EdnsVersion is not null && !view.HasEdns && isRefused)
        {
            var without = query.IsDnssecWanted ? "+nodnssec +noedns" : "+noedns";
            text.Append($"\n;; WARNING: EDNS query returned status {CodeText(view.ResponseCode)} - retry with '{without}'\n");
        }
    }

    // The registry's names, and what is not in it as dig has it.
    private static string OpCodeText(OpCode code) => code.Value is 0 or 1 or 2 or 4 or 5 ? code.ToString() : $"RESERVED{code.Value}";

    private static string CodeText(ResponseCode code) => code.ToString() is ['R', 'C', 'O', 'D', 'E', .. var number] ? $"RESERVED{number}" : code.ToString();

    private static void Section(StringBuilder text, RecordEnumerator section, string name, DigDisplay display, DigRecordText writer)
    {
        var records = new List<DnsRecord>();
        foreach (var view in section)
        {
            if (view.Type != RecordType.OPT && view.Type != RecordType.TSIG && view.TryGetRecord(out var record)) { records.Add(record); }
        }
        if (records.Count == 0) { return; }
        if (display.Comments) { text.Append($";; {name} SECTION:\n"); }
        foreach (var record in records) { text.Append(writer.Record(record)).Append('\n'); }
        if (display.Comments) { text.Append('\n'); }
    }

    private static void Signature(StringBuilder text, RecordEnumerator additionals, DigDisplay display, DigRecordText writer)
    {
        if (!display.Comments) { return; }
        foreach (var view in additionals)
        {
            if (view.Type != RecordType.TSIG || !view.TryGetRecord(out var record)) { continue; }
            text.Append(";; TSIG PSEUDOSECTION:\n").Append(writer.Record(record)).Append(" \n\n");
        }
    }
}
