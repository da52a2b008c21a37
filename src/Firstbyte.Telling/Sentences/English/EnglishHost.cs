using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishHost : IHostSentences
{
    public string Summary => "Serves the page with journeys over this machine's network, and DNS over HTTPS.";

    public string OptionsHead => "Options:";

    public string Option(HostOption option) => option switch
    {
        HostOption.Listen => "where the page is served (default 127.0.0.1:8080); port 0 lets the system choose",
        HostOption.Root => "the folder of the published page (default: 'web' beside this program)",
        HostOption.Name => "a name by which browsers may call the server, beside localhost and addresses; several times",
        HostOption.PublicOnly => "journeys go to public addresses alone, as they do where others than this machine can reach the page",
        HostOption.AllowTarget => "addresses to which journeys may go all the same, as a prefix; several times",
        HostOption.Server => "the DNS server that journeys ask (default: the system's)",
        HostOption.Iterative => "journeys resolve names from the root servers down",
        HostOption.MaximumTime => "how long a journey may take, in seconds (default 30)",
        HostOption.MaximumBytes => "how many bytes of content a journey may bring (default 8388608)",
        HostOption.Journeys => "how many journeys may be under way at once (default 4)",
        HostOption.NoPage => "do not serve the page",
        HostOption.Doh => "where DNS over HTTPS is spoken, at the path /dns-query (RFC 8484)",
        HostOption.Zone => "a zone that it answers from; several times",
        HostOption.Resolver => "it answers by resolving from the root servers down",
        HostOption.RootHints => "the root servers to begin with, as a zone file",
        HostOption.UpstreamPort => "the port that the resolver asks others at (default 53)",
        HostOption.TrustAnchor => "the keys from which answers are checked downwards, as a file of DS or DNSKEY records (default: the public root's)",
        HostOption.AllowClient => "a network whose hosts the resolver answers (default: this machine and the networks on its cards); several times",
        HostOption.SharedCache => "a server of the Redis protocol (Redis, Valkey) that the resolver asks for answers before it asks others, and gives its own",
        HostOption.SharedCacheKey => "the secret of all resolvers that share it, 32 bytes at least: nothing without their seal is believed",
        HostOption.SharedCachePassword => "what that server wants to be told, as a file",
        HostOption.TlsCertificate => "the certificate, with those that lead to its root, as PEM",
        HostOption.TlsKey => "its private key, as PEM",
        HostOption.Metrics => "where Prometheus may fetch what was counted, at the path /metrics",
        HostOption.Language => "the language it speaks: en, zh",
        HostOption.Version => "the version",
        HostOption.Help => "this page",
    };

    public Phrase PageAt(string url) => $"the page is at {url}; Ctrl-C ends";

    public Phrase DohAt(string url) => $"DNS over HTTPS is at {url}; Ctrl-C ends";

    public Phrase OpenToOthers =>
        "others than this machine can reach the page: whoever has the token can have journeys made from here, to public addresses alone";

    public Phrase DohWithoutTls => "DNS over HTTPS without a certificate: only a proxy that speaks TLS should stand before it";

    public Phrase UnknownOption(string text) => $"there is no option '{text}'; '--help' lists them";

    public Phrase ValueMissing(string option) => $"{option} wants a value";

    public Phrase ValueRefused(string option, string value) => $"'{value}' is no value for {option}";

    public Phrase Wants(string option, string other) => $"{option} wants {other} as well";

    public Phrase SecretTooShort(string file, int least) => $"the secret in '{file}' has less than {least} bytes";

    public Phrase TwoAnswerers => "--zone and --resolver are two servers: start one for each";

    public Phrase NothingToServe => "nothing is left to serve: --no-page wants --doh ADDR:PORT";

    public Phrase CertificateKept(Phrase reason) => $"{reason}; the certificate from before is shown on";

    public string Refusal(HostRefusal reason) => reason switch
    {
        HostRefusal.NoToken => "The token is missing or is another's: open the page by the address that firstbyte-host printed when it started.",
        HostRefusal.WrongHost => "The server does not go by this name: use its address, localhost, or a name that it was told (--name).",
        HostRefusal.WrongOrigin => "Another page has asked; only the server's own may.",
        HostRefusal.Unreadable => "The request cannot be read.",
        HostRefusal.Scheme => "Journeys go to http and https alone.",
        HostRefusal.Method => "Journeys ask by GET and HEAD alone.",
        HostRefusal.TooLong => "The URL is longer than is taken.",
        HostRefusal.Busy => "As many journeys are under way as may be; try again when one has ended.",
        HostRefusal.Forgotten => "What this journey has left is not kept any more.",
    };
}
