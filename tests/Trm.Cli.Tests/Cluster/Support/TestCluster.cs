using Trm.Cli.Cluster;
using Trm.Cli.Tests.Support;
using Trm.Hosting;

namespace Trm.Cli.Tests.Cluster.Support;

/// <summary>A cluster of stand-ins in a folder of its own. Whatever a test does, none of its processes is left.</summary>
internal sealed class TestCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder data = new();
    private readonly HealthProbe probe = new();
    private readonly StringWriter notes = new();

    public TestCluster()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "'trm cluster' runs on Linux");
        // A temporary folder is its owner's alone, and PostgreSQL, which root may not run, runs as another user.
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(data.Path, System.IO.File.GetUnixFileMode(data.Path) | UnixFileMode.OtherExecute);
        Folder = new ClusterFolder(data.Path);
        Script("silo");
        Script("gateway");
    }

    public string Data => data.Path;

    public ClusterFolder Folder { get; }

    public FakeDatabase Database { get; } = new();

    /// <summary>What the commands told, line by line.</summary>
    public IReadOnlyList<string> Notes => notes.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public ClusterFile File => Folder.Read();

    /// <summary>The processes that run in the cluster's folder, known to it or not.</summary>
    public IReadOnlyList<int> Processes => ProcessTable.WorkingIn(Folder.Path);

    /// <summary>Where the program of silos or of gateways is.</summary>
    public string ScriptPath(string role) => data[$"{role}.sh"];

    /// <summary>Makes that program: some lines of shell, then the stand-in.</summary>
    public void Script(string role, string before = "")
    {
        var tests = Path.Combine(AppContext.BaseDirectory, "Trm.Cli.Tests.dll");
        System.IO.File.WriteAllText(ScriptPath(role), $"#!/bin/sh\n{before}\nexec dotnet '{tests}' {StandIn.Verb}\n");
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(ScriptPath(role), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>A command's view of it, like another run of <c>trm</c>.</summary>
    public LocalCluster Open(TimeSpan? ready = null, TimeSpan? stop = null, TextWriter? tell = null) => new(
        Folder, Database, new NodePrograms(AppContext.BaseDirectory, Variable), probe, new ClusterLimits(ready ?? Patience, stop ?? Patience), tell ?? notes, TimeProvider.System);

    public Task UpAsync(int silos, int gateways, params (string Name, string Value)[] settings) =>
        Open().UpAsync(Plan(silos, gateways, settings), CancellationToken.None);

    public static UpPlan Plan(int? silos, int? gateways, params (string Name, string Value)[] settings) => new()
    {
        Silos = silos,
        Gateways = gateways,
        Settings = settings.ToDictionary(s => s.Name, s => s.Value),
    };

    public async Task<NodeStatus> StatusAsync(string name) => (await Open().StatusAsync(CancellationToken.None)).Single(n => n.Name == name);

    public int Pid(string name) => File.Node(name).Process!.Pid;

    public void Dispose()
    {
        // Shown with a test that fails.
        TestContext.Current.TestOutputHelper?.WriteLine(notes.ToString());
        foreach (var pid in Processes)
        {
            if (ProcessTable.Identify(pid) is { } process) NodeProcess.SignalTree(process, NodeSignal.Kill);
        }
        probe.Dispose();
        data.Dispose();
    }

    private string? Variable(string name) => name switch
    {
        "TRM_SILO" => ScriptPath("silo"),
        "TRM_GATEWAY_HOST" => ScriptPath("gateway"),
        _ => null,
    };
}
