using System.Diagnostics;
using Firstbyte.Extensions;
using Microsoft.Extensions.DependencyInjection;

// The same program over .NET's own handler, over its handler with our connections, and over Firstbyte:
//   dotnet run --project samples/Firstbyte.Samples.HttpClient -- sockets http://127.0.0.1:8080/
//   dotnet run --project samples/Firstbyte.Samples.HttpClient -- connect http://127.0.0.1:8080/
//   dotnet run --project samples/Firstbyte.Samples.HttpClient -- firstbyte http://127.0.0.1:8080/
// and with names looked up from the root down, by one resolver of the program's own:
//   dotnet run --project samples/Firstbyte.Samples.HttpClient -- resolver http://127.0.0.1:8080/
// Each URL is asked for in turn.
if (args is not [("sockets" or "connect" or "firstbyte" or "resolver") and var kind, _, ..]) { return 2; }
var timeout = TimeSpan.FromSeconds(3);
var services = new ServiceCollection();
var page = services.AddHttpClient("page");
if (kind == "sockets") { page.UseSocketsHttpHandler((handler, _) => handler.ConnectTimeout = timeout); }
else if (kind == "connect")
{
    page.UseSocketsHttpHandler((handler, _) => (handler.ConnectTimeout, handler.ConnectCallback) = (timeout, new FirstbyteConnect().ConnectAsync));
}
else
{
    if (kind == "resolver") { services.AddFirstbyteResolver(); }
    page.UseFirstbyte();
}

await using var provider = services.BuildServiceProvider();
using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("page");
var exitCode = 0;
foreach (var url in args[1..])
{
    var watch = Stopwatch.StartNew();
    try
    {
        using var response = await client.GetAsync(new Uri(url));
        Console.WriteLine($"{(int)response.StatusCode} after {watch.ElapsedMilliseconds} ms");
        exitCode = 0;
    }
    catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
    {
        Console.WriteLine($"{e.GetType().Name} after {watch.ElapsedMilliseconds} ms");
        exitCode = 1;
    }
}
return exitCode;
