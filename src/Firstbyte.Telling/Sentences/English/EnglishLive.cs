using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishLive : ILiveSentences
{
    public string Modes => "Where";

    public string LabMode => "Lab";

    public string LiveMode => "Real network";

    public string Tagline => "Enter a URL: the machine that serves this page goes there by its own network, and every step of it is shown here.";

    public Phrase PublicOnly => "Others can reach this server, so it goes to public addresses alone: a private one ends in EACCES.";

    public Phrase Limits(string seconds, string bytes) => $"At most {seconds:number} s and {bytes:number} bytes of content.";

    public string Cancel => "Cancel";

    public string MethodLabel => "Method";

    public string RedirectsLabel => "Follow redirects";

    public string Waterfall => "Waterfall";

    public string Sockets => "Sockets";

    public string Response => "Response";

    public string Files => "Files";

    public string NothingYet => "No journey was made yet.";

    public string NoRelay => "No name was asked for.";

    public string NoSockets => "No socket was created.";

    public string NoResponse => "No response has come.";

    public string Part(ExchangePart part) => part switch
    {
        ExchangePart.Blocked => "waits its turn",
        ExchangePart.Name => "name",
        ExchangePart.Connect => "connect",
        ExchangePart.Tls => "TLS",
        ExchangePart.Send => "send",
        ExchangePart.Wait => "wait",
        ExchangePart.Receive => "receive",
    };

    public IReadOnlyList<string> SocketHeads { get; } = ["Socket", "Kind", "Own end", "Other end", "Sent", "Received", "Opened", "Lived", "End"];

    public string ExchangeLabel => "Exchange";

    public string PartTook(ExchangePart part, string time) => $"{Part(part)}: {time}";

    public string SocketKind(bool isStream) => isStream ? "TCP" : "UDP";

    public string SocketOpen => "open";

    public string SocketUntold => "not told";

    public string SocketClosed(bool isReset) => isReset ? "reset" : "closed";

    public string SocketFailed(string errno) => $"connect: {errno}";

    public string RequestHead => "Request";

    public string ResponseHead => "Response head";

    public string NoContentHere => "The content that is kept is the last exchange's.";

    public Phrase Size(string bytes) => $"{bytes:number} bytes";

    public string BodyHead => "Content";

    public Phrase BodyCut(string shown, string whole) => $"{shown:number} of {whole:number} bytes are shown.";

    public Phrase BodyIsNoText(string length) => $"{length:number} bytes that are no text";

    public string DownloadHar => "Download as HAR";

    public string DownloadEvents => "Download the events (JSON lines)";

    public string OpenHar => "Open a HAR file";

    public Phrase HarOpened(string file, int exchanges) => $"{file:name}: {exchanges} exchanges";

    public Phrase HarEmpty(string file) => $"{file:name} is an HTTP archive in which nothing is: it was kept before anything was loaded.";

    public Phrase HarRefused(string file) => $"{file:name} is no HTTP archive (HAR 1.2).";

    public Phrase HarTooLarge(string file, string most) => $"{file:name} is larger than {most:number} bytes, which is as much as the page reads.";

    public Phrase HarCut(int shown, int all) => $"The first {shown} of {all} exchanges are shown.";

    public string NotInHar => "A HAR file does not say this.";

    public Phrase Running => "The journey is under way…";

    public Phrase Cancelled => "The journey was cancelled.";

    public Phrase BrokenOff => "The connection to the server broke off: what had been told by then is shown.";

    public Phrase Refused(HostRefusal reason) => reason switch
    {
        HostRefusal.NoToken => "Journeys over the real network are for whoever opens this page by the address that firstbyte-host printed when it started.",
        HostRefusal.WrongHost or HostRefusal.WrongOrigin => "The server refuses requests under this name.",
        HostRefusal.Unreadable => "The server could not read the request.",
        HostRefusal.Scheme => "Journeys over the real network go to http and https alone.",
        HostRefusal.Method => "Journeys over the real network ask by GET and HEAD alone.",
        HostRefusal.TooLong => "The URL is longer than the server takes.",
        HostRefusal.Busy => "As many journeys are under way as the server makes at once; try again when one has ended.",
        HostRefusal.Forgotten => "The server does not keep what this journey has left any more.",
    };
}
