using System.Text.Json.Serialization;
using Firstbyte.Hosts;
using Firstbyte.Simulation.Recording;

namespace Firstbyte.Cli.Rendering;

/// <summary>Prints the tables of a lab: columns for people, in the words of `ip` and `ss`.</summary>
internal static class LabRowPage
{
    public static void Show(Page page, IReadOnlyList<RouteRow> rows) => Columns(page, ["DESTINATION", "NEXT HOP", "DEV", "FROM"], rows.Select(static row => new[]
    {
        row.Prefix.Length == 0 ? row.Prefix + " (default)" : row.Prefix.ToString(), row.Gateway is { } gateway ? "via " + gateway : "on the link", row.Interface, OriginOf(row),
    }));

    public static void Show(Page page, IReadOnlyList<NeighborRow> rows) => Columns(page, ["ADDRESS", "DEV", "LLADDR", "STATE", "WHO"], rows.Select(static row => new[]
    {
        row.Address.ToString(), row.Interface, row.Hardware?.ToString() ?? "-", row.State.ToString().ToUpperInvariant(), Printable.Text(row.Name ?? "-") + (row.IsRouter ? " (router)" : ""),
    }));

    public static void Show(Page page, IReadOnlyList<SocketRow> rows) => Columns(page, ["PROTO", "STATE", "RECV-Q", "SEND-Q", "LOCAL", "PEER", "FD"], rows.Select(static row => new[]
    {
        row.Protocol, StateOf(row), Amounts.Number(row.ReceiveQueue), Amounts.Number(row.SendQueue), row.Local.ToString(), row.Remote?.ToString() ?? "*", row.Descriptor is { } descriptor ? Amounts.Number(descriptor) : "-",
    }));

    public static void Show(Page page, IReadOnlyList<CacheRow> rows) => Columns(page, ["NAME", "TYPE", "DATA", "TTL LEFT", "RANK"], rows.Select(static row => new[]
    {
        Printable.Text(row.Name), Printable.Text(row.Type), Printable.Text(row.Data), Amounts.Seconds(row.TtlSeconds), Words.Of(row.Rank),
    }));

    public static void Show(Page page, IReadOnlyList<TranslationRow> rows) => Columns(page, ["PROTO", "INSIDE", "SEEN FROM OUTSIDE AS", "PEER"], rows.Select(static row => new[]
    {
        row.Row.Protocol.ToString().ToLowerInvariant(), row.Row.Inside.ToString(), row.Row.Outside.ToString(), row.Row.Remote.ToString(),
    }));

    public static void Show(Page page, IReadOnlyList<LinkRow> rows) => Columns(page, ["LINK", "BETWEEN", "STATE", "LATENCY", "LOSS", "DELIVERED", "LOST"], rows.Select(static row => new[]
    {
        Printable.Text(row.Name), $"{Printable.Text(row.Machine)} and {Printable.Text(row.Box)}", row.IsUp ? "up" : "BROKEN", Amounts.Time(row.LatencyNanoseconds),
        row.LossMillionths == 0 ? "-" : Amounts.Percent(row.LossMillionths), Amounts.Number(row.Delivered), Amounts.Number(row.Lost),
    }));

    public static void Show(Page page, IReadOnlyList<MachineRow> rows) => Columns(page, ["NAME", "WHAT", "ADDRESSES"], rows.Select(static row => new[]
    {
        Printable.Text(row.Name), (row.IsRouter ? "router" : "host") + (row.IsUp ? "" : ", off"), string.Join(", ", row.Addresses.Where(static address => !address.Contains(" fe80:", StringComparison.Ordinal))),
    }));

    private static string OriginOf(RouteRow row) => row.Origin switch
    {
        RouteOrigin.Connected => "own subnet",
        RouteOrigin.Dhcp => "DHCP",
        RouteOrigin.RouterAdvertisement => "router advertisement",
        RouteOrigin.Rip => $"RIP, {Amounts.Count(row.Metric, "hop")}",
        _ => "by hand",
    };

    private static string StateOf(SocketRow row) =>
        row.IsListening ? "LISTEN" : row.State is { } state ? FrameWords.Of(state) : row.Protocol == "tcp" ? "BOUND" : row.Remote is null ? "UNCONN" : "CONN";

    private static void Columns(Page page, string[] heads, IEnumerable<string[]> cells)
    {
        var rows = cells.ToArray();
        var widths = heads.Select((head, i) => Math.Max(head.Length, rows.Length == 0 ? 0 : rows.Max(row => row[i].Length))).ToArray();
        page.Full(Joined(heads, widths), Ink.Faint);
        foreach (var row in rows) { page.Full(Joined(row, widths)); }
    }

    private static string Joined(string[] cells, int[] widths) => string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
}

/// <summary>The JSON of the tables' rows: one object a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RouteRow))]
[JsonSerializable(typeof(NeighborRow))]
[JsonSerializable(typeof(SocketRow))]
[JsonSerializable(typeof(CacheRow))]
[JsonSerializable(typeof(TranslationRow))]
[JsonSerializable(typeof(LinkRow))]
[JsonSerializable(typeof(MachineRow))]
internal sealed partial class LabRowJson : JsonSerializerContext;
