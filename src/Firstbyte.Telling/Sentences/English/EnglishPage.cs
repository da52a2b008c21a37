using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishPage : IPageSentences
{
    public string Title => "firstbyte · the internet in a page";

    public string Tagline => "Enter a URL. Everything that happens up to the first byte, and after it, happens here: every packet is real.";

    public string Loading => "The lab is being built…";

    public string UrlLabel => "URL";

    public string Go => "Go";

    public string LabLabel => "Lab";

    public string SeedLabel => "Seed";

    public string LanguageLabel => "Language";

    public string Play => "Play";

    public string Pause => "Pause";

    public string Step => "Step";

    public string Back => "Back";

    public string SpeedLabel => "Speed";

    public string PositionLabel => "Event";

    public string Controls => "Time";

    public string Map => "Map";

    public string Journey => "Journey";

    public string Relay => "Relay";

    public string Events => "Events";

    public string Packet => "Packet";

    public string State => "State";

    public string Ladder => "Ladder";

    public string Calls => "Calls";

    public string Response => "Response";

    public string NothingYet => "Nothing has happened yet. Enter a URL above.";

    public string AtTheBeginning => "This is the beginning of the run, before its first event. Play or Step goes on.";

    public string NoEventMatches => "No event matches.";

    public Phrase JourneyRuns => $"A journey is on its way. Stop ends it; then another can begin.";

    public string Earlier(int count) => count == 1 ? "Show the row before this one" : $"Show earlier rows ({count})";

    public string Coming => "Steps that follow";

    public Phrase FromEvent(int number) => $"event {number}";

    public Phrase DroppedAt(string element, Phrase why) => $"{element:name}: {why}";

    public string NoRelay => "No name has been asked for yet.";

    public string NoPacket => "No frame moves in this event. Choose a row with a frame in the list of events.";

    public string NoConversation => "No packet has gone from one host to another yet.";

    public string NoCalls => "The program has called nothing yet.";

    public string ShowLabel => "Show";

    public string ShowFrames => "frames and the program";

    public string ShowEverything => "everything that was told";

    public string ProtocolLabel => "Protocol";

    public string AllProtocols => "all";

    public string NumberHead => "No.";

    public string TimeHead => "Time (s)";

    public string PlaceHead => "Where";

    public string ProtocolHead => "Protocol";

    public string InfoHead => "Info";

    public string MachineLabel => "Machine";

    public string Sockets => "Sockets";

    public string Connections => "TCP connections (numbers counted from each side's first; Events and Packet show them as they are on the wire)";

    public string Neighbors => "Neighbours (ARP, NDP)";

    public string Routes => "Routes";

    public string Cache => "DNS cache";

    public string Translations => "Address translation";

    public string Empty => "empty";

    public string Bits => "bits";

    public string ProxyLabel => "Proxy";

    public Phrase DropsRest(int count) => count == 1
        ? (Phrase)$"You look at the past. Play and Step show what is recorded; breaking or changing something, or another journey, drops the event behind it."
        : $"You look at the past. Play and Step show what is recorded; breaking or changing something, or another journey, drops the {count} events behind it.";

    public string PickHint => "Choose a field or a byte: each shows the other. Arrow keys go from byte to byte.";

    public Phrase Picked(string layer, string field, Phrase value, int first, int last) =>
        first == last ? (Phrase)$"{layer} · {field}: {value} (byte {first})" : $"{layer} · {field}: {value} (bytes {first} to {last})";

    public Phrase StatesPassed(string states) => $"The newest connection's way: {states:name}";

    public string Bytes => "Bytes";

    public string Tools => "Break, edit, share";

    public string BreakLabel => "Break it";

    public string BreakHint =>
        "One fault in the words of a lab file: impair LINK loss 30% · cut LINK · down HOST · impair LINK mtu 576. A click on a link or "
        + "machine of the map begins one.";

    public string Apply => "Apply";

    public string Heal => "Mend everything";

    public string MendOne => "Mend";

    public string MendOf(string fault) => $"Mend: {fault}";

    public string WaitLabel => "Let time pass";

    public string LetPass => "Wait";

    public string WaitHint => "30s, 5m, 250ms: at once, by the clock of the lab. What is in caches grows old, leases are renewed, routers talk.";

    public Phrase TimeExpected(string text) => $"{text} is no time of at most a day; 30s or 5m are.";

    public Phrase Passes(string time, int after) => $"{time:number} pass from event {after} on.";

    public string ZoneLabel => "Change a record";

    public string ZoneHint => "set ZONE NAME TTL TYPE DATA, or unset ZONE NAME TYPE";

    public string LabFileLabel => "Lab file";

    public string UseLab => "Build this lab";

    public string ShareLabel => "Link to this moment";

    public string DownloadCapture => "Download the capture (pcapng)";

    public string DownloadEvents => "Download the events (JSON lines)";

    public string LossName => "lose 30%";

    public string DelayName => "delay 300 ms";

    public string CutName => "cut";

    public string MtuName => "MTU 576";

    public string CrashName => "switch off";

    public string Close => "Leave it as it is";

    public string Skip => "Skip to the map";

    public string MapHint => "Hosts, routers, hubs and switches of the lab with the cables between them. Arrow keys go from one to the next, a letter to a name.";

    public string StateDiagram => "TCP states";

    public string NotFinished => "the run was stopped here";

    public IReadOnlyList<string> ConnectionHeads { get; } =
        ["Local", "Peer", "State", "cwnd", "not acknowledged from (SND.UNA)", "next to send (SND.NXT)", "may send (SND.WND)",
            "next to come (RCV.NXT)", "may come (RCV.WND)", "ssthresh", "MSS", "RTO", "sent again"];

    public string Stop => "Stop";

    public string SkipToJourney => "Skip to the journey";

    public string FaultsHeld => "What is broken";

    public string LinkHoldsPassword => "The link holds the password of a URL: whoever gets it can read it. "
        + "That is why the page's address does not follow this run: a reload loses it, this link keeps it.";

    public Phrase LinkNotRead => "A part of the link could not be read; it may have been cut. This is what could be made of the rest.";

    public Phrase TooManyEvents(int most) => $"What went on was stopped after {Amounts.Number(most)} events, the most that this page keeps.";

    public string Details(int count) => $"Details ({count})";

    public string Element(ElementKind kind, string name, string note, bool isBroken) =>
        $"{Kind(kind)} {name}{(note.Length > 0 ? $" {note}" : "")}{(isBroken ? ", out of order" : "")}";

    public string Cable(string name, string from, string to, bool isBroken) => $"cable {name}, from {from} to {to}{(isBroken ? ", out of order" : "")}";

    public Phrase UrlExpected => "Enter a URL: there is none in the box.";

    public Phrase IsOff(string machine) => $"{machine:name} is switched off: nothing runs on it, and what it held in memory is gone.";

    public Phrase Holds(string words, int after) => $"{words:name} holds from event {after} on.";

    public string Answers => "What to look for, and why";

    public string WithCommand => "With the command";

    private static string Kind(ElementKind kind) => kind switch
    {
        ElementKind.Host => "host",
        ElementKind.Router => "router",
        ElementKind.Hub => "hub",
        _ => "switch",
    };

    public Phrase Position(int number, int count) => $"{number} of {count}";

    public Phrase Summary(int machines, int boxes, int links) =>
        $"{machines} {(machines == 1 ? "machine" : "machines"):words}, {boxes} {(boxes == 1 ? "hub or switch" : "hubs and switches"):words}, "
        + $"{links} {(links == 1 ? "cable" : "cables"):words}";

    public Phrase LabTooLarge(int machines, int most) =>
        $"This lab has {machines} machines (hosts and routers); the page builds labs of at most {most}, "
        + $"the command of {LabLimits.Nodes:#,0}: firstbyte --lab=FILE URL";

    public Phrase Unknown(string lab) => $"There is no lab called {lab:name}.";

    public Phrase NoRunStartsHere(string number) => $"{number} is no event of this run.";

    public Phrase SeedExpected(string text) => $"A seed is a whole number from 0 on, and {text} is none.";

    public Phrase Frame(string from, string to) => $"from {from:name} to {to:name}";

    public Phrase LostOn(string link, Phrase why) => $"lost on {link:name}: {why}";

    public string Shelf => "Experiments";

    public string ShelfHint => "One click sets one up; below it stands what to do, what to watch and what it teaches.";

    public string ShelfName(ExperimentShelf shelf) => shelf switch
    {
        ExperimentShelf.First => "First steps",
        ExperimentShelf.Useful => "Useful",
        _ => "Strange",
    };

    public string Steps => "What to do";

    public Phrase ToDo(ExperimentStep step) => step.Kind switch
    {
        "fetch" => $"Fetch {step.Text:name}",
        "from" when step.Text.Split(' ', 2) is [var host, var url] => $"Fetch from {host:name}: {url:name}",
        "wait" => $"Let {step.Text:number} pass",
        "zone" => $"Change a record: {step.Text:name}",
        "break" => $"Break: {step.Text:name}",
        _ => Heal,
    };

    public string StartAgain => "Start again";

    public string Question(LessonQuestion question) => question switch
    {
        LessonQuestion.Works => "Will the page come?",
        LessonQuestion.Asks => "How many questions of DNS will be asked on the way?",
        LessonQuestion.Answers => "Which machine will answer?",
        LessonQuestion.Loses => "On which cable will something be lost?",
        LessonQuestion.Hears => "Who else will hear it?",
        _ => "",
    };

    public string Option(string option) => option switch
    {
        "yes" => "Yes",
        "no" => "No",
        "0-1" => "One at most",
        "2-3" => "Two or three",
        "4+" => "Four or more",
        "" => "None",
        _ => option,
    };

    public Phrase Verdict(bool isRight, string guess, IReadOnlyList<string> answers) => isRight
        ? (Phrase)$"As you thought: {string.Join(", ", answers.Select(Option)):name}"
        : $"You thought: {Option(guess):name}. It was: {string.Join(", ", answers.Select(Option)):name}";

    public string FromLabel => "From";

    public Phrase NothingBroken => "Nothing is broken at this event: there is nothing to mend.";

    public Phrase NoSuchRecord(string change) => $"{change:name}: there is no such record, and nothing has changed.";

    public string RootZone => "the root (.)";

    public string OnMachine(string machine) => $"is {machine} on the map";

    public string LadderLegend =>
        "? asks · = answers · → names other servers to ask · = ∅ there is none · ✗ fails · × lost. "
        + "The resolver writes a name in capital and small letters at random "
        + "(wWw): a right answer repeats them, and who forges one without having seen the question cannot.";

    public string Then => "then";

    public string TableHead(string head) => head switch
    {
        "DESTINATION" => "To",
        "NEXT HOP" => "Next hop",
        "DEV" => "Card",
        "FROM" => "Known from",
        "ADDRESS" => "IP address",
        "LLADDR" => "Hardware address (MAC)",
        "STATE" => "State",
        "WHO" => "Who",
        "PROTO" => "Protocol",
        "RECV-Q" => "Received, not read (bytes)",
        "SEND-Q" => "Written, not acknowledged (bytes)",
        "LOCAL" => "Local",
        "PEER" => "Peer",
        "FD" => "Descriptor",
        "NAME" => "Name",
        "TYPE" => "Type",
        "DATA" => "Data",
        "TTL LEFT" => "TTL left",
        "RANK" => "How far it is trusted",
        "INSIDE" => "Inside",
        "SEEN FROM OUTSIDE AS" => "Seen from outside as",
        _ => head,
    };
}
