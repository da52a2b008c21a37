using System.Globalization;
using Firstbyte.Fuzz;
using Firstbyte.Fuzz.Dns;
using Firstbyte.Fuzz.Exports;
using Firstbyte.Fuzz.Http;
using Firstbyte.Fuzz.Labs;
using Firstbyte.Fuzz.Routing;
using Firstbyte.Fuzz.Urls;

// Each target is a name and a method that takes one input; an exception is a finding. The same seed makes the same inputs:
//   dotnet run -c Release --project fuzz/Firstbyte.Fuzz -- http-response 42 1000000
Dictionary<string, FuzzTarget> targets = new(StringComparer.Ordinal)
{
    ["dns-message"] = MessageTarget.Target,
    ["dns-answer"] = AnswerTarget.Target,
    ["dns-zone"] = ZoneFileTarget.Target,
    ["event-file"] = EventFileTarget.Target,
    ["http-response"] = HttpTargets.Response,
    ["http-request"] = HttpTargets.Request,
    ["lab"] = LabTarget.Target,
    ["nat"] = TranslatorTarget.Target,
    ["rip"] = RipTarget.Target,
    ["url"] = UrlTarget.Target,
};

if (args.Length == 0 || !targets.TryGetValue(args[0], out var target))
{
    Console.Error.WriteLine($"usage: Firstbyte.Fuzz TARGET [SEED [COUNT]]   targets: {string.Join(", ", targets.Keys)}");
    return 2;
}
var seed = args.Length > 1 ? ulong.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var count = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
return FuzzLoop.Run(args[0], target, seed, count);
