using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>The page of a lab: its panels, controls, and what it says of itself.</summary>
public interface IPageSentences
{
    string Title { get; }

    string Tagline { get; }

    string Loading { get; }

    /// <summary>The name of the text box.</summary>
    string UrlLabel { get; }

    string Go { get; }

    string LabLabel { get; }

    string SeedLabel { get; }

    string LanguageLabel { get; }

    string Play { get; }

    string Pause { get; }

    string Step { get; }

    string Back { get; }

    string SpeedLabel { get; }

    /// <summary>The name of the slider by which one goes to an event.</summary>
    string PositionLabel { get; }

    /// <summary>The name of the bar by which one moves in time.</summary>
    string Controls { get; }

    string Map { get; }

    string Journey { get; }

    string Relay { get; }

    string Events { get; }

    string Packet { get; }

    string State { get; }

    string Ladder { get; }

    string Calls { get; }

    string Response { get; }

    string NothingYet { get; }

    /// <summary>The position is before the first event of a run that is recorded.</summary>
    string AtTheBeginning { get; }

    /// <summary>The list of events has some, and none that was asked for.</summary>
    string NoEventMatches { get; }

    /// <summary>Who goes again while a journey runs begins none.</summary>
    Phrase JourneyRuns { get; }

    /// <summary>Rows before those that are drawn, to be shown.</summary>
    string Earlier(int count);

    /// <summary>The list of steps that are recorded behind the position.</summary>
    string Coming { get; }

    /// <summary>From which event on a coming step can be read.</summary>
    Phrase FromEvent(int number);

    /// <summary>An element dropped a packet.</summary>
    Phrase DroppedAt(string element, Phrase why);

    string NoRelay { get; }

    string NoPacket { get; }

    string NoConversation { get; }

    string NoCalls { get; }

    string ShowLabel { get; }

    /// <summary>The list of events shows frames and what was decided about them.</summary>
    string ShowFrames { get; }

    /// <summary>The list of events shows all that --json=all tells.</summary>
    string ShowEverything { get; }

    string ProtocolLabel { get; }

    string AllProtocols { get; }

    string NumberHead { get; }

    string TimeHead { get; }

    string PlaceHead { get; }

    string ProtocolHead { get; }

    string InfoHead { get; }

    string MachineLabel { get; }

    string Sockets { get; }

    string Connections { get; }

    string Neighbors { get; }

    string Routes { get; }

    string Cache { get; }

    string Translations { get; }

    /// <summary>A table without rows.</summary>
    string Empty { get; }

    string Bits { get; }

    /// <summary>The box for the proxy of the journeys.</summary>
    string ProxyLabel { get; }

    /// <summary>Below an earlier event: what is done there goes on from it.</summary>
    Phrase DropsRest(int count);

    /// <summary>That fields and bytes lead to each other.</summary>
    string PickHint { get; }

    /// <summary>A field that was chosen, and the bytes of the frame that it takes, from the first to the last.</summary>
    Phrase Picked(string layer, string field, Phrase value, int first, int last);

    /// <summary>The way of a connection through its states.</summary>
    Phrase StatesPassed(string states);

    /// <summary>The frame as hexadecimal digits.</summary>
    string Bytes { get; }

    string Tools { get; }

    string BreakLabel { get; }

    string BreakHint { get; }

    string Apply { get; }

    string Heal { get; }

    /// <summary>Ends one fault.</summary>
    string MendOne { get; }

    /// <summary>The same, with what it ends.</summary>
    string MendOf(string fault);

    string WaitLabel { get; }

    string LetPass { get; }

    string WaitHint { get; }

    Phrase TimeExpected(string text);

    Phrase Passes(string time, int after);

    string ZoneLabel { get; }

    string ZoneHint { get; }

    string LabFileLabel { get; }

    string UseLab { get; }

    string ShareLabel { get; }

    string DownloadCapture { get; }

    string DownloadEvents { get; }

    string LossName { get; }

    string DelayName { get; }

    string CutName { get; }

    string MtuName { get; }

    string CrashName { get; }

    string Close { get; }

    string Skip { get; }

    string MapHint { get; }

    /// <summary>The name of the diagram.</summary>
    string StateDiagram { get; }

    string NotFinished { get; }

    /// <summary>The heads of the table of connections, in the names of RFC 9293 and RFC 5681.</summary>
    IReadOnlyList<string> ConnectionHeads { get; }

    /// <summary>What hangs below a step, folded.</summary>
    string Details(int count);

    /// <summary>An element of the map for whoever does not see it: what it is, its address or prefix where it has one, and how it is.</summary>
    string Element(ElementKind kind, string name, string note, bool isBroken);

    /// <summary>A cable of the map for whoever does not see it.</summary>
    string Cable(string name, string from, string to, bool isBroken);

    /// <summary>Nothing stands where a URL should.</summary>
    Phrase UrlExpected { get; }

    /// <summary>The machine whose state is looked at has no power.</summary>
    Phrase IsOff(string machine);

    /// <summary>What was entered holds from an event on.</summary>
    Phrase Holds(string words, int after);

    /// <summary>What an experiment shows and why, folded until it has been done.</summary>
    string Answers { get; }

    /// <summary>The same for the command line, folded.</summary>
    string WithCommand { get; }

    /// <summary>Ends what goes on.</summary>
    string Stop { get; }

    string SkipToJourney { get; }

    /// <summary>The list of what is broken.</summary>
    string FaultsHeld { get; }

    /// <summary>The link shows a password to whoever gets it.</summary>
    string LinkHoldsPassword { get; }

    Phrase LinkNotRead { get; }

    Phrase TooManyEvents(int most);

    /// <summary>Where one is among the events.</summary>
    Phrase Position(int number, int count);

    Phrase Summary(int machines, int boxes, int links);

    Phrase LabTooLarge(int machines, int most);

    Phrase Unknown(string lab);

    Phrase NoRunStartsHere(string number);

    Phrase SeedExpected(string text);

    /// <summary>A frame on its way, for whoever cannot see it move.</summary>
    Phrase Frame(string from, string to);

    Phrase LostOn(string link, Phrase why);

    /// <summary>The shelf of experiments.</summary>
    string Shelf { get; }

    string ShelfHint { get; }

    string ShelfName(ExperimentShelf shelf);

    /// <summary>What can be done in the experiment that is set up, one thing after the other.</summary>
    string Steps { get; }

    Phrase ToDo(ExperimentStep step);

    /// <summary>Everything from the beginning.</summary>
    string StartAgain { get; }

    /// <summary>What is asked before a step; empty where nothing is.</summary>
    string Question(LessonQuestion question);

    /// <summary>Something that may be answered: yes, no, a count, a name, none.</summary>
    string Option(string option);

    /// <summary>What the run says to what was answered.</summary>
    Phrase Verdict(bool isRight, string guess, IReadOnlyList<string> answers);

    /// <summary>The host that makes the journey.</summary>
    string FromLabel { get; }

    Phrase NothingBroken { get; }

    Phrase NoSuchRecord(string change);

    /// <summary>The root zone, whose name is a dot.</summary>
    string RootZone { get; }

    /// <summary>Which machine of the map that is.</summary>
    string OnMachine(string machine);

    string LadderLegend { get; }

    /// <summary>Between what came and what became of it.</summary>
    string Then { get; }

    /// <summary>A heading of the command's tables, in words.</summary>
    string TableHead(string head);
}
