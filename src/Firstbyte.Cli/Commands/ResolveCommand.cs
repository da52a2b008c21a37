using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte resolve NAME [TYPE]</c>: the name step alone, for any type of record.</summary>
internal static class ResolveCommand
{
    public static Command Create(CommandIo io)
    {
        var name = new Argument<string>("name") { Description = io.Language.Help.ResolveName };
        var type = new Argument<string?>("type") { Description = io.Language.Help.ResolveType, Arity = ArgumentArity.ZeroOrOne };
        var place = new PlaceOptions(io.Language);
        var command = new Command("resolve", io.Language.Help.Resolve) { name, type };
        place.AddTo(command);
        command.SetAction(parsed =>
        {
            var (question, kind, isAbsolute) = Question.Read(io.Language, parsed.GetValue(name)!, parsed.GetValue(type));
            return Run(io, place.Read(parsed), question, kind, isAbsolute);
        });
        return command;
    }

    private static int Run(CommandIo io, PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute)
    {
        var outlet = new Outlet(io, settings);
        if (outlet.Story is { } story) { story.HidesServers = settings.Lab is not null; }
        using var place = Place.Open(settings, io, outlet.Sink);
        var options = new ResolutionOptions { Fresh = settings.NoCache, IsAbsolute = isAbsolute, Time = settings.MaximumTime };
        try { return place.Run("firstbyte", (host, stop) => NetworkPrograms.ResolveAsync(host, name, type, options, Show, stop)); }
        finally { outlet.End(); }

        void Show(ResolutionOutcome outcome)
        {
            if (outlet.Page is not { } page) { return; }
            outlet.Story!.Flush();
            OutcomeStory.Tell(page, io.Language, outcome);
        }
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
        // A URL could be one label of a name, and is not meant as one.
        if (text.Contains("://", StringComparison.Ordinal) || !DnsName.TryParse(text, out var name))
        {
            throw new UsageException(language.Usage.NoDomainName(text));
        }
        if (!RecordType.TryParse(type ?? "A", out var kind)) { throw new UsageException(language.Usage.NoRecordType(type!)); }
        return (name, kind, text.EndsWith('.'));
    }
}
