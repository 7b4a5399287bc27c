using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Trm.Core.Predictions;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.OpenInference;

public sealed class InferTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Rows_are_answered_in_their_order_as_flat_row_major_tensors()
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        var data = JsonSerializer.Serialize(V2.Row(6).Concat(V2.Row(2)).Concat(V2.Row(7)));
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[3,10]", data, more: ",\"id\":\"a \\\"b\\\"\""))));

        Assert.Equal("a \"b\"", answer.GetProperty("id").GetString());
        Assert.Equal("trm", answer.GetProperty("model_name").GetString());
        Assert.Equal("1.0.0+abc", answer.GetProperty("model_version").GetString());
        Assert.Equal(
            ["probabilities FP32 [3,8]", "halt_probability FP32 [3,1]", "strategy_id INT64 [3,1]", "confidence FP32 [3,1]"],
            answer.GetProperty("outputs").EnumerateArray().Select(o => $"{o.GetProperty("name")} {o.GetProperty("datatype")} {o.GetProperty("shape")}"));
        Assert.Equal([6, 2, 7], V2.Output(answer, "strategy_id").GetProperty("data").EnumerateArray().Select(v => v.GetInt64()));
        var probabilities = V2.Floats(V2.Output(answer, "probabilities"));
        Assert.Equal(24, probabilities.Length);
        Assert.Equal([6, 10, 23], Enumerable.Range(0, 24).Where(i => probabilities[i] == 0.65f));
        Assert.Equal([0.65f, 0.65f, 0.65f], V2.Floats(V2.Output(answer, "confidence")));
        Assert.Equal([0.5f, 0.5f, 0.5f], V2.Floats(V2.Output(answer, "halt_probability")));
        Assert.Equal([6d, 2d, 7d], Assert.Single(predictor.Calls).Select(row => row[0]));
    }

    [Theory]
    [InlineData("[3,1,2,3,4,5,6,7,8,0.5,4,1,2,3,4,5,6,7,8,0.5]")]
    [InlineData("[[3,1,2,3,4,5,6,7,8,0.5],[4,1,2,3,4,5,6,7,8,0.5]]")]
    public async Task Data_may_be_flat_or_nested(string data)
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[2,10]", data))));
        Assert.Equal([V2.Row(3), V2.Row(4)], predictor.Calls[0].Select(row => row.AsSpan().ToArray()));
    }

    [Fact]
    public async Task An_FP32_number_is_the_same_in_text_and_in_bytes()
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        var row = V2.Row(1);
        row[1] = 0.1;
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[1,10]", JsonSerializer.Serialize(row), "FP32"))));
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[1,10]", 40), V2.Singles(row))));
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[1,10]", JsonSerializer.Serialize(row)))));
        Assert.Equal([0.1f, 0.1f, 0.1], predictor.Calls.Select(call => call[0][1]));
    }

    [Fact]
    public async Task Outputs_come_as_they_were_asked_for_and_in_that_order()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: ""","outputs":[{"name":"confidence"},{"name":"strategy_id","parameters":{"binary_data":false,"content_type":"np"}}]"""))));
        Assert.Equal(["confidence", "strategy_id"], answer.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()!));
        Assert.False(answer.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task What_clients_send_beside_the_tensors_is_passed_over()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: ""","id":null,"outputs":null,"model_name":"trm","parameters":{"priority":1,"timeout":500,"sequence_id":7,"binary_data_output":null}"""))));
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: ",\"outputs\":[],\"parameters\":null"))));
    }

    [Fact]
    public async Task The_row_limit_is_an_option_and_bounds_the_body()
    {
        await using var host = await V2.StartAsync(new FakePredictor(), o => o.InferBatchLimit = 2);
        var two = JsonSerializer.Serialize(V2.Row(0).Concat(V2.Row(1)));
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[2,10]", two))));
        Assert.Contains("from 1 to 2 rows", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[3,10]", two))), 400), StringComparison.Ordinal);
        await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json("[".PadRight(67_000) + "]")), 413);

        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => GatewayHost.StartAsync(options: o => o.InferBatchLimit = 0));
        Assert.Equal("Trm:Gateway:InferBatchLimit is 0; it must be from 1 to 65536", error.Message);
    }

    [Fact]
    public async Task A_full_batch_of_the_longest_numbers_fits()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var rows = Enumerable.Range(0, 1_024).Select(i => V2.Row(i % 8).Select((v, column) => column == 0 ? v : -1.2345678901234567E-300).ToArray());
        var data = JsonSerializer.Serialize(rows, Indented);
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[1024,10]", data))));
        Assert.Equal([1024, 8], V2.Shape(V2.Output(answer, "probabilities")));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task No_number_that_is_not_finite_leaves_in_text_or_in_bytes(float bad)
    {
        var predictor = new FakePredictor { Change = output => output with { HaltProbability = bad } };
        await using var host = await V2.StartAsync(predictor);
        foreach (var more in new[] { "", ",\"parameters\":{\"binary_data_output\":true}" })
            Assert.Contains("halt_probability is", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: more))), 500), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_told_is_the_one_that_answered()
    {
        var predictor = new FakePredictor();
        predictor.Meanwhile = () =>
        {
            predictor.Model = Samples.Model with { Version = "2.0.0+def" };
            predictor.Meanwhile = null;
        };
        await using var host = await V2.StartAsync(predictor);
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request())));
        Assert.Equal("2.0.0+def", answer.GetProperty("model_version").GetString());

        predictor.Meanwhile = () => predictor.Model = Samples.Model with { Version = "3" };
        var error = await V2.ErrorAsync(await host.Http.PostAsync("/v2/models/trm/versions/2.0.0+def/infer", V2.Json(V2.Request())), 404);
        Assert.Contains("version '2.0.0+def' of trm is not loaded; 3 is", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_model_tells_no_details()
    {
        var predictor = new FakePredictor { Change = _ => throw new InvalidOperationException("secret detail") };
        await using var host = await V2.StartAsync(predictor);
        Assert.DoesNotContain("secret", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request())), 500), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData(null, true)]
    public async Task A_request_that_a_foreign_page_could_send_unasked_is_refused(string? type, bool isFromPage)
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        using var request = Untyped(V2.Infer, V2.Request(), type);
        if (isFromPage) request.Headers.Add("Origin", "null");
        Assert.Contains("application/json or application/octet-stream", await V2.ErrorAsync(await host.Http.SendAsync(request), 415), StringComparison.Ordinal);
        Assert.Empty(predictor.Calls);
    }

    [Fact]
    public async Task A_program_that_names_no_type_is_served()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        using var request = Untyped(V2.Infer, V2.Request(), null);
        await V2.OkAsync(await host.Http.SendAsync(request));
    }

    private static HttpRequestMessage Untyped(string path, string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }
}
