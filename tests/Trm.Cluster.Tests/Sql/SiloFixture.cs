using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

/// <summary>One silo over one database for the tests of a class, started by the first that wants it.</summary>
public abstract class SiloFixture(PostgresServer server) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private AdoNetSilo? silo;

    public string Database { get; private set; } = "";

    public IServiceProvider Services => silo!.Services;

    public IGrainFactory Grains => silo!.Grains;

    public IGrainStorage Storage(string name) => Services.GetRequiredKeyedService<IGrainStorage>(name);

    /// <summary>Skips the calling test where there is no PostgreSQL: which a test can do, and a fixture cannot.</summary>
    public async Task StartedAsync()
    {
        PostgresServer.SkipUnlessInstalled();
        await turn.WaitAsync();
        try
        {
            if (silo is not null) return;
            Database = await server.CreateDatabaseAsync();
            silo = await AdoNetSilo.StartAsync(Database, configure: Configure);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (silo is not null) await silo.DisposeAsync();
        turn.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual void Configure(ISiloBuilder builder)
    {
    }
}
