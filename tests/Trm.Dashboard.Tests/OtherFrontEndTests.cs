using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Front ends that are not ours: what the original guide told people to paste works unchanged, and the sample of how to do it now.</summary>
public sealed partial class OtherFrontEndTests(Chromium chromium) : DashboardTest(chromium)
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_snippet_of_the_guide_prints_a_prediction()
    {
        var (server, address) = await ServeAsync();
        await using var _ = server;
        var readme = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "README.md"));
        var snippet = Snippet().Match(readme).Groups[1].Value;
        Assert.Contains("new WebSocket('ws://localhost:8000/ws/my_client_id')", snippet, StringComparison.Ordinal);

        var page = await (await NewContextAsync(address)).NewPageAsync();
        await page.GotoAsync(address.ToString());
        var said = await page.RunAndWaitForConsoleMessageAsync(() => page.EvaluateAsync($"() => {{ {At(address, snippet)} }}"));
        Assert.Matches(@"^[a-z_]+ 0\.\d+ ", said.Text);
    }

    [Fact]
    public async Task The_React_card_of_the_guide_shows_strategy_confidence_and_time()
    {
        var (server, address) = await ServeAsync();
        await using var _ = server;
        await ReactSample.BuildAsync(address, folder["built"]);
        // The guide's address is in the script that was built; nothing else of it is touched.
        foreach (var script in Directory.GetFiles(Path.Combine(folder["built"], "assets"), "*.js"))
            await File.WriteAllTextAsync(script, At(address, await File.ReadAllTextAsync(script)));
        await using var site = await StaticSite.StartAsync(folder["built"]);

        var page = await (await NewContextAsync(site.Address, null, address)).NewPageAsync();
        await page.GotoAsync(new Uri(site.Address, "guide.html").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(new Regex("^Strategy: [a-z_]+$"), new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("Confidence:")).ToHaveTextAsync(new Regex(@"^Confidence: \d+\.\d%$"));
        await Assertions.Expect(page.GetByText("Time:")).Not.ToContainTextAsync("Invalid");
    }

    [Fact]
    public async Task The_React_sample_follows_the_server_across_a_restart()
    {
        var (first, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.2");
        await using var ofFirst = first;
        await ReactSample.BuildAsync(address, folder["built"]);
        await using var site = await StaticSite.StartAsync(folder["built"]);
        var page = await (await NewContextAsync(site.Address, null, address)).NewPageAsync();
        await page.GotoAsync(new Uri(site.Address, "index.html").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(new Regex("^[a-z ]+$"), new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("confidence")).ToHaveTextAsync(new Regex(@"^\d+\.\d % confidence$"));
        await Assertions.Expect(page.GetByText("SIMULATED")).ToBeVisibleAsync();

        await first.KillAsync();
        await Assertions.Expect(page.GetByText("offline")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var before = long.Parse((await page.GetByRole(AriaRole.Article).GetAttributeAsync("data-sequence"))!, System.Globalization.CultureInfo.InvariantCulture);
        var (second, _) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.2", "--urls", address.ToString().TrimEnd('/'));
        await using var ofSecond = second;
        await page.WaitForFunctionAsync("before => Number(document.querySelector('article').dataset.sequence) > before", before, new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("offline")).ToBeHiddenAsync();
    }

    // On the guide's own port where that is free.
    private Task<(TrmProcess Server, Uri Address)> ServeAsync()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, 8000);
            probe.Start();
        }
        catch (SocketException)
        {
            return TrmProcess.ServeAsync(folder.Path, "--urls", "http://localhost:0");
        }
        return TrmProcess.ServeAsync(folder.Path);
    }

    private static string At(Uri server, string script) => script.Replace("ws://localhost:8000/", $"ws://{server.Authority}/", StringComparison.Ordinal);

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
