using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

public class ClauseCoverageTests
{
    /// <summary>Decisions that a script cannot bring about, each with the test that does.</summary>
    private static readonly Dictionary<TcpClause, string> s_elsewhere = new()
    {
        [TcpClause.SynCookieSent] = nameof(SynCookieTests),
        [TcpClause.SynCookieReturned] = nameof(SynCookieTests),
        [TcpClause.SynCookieRefused] = nameof(SynCookieTests),
        [TcpClause.CongestionAvoidance] = nameof(GoldenTableTests),
        [TcpClause.SlowStartDelayRose] = nameof(HybridSlowStartTests),
        [TcpClause.SlowStartDelayFell] = nameof(HybridSlowStartTests),
        [TcpClause.SlowStartOver] = nameof(HybridSlowStartTests),
    };

    [Fact]
    public void Every_decision_of_tcp_is_exercised_by_a_script()
    {
        var exercised = new Dictionary<TcpClause, int>();
        foreach (var script in TcpScript.ReadAll(Path.Combine(AppContext.BaseDirectory, "Tcp", "Scripts")))
        {
            using var driver = new VirtualTimeDriver();
            new ScriptRunner(script, driver).Run();
            foreach (var clause in driver.Exercised) { exercised[clause] = exercised.GetValueOrDefault(clause) + 1; }
        }

        var report = new System.Text.StringBuilder();
        var missing = new List<string>();
        foreach (var clause in TcpClauses.All)
        {
            var times = exercised.GetValueOrDefault(clause);
            report.AppendLine($"{times,5}  {clause.Where(),-22} {clause}");
            if (times == 0 && !s_elsewhere.ContainsKey(clause)) { missing.Add($"{clause} ({clause.Where()})"); }
        }
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.Empty(missing);
    }

    [Fact]
    public void What_is_said_to_be_exercised_elsewhere_is_not_exercised_by_a_script()
    {
        // Otherwise the list above would hide a decision that no test reaches any more.
        Assert.DoesNotContain(TcpClause.ListenSyn, s_elsewhere.Keys);
        Assert.All(s_elsewhere.Values, name => Assert.NotNull(typeof(ClauseCoverageTests).Assembly.GetType($"Firstbyte.Tests.Tcp.{name}")));
    }

    [Fact]
    public void Every_decision_names_a_document_and_a_section() =>
        Assert.All(TcpClauses.All.ToArray(), clause =>
        {
            Assert.StartsWith("RFC ", clause.Where().Document, StringComparison.Ordinal);
            Assert.NotEmpty(clause.Where().Section);
        });
}
