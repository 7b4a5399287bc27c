using System.Collections.Concurrent;
using Trm.GrainInterfaces;

namespace Trm.Samples.TradingService.Calls;

/// <summary>
/// Calls that outlive a silo: one that is not answered soon is asked again, for all of these calls only read. What happened to
/// each kind of them is counted.
/// </summary>
internal sealed class ClusterCalls(TimeProvider time)
{
    /// <summary>An answer that takes longer will most likely never come: its silo has died.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <summary>A call that was not answered by then has failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);

    private readonly ConcurrentDictionary<string, CallRecord> records = new();

    /// <summary>Asks until there is an answer or the limit is reached.</summary>
    /// <param name="kind">For the statistics.</param>
    /// <param name="call">A call that may be made twice.</param>
    /// <param name="stop">Gives up; that is no failure.</param>
    /// <param name="patience">Of each attempt; default <see cref="Patience"/>.</param>
    /// <exception cref="ClusterException">No answer within the limit, or one that asking again would not change.</exception>
    public async Task<T> AskAsync<T>(string kind, Func<Task<T>> call, CancellationToken stop, TimeSpan? patience = null)
    {
        var record = records.GetOrAdd(kind, _ => new CallRecord(time));
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var left = Limit - time.GetElapsedTime(started);
                var wait = TimeSpan.FromTicks(Math.Clamp((patience ?? Patience).Ticks, TimeSpan.TicksPerMillisecond, Math.Max(TimeSpan.TicksPerMillisecond, left.Ticks)));
                var answer = await ClusterCall.RunAsync(() => call().WaitAsync(wait, time, stop), stop);
                record.Answered(started, wasRetried: attempt > 1);
                return answer;
            }
            catch (ClusterException error) when (error.Code != "unknown_market" && time.GetElapsedTime(started) + Pause < Limit)
            {
                await Task.Delay(Pause, time, stop);
            }
            catch (ClusterException)
            {
                record.Failed(started);
                throw;
            }
        }
    }

    /// <summary>What happened, by kind.</summary>
    public IReadOnlyDictionary<string, CallReport> Report() =>
        records.OrderBy(r => r.Key, StringComparer.Ordinal).ToDictionary(r => r.Key, r => r.Value.Report());
}
