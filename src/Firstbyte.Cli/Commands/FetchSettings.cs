using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Connecting;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>What the command line asked to be fetched, and how.</summary>
internal sealed record FetchSettings
{
    public required string[] Urls { get; init; }

    /// <summary>The file of each URL's body; null where it is only shown.</summary>
    public string?[] Outputs { get; init; } = [];

    /// <summary>The file of the one URL; null where there is none, or there are several.</summary>
    public string? Output => Outputs is [var one] ? one : null;

    /// <summary>Whether files that a URL names get the name that the server gives.</summary>
    public bool TakesServersNames { get; init; }

    /// <summary>Which of the files are named by their URL.</summary>
    public bool[] NamedByUrl { get; init; } = [];

    /// <summary>What is printed when a transfer is over; null for nothing.</summary>
    public string? WriteOut { get; init; }

    /// <summary>Whether an error that is answered is a failure, and its content left out.</summary>
    public bool Fails { get; init; }

    /// <summary>Whether the heads of responses are printed before their bodies.</summary>
    public bool ShowsHeads { get; init; }

    public bool BodyOnly { get; init; }

    /// <summary>Whether the body goes to standard output as it is, even to a terminal.</summary>
    public bool IsRaw { get; init; }

    public bool Http10 { get; init; }

    /// <summary>Cookies to send, each a file of them or "name=value; name=value".</summary>
    public string[] Cookies { get; init; } = [];

    /// <summary>Where the cookies are kept after the run.</summary>
    public string? CookieJar { get; init; }

    /// <summary>Where it is kept which hosts want to be asked over TLS alone.</summary>
    public string? Hsts { get; init; }

    /// <summary>Where responses are kept.</summary>
    public string? Cache { get; init; }

    /// <summary>Where exchanges are written down.</summary>
    public string? Har { get; init; }

    /// <summary>Which bytes are wanted.</summary>
    public string? Range { get; init; }

    /// <summary>From where a transfer is gone on with, as it was typed.</summary>
    public string? ContinueAt { get; init; }

    /// <summary>Over how many connections each content is fetched.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Bytes that are here already; less than 0 of an upload: as many as the server has.</summary>
    public long ResumeAt { get; init; }

    /// <summary>What is here already of the file; null for nothing.</summary>
    public PartialFile? Part { get; init; }

    /// <summary>How often what may pass is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>Who asks, "user:password".</summary>
    public string? User { get; init; }

    /// <summary>How a password may be shown.</summary>
    public AuthenticationSchemes Authentication { get; init; } = AuthenticationSchemes.Basic;

    public string? BearerToken { get; init; }

    /// <summary>Whether passwords are taken from the user's own netrc file.</summary>
    public bool UsesNetrc { get; init; }

    /// <summary>The netrc file that passwords are taken from instead.</summary>
    public string? NetrcFile { get; init; }

    /// <summary>The addresses that hosts are given; null for none.</summary>
    public GivenAddresses? Given { get; init; }

    /// <summary>The one version of addresses that is wanted.</summary>
    public IpVersion AddressVersion { get; init; }

    /// <summary>Whether content codings are asked for, and taken off.</summary>
    public bool Compressed { get; init; }

    public string? Method { get; init; }

    public string[] Fields { get; init; } = [];

    /// <summary>Data to send, in the order in which it was given.</summary>
    public DataPart[] Data { get; init; } = [];

    /// <summary>The parts of a form to send, in their order.</summary>
    public FormArgument[] Form { get; init; } = [];

    /// <summary>Whether the data goes into the query of the URL.</summary>
    public bool Get { get; init; }

    public bool Head { get; init; }

    /// <summary>What is to be stored, each under the URL at its place; the other URLs are fetched, as curl does it.</summary>
    public string[] Uploads { get; init; } = [];

    /// <summary>Whether that may be a file of the host.</summary>
    public bool StoresFiles { get; init; }

    /// <summary>What becomes of messages.</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>Which news server is asked.</summary>
    public NewsOptions News { get; init; } = new();

    /// <summary>By way of which proxy; null where nobody was asked.</summary>
    public ProxyOptions.ProxyChoice? Proxies { get; init; }

    public bool Insecure { get; init; }

    /// <summary>Whether a response with any flaw is refused.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether redirects are followed.</summary>
    public bool Location { get; init; }

    public int? MaximumRedirects { get; init; }

    /// <summary>How long everything may take; less once content was waited for.</summary>
    public TimeSpan? MaximumTime { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>How often the journey is made, to be measured; null where it is made once, to be seen.</summary>
    public int? Repeat { get; init; }

    /// <summary>Whether measured journeys share a connection.</summary>
    public bool KeepsConnection { get; init; }

    /// <summary>Whether no line of progress is drawn.</summary>
    public bool NoProgress { get; init; }
}
