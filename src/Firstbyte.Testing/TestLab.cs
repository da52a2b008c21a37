using Firstbyte.Dns;
using Firstbyte.Extensions;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Testing;

/// <summary>An internet in one process for the tests of programs that use HttpClient: the same seed, the same bytes, in virtual time.</summary>
/// <remarks>
/// Theory of operation. A program's own code cannot run inside the world: HttpClient goes on wherever it likes after every wait. So the world stands still
/// while the program works, and runs while a request is under way, on the thread that has made the request, until its response is whole. What waits in the
/// world costs no time outside: a name server that takes a second and a half, a lost segment that is sent again. HttpClient.Timeout is a time outside, which
/// hardly passes; the world's own limit is <see cref="Timeout"/>. Requests that are sent at once come one after the other, unless their program runs in
/// <see cref="Run"/>: there the world stands still until the program has nothing left to do but to wait, and then runs for all requests that are under way.
/// </remarks>
#pragma warning disable CA1001 // LabTurns holds nothing that ends: turns are disposable because a loop's thread is.
public sealed class TestLab
#pragma warning restore CA1001
{
    private readonly LabWorld _world;
    private readonly Lock _lock = new();
    private readonly HandlerClient _client;
    private LabProgram? _program;

    private TestLab(LabDefinition definition, ulong? seed, TimeSpan timeout, FirstbyteHandlerOptions? options, ITraceSink? events)
    {
        var given = options ?? new FirstbyteHandlerOptions();
        _world = LabWorld.Build(definition, seed, events);
        _world.AwaitAddresses();
        Timeout = timeout;
        var own = given with
        {
            Journeys = given.Journeys with { MaximumTime = timeout, Place = definition.Title, Seed = _world.Kernel.Seed, Rest = _world.Kernel.Rest },
        };
        var journeys = _world.Kernel.Setup(() => new JourneyClient(
            _world.Client, own.Resolver?.Invoke(_world.Client) ?? StubResolver.FromSystem(_world.Client), new BouncyCastleTlsProvider(_world.Client),
            own.Journeys));
        _client = new HandlerClient(journeys, own, new LabTurns(_world));
    }

    /// <summary>How long a request may take, in the lab's time.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The seed: the same one makes the same run.</summary>
    public ulong Seed => _world.Kernel.Seed;

    /// <summary>What time it is in the lab.</summary>
    public DateTimeOffset Now => _world.Kernel.Now.ToDateTimeOffset();

    /// <summary>The world, for whoever wants to look deeper or to change it; not while a request is under way.</summary>
    public LabWorld World => _world;

    /// <summary>A lab by its name ("glasscom", "slow-server", "lossy-link" …: <c>firstbyte lab list</c>).</summary>
    /// <exception cref="ArgumentException">There is no such lab.</exception>
    public static TestLab Named(
        string name, ulong? seed = null, TimeSpan? timeout = null, FirstbyteHandlerOptions? options = null, ITraceSink? events = null) =>
        new(LabCatalog.Load(name) ?? throw new ArgumentException($"no lab is called '{name}': {string.Join(", ", LabCatalog.Names)}", nameof(name)),
            seed, timeout ?? TimeSpan.FromSeconds(100), options, events);

    /// <summary>A lab of the program's own, in the lab format.</summary>
    /// <exception cref="LabFileException">It is faulty: line and column are in the exception.</exception>
    public static TestLab Of(
        string text, ulong? seed = null, TimeSpan? timeout = null, FirstbyteHandlerOptions? options = null, ITraceSink? events = null) =>
        new(LabFile.Parse(text, "lab"), seed, timeout ?? TimeSpan.FromSeconds(100), options, events);

    /// <summary>Lets something go wrong from now on, in the words of a lab's file: "lose 10% to www for 5s", "refuse www 80".</summary>
    /// <exception cref="LabFileException">It is no fault, or names nothing of this lab.</exception>
    public void Fault(string text)
    {
        var happening = LabFile.ParseFault(text, "fault", _world.Definition);
        lock (_lock) { _world.Begin(happening); }
    }

    /// <summary>A client at the lab's client machine. Clients of one lab share connections and names.</summary>
    public HttpClient CreateClient() => new(CreateHandler()) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>The handler for a client that the program makes itself.</summary>
    public HttpMessageHandler CreateHandler() => new LabHandler(this);

    /// <summary>Runs a part of the program on this thread, to its end: requests that it sends at once share the lab's time, and the network's width.</summary>
    /// <remarks>
    /// What is awaited in the program goes on here, in the order in which it ended, so that the same seed is still the same run; whatever it does on other
    /// threads is in nobody's order. Clients of this lab that are used elsewhere meanwhile take part.
    /// </remarks>
    /// <exception cref="InvalidOperationException">A program of this lab runs already.</exception>
    public void Run(Func<Task> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        lock (_lock)
        {
            if (_program is not null) { throw new InvalidOperationException("a program of this lab runs already"); }
            var running = new LabProgram(_world, (call, done) => RunCallAsync(call, done));
            Volatile.Write(ref _program, running);
            try { running.Run(program); }
            finally { Volatile.Write(ref _program, null); }
        }
    }

    private static async Task RunCallAsync(HandlerCall call, Action done)
    {
        await call.RunAsync();
        done();
    }

    private HandlerCall NewCall(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new(_client, request, cancellationToken, holdsAll: true);

    private HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var call = NewCall(request, cancellationToken);
            _world.Run("HttpClient", async () =>
            {
                await call.RunAsync();
                return 0;
            });
            // It is answered.
            return call.Answer.GetAwaiter().GetResult();
        }
    }

    private sealed class LabHandler(TestLab lab) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => lab.Send(request, cancellationToken);

        // Whole when it returns, so that nobody goes on inside the world.
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref lab._program) is { } program) { return program.SendAsync(lab.NewCall(request, cancellationToken)); }
            try { return Task.FromResult(lab.Send(request, cancellationToken)); }
            catch (HttpRequestException e) { return Task.FromException<HttpResponseMessage>(e); }
            catch (OperationCanceledException e) { return Task.FromException<HttpResponseMessage>(e); }
        }
    }
}
