namespace Trm.GrainInterfaces;

/// <summary>A grain call whose failures are the domain's errors.</summary>
public static class ClusterCall
{
    private const string OrleansCore = "Orleans.Core";

    /// <summary>
    /// Runs a call; that nobody answered it (no silo, a silo that died under it, no answer in time) becomes
    /// <see cref="ClusterException"/> with the code <see cref="ClusterException.Unavailable"/>. Whether such a call was carried
    /// out is not known.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            return await call().WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static async Task RunAsync(Func<Task> call, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            await call().WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    /// <summary>
    /// Whether an error says that nobody answered, and nothing of the request itself. A client that has never reached its cluster
    /// knows no grains yet, and says so by the last two.
    /// </summary>
    public static bool IsUnavailable(Exception error) => error is OrleansException or TimeoutException or ObjectDisposedException
        or InvalidOperationException { Source: OrleansCore } or ArgumentException { Source: OrleansCore };

    private static ClusterException Unavailable(Exception error) => new(
        ClusterException.Unavailable, $"the cluster did not answer ({error.Message.ReplaceLineEndings(" ")}); it is tried again",
        "the cluster does not answer now; it is tried again", error);
}
