using Trm.Core.Bars;
using Trm.Storage.Bars;

namespace Trm.Storage.Tests.Bars;

public sealed class SqliteBarStoreTests : BarStoreContract
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override async Task<IBarStore> OpenAsync() => await SqliteBarStore.OpenAsync(folder.Path, Time);
}
