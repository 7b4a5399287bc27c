namespace Trm.Cluster.Tests.Support;

/// <summary>Waits for what silos do on their own threads: as long as it takes, up to a limit that no working machine reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                Assert.Fail($"did not come true within {Patience}{(otherwise is null ? "" : $": {otherwise()}")}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>The first answer that is one: while silos come and go, a call may fail.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<Task<T>> call)
    {
        T answer = default!;
        Exception? last = null;
        await TrueAsync(
            async () =>
            {
                try
                {
                    answer = await call();
                    return true;
                }
                catch (Exception error)
                {
                    last = error;
                    return false;
                }
            },
            () => $"{last}");
        return answer;
    }
}
