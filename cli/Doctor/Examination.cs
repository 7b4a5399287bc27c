using System.Runtime.CompilerServices;

namespace Trm.Cli.Doctor;

/// <summary>
/// Runs checks, all at once: each says how it found things within a time limit, and one that throws or hangs holds up no other.
/// </summary>
/// <param name="checks">In the order of their lines.</param>
/// <param name="time">Of the limit.</param>
internal sealed class Examination(IReadOnlyList<IDoctorCheck> checks, TimeProvider time)
{
    /// <summary>After it, a check has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Asked a little earlier to end: what it knows by then is worth more than that it was late.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(9);

    /// <summary>What each found, in the checks' order, as it comes.</summary>
    public async IAsyncEnumerable<(string Check, Finding Finding)> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var looks = checks.Select(check => LookAsync(check, cancellation)).ToArray();
        foreach (var (check, look) in checks.Zip(looks))
        {
            foreach (var finding in await look.ConfigureAwait(false)) yield return (check.Name, finding);
        }
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(IDoctorCheck check, CancellationToken cancellation)
    {
        using var notice = new CancellationTokenSource(Notice, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(notice.Token, cancellation);
        // On a thread of its own: some work without waiting, and the others shall not wait for them.
        var look = Task.Run(() => check.LookAsync(end.Token), cancellation);
        try
        {
            return await look.WaitAsync(Limit, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (error is OperationCanceledException || (error is TimeoutException && !look.IsCompleted))
        {
            return [Finding.Fail($"no answer within {Limit.TotalSeconds:0} s", "look whether the disk, the database or the network it asks is overloaded")];
        }
        catch (Exception error)
        {
            return [Finding.Fail(error.Message.ReplaceLineEndings(" "))];
        }
    }
}
