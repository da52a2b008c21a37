using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firstbyte.Addressing;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Exports;

public class EventRegistryTests
{
    private static readonly Type[] AllLeaves = [.. new[] { typeof(TraceEvent).Assembly, typeof(EventRegistry).Assembly, typeof(Kernel).Assembly }
        .SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(TraceEvent)) && !t.IsAbstract)];

    [Fact]
    public void Every_kind_of_event_is_registered_once()
    {
        var registered = EventRegistry.Default.Kinds.Select(static kind => kind.Leaf).ToArray();
        Assert.Empty(AllLeaves.Except(registered).Select(static leaf => leaf.FullName));
        Assert.Empty(registered.Except(AllLeaves).Select(static leaf => leaf.FullName));
    }

    /// <summary>Each way to fail comes back from its JSON as it was; an event alone would show one of them.</summary>
    [Fact]
    public void Every_failure_survives_the_round_trip_through_json() =>
        Assert.All(typeof(JourneyFailure).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(JourneyFailure))), kind =>
        {
            var original = new JourneyFailed((JourneyFailure)Filled(kind, new Counter()));
            var json = Write(original);
            Assert.True(EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(json), EventRegistry.Version, out var read, out var fault), fault.ToString());
            var again = (JourneyFailed)read;
            Assert.Equal(kind, again.Failure.GetType());
            Assert.Equal(json, Write(again));
            Assert.Equal(FailureTable.Of(original.Failure), FailureTable.Of(again.Failure));
        });

    [Fact]
    public void Every_assembly_tells_its_own_leaves()
    {
        Assert.All(ProtocolEvents.Catalogue.Kinds, static kind => Assert.Equal(typeof(TraceEvent).Assembly, kind.Leaf.Assembly));
        Assert.All(EngineEvents.Catalogue.Kinds, static kind => Assert.Equal(typeof(EventRegistry).Assembly, kind.Leaf.Assembly));
    }

    [Fact]
    public void Every_leaf_is_sealed_and_its_name_has_a_domain() => Assert.All(EventRegistry.Default.Kinds, static kind =>
    {
        Assert.True(kind.Leaf.IsSealed);
        Assert.Matches("^[a-z]+(-[a-z]+)*[.][a-z]+(-[a-z]+)*$", kind.Name);
    });

    /// <summary>Version 0 took its names from the types.</summary>
    [Fact]
    public void The_first_names_are_still_read() => Assert.All(EventRegistry.Default.Kinds.Where(static kind => kind.FirstName is not null), kind =>
    {
        var original = (TraceEvent)Filled(kind.Leaf, new Counter());
        var old = Write(original).Replace($"\"{kind.Name}\"", $"\"{kind.FirstName}\"", StringComparison.Ordinal);
        Assert.True(EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(old), version: 0, out var again, out var fault), fault.ToString());
        Assert.Equal(Write(original), Write(again));
        Assert.False(EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(old), version: 1, out _, out fault));
        Assert.Equal(new EventFault(EventFlaw.UnknownName, kind.FirstName!), fault);
    });

    /// <summary>A member taken away or made null is told by its name, unless the event may lack it; the event never comes with a hole.</summary>
    [Fact]
    public void No_event_is_read_with_a_hole_in_it() => Assert.All(AllLeaves, leaf =>
    {
        var whole = JsonNode.Parse(Write((TraceEvent)Filled(leaf, new Counter())))!.AsObject();
        foreach (var parameter in leaf.GetConstructors().MaxBy(static one => one.GetParameters().Length)!.GetParameters())
        {
            var mayLack = Nullable.GetUnderlyingType(parameter.ParameterType) is not null || new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;
            var member = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            var (without, withNull) = (whole.DeepClone().AsObject(), whole.DeepClone().AsObject());
            without.Remove(member);
            withNull[member] = null;
            Assert.Equal(mayLack ? EventFlaw.None : EventFlaw.MissingMember, FlawOf(without.ToJsonString()));
            Assert.Equal(mayLack ? EventFlaw.None : EventFlaw.WrongValue, FlawOf(withNull.ToJsonString()));
            withNull[member] = new JsonArray(new JsonArray(1));
            Assert.Equal(EventFlaw.WrongValue, FlawOf(withNull.ToJsonString()));
        }
    });

    [Theory]
    [InlineData("{\"event\":\"unheard.of\"}", EventFlaw.UnknownName, "unheard.of", "")]
    [InlineData("{\"event\":7}", EventFlaw.NoName, "", "")]
    [InlineData("{\"at\":\"x\"}", EventFlaw.NoName, "", "")]
    [InlineData("{\"event\":\"\\ud800\"}", EventFlaw.WrongValue, "", "event")]
    [InlineData("{\"a\\udC00\":1,\"event\":\"socket.closed\"}", EventFlaw.NotJson, "", "")]
    [InlineData("{\"event\":\"socket.closed\",\"descriptor\":3,\"reset\":true,\"x\":[{\"\\uD800x\":1}]}", EventFlaw.NotJson, "", "")]
    [InlineData("{\"event\":\"socket.closed\",\"descriptor\":3,\"\\ud83d\\ude00\":true}", EventFlaw.MissingMember, "socket.closed", "reset")]
    [InlineData("[1]", EventFlaw.NotAnObject, "", "")]
    [InlineData("", EventFlaw.NotJson, "", "")]
    [InlineData("{\"event\":\"socket.closed\",\"descriptor\":\"3\",\"reset\":true}", EventFlaw.WrongValue, "socket.closed", "descriptor")]
    [InlineData("{\"event\":\"socket.closed\",\"descriptor\":3}", EventFlaw.MissingMember, "socket.closed", "reset")]
    [InlineData("{\"event\":\"socket.closed\",\"at\":\"yesterday\",\"descriptor\":3,\"reset\":true}", EventFlaw.WrongValue, "socket.closed", "at")]
    [InlineData("{\"event\":\"socket.created\",\"descriptor\":3,\"version\":99,\"kind\":\"Stream\"}", EventFlaw.WrongValue, "socket.created", "version")]
    [InlineData("{\"event\":\"socket.created\",\"descriptor\":3,\"version\":\"V4\",\"kind\":\"99\"}", EventFlaw.WrongValue, "socket.created", "kind")]
    [InlineData("{\"event\":\"link.path-taken\",\"remote\":\"192.0.2.1:80\",\"elements\":[\"a\",null]}", EventFlaw.WrongValue, "link.path-taken", "elements[1]")]
    [InlineData("{\"event\":\"http.informational-received\",\"status\":103,\"reason\":\"\",\"fields\":[{\"name\":\"Link\"}]}", EventFlaw.MissingMember, "http.informational-received", "fields[0].value")]
    public void What_is_no_event_is_refused_with_the_place(string json, EventFlaw flaw, string name, string member)
    {
        Assert.False(EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(json), EventRegistry.Version, out _, out var fault));
        Assert.Equal((flaw, name, member), (fault.Flaw, fault.Name, fault.Member));
    }

    private static EventFlaw FlawOf(string json)
    {
        EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(json), EventRegistry.Version, out _, out var fault);
        return fault.Flaw;
    }

    /// <summary>Each leaf, filled with values that differ from the defaults, comes back from its JSON as it was.</summary>
    [Fact]
    public void Every_event_survives_the_round_trip_through_json() => Assert.All(AllLeaves, leaf =>
    {
        var original = (TraceEvent)Filled(leaf, new Counter());
        original.At = new Instant(Instant.SimulationEpoch.Nanoseconds + 123_456_789);
        (original.Span, original.Parent, original.Because) = (7, 3, new Clause("RFC 9112", "6.3"));
        var json = Write(original);
        Assert.StartsWith("{\"event\":\"", json);
        Assert.True(EventRegistry.Default.TryRead(Encoding.UTF8.GetBytes(json), EventRegistry.Version, out var again, out var fault), fault.ToString());
        Assert.Equal(leaf, again.GetType());
        Assert.Equal(json, Write(again));
        Assert.DoesNotContain("null", json);
    });

    private static string Write(TraceEvent traceEvent)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) { EventRegistry.Default.Write(writer, traceEvent); }
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
