using Trm.Core.Outcomes;
using Trm.Storage.Outcomes;

namespace Trm.Storage.Tests.Outcomes;

public sealed class SqliteOutcomeLogTests : OutcomeLogContract
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override async Task<IOutcomeLog> OpenAsync() => await SqliteOutcomeLog.OpenAsync(folder.Path, Time);
}
