using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Simulation.Scheduling;

/// <summary>One seed in two processes of their own: the same trace, and not one work item of the thread pool.</summary>
public class TwoProcessesTests
{
    private const string Variable = "FIRSTBYTE_TESTS_PRINT_TRACE";

    [Fact]
    public void Two_processes_with_one_seed_have_one_trace_over_DNS_TLS_and_HTTP_on_a_bad_network()
    {
        var first = RunChild("1");
        Assert.Matches("^[0-9a-f]{16} [0-9]+ [0-9]+\n$", first);
        Assert.Equal(first, RunChild("1"));
        Assert.NotEqual(first, RunChild("2"));
    }

    [Fact]
    public void In_a_process_of_its_own_work_of_the_thread_pool_is_caught() => Assert.Equal("caught: The thread pool finished\n", RunChild("leak"));

    private static string RunChild(string argument)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Started as "dotnet Tests.dll", the process is the host and needs to be told which program.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") { start.ArgumentList.Add(typeof(TwoProcessesTests).Assembly.Location); }
        start.Environment[Variable] = argument;
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output.ReplaceLineEndings("\n");
    }

    /// <summary>The child: this same program, which prints the trace before any test framework has started.</summary>
    [ModuleInitializer]
#pragma warning disable CA2255 // A test program is an application.
    internal static void PrintTraceWhenAsked()
#pragma warning restore CA2255
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case null: return;
            case "leak": Console.WriteLine(Leak()); break;
            case var seed: Console.WriteLine(Visit(ulong.Parse(seed))); break;
        }
        Environment.Exit(0);
    }

    private static string Visit(ulong seed)
    {
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, seed);
        world.Kernel.OwnsProcess = true;
        var wire = world.Internet.FindWire("www-glasscom")!;
        var bad = new WireSettings(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(3), 100_000) { DuplicateMillionths = 100_000, ReorderMillionths = 100_000, ReorderDelay = TimeSpan.FromMilliseconds(9) };
        foreach (var fault in (NetworkFault[])[new ImpairmentFault(wire, bad), new SkewFault(world.Client, TimeSpan.FromSeconds(-3), 777), new LossFault(null, world.Client, 50_000)]) { world.Internet.Faults.Add(fault); }
        world.Run("visit", async () =>
        {
            var answer = (ResolvedAnswer)await StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse("www.lab.glasscom.com"), RecordType.A);
            using var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(answer.Addresses[0], 443));
            var session = (TlsSession)await new BouncyCastleTlsProvider(world.Client).AuthenticateAsClientAsync(new SocketByteStream(socket), new TlsClientOptions("www.lab.glasscom.com"), default);
            await session.Stream.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: www.lab.glasscom.com\r\nConnection: close\r\n\r\n"));
            var buffer = new byte[4096];
            var sum = 0;
            for (int count; (count = await session.Stream.ReceiveAsync(buffer)) > 0;) { sum += count; }
            return sum;
        });
        return $"{world.Kernel.Trace.Value:x16} {world.Kernel.EventsFired} {world.Kernel.Now.Nanoseconds}";
    }

    private static string Leak()
    {
        var kernel = new Kernel(1) { OwnsProcess = true };
        try
        {
            kernel.Run("here", "leak", async () =>
            {
                // It touches nothing of the kernel: only the pool's own count can tell.
                using var done = new ManualResetEventSlim();
                ThreadPool.QueueUserWorkItem(_ => done.Set());
                done.Wait();
                SpinWait.SpinUntil(static () => ThreadPool.CompletedWorkItemCount > 0, TimeSpan.FromSeconds(20));
                await kernel.Delay(1);
            });
            return "not caught";
        }
        catch (SimulationException caught) { return "caught: " + caught.Message[..24]; }
    }
}
