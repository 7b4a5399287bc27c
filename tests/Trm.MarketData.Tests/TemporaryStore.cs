using Trm.Core.Bars;
using Trm.Storage.Bars;

namespace Trm.MarketData.Tests;

/// <summary>A real store in a folder that is gone when the test ends.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly string folder;

    private TemporaryStore(string folder, SqliteBarStore bars) => (this.folder, Bars) = (folder, bars);

    public SqliteBarStore Bars { get; }

    public static async Task<TemporaryStore> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("trm-market-data-").FullName;
        return new TemporaryStore(folder, await SqliteBarStore.OpenAsync(folder, TimeProvider.System));
    }

    public string File(string name) => Path.Combine(folder, name);

    public async Task<List<Bar>> ReadAsync() =>
        [.. (await Bars.ReadAsync(SmallMarket.Market).ToListAsync()).SelectMany(s => s.Bars.Values.OrderBy(b => b.Symbol))];

    public async ValueTask DisposeAsync()
    {
        await Bars.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
