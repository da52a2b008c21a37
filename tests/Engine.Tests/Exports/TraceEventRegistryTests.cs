using System.Text;
using System.Text.Json;
using Firstbyte.Addressing;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Exports;

public class TraceEventRegistryTests
{
    private static readonly Type[] AllLeaves = [.. new[] { typeof(TraceEvent).Assembly, typeof(TraceEventRegistry).Assembly, typeof(Kernel).Assembly }
        .SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(TraceEvent)))];

    [Fact]
    public void Every_kind_of_event_is_registered_once()
    {
        var registered = TraceEventRegistry.Leaves.Select(l => l.Leaf).ToArray();
        Assert.Empty(AllLeaves.Except(registered).Select(t => t.FullName));
        Assert.Empty(registered.Except(AllLeaves).Select(t => t.FullName));
        Assert.Equal(registered.Length, TraceEventRegistry.Leaves.Select(l => l.Name).Distinct().Count());
    }

    [Fact]
    public void Every_leaf_is_sealed_and_its_name_is_its_type_in_kebab_case() => Assert.All(TraceEventRegistry.Leaves, leaf =>
    {
        Assert.True(leaf.Leaf.IsSealed);
        Assert.Equal(string.Concat(leaf.Leaf.Name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString())), leaf.Name);
    });

    /// <summary>Each leaf, filled with values that differ from the defaults, comes back from its JSON as it was.</summary>
    [Fact]
    public void Every_event_survives_the_round_trip_through_json() => Assert.All(AllLeaves, leaf =>
    {
        var original = (TraceEvent)Filled(leaf, new Counter());
        original.At = new Instant(Instant.SimulationEpoch.Nanoseconds + 123_456_789);
        (original.Span, original.Parent, original.Because) = (7, 3, new Clause("RFC 9112", "6.3"));
        var json = Write(original);
        Assert.StartsWith("{\"event\":\"", json);
        var again = TraceEventRegistry.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(leaf, again.GetType());
        Assert.Equal(json, Write(again));
        Assert.DoesNotContain("null", json);
    });

    /// <summary>Each way to fail comes back from its JSON as it was; an event alone would show one of them.</summary>
    [Fact]
    public void Every_failure_survives_the_round_trip_through_json() =>
        Assert.All(typeof(JourneyFailure).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JourneyFailure))), kind =>
        {
            var original = new JourneyFailed((JourneyFailure)Filled(kind, new Counter()));
            var again = (JourneyFailed)TraceEventRegistry.Read(Encoding.UTF8.GetBytes(Write(original)));
            Assert.Equal(kind, again.Failure.GetType());
            Assert.Equal(Write(original), Write(again));
            Assert.Equal(FailureTable.Of(original.Failure), FailureTable.Of(again.Failure));
        });

    [Fact]
    public void What_is_no_event_is_refused() => Assert.ThrowsAny<Exception>(() => TraceEventRegistry.Read("{\"event\":\"unheard-of\"}"u8));

    private static string Write(TraceEvent traceEvent)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) { TraceEventRegistry.Write(writer, traceEvent); }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private static object Filled(Type type, Counter counter)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var number = ++counter.Value;
        if (type == typeof(string)) { return "text " + number; }
        if (type == typeof(bool)) { return true; }
        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(number % values.Length)!;
        }
        if (type == typeof(IpAddress)) { return IpAddress.FromV4((uint)(0xC0000200 + number)); }
        if (type == typeof(Endpoint)) { return new Endpoint(IpAddress.FromV4((uint)(0xC0000200 + number)), (ushort)number); }
        if (type == typeof(IpPrefix)) { return new IpPrefix(IpAddress.FromV4(0xC0000200), 24); }
        if (type == typeof(Instant)) { return Instant.SimulationEpoch.PlusNanoseconds(number); }
        if (type == typeof(DateTimeOffset)) { return DateTimeOffset.UnixEpoch.AddDays(number); }
        if (type.IsPrimitive) { return Convert.ChangeType(number, type); }
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 2);
            for (var i = 0; i < 2; i++) { array.SetValue(Filled(type.GetElementType()!, counter), i); }
            return array;
        }
        if (type == typeof(object)) { throw new InvalidOperationException("an event holds an object of unknown shape"); }
        // A closed kind of value is filled by one of its leaves, another each time.
        if (type.IsAbstract)
        {
            var leaves = type.Assembly.GetTypes().Where(leaf => leaf.IsSubclassOf(type)).ToArray();
            return Filled(leaves[number % leaves.Length], counter);
        }
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length) ?? throw new InvalidOperationException($"{type} cannot be filled");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Filled(p.ParameterType, counter))]);
    }
}
