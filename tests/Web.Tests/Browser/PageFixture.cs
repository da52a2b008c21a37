using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>A Chromium and the published page; tests that need them are skipped, visibly, where one is missing.</summary>
/// <remarks>The files are handed to the browser as a static host would hand them out; every other request of the page is a failure.</remarks>
public sealed class PageFixture : IAsyncLifetime
{
    /// <summary>Debian's browser.</summary>
    public const string Chromium = "/usr/bin/chromium";

    /// <summary>Where the page stands.</summary>
    public const string Address = "http://page.test/";

    private IPlaywright? _playwright;

    /// <summary>The browser.</summary>
    public IBrowser? Browser { get; private set; }

    /// <summary>The published page: where the variable says, or where <c>.ci/run</c> puts it.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("FIRSTBYTE_PAGE") ?? Path.Combine(RepositoryRoot.Require(), "artifacts", "ci", "page", "wwwroot");

    /// <summary>Where pictures go.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Require(), "artifacts", "page")).FullName;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium) || !File.Exists(Path.Combine(Folder, "index.html"))) { return; }
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    /// <summary>A page at its beginning, its errors and its requests watched; from a server that runs, or handed out from the folder by the browser's own wire.</summary>
    public async Task<OpenPage> OpenAsync(
        string fragment = "", int width = 1440, int height = 1000, bool dark = false, string? server = null, string? opening = null)
    {
        Require();
        var context = await Browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = "en-GB",
            AcceptDownloads = true,
        });
        var page = await context.NewPageAsync();
        var open = new OpenPage(context, page, server);
        await open.BeginAsync(fragment, opening);
        return open;
    }

    /// <summary>Skips the test where there is no browser, or no page.</summary>
    public void Require()
    {
        if (!File.Exists(Chromium)) { Assert.Skip($"{Chromium} is missing (Debian's package chromium)"); }
        if (Browser is null) { Assert.Skip($"{Folder} has no page: dotnet publish src/Firstbyte.Web -c Release -o artifacts/ci/page"); }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) { await Browser.DisposeAsync(); }
        _playwright?.Dispose();
    }
}

/// <summary>A page in the browser.</summary>
public sealed class OpenPage(IBrowserContext context, IPage page, string? server = null) : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    /// <summary>The page.</summary>
    public IPage Page { get; } = page;

    /// <summary>The position in the run.</summary>
    public ILocator Position => Page.Locator("output.position");

    private readonly List<string> _forgiven = [];
    private IDisposable? _owned;

    /// <summary>The address of the page without anything behind it.</summary>
    public string Home => server ?? PageFixture.Address;

    /// <summary>Something that ends with the page.</summary>
    public void Owns(IDisposable owned) => _owned = owned;

    /// <summary>A complaint of the browser that the test wants.</summary>
    public void Forgive(string text) => _forgiven.Add(text);

    internal async Task BeginAsync(string fragment, string? opening)
    {
        Page.Console += (_, message) => { if (message.Type == "error") { _faults.Add(message.Text); } };
        Page.PageError += (_, error) => _faults.Add(error);
        if (server is not null)
        {
            Page.Request += (_, request) =>
            {
                if (request.Url.StartsWith(server, StringComparison.Ordinal) || new Uri(request.Url).Scheme is "data" or "blob") { return; }
                _faults.Add($"asked for {request.Url}");
            };
            await ReadyAsync(opening ?? server + fragment);
            return;
        }
        await Page.RouteAsync("**/*", async route =>
        {
            var url = new Uri(route.Request.Url);
            if (route.Request.Url.StartsWith(PageFixture.Address, StringComparison.Ordinal))
            {
                var path = Path.Combine(PageFixture.Folder, url.AbsolutePath is "/" ? "index.html" : url.AbsolutePath[1..]);
                if (File.Exists(path))
                {
                    await route.FulfillAsync(new RouteFulfillOptions { Path = path, ContentType = TypeOf(path) });
                    return;
                }
            }
            if (url.Scheme is "data" or "blob")
            {
                await route.ContinueAsync();
                return;
            }
            _faults.Add($"asked for {route.Request.Url}");
            await route.AbortAsync();
        });
        await ReadyAsync(PageFixture.Address + fragment);
    }

    /// <summary>Goes to an address of the page and waits until it can be used.</summary>
    public async Task ReadyAsync(string address)
    {
        await Page.GotoAsync(address);
        await Page.Locator("html[data-ready=yes]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 60_000 });
    }

    /// <summary>Waits until every panel shows the event that is looked at.</summary>
    public Task SettleAsync() =>
        Page.Locator("html[data-settled=yes]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 30_000 });

    /// <summary>Enters a URL and waits for the journey's end.</summary>
    public async Task FetchAsync(string url, int limit = 30_000)
    {
        var box = Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true });
        await box.FillAsync(url);
        await box.PressAsync("Enter");
        await RestAsync(limit);
    }

    /// <summary>Waits until nothing runs.</summary>
    public async Task RestAsync(int limit = 30_000)
    {
        await Page.Locator("output.position[data-running=yes]").WaitForAsync(new LocatorWaitForOptions { Timeout = 1_000, State = WaitForSelectorState.Attached }).ContinueWith(static _ => { }, TaskScheduler.Default);
        await Page.Locator("output.position[data-running=no]:not([data-count='0'])").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = limit });
    }

    /// <summary>The region of that name.</summary>
    public ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>The button of that name.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Keeps a picture, to be looked at.</summary>
    public Task PictureAsync(string name, bool whole = true) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(PageFixture.Pictures, name + ".png"),
        FullPage = whole,
        Style = ".grid .panel { content-visibility: visible !important }",
    });

    /// <summary>Closes the page; what it did wrong on the way fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        _owned?.Dispose();
        Assert.Equal([], _faults.Where(fault => !_forgiven.Exists(text => fault.Contains(text, StringComparison.Ordinal))));
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript",
        ".css" => "text/css",
        ".wasm" => "application/wasm",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };
}
