using Microsoft.Data.Sqlite;
using Trm.Core.Predictions;
using Trm.Storage.Predictions;

namespace Trm.Storage.Tests.Predictions;

public sealed class SqlitePredictionLogTests : PredictionLogContract
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override async Task<IPredictionLog> OpenAsync() => await SqlitePredictionLog.OpenAsync(folder.Path, Time);

    protected override Task StartOverAsync(string market, Guid epoch)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("predictions.db")};Pooling=False");
        connection.Open();
        using var restart = connection.CreateCommand();
        restart.CommandText = $"INSERT INTO logs (market, epoch, created_at) VALUES ('{market}', '{epoch}', 0)";
        restart.ExecuteNonQuery();
        return Task.CompletedTask;
    }
}
