using Firstbyte.Samples.Web;
using Firstbyte.Urls;
using Microsoft.Extensions.Options;

// A URL as a parameter of a minimal API, as a JSON value, and as a bound setting:
//   dotnet run --project samples/Firstbyte.Samples.Web -- --urls http://127.0.0.1:5080
//   curl 'http://127.0.0.1:5080/parts?url=https://b%C3%BCcher.example/a/../b'
//   curl http://127.0.0.1:5080/upstream
//   curl -H 'Content-Type: application/json' -d '{"address":"https://example.com/a b"}' http://127.0.0.1:5080/upstream
var builder = WebApplication.CreateBuilder(args);
builder.Services.Configure<Upstream>(builder.Configuration.GetSection("Upstream"));
var app = builder.Build();

// Bound by Url.TryParse; what is no URL is answered with 400 before the handler runs.
app.MapGet("/parts", (Url url) => new UrlParts(url.Href, url.Origin, url.UnicodeHostname, url.Pathname));

// Bound by the type converter.
app.MapGet("/upstream", (IOptions<Upstream> upstream) => upstream.Value);

// Bound by the JSON converter.
app.MapPost("/upstream", (Upstream upstream) => upstream);

app.Run();
