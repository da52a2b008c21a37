using System.Xml.Linq;
using Mono.Cecil;

namespace Firstbyte.Tests.Architecture;

/// <summary>What an assembly may stand on.</summary>
/// <param name="Assemblies">Those of the product, by their last word.</param>
/// <param name="Packages">Those from outside the base library: names, or beginnings of names that end with a dot.</param>
internal sealed record Promise(string[] Assemblies, string[] Packages)
{
    private static readonly string s_baseLibrary = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>One for each assembly of <c>src</c>: the table of docs/architecture.md.</summary>
    public static IReadOnlyDictionary<string, Promise> All { get; } = new Dictionary<string, Promise>(StringComparer.Ordinal)
    {
        ["Protocols"] = new([], []),
        ["Engine"] = new(["Protocols"], ["BouncyCastle.Cryptography", "MimeKit", "ZstdSharp", "ZstdSharp.Port"]),
        ["Simulation"] = new(["Protocols", "Engine"], ["BouncyCastle.Cryptography"]),
        ["Telling"] = new(["Protocols", "Engine", "Simulation"], []),
        ["Extensions"] = new(["Protocols", "Engine"], ["Microsoft.Extensions.DependencyInjection.", "Microsoft.Extensions.Http.", "Microsoft.Extensions.Options."]),
        ["Testing"] = new(["Protocols", "Engine", "Simulation", "Extensions"], []),
        ["Cli"] = new(["Protocols", "Engine", "Simulation", "Telling"], ["System.CommandLine"]),
        ["Web"] = new(["Protocols", "Engine", "Simulation", "Telling"], ["Microsoft.AspNetCore.Components.", "Microsoft.JSInterop.", "Microsoft.Extensions.DependencyInjection."]),
        ["Host"] = new(["Protocols", "Engine", "Simulation", "Telling", "Extensions"], ["Microsoft.AspNetCore.", "Microsoft.Extensions.", "OpenTelemetry.", "StackExchange.Redis"]),
    };

    /// <summary>What a compiled assembly refers to and has not promised to stand on.</summary>
    public static IEnumerable<string> Broken(ModuleDefinition module) =>
        Broken(LastWord(module.Assembly.Name.Name), module.AssemblyReferences.Select(static reference => reference.Name));

    /// <summary>What a project asks for and has not promised to stand on: also what it does not use yet, which the compiler leaves out.</summary>
    public static IEnumerable<string> Broken(string project, XDocument file) =>
        Broken(LastWord(project), file.Descendants().Where(static element => element.Name.LocalName is "ProjectReference" or "PackageReference" or "FrameworkReference"
                && (string?)element.Attribute("PrivateAssets") != "all")
            .Select(static element => (string)element.Attribute("Include")!)
            .Select(static name => name.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(name) : name));

    private static IEnumerable<string> Broken(string from, IEnumerable<string> references)
    {
        var promise = All[from];
        return references.Where(name => !promise.Allows(name)).Select(name => $"{from} -> {name}");
    }

    private bool Allows(string name)
    {
        if (name is "firstbyte" or "firstbyte-host" || name.StartsWith("Firstbyte.", StringComparison.Ordinal)) { return Assemblies.Contains(LastWord(name)); }
        // With a dot behind, a beginning that ends with one also stands for the name itself.
        return File.Exists(Path.Combine(s_baseLibrary, name + ".dll")) || Array.Exists(Packages, allowed => allowed.EndsWith('.') ? (name + ".").StartsWith(allowed, StringComparison.Ordinal) : name == allowed);
    }

    private static string LastWord(string assembly) => assembly switch
    {
        "firstbyte" => "Cli",
        "firstbyte-host" => "Host",
        _ => assembly["Firstbyte.".Length..],
    };
}
