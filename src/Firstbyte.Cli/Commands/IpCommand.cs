using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Firstbyte.Addressing;
using Firstbyte.Cli.Rendering;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte ip ADDRESS/LENGTH…</c>: a subnet that explains itself.</summary>
internal static class IpCommand
{
    /// <summary>Rows of a split that are printed before the rest is only counted.</summary>
    private const int MaximumRows = 64;

    public static Command Create()
    {
        var addresses = new Argument<string[]>("address") { Description = "10.11.12.13/24, 10.11.12.13/255.255.255.0 or 2001:db8::1/64; several are merged", Arity = ArgumentArity.OneOrMore };
        var split = new Option<int?>("--split") { Description = "Divide the subnet into subnets of this length", HelpName = "LENGTH" };
        var contains = new Option<string[]>("--contains") { Description = "Say whether the subnet contains this address or prefix", HelpName = "ADDRESS", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("ip", "Explains addresses and subnets: network and host number, mask, broadcast, range, kind") { addresses, split, contains, json };
        command.SetAction(parsed =>
        {
            var texts = parsed.GetValue(addresses) ?? [];
            var read = new List<InterfaceAddress>();
            foreach (var text in texts)
            {
                try { read.Add(InterfaceAddress.Parse(text)); }
                catch (FormatException e)
                {
                    Console.Error.WriteLine("firstbyte: " + e.Message);
                    return Application.UsageError;
                }
            }
            var length = parsed.GetValue(split);
            if (length is { } wanted && (wanted < read[0].Prefix.Length || wanted > read[0].Address.BitLength))
            {
                Console.Error.WriteLine($"firstbyte: --split {wanted}: expected a length from {read[0].Prefix.Length} (the subnet itself) to {read[0].Address.BitLength}");
                return Application.UsageError;
            }
            var probes = new List<InterfaceAddress>();
            foreach (var text in parsed.GetValue(contains) ?? [])
            {
                if (!InterfaceAddress.TryParse(text, out var probe, out _))
                {
                    Console.Error.WriteLine($"firstbyte: --contains '{text}': expected an address or a prefix");
                    return Application.UsageError;
                }
                probes.Add(probe);
            }
            if (parsed.GetValue(json)) { WriteJson(Console.Out, read, length, probes); }
            else { WriteText(Page.On(Console.Out, Console.IsOutputRedirected, ColourChoice.Auto), read, length, probes); }
            return probes.TrueForAll(p => read[0].Prefix.Contains(p.Prefix)) ? 0 : 1;
        });
        return command;
    }

    private static void WriteText(Page page, List<InterfaceAddress> read, int? split, List<InterfaceAddress> probes)
    {
        if (read.Count > 1)
        {
            var merged = SubnetPlan.Merge(read.Select(r => r.Prefix));
            page.Step("Merge", $"{read.Count} prefixes make {merged.Count}");
            foreach (var prefix in merged) { page.Detail(prefix.ToString()); }
            return;
        }
        var address = read[0];
        Explain(page, address);
        if (split is { } length)
        {
            var count = BigInteger.One << (length - address.Prefix.Length);
            page.Step("Split", string.Create(CultureInfo.InvariantCulture, $"into {count:#,0} subnets of /{length}"));
            foreach (var prefix in SubnetPlan.Split(address.Prefix, length).Take(MaximumRows))
            {
                page.Detail($"{prefix,-20} {prefix.FirstHost} – {prefix.LastHost}" + (prefix.Broadcast is { } b ? $"   broadcast {b}" : ""));
            }
            if (count > MaximumRows) { page.Detail(string.Create(CultureInfo.InvariantCulture, $"… {count - MaximumRows:#,0} more")); }
        }
        foreach (var probe in probes)
        {
            var inside = address.Prefix.Contains(probe.Prefix);
            page.Step("Contains", $"{probe}: {(inside ? "yes, its first " + address.Prefix.Length + " bits are the network number" : "no, it differs within the first " + address.Prefix.Length + " bits")}", ink: inside ? Ink.Good : Ink.Bad);
        }
    }

    private static void Explain(Page page, InterfaceAddress address)
    {
        var prefix = address.Prefix;
        page.Step("Address", address.ToString());
        foreach (var line in BitDrawing(address)) { page.Detail(line); }
        page.Step("Network", $"{prefix}   (host number all zeros: the subnet itself)");
        page.Step("Mask", address.Address.IsV4 ? $"{prefix.Mask} = /{prefix.Length}" : $"/{prefix.Length}");
        page.Step("Host", $"number {address.HostNumber} in its subnet");
        if (prefix.Broadcast is { } broadcast) { page.Step("Broadcast", $"{broadcast}   (host number all ones: every host of the subnet)"); }
        else { page.Step("Broadcast", address.Address.IsV6 ? "none: IPv6 uses multicast" : "none: no room in a /" + prefix.Length + " (RFC 3021)"); }
        page.Step("Range", $"{prefix.FirstHost} – {prefix.LastHost}");
        page.Step("Count", string.Create(CultureInfo.InvariantCulture, $"{prefix.Size:#,0} addresses, {prefix.HostCount:#,0} for hosts"));
        page.Step("Kind", KindText(address.Address));
        page.Step("Reverse", ReverseName.Of(address.Address));
    }

    /// <summary>The bits in their groups with the mask's edge drawn where it is.</summary>
    internal static IEnumerable<string> BitDrawing(InterfaceAddress address)
    {
        var bits = address.Address.BitLength;
        var group = bits == 32 ? 8 : 16;
        var perLine = bits == 32 ? 32 : 64;
        for (var line = 0; line < bits; line += perLine)
        {
            var (text, edge) = (new StringBuilder(), new StringBuilder());
            for (var bit = line; bit < line + perLine; bit++)
            {
                if (bit == address.Prefix.Length && bit > 0) { text.Append('│'); edge.Append('│'); }
                else if (bit > line && bit % group == 0) { text.Append(' '); edge.Append(bit < address.Prefix.Length ? '─' : '┄'); }
                text.Append(((address.Address.Bits >> (bits - 1 - bit)) & 1) == 1 ? '1' : '0');
                edge.Append(bit < address.Prefix.Length ? '─' : '┄');
            }
            if (line + perLine == address.Prefix.Length) { text.Append('│'); edge.Append('│'); }
            yield return text.ToString();
            yield return edge.ToString();
        }
        var networkBits = address.Prefix.Length;
        yield return $"{networkBits} bits network number ─   {bits - networkBits} bits host number ┄";
    }

    internal static string KindText(IpAddress address) =>
        SpecialPurpose.Find(address) is { } block
            ? $"{block.Name}, {block.Prefix} ({block.Source}): {(block.IsGloballyReachable ? "forwarded between networks" : "not forwarded between networks")}"
            : "global: an ordinary address of the Internet";

    private static void WriteJson(TextWriter output, List<InterfaceAddress> read, int? split, List<InterfaceAddress> probes)
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
                json.WriteNumber("length", prefix.Length);
                json.WriteString("network", prefix.Network.ToString());
                json.WriteString("mask", prefix.Mask.ToString());
                json.WriteString("hostNumber", read[0].HostNumber.ToString(CultureInfo.InvariantCulture));
                json.WriteString("broadcast", prefix.Broadcast?.ToString());
                json.WriteString("first", prefix.FirstHost.ToString());
                json.WriteString("last", prefix.LastHost.ToString());
                json.WriteString("addresses", prefix.Size.ToString(CultureInfo.InvariantCulture));
                json.WriteString("hosts", prefix.HostCount.ToString(CultureInfo.InvariantCulture));
                json.WriteString("kind", SpecialPurpose.KindOf(address).ToString());
                json.WriteString("reverse", ReverseName.Of(address));
                if (split is { } length)
                {
                    json.WriteStartArray("split");
                    foreach (var part in SubnetPlan.Split(prefix, length).Take(MaximumRows * 1024)) { json.WriteStringValue(part.ToString()); }
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
}
