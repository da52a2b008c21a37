namespace Firstbyte.Telling.Sentences.Chinese;

/// <summary>Chinese (简体中文), in the terms of the book "How Networks Connect" (网络是怎样连接的).</summary>
public sealed class ChineseLanguage : Language
{
    public override string Tag => "zh";

    public override string Name => "简体中文";

    public override string WrittenTag => "zh-Hans";

    public override ILabels Labels { get; } = new ChineseLabels();

    public override IAmountSentences Amounts { get; } = new ChineseAmounts();

    public override IJourneySentences Journeys { get; } = new ChineseJourneys();

    public override IUrlSentences Urls { get; } = new ChineseUrls();

    public override INameSentences Names { get; } = new ChineseNames();

    public override ISocketSentences Sockets { get; } = new ChineseSockets();

    public override ICallSentences Calls { get; } = new ChineseCalls();

    public override ITlsSentences Tls { get; } = new ChineseTls();

    public override IHttpSentences Http { get; } = new ChineseHttp();

    public override ICacheSentences Caches { get; } = new ChineseCache();

    public override IProxySentences Proxies { get; } = new ChineseProxies();

    public override IFtpSentences Ftp { get; } = new ChineseFtp();

    public override IMailSentences Mail { get; } = new ChineseMail();

    public override INewsSentences News { get; } = new ChineseNews();

    public override IHostFileSentences HostFiles { get; } = new ChineseHostFiles();

    public override IFailureSentences Failures { get; } = new ChineseFailures();

    public override IEvidenceSentences Evidence { get; } = new ChineseEvidence();

    public override IFileSentences Files { get; } = new ChineseFiles();

    public override ISourceSentences Sources { get; } = new ChineseSources();

    public override IServerSentences Servers { get; } = new ChineseServers();

    public override ISettingsSentences Settings { get; } = new ChineseSettings();

    public override ISigningSentences Signing { get; } = new ChineseSigning();

    public override IChangeSentences Changes { get; } = new ChineseChanges();

    public override IFrameSentences Frames { get; } = new ChineseFrames();

    public override IProbeSentences Probes { get; } = new ChineseProbes();

    public override ITableSentences Tables { get; } = new ChineseTables();

    public override ILabSentences Labs { get; } = new ChineseLabs();

    public override IFaultSentences Faults { get; } = new ChineseFaults();

    public override IAddressSentences Addresses { get; } = new ChineseAddresses();

    public override ISwarmSentences Swarm { get; } = new ChineseSwarm();

    public override IHelp Help { get; } = new ChineseHelp();

    public override IUsageSentences Usage { get; } = new ChineseUsage();

    public override IPlaceSentences Places { get; } = new ChinesePlaces();

    public override IPromptSentences Prompt { get; } = new ChinesePrompt();

    public override IPageSentences Page { get; } = new ChinesePage();

    public override IDoctorSentences Doctor { get; } = new ChineseDoctor();

    public override IMeasureSentences Measures { get; } = new ChineseMeasures();

    public override IPacketSentences Packets { get; } = new ChinesePackets();

    public override IHostSentences Host { get; } = new ChineseHost();

    public override ILiveSentences Live { get; } = new ChineseLive();
}
