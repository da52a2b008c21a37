using System.Xml.Linq;
using Mono.Cecil;

namespace Firstbyte.Tests.Architecture;

/// <summary>Every assembly stands on what it has promised to stand on, and on nothing else.</summary>
public sealed class PromiseTests
{
    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Require(), "src")).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_assembly_has_a_promise() =>
        Assert.Equal(Promise.All.Keys.Select(static name => "Firstbyte." + name).Order(StringComparer.Ordinal), Projects.Select(static row => row.Data));

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_keeps_its_promise(string project)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, project switch { "Firstbyte.Cli" => "firstbyte.dll", "Firstbyte.Host" => "firstbyte-host.dll", _ => project + ".dll" }));
        var file = XDocument.Load(Path.Combine(RepositoryRoot.Require(), "src", project, project + ".csproj"));
        Assert.Equal([], Promise.Broken(module).Concat(Promise.Broken(project, file)));
    }

    [Theory]
    // Nothing but the host knows what a server is built of, and nothing uses the host.
    [InlineData("firstbyte", "Firstbyte.Host", "Cli -> Firstbyte.Host")]
    [InlineData("firstbyte", "Microsoft.AspNetCore.Http", "Cli -> Microsoft.AspNetCore.Http")]
    [InlineData("firstbyte", "Microsoft.Extensions.DependencyInjection", "Cli -> Microsoft.Extensions.DependencyInjection")]
    [InlineData("Firstbyte.Extensions", "Microsoft.AspNetCore.Http", "Extensions -> Microsoft.AspNetCore.Http")]
    [InlineData("Firstbyte.Extensions", "Microsoft.Extensions.Hosting", "Extensions -> Microsoft.Extensions.Hosting")]
    [InlineData("Firstbyte.Extensions", "Microsoft.Extensions.HttpSomething", "Extensions -> Microsoft.Extensions.HttpSomething")]
    [InlineData("Firstbyte.Extensions", "Firstbyte.Simulation", "Extensions -> Firstbyte.Simulation")]
    [InlineData("Firstbyte.Telling", "Firstbyte.Extensions", "Telling -> Firstbyte.Extensions")]
    [InlineData("firstbyte", "firstbyte-host", "Cli -> firstbyte-host")]
    [InlineData("Firstbyte.Host", "firstbyte", "Host -> firstbyte")]
    [InlineData("Firstbyte.Web", "firstbyte", "Web -> firstbyte")]
    [InlineData("Firstbyte.Web", "Microsoft.AspNetCore.Http", "Web -> Microsoft.AspNetCore.Http")]
    [InlineData("Firstbyte.Protocols", "BouncyCastle.Cryptography", "Protocols -> BouncyCastle.Cryptography")]
    public void A_planted_foreign_reference_is_found(string from, string to, string broken)
    {
        using var assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(from, new Version(0, 1)), from, ModuleKind.Dll);
        assembly.MainModule.AssemblyReferences.Add(new AssemblyNameReference(to, new Version(0, 1)));
        Assert.Equal([broken], Promise.Broken(assembly.MainModule));
        var project = from == "firstbyte" ? "Firstbyte.Cli" : from;
        var reference = to.StartsWith("Firstbyte.", StringComparison.Ordinal) ? new XElement("ProjectReference", new XAttribute("Include", $"../{to}/{to}.csproj")) : new XElement("PackageReference", new XAttribute("Include", to));
        Assert.Equal([broken], Promise.Broken(project, new XDocument(new XElement("Project", new XElement("ItemGroup", reference)))));
    }

    [Theory]
    [InlineData("Firstbyte.Extensions", "Microsoft.Extensions.Options")]
    [InlineData("Firstbyte.Extensions", "Microsoft.Extensions.DependencyInjection.Abstractions")]
    [InlineData("Firstbyte.Host", "Microsoft.AspNetCore.Server.Kestrel")]
    [InlineData("Firstbyte.Host", "Firstbyte.Extensions")]
    [InlineData("firstbyte", "System.Net.Sockets")]
    public void What_is_promised_is_allowed(string from, string to)
    {
        using var assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(from, new Version(0, 1)), from, ModuleKind.Dll);
        assembly.MainModule.AssemblyReferences.Add(new AssemblyNameReference(to, new Version(0, 1)));
        Assert.Equal([], Promise.Broken(assembly.MainModule));
    }
}
