using Microsoft.Playwright;
using Trm.Tests.Browser;

namespace Trm.Interop.Tests.Clients;

/// <summary>A client that is a script in a page of a real browser.</summary>
internal sealed class BrowserClient : InteropClient
{
    private readonly IPage page;
    private readonly string script;

    private BrowserClient(IPage page, string script)
    {
        this.page = page;
        this.script = script;
    }

    /// <summary>Opens a page of the server, for a script beside the tests.</summary>
    public static async Task<InteropClient> OpenAsync(Chromium chromium, Uri server, string script)
    {
        var page = await chromium.Browser.NewPageAsync();
        var client = new BrowserClient(page, await File.ReadAllTextAsync(Path.Combine(Scripts.Folder("browser"), script)));
        await page.ExposeFunctionAsync("trmTell", (string json) => client.Saw(ClientEvent.Parse(json)));
        await page.GotoAsync(new Uri(server, "health/live").ToString());
        return client;
    }

    public override Task DoAsync(Instruction command) => page.EvaluateAsync($"({script})({command.ToJson()})");

    public override async ValueTask DisposeAsync() => await page.CloseAsync();
}
