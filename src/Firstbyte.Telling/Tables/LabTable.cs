using Firstbyte.Simulation.Recording;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Tables;

/// <summary>The tables of a lab: columns for people, in the words of `ip` and `ss`.</summary>
public static class LabTable
{
    public static Table Of(Language language, IReadOnlyList<RouteRow> rows) => Make(language.Tables.RouteHeads, rows, row =>
    [
        row.Prefix.Length == 0 ? language.Tables.DefaultRoute(row.Prefix.ToString()) : Say($"{row.Prefix}"), language.Tables.Via(row.Gateway), row.Interface,
        language.Tables.RouteOrigin(row.Origin, row.Metric),
    ]);

    public static Table Of(Language language, IReadOnlyList<NeighborRow> rows) => Make(language.Tables.NeighborHeads, rows, row =>
    [
        Say($"{row.Address}"), row.Interface, row.Hardware?.ToString() ?? "-", row.State.ToString().ToUpperInvariant(),
            language.Tables.Neighbor(row.Name, row.IsRouter),
    ]);

    public static Table Of(Language language, IReadOnlyList<SocketRow> rows) => Make(language.Tables.SocketHeads, rows, static row =>
    [
        row.Protocol, StateOf(row), Amounts.Number(row.ReceiveQueue), Amounts.Number(row.SendQueue), Say($"{row.Local}"), row.Remote?.ToString() ?? "*",
        row.Descriptor is { } descriptor ? Amounts.Number(descriptor) : "-",
    ]);

    public static Table Of(Language language, IReadOnlyList<CacheRow> rows) => Make(language.Tables.CacheHeads, rows, row =>
    [
        Phrase.Of(row.Name, Role.Name), row.Type, row.Data, language.Amounts.Seconds(row.TtlSeconds), language.Names.Rank(row.Rank),
    ]);

    public static Table Of(Language language, IReadOnlyList<TranslationRow> rows) => Make(language.Tables.TranslationHeads, rows, static row =>
    [
        row.Row.Protocol.ToString().ToLowerInvariant(), Say($"{row.Row.Inside}"), Say($"{row.Row.Outside}"), Say($"{row.Row.Remote}"),
    ]);

    public static Table Of(Language language, IReadOnlyList<LinkRow> rows) => Make(language.Tables.LinkHeads, rows, row =>
    [
        Phrase.Of(row.Name, Role.Name), language.Tables.Between(row.Machine, row.Box), language.Tables.LinkState(row.IsUp),
            Amounts.Time(row.LatencyNanoseconds),
        row.LossMillionths == 0 ? "-" : Amounts.Percent(row.LossMillionths), Amounts.Number(row.Delivered), Amounts.Number(row.Lost),
    ]);

    public static Table Of(Language language, IReadOnlyList<MachineRow> rows) => Make(language.Tables.MachineHeads, rows, row =>
    [
        Phrase.Of(row.Name, Role.Name), language.Tables.Machine(row.IsRouter, row.IsUp),
        string.Join(", ", row.Addresses.Where(static address => !address.Contains(" fe80:", StringComparison.Ordinal))),
    ]);

    public static Table Of(Language language, IReadOnlyList<FaultRow> rows) => Make(language.Tables.FaultHeads, rows, row =>
    [
        Amounts.Number(row.Number), Phrase.Of(row.Fault, Role.Name), row.Place, language.Tables.FaultState(row.IsActing, row.IsOver), Amounts.Clock(row.From),
        row.Until is { } until ? Amounts.Clock(until) : "-",
    ]);

    private static Table Make<T>(IReadOnlyList<string> heads, IReadOnlyList<T> rows, Func<T, IReadOnlyList<Phrase>> cells) =>
        new(heads, [.. rows.Select(cells)]);

    private static string StateOf(SocketRow row) =>
        row.IsListening ? "LISTEN" : row.State is { } state ? FieldWords.Of(state) : row.Protocol == "tcp" ? "BOUND" : row.Remote is null ? "UNCONN" : "CONN";
}
