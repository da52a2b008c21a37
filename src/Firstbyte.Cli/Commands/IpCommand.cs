using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Firstbyte.Addressing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte ip ADDRESS/LENGTH…</c>: a subnet that explains itself.</summary>
internal static class IpCommand
{
    /// <summary>Rows of a split that are written: a /0 has more than anybody reads.</summary>
    private const int MaximumRows = 65_536;

    public static Command Create(CommandIo io)
    {
        var addresses = new Argument<string[]>("address") { Description = io.Language.Help.IpAddress, Arity = ArgumentArity.OneOrMore };
        var split = new Option<int?>("--split") { Description = io.Language.Help.IpSplit, HelpName = "LENGTH" };
        var contains = new Option<string[]>("--contains") { Description = io.Language.Help.IpContains, HelpName = "ADDRESS", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = io.Language.Help.IpJson };
        var command = new Command("ip", io.Language.Help.Ip) { addresses, split, contains, json };
        command.SetAction(parsed =>
        {
            var read = SubnetText.Read(io.Language.Usage, parsed.GetValue(addresses) ?? []);
            var length = parsed.GetValue(split);
            if (length is not null && !read[0].HasMask) { throw new UsageException(io.Language.Usage.SplitWantsSubnet); }
            if (length is { } wanted && (wanted < read[0].Prefix.Length || wanted > read[0].Address.BitLength))
            {
                throw new UsageException(io.Language.Usage.NoSplit(wanted, read[0].Prefix.Length, read[0].Address.BitLength));
            }
            var probes = new List<InterfaceAddress>();
            foreach (var text in parsed.GetValue(contains) ?? [])
            {
                if (!InterfaceAddress.TryParse(text, out var probe, out _)) { throw new UsageException(io.Language.Usage.NoProbe(text)); }
                probes.Add(probe);
            }
            if (parsed.GetValue(json)) { WriteJson(io.Text, read, length, probes); }
            else { Tell(io.OpenPage(), io.Language, read, length, probes); }
            return probes.TrueForAll(p => read[0].Prefix.Contains(p.Prefix)) ? 0 : 1;
        });
        return command;
    }

    private static void Tell(Page page, Language language, List<SubnetText> read, int? split, List<InterfaceAddress> probes)
    {
        var story = new AddressStory(page, language);
        if (read.Count > 1)
        {
            story.Merge([.. read.Select(static one => one.Value)]);
            return;
        }
        story.Explain(read[0].Value, read[0].HasMask);
        if (split is { } length) { story.Split(read[0].Prefix, length); }
        foreach (var probe in probes) { story.Contains(read[0].Prefix, probe); }
    }

    private static void WriteJson(TextWriter output, List<SubnetText> read, int? split, List<InterfaceAddress> probes)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (read.Count > 1)
            {
                json.WriteStartArray("merged");
                foreach (var prefix in SubnetPlan.Merge(read.Select(r => r.Prefix))) { json.WriteStringValue(prefix.ToString()); }
                json.WriteEndArray();
            }
            else
            {
                var (address, prefix) = (read[0].Address, read[0].Prefix);
                json.WriteString("address", address.ToString());
                if (read[0].HasMask) { WriteSubnet(json, read[0]); }
                json.WriteString("kind", SpecialPurpose.KindOf(address).ToString());
                json.WriteString("reverse", ReverseName.Of(address));
                if (split is { } length)
                {
                    json.WriteStartArray("split");
                    foreach (var part in SubnetPlan.Split(prefix, length).Take(MaximumRows)) { json.WriteStringValue(part.ToString()); }
                    json.WriteEndArray();
                }
                if (probes.Count > 0)
                {
                    json.WriteStartObject("contains");
                    foreach (var probe in probes) { json.WriteBoolean(probe.ToString(), prefix.Contains(probe.Prefix)); }
                    json.WriteEndObject();
                }
            }
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteSubnet(Utf8JsonWriter json, SubnetText read)
    {
        var prefix = read.Prefix;
        json.WriteNumber("length", prefix.Length);
        json.WriteString("network", prefix.Network.ToString());
        json.WriteString("mask", prefix.Mask.ToString());
        json.WriteString("hostNumber", read.Value.HostNumber.ToString(CultureInfo.InvariantCulture));
        json.WriteString("broadcast", prefix.Broadcast?.ToString());
        json.WriteString("first", prefix.FirstHost.ToString());
        json.WriteString("last", prefix.LastHost.ToString());
        json.WriteString("addresses", prefix.Size.ToString(CultureInfo.InvariantCulture));
        json.WriteString("hosts", prefix.HostCount.ToString(CultureInfo.InvariantCulture));
    }
}
