using Npgsql;

namespace Trm.Cli.Doctor;

/// <summary>The clocks that a service has around it.</summary>
internal static class ClockReferences
{
    /// <summary>The <c>Date</c> of a running service's answer, which has whole seconds.</summary>
    public static ClockReference OfService(Uri url, HttpClient http) => new(url.GetLeftPart(UriPartial.Authority), TimeSpan.FromSeconds(1), async cancellation =>
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url, "/health/live"), cancellation).ConfigureAwait(false);
            return answer.Headers.Date;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null; // Nobody there: the check of the ports tells.
        }
    });

    /// <summary>PostgreSQL's clock.</summary>
    /// <param name="where">The server, without secrets.</param>
    /// <param name="connection">How it is reached.</param>
    public static ClockReference OfDatabase(string where, string connection) => new(where, TimeSpan.Zero, async cancellation =>
    {
        try
        {
            var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ToString());
            await using var closing = session.ConfigureAwait(false);
            await session.OpenAsync(cancellation).ConfigureAwait(false);
            using var query = new NpgsqlCommand("SELECT clock_timestamp()", session);
            return await query.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is DateTime now ? new DateTimeOffset(now, TimeSpan.Zero) : null;
        }
        catch (NpgsqlException)
        {
            return null; // The check of the store tells.
        }
    });
}
