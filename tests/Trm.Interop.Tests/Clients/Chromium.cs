using Microsoft.Playwright;

namespace Trm.Interop.Tests.Clients;

/// <summary>One Chromium for the tests of a class; each client is a page of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Program is null) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Opens a page of the server, or skips the test with a word.</summary>
    internal async Task<InteropClient> OpenAsync(Uri server, string script)
    {
        Assert.SkipWhen(browser is null, "no Chromium on this machine");
        var page = await browser.NewPageAsync();
        return await BrowserClient.OpenAsync(page, new Uri(server, "health/live"), await File.ReadAllTextAsync(Path.Combine(Tool.Folder("browser"), script)));
    }
}
