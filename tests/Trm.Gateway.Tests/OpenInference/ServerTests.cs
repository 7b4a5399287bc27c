using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.OpenInference;

public sealed class ServerTests
{
    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task The_server_says_its_version_and_extensions(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        var server = await V2.OkAsync(await host.Http.GetAsync(path));
        Assert.Equal("Trm.Orleans", server.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", server.GetProperty("version").GetString()!);
        Assert.Equal("[\"binary_tensor_data\"]", server.GetProperty("extensions").GetRawText());
    }

    [Fact]
    public async Task Ready_follows_the_hosts_checks_and_live_does_not()
    {
        var check = new Check();
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IReadinessCheck>(check));
        Assert.Equal("{\"live\":true,\"ready\":true}", (await V2.OkAsync(await host.Http.GetAsync("/v2/health/ready"))).GetRawText());
        check.Result = new ReadinessResult(false, "no model");
        Assert.Equal("database: no model", await V2.ErrorAsync(await host.Http.GetAsync("/v2/health/ready"), 503));
        Assert.Equal("{\"live\":true}", (await V2.OkAsync(await host.Http.GetAsync("/v2/health/live"))).GetRawText());
    }

    [Theory]
    [InlineData("/v2/models/trm")]
    [InlineData("/v2/models/trm/versions/1.0.0+abc")]
    [InlineData("/v2/models/trm/versions/1.0.0%2Babc")]
    [InlineData("/v2/models/trm/versions/1.0.0%2babc")]
    [InlineData("/v2/models/trm?version=9")]
    public async Task The_model_is_described_under_its_version_or_none(string path)
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var model = await V2.OkAsync(await host.Http.GetAsync(path));
        Assert.Equal("trm", model.GetProperty("name").GetString());
        Assert.Equal("trm", model.GetProperty("platform").GetString());
        Assert.Equal(["1.0.0+abc"], model.GetProperty("versions").EnumerateArray().Select(v => v.GetString()!));
        Assert.Equal("[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,10]}]", model.GetProperty("inputs").GetRawText());
        Assert.Equal(
            ["probabilities FP32 [-1,8]", "halt_probability FP32 [-1,1]", "strategy_id INT64 [-1,1]", "confidence FP32 [-1,1]"],
            model.GetProperty("outputs").EnumerateArray().Select(o => $"{o.GetProperty("name")} {o.GetProperty("datatype")} {o.GetProperty("shape")}"));
    }

    [Theory]
    [InlineData("/v2/models/trm/ready")]
    [InlineData("/v2/models/trm/versions/1.0.0+abc/ready")]
    public async Task A_loaded_model_is_ready(string path)
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        Assert.Equal("{\"name\":\"trm\",\"ready\":true}", (await V2.OkAsync(await host.Http.GetAsync(path))).GetRawText());
    }

    [Theory]
    [InlineData("/v2/models/trm/versions/7", "version '7' of trm is not loaded; 1.0.0+abc is")]
    [InlineData("/v2/models/trm/versions/7/ready", "version '7' of trm is not loaded")]
    [InlineData("/v2/models/trm/versions/1.0.0%20abc", "version '1.0.0 abc' of trm is not loaded")]
    [InlineData("/v2/models/TRM", "there is no model 'TRM'; ask for trm")]
    [InlineData("/v2/models/other/ready", "there is no model 'other'")]
    [InlineData("/v2/nothing", "Not Found: GET /v2/nothing; /openapi/v1.json says")]
    public async Task What_is_not_here_is_404_in_the_protocols_form(string path, string error)
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.GetAsync(path), 404), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/trm/versions/7/infer", "version '7' of trm is not loaded")]
    [InlineData("/v2/models/other/infer", "there is no model 'other'")]
    public async Task Nothing_is_asked_of_a_model_or_version_that_is_not_here(string path, string error)
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.PostAsync(path, V2.Json(V2.Request())), 404), StringComparison.Ordinal);
        Assert.Empty(predictor.Calls);
        await V2.OkAsync(await host.Http.PostAsync("/v2/models/trm/versions/1.0.0%2Babc/infer", V2.Json(V2.Request())));
    }

    [Fact]
    public async Task A_process_without_a_model_says_so()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var path in new[] { "/v2/models/trm", "/v2/models/trm/ready", "/v2/models/trm/versions/1/ready" })
            Assert.Contains("no model", await V2.ErrorAsync(await host.Http.GetAsync(path), 501), StringComparison.Ordinal);
        Assert.Contains("no model", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request())), 501), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_told_in_the_protocols_form_to_whatever_the_client_accepts()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        using var request = new HttpRequestMessage(HttpMethod.Get, V2.Infer);
        request.Headers.Add("Accept", "application/octet-stream");
        Assert.StartsWith("Method Not Allowed: GET /v2/models/trm/infer", await V2.ErrorAsync(await host.Http.SendAsync(request), 405), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAPI_names_the_protocols_fields()
    {
        await using var host = await GatewayHost.StartAsync();
        var document = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json")).RootElement;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("InferResponseSchema").GetProperty("properties").TryGetProperty("model_version", out _));
        Assert.True(schemas.GetProperty("InferInputSchema").GetProperty("properties").TryGetProperty("datatype", out _));
        var infer = document.GetProperty("paths").GetProperty("/v2/models/{model}/versions/{version}/infer").GetProperty("post");
        Assert.Equal(["model", "version"], infer.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        Assert.Equal(["application/json", "application/octet-stream"], infer.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(c => c.Name));
    }

    private sealed class Check : IReadinessCheck
    {
        public ReadinessResult Result { get; set; } = new(true);

        public string Name => "database";

        public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation) => new(Result);
    }
}
