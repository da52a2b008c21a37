using System.Buffers;
using System.Reflection;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Mail;
using Firstbyte.Proxies;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Web.Viewing;

/// <summary>A lab in which somebody works: its run as it is recorded, and the position in it that is looked at.</summary>
/// <remarks>
/// Theory of operation. The position is a number in the recorded log, and moving it touches nothing: what is read is what was recorded up to
/// there. Only who does something at an earlier position changes the run: the world is made again from its seed up to there, what was recorded behind
/// is forgotten, and the run goes on differently. Nothing here waits: a run goes on in <see cref="Advance"/>, a piece at a time.
/// </remarks>
public sealed class LabSession : IDisposable
{
    /// <summary>Machines that a page builds (own choice): each is drawn, and its tables are kept at each of its events.</summary>
    public const int MaxMachines = 300;

    /// <summary>Events after which what still goes on is stopped (own choice): a tab has its memory, and each event is kept.</summary>
    public const int MaxEvents = 60_000;

    /// <summary>How long time may be let pass at once (own choice): beyond it there are more periodic events than a tab keeps.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Bytes of a body that are kept to be shown (own choice).</summary>
    public const int MaxBody = 64 * 1024;

    private readonly TimeProvider _clock;
    private readonly TableHistory _tables = new();
    private readonly List<SessionAct> _acts = [];
    private readonly string _client;
    private string _inside;
    private MemoryStream _capture = new();
    private CaptureTap? _tap;
    private Language _language;
    private RunView _view;
    private int _taken;
    private bool _isEnded;
    private bool _isViewEnded;
    private bool _isStopped;

    private LabSession(string name, string text, LabDefinition definition, ulong? seed, Language language, TimeProvider clock)
    {
        (Name, Text, Definition, _language, _clock, _client) = (name, text, definition, language, clock, definition.Client);
        _inside = _client;
        Timeline = new LabTimeline(definition, seed, SilentlyRecorded.Instance, world =>
        {
            // A way back makes the capture anew too.
            _capture = new MemoryStream();
            _tap = world.Capture(_capture, CaptureSecrets.Mask);
        }, new FrameArchive(CaptureSecrets.Mask));
        HasProxies = definition.Hosts.Any(static host => host.Services.Any(static one => one is ProxyService));
        Map = new MapLayout(Timeline.Elements);
        _tables.Take(Timeline);
        _view = NewView();
    }

    /// <summary>The number of events at which this run is stopped.</summary>
    public int EventLimit { get; set; } = MaxEvents;

    /// <summary>The lab's name in the catalogue; empty for one that was edited.</summary>
    public string Name { get; }

    /// <summary>The lab's file.</summary>
    public string Text { get; }

    /// <summary>The lab.</summary>
    public LabDefinition Definition { get; }

    /// <summary>Its run.</summary>
    public LabTimeline Timeline { get; }

    /// <summary>Where its elements stand.</summary>
    public MapLayout Map { get; }

    /// <summary>What can be read of the run.</summary>
    public RunView View => _view;

    /// <summary>The event after which the run is looked at; 0 is the beginning.</summary>
    public int Position { get; private set; }

    /// <summary>How many events there are.</summary>
    public int Count => Timeline.Events.Count;

    /// <summary>The event at the position; null at the beginning.</summary>
    public RecordedEvent? Current => Position == 0 ? null : Timeline.Events[Position - 1];

    /// <summary>The virtual time at the position: that of its event, or, where nothing has happened since, of the world.</summary>
    public Instant Now => Position == Count ? Timeline.Now : Current?.At ?? Instant.SimulationEpoch;

    /// <summary>Whether something that was started has not ended.</summary>
    public bool IsRunning => !_isEnded && Timeline.HasRunningPrograms;

    /// <summary>Whether what went on was stopped because there were too many events.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The text of the last body that came, as far as it is shown.</summary>
    public BodyText Body { get; } = new();

    /// <summary>Whether the lab has machines that others ask to go elsewhere for them.</summary>
    public bool HasProxies { get; }

    /// <summary>Raised by whatever changes what is seen.</summary>
    public event Action? Changed;

    /// <summary>The words.</summary>
    public Language Language
    {
        get => _language;
        set
        {
            if (_language == value) { return; }
            _language = value;
            Rebuild();
        }
    }

    /// <summary>A lab of the catalogue; null when it has none of that name.</summary>
    public static LabSession? Open(string name, ulong? seed, Language language, TimeProvider clock) =>
        LabCatalog.Load(name) is { } lab ? new LabSession(name, LabCatalog.ReadText(name)!, lab, seed, language, clock) : null;

    /// <summary>A lab from the text of its file; it may name the files that a lab of the catalogue names.</summary>
    /// <exception cref="LabFileException">The text is no lab: where and why.</exception>
    /// <exception cref="LabTooLargeException">It has more machines than a page builds.</exception>
    public static LabSession Build(string text, ulong? seed, Language language, TimeProvider clock)
    {
        var lab = LabFile.Parse(text, "lab", LabCatalog.ReadFile);
        var machines = lab.Hosts.Count + lab.Routers.Count;
        if (machines > MaxMachines) { throw new LabTooLargeException(machines); }
        return new LabSession("", text, lab, seed, language, clock);
    }

    /// <summary>Begins a journey from the position on; it goes on with <see cref="Advance"/>.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="proxy">The proxy by which it goes, as the command's <c>-x</c> takes it; empty for none.</param>
    /// <param name="from">The host that makes it; null or empty for the client.</param>
    /// <exception cref="ProxyAddressException">The text names no proxy.</exception>
    public void Fetch(string url, string proxy = "", string? from = null)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        var proxies = ProxySettings.None;
        if (proxy.Length > 0)
        {
            if (!ProxyAddress.TryRead(proxy, ProxyKind.Http, out var read, out var fault)) { throw new ProxyAddressException(proxy, fault); }
            proxies = new ProxySettings { Given = read };
        }
        Leave();
        AwaitAddresses();
        Body.Clear();
        var lab = Name.Length > 0 ? Name : "lab";
        var sink = Body;
        // A link may name any host; the one at which the user sits makes what no other can.
        var host = from is { Length: > 0 } && Timeline.Elements.FindMachine(from) is SimulatedHost ? from : _client;
        var act = new JourneyAct(url, proxy, host != _client ? host : null);
        Start(act.Kind, act.Text, (elements, stop) => FetchAsync(elements, host, lab, url, proxies, sink, stop), host);
        // The inside of the host that makes the journey is shown.
        if (_inside == host) { return; }
        _inside = host;
        Rebuild();
    }

    /// <summary>Lets time pass in the world, from the position on, in the words of a lab's file; it goes on with <see cref="Advance"/>.</summary>
    /// <exception cref="FormatException">The text is no time, or longer than <see cref="LongestWait"/>.</exception>
    public void Wait(string time)
    {
        if (!LabFile.TryParseTime(time, out var length) || length > LongestWait) { throw new FormatException(time); }
        Leave();
        Start("wait", time, async (elements, stop) =>
        {
            await Task.Delay(length, elements.World.Client.Time, stop);
            return 0;
        });
    }

    private void Start(string kind, string text, Func<LabElements, CancellationToken, Task<int>> program, string? host = null)
    {
        _acts.Add(new SessionAct(Timeline.Position, kind, text));
        Timeline.Start(host ?? _client, $"{kind} {text}", program);
        (_isEnded, _isStopped, IsFull) = (false, false, false);
        Catch();
        Position = Count;
        Changed?.Invoke();
    }

    /// <summary>Does what a step of an experiment says.</summary>
    public void Do(ExperimentStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Do(step.Kind, step.Text);
    }

    /// <summary>Lets what was started go on for so long; true while there is more to come.</summary>
    public bool Advance(TimeSpan budget)
    {
        if (!IsRunning) { return false; }
        var follows = Position == Count;
        var more = Timeline.Advance(_clock, budget, () => _tables.Take(Timeline));
        Catch();
        if (!more)
        {
            _isEnded = true;
            if (Timeline.HasRunningPrograms)
            {
                _view.End();
                _isViewEnded = true;
            }
        }
        if (follows) { Position = Count; }
        if (more && Count >= EventLimit && !_isStopped)
        {
            IsFull = true;
            Stop();
        }
        Changed?.Invoke();
        return more;
    }

    /// <summary>Tells what goes on to end, from the position on; it does so with <see cref="Advance"/>.</summary>
    public void Stop()
    {
        if (!IsRunning) { return; }
        _isStopped = true;
        GoTo(Count);
        _acts.Add(new SessionAct(Timeline.Position, "stop", ""));
        Timeline.StopPrograms();
        Catch();
        Position = Count;
        Changed?.Invoke();
    }

    /// <summary>Whether the journey was stopped by whoever looks at it, is looked at from its end, and can go on.</summary>
    public bool IsStopped => !IsRunning && !IsFull && _acts is [.., { Kind: "stop" } stop] && Position == Count && Count > 0
        // What was begun at the very event of the stop would be forgotten with it.
        && !_acts.Exists(act => act != stop && act.After >= BeforeStop(stop));

    /// <summary>Goes on with a journey that was stopped, as if it had not been; it does so with <see cref="Advance"/>.</summary>
    public void GoOn()
    {
        if (!IsStopped) { return; }
        GoTo(BeforeStop(_acts[^1]));
        Leave();
        (_isEnded, _isStopped) = (false, false);
        Changed?.Invoke();
    }

    // A world that is made again up to there has not been told to stop; nothing is made again for the event at which it stands.
    private int BeforeStop(SessionAct stop) => Count > stop.After ? stop.After : stop.After - 1;

    /// <summary>Forward by an event: a recorded one, or at the end the next one that happens; false when nothing is left to happen.</summary>
    public bool Step()
    {
        if (Position == Count)
        {
            if (!Timeline.Step()) { return false; }
            _tables.Take(Timeline);
            Catch();
        }
        Position++;
        Changed?.Invoke();
        return true;
    }

    /// <summary>Back by an event, in the log.</summary>
    public void Back() => GoTo(Position - 1);

    /// <summary>To the moment after an event, in the log.</summary>
    public void GoTo(int number)
    {
        var target = Math.Clamp(number, 0, Count);
        if (target == Position) { return; }
        Position = target;
        Changed?.Invoke();
    }

    /// <summary>The tables of a machine at the position; null for a machine that there is none of.</summary>
    public MachineTables? TablesOf(string machine) => _tables.At(machine, Position, Now);

    /// <summary>Whether a machine has an address.</summary>
    public bool HasAddress(string machine, IpAddress address) => Timeline.Elements.NameOf(address) == machine;

    /// <summary>Lets something go wrong from the position on, in the words of a lab's file.</summary>
    /// <exception cref="LabFileException">The text says no fault.</exception>
    public void Break(string text)
    {
        var happening = LabFile.ParseFault(text, "fault", Definition);
        Do(new SessionAct(Position, "break", text), elements => elements.World.Begin(happening));
    }

    /// <summary>Ends all that was broken by hand or by the lab, from the position on.</summary>
    /// <returns>Whether there was anything: a run in which nothing is broken goes on as it was recorded.</returns>
    public bool Heal()
    {
        if (!_view.IsBrokenAt(Position)) { return false; }
        Mend();
        return true;
    }

    private void Mend() => Do(new SessionAct(Position, "heal", ""), static elements =>
    {
        var faults = elements.World.Internet.Faults;
        for (var i = faults.All.Count - 1; i >= 0; i--) { faults.Remove(faults.All[i]); }
    });

    /// <summary>The faults that hold at the position, each with the event at which it began, its kind and place, and how it was asked for, if it was.</summary>
    public IReadOnlyList<HeldFault> Faults =>
    [
        .. _view.FaultsAt(Position).Select(one => new HeldFault(
            one.Number, one.Change,
            _acts.FirstOrDefault(act => act.Kind == "break" && act.After == one.Number - 1)?.Text ?? one.Change.Said ?? $"{one.Change.Fault} {one.Change.Place}")),
    ];

    /// <summary>Ends the faults of a kind at a place, from the position on.</summary>
    /// <param name="kind">The word of lab files.</param>
    /// <param name="place">What they befall.</param>
    public void Mend(string kind, string place) => Do(new SessionAct(Position, "mend", $"{kind} {place}"), elements =>
    {
        var faults = elements.World.Internet.Faults;
        for (var i = faults.All.Count - 1; i >= 0; i--)
        {
            if (faults.All[i].Word == kind && faults.All[i].Place == place) { faults.Remove(faults.All[i]); }
        }
    });

    /// <summary>Changes what the servers say about a name, from the position on.</summary>
    /// <exception cref="LabFileException">The text says no change that leaves a zone.</exception>
    /// <returns>False where a record was to be removed that there is none of.</returns>
    public bool ChangeName(string text)
    {
        Leave();
        var change = LabFile.ParseNameChange(text, "record", Timeline.World.Zones);
        var zone = Timeline.World.Zones.First(zone => zone.Origin == change.Origin);
        if (change is NameRemoval && !zone.Sets.Any(set => set.Owner == change.Owner && set.Type == change.Type))
        {
            return false;
        }
        Do(new SessionAct(Position, "zone", text), elements => elements.World.Change(change));
        return true;
    }

    /// <summary>Whether a URL with a password was entered.</summary>
    public bool HoldsPassword => _acts.Exists(static act =>
        JourneyAct.Read(act.Kind, act.Text) is { } journey && (HasPassword(journey.Url) || HasPassword(journey.Proxy)));

    private static bool HasPassword(string text) => Firstbyte.Urls.Url.TryParse(text, out var url) && url.Password.Length > 0;

    /// <summary>What was done, and after which event: with the lab and its seed the whole run.</summary>
    public IReadOnlyList<SessionAct> Acts => _acts;

    /// <summary>The event after which the journey began that is looked at after an event; 0 before the first.</summary>
    public int JourneyAt(int number) => _acts.FindLast(act => JourneyAct.IsKind(act.Kind) && act.After < number)?.After ?? 0;

    /// <summary>Does again what was done in another run of the same lab with the same seed.</summary>
    public void Replay(IReadOnlyList<SessionAct> acts, TimeSpan limit)
    {
        var began = _clock.GetTimestamp();
        foreach (var act in acts)
        {
            while (Count < act.After && IsRunning && _clock.GetElapsedTime(began) < limit) { Advance(TimeSpan.FromMilliseconds(50)); }
            while (Count < act.After && Timeline.Step())
            {
                _tables.Take(Timeline);
                Catch();
            }
            // One begins when the one before has ended, with or without an event.
            var isBegun = act.Kind is "wait" || JourneyAct.IsKind(act.Kind);
            while (isBegun && IsRunning && Count <= act.After && _clock.GetElapsedTime(began) < limit) { Advance(TimeSpan.FromMilliseconds(50)); }
            GoTo(act.After);
            Do(act.Kind, act.Text);
        }
    }

    private void Do(string kind, string text)
    {
        if (JourneyAct.Read(kind, text) is { } journey)
        {
            Fetch(journey.Url, journey.Proxy, journey.Host);
            return;
        }
        switch (kind)
        {
            case "wait": Wait(text); break;
            case "break": Break(text); break;
            case "heal": Heal(); break;
            case "mend" when text.Split(' ', 2) is [var fault, var place]: Mend(fault, place); break;
            case "stop": Stop(); break;
            case "zone": ChangeName(text); break;
        }
    }

    /// <summary>The capture of what has happened in the world, as pcapng.</summary>
    public byte[] Capture() => _capture.ToArray();

    /// <summary>The events as JSON lines, as far as the capture goes.</summary>
    public string ExportEvents() => RunView.Export(Timeline, Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tap?.Dispose();
        _capture.Dispose();
    }

    private void Do(SessionAct act, Action<LabElements> change)
    {
        Leave();
        var before = Count;
        _acts.Add(act with { After = Timeline.Position });
        Timeline.Do(change);
        _isEnded = false;
        Catch();
        if (Count > before) { Position = Count; }
        Changed?.Invoke();
    }

    // What was recorded behind the position is another run's from here on.
    private void Leave()
    {
        if (Position == Count) { return; }
        Timeline.GoTo(Position);
        _acts.RemoveAll(act => act.After >= Position && act.After > 0);
        _tables.ForgetAfter(Position);
        // The log behind the position goes with the next command.
        Timeline.Do(static _ => { });
        Rebuild();
    }

    private void AwaitAddresses()
    {
        var limit = Timeline.Now + LabWorld.LongestWaitForAddresses;
        while (Timeline.World.Internet.Hosts.Any(static host => !host.HasAddresses) && Timeline.Now < limit && Timeline.Step()) { _tables.Take(Timeline); }
        Catch();
        Position = Count;
    }

    private void Catch()
    {
        if (_taken < Count && _isViewEnded) { Rebuild(); }
        for (; _taken < Count; _taken++) { _view.Take(Timeline.Events[_taken]); }
        // A command adds to the tables of the moment.
        _tables.Take(Timeline);
    }

    private void Rebuild()
    {
        _view = NewView();
        _taken = 0;
        _isViewEnded = false;
        for (; _taken < Count; _taken++) { _view.Take(Timeline.Events[_taken]); }
        Changed?.Invoke();
    }

    private RunView NewView() => new(_language, Map, Timeline.Elements, _inside, Timeline.Beginning, isUnnamed: Name.Length == 0);

    private static async Task<int> FetchAsync(
        LabElements elements, string host, string lab, string url, ProxySettings proxies, BodyText body, CancellationToken stop)
    {
        var world = elements.World;
        var client = elements.FindMachine(host) as SimulatedHost ?? world.Client;
        var calls = new CallTracer(client.Name, world.Tracer.Root(client));
        var network = calls.Watch(client, CallSource.Application);
        var resolver = StubResolver.FromSystem(calls.Watch(client, CallSource.Resolver));
        using var journeys = new JourneyClient(network, resolver, new BouncyCastleTlsProvider(client), new JourneyOptions
        {
            Rest = world.Kernel.Rest,
            UserAgent = UserAgent,
            Place = lab,
            Seed = world.Kernel.Seed,
            IsWithoutRoots = !world.Definition.HasRoots,
            Calls = calls,
            Host = client.Name,
            CallsOf = client.Name,
            KeepConnections = false,
            Proxies = proxies,
            // A page has no user whose address it could know: the machine's own learner writes.
            Mail = new MailOptions { Sender = s_sender },
        });
        return (await journeys.RunAsync(new JourneyRequest(url), body, world.Tracer, stop)).ExitCode;
    }

    /// <summary>What the page calls itself toward servers: what the command does.</summary>
    private static string UserAgent { get; } = "firstbyte/" +
        (typeof(LabSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private static readonly MailAddress? s_sender = MailAddress.TryParse("learner@client.lab", out var sender) ? sender : null;

    private sealed class SilentlyRecorded : ITraceSink
    {
        public static readonly SilentlyRecorded Instance = new();

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) { }
    }
}

/// <summary>A text names no proxy.</summary>
public sealed class ProxyAddressException(string text, ProxyAddressFault fault) : Exception
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>What is wrong with it.</summary>
    public ProxyAddressFault Fault { get; } = fault;
}

/// <summary>A lab has more machines than a page builds.</summary>
public sealed class LabTooLargeException(int machines) : Exception
{
    /// <summary>How many it has.</summary>
    public int Machines { get; } = machines;
}

/// <summary>The body that came last, as text; the world that is made again brings it again.</summary>
public sealed class BodyText : IBodySink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>How many bytes came.</summary>
    public long Length { get; private set; }

    /// <summary>What is shown of it.</summary>
    public string Text => Printable.Text(Encoding.UTF8.GetString(_bytes.WrittenSpan), keepLines: true);

    /// <summary>Whether there is more than is shown.</summary>
    public bool IsCut => Length > _bytes.WrittenCount;

    /// <inheritdoc/>
    public void Begin(ContentDescription content) => Clear();

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Length += piece.Length;
        var room = LabSession.MaxBody - _bytes.WrittenCount;
        if (room > 0) { _bytes.Write(piece.Span[..Math.Min(room, piece.Length)]); }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void End(bool isWhole) { }

    internal void Clear()
    {
        _bytes.Clear();
        Length = 0;
    }
}
