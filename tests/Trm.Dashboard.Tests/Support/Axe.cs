using System.Text.Json;
using Microsoft.Playwright;
using Trm.Tests;

namespace Trm.Dashboard.Tests.Support;

/// <summary>axe-core, which the dashboard's lock file pins: what it finds of WCAG's and its own rules on a page.</summary>
internal static class Axe
{
    private static readonly string Script = Path.Combine(SharedData.RepositoryRoot, "dashboard", "node_modules", "axe-core", "axe.min.js");

    /// <summary>Asserts that nothing serious or critical is found; skips the test with a word where axe-core is not installed.</summary>
    public static async Task AssertCleanAsync(IPage page, string state)
    {
        Assert.SkipUnless(File.Exists(Script), "axe-core is not in dashboard/node_modules (npm ci puts it there)");
        await page.EvaluateAsync(await File.ReadAllTextAsync(Script));
        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations");
        var grave = found.EnumerateArray().Where(v => v.GetProperty("impact").GetString() is "serious" or "critical");
        Assert.True(!grave.Any(), $"{state}: {string.Join(Environment.NewLine, grave.Select(Describe))}");
    }

    private static string Describe(JsonElement violation) =>
        $"{violation.GetProperty("id")} ({violation.GetProperty("impact")}): {violation.GetProperty("help")}: {string.Join("; ", violation.GetProperty("nodes").EnumerateArray().Take(5).Select(n => $"{n.GetProperty("html")} {n.GetProperty("failureSummary")}"))}";
}
