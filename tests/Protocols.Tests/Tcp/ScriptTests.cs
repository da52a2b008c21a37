using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

public class ScriptTests
{
    private static readonly Dictionary<string, TcpScript> s_scripts =
        TcpScript.ReadAll(Path.Combine(AppContext.BaseDirectory, "Tcp", "Scripts")).ToDictionary(script => $"{script.File}: {script.Title}", StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. s_scripts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_holds_in_virtual_time(string name)
    {
        using var driver = new VirtualTimeDriver();
        new ScriptRunner(s_scripts[name], driver).Run();
    }
}
