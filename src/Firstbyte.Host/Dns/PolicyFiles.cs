using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Host.Settings;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Dns;

/// <summary>The policy zones that the resolver was told to keep to, by their files, in their order.</summary>
internal sealed class PolicyFiles
{
    private readonly IReadOnlyList<string> _arguments;
    private readonly Language _language;
    private readonly Action<string> _say;

    /// <summary>Reads them.</summary>
    /// <exception cref="HostException">One is faulty, or cannot be read.</exception>
    public PolicyFiles(IReadOnlyList<string> arguments, Language language, Action<string> say)
    {
        (_arguments, _language, _say) = (arguments, language, say);
        InForce.Current = Read();
    }

    /// <summary>What is in force: what the files said when they could be read last.</summary>
    public PolicyInForce InForce { get; } = new();

    /// <summary>Reads them again; where one is faulty all stay as they were, which is told.</summary>
    public void Reload()
    {
        try { InForce.Current = Read(); }
        catch (HostException e) { _say($"{_language.Servers.PolicyKept(e.Complaint)}"); }
    }

    private PolicySet Read()
    {
        var zones = new List<PolicyZone>();
        foreach (var argument in _arguments)
        {
            var at = argument.LastIndexOf('=');
            var (file, name) = at < 0 ? (argument, default(DnsName?)) : (argument[..at], NameOf(argument[(at + 1)..]));
            var zone = PolicyZone.Read(ZoneFileSource.ReadText(file, _language), file, name, null, out var problems)
                ?? throw new HostException(_language.Servers.PolicyRefused(problems.Select(Told)));
            zones.Add(zone);
            _say($"{_language.Servers.PolicyLoaded($"{zone.Name}", zone.TriggerCount)}");
        }
        return new PolicySet(zones);
    }

    private DnsName NameOf(string text) => DnsName.TryParse(text, out var name) ? name : throw new HostException(_language.Usage.NoDomainName(text));

    private Phrase Told(PolicyProblem problem) =>
        problem.Cause is { } cause ? _language.Sources.ZoneProblem(cause) : _language.Servers.PolicyProblem(problem);
}
