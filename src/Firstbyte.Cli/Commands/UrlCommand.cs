using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte url URL…</c>: how a text becomes a URL, or why it does not.</summary>
internal static class UrlCommand
{
    // Nothing of these lines is ever put into a page, so only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CommandIo io)
    {
        var urls = new Argument<string[]>("url") { Description = io.Language.Help.ExplainUrlTexts, Arity = ArgumentArity.ZeroOrMore };
        var against = new Option<string?>("--base") { Description = io.Language.Help.ExplainUrlBase, HelpName = "URL" };
        var json = new Option<bool>("--json") { Description = io.Language.Help.ExplainUrlJson };
        var secrets = new Option<bool>("--show-secrets") { Description = io.Language.Help.ShowPasswords };
        var batch = new Option<bool>("--batch") { Description = io.Language.Help.ExplainUrlBatch };
        var bench = new Option<string?>("--bench") { Description = io.Language.Help.ExplainUrlBench, HelpName = "FILE" };
        var command = new Command("url", io.Language.Help.ExplainUrl) { urls, against, json, secrets, batch, bench };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(batch)) { return UrlBatch.Run(io.Input, io.Output); }
            if (parsed.GetValue(bench) is { } file) { return Bench(io, file); }
            var texts = parsed.GetValue(urls) ?? [];
            if (texts.Length == 0) { throw new UsageException(io.Language.Usage.UrlWantsText); }
            Url? baseUrl = null;
            if (parsed.GetValue(against) is { } text && !Url.TryParse(text, null, out baseUrl, out var error))
            {
                throw new UsageException(io.Language.Usage.NoBase(text, io.Language.Urls.Violation(error.Reason), error.Position + 1));
            }
            // What is resolved against it has its credentials.
            if (baseUrl is not null && !parsed.GetValue(secrets)) { baseUrl = UrlSecrets.Mask(Url.Explain(baseUrl.Href)).Url; }
            return Explain(io, texts, baseUrl, parsed.GetValue(json), parsed.GetValue(secrets));
        });
        return command;
    }

    private static int Explain(CommandIo io, string[] texts, Url? baseUrl, bool json, bool showSecrets)
    {
        var exitCode = 0;
        var page = io.OpenPage();
        foreach (var text in texts)
        {
            var explanation = Url.Explain(text, baseUrl);
            if (!showSecrets) { explanation = UrlSecrets.Mask(explanation, baseUrl); }
            if (json) { WriteJson(io.Text, explanation); }
            else
            {
                if (text != texts[0]) { page.Gap(); }
                new UrlDrawing(page, io.Language).Draw(explanation);
                if (baseUrl is null && UrlInput.LacksScheme(text)) { page.Result(io.Language.Urls.FetchedLabel, Fetched(io.Language.Urls, text, showSecrets)); }
            }
            if (explanation.Error is not null) { exitCode = ExitCodes.UrlMalformed; }
        }
        return exitCode;
    }

    // The standard wants a scheme or a base; who types a host means the web.
    private static Phrase Fetched(IUrlSentences words, string text, bool showSecrets)
    {
        if (!UrlInput.TryRead(text, out var url, out var error, out _))
        {
            return words.FetchFails(words.Violation(error!.Reason), UrlInput.CharactersBefore(text, error.Position) + 1);
        }
        return words.FetchedAs(showSecrets ? url!.Href : UrlSecrets.Mask(Url.Explain(url!.Href)).Url!.Href);
    }

    private static void WriteJson(TextWriter output, UrlExplanation explanation)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("input", UrlBatch.Whole(explanation.Input));
            if (explanation.Url is { } url) { UrlBatch.WriteParts(json, url); }
            if (explanation.Error is { } error)
            {
                json.WriteBoolean("failure", true);
                json.WriteString("reason", error.Reason.StandardName());
                json.WriteNumber("position", error.Position);
            }
            json.WriteStartArray("parts");
            foreach (var part in explanation.Parts)
            {
                json.WriteStartObject();
                json.WriteString("part", part.Part.ToString());
                json.WriteString("value", part.Value);
                json.WriteString("source", part.Source.ToString());
                WriteRange(json, part.InputStart, part.InputLength);
                json.WriteNumber("hrefStart", part.HrefStart);
                json.WriteNumber("hrefLength", part.HrefLength);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("changes");
            foreach (var change in explanation.Changes)
            {
                json.WriteStartObject();
                json.WriteString("part", change.Part?.ToString());
                json.WriteString("kind", change.Kind.ToString());
                WriteRange(json, change.InputStart, change.InputLength);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("violations");
            foreach (var violation in explanation.Violations)
            {
                json.WriteStartObject();
                json.WriteString("error", violation.Error.StandardName());
                json.WriteNumber("position", violation.Position);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(Printable.Json(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)).Span));
    }

    private static void WriteRange(Utf8JsonWriter json, int start, int length)
    {
        json.WriteNumber("inputStart", start);
        json.WriteNumber("inputLength", length);
    }

    private static int Bench(CommandIo io, string file)
    {
        string[] urls = [.. io.ReadText(file).ReplaceLineEndings("\n").Split('\n').Where(static line => line.Length > 0)];
        if (urls.Length == 0) { throw new UsageException(io.Language.Usage.NoUrlsIn(file), ExitCodes.ReadFailed); }
        var rows = UrlBenchmark.Run(urls);
        var unit = rows.First(row => row.Name == UrlBenchmark.SystemUri).NanosecondsPerUrl;
        io.Text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{urls.Length} URLs, {urls.Average(Encoding.UTF8.GetByteCount):F0} bytes on average, {(ThreadClock.IsCpuTime ? "CPU time of the thread" : "elapsed time")}, median of interleaved passes"));
        io.Text.WriteLine($"{"",-36} {"ns/URL",10} {"bytes/URL",10} {"of System.Uri",14} {"accepted",10}");
        foreach (var row in rows)
        {
            io.Text.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Name,-36} {row.NanosecondsPerUrl,10:F1} {row.BytesPerUrl,10:F0} {row.NanosecondsPerUrl / unit,14:F3} {row.Accepted,10}"));
        }
        return 0;
    }
}
