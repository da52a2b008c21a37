using System.Text;
using Firstbyte.Cli.Curl;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Journeys;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>-w: what the events of one URL's journeys come to, in the words of curl's variables. Times are those since the first journey began.</summary>
internal sealed class TransferFigures : ITraceSink
{
    private Instant? _began;
    private string? _href;
    private bool _isNamed, _hasTunnel, _asksForTunnel;

    /// <param name="url">The URL as it was typed; secrets are covered already.</param>
    public TransferFigures(string url) => Info = new CurlInfo { Url = url, EffectiveUrl = url };

    /// <summary>What is known so far.</summary>
    public CurlInfo Info { get; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        _began ??= traceEvent.At;
        var at = (traceEvent.At.Nanoseconds - _began.Value.Nanoseconds) / 1_000;
        switch (traceEvent)
        {
            case UrlParsed e: (Info.EffectiveUrl, _href, Info.Scheme, _isNamed) = (e.Href, e.Href, e.Scheme, false); break;
            case HstsHeeded e: (Info.EffectiveUrl, _href, Info.Scheme) = (e.Href, e.Href, "https"); break;
            case ConnectStarted when !_isNamed: (Info.NameLookup, _isNamed) = (at, true); break;
            case ConnectCompleted e: Note(e, at); break;
            case TlsHandshakeCompleted: Info.AppConnect = at; break;
            case ProxyChosen e: _hasTunnel = e.IsTunnel; break;
            case RequestWritten e:
                _asksForTunnel = _hasTunnel && e.Method == "CONNECT";
                (Info.Method, Info.PreTransfer, Info.PostTransfer) = (e.Method, at, at);
                Info.RequestBytes += e.HeadBytes;
                Info.Uploaded = e.BodyBytes;
                break;
            case ContentSent e: (Info.Uploaded, Info.PostTransfer) = (e.Bytes, at); break;
            case FirstByteReceived: Info.StartTransfer = at; break;
            case ResponseHeadReceived e:
                Info.HeaderBytes += e.HeadBytes;
                if (_asksForTunnel) { Info.ConnectCode = e.Status; }
                else { Note(e.Version, e.Status, e.Reason, e.Fields); }
                break;
            case CacheAnswered e: Note("HTTP/1.1", e.Status, e.Reason, e.Fields); break;
            case RedirectNotFollowed e:
                Info.RedirectUrl = _href is not null && Url.TryParse(_href, null, out var from, out _) && Url.TryParse(e.Location, from, out var to, out _)
                    ? to.Href : e.Location;
                break;
            case RedirectFollowed:
                Info.Redirects++;
                (Info.Redirect, Info.RedirectUrl) = (at, null);
                break;
            case RetryPlanned: Info.Retries++; break;
            case JourneyCompleted e:
                Info.Total = Math.Max(Info.Total, at);
                // A journey that was redirected may end after the one that it led to.
                if (e.Href != Info.EffectiveUrl) { break; }
                Info.Downloaded = e.BodyBytes;
                if (Info.ResponseCode == 0 && !_asksForTunnel) { (Info.ResponseCode, Info.Reason) = (e.Status, e.Reason); }
                break;
        }
    }

    private void Note(ConnectCompleted e, long at)
    {
        Info.Connects++;
        (Info.Connect, Info.ConnectionId) = (at, Info.ConnectionId + 1);
        // Of FTP the connection of the commands is meant, not that of the data.
        if (Info.RemotePort != 0 && Info.Scheme is "ftp" or "ftps") { return; }
        (Info.RemoteIp, Info.RemotePort) = ($"{e.Remote.Address}", e.Remote.Port);
        (Info.LocalIp, Info.LocalPort) = ($"{e.Local.Address}", e.Local.Port);
    }

    private void Note(string version, int status, string reason, HttpField[] fields)
    {
        (Info.ResponseCode, Info.Reason, Info.HttpVersion) = (status, reason, version["HTTP/".Length..]);
        Info.HeaderLines = fields.Length;
        Info.Headers.Clear();
        Info.Headers.AddRange(fields.Select(static field => (Decoded(field.Name), Decoded(field.Value))));
        Info.ContentType = Info.Headers.Find(static field => field.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
    }

    // Octets of a head are those of ISO 8859-1 here, and go out as the octets that they were.
    private static string Decoded(string text) => OctetText.Of(Encoding.Latin1.GetBytes(text));
}
