using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

/// <summary>docs/http-exchange.md is drawn from the table of states; with FIRSTBYTE_UPDATE_SNAPSHOTS set it is written anew.</summary>
public class ExchangeDiagramTests
{
    [Fact]
    public void The_states_of_an_exchange_in_the_documentation_are_those_of_the_table()
    {
        var drawn = Draw(ExchangeSteps.Reachable());
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_UPDATE_SNAPSHOTS") is { Length: > 0 })
        {
            File.WriteAllText(Source(), drawn);
            return;
        }
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "http-exchange.md")).ReplaceLineEndings("\n"), drawn);
    }

    [Fact]
    public void Every_rule_and_every_state_is_reached_and_has_its_clause()
    {
        var steps = ExchangeSteps.Reachable();
        Assert.Equal(
            Enum.GetValues<ExchangeRule>().Except([ExchangeRule.Stays, ExchangeRule.OutOfPlace]),
            steps.Select(step => step.Rule).Distinct().Order());
        Assert.Equal(Enum.GetValues<RequestState>(), steps.Select(step => step.Before.Request).Concat(steps.Select(step => step.After.Request)).Distinct().Order());
        Assert.Equal(Enum.GetValues<ResponseState>(), steps.Select(step => step.Before.Response).Concat(steps.Select(step => step.After.Response)).Distinct().Order());
        Assert.All(steps, step => Assert.True(ExchangeTable.Of(step.Rule) is not null || step.Rule == ExchangeRule.GivenUp, $"{step.Rule} rests on nothing"));
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "http-exchange.md"));

    private static string Draw(IReadOnlyList<ExchangeSteps.Step> steps)
    {
        var text = new StringBuilder();
        text.Append("""
            # The states of an HTTP/1.x exchange

            Drawn by a test from the one table that decides (`src/Firstbyte.Protocols/Http/ExchangeStates.cs`). A state is two words: how far the request
            is, and how far its response. The picture leaves out what breaks an exchange; the table has it.

            ```mermaid
            stateDiagram-v2

            """.ReplaceLineEndings("\n"));
        foreach (var arrow in steps.Where(step => step.After.Response != ResponseState.Broken && step.Rule != ExchangeRule.SendingBroke)
            .GroupBy(step => (step.Before, step.After)))
        {
            text.Append($"    {Id(arrow.Key.Before)} --> {Id(arrow.Key.After)}: {string.Join(", ", arrow.Select(step => step.Rule).Distinct())}\n");
        }
        text.Append("```\n\nWhat is due in each state, and whether the same request may go out again when the connection is lost there:\n\n| Request | Response | Due | Again |\n|---|---|---|---|\n");
        foreach (var state in steps.SelectMany(step => new[] { step.Before, step.After }).Distinct().Order())
        {
            var lost = ExchangeTable.Retry(ExchangeTable.Next(state.Request, state.Response, ExchangeInput.ReadFailed).Rule) ?? RetryRule.Never;
            text.Append($"| {state.Request} | {state.Response} | {ExchangeTable.Due(state.Request, state.Response)} | {lost} |\n");
        }
        text.Append("\n| Request, response | Input | Request, response | Rule | Clause |\n|---|---|---|---|---|\n");
        foreach (var step in steps)
        {
            text.Append($"| {step.Before.Request}, {step.Before.Response} | {step.Input} | {step.After.Request}, {step.After.Response} | {step.Rule} | {ExchangeTable.Of(step.Rule)} |\n");
        }
        return text.ToString();
    }

    private static string Id((RequestState Request, ResponseState Response) state) => $"{state.Request}_{state.Response}";
}

/// <summary>What the table can do from its beginning.</summary>
internal static class ExchangeSteps
{
    public readonly record struct Step(
        (RequestState Request, ResponseState Response) Before, ExchangeInput Input, (RequestState Request, ResponseState Response) After, ExchangeRule Rule);

    /// <summary>Every step that changes something and that both sides and the caller, each by its rules, can bring about.</summary>
    public static IReadOnlyList<Step> Reachable()
    {
        var steps = new List<Step>();
        var todo = new Queue<(RequestState, ResponseState)>([(RequestState.Idle, ResponseState.Idle)]);
        var seen = new HashSet<(RequestState, ResponseState)>(todo);
        while (todo.TryDequeue(out var before))
        {
            foreach (var input in Enum.GetValues<ExchangeInput>())
            {
                var next = ExchangeTable.Next(before.Item1, before.Item2, input);
                if (next.Rule is ExchangeRule.Stays or ExchangeRule.OutOfPlace) { continue; }
                steps.Add(new Step(before, input, (next.Request, next.Response), next.Rule));
                if (seen.Add((next.Request, next.Response))) { todo.Enqueue((next.Request, next.Response)); }
            }
        }
        return [.. steps.OrderBy(step => step.Before).ThenBy(step => step.Input)];
    }
}
