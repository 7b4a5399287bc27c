using Trm.Core.Outcomes;
using Trm.Storage.Postgres;
using Trm.Storage.Tests.Outcomes;
using Trm.Tests.Postgres;

namespace Trm.Storage.Tests.Postgres;

public sealed class PostgresOutcomeLogTests(PostgresServer server) : OutcomeLogContract
{
    private string? database;

    [Fact]
    public async Task A_database_of_an_earlier_version_gets_the_tables_and_keeps_what_it_has()
    {
        var earlier = await server.CreateDatabaseAsync(schema: false);
        await PostgresSchema.ApplyAsync(earlier, [.. PostgresMigration.All.Where(step => step.Name != "004-outcomes")], default);

        Assert.Equal(["004-outcomes"], (await PostgresSchema.ApplyAsync(earlier)).Applied);
        await using var log = await PostgresOutcomeLog.OpenAsync(earlier, Time);
        Assert.Empty(await log.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery()));
    }

    protected override async Task<IOutcomeLog> OpenAsync()
    {
        database ??= await server.CreateDatabaseAsync();
        return await PostgresOutcomeLog.OpenAsync(database, Time);
    }
}
