using Trm.Cli.Doctor;

namespace Trm.Cli.Tests.Doctor.Support;

/// <summary>What a check finds, as its lines say it: <c>Warn: what; what to do</c>.</summary>
internal static class Look
{
    public static async Task<string[]> AtAsync(IDoctorCheck check) =>
        [.. (await check.LookAsync(TestContext.Current.CancellationToken)).Select(f => f.ToDo is null ? $"{f.Verdict}: {f.Found}" : $"{f.Verdict}: {f.Found}; {f.ToDo}")];

    public static async Task<string> AtOneAsync(IDoctorCheck check) => Assert.Single(await AtAsync(check));
}
