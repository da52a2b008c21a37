using Firstbyte.Cli.Io;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary>The policy zones that a resolver was told to keep to, by their files, in their order.</summary>
internal sealed class PolicyFiles
{
    private readonly CommandIo _io;
    private readonly string[] _arguments;

    private PolicyFiles(CommandIo io, string[] arguments) => (_io, _arguments) = (io, arguments);

    /// <summary>What is in force: what the files said when they could be read last.</summary>
    public PolicyInForce InForce { get; } = new();

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">One is faulty, or an argument is.</exception>
    /// <exception cref="FileException">One cannot be read.</exception>
    public static PolicyFiles Open(CommandIo io, string[] arguments)
    {
        var files = new PolicyFiles(io, arguments);
        files.InForce.Current = files.Read();
        return files;
    }

    /// <summary>Reads them again; where one is faulty all stay as they were, which is told.</summary>
    public bool Reload()
    {
        try { InForce.Current = Read(); }
        catch (Exception e) when (e is UsageException or FileException) { _io.Errors.Complain(_io.Language.Servers.PolicyKept(_io.Reason(e))); }
        return true;
    }

    private PolicySet Read()
    {
        var zones = new List<PolicyZone>();
        foreach (var argument in _arguments)
        {
            var at = argument.LastIndexOf('=');
            var (file, name) = at < 0 ? (argument, default(DnsName?)) : (argument[..at], NameOf(argument[(at + 1)..]));
            var zone = PolicyZone.Read(_io.ReadText(file), file, name, null, out var problems)
                ?? throw new UsageException(_io.Language.Servers.PolicyRefused(problems.Select(Told)));
            zones.Add(zone);
            _io.Errors.Say(_io.Language.Servers.PolicyLoaded($"{zone.Name}", zone.TriggerCount));
        }
        return new PolicySet(zones);
    }

    private DnsName NameOf(string text) => DnsName.TryParse(text, out var name) ? name : throw new UsageException(_io.Language.Usage.NoDomainName(text));

    private Phrase Told(PolicyProblem problem) =>
        problem.Cause is { } cause ? _io.Language.Sources.ZoneProblem(cause) : _io.Language.Servers.PolicyProblem(problem);
}
