using System.Reflection;
using Firstbyte.Exports;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;
using PublicApiGenerator;

namespace Firstbyte.Tests;

public class PublicApiTests
{
    public static TheoryData<string> Libraries => ["Firstbyte.Protocols", "Firstbyte.Engine", "Firstbyte.Simulation", "Firstbyte.Extensions", "Firstbyte.Testing"];

    /// <summary>The public API is what the checked-in snapshot says (docs/decisions/0002). To accept a change, move the .received file over the .approved one.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_api_is_the_approved_one(string library)
    {
        var folder = Path.Combine(RepositoryRoot.Require(), "tests", "Conformance.Tests", "PublicApi");
        var approved = Path.Combine(folder, library + ".approved.txt");
        var received = Path.Combine(folder, library + ".received.txt");
        var api = LibraryAssembly(library).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = ["System.Runtime.CompilerServices.IsReadOnlyAttribute", "System.Runtime.CompilerServices.NullableContextAttribute"] }).ReplaceLineEndings("\n") + "\n";
        if (File.Exists(approved) && File.ReadAllText(approved) == api)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, api);
        Assert.Fail($"the public API of {library} has changed: compare {received} with {approved}, and move it over when the change is meant");
    }

    private static Assembly LibraryAssembly(string library) => library switch
    {
        "Firstbyte.Protocols" => typeof(TraceEvent).Assembly,
        "Firstbyte.Engine" => typeof(EventRegistry).Assembly,
        "Firstbyte.Extensions" => typeof(Extensions.FirstbyteHandler).Assembly,
        "Firstbyte.Testing" => typeof(Testing.TestLab).Assembly,
        _ => typeof(Kernel).Assembly,
    };
}
