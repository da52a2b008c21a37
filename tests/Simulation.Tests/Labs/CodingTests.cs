using System.Text;
using Firstbyte.Codings;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Content codings between a lab's web server and its client.</summary>
public sealed class CodingTests : ITraceSink
{
    private readonly List<TraceEvent> _events = [];

    bool ITraceSink.IsListening => true;

    void ITraceSink.Tell(TraceEvent traceEvent) => _events.Add(traceEvent);

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public void A_page_comes_coded_and_is_decoded(string coding)
    {
        var page = Go("/dir1/file1.html", codings: false);
        _events.Clear();
        Assert.Equal(page, Go("/dir1/file1.html", codings: true, [new("Accept-Encoding", coding)]));
        var told = Assert.Single(_events.OfType<ContentDecoded>());
        Assert.Equal((coding, page.Length), (Assert.Single(told.Codings), (int)told.DecodedBytes));
        Assert.Equal(told.CodedBytes, Assert.Single(_events.OfType<ResponseCompleted>()).BodyBytes);
        Assert.InRange(told.CodedBytes, 100, page.Length - 1);
        Assert.Contains(new HttpField("Content-Encoding", coding), Assert.Single(_events.OfType<ResponseHeadReceived>()).Fields);
    }

    [Fact]
    public void What_was_not_asked_for_is_not_decoded()
    {
        var coded = Go("/dir1/file1.html", codings: false, [new("Accept-Encoding", "gzip")]);
        Assert.Equal([0x1F, 0x8B], Encoding.Latin1.GetBytes(coded)[..2]);
        Assert.Empty(_events.OfType<ContentDecoded>());
    }

    [Fact]
    public void All_codings_are_asked_for_in_curls_order()
    {
        Go("/dir1/file1.html", codings: true);
        var fields = Assert.Single(_events.OfType<RequestComposed>()).Fields;
        Assert.Equal(["Host", "User-Agent", "Accept", "Accept-Encoding"], fields.Select(field => field.Name));
        Assert.Equal("deflate, gzip, br, zstd", fields[3].Value);
    }

    private string Go(string path, bool codings, HttpField[]? fields = null)
    {
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, null, this);
        var body = new MemorySink();
        var result = world.Run("visit", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions());
            return await client.RunAsync(
                new JourneyRequest("http://www.lab.glasscom.com" + path) { AcceptsCodings = codings, Fields = fields ?? [] }, body, world.Tracer);
        });
        Assert.Null(result.Failure);
        Assert.Equal(0, world.Kernel.ForeignEntries);
        return Encoding.Latin1.GetString(body.Body.Span);
    }
}
