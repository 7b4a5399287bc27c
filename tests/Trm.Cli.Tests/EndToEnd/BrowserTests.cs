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
        var chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "no Chromium on this machine");
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
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
}
