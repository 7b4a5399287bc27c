using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Models;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Rest;

public sealed class ReloadTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public async Task A_reload_answers_what_the_model_route_then_says(string? body)
    {
        var reloader = new Reloader();
        await using var host = await StartAsync(reloader);
        var response = await host.Http.PostAsync("/api/model/reload", body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("2.0.0+new", JsonDocument.Parse(text).RootElement.GetProperty("version").GetString());
        Assert.Equal(await host.Http.GetStringAsync("/api/model"), text);
    }

    [Fact]
    public async Task A_bad_model_is_told_with_its_reason_and_the_old_one_stays()
    {
        var reloader = new Reloader { Failure = new BadWeights() };
        await using var host = await StartAsync(reloader);
        var old = await host.Http.GetStringAsync("/api/model");
        var problem = await ProblemAsync(await host.Http.PostAsync("/api/model/reload", null), 409, "bad_weights");
        Assert.Equal("the weights are not those of the manifest; model 1.0.0+abc stays in use", problem.GetProperty("detail").GetString());
        Assert.Equal(old, await host.Http.GetStringAsync("/api/model"));
    }

    [Fact]
    public async Task A_failure_that_is_no_ones_to_act_on_tells_no_details()
    {
        var reloader = new Reloader { Failure = new InvalidOperationException("secret detail") };
        await using var host = await StartAsync(reloader);
        var problem = await ProblemAsync(await host.Http.PostAsync("/api/model/reload", null), 500, "internal_error");
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_cannot_reload_says_so()
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor>(new FakePredictor()));
        await ProblemAsync(await host.Http.PostAsync("/api/model/reload", null), 501, "no_reload");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "a=b")]
    [InlineData("multipart/form-data; boundary=x", "")]
    [InlineData("text/plain", "{}")]
    [InlineData(null, "")]
    [InlineData(null, "{}")]
    public async Task No_foreign_page_can_reload_unasked(string? type, string body)
    {
        var reloader = new Reloader();
        await using var host = await StartAsync(reloader);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/model/reload") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        request.Headers.Add("Origin", "https://elsewhere.example");
        await ProblemAsync(await host.Http.SendAsync(request), 415, "unsupported_media_type");
        Assert.Equal(0, reloader.Calls);
    }

    [Fact]
    public async Task A_page_of_this_server_can_reload()
    {
        await using var host = await StartAsync(new Reloader());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/model/reload") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, (await host.Http.SendAsync(request)).StatusCode);
    }

    private static Task<GatewayHost> StartAsync(Reloader reloader) =>
        GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor>(reloader.Predictor).AddSingleton<IModelReloader>(reloader));

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }

    private sealed class BadWeights() : TrmException("bad_weights", "/home/me/model/weights.safetensors has another hash")
    {
        public override string PublicMessage => "the weights are not those of the manifest";
    }

    private sealed class Reloader : IModelReloader
    {
        public FakePredictor Predictor { get; } = new();

        public Exception? Failure { get; set; }

        public int Calls { get; private set; }

        public Task<ModelInfo> ReloadAsync(CancellationToken cancellation)
        {
            Calls++;
            if (Failure is not null) throw Failure;
            Predictor.Model = Samples.Model with { Version = "2.0.0+new" };
            return Task.FromResult(Predictor.Model);
        }
    }
}
