using Trm.Core.Bars;
using Trm.Storage.Postgres;
using Trm.Storage.Tests.Bars;
using Trm.Tests.Postgres;

namespace Trm.Storage.Tests.Postgres;

public sealed class PostgresBarStoreTests(PostgresServer server) : BarStoreContract
{
    private string? database;

    [Fact]
    public async Task A_bulk_import_stored_and_corrected_counts_every_bar()
    {
        string[] symbols = [.. Enumerable.Range(0, 16).Select(i => $"S{i}")];
        Bar[] bars = [.. Enumerable.Range(0, 3_300).SelectMany(day => symbols.Select(symbol => Bar(day, symbol)))];
        Assert.Equal(new BarImport(bars.Length, 0, 0), await Store.UpsertAsync(Market.Id, bars));
        for (var i = 0; i < bars.Length; i += 100) bars[i] = bars[i] with { Volume = 1 };
        Assert.Equal(new BarImport(0, bars.Length / 100, bars.Length - (bars.Length / 100)), await Store.UpsertAsync(Market.Id, bars));
    }

    protected override async Task<IBarStore> OpenAsync()
    {
        database ??= await server.CreateDatabaseAsync();
        return await PostgresBarStore.OpenAsync(database, Time);
    }
}
