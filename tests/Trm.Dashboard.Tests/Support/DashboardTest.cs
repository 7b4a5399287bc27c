using System.Collections.Concurrent;
using Microsoft.Playwright;
using Trm.Gateway.Dashboard;
using Trm.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Trm.Dashboard.Tests.Support;

/// <summary>
/// Opens the dashboard in Chromium. Whatever a test is about, when it ends no page of it may have thrown, broken the policy or asked
/// another server for anything.
/// </summary>
public abstract class DashboardTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<IBrowserContext> contexts = [];
    private readonly ConcurrentQueue<string> faults = new();

    /// <summary>Opens the page as a fresh visitor, or skips the test with a word.</summary>
    private protected async Task<DashboardPage> OpenAsync(Uri server, BrowserNewContextOptions? visitor = null, string path = "/")
    {
        Assert.SkipWhen(DashboardAssets.Built.All.All(a => !a.Path.StartsWith("assets/", StringComparison.Ordinal)), "the gateway was built without its dashboard (it needs npm)");
        var context = await NewContextAsync(server, visitor);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server, path).ToString());
        return new DashboardPage(page);
    }

    /// <summary>A fresh visitor of a server, whose pages may ask others that are named.</summary>
    private protected async Task<IBrowserContext> NewContextAsync(Uri server, BrowserNewContextOptions? visitor = null, params Uri[] others)
    {
        var context = await chromium.Browser.NewContextAsync(visitor ?? new());
        contexts.Add(context);
        await context.ExposeFunctionAsync("trmViolates", (string directive) => faults.Enqueue($"the policy forbids: {directive}"));
        await context.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => trmViolates(`${e.violatedDirective} ${e.blockedURI}`))");
        context.WebError += (_, error) => faults.Enqueue($"the page threw: {error.Error}");
        context.Request += (_, request) => Check(request.Url, [server, .. others]);
        context.Page += (_, page) => page.WebSocket += (_, socket) => Check(socket.Url, [server, .. others]);
        return context;
    }

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var context in contexts) await context.DisposeAsync();
        Assert.Empty(faults);
    }

    private void Check(string asked, Uri[] allowed)
    {
        var address = new Uri(asked);
        if (address.Scheme is "data" or "blob" || allowed.Any(a => a.Authority == address.Authority)) return;
        faults.Enqueue($"asked another server: {asked}");
    }
}
