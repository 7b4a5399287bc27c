using Microsoft.Playwright;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.EndToEnd;

/// <summary>A real Chromium, as an existing dashboard runs in.</summary>
public sealed class BrowserTests : IDisposable
{
    private const string Snippet = """
        () => {
          const ws = new WebSocket(`ws://${location.host}/ws/my_client_id`);
          ws.onmessage = e => { const m = JSON.parse(e.data); if (m.type === 'trm_prediction') console.log(m.data.strategy_name, m.data.confidence, m.data.probabilities); };
        }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_original_snippet_unchanged_prints_a_prediction_and_the_status_page_shows_it()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        var page = await browser.NewPageAsync();
        var failures = new List<string>();
        page.PageError += (_, error) => failures.Add(error);
        page.RequestFailed += (_, request) => failures.Add(request.Url);

        await page.GotoAsync(address.ToString());
        var said = await page.RunAndWaitForConsoleMessageAsync(() => page.EvaluateAsync(Snippet));

        Assert.Matches(@"^[a-z_]+ 0\.\d+", said.Text);
        await Assertions.Expect(page.GetByText("SIMULATED", new() { Exact = false }).First).ToBeVisibleAsync();
        Assert.Empty(failures);
    }

    [Fact]
    public async Task The_status_page_asks_for_a_key_and_shows_predictions_with_it()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "desk"])).Output.Trim();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        var page = await browser.NewPageAsync();

        await page.GotoAsync(address.ToString());
        await page.GetByPlaceholder("trm_…").FillAsync($"{key}x");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByText("a key is needed")).ToBeVisibleAsync();
        await page.GetByPlaceholder("trm_…").FillAsync(key);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByText("SIMULATED", new() { Exact = false }).First).ToBeVisibleAsync();

        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["keys", "revoke", key.Split('_')[1]])).Code);
        await Assertions.Expect(page.GetByText("a key is needed")).ToBeVisibleAsync();
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "no Chromium on this machine");
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }
}
