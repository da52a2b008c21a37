namespace Firstbyte.Telling.Sentences.English;

internal class EnglishHelp : IHelp
{
    // The command and where it works.
    public string Root => "Takes a URL from its text to the last byte of its response, and shows every step on the way.";
    public string Url => "What to fetch, e.g. http://example.com/; without a scheme http:// is assumed";
    public string Output => "Write the body to a file ('-': standard output)";
    public string Body => "Print only the body";

    public string Fail => "Leave out what comes with a status of 400 or more, and end with 22";

    public string RemoteName => "Save the body under the name at the end of the URL's path";

    public string RemoteHeaderName => "With -O: under the name that the server gives (Content-Disposition), unless there is such a file";

    public string WriteOut => "Print this text when a transfer is over, with curl's variables: '%{http_code} %{time_total}\\n' (@FILE reads it)";

    public string Include => "Print the heads of responses and then the body, and no story";

    public string UserAgent => "Say who asks (User-Agent); '' says nothing";

    public string Referer => "Say from which page the link comes (Referer)";
    public string Http10 => "Speak HTTP/1.0: the server closes after its response";
    public string Method => "The request's method";
    public string Header => "Add a field 'Name: value'; 'Name:' takes one of ours out";
    public string Data => "Send this body with POST (@FILE a file without its line ends, @- standard input); several are joined by '&'";
    public string Head => "Ask for the head only (HEAD)";
    public string Upload => "Store FILE under the URL (http by PUT, ftp, file with --allow-file-write; news posts it); '-' is standard input as it comes";
    public string FileWrite => "Let -T write to a file of this host (a file: URL), whole or not at all";
    public string NewsServer => "Ask this news server for news: URLs without one: HOST[:PORT] (else NNTPSERVER, or /etc/news/server)";
    public string Send => "Send the message of a mailto: URL, which is else only shown";
    public string MailFrom => "Who sends it: name@example.com";
    public string Smarthost => "Hand mail to this server: HOST[:PORT] (587; 465 speaks TLS from the first byte), with -u USER:PASSWORD, or --oauth2-bearer for XOAUTH2; else to those of the MX records";
    public string DataRaw => "As --data, but '@' means nothing";
    public string DataBinary => "As --data, with the line ends of a file";
    public string DataUrlEncode => "As --data, percent-encoded: VALUE, =VALUE, NAME=VALUE, @FILE or NAME@FILE";
    public string DataJson => "Send JSON with POST and say so (curl's --json; @FILE reads a file)";
    public string Form => "Send a form of several parts: NAME=CONTENT, NAME=@FILE (a file) or NAME=<FILE (its content); behind ';' type=, filename=, headers=";
    public string FormString => "A part of a form in which '@', '<' and ';' mean nothing";
    public string Get => "Put the data of --data into the URL's query, and ask with GET";

    public string GivenAddresses => "Addresses of a host, of every host for '*', without asking a resolver (HOST:PORT:ADDRESS,…)";
    public string OnlyIpv4 => "Only addresses of IPv4";
    public string OnlyIpv6 => "Only addresses of IPv6";
    public string Strict => "Refuse a response with any flaw, where it is taken as it was meant and told as a rule (http, https)";
    public string Timing => "Print where the time went on standard error, also where no story is told (-s, -o -)";
    public string Insecure => "Go on when the certificate is faulty (the faults are still told)";
    public string Cookie => "Cookies to send: name=value, or a file of them (which also keeps those that come)";

    public string CookieJar => "Keep cookies, and write them to FILE at the end";

    public string Range => "Ask for these bytes: FIRST-LAST, FIRST- or -COUNT (of a news group: articles by number)";

    public string Retry => "Try again so often what may pass, and go on where a transfer broke off";

    public string User => "Say who asks: USER:PASSWORD (the colon with nothing behind it is an empty password)";

    public string Basic => "Show the password as it is, unasked (the default)";

    public string Digest => "Show a hash of the password, when the server asks (RFC 7616)";

    public string AnyAuth => "Show the password in the best way that the server offers";

    public string Bearer => "Show this token (RFC 6750)";

    public string Netrc => "Take passwords from ~/.netrc, by host";

    public string NetrcFile => "Take passwords from FILE, by host";

    public string Proxy => "Go by way of this proxy: [http|https|socks4|socks4a|socks5|socks5h://][USER:PASSWORD@]HOST[:PORT] (else http_proxy and the like)";

    public string ProxyUser => "Say to the proxy who asks: USER:PASSWORD";

    public string ProxyBasic => "Show the proxy the password as it is, unasked (the default)";

    public string ProxyDigest => "Show the proxy a hash of the password, when it asks";

    public string ProxyAnyAuth => "Show the proxy the password in the best way that it offers";

    public string ProxyTunnel => "Have an HTTP proxy make a tunnel (CONNECT) for http: too";

    public string NoProxy => "Hosts to go to without a proxy: names (with those below them), addresses, networks, or * for all";

    public string Socks4 => "Go by way of this SOCKS4 proxy; names are looked up here";

    public string Socks4a => "The same with SOCKS4A; the proxy looks names up";

    public string Socks5 => "Go by way of this SOCKS5 proxy; names are looked up here";

    public string Socks5Hostname => "The same; the proxy looks names up";

    public string Compressed => "Ask for coded content (deflate, gzip, br, zstd), and decode it";

    public string Location => "Follow redirects, each as a journey of its own";
    public string CaCert => "Trust the root certificates of this file (PEM) instead of the system's";
    public string Cert => "Show this certificate (PEM, with those that lead to its root) to a server that demands one";
    public string Key => "Its private key (PEM); by default in the same file";
    public string TlsRequired => "Go on only over TLS where a protocol begins without: AUTH TLS of ftp:, STARTTLS of mailto:";

    public string PinnedKey => "Go on only if the server has one of these keys: sha256//BASE64, several with ; between them, or a file with the key";
    public string Tls12 => "Speak TLS 1.2 or newer (this is so anyway)";
    public string Tls13 => "Speak TLS 1.3 or newer";
    public string TlsMaximum => "Speak no newer TLS than this: 1.2, 1.3";
    public string Ciphers => "Offer only these cipher suites, by their names (IANA's or OpenSSL's), with : between them";
    public string Hsts => "Keep in this file which hosts want to be asked over TLS alone (HSTS, curl's format), and heed it";
    public string CacheFolder => "Keep responses in this folder (RFC 9111) and use them while they are fresh; ask whether they are still so when they are not";
    public string Har => "Write every exchange to an HTTP archive (HAR 1.2), with its times and content, for browsers' network panels and Playwright";
    public string LimitRate => "Move no more than so many bytes a second (k, M, G behind a number: 1024 and its powers)";
    public string SpeedLimit => "Give up when less than so many bytes a second move, for the time of --speed-time";
    public string SpeedTime => "For how long a transfer may be slower (30)";
    public string MaximumSize => "Take no more bytes of content than this (k, M, G as above)";
    public string Connections => "Fetch each content over up to N connections (1 to 32), in pieces that by their ETag are of the same, if the server lets one";

    public string ContinueAt => "Go on with a transfer from byte N; - from where the file (-o FILE) or its part ends, if by its ETag it is still the same";
    public string MaximumRedirects => "Follow so many redirects at most (50)";
    public string ConnectTimeout => "Give up connecting after so many seconds";
    public string NoProgress => "Draw no line of progress (drawn only on a terminal, for a body that takes longer than half a second)";
    public string Lab => "Work inside the built-in internet; --lab=NAME or --lab=FILE inside another";
    public string Seed => "Seed of the simulated world (the lab's own by default): the same seed gives the same bytes";
    public string Pcap => "Write every frame of the run to a capture that Wireshark reads (with --lab or --tun)";
    public string PcapSecrets =>
        "Secrets in the capture. keep: every byte as it was sent, with the keys of TLS (a capture is evidence); mask: passwords, tokens and cookies become stars of the same length, checksums stay right, and no TLS keys go along, so that it can be handed on";
    public string Tun =>
        "Work on our own TCP/IP at the other end of a Linux TUN or TAP device, as root. More after commas: address=ADDR/LENGTH, gateway=ADDR, loss=1%, duplicate=1%, reorder=5%, seed=N";
    public string ResolveExplain => "Ask from the root servers down, and show which key signed what";
    public string Iterative => "Resolve names from the root servers down, by ourselves";
    public string Server => "Ask this resolver: ADDR[:PORT], tls://ADDR[#NAME] or https://ADDR[/PATH][#NAME]";
    public string NoCache => "Forget what the cache holds before each journey";
    public string Json =>
        "Print events as one JSON object a line (docs/events.md): what the story tells; --json=packets frames and segments too; --json=all everything";
    public string Calls =>
        "Show the inside of one host: application, Socket library, protocol stack and card, every call down and back; in a lab also of another host (--calls=HOST)";
    public string Verbose =>
        "Say more: bytes on the wire as hex and text, clauses of the specifications; -vv in a lab: every frame at every element";
    public string ShowSecrets => "Print passwords, cookies and credentials instead of stars";
    public string Colour => "Colours: auto, always or never";
    public string MaximumTime => "Give up after so many seconds (in a lab, of its virtual time)";
    public string LanguageOption(IEnumerable<string> tags) =>
        $"Language of what is printed (by default what LC_ALL, LC_MESSAGES or LANG say): {string.Join(", ", tags)}";
    public string Help => "Show this help";
    public string Version => "Show the version";

    // Names, probes, servers.
    public string Resolve => "Resolves a name and shows who said what";
    public string ResolveName => "The domain name, or an address to look up backwards (PTR)";
    public string ResolveType => "The type of record: A (default), AAAA, MX, NS, TXT, SOA, CNAME, PTR, SRV, TYPE123";
    public string Dig => "Asks DNS servers in the words of BIND's dig, and shows their answers as dig does";
    public string DigWords =>
        "What dig takes: @SERVER, names, types and classes, several questions on a line, -x, -t, -c, -q, -p, -b, -4, -6, -f, -k, -y, and options with +";
    public string DigExplain => "Tell the story of the questions in place of dig's output";
    public string Curl => "Transfers URLs in the words of curl, with curl's bytes, output and exit codes";
    public string CurlWords => "curl's own command line: options, and URLs of http, https, ftp, ftps and file (docs/curl.md says what is carried out)";
    public string CurlExplain => "Tell the story of the transfers as well";
    public string Repeat => "Make the journey so often, each over a connection of its own, and tell median, p95, least and most of every step";
    public string Keep => "Let the journeys of -n share a connection: what the server takes, without the price of connecting";
    public string Diff => "Sets the journeys of two saved runs side by side: times by step, and what differs (exit code 0 nothing, 1 something)";
    public string DiffFile => "Output of --json; - for standard input";
    public string DiffOther => "Another one, of which it is told how it differs";
    public string ExampleDiff => "what is other today, and which step is slower";
    public string ExampleRepeat => "why is it slow: the times of each step over twenty journeys";
    public string Pass => "The password that opens the private key";
    public string Doctor => "Examines a site: every address, TLS, redirects, caching, cookies; says what is wrong and what to do";
    public string DoctorUrl => "The site's URL, http: or https:";
    public string DoctorZone => "A zone file in place of a site: what is wrong with the zone, before it is delegated";
    public string DoctorName => "Examine a name instead: every server of every zone on the way to it";
    public string ExampleDoctorName => "what is wrong with the servers of a name, from the root down";
    public string DoctorWatch => "Examine it again and again, and say what has changed";
    public string DoctorInterval => "Time between two examinations (1m)";
    public string DoctorCount => "Examinations, with --watch; without end here, 10 in a lab";
    public string Ping => "Asks a host whether it is there (ICMP echo)";
    public string PingCount => "Requests";
    public string PingSize => "Bytes of data in each";
    public string PingHops => "Hops that they may take";
    public string PingInterval => "Time between two requests (1s)";
    public string Traceroute => "Shows the routers on the way to a host";
    public string TraceEcho => "Probe with ICMP echo requests instead of UDP";
    public string TraceProbes => "Probes for each hop";
    public string TraceHops => "The last hop that is tried";
    public string TraceWait => "How long to wait for an answer (5s)";
    public string OnlyV4 => "IPv4 only";
    public string OnlyV6 => "IPv6 only";
    public string ProbeTarget => "An address, a domain name, or in a lab a host's name";
    public string Serve => "Serves DNS on this machine's network, until Ctrl-C";
    public string ServeDns => "Answers with authority from zone files";
    public string ZoneFiles => "Checks and signs zone files";
    public string ZoneCheck => "Says what is wrong in zone files, with line and column";
    public string ZoneCheckZones => "A zone and its file, e.g. example.com=example.com.zone; - is standard input";
    public string ZoneStrict => "Take warnings for errors";
    public string ZoneKey => "Makes a key for a zone: K….key to be shown and K….private to be kept, as BIND names and writes them; prints their name";
    public string ZoneKeyOrigin => "The zone, e.g. example.com";
    public string ZoneKeyAlgorithm => "How the key signs";
    public string ZoneKeyEntryPoint => "A key that signs the keys and that the parent zone points to; alone it signs everything";
    public string ZoneKeyFolder => "Where the two files go";
    public string ZoneFormat => "Writes a zone in one form alone: a record a line, everything written out, in canonical order";
    public string ZoneFormatOutput => "Where the zone goes; without it to standard output";
    public string ZoneSign => "Signs a zone (DNSSEC) and says what the parent zone has to be given; the same zone, keys and times give the same bytes";
    public string ZoneSignKey => "Keys, each by the name of one of its two files or by what they have in common, e.g. Kexample.com.+013+12345";
    public string ZoneSignHashed => "Show what is missing by hashes of names (NSEC3: no salt, no further iterations), not by the names themselves";
    public string ZoneSignOutput => "Where the signed zone goes; without it to standard output";
    public string ZoneSignInception => "From when on the signatures hold: YYYYMMDDHHmmSS, seconds since 1970, or from now (-1h)";
    public string ZoneSignExpiration => "Until when they hold";
    public string ZoneSignDeterministic => "Refuse times that are counted from now, so that the same command gives the same bytes on any day";
    public string ZoneSignDigest => "Add a digest of the whole zone (ZONEMD, RFC 8976); one that is there is made anew in any case";
    public string ZoneSignAsksParent => "Ask the parent zone to point to the keys made with --ksk (CDS and CDNSKEY, RFC 7344)";
    public string ExampleZoneKey => "a key for the zone's data";
    public string ExampleZoneEntryKey => "and one for the keys";
    public string ExampleZoneSign => "for 30 days, with both keys of this folder";
    public string ServeConfig => "A file of settings in JSON, instead of or beside the options (--config-schema); SIGHUP reads it again";

    public string ServeConfigSchema => "Print the JSON schema of that file, and serve nothing";
    public string ServeZone => "A zone to serve and its file, e.g. example.com=example.com.zone; SIGHUP reads the files again";
    public string ServeTsigKey => "A file with keys for signed messages (TSIG), as tsig-keygen writes it (several may be given)";
    public string ServeTsigMd5 => "Take keys with hmac-md5 too, for peers of long ago";
    public string ServeAllowTransfer => "Who may copy zones (AXFR, IXFR): ADDR[/LENGTH], key=NAME or both with a comma (several may be given); nobody without it";
    public string ServeAllowUpdate => "Who may change zones (UPDATE, RFC 2136): key=NAME, or ADDR[/LENGTH],key=NAME (several may be given); changes stay in FILE.journal";
    public string ServeCompact => "Merge journals into their zone files before serving";
    public string ServeNotify => "Secondary server to tell of newer zones (NOTIFY; several may be given)";
    public string ServeSecondary => "A zone to copy from its primary server and to keep in FILE (several may be given)";
    public string ServeListen => "Address and port to listen on, UDP and TCP (several may be given)";
    public string ServeListenTls => "Address and port for DNS over TLS (RFC 7858; several may be given)";
    public string ServeTlsCertificate => "Certificate for TLS, with those that lead to its root behind it (PEM)";
    public string ServeTlsKey => "The certificate's private key (PEM)";
    public string ServeNsid => "What the server calls itself: NSID (RFC 5001), id.server and hostname.bind; nothing without it";
    public string ServeVersion => "What version.bind and version.server are answered with; they are refused without it";
    public string ServeRateLimit => "Equal responses to one network in a second over UDP; more are dropped or cut (RRL)";
    public string ServeRateSlip => "Of responses over the limit every Nth goes out cut, so that a real client asks over TCP; 0 for none";
    public string ServeMetrics => "Address and port where Prometheus may fetch /metrics";
    public string ServeDnsJson => "Print every query and response as one JSON object a line";
    public string ServeDnsVerbose => "Print every query and response";
    public string ServeResolver => "Resolves for clients, from the root servers down, with a cache";
    public string ServeHints => "Root servers from a file in the format of named.cache, instead of the built-in ones";
    public string ServeAnchors => "Trust anchors from a file of DS or DNSKEY records: answers are checked from them down";
    public string ServeTrustAnchorFile => "File in which the keys of the root, or of the anchor's zone, are followed as they change (RFC 5011)";
    public string ServeForward => "Hand every question on to this recursive server: ADDR, tls://ADDR[#NAME], https://ADDR/PATH[#NAME]";

    public string ServeForwardCa => "Roots that vouch for the certificates of those servers, in PEM, in place of the system's";
    public string ServeMinimise => "How much of a name servers are told that only refer to others: off, a or ns";
    public string ServeSpecialNames => "Whether localhost, .onion and private reverse zones are answered here: on or off";
    public string ServePriming => "Whether the root is asked which servers it has, in place of the hints: on or off";
    public string ServePreferFamily => "Ask servers that have both by IPv4 or IPv6 first: 4 or 6";
    public string ServeHardenGlue => "Take from a referral only addresses of names within the zone that it leads to";
    public string ServePrivateAddress => "Network whose addresses are removed from answers about names of others";
    public string ServePrivateDomain => "Domain whose names may have such addresses";
    public string ServeKeySentinel => "Whether names with a root key sentinel tell which keys of the root are trusted: on or off";
    public string ServeStale => "Whether answers whose time is over are given where nobody gives newer ones in time (RFC 8767): on or off";
    public string ServePrefetch => "Whether answers that are asked for in the last tenth of their time are asked for anew beside: on or off";
    public string ServePolicy => "Response policy zone whose rules answers are held to: block lists, names of one's own; may be given often, the first rule counts";
    public string ServeDnstap => "Write every message to and from clients and servers into this file, or to the collector at unix:PATH, as dnstap";
    public string ServeAllow => "Network that may ask; by default this host and its own networks";
    public string ServeDns64 => "Make IPv6 addresses out of IPv4 ones, in this prefix of a translator";
    public string ServeMinTtl => "Seconds for which an answer is kept at least";
    public string ServeMaxTtl => "Seconds for which an answer is kept at most";
    public string ServeCacheSize => "Megabytes that kept answers may take";
    public string ServeUpstream => "Port on which authoritative servers are asked";
    public string ServeResolverJson => "Print every step of every resolution as one JSON object a line";
    public string ServeResolverVerbose => "Print every step of every resolution";

    // Texts, addresses, saved runs, random worlds.
    public string Web => "Hands out the page: a lab in the browser, and by firstbyte-host journeys over the real network";
    public string WebLabPage => "The lab page: files alone, and the simulation runs in the browser's tab";
    public string WebListen => "Address and port to listen on";
    public string WebOptions => "Behind '--', for firstbyte-host: 'firstbyte-host --help' lists them";
    public string WebRoot => "The folder of the published page (default: 'web' beside this program)";
    public string Story => "Tells a saved run (--json) again";
    public string StoryFile => "What --json printed; '-' reads standard input";
    public string SayMore => "Say more";
    public string ExplainUrl => "Explains URLs: their parts, what was changed on the way, and every violation of the standard";
    public string ExplainUrlTexts => "Texts to read as URLs";
    public string ExplainUrlBase => "Resolve them against this URL";
    public string ExplainUrlJson => "Print one JSON object a URL";
    public string ShowPasswords => "Print passwords as they are";
    public string ExplainUrlBatch => "Answer JSON lines {\"input\":…,\"base\":…} from standard input, passwords included";
    public string ExplainUrlBench => "Time the parsing of a file with one URL a line";
    public string Ip => "Explains addresses and subnets: network and host number, mask, broadcast, range, kind";
    public string IpAddress => "10.11.12.13/24, 10.11.12.13/255.255.255.0, 10.11.12.13 255.255.255.0 or 2001:db8::1/64; several are merged";
    public string IpSplit => "Divide the subnet into subnets of this length";
    public string IpContains => "Say whether the subnet contains this address or prefix";
    public string IpJson => "Print one JSON object";
    public string Sim => "Runs random internets with random faults and checks what must always hold";
    public string SimSeeds => "The worlds to run, from one seed to another";
    public string SimSeed => "One world, with what goes wrong in it";
    public string SimFaults => "Only these kinds of fault, or none: ";
    public string SimJobs => "Worlds at the same time; the results are the same for any number";
    public string SimOut => "Where the captures and event logs of broken worlds go";
    public string SimJson => "Print every world and the coverage as one JSON object a line";
    public string SimHashes => "Print only each seed and its trace hash";
    public string Completion => "Prints the completion script for a shell";
    public string CompletionShell => "bash, zsh or fish";

    // Labs.
    public string LabCommand => "Lists, shows, runs and tries out the built-in internets";
    public string LabList => "Names every lab with what it shows";
    public string LabShow => "Shows the subnets, routers and hosts of a lab, and what to look for in it";
    public string LabName => "A lab's name, or a file";
    public string LabShowJson => "Print it as JSON, as docs/labs/lab.schema.json describes";
    public string LabRun => "Runs a lab: to an instant, or with a prompt in which commands are given";
    public string LabRunUntil =>
        "Run to this virtual time, e.g. 5s, and end; without it commands are read: from a prompt, or one a line from standard input";
    public string LabSeed => "Seed of the world (the lab's own by default)";
    public string LabPcap => "Write everything that machines send and receive to a pcapng file";
    public string VerboseCommands => "Say more; -vv tells every frame of every command";
    public string VerboseElements => "Say more; -vv tells every frame at every element";
    public string LabAfter => "Give these commands of the prompt first, e.g. --after \"ping www\"";
    public string LabUntil => "Let this much virtual time pass first, e.g. 5s or 200ms (counted from the start of the world)";
    public string LabHost => "A host or router (the client by default)";
    public string LabFrom => "Run it on this machine instead of the client";
    public string LabHosts => "Lists the routers and hosts with their addresses";
    public string LabLinks => "Lists the cables: latency, loss, frames, and which are cut";
    public string LabRoutes => "Shows the routing table of a host or router";
    public string LabArp => "Shows the neighbour cache of a host or router: who is at which hardware address";
    public string LabSockets => "Shows the sockets of a host: listeners, connections, mailboxes";
    public string LabCache => "Shows what a DNS resolver has learned, by name (from its right end on) and then by type";
    public string LabNat => "Shows the address translation table of a router";
    public string LabFaults => "Lists what goes wrong in a lab on purpose: now, before and later";
    public string LabCut => "Pulls cables, then gives commands to see what that does";
    public string LabLink => "Cables ('firstbyte lab links LAB' lists them)";
    public string LabThen => "A command of the prompt, e.g. --then \"ping www\"";

    // The prompt of a lab.
    public string Prompt => "The commands of a running lab";
    public string PromptFetch => "Fetches a page and tells the journey";
    public string PromptCut => "Pulls cables: what is sent into them is lost";
    public string PromptHeal => "Ends faults";
    public string PromptHealed => "The numbers of faults ('faults' lists them), words of their kinds, or 'all'";
    public string PromptSet => "Lets every server of a zone say something else about a name from now on, as 'at T set' in lab files";
    public string PromptUnset => "Lets every server of a zone say that a name has no record of a type";
    public string PromptNameWords =>
        "ZONE NAME TTL TYPE DATA in the words of a zone file, e.g. 'lab.glasscom.com www 60 A 192.0.2.227'; of unset ZONE NAME TYPE";
    public string PromptMend => "Plugs cables in again";
    public string PromptLink => "Cables ('links' lists them)";
    public string PromptRun => "Lets virtual time pass, and tells every frame at every element";
    public string PromptFault => "Lets something go wrong from now on, for ever or for a while: ";

    public string PromptFaultWords => "A fault in the words of lab files, e.g. 'cut client-office for 5s', 'lose 10% to www'";

    public string PromptRunTime => "How much virtual time, e.g. 5s or 200ms; without it until the programs that run have ended";
    public string PromptQuiet => "Tell no frames";
    public string PromptStep => "Lets the next event happen, or the next N";
    public string PromptEvents => "Events";
    public string PromptBack => "Goes back to the moment before the last event, or before the last N";
    public string PromptGoTo => "Goes to the moment after an event: tables are as they were then";
    public string PromptEvent => "The number of an event ('log' shows them), 0 for the beginning, 'end' for the last";
    public string PromptLog => "Shows the last recorded events with their numbers";
    public string PromptLogCount => "The last N events";
    public string PromptSeed => "Shows the seed of the run, or begins again with another";
    public string PromptCalls => "Show the inside of the host: every call down to its protocol stack and card, and back";
    public string PromptNewSeed => "Begins again with this seed";
    public string PromptHelp => "Lists the commands, or explains one";
    public string PromptHelpCommand => "The command to explain";
    public string PromptQuit => "Ends";
    public string PromptKeys => "Up and Down bring back earlier lines, Tab completes, Ctrl-C stops what runs, Ctrl-D ends.";

    // The page of help itself.
    public string UsageHead => "Usage:";
    public string ArgumentsHead => "Arguments:";
    public string OptionsHead => "Options:";
    public string CommandsHead => "Commands:";
    public string ExamplesHead => "Examples:";
    public string OptionsWord => "[options]";
    public string CommandWord => "COMMAND";
    public string Required => "(required)";

    // Examples.
    public string ExampleLab => "the whole journey inside a built-in internet";
    public string ExampleHere => "the same over this machine's network";
    public string ExampleBody => "only fetch";
    public string ExampleStory => "keep a run and tell it again";
    public string ExampleBytes => "with every byte on the wire";
    public string ExampleFrames => "and every frame on every link, for Wireshark";
    public string ExampleTunSetUp => "(as root, once)";
    public string ExampleTun => "by our own TCP, as 10.9.0.2, from this machine's server";
    public string ExampleResolveLab => "the relay from the root down, in the built-in internet";
    public string ExampleResolveHere => "by this machine's configured resolver";
    public string ExampleResolveIterative => "from the root servers down, by ourselves";
    public string ExampleResolveExplain => "and every signature from the root's key down";
    public string ExampleResolveServer => "by the resolver at 9.9.9.9";
    public string ExampleDigLab => "the addresses alone, from a server of the lab";
    public string ExampleDigOwn => "what a server of your own says, signatures and all";
    public string ExampleDigTrace => "from the root down, told as a story";
    public string ExampleCurlLab => "head and page, as curl shows them";
    public string ExampleCurlFile => "the page in a file, its status on the screen";
    public string ExampleCurlExplain => "what happens behind the command, step by step";
    public string ExampleDoctorLab => "what is wrong with a site of the lab";
    public string ExampleDoctorHere => "exit code 0: nothing, or notes; 1: warnings; 2: errors";
    public string ExampleDoctorWatch => "say what changes";
    public string ExampleDoctorJson => "findings for programs";
    public string ExampleDoctorZone => "a zone before it is delegated";
    public string ExamplePing => "is it there, and how far away";
    public string ExampleTraceroute => "the routers on the way";
    public string ExampleCache => "what its resolver has learned then";
    public string ExamplePrompt => "a prompt in the running lab: 'help' lists its commands";
    public string ExamplePromptCommands => "a prompt: ping www · fetch http://www.lab.glasscom.com/ · cut core-glasscom · back 3";
    public string ExampleUntil => "every event of the first five seconds";

    public string Default(string value) => $"[default: {value}]";

    public string ExitCodes(IEnumerable<int> codes) =>
        "Exit codes are curl's, a signal's are 128 and its number: " + string.Join(", ", codes.Select(code => $"{code} {ExitCode(code)}")) + ".";

    public string ExitCode(int code) => code switch
    {
        0 => "done",
        1 => "no client for the scheme; a reply in no version of HTTP; nobody answers (ping, traceroute)",
        2 => "usage",
        3 => "URL malformed",
        5 => "name of the proxy not resolved",
        6 => "name not resolved",
        7 => "connection refused",
        8 => "weird reply",
        9 => "access denied",
        11 => "weird reply to PASS",
        13 => "weird reply to PASV",
        14 => "weird address in it",
        17 => "transfer type refused",
        18 => "cut short",
        19 => "file not given out",
        22 => "an error was answered (-f)",
        23 => "cannot write",
        25 => "upload failed",
        26 => "cannot read",
        28 => "too slow",
        30 => "PORT refused",
        31 => "restart refused",
        35 => "TLS failed",
        33 => "range refused",
        36 => "cannot resume",
        37 => "file cannot be read",
        43 => "request cannot be written",
        45 => "no such network device",
        47 => "too many redirects",
        52 => "empty reply",
        55 => "cannot send",
        56 => "connection lost",
        58 => "own certificate",
        59 => "cipher suite",
        60 => "certificate",
        61 => "coding of the content",
        63 => "content too large",
        64 => "TLS not offered",
        65 => "content cannot be sent again",
        67 => "login denied",
        70 => "the server's disk is full, or a fault of firstbyte itself",
        77 => "file of trusted roots",
        78 => "no such file",
        90 => "key not pinned",
        97 => "SOCKS proxy refused",
        98 => "certificate demanded",
        100 => "head or line too long",
        129 => "SIGHUP",
        130 => "Ctrl-C",
        141 => "a reader of the output that went away",
        143 => "SIGTERM",
        _ => "",
    };
}
