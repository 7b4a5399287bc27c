using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Trm.Dashboard.Tests.Support;

/// <summary>The page by its test ids; what it shows is read from its data attributes, which do not depend on words.</summary>
internal sealed class DashboardPage(IPage page)
{
    // For what a browser and a server do on a busy machine, not for how fast they are.
    private static readonly LocatorAssertionsToHaveAttributeOptions Patience = new() { Timeout = 30_000 };

    public IPage Page => page;

    public ILocator this[string testId] => page.GetByTestId(testId);

    /// <summary>Completes when the first prediction is drawn.</summary>
    public async Task<DashboardPage> ShowsPredictionAsync()
    {
        await Assertions.Expect(this["strategy-name"]).ToHaveAttributeAsync("data-strategy", new Regex("."), Patience);
        return this;
    }

    public Task IsAsync(string testId, string attribute, string value) => Assertions.Expect(this[testId]).ToHaveAttributeAsync(attribute, value, Patience);

    public Task IsVisibleAsync(string testId) => Assertions.Expect(this[testId]).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public Task IsHiddenAsync(string testId) => Assertions.Expect(this[testId]).ToBeHiddenAsync(new() { Timeout = 30_000 });

    /// <summary>What a function of the page answers, as JSON has it.</summary>
    public async Task<JsonElement> AskAsync(string function) => JsonDocument.Parse(await page.EvaluateAsync<string>($"async () => JSON.stringify(await ({function})())")).RootElement;

    public async Task<string?> ReadAsync(string testId, string attribute) => await this[testId].GetAttributeAsync(attribute);

    public async Task<double> NumberAsync(string testId, string attribute) => double.Parse(await ReadAsync(testId, attribute) ?? "NaN", CultureInfo.InvariantCulture);

    /// <summary>Completes when a number of the page is at least so much.</summary>
    public Task ReachesAsync(string testId, string attribute, long least) => page.WaitForFunctionAsync(
        "([id, name, least]) => Number(document.querySelector(`[data-testid='${id}']`)?.getAttribute(name)) >= least",
        new object[] { testId, attribute, least }, new() { Timeout = 30_000, PollingInterval = 20 });

    /// <summary>Completes when the charts hold each sequence from one to another once.</summary>
    public async Task HoldsAsync(long first, long last)
    {
        await IsAsync("history-chart", "data-last-sequence", $"{last}");
        await IsAsync("history-chart", "data-first-sequence", $"{first}");
        await IsAsync("history-chart", "data-count", $"{last - first + 1}");
        await IsAsync("history-chart", "data-holes", "0");
    }

    public async Task<long> ChartAsync(string what) => (long)await NumberAsync("history-chart", $"data-{what}");
}
