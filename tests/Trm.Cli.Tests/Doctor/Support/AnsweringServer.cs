using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trm.Cli.Tests.Doctor.Support;

/// <summary>A server on a free port that answers paths with fixed JSON, and all else with 404.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private AnsweringServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<AnsweringServer> StartAsync(params (string Path, int Status, string Json)[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        foreach (var (path, status, json) in answers) app.MapGet(path, () => Results.Text(json, "application/json", statusCode: status));
        await app.StartAsync();
        return new AnsweringServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
