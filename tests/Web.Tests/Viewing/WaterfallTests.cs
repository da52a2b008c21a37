using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>Where the time of a journey went.</summary>
public sealed class WaterfallTests
{
    /// <summary>On a real machine an event comes a moment after what it tells, and a socket has to be made: two figures for one step would be one too many.</summary>
    [Fact]
    public void A_bar_is_as_long_as_the_journey_says()
    {
        var endpoint = new Endpoint(IpAddress.Parse("127.0.0.1"), 80);
        var waterfall = new Waterfall();
        Take(0, new JourneyStarted(1, "http://127.0.0.1/", "os", null));
        Take(100, new ConnectionWanted("http", "127.0.0.1", 80, [endpoint.Address]));
        Take(300, new ConnectStarted(8, endpoint));
        Take(520, new ConnectCompleted(8, endpoint, endpoint, 140));
        var row = Assert.Single(waterfall.Rows);
        Assert.Equal([new WaterfallBar(ExchangePart.Connect, 100, 420)], row.Bars);
        Take(900, new JourneyCompleted("http://127.0.0.1/", true, 200, "OK", 3, 50, 400, 0, 200, 100, 850));
        Assert.Equal([new WaterfallBar(ExchangePart.Connect, 100, 400)], row.Bars);

        void Take(long nanoseconds, TraceEvent told)
        {
            told.At = new Instant(nanoseconds);
            waterfall.Take(told);
        }
    }
}
