using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Telling;

/// <summary>Every sentence of every language, said once for every member of every enum that it depends on.</summary>
public partial class SentencesTests
{
    public static TheoryData<string, string> Sentences
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var part in Parts())
            {
                foreach (var member in Members(part.PropertyType)) { data.Add(part.Name, member.Name); }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_sentence_says_something_in_every_language(string part, string member)
    {
        foreach (var language in Languages.All)
        {
            foreach (var (said, arguments) in Say(language, part, member))
            {
                Assert.False(said.Length == 0 && !MayBeEmpty(part, member), $"{language.Tag} {part}.{member}({string.Join(", ", arguments)}) says nothing");
                Assert.DoesNotMatch(Leak(), said);
            }
        }
    }

    /// <summary>What is left when the holes are taken out is the language's own: no English sentence stays behind in Chinese.</summary>
    [Theory]
    [MemberData(nameof(Sentences))]
    public void No_english_words_are_left_in_chinese(string part, string member)
    {
        foreach (var (said, _) in Say(Languages.Chinese, part, member)) { Assert.DoesNotMatch(EnglishSentence(), Own(said)); }
    }

    /// <summary>Where a language has words of its own, no sentence is English's word for word.</summary>
    [Theory]
    [MemberData(nameof(Sentences))]
    public void No_sentence_is_taken_over_from_english(string part, string member)
    {
        foreach (var language in Languages.All.Where(language => language.IsComplete && Has(language, part)))
        {
            foreach (var (said, english) in Say(language, part, member).Zip(Say(Languages.English, part, member)))
            {
                if (EnglishSentence().IsMatch(Own(english.Said))) { Assert.NotEqual(english.Said, said.Said); }
            }
        }
    }

    /// <summary>Choices that English words differently are different in every language.</summary>
    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_language_tells_apart_what_english_tells_apart(string part, string member)
    {
        var english = Say(Languages.English, part, member).Select(static one => one.Said).Distinct().Count();
        foreach (var language in Languages.All.Where(language => Has(language, part)))
        {
            var own = Say(language, part, member).Select(static one => one.Said).Distinct().Count();
            Assert.True(own >= english, $"{part}.{member}: {english} sentences in English, {own} in {language.Tag}");
        }
    }

    // Whether a language has words of its own for a part; one that is not complete takes the others from English.
    private static bool Has(Language language, string part)
    {
        var contract = Parts().First(property => property.Name == part);
        return contract.GetValue(language)!.GetType() != contract.GetValue(Languages.English)!.GetType();
    }

    [Fact]
    public void Every_fault_of_a_lab_has_words()
    {
        foreach (var type in typeof(FaultDefinition).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(FaultDefinition))))
        {
            var fault = (FaultDefinition)Sample(type, 0)!;
            Assert.Contains(fault.Description, FaultRegistry.Standard.All);
            // Words of its own, not those of the lab's file, which stand in for a fault that nobody knows.
            Assert.All(Languages.All, language => Assert.NotEqual(LabFile.Write(fault), language.Faults.What(fault).ToString()));
        }
        Assert.All(
            Languages.All.Where(static language => language.IsComplete && Has(language, nameof(Language.Faults))),
            static language => Assert.All(FaultRegistry.Standard.Random, fault => Assert.NotEqual(fault.Name, language.Faults.Kind(fault.Name))));
    }

    private static IEnumerable<PropertyInfo> Parts() => typeof(Language).GetProperties().Where(static property => property.PropertyType.IsInterface);

    // Faults of labs, failures and flaws of files are whole families of values: each has a test that makes every member.
    private static readonly Type[] s_families =
    [
        typeof(Happening), typeof(FaultDefinition), typeof(FaultDescription), typeof(JourneyFailure), typeof(Finding), typeof(EventFileReader), typeof(LabFileException), typeof(ZoneProblem), typeof(SimulationException),
    ];

    private static IEnumerable<MethodInfo> Members(Type contract) =>
        contract.GetMethods().Where(static method => !method.GetParameters().Any(static parameter => s_families.Contains(parameter.ParameterType)));

    // Parts of sentences that add nothing where there is nothing to add.
    // A step of a lesson may ask nothing.
    private static bool MayBeEmpty(string part, string member) => member is "PartSource" or "Try" || (part, member) is ("Page", "Question");

    private static IEnumerable<(string Said, object?[] Arguments)> Say(Language language, string part, string member)
    {
        var contract = Parts().First(property => property.Name == part);
        var method = Members(contract.PropertyType).First(candidate => candidate.Name == member);
        var parameters = method.GetParameters();
        var target = contract.GetValue(language);
        // As many rounds as the largest enum has members: each parameter walks through its own.
        var rounds = Math.Max(2, parameters.Select(static parameter => Variants(parameter.ParameterType)).DefaultIfEmpty(1).Max());
        for (var round = 0; round < rounds; round++)
        {
            var arguments = parameters.Select(parameter => Sample(parameter.ParameterType, round)).ToArray();
            var said = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            yield return (said is string or Phrase or null ? said?.ToString() ?? "" : string.Join(' ', ((IEnumerable)said).Cast<object>()), arguments);
            if (said is null) { yield break; }
        }
    }

    private static int Variants(Type type) => type.IsEnum ? Enum.GetValues(type).Length
        : Nullable.GetUnderlyingType(type) is { } inner ? Variants(inner)
        : !type.IsClass || type == typeof(string) || type.IsArray || type.Namespace?.StartsWith("Firstbyte", StringComparison.Ordinal) != true ? 2
        : type.GetConstructors().SelectMany(static constructor => constructor.GetParameters()).Select(static parameter => parameter.ParameterType.IsEnum ? Variants(parameter.ParameterType) : 1).DefaultIfEmpty(1).Max();

    private static object? Sample(Type type, int round)
    {
        if (type == typeof(string)) { return "www.example.test"; }
        if (type == typeof(bool)) { return round % 2 == 0; }
        if (type.IsEnum) { return Enum.GetValues(type).GetValue(round % Enum.GetValues(type).Length); }
        if (Nullable.GetUnderlyingType(type) is { } inner) { return Sample(inner, round); }
        if (type == typeof(IpAddress)) { return IpAddress.Parse("192.0.2.1"); }
        if (type == typeof(Endpoint)) { return new Endpoint(IpAddress.Parse("192.0.2.1"), 80); }
        if (type == typeof(IpPrefix)) { return IpPrefix.Parse("192.0.2.0/24"); }
        if (type == typeof(InterfaceAddress)) { return InterfaceAddress.Parse("192.0.2.1/24"); }
        if (type == typeof(MacAddress)) { return new MacAddress(0x02_0000_000001); }
        if (type == typeof(Instant)) { return Instant.SimulationEpoch; }
        if (type == typeof(RandomFault)) { return FaultRegistry.Standard.Random[round % FaultRegistry.Standard.Random.Count]; }
        if (type == typeof(NameChange)) { return Sample(round % 2 == 0 ? typeof(NameSetting) : typeof(NameRemoval), round); }
        if (type == typeof(DateTimeOffset)) { return new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero); }
        if (type == typeof(DnsName)) { return DnsName.Parse("www.example.test"); }
        if (type == typeof(DnsRecord)) { return new DnsRecord(DnsName.Parse("www.example.test"), Ttl.FromWire(60), new AddressData(IpAddress.Parse("192.0.2.1"))); }
        if (type == typeof(IReadOnlyDictionary<string, long>)) { return new Dictionary<string, long> { ["loss"] = round }; }
        if (type == typeof(Phrase)) { return (Phrase)"www.example.test"; }
        if (type.IsArray) { return Filled(type.GetElementType()!, round); }
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)) { return Filled(type.GetGenericArguments()[0], round); }
        if (type.IsPrimitive || type == typeof(UInt128)) { return Convert(type, round + 1); }
        if (type == typeof(System.Numerics.BigInteger)) { return new System.Numerics.BigInteger(round + 1); }
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(candidate => !(candidate.GetParameters() is [var only] && only.ParameterType == type)).MaxBy(static candidate => candidate.GetParameters().Length);
        if (type.IsAbstract) { return Sample(type.Assembly.GetTypes().First(candidate => !candidate.IsAbstract && candidate.IsSubclassOf(type)), round); }
        if (constructor is null) { return RuntimeHelpers.GetUninitializedObject(type); }
        var sample = constructor.Invoke(constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType, round)).ToArray());
        // What an event has beside its own facts is the driver's, and what a record says beside its constructor's is all optional.
        foreach (var property in type.GetProperties().Where(static property => property is { CanWrite: true } && property.DeclaringType != typeof(TraceEvent)
            && property.GetIndexParameters().Length == 0 && !typeof(TraceEvent).IsAssignableFrom(property.PropertyType)))
        {
            if (property.GetValue(sample) is null || property.PropertyType.IsEnum || property.PropertyType == typeof(MacAddress)) { property.SetValue(sample, Sample(property.PropertyType, round)); }
        }
        return sample;
    }

    private static object Convert(Type type, int number) => type == typeof(UInt128) ? (UInt128)number : System.Convert.ChangeType(number, type, System.Globalization.CultureInfo.InvariantCulture);

    private static Array Filled(Type element, int round)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Sample(element, round), 0);
        return array;
    }

    // Names, options and URLs that stand in a sentence as they are typed.
    private static string Own(string said) => TypedAsItIs().Replace(said, " ");

    [GeneratedRegex(@"'[^']*'|www\.example\.test|firstbyte \w+|rtt|min/avg/max/mdev|hosts|socket\(\)|connect\(\d*|dev www|dns\b|ping www|fetch http|core-glasscom|--lab http|ip (link|address|tuntap|a) \w+.*|sysctl .*|iptables .*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex TypedAsItIs();

    [GeneratedRegex(@"[a-z]{3,} [a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishSentence();

    // A type's name, or the text of a collection that was put into a hole.
    [GeneratedRegex(@"System\.|(?<!src/)Firstbyte\.|\{ |\[\]", RegexOptions.CultureInvariant)]
    private static partial Regex Leak();
}
