using System.Globalization;

namespace Trm.Cli.Doctor.Checks;

/// <summary>
/// This machine's clock against those it meets, and whether something keeps it right. Predictions are stamped by it, keys and
/// tokens end by it, and bars grow old by it.
/// </summary>
/// <param name="references">Other clocks.</param>
/// <param name="ask">Runs <c>timedatectl</c>.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class ClockCheck(IReadOnlyList<ClockReference> references, AskProgram ask, TimeProvider time) : IDoctorCheck
{
    private const string KeepIt = "let NTP keep the clock ('timedatectl set-ntp true', or chrony)";

    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Usable = TimeSpan.FromMinutes(1);

    public string Name => "clock";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var isKept = await IsKeptAsync(cancellation).ConfigureAwait(false);
        var kept = isKept switch { true => "kept by NTP", false => "not kept by NTP", null => "NTP not checked (no timedatectl that answers)" };
        var findings = new List<Finding>();
        foreach (var reference in references)
        {
            if (await OffsetAsync(reference, cancellation).ConfigureAwait(false) is { } offset) findings.Add(Judge(reference, offset, kept));
        }
        if (findings.Count == 0) findings.Add(Finding.Ok($"{kept}; not checked against another (no service or database answers)"));
        if (isKept == false && findings.All(f => f.Verdict == Verdict.Ok)) findings = [.. findings.Select(f => Finding.Warn(f.Found, KeepIt))];
        return findings;
    }

    private static Finding Judge(ClockReference reference, TimeSpan offset, string kept)
    {
        var away = offset.Duration();
        if (away <= Tolerated) return Finding.Ok($"{kept}; within {Tolerated.TotalSeconds:0} s of {reference.Name}");
        var found = string.Create(CultureInfo.InvariantCulture, $"{away.TotalSeconds:0.0} s {(offset > TimeSpan.Zero ? "behind" : "ahead of")} {reference.Name}; {kept}");
        return away <= Usable ? Finding.Warn(found, KeepIt) : Finding.Fail(found, KeepIt);
    }

    // By how much the other is ahead, as of the middle of the question; nothing that its coarse time alone may account for.
    private async Task<TimeSpan?> OffsetAsync(ClockReference reference, CancellationToken cancellation)
    {
        var before = time.GetUtcNow();
        if (await reference.ReadAsync(cancellation).ConfigureAwait(false) is not { } theirs) return null;
        var ours = before + ((time.GetUtcNow() - before) / 2);
        return theirs + (reference.Precision / 2) - ours;
    }

    private async Task<bool?> IsKeptAsync(CancellationToken cancellation) =>
        (await ask("timedatectl", ["show", "-p", "NTPSynchronized", "--value"], cancellation).ConfigureAwait(false))?.Trim() switch
        {
            "yes" => true,
            "no" => false,
            _ => null,
        };
}
