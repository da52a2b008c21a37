using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishUsage : IUsageSentences
{
    public Phrase NoMailbox(string option, string text) => $"{option} wants a mailbox, such as name@example.com, and '{text}' is none";

    public Phrase NoHostAndPort(string option, string text) => $"{option} wants HOST or HOST:PORT, and '{text}' is none";

    public Phrase NoUrl => $"no URL given\nTry: firstbyte --lab http://www.lab.glasscom.com/dir1/file1.html   ·   firstbyte --help";

    public Phrase NotUtf8(string text) => $"the bytes of '{text:name}' are no UTF-8, as those of URLs and names of files have to be here";

    public Phrase UnevenUploads(int files, int urls) =>
        Say($"-T names {files} files, and there {(urls == 1 ? "is 1 URL" : $"are {urls} URLs")}: each file goes to the URL that stands at its place");

    public Phrase OptionWithoutMeaning(string option, string scheme) => $"{option} means nothing to {scheme}: and is passed over";

    public Phrase NoSingleRange(string range, string scheme) =>
        $"-r '{range:name}' is not one range (FIRST-LAST, FIRST- or -COUNT), and {scheme}: has no others: all is asked for";

    public Phrase EmptyFileName(string option) => option.Length == 0
        ? "the name of a file is empty (a variable that is not set, in a script?)"
        : $"{option} wants the name of a file, and got an empty one (a variable that is not set, in a script?)";

    public Phrase UnevenFiles(int files, int urls) =>
        Say($"-o and -O name {files} {(files == 1 ? "file" : "files")}, and there {(urls == 1 ? "is 1 URL" : $"are {urls} URLs")}: ")
        + "each URL wants a file of its own (--body prints all bodies in a row)";

    public Phrase NoRemoteName => "-O takes the name at the end of the URL's path, and there is none: -o FILE gives one";

    public Phrase HeadBesideFile(string file) =>
        $"-i prints head and body, and the body goes to '{file}': one of them is too much ('firstbyte curl -i -o FILE' writes both into the file)";

    public Phrase BeforeCommand(string word, string command) =>
        $"'{word}' stands before '{command}', where that does not hear it: options and arguments of a command follow its name";

    public Phrase HelpIsAt(string command) => $"Try: {command} --help";

    public Phrase SayWhich(string command, IEnumerable<string> subcommands) => $"{command}: say which: {string.Join(", ", subcommands)}";

    public Phrase Wants(string name, string value) => $"{name} wants {value}";

    public Phrase GivenTooOften(string name, int times) => $"{name} was given {times} times, and can have one value";

    public Phrase WantsKind(string name, string text, ValueKind kind) => $"{name} '{text}': {Kind(kind)} is wanted";

    public Phrase WantsOneOf(string name, string text, IEnumerable<string> choices) =>
        $"{name} '{text}': one of {string.Join(", ", choices)} is wanted";

    public Phrase WantsNumberBetween(string name, long least, long most) => $"{name} wants a number from {least} to {most}";

    public Phrase NoOption(string option, string? near) => $"there is no option '{option}'{DidYouMean(near)}";

    public Phrase MistypedCommand(string word, string near) =>
        $"there is no command '{word}'; did you mean '{near}'? (a host of that name: http://{word}/)";

    public Phrase NoSubcommand(string command, string word, string? near, IEnumerable<string> subcommands) =>
        $"there is no command '{(command.Length == 0 ? word : $"{command} {word}")}'{DidYouMean(near)} ({string.Join(", ", subcommands)})";

    public Phrase NoValue(string option) => $"{option} takes no value: it is there, or it is not";

    public Phrase InFile(string file, Phrase complaint) => $"'{file}': {complaint}";

    public Phrase NoUseFor(string command, string word) => $"{command} has no use for '{word}'";

    public Phrase CurlIsHere(string option, string here) => $"curl's {option} is here {here}";

    public Phrase CurlIsOtherwise(string option, CurlHabit habit) => $"curl's {option} {Habit(habit)}";

    public Phrase CurlIsMissing(string option) => $"curl's {option} is not here (yet)";

    public Phrase AmongLetters(string letters, Phrase complaint) => $"{letters}: {complaint}";

    public Phrase NoLanguage(string text, IEnumerable<string> tags) => $"--lang '{text}': expected one of {string.Join(", ", tags)}";

    public Phrase NoField(string text) => $"-H '{text}': expected 'Name: value', or 'Name:' to take one of ours out";

    public Phrase NoForwarder(string text) =>
        $"--forward '{text}': expected a server such as 9.9.9.9, tls://9.9.9.9#dns.quad9.net or https://9.9.9.9/dns-query";

    public Phrase NoTranslator(string text) => $"--dns64 '{text}': expected the prefix of a translator, of IPv6 and 96 bits, such as 64:ff9b::/96";

    public Phrase NoNetwork(string option, string text) => $"{option} '{text}': expected a network such as 192.0.2.0/24 or 2001:db8::/32";

    public Phrase NoGivenAddress(string text) => $"--resolve wants HOST:PORT:ADDRESS, or -HOST:PORT to take it back, and '{text}' is neither";

    public Phrase NoServer(string text) =>
        $"--server '{text}': expected an address such as 9.9.9.9 or [::1]:5300, or tls://9.9.9.9#dns.quad9.net (a name would need resolving first)";

    public Phrase NoListener(string text) => $"--listen '{text}': expected an address and a port, such as 127.0.0.1:5300 or [::1]:5300";

    public Phrase NoTimeLimit(string option) => $"{option} wants a number of seconds above 0";

    public Phrase NoVariable(string name) => $"-w: there is no variable %{{{name}}}";

    public Phrase WithoutOption(string option, string other) => $"'{option}' says nothing without '{other}'";

    public Phrase RepeatsOneUrl => "'-n' repeats one URL: give the others in a run of their own";

    public Phrase RepeatsWithoutBody(string option) => $"'-n' measures journeys and keeps nothing of them, so '{option}' has no use";

    public Phrase NoSiteToExamine(string scheme) => $"only sites of http: and https: can be examined, not what {scheme}: names";

    public Phrase NoDuration(string text) => $"'{text}' is not a length of time: 5s, 200ms, 1.5s, 2min, at most a day";

    public Phrase NoZone(string text) => $"'{text}': expected ORIGIN=FILE, such as example.com=example.com.zone";

    public Phrase NoZoneOrigin(string text, string origin) => $"'{text}': '{origin}' is not a domain name";

    public Phrase NoDomainName(string text) => $"'{text}' is not a domain name: labels have 1 to 63 bytes, a whole name at most 255";

    public Phrase HostIsUrl(string host) => $"a URL is not the name of a host: that one's host is '{host}'";

    public Phrase HostIsSubnet(string text) => $"'{text}' is a subnet, and not one host: firstbyte ip {text} tells of it";

    public Phrase HostHasPort(string text, string host) => $"'{text}' has a port, which is neither asked for nor probed: '{host}' without it";

    public Phrase NoRecordType(string text) =>
        $"'{text}' is not a type of record: A, AAAA, CNAME, MX, NS, PTR, SOA, SRV, TXT, or TYPE with a number";

    public Phrase OptionNotDone(string option, string program) => $"{program} has '{option}', and it is not done here";

    public Phrase OptionNotYet(string option, string program) => $"option {option}: is {program}'s, and is not carried out yet";

    public Phrase NoSuchValue(string option, string value) => $"'{value}' is no value of '{option}'";

    public Phrase NoServerAddress(string server) =>
        $"there is no server to ask: no address of '{server}' is known, or none of the version that was asked for; name a server by its address: @192.0.2.53";

    public Phrase NoSeeds(string text) => $"'{text}' is no range of seeds: write A..B, for example 1..500";

    public Phrase NoFault(string text, IEnumerable<string> kinds) => $"'{text}' is no kind of fault: {string.Join(", ", kinds)}";

    public Phrase NoBase(string text, Phrase flaw, int character) => $"--base '{text}': {flaw}, character {character}";

    public Phrase NoUrlsIn(string file) => $"'{file}' holds no URL";

    public Phrase UrlWantsText => "url: expected a URL, --batch or --bench FILE";

    public Phrase SplitWantsSubnet => "--split divides a subnet: write it with its length, such as 10.0.0.0/8";

    public Phrase NoSplit(int length, int least, int most) =>
        $"--split {length}: expected a length from {least} (the subnet itself) to {most}";

    public Phrase NoProbe(string text) => $"--contains '{text}': expected an address or a prefix";

    public Phrase NoSubnet(string word, Phrase flaw) => $"'{word}': {flaw}";

    public Phrase LengthTooLong => "the length after '/' is larger than the address (32 for IPv4, 128 for IPv6)";

    public Phrase MaskWithHoles => "the mask has ones after zeros; a mask is ones, then zeros (255.255.255.0)";

    public Phrase WildcardMask(IpAddress mask) => $"this is a wildcard, as access lists have it: its ones are the host's bits; the mask is {mask}";

    public Phrase NoMask => "after '/' comes a length such as 24 or a mask such as 255.255.255.0";

    public Phrase NumberBeyondByte(string number) => $"{number} > 255, and each of the four numbers is a byte";

    public Phrase NotFourNumbers(int count) => $"an IPv4 address has four numbers, and this has {count}";

    public Phrase LeadingZero(string number) => $"{number} begins with a zero, which some programs read as octal";

    public Phrase NoAddress => "an address such as 192.0.2.1 or 2001:db8::1 is expected";

    public Phrase NoPassword => "-u wants USER:PASSWORD; 'USER:' has an empty password";

    public Phrase TwoContents => "-d, -F and -T each say what is sent: use one of them";

    public Phrase NoPem(string option, string file, PemFault fault) => fault switch
    {
        PemFault.NoCertificate => $"{option} {file}: there is no certificate in it (PEM: -----BEGIN CERTIFICATE-----)",
        PemFault.CertificateMalformed => $"{option} {file}: a certificate in it cannot be read",
        PemFault.NoKey => $"{option} {file}: there is no private key in it (PEM: -----BEGIN PRIVATE KEY-----); --key names another file",
        PemFault.KeyEncrypted => $"{option} {file}: the private key has a password: --pass gives it",
        PemFault.PasswordWrong => $"{option} {file}: the password of --pass does not open the private key",
        PemFault.KeyEncryptedOldForm =>
            $"{option} {file}: the private key has a password in the old form; openssl pkey -in {file} -aes256 -out OTHER writes the new one",
        PemFault.KeyMalformed or PemFault.None => $"{option} {file}: the private key cannot be read; RSA and elliptic curve keys are spoken here",
        PemFault.KeyOfAnother => $"{option} {file}: the private key is not that of the certificate",
    };

    public Phrase NoPin(string text) => $"--pinnedpubkey '{text}': sha256//BASE64 is wanted (several with ; between them), or a file with a public key";

    public Phrase NoTlsVersion(string text, bool isTooOld) => isTooOld
        ? $"--tls-max {text}: TLS before 1.2 is forbidden (RFC 8996) and not spoken here"
        : $"--tls-max '{text}': one of 1.2, 1.3, default is wanted, not less than what --tlsv1.3 says";

    public Phrase NoCipherSuite(string name) =>
        $"--ciphers: there is no suite '{name}'; names are IANA's (TLS_AES_128_GCM_SHA256) or OpenSSL's (ECDHE-RSA-AES128-GCM-SHA256)";

    public Phrase KeyWithoutCertificate => "--key is for the certificate of --cert, and there is none";

    public Phrase NoByteCount(string option, string text) => $"{option} '{text}': a number of bytes above 0 is wanted, such as 500, 64k, 1.5M";

    public Phrase NoContinuation(ContinuationMisuse misuse, string text, long? length) => misuse switch
    {
        ContinuationMisuse.NoPlace => $"-C '{text}': a number of bytes is wanted, or - for where the file ends",
        ContinuationMisuse.NoFile => "-C - goes on where a file ends, and no file is named: add -o FILE",
        ContinuationMisuse.OtherLength => $"-C {text}: what is here of the file has {length} bytes; -C - goes on from its end",
        ContinuationMisuse.NameUnknown => "-C goes on with a file that is here, and with -J the server names it: leave one of the two out",
        ContinuationMisuse.SeveralUrls => "-C goes on with the transfer of one URL, and there are several",
        ContinuationMisuse.OtherWish => "-C is for content as it is: not with --compressed, -r, -I, another method than GET, or content to send",
    };

    public Phrase NoFormString => "--form-string wants NAME=CONTENT";

    public Phrase NoFormPart(string name, FormFault fault) => fault switch
    {
        FormFault.NoName => "-F wants NAME=CONTENT, NAME=@FILE or NAME=<FILE",
        FormFault.Nested => $"-F '{name}=(…': parts within parts are not spoken here; -F '{name}=\"(…\"' sends the bracket itself",
        FormFault.Encoder => $"-F '{name}=…': content is sent as it is, without encoder=",
        FormFault.FieldMalformed => $"-F '{name}=…': headers= wants \"NAME: VALUE\"",
        FormFault.HeadUnwritable =>
            $"-F '{name}=…': its name, type, filename or a field of headers= has a line break, another control character or a name that is none",
        FormFault.ParameterUnknown or FormFault.None =>
            $"-F '{name}=…': behind ';' only type=, filename= and headers= may stand; in quotes, or with --form-string, a ';' is itself",
    };

    public Phrase QueryTooLong(long most) => $"what -G puts into the URL is longer than {most:N0} bytes: no server takes that";

    public Phrase Interrupted => "interrupted";

    public Phrase SimulationStopped(Phrase reason) => $"the simulation stopped: {reason}";

    public Phrase InternalFault(string exception, string version) =>
        $"a fault of firstbyte itself ({exception}), not of what was asked. Please report it with the command line and firstbyte {version}";

    private static Phrase DidYouMean(string? near) => near is null ? Phrase.Empty : $"; did you mean '{near}'?";

    private static string Kind(ValueKind kind) => kind switch
    {
        ValueKind.Truth => "true or false",
        ValueKind.Number => "a number",
        ValueKind.WholeNumber => "a whole number",
        ValueKind.SmallerNumber => "a whole number up to 2147483647",
        ValueKind.Byte => "a whole number from 0 to 255",
        ValueKind.Port => "a whole number from 0 to 65535",
        ValueKind.Seed => "a whole number from 0 to 18446744073709551615",
    };

    private static string Habit(CurlHabit habit) => habit switch
    {
        CurlHabit.DataWithType => "is here --data-json",
        CurlHabit.BytesAreShown => "is here -v, or --json for a program",
        CurlHabit.OwnHost => "is here --tun NAME, for a host of our own",
        CurlHabit.SpokenAnyway => "needs nothing: it is what is spoken",
    };
}
