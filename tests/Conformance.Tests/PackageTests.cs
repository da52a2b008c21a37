using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests;

/// <summary>The packages as a stranger uses them: restored from a folder into a program that is published ahead of time.</summary>
public partial class PackageTests
{
    private const string Program = """
        using Firstbyte.Dns.Records;
        using Firstbyte.Http;
        using Firstbyte.Simulation.Scheduling;
        using Firstbyte.Sockets.Os;
        using Firstbyte.Urls;

        var url = Url.Parse("HTTP://www.Lab.Glasscom.com:80/dir1/../dir1/file1.html");
        var network = new OsNetwork();
        var kernel = new Kernel(1);
        Console.WriteLine($"{url.Href} {network.Time.GetUtcNow().Year >= 2026} {kernel is not null} {typeof(DnsName).Name} {typeof(HttpRequest).Name}");
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
            <PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization><TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="Firstbyte.Simulation" Version="VERSION" /></ItemGroup>
        </Project>
        """;

    [Fact]
    public async Task Packages_restore_into_an_ahead_of_time_program_without_a_warning()
    {
        if (Environment.GetEnvironmentVariable("CI") is null && Environment.GetEnvironmentVariable("FIRSTBYTE_LONG_TESTS") is null)
        {
            Assert.Skip("packing and publishing take minutes: set FIRSTBYTE_LONG_TESTS=1 to run them here");
        }
        var root = RepositoryRoot.Require();
        using var folder = new TemporaryFolder();
        var packages = Path.Combine(folder.Path, "packages");
        foreach (var project in (string[])["Protocols", "Engine", "Simulation", "Cli"])
        {
            Run(root, "dotnet", "pack", $"src/Firstbyte.{project}", "-c", "Release", "-o", packages, "-p:RunAnalyzers=false", "-v", "q");
        }
        var names = Directory.GetFiles(packages, "*.nupkg").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["Firstbyte.Engine", "Firstbyte.Protocols", "Firstbyte.Simulation", "firstbyte"], names.Select(n => n!.Split(".0.")[0]));
        var version = names[0]!["Firstbyte.Engine.".Length..];

        var program = Directory.CreateDirectory(Path.Combine(folder.Path, "program")).FullName;
        File.WriteAllText(Path.Combine(program, "program.csproj"), Project.Replace("VERSION", version, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(program, "Program.cs"), Program);
        // The program's own cache: a package of the same version from a build before must not be taken for this one.
        var output = Run(program, "dotnet", "publish", "-r", RuntimeInformation.RuntimeIdentifier, "-o", Path.Combine(program, "out"), $"-p:RestoreAdditionalProjectSources={packages}", $"-p:RestorePackagesPath={Path.Combine(folder.Path, "cache")}");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("http://www.lab.glasscom.com/dir1/file1.html True True DnsName HttpRequest\n", Run(program, Path.Combine(program, "out", "program")));

        var tools = Path.Combine(folder.Path, "tools");
        Run(folder.Path, "dotnet", "tool", "install", "firstbyte", "--tool-path", tools, "--add-source", packages, "--version", version);
        Assert.StartsWith("firstbyte ", Run(folder.Path, Path.Combine(tools, "firstbyte"), "--version"));
        await ServesItsPageAsync(folder.Path, Path.Combine(tools, "firstbyte"));
    }

    /// <summary>The page came with the tool: nobody has to say where it is, and it is handed out whole.</summary>
    private static async Task ServesItsPageAsync(string folder, string program)
    {
        var start = new ProcessStartInfo(program, ["--lang", "en", "web", "--lab-page", "--listen", "127.0.0.1:0"]) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            var address = line?.Split(' ').FirstOrDefault(static word => word.StartsWith("http://", StringComparison.Ordinal))?.TrimEnd(';');
            Assert.True(address is not null, line);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var page = await client.GetStringAsync("/", TestContext.Current.CancellationToken);
            Assert.Contains("<title>firstbyte", page, StringComparison.Ordinal);
            var files = ScriptFile().Matches(page).Select(static match => match.Groups["file"].Value).ToArray();
            Assert.NotEmpty(files);
            foreach (var file in files.Append("page.css")) { Assert.True((await client.GetAsync(file, TestContext.Current.CancellationToken)).IsSuccessStatusCode, file); }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [GeneratedRegex("<script src=\"(?<file>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScriptFile();

    private static string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        // A test host's own settings must not reach the build that it starts.
        foreach (var name in (string[])["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath"]) { start.Environment.Remove(name); }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) { Assert.Fail($"{program} {string.Join(' ', arguments)}: exit {process.ExitCode}\n{output}\n{errors.Result}"); }
        return output;
    }
}
