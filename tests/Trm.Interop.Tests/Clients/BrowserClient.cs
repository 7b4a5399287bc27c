using Microsoft.Playwright;

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

    public static async Task<InteropClient> OpenAsync(IPage page, Uri address, string script)
    {
        var client = new BrowserClient(page, script);
        await page.ExposeFunctionAsync("trmTell", (string json) => client.Saw(ClientEvent.Parse(json)));
        await page.GotoAsync(address.ToString());
        return client;
    }

    public override Task DoAsync(Instruction command) => page.EvaluateAsync($"({script})({command.ToJson()})");

    public override async ValueTask DisposeAsync() => await page.CloseAsync();
}
