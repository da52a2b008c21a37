using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences;

/// <summary>A command line that cannot be done as it was typed: what is wrong with it, and what may be meant.</summary>
public interface IUsageSentences
{
    /// <summary>What was typed is no mailbox.</summary>
    Phrase NoMailbox(string option, string text);

    /// <summary>What was typed is no host with a port.</summary>
    Phrase NoHostAndPort(string option, string text);

    Phrase NoUrl { get; }

    Phrase HelpIsAt(string command);

    /// <summary>A word stands before a command that does not hear it there.</summary>
    /// <summary>An option, or (empty) something else, names a file by an empty text.</summary>
    Phrase EmptyFileName(string option);

    /// <summary>A URL or the name of a file whose bytes are no UTF-8.</summary>
    Phrase NotUtf8(string text);

    /// <summary>More files to be stored than there are URLs.</summary>
    Phrase UnevenUploads(int files, int urls);

    /// <summary>An option that means nothing to the scheme of a URL, and is passed over.</summary>
    Phrase OptionWithoutMeaning(string option, string scheme);

    /// <summary>What -r says is no range, or several, which only HTTP has.</summary>
    Phrase NoSingleRange(string range, string scheme);

    /// <summary>Other numbers of files and of URLs whose bodies they are for.</summary>
    Phrase UnevenFiles(int files, int urls);

    /// <summary>-O of a URL whose path ends without a name.</summary>
    Phrase NoRemoteName { get; }

    /// <summary>-i beside a file for the body.</summary>
    Phrase HeadBesideFile(string file);

    Phrase BeforeCommand(string word, string command);

    Phrase SayWhich(string command, IEnumerable<string> subcommands);

    Phrase Wants(string name, string value);

    Phrase GivenTooOften(string name, int times);

    Phrase WantsKind(string name, string text, ValueKind kind);

    Phrase WantsOneOf(string name, string text, IEnumerable<string> choices);

    Phrase WantsNumberBetween(string name, long least, long most);

    Phrase NoOption(string option, string? near);

    Phrase MistypedCommand(string word, string near);

    Phrase NoSubcommand(string command, string word, string? near, IEnumerable<string> subcommands);

    Phrase NoUseFor(string command, string word);

    /// <summary>An option that is there or is not was given a value.</summary>
    Phrase NoValue(string option);

    /// <summary>A complaint about what stands in a file that nobody named on the command line.</summary>
    Phrase InFile(string file, Phrase complaint);

    // What a hand types that knows curl.
    Phrase CurlIsHere(string option, string here);

    Phrase CurlIsOtherwise(string option, CurlHabit habit);

    Phrase CurlIsMissing(string option);

    Phrase AmongLetters(string letters, Phrase complaint);

    // Values.
    /// <summary>A file of certificates or keys is not what its option wants.</summary>
    Phrase NoPem(string option, string file, PemFault fault);

    Phrase NoPin(string text);

    Phrase NoTlsVersion(string text, bool isTooOld);

    Phrase NoCipherSuite(string name);

    Phrase KeyWithoutCertificate { get; }

    Phrase NoByteCount(string option, string text);

    /// <summary>-C cannot be done as it was typed.</summary>
    Phrase NoContinuation(ContinuationMisuse misuse, string text, long? length);

    Phrase NoLanguage(string text, IEnumerable<string> tags);

    Phrase NoField(string text);

    Phrase NoServer(string text);

    /// <summary>What is no entry of <c>--resolve</c>.</summary>
    Phrase NoGivenAddress(string text);

    Phrase NoForwarder(string text);

    Phrase NoNetwork(string option, string text);

    /// <summary>What --dns64 was given is no prefix in which addresses are made.</summary>
    Phrase NoTranslator(string text);

    Phrase NoListener(string text);

    Phrase NoTimeLimit(string option);

    Phrase NoDuration(string text);

    /// <summary>An option that says something only beside another.</summary>
    Phrase WithoutOption(string option, string other);

    /// <summary>-w names a variable that there is not.</summary>
    Phrase NoVariable(string name);

    /// <summary>Several URLs are to be repeated.</summary>
    Phrase RepeatsOneUrl { get; }

    /// <summary>What is repeated to be measured has no body that could be kept or shown.</summary>
    Phrase RepeatsWithoutBody(string option);

    /// <summary>The doctor is asked about what is no site.</summary>
    Phrase NoSiteToExamine(string scheme);

    Phrase NoZone(string text);

    Phrase NoZoneOrigin(string text, string origin);

    Phrase NoDomainName(string text);

    Phrase HostIsUrl(string host);

    Phrase HostIsSubnet(string text);

    Phrase HostHasPort(string text, string host);

    Phrase NoRecordType(string text);

    /// <summary>An option that another program has and its double here has not.</summary>
    Phrase OptionNotDone(string option, string program);

    /// <summary>An option of another program's that its double here does not carry out yet.</summary>
    Phrase OptionNotYet(string option, string program);

    Phrase NoSuchValue(string option, string value);

    /// <summary>A server was named, or is configured, for which there is no address to ask.</summary>
    Phrase NoServerAddress(string server);

    Phrase NoSeeds(string text);

    Phrase NoFault(string text, IEnumerable<string> kinds);

    Phrase NoBase(string text, Phrase flaw, int character);

    Phrase NoUrlsIn(string file);

    Phrase UrlWantsText { get; }

    Phrase SplitWantsSubnet { get; }

    Phrase NoSplit(int length, int least, int most);

    Phrase NoProbe(string text);

    Phrase NoSubnet(string word, Phrase flaw);

    Phrase LengthTooLong { get; }

    Phrase MaskWithHoles { get; }

    /// <summary>Ones where a mask has zeros, as access lists of routers write it.</summary>
    /// <param name="mask">What it would be as a mask.</param>
    Phrase WildcardMask(IpAddress mask);

    Phrase NoMask { get; }

    Phrase NumberBeyondByte(string number);

    Phrase NotFourNumbers(int count);

    Phrase LeadingZero(string number);

    Phrase NoAddress { get; }

    /// <summary>Two options both say what is sent.</summary>
    Phrase TwoContents { get; }

    /// <summary>An argument of -F that is none; only the member's name may be shown.</summary>
    Phrase NoFormPart(string name, FormFault fault);

    /// <summary>The argument of --form-string has no '='.</summary>
    Phrase NoFormString { get; }

    /// <summary>What -G would put into a URL is too long for one.</summary>
    Phrase QueryTooLong(long most);

    /// <summary>Credentials without a password.</summary>
    Phrase NoPassword { get; }

    // What keeps a run from its end.
    Phrase SimulationStopped(Phrase reason);

    /// <summary>A signal ended a command that has nothing more to say.</summary>
    Phrase Interrupted { get; }

    Phrase InternalFault(string exception, string version);
}

/// <summary>What kind of value an option takes.</summary>
public enum ValueKind
{
    Truth,
    Number,
    WholeNumber,

    /// <summary>A whole number, where one stands that is too large.</summary>
    SmallerNumber,

    Byte,
    Port,
    Seed,
}

/// <summary>What is wrong with an argument of -F.</summary>
public enum FormFault
{
    None,
    NoName,
    Nested,
    Encoder,
    FieldMalformed,
    HeadUnwritable,
    ParameterUnknown,
}

/// <summary>Why a transfer is not gone on with as it was typed.</summary>
public enum ContinuationMisuse
{
    /// <summary>Neither a number nor "-".</summary>
    NoPlace,

    /// <summary>"-" without a file whose end it could be.</summary>
    NoFile,

    /// <summary>The file has another length than the number says.</summary>
    OtherLength,

    /// <summary>More than one URL, and one file.</summary>
    SeveralUrls,

    /// <summary>Something else is wanted than the content as it is.</summary>
    OtherWish,

    /// <summary>The server is to name the file, so nobody knows yet what is here of it.</summary>
    NameUnknown,
}

/// <summary>Options of curl that are something else here, or that need none.</summary>
public enum CurlHabit
{
    DataWithType,
    BytesAreShown,
    OwnHost,
    SpokenAnyway,
}
