using System.CommandLine;

namespace Firstbyte.Cli.Commands;

/// <summary>What a command asks of the place where it runs.</summary>
internal enum PlaceUse
{
    /// <summary>A host with a resolver; all that happens is told, and the calls of its programs where somebody looks at them.</summary>
    Host,

    /// <summary>Any machine, a router too; of what happens only the probes are told, whose limits of time are the command's own.</summary>
    Probes,
}

/// <summary>
/// A command that runs at a place, whichever that is: this machine, a host of a lab, one over a TUN device. It says its arguments and what it does; where it
/// can be given (<c>firstbyte NAME</c>, <c>firstbyte lab NAME LAB</c>, the prompt of a lab) is the same for all, and written in <see cref="CommandPlaces"/>.
/// </summary>
/// <remarks>
/// Theory of operation. A command reads its command line into a program, opens a <see cref="Station"/> at the site where it was given, and runs the program
/// there. In a lab that is recorded a program is run again on every way back: so all that it uses up (the bytes of an upload, a jar of cookies) is made
/// inside of it, and what it leaves outside (a file, a line of progress) is left only where <see cref="CommandSite.IsRecorded"/> says no.
/// </remarks>
internal abstract class PlaceCommand(string name, string description)
{
    /// <summary>The word that calls it.</summary>
    public string Name => name;

    /// <summary>What it is for.</summary>
    public string Description => description;

    /// <summary>What it needs.</summary>
    public virtual PlaceUse Use => PlaceUse.Host;

    /// <summary>Whether the shell calls it by no word at all: what stands behind <c>firstbyte</c> is its command line.</summary>
    public virtual bool IsUnnamed => false;

    /// <summary>
    /// Whether its words are read by itself and not by our parser, because another program has laid them down. Only what names the place is ours then:
    /// <see cref="OwnGrammar"/>.
    /// </summary>
    public virtual bool HasOwnGrammar => false;

    /// <summary>Whether <c>--json</c> is ours: among words of another program only where that has none.</summary>
    public virtual bool HasJson => !HasOwnGrammar;

    /// <summary>What it is about: in a lab completed with <see cref="Suggest"/>.</summary>
    public abstract Argument Target { get; }

    /// <summary>Examples below its help, each of which works as it stands, with what they show.</summary>
    public virtual IReadOnlyList<(string Line, string Text)> Examples => [];

    /// <summary>Adds its arguments and options.</summary>
    /// <param name="command">To what they are added.</param>
    /// <param name="isRecorded">Whether nothing may be left outside: then those that would have no place.</param>
    public abstract void AddTo(Command command, bool isRecorded);

    /// <summary>What may be meant in a lab that has machines and pages of these names.</summary>
    public virtual IEnumerable<string> Suggest(IEnumerable<string> names) => names;

    /// <summary>Does what the command line says.</summary>
    /// <exception cref="Io.UsageException">It says nothing that can be done.</exception>
    public abstract int Run(ParseResult parsed, CommandSite site);
}
