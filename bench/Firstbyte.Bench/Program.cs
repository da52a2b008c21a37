// Each suite is a name and a method that takes the rest of the arguments and returns the exit code:
//   dotnet run -c Release --project bench/Firstbyte.Bench -- url      one suite
//   dotnet run -c Release --project bench/Firstbyte.Bench -- all      every suite that needs neither root nor a peer
using Firstbyte.Bench.Addressing;
using Firstbyte.Bench.Dns;
using Firstbyte.Bench.Http;
using Firstbyte.Bench.Journeys;
using Firstbyte.Bench.Network;
using Firstbyte.Bench.Simulation;
using Firstbyte.Bench.Tcp;
using Firstbyte.Bench.Urls;

Dictionary<string, Func<string[], int>> suites = new(StringComparer.Ordinal)
{
    ["dns"] = DnsSuite.Run,
    ["http"] = HttpSuite.Run,
    ["http-load"] = HttpLoad.Run,
    ["internet"] = InternetSuite.Run,
    ["journeys"] = JourneySuite.Run,
    ["network"] = NetworkSuite.Run,
    ["resolver"] = ResolverSuite.Run,
    ["simulation"] = SimulationSuite.Run,
    ["tcp"] = TcpSuite.Run,
    ["tcp-linux"] = LinuxSuite.Run,
    ["tun"] = TunSuite.Run,
    ["routes"] = RouteSuite.Run,
    ["zone"] = ZoneSuite.Run,
    ["url"] = UrlSuite.Run,
    ["url-lists"] = UrlSuite.WriteLists,
};

if (args is ["all"]) { return ((string[])["url", "dns", "resolver", "internet", "journeys", "simulation", "network", "tcp", "routes"]).Max(name => suites[name]([])); }
if (args.Length > 0 && suites.TryGetValue(args[0], out var suite)) { return suite(args[1..]); }
Console.Error.WriteLine($"usage: Firstbyte.Bench SUITE [ARGUMENTS]   suites: {string.Join(", ", suites.Keys)}");
return 2;
