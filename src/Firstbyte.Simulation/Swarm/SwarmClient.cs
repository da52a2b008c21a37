using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Runs one program of a client: its errands in order, each checked against what it must bring home.</summary>
internal sealed class SwarmClient(SwarmWorld world, Station station, ProgramPlan plan, bool mustSucceed)
{
    public async Task RunAsync()
    {
        try
        {
            await world.Kernel.Delay(plan.StartNanoseconds);
            var questions = new QuestionLedger(world.Book, station.Name);
            var own = plan.ResolvesItself
                ? new RecursiveResolver(new WatchedNetwork(station.Machine.Network, world.Streams, questions), world.ResolverOptions)
                : null;
            var stub = own is null ? new StubResolver(station.Network, new StubOptions(world.ResolverEndpoints) { Edns = true }) : null;
            INameResolver resolver = own is not null ? new CountingResolver(own, questions) : stub!;
            var options = new JourneyOptions
            {
                Place = "swarm",
                KeepConnections = plan.KeepsConnections,
                ConnectTimeout = TimeSpan.FromSeconds(20),
                MaximumTime = TimeSpan.FromTicks(plan.PatienceNanoseconds / 100),
            };
            using (var client = new JourneyClient(station.Network, resolver, new BouncyCastleTlsProvider(station.Network), options))
            {
                foreach (var errand in plan.Errands)
                {
                    world.Begun++;
                    if (errand is FetchPlan fetch) { await FetchAsync(client, fetch); }
                    else { await LookUpAsync(resolver, ((LookupPlan)errand).Question); }
                    world.Ended++;
                }
            }
            own?.Dispose();
            stub?.Dispose();
        }
        // Whatever a program throws is a finding, not the end of the run.
#pragma warning disable CA1031
        catch (Exception error) when (error is not SimulationException)
#pragma warning restore CA1031
        {
            world.Book.Break(Invariant.NoException, station.Name, error.ToString());
        }
    }

    private async Task FetchAsync(JourneyClient client, FetchPlan fetch)
    {
        var began = world.Kernel.Now;
        var sink = new PageSink(world, station.Name, fetch);
        var request = new JourneyRequest(fetch.Url) { Version = fetch.OldVersion ? HttpVersion.Http10 : HttpVersion.Http11 };
        using var patience = fetch.GiveUpNanoseconds > 0
            ? new CancellationTokenSource(TimeSpan.FromTicks(fetch.GiveUpNanoseconds / 100), world.Kernel.Time)
            : new CancellationTokenSource();
        try
        {
            var result = await client.RunAsync(request, sink, world.Tracer, patience.Token);
            if (result.Failure is { } failure)
            {
                Judge(began, $"{fetch.Url}: {failure}", result.ExitCode != 0);
                return;
            }
            world.Book.Note(Invariant.DeliveredBytes);
            if (result.Status != 200 || sink.Length != fetch.Page.Length)
            {
                world.Book.Break(
                    Invariant.DeliveredBytes, station.Name,
                    $"{fetch.Url} ends well with status {result.Status} after {sink.Length} of {fetch.Page.Length} bytes");
            }
            Succeeded();
        }
        // The reader has walked away, as planned.
        catch (OperationCanceledException) when (patience.IsCancellationRequested) { world.Succeeded++; }
    }

    private async Task LookUpAsync(INameResolver resolver, Question question)
    {
        var began = world.Kernel.Now;
        var outcome = await resolver.ResolveAsync(question.Name, question.Type);
        if (outcome is ResolvedAnswer answer)
        {
            world.Answers.OnOutcome(station.Name, plan.ResolvesItself ? station.Plan.Addresses : world.ResolverAddresses, answer);
            Succeeded();
            return;
        }
        var failure = (ResolutionFailure)outcome;
        if (world.Plan.Zones.IsInMaze(question.Name)) { world.Succeeded++; return; }
        Judge(began, $"{question}: {failure.Reason} by {failure.AtFault} at {failure.Zone}", failure.Reason != default || failure.AtFault != default);
    }

    private void Succeeded()
    {
        world.Succeeded++;
        if (mustSucceed) { world.Book.Note(Invariant.Recovery); }
    }

    private void Judge(Instant began, string text, bool hasReason)
    {
        world.Failed++;
        if (mustSucceed)
        {
            world.Book.Note(Invariant.Recovery);
            world.Book.Break(Invariant.Recovery, station.Name, $"after the healing: {text}");
            return;
        }
        world.Book.Note(Invariant.ReasonedFailure);
        if (!hasReason || !world.Faults.Explain(began)) { world.Book.Break(Invariant.ReasonedFailure, station.Name, $"without a fault: {text}"); }
    }
}

/// <summary>Compares the body of a response with its page while it comes, and reads as slowly as it is told.</summary>
internal sealed class PageSink(SwarmWorld world, string machine, FetchPlan fetch) : IBodySink
{
    public long Length { get; private set; }

    public void Begin(ContentDescription content) => Length = 0;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        world.Book.Note(Invariant.DeliveredBytes);
        if (!world.Block.Holds(fetch.Page, Length, piece.Span))
        {
            world.Book.Break(Invariant.DeliveredBytes, machine, $"{piece.Length} bytes of {fetch.Url} at {Length} are not the page's");
        }
        Length += piece.Length;
        if (fetch.PauseNanoseconds > 0) { await world.Kernel.Delay(fetch.PauseNanoseconds); }
    }

    public void End(bool isWhole) { }
}

/// <summary>A resolver on the client's own machine, whose questions are counted.</summary>
internal sealed class CountingResolver(INameResolver inner, QuestionLedger questions) : INameResolver
{
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default,
        CancellationToken cancellationToken = default)
    {
        questions.Begin();
        try { return await inner.ResolveAsync(name, type, options, span, cancellationToken); }
        finally { questions.End(); }
    }
}
