using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Rendering;
using Firstbyte.Labs;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte lab …</c>: the built-in internets, listed, shown, run and tried out.</summary>
internal static class LabCommand
{
    /// <summary>The command by its name alone, for a command line that does not use it.</summary>
    public static Command CreateEmpty() => new("lab", "Lists, shows, runs and tries out the built-in internets");

    public static Command Create()
    {
        var command = CreateEmpty();
        var list = new Command("list", "Names every lab with what it shows");
        list.SetAction(_ =>
        {
            var labs = LabCatalog.List().ToArray();
            var width = labs.Max(l => l.Name.Length);
            foreach (var (name, lab) in labs) { Console.Out.WriteLine($"{name.PadRight(width)}  {lab.Title}"); }
        });
        var which = new Argument<string>("name") { Description = "A lab's name, or a file", HelpName = "NAME|FILE" };
        var json = new Option<bool>("--json") { Description = "Print it as JSON, as docs/labs/lab.schema.json describes" };
        var show = new Command("show", "Shows the subnets, routers and hosts of a lab, and what to look for in it") { which, json };
        show.SetAction(parsed =>
        {
            try
            {
                if (parsed.GetValue(json)) { Console.Out.WriteLine(LabFile.ToJson(LabRun.Load(parsed.GetValue(which)!))); }
                else { Show(Page.On(Console.Out, Console.IsOutputRedirected, ColourChoice.Auto), LabRun.Load(parsed.GetValue(which)!), LabCatalog.ReadPage(parsed.GetValue(which)!)); }
                return 0;
            }
            catch (UsageException e)
            {
                Console.Error.WriteLine("firstbyte: " + e.Message);
                return e.ExitCode;
            }
        });
        which.CompletionSources.Add(_ => LabCatalog.Names.Select(static name => new CompletionItem(name)));
        command.Subcommands.Add(list);
        command.Subcommands.Add(show);
        command.Subcommands.Add(LabRunCommand.Create());
        foreach (var verb in LabVerbs.Create(new OneShotFace())) { command.Subcommands.Add(verb); }
        command.Subcommands.Add(Break());
        return command;
    }

    private static Command Break()
    {
        var face = new OneShotFace();
        var command = new Command("break", "Pulls cables, then gives commands to see what that does");
        face.Extend(command);
        var links = new Argument<string[]>("link") { HelpName = "LINK…", Description = "Cables ('firstbyte lab links LAB' lists them)", Arity = ArgumentArity.OneOrMore };
        links.CompletionSources.Add(context => face.Names(context, LabNames.Links).Select(static name => new CompletionItem(name)));
        var then = new Option<string[]>("--then") { Description = "A command of the prompt, e.g. --then \"ping www\"", HelpName = "COMMAND", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        command.Arguments.Add(links);
        command.Options.Add(then);
        command.SetAction(parsed => face.Run(parsed, console =>
        {
            LabCables.Set(console, parsed.GetValue(links)!, isUp: false);
            var prompt = new PromptFace(console);
            return (parsed.GetValue(then) is { Length: > 0 } commands ? commands : ["links"]).Select(prompt.RunLine).Aggregate(0, static (_, last) => last);
        }));
        return command;
    }

    private static void Show(Page page, LabDefinition lab, string? text)
    {
        page.Step("Lab", Printable.Text(lab.Title), ink: Ink.Strong);
        page.Step("Seed", lab.Seed.ToString());
        foreach (var subnet in lab.Subnets)
        {
            page.Step("Subnet", $"{subnet.Name}  {string.Join(" ", subnet.Prefixes)}  ({(subnet.Kind == SubnetKind.Hub ? "hub" : "switch")})");
            foreach (var box in subnet.Boxes) { page.Detail($"{(box.Kind == SubnetKind.Hub ? "hub" : "switch")} {box.Name}  joined to {box.Uplink}"); }
            foreach (var router in lab.Routers)
            {
                foreach (var plug in router.Interfaces.Where(i => i.Subnet == subnet.Name)) { page.Detail($"router {router.Name}  {string.Join(" ", plug.Addresses)}{Describe(router, plug)}"); }
            }
            foreach (var host in lab.Hosts.Where(h => h.Interfaces[0].Subnet == subnet.Name))
            {
                var services = string.Join(", ", host.Services.Select(Describe));
                page.Detail($"{(host.Name == lab.Client ? "client" : "host")} {host.Name}  {string.Join(" ", host.Interfaces.SelectMany(static plug => plug.Addresses))}{(services.Length > 0 ? "  serves " + services : "")}");
            }
        }
        foreach (var happening in lab.Happenings) { page.Step("Fault", Printable.Text(Describe(happening))); }
        if (text is null) { return; }
        page.Gap();
        page.Raw(text.TrimEnd());
    }

    private static string Describe(RouterDefinition router, InterfaceDefinition plug) =>
        (router.Settings.NatOutside == plug.Subnet ? "  translates addresses (nat)" : "") + (router.Settings.Rip ? "  learns routes (rip)" : "");

    private static string Describe(Happening happening)
    {
        var what = happening switch
        {
            Silence e => $"{e.Host}{(e.Port is { } port ? $" port {port}" : "")} never answers",
            Refusal e => $"{e.Host} port {e.Port} refuses connections",
            Breakage e => $"{e.Host} port {e.Port} {(e.ByReset ? "resets" : "ends")} connections after {e.AfterBytes} bytes",
            PacketLoss e => $"{e.Millionths / 1e4:0.####} % of the packets from {e.Source ?? "anybody"} to {e.Target ?? "anybody"} are lost",
            IcmpFilter e => $"{e.Node} lets no ICMP message through",
            Partition e => $"{string.Join(", ", e.Left)} and {string.Join(", ", e.Right)} do not hear each other",
            Outage e => $"{e.Node} has no power",
            Cut e => $"the link {e.Link} is cut{Way(e.Direction)}",
            Clog e => $"the link {e.Link} is clogged{Way(e.Direction)}",
            Impairment e => $"the link {e.Link} is impaired{Way(e.Direction)}",
            ClockSkew e => $"the clock of {e.Node} is {Amounts.Time(Math.Abs(e.OffsetNanoseconds))} {(e.OffsetNanoseconds < 0 ? "slow" : "fast")}",
            _ => happening.GetType().Name,
        };
        var from = happening.LatestNanoseconds is { } latest ? $", from an instant between {Amounts.Time(happening.AtNanoseconds)} and {Amounts.Time(latest)} on"
            : happening.AtNanoseconds > 0 ? $", from {Amounts.Time(happening.AtNanoseconds)} on" : "";
        return what + from + (happening.ForNanoseconds is { } lasts ? $", for {Amounts.Time(lasts)}" : "");
    }

    private static string Way(LinkDirection direction) => direction == LinkDirection.Both ? "" : $", {direction.ToString().ToLowerInvariant()} only";

    private static string Describe(ServiceDefinition service) => service switch
    {
        ZoneService zone => $"dns zone {zone.Zone.Origin}",
        ForgerService forger => $"forged answers for {forger.Name}",
        WebService web => web.Secure ? "https" : "http",
        _ => service.GetType().Name.Replace("Service", "", StringComparison.Ordinal).ToLowerInvariant(),
    };
}
