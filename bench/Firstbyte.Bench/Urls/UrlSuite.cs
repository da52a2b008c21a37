using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Firstbyte.Cli.Commands;

namespace Firstbyte.Bench.Urls;

/// <summary>URL parsing beside System.Uri, and Node's URL for orientation where node is installed.</summary>
internal static class UrlSuite
{
    /// <summary><c>url [FILE…]</c>: the four generated lists, and any file with one URL a line.</summary>
    public static int Run(string[] args)
    {
        Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeCompiled ? "just in time, warmed up" : "ahead of time")}; {(ThreadClock.IsCpuTime ? "CPU time of the thread" : "elapsed time")}, median of interleaved passes");
        Console.WriteLine("| list | URLs | mean bytes | contestant | ns/URL | B/URL | of System.Uri | accepted |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var file in args) { Print(Path.GetFileName(file), File.ReadAllLines(file), file); }
        foreach (var (name, make) in UrlLists.All) { Print(name, make(), null); }
        return 0;
    }

    /// <summary><c>url-lists FOLDER</c>: writes the generated lists as files.</summary>
    public static int WriteLists(string[] args)
    {
        if (args.Length != 1) { Console.Error.WriteLine("usage: url-lists FOLDER"); return 2; }
        Directory.CreateDirectory(args[0]);
        foreach (var (name, make) in UrlLists.All) { File.WriteAllLines(Path.Combine(args[0], $"urls-{name}.txt"), make()); }
        return 0;
    }

    private static void Print(string list, string[] urls, string? file)
    {
        urls = [.. urls.Where(url => url.Length > 0)];
        var bytes = urls.Sum(url => (double)System.Text.Encoding.UTF8.GetByteCount(url)) / urls.Length;
        var rows = UrlBenchmark.Run(urls).ToList();
        var unit = rows[0].NanosecondsPerUrl;
        if (Node(urls, file) is { } node) { rows.Add(node); }
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {list} | {urls.Length} | {bytes:F0} | {row.Name} | {row.NanosecondsPerUrl:F1} | {(row.BytesPerUrl < 0 ? "" : row.BytesPerUrl.ToString("F0", CultureInfo.InvariantCulture))} | {row.NanosecondsPerUrl / unit:F3} | {row.Accepted} |"));
        }
    }

    private static UrlBenchmarkRow? Node(string[] urls, string? file)
    {
        var list = file ?? Path.GetTempFileName();
        try
        {
            if (file is null) { File.WriteAllLines(list, urls); }
            using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", NodeLoop, list]) { RedirectStandardOutput = true, UseShellExecute = false });
            var text = node!.StandardOutput.ReadToEnd();
            node.WaitForExit();
            if (node.ExitCode != 0) { return null; }
            var fields = text.Split(' ');
            return new UrlBenchmarkRow("Node, new URL().href", double.Parse(fields[0], CultureInfo.InvariantCulture), -1, int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // node is not installed: it stands in the table for orientation only.
            return null;
        }
        finally
        {
            if (file is null) { File.Delete(list); }
        }
    }

    private const string NodeLoop = """
        import { readFileSync } from 'fs';
        const urls = readFileSync(process.argv[1], 'utf8').split('\n').filter(line => line);
        let accepted = 0, sink = 0;
        const pass = () => { accepted = 0; for (const url of urls) { try { sink += new URL(url).href.length; accepted++; } catch { } } };
        for (let i = 0; i < 5; i++) { pass(); }
        const times = [];
        for (let i = 0; i < 15; i++) {
            const start = process.cpuUsage();
            pass();
            const used = process.cpuUsage(start);
            times.push((used.user + used.system) * 1e3 / urls.length);
        }
        times.sort((a, b) => a - b);
        console.log(times[7], accepted);
        """;
}
