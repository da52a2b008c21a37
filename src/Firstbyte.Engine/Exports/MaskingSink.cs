using System.Text;
using Firstbyte.Doctor;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.Measuring;
using Firstbyte.News;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Exports;

/// <summary>Covers secrets in every event before any consumer sees it (docs/decisions/0003).</summary>
/// <remarks>Events are never changed in place: another consumer of the run may be entitled to the truth.</remarks>
public sealed class MaskingSink(ITraceSink next) : ITraceSink
{
    private readonly Dictionary<(int Descriptor, bool Sent), SecretWire> _wires = [];

    // A command with a secret of which the bytes are still to come.
    private string? _hidesNext;

    // A token that was an FTP user's name: servers like to repeat it ("331 Password required for …").
    private string? _ftpUser;

    /// <inheritdoc/>
    public bool IsListening => next.IsListening;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent) => next.Tell(Mask(traceEvent));

    private TraceEvent Mask(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case JourneyStarted e: return e with { Input = SecretText.MaskUrl(e.Input) };
            case SchemeAssumed e: return e with { Input = SecretText.MaskUrl(e.Input) };
            case UrlRefused e:
                // What stands behind the secret has moved with it: the place is one of the text that is told.
                var shown = SecretText.MaskUrl(e.Input);
                var isBehind = e.Position <= e.Input.Length && shown.AsSpan().EndsWith(e.Input.AsSpan(e.Position));
                return e with { Input = shown, Position = isBehind ? shown.Length - (e.Input.Length - e.Position) : Math.Min(e.Position, shown.Length) };
            case UrlViolationFound e: return e with { Input = SecretText.MaskUrl(e.Input) };
            case UrlParsed e:
                return e with
                {
                    Input = SecretText.MaskUrl(e.Input),
                    Href = SecretText.MaskUrl(e.Href),
                    Password = e.Password.Length > 0 ? SecretText.Cover : "",
                    Username = SecretNames.IsToken(e.Username, e.Password) ? SecretText.Cover : e.Username,
                    // What the whole URL covers, its parts cover too.
                    Path = SecretText.Mask(e.Path),
                    Query = SecretText.Mask(e.Query),
                    Fragment = SecretText.Mask(e.Fragment),
                };
            case ProxyNamed e: return e with { Value = SecretText.MaskUrl(e.Value) };
            case RequestComposed e: return e with { Target = SecretText.MaskUrl(e.Target), Fields = MaskFields(e.Fields) };
            case RequestWritten e: return e with { Target = SecretText.MaskUrl(e.Target), Fields = MaskFields(e.Fields) };
            case InformationalReceived e: return e with { Fields = MaskFields(e.Fields) };
            case ResponseHeadReceived e: return e with { Fields = MaskFields(e.Fields) };
            case CacheAnswered e: return e with { Fields = MaskFields(e.Fields) };
            case CacheDoubted e: return e with { Conditions = MaskFields(e.Conditions) };
            case CacheForgot e: return e with { Uri = SecretText.MaskUrl(e.Uri) };
            case ResponseCompleted e: return e with { Trailers = MaskFields(e.Trailers) };
            case RedirectNotFollowed e: return e with { Location = SecretText.MaskUrl(e.Location) };
            case RedirectFollowed e: return e with { Href = SecretText.MaskUrl(e.Href) };
            case JourneyFailed e: return e with { Failure = SecretText.MaskFailure(e.Failure, _ftpUser) };
            case RepetitionStarted e: return e with { Input = SecretText.MaskUrl(e.Input) };
            case JourneysMeasured { Failure: { } cause } e: return e with { Failure = SecretText.MaskFailure(cause, _ftpUser) };
            case ExaminationStarted e: return e with { Href = SecretText.MaskUrl(e.Href) };
            case LookStarted e: return e with { Href = SecretText.MaskUrl(e.Href) };
            case LookTaken e:
                return e with { Href = SecretText.MaskUrl(e.Href), Failure = e.Failure is null ? null : SecretText.MaskFailure(e.Failure, _ftpUser) };
            case FindingFound e: return e with { Finding = SecretText.MaskFinding(e.Finding) };
            case ExaminationCompared e:
                return e with { Come = [.. e.Come.Select(SecretText.MaskFinding)], Gone = [.. e.Gone.Select(SecretText.MaskFinding)] };
            case ExaminationCompleted e: return e with { Href = SecretText.MaskUrl(e.Href) };
            case FtpCommandSent { Verb: "USER" } e when SecretNames.IsToken(e.Argument):
                _ftpUser = e.Argument;
                return e with { Argument = SecretText.Cover };
            case FtpReplyReceived e: return e with { Lines = [.. e.Lines.Select(WithoutUser)] };
            case JourneyCompleted e: return e with { Href = SecretText.MaskUrl(e.Href), Reason = WithoutUser(e.Reason) };
            // How it is said is no secret; what follows goes out with the next send.
            case SmtpCommandSent e:
                _hidesNext = e.Argument.EndsWith(SecretText.Cover, StringComparison.Ordinal) ? $"{e.Verb} {e.Argument}".Trim() : null;
                return e;
            case NntpCommandSent e:
                _hidesNext = e.Argument.EndsWith(SecretText.Cover, StringComparison.Ordinal) ? $"{e.Verb} {e.Argument}" : null;
                return e;
            case BytesSent { Data: not null } e when _hidesNext is { } hidden:
                _hidesNext = null;
                return e with { Data = Encoding.UTF8.GetBytes(hidden + "\r\n") };
            case MailComposed e: return e with { Subject = SecretText.Mask(e.Subject) };
            case MailStored e: return e with { Subject = SecretText.Mask(e.Subject) };
            case FileFound e: return e with { Path = SecretText.Mask(e.Path) };
            case FileRead e: return e with { Path = SecretText.Mask(e.Path) };
            case DirectoryListed e: return e with { Path = SecretText.Mask(e.Path), Entries = [.. e.Entries.Select(Mask)] };
            case FileStored e: return e with { Path = SecretText.Mask(e.Path) };
            case RetryImpossible e: return e with { Name = SecretText.Mask(e.Name) };
            case BodyChosen e: return e with { Name = SecretText.Mask(e.Name), Parts = [.. e.Parts.Select(Mask)] };
            case SocketCreated e:
                _wires.Remove((e.Descriptor, true));
                _wires.Remove((e.Descriptor, false));
                return e;
            // A command of FTP is one send: the password's is covered whole.
            case BytesSent { Data: { } data } e when data.AsSpan().StartsWith("PASS "u8) || data.AsSpan().StartsWith("ACCT "u8):
                return e with { Data = [.. data.AsSpan(0, 5), .. "********\r\n"u8] };
            case BytesSent { Data: { } data } e: return e with { Data = Wire(e.Descriptor, true).Mask(data) };
            case BytesReceived { Data: { } data } e: return e with { Data = WithoutUser(Wire(e.Descriptor, false).Mask(data)) };
            default: return traceEvent;
        }
    }

    private string WithoutUser(string said) => _ftpUser is null ? said : said.Replace(_ftpUser, SecretText.Cover, StringComparison.Ordinal);

    private byte[] WithoutUser(byte[] data)
    {
        if (_ftpUser is null) { return data; }
        var user = Encoding.Latin1.GetBytes(_ftpUser);
        for (var from = 0; data.AsSpan(from).IndexOf(user) is >= 0 and var at; from += at + user.Length)
        {
            data.AsSpan(from + at, user.Length).Fill((byte)'*');
        }
        return data;
    }

    private static FileEntry Mask(FileEntry entry) => entry with { Name = SecretText.Mask(entry.Name) };

    private static FormPartChosen Mask(FormPartChosen part) =>
        part with { Name = SecretText.Mask(part.Name), FileName = part.FileName is { } file ? SecretText.Mask(file) : null };

    private SecretWire Wire(int descriptor, bool sent)
    {
        if (!_wires.TryGetValue((descriptor, sent), out var wire)) { _wires[(descriptor, sent)] = wire = new SecretWire(); }
        return wire;
    }

    private static HttpField[] MaskFields(HttpField[] fields)
    {
        HttpField[]? masked = null;
        for (var i = 0; i < fields.Length; i++)
        {
            // A redirect's target, the page one came from, a link: URLs may carry credentials of their own wherever they stand.
            var covered = SecretText.MaskField(fields[i]);
            if (ReferenceEquals(covered.Value, fields[i].Value)) { continue; }
            masked ??= (HttpField[])fields.Clone();
            masked[i] = covered;
        }
        return masked ?? fields;
    }
}
