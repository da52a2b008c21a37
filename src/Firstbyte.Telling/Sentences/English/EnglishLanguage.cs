namespace Firstbyte.Telling.Sentences.English;

/// <summary>English; and what a language that is not complete yet says where it has no words of its own.</summary>
public class EnglishLanguage : Language
{
    public override string Tag => "en";

    public override string Name => "English";

    public override ILabels Labels { get; } = new EnglishLabels();

    public override IAmountSentences Amounts { get; } = new EnglishAmounts();

    public override IJourneySentences Journeys { get; } = new EnglishJourneys();

    public override IUrlSentences Urls { get; } = new EnglishUrls();

    public override INameSentences Names { get; } = new EnglishNames();

    public override ISocketSentences Sockets { get; } = new EnglishSockets();

    public override ICallSentences Calls { get; } = new EnglishCalls();

    public override ITlsSentences Tls { get; } = new EnglishTls();

    public override IHttpSentences Http { get; } = new EnglishHttp();

    public override ICacheSentences Caches { get; } = new EnglishCache();

    public override IProxySentences Proxies { get; } = new EnglishProxies();

    public override IFtpSentences Ftp { get; } = new EnglishFtp();

    public override IMailSentences Mail { get; } = new EnglishMail();

    public override INewsSentences News { get; } = new EnglishNews();

    public override IHostFileSentences HostFiles { get; } = new EnglishHostFiles();

    public override IFailureSentences Failures { get; } = new EnglishFailures();

    public override IEvidenceSentences Evidence { get; } = new EnglishEvidence();

    public override IFileSentences Files { get; } = new EnglishFiles();

    public override ISourceSentences Sources { get; } = new EnglishSources();

    public override IServerSentences Servers { get; } = new EnglishServers();

    public override ISettingsSentences Settings { get; } = new EnglishSettings();

    public override ISigningSentences Signing { get; } = new EnglishSigning();

    public override IChangeSentences Changes { get; } = new EnglishChanges();

    public override IFrameSentences Frames { get; } = new EnglishFrames();

    public override IProbeSentences Probes { get; } = new EnglishProbes();

    public override ITableSentences Tables { get; } = new EnglishTables();

    public override ILabSentences Labs { get; } = new EnglishLabs();

    public override IFaultSentences Faults { get; } = new EnglishFaults();

    public override IAddressSentences Addresses { get; } = new EnglishAddresses();

    public override ISwarmSentences Swarm { get; } = new EnglishSwarm();

    public override IHelp Help { get; } = new EnglishHelp();

    public override IUsageSentences Usage { get; } = new EnglishUsage();

    public override IPlaceSentences Places { get; } = new EnglishPlaces();

    public override IPromptSentences Prompt { get; } = new EnglishPrompt();

    public override IPageSentences Page { get; } = new EnglishPage();

    public override IDoctorSentences Doctor { get; } = new EnglishDoctor();

    public override IMeasureSentences Measures { get; } = new EnglishMeasures();

    public override IPacketSentences Packets { get; } = new EnglishPackets();

    public override IHostSentences Host { get; } = new EnglishHost();

    public override ILiveSentences Live { get; } = new EnglishLive();
}
