using Trm.Cli.Cluster;
using Trm.Hosting;

namespace Trm.Cli.Tests.Cluster.Support;

/// <summary>A process that does nothing, where PostgreSQL would be.</summary>
internal sealed class FakeDatabase : IClusterDatabase
{
    private readonly HashSet<string> applied = [];
    private DatabaseInstance? instance;

    public Task<DatabaseInstance?> FindAsync(string folder, CancellationToken cancellation) =>
        Task.FromResult(instance is not null && ProcessTable.StateOf(instance.Process) != NodeState.Dead ? instance : null);

    public async Task<DatabaseInstance> StartAsync(string folder, CancellationToken cancellation)
    {
        if (await FindAsync(folder, cancellation) is { } running) return running;
        Directory.CreateDirectory(folder);
        var log = Path.Combine(folder, "postgres.log");
        var process = NodeLauncher.Start(new NodeProgram(["sleep", "300"]), [], folder, log);
        return instance = new DatabaseInstance(process!, "Host=127.0.0.1;Port=15432;Password=secret", 15_432, log);
    }

    public Task<IReadOnlyList<string>> ApplySchemaAsync(string connection, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(applied.Add(connection) ? ["001-tables"] : []);

    public Task<Readiness> CheckAsync(string connection, CancellationToken cancellation) => Task.FromResult(Readiness.Ready);
}
