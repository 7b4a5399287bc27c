using Trm.Cli.Tests.Support;
using Trm.Inference;
using Trm.Tests;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class ReloadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
    private readonly TrmModel shipped = TrmModel.Load(Path.Combine(SharedData.RepositoryRoot, "model", "us-equities"));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task SIGHUP_takes_a_new_package_and_keeps_the_model_when_the_package_is_bad()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGHUP");
        Put("first");
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--model", folder["model"], "--source", "simulated", "--interval", "0.1");
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
        Assert.StartsWith("first+", await VersionAsync(client), StringComparison.Ordinal);

        Put("second");
        await server.HangUpAsync();
        await server.SaysAsync("replaced first+");
        await UntilAsync(client, "second+");

        Corrupt();
        await server.HangUpAsync();
        await server.SaysAsync("Model not reloaded, second+");
        using var later = await SocketClient.ConnectAsync(address, "another", limit.Token);
        for (var i = 0; i < 3; i++) Assert.StartsWith("second+", await VersionAsync(later), StringComparison.Ordinal);
        Assert.Contains("weights.safetensors is corrupt", server.Errors, StringComparison.Ordinal);

        Put("third");
        await server.HangUpAsync();
        await UntilAsync(client, "third+");
    }

    // As a deployment does: whole beside the old one, then moved into its place.
    private void Put(string version)
    {
        ModelPackage.Write(folder["new"], shipped, new PackageDescription { Version = version });
        if (Directory.Exists(folder["model"])) Directory.Delete(folder["model"], recursive: true);
        Directory.Move(folder["new"], folder["model"]);
    }

    private void Corrupt()
    {
        using var weights = File.OpenWrite(Path.Combine(folder["model"], "weights.safetensors"));
        weights.Seek(-1, SeekOrigin.End);
        weights.WriteByte(0x42);
    }

    private async Task UntilAsync(SocketClient client, string version)
    {
        while (!(await VersionAsync(client)).StartsWith(version, StringComparison.Ordinal)) { }
    }

    private async Task<string> VersionAsync(SocketClient client) =>
        (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data").GetProperty("model_version").GetString()!;
}
