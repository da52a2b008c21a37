using Firstbyte.Addressing;
using Firstbyte.Fuzz.Running;
using Firstbyte.Routing.Rip;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Routing;

/// <summary>Any bytes as RIP messages to a distance-vector router.</summary>
internal sealed class RipTarget : FuzzTarget
{
    public override string Name => "rip";

    public override string Holds => "nothing throws, every row read is a route, the table keeps its limit, and whatever was heard is over in the end";

    public override IReadOnlyList<byte[]> Tokens => [[0, 2], [2, 2, 0, 0], [0, 0, 0, 16], [0xFF], [10, 1, 0, 0, 255, 255, 0, 0]];

    public override IEnumerable<byte[]> Seeds() => [FuzzChoices.Before(Message(false)), FuzzChoices.Before(Message(true)), FuzzChoices.Before(Message(true), 1)];

    public override void Check(byte[] input)
    {
        var random = FuzzChoices.Take(input, out var rest);
        var isV6 = random.Below(2) == 0;
        var machine = new DistanceVector(new RipSettings { MaxRows = 20 });
        var effects = new List<RipEffect>();
        var now = Instant.SimulationEpoch;
        machine.Handle(new LinkJoined(1), now, 7, effects);
        machine.Handle(new LinkJoined(2), now, 7, effects);
        while (!rest.IsEmpty)
        {
            var message = rest[..(random.Below(rest.Length) + 1)];
            rest = rest[message.Length..];
            now += TimeSpan.FromSeconds(random.Below(60));
            while (machine.NextDeadline <= now) { machine.Handle(new DeadlineReached(), machine.NextDeadline, (uint)random.Below(int.MaxValue), effects); }
            if (!RipView.TryParse(message, isV6, out var view, out _)) { continue; }
            var routes = new List<RipRoute>();
            var rows = view.Rows;
            while (rows.Read())
            {
                if (rows.Route.Metric is < 1 or > RipView.Infinity || rows.Route.Prefix.Network.IsV6 != isV6) { throw new FuzzFindingException($"no route: {rows.Route}"); }
                routes.Add(rows.Route);
            }
            var from = IpAddress.FromV4(0xC0000200 + (uint)random.Below(4));
            RipInput heard = view.Command == RipCommand.Response ? new ResponseArrived(1 + random.Below(2), from, routes) : new RequestArrived(1, new Endpoint(from, 520), view.AsksForAll ? null : [.. routes.Select(static route => route.Prefix)]);
            machine.Handle(heard, now, (uint)random.Below(int.MaxValue), effects);
            if (machine.Routes.Count() > 20) { throw new FuzzFindingException("more rows than allowed"); }
            effects.Clear();
        }
        // Silence: 180 seconds to lose a route, 120 to forget it.
        now += TimeSpan.FromSeconds(301);
        while (machine.NextDeadline <= now) { machine.Handle(new DeadlineReached(), machine.NextDeadline, (uint)random.Below(int.MaxValue), effects); }
        if (machine.Routes.Any()) { throw new FuzzFindingException("a route outlives everybody who has spoken of it"); }
    }

    private static byte[] Message(bool isV6)
    {
        var buffer = new byte[4 + 3 * 20];
        var writer = new RipWriter(buffer, isV6, RipCommand.Response);
        for (var i = 1; i <= 3; i++) { writer.Add(new RipRoute(IpPrefix.Parse(isV6 ? $"2001:db8:{i}::/48" : $"10.{i}.0.0/16"), i)); }
        return buffer;
    }
}
