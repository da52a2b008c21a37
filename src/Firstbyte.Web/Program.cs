using Firstbyte.Web.Components;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
#pragma warning disable RS0030 // The one clock that is not a world's: how long the tab has been busy.
builder.Services.AddSingleton(TimeProvider.System);
#pragma warning restore RS0030
builder.RootComponents.Add<App>("#app");
await builder.Build().RunAsync();
