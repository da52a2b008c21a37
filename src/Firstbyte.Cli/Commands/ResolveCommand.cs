using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>resolve NAME [TYPE]</c>: the name step alone, for any type of record.</summary>
internal sealed class ResolveCommand(Language language) : PlaceCommand("resolve", language.Help.Resolve)
{
    private readonly Argument<string> _name = new("name") { Description = language.Help.ResolveName };
    private readonly Argument<string?> _type = new("type") { Description = language.Help.ResolveType, Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<bool> _explain = new(PlaceOptions.Explain) { Description = language.Help.ResolveExplain };

    public override Argument Target => _name;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
    [
        ("firstbyte resolve --lab www.lab.glasscom.com", language.Help.ExampleResolveLab),
        ("firstbyte resolve example.com MX", language.Help.ExampleResolveHere),
        ("firstbyte resolve --iterative example.com AAAA", language.Help.ExampleResolveIterative),
        ("firstbyte resolve --explain example.com", language.Help.ExampleResolveExplain),
        ("firstbyte resolve --server 9.9.9.9 example.com", language.Help.ExampleResolveServer),
    ];

    public override void AddTo(Command command, bool isRecorded)
    {
        command.Arguments.Add(_name);
        command.Arguments.Add(_type);
        command.Options.Add(_explain);
    }

    public override IEnumerable<string> Suggest(IEnumerable<string> names) => names.Where(static name => name.Contains('.', StringComparison.Ordinal));

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var (name, type, isAbsolute) = Question.Read(language, parsed.GetValue(_name)!, parsed.GetValue(_type));
        var options = new ResolutionOptions { Fresh = site.Settings.NoCache, IsAbsolute = isAbsolute, Time = site.Settings.MaximumTime };
        var (isAsked, isVerbose) = (parsed.GetValue(_explain), site.Settings.Verbosity > 0);
        bool IsExplained(ResolvedAnswer answer) => isAsked || isVerbose && answer.Status != SecurityStatus.Unchecked;
        using var station = site.Open(Use);
        return station.Run($"resolve {name}", (host, stop) => NetworkPrograms.ResolveAsync(host, name, type, options, IsExplained, stop));
    }
}

/// <summary>What is asked of the DNS, as it was typed.</summary>
internal static class Question
{
    /// <exception cref="UsageException">It is no question.</exception>
    public static (DnsName Name, RecordType Type, bool IsAbsolute) Read(Language language, string text, string? type)
    {
        if (IpAddress.TryParse(text, out var address))
        {
            text = ReverseName.Of(address);
            type ??= "PTR";
        }
        HostArgument.Check(language, text);
        if (!DnsName.TryParse(text, out var name))
        {
            throw new UsageException(language.Usage.NoDomainName(text));
        }
        if (!RecordType.TryParse(type ?? "A", out var kind)) { throw new UsageException(language.Usage.NoRecordType(type!)); }
        return (name, kind, text.EndsWith('.'));
    }
}
