namespace Firstbyte.Telling.Sentences;

/// <summary>One language: all the sentences in which a run is told.</summary>
/// <remarks>
/// Every sentence is a member of a contract below, every language a class that implements them all: a sentence that is missing in one
/// language does not compile. Where a sentence depends on an enum, the choice has no last resort either, so that a new member of the enum
/// does not compile until every language has words for it.
/// <para>
/// A language that is not complete yet is a class over English that overrides the contracts of which it has something, and says so in
/// <see cref="IsComplete"/>. Each of these is a class over English's which names the contract again and writes the sentences that it has as
/// members of it (<c>string IHelp.Ping =&gt; …</c>): the others are told in English. It is spoken only where it is asked for by name, never because a
/// locale does, until it is complete and stands on this class and the contracts alone.
/// </para>
/// </remarks>
public abstract class Language
{
    /// <summary>The language's tag: "en", "zh".</summary>
    public abstract string Tag { get; }

    /// <summary>What its readers call it.</summary>
    public abstract string Name { get; }

    /// <summary>The tag with its script, where that says more (RFC 5646): browsers choose the letters' shapes by it.</summary>
    public virtual string WrittenTag => Tag;

    /// <summary>Whether it has every sentence.</summary>
    public virtual bool IsComplete => true;

    public abstract ILabels Labels { get; }

    public abstract IAmountSentences Amounts { get; }

    public abstract IJourneySentences Journeys { get; }

    public abstract IUrlSentences Urls { get; }

    public abstract INameSentences Names { get; }

    public abstract ISocketSentences Sockets { get; }

    public abstract ICallSentences Calls { get; }

    public abstract ITlsSentences Tls { get; }

    public abstract IHttpSentences Http { get; }

    public abstract ICacheSentences Caches { get; }

    public abstract IProxySentences Proxies { get; }

    public abstract IFtpSentences Ftp { get; }

    public abstract IMailSentences Mail { get; }

    public abstract INewsSentences News { get; }

    public abstract IHostFileSentences HostFiles { get; }

    public abstract IFailureSentences Failures { get; }

    public abstract IEvidenceSentences Evidence { get; }

    public abstract IFileSentences Files { get; }

    public abstract ISourceSentences Sources { get; }

    public abstract IServerSentences Servers { get; }

    public abstract ISettingsSentences Settings { get; }

    public abstract ISigningSentences Signing { get; }

    public abstract IChangeSentences Changes { get; }

    public abstract IFrameSentences Frames { get; }

    public abstract IProbeSentences Probes { get; }

    public abstract ITableSentences Tables { get; }

    public abstract ILabSentences Labs { get; }

    public abstract IFaultSentences Faults { get; }

    public abstract IAddressSentences Addresses { get; }

    public abstract ISwarmSentences Swarm { get; }

    public abstract IHelp Help { get; }

    public abstract IUsageSentences Usage { get; }

    public abstract IPlaceSentences Places { get; }

    public abstract IPromptSentences Prompt { get; }

    public abstract IPageSentences Page { get; }

    public abstract IDoctorSentences Doctor { get; }

    public abstract IMeasureSentences Measures { get; }

    public abstract IPacketSentences Packets { get; }

    public abstract IHostSentences Host { get; }

    public abstract ILiveSentences Live { get; }
}
