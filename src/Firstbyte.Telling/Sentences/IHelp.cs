namespace Firstbyte.Telling.Sentences;

/// <summary>What every command, argument and option is for: the texts of <c>--help</c>.</summary>
public interface IHelp
{
    // The command and where it works.
    string Root { get; }
    string Url { get; }
    string Output { get; }
    string Body { get; }

    string RemoteName { get; }

    string RemoteHeaderName { get; }

    string WriteOut { get; }

    string Fail { get; }

    string Include { get; }

    string UserAgent { get; }

    string Referer { get; }
    string Http10 { get; }
    string Method { get; }
    string Header { get; }
    string Data { get; }
    string Head { get; }
    string Upload { get; }
    string FileWrite { get; }
    string NewsServer { get; }
    string Send { get; }
    string MailFrom { get; }
    string Smarthost { get; }

    string DataRaw { get; }

    string DataBinary { get; }

    string DataUrlEncode { get; }

    string DataJson { get; }

    string Form { get; }

    string FormString { get; }

    string Get { get; }

    string GivenAddresses { get; }

    string OnlyIpv4 { get; }

    string OnlyIpv6 { get; }

    string Insecure { get; }
    string Strict { get; }
    string Timing { get; }
    string Location { get; }

    string Compressed { get; }

    string Cookie { get; }

    string CookieJar { get; }

    string Range { get; }

    string Retry { get; }

    string User { get; }

    string Basic { get; }

    string Digest { get; }

    string AnyAuth { get; }

    string Bearer { get; }

    string Netrc { get; }

    string NetrcFile { get; }

    string Proxy { get; }

    string ProxyUser { get; }

    string ProxyBasic { get; }

    string ProxyDigest { get; }

    string ProxyAnyAuth { get; }

    string ProxyTunnel { get; }

    string NoProxy { get; }

    string Socks4 { get; }

    string Socks4a { get; }

    string Socks5 { get; }

    string Socks5Hostname { get; }

    string ContinueAt { get; }

    string Connections { get; }

    string Hsts { get; }

    string CacheFolder { get; }

    string Har { get; }

    string LimitRate { get; }

    string SpeedLimit { get; }

    string SpeedTime { get; }

    string MaximumSize { get; }

    string CaCert { get; }

    string Cert { get; }

    string Key { get; }

    string PinnedKey { get; }

    string TlsRequired { get; }

    string Tls12 { get; }

    string Tls13 { get; }

    string TlsMaximum { get; }

    string Ciphers { get; }

    string MaximumRedirects { get; }

    string ConnectTimeout { get; }
    string NoProgress { get; }
    string Lab { get; }
    string Seed { get; }
    string Pcap { get; }
    string PcapSecrets { get; }
    string Tun { get; }
    string Iterative { get; }
    string ResolveExplain { get; }
    string Server { get; }
    string NoCache { get; }
    string Json { get; }
    string Calls { get; }
    string Verbose { get; }
    string ShowSecrets { get; }
    string Colour { get; }
    string MaximumTime { get; }
    string LanguageOption(IEnumerable<string> tags);
    string Help { get; }
    string Version { get; }

    // Names, probes, servers.
    string Resolve { get; }
    string ResolveName { get; }
    string ResolveType { get; }
    string Dig { get; }
    string DigWords { get; }
    string DigExplain { get; }
    string Curl { get; }
    string CurlWords { get; }
    string CurlExplain { get; }
    string Repeat { get; }
    string Keep { get; }
    string Diff { get; }
    string DiffFile { get; }
    string DiffOther { get; }
    string ExampleDiff { get; }
    string ExampleRepeat { get; }
    string Pass { get; }
    string Doctor { get; }
    string DoctorUrl { get; }
    string DoctorZone { get; }
    string DoctorName { get; }
    string ExampleDoctorName { get; }
    string DoctorWatch { get; }
    string DoctorInterval { get; }
    string DoctorCount { get; }
    string Ping { get; }
    string PingCount { get; }
    string PingSize { get; }
    string PingHops { get; }
    string PingInterval { get; }
    string Traceroute { get; }
    string TraceEcho { get; }
    string TraceProbes { get; }
    string TraceHops { get; }
    string TraceWait { get; }
    string OnlyV4 { get; }
    string OnlyV6 { get; }
    string ProbeTarget { get; }
    string Serve { get; }
    string ServeDns { get; }
    string ServeConfig { get; }

    string ServeConfigSchema { get; }
    string ServeZone { get; }
    string ZoneFiles { get; }
    string ZoneCheck { get; }
    string ZoneCheckZones { get; }
    string ZoneStrict { get; }
    string ZoneKey { get; }
    string ZoneKeyOrigin { get; }
    string ZoneKeyAlgorithm { get; }
    string ZoneKeyEntryPoint { get; }
    string ZoneKeyFolder { get; }
    string ZoneFormat { get; }
    string ZoneFormatOutput { get; }
    string ZoneSign { get; }
    string ZoneSignKey { get; }
    string ZoneSignHashed { get; }
    string ZoneSignOutput { get; }
    string ZoneSignInception { get; }
    string ZoneSignExpiration { get; }
    string ZoneSignDeterministic { get; }
    string ZoneSignDigest { get; }
    string ZoneSignAsksParent { get; }
    string ExampleZoneKey { get; }
    string ExampleZoneEntryKey { get; }
    string ExampleZoneSign { get; }
    string ServeTsigKey { get; }
    string ServeTsigMd5 { get; }
    string ServeAllowTransfer { get; }
    string ServeAllowUpdate { get; }
    string ServeCompact { get; }
    string ServeNotify { get; }
    string ServeSecondary { get; }
    string ServeListen { get; }
    string ServeListenTls { get; }
    string ServeTlsCertificate { get; }
    string ServeTlsKey { get; }
    string ServeNsid { get; }
    string ServeVersion { get; }
    string ServeRateLimit { get; }
    string ServeRateSlip { get; }
    string ServeMetrics { get; }
    string ServeDnsJson { get; }
    string ServeDnsVerbose { get; }
    string ServeResolver { get; }
    string ServeHints { get; }
    string ServeAnchors { get; }
    string ServeTrustAnchorFile { get; }
    string ServeForward { get; }

    string ServeForwardCa { get; }
    string ServeMinimise { get; }
    string ServeSpecialNames { get; }
    string ServePriming { get; }
    string ServePreferFamily { get; }
    string ServeHardenGlue { get; }
    string ServePrivateAddress { get; }
    string ServePrivateDomain { get; }
    string ServeKeySentinel { get; }
    string ServeStale { get; }
    string ServePrefetch { get; }
    string ServePolicy { get; }
    string ServeDnstap { get; }
    string ServeAllow { get; }
    string ServeDns64 { get; }
    string ServeMinTtl { get; }
    string ServeMaxTtl { get; }
    string ServeCacheSize { get; }
    string ServeUpstream { get; }
    string ServeResolverJson { get; }
    string ServeResolverVerbose { get; }

    // Texts, addresses, saved runs, random worlds.
    string Web { get; }
    string WebLabPage { get; }
    string WebListen { get; }
    string WebRoot { get; }

    /// <summary>What is passed on to the program that makes journeys over the real network.</summary>
    string WebOptions { get; }

    string Story { get; }
    string StoryFile { get; }
    string SayMore { get; }
    string ExplainUrl { get; }
    string ExplainUrlTexts { get; }
    string ExplainUrlBase { get; }
    string ExplainUrlJson { get; }
    string ShowPasswords { get; }
    string ExplainUrlBatch { get; }
    string ExplainUrlBench { get; }
    string Ip { get; }
    string IpAddress { get; }
    string IpSplit { get; }
    string IpContains { get; }
    string IpJson { get; }
    string Sim { get; }
    string SimSeeds { get; }
    string SimSeed { get; }
    string SimFaults { get; }
    string SimJobs { get; }
    string SimOut { get; }
    string SimJson { get; }
    string SimHashes { get; }
    string Completion { get; }
    string CompletionShell { get; }

    // Labs.
    string LabCommand { get; }
    string LabList { get; }
    string LabShow { get; }
    string LabName { get; }
    string LabShowJson { get; }
    string LabRun { get; }
    string LabRunUntil { get; }
    string LabSeed { get; }
    string LabPcap { get; }
    string VerboseCommands { get; }
    string VerboseElements { get; }
    string LabAfter { get; }
    string LabUntil { get; }
    string LabHost { get; }
    string LabFrom { get; }
    string LabHosts { get; }
    string LabLinks { get; }
    string LabRoutes { get; }
    string LabArp { get; }
    string LabSockets { get; }
    string LabCache { get; }
    string LabNat { get; }
    string LabCut { get; }
    string LabFaults { get; }
    string LabLink { get; }
    string LabThen { get; }

    // The prompt of a lab.
    string Prompt { get; }
    string PromptFetch { get; }
    string PromptCut { get; }
    string PromptHeal { get; }
    string PromptHealed { get; }
    string PromptSet { get; }
    string PromptUnset { get; }
    string PromptNameWords { get; }
    string PromptMend { get; }
    string PromptLink { get; }
    string PromptRun { get; }
    string PromptFault { get; }

    string PromptFaultWords { get; }

    string PromptRunTime { get; }
    string PromptQuiet { get; }
    string PromptStep { get; }
    string PromptEvents { get; }
    string PromptBack { get; }
    string PromptGoTo { get; }
    string PromptEvent { get; }
    string PromptLog { get; }
    string PromptLogCount { get; }
    string PromptSeed { get; }
    string PromptCalls { get; }
    string PromptNewSeed { get; }
    string PromptHelp { get; }
    string PromptHelpCommand { get; }
    string PromptQuit { get; }
    string PromptKeys { get; }

    // The page of help itself.
    string UsageHead { get; }
    string ArgumentsHead { get; }
    string OptionsHead { get; }
    string CommandsHead { get; }
    string ExamplesHead { get; }
    string OptionsWord { get; }
    string CommandWord { get; }
    string Required { get; }

    // Examples.
    string ExampleLab { get; }
    string ExampleHere { get; }
    string ExampleBody { get; }
    string ExampleStory { get; }
    string ExampleBytes { get; }
    string ExampleFrames { get; }
    string ExampleTunSetUp { get; }
    string ExampleTun { get; }
    string ExampleResolveLab { get; }
    string ExampleResolveHere { get; }
    string ExampleResolveIterative { get; }
    string ExampleResolveServer { get; }
    string ExampleResolveExplain { get; }
    string ExampleDigLab { get; }
    string ExampleDigOwn { get; }
    string ExampleDigTrace { get; }
    string ExampleCurlLab { get; }
    string ExampleCurlFile { get; }
    string ExampleCurlExplain { get; }
    string ExampleDoctorLab { get; }
    string ExampleDoctorHere { get; }
    string ExampleDoctorWatch { get; }
    string ExampleDoctorJson { get; }
    string ExampleDoctorZone { get; }
    string ExamplePing { get; }
    string ExampleTraceroute { get; }
    string ExampleCache { get; }
    string ExamplePrompt { get; }
    string ExamplePromptCommands { get; }
    string ExampleUntil { get; }

    /// <summary>A value that holds where none is given.</summary>
    string Default(string value);

    /// <summary>Exit codes, at the end of the page.</summary>
    /// <param name="codes">All there are, in order; see <see cref="ExitCode"/>.</param>
    string ExitCodes(IEnumerable<int> codes);

    /// <summary>What an exit code says; empty for one that is none of this program's.</summary>
    string ExitCode(int code);
}
