using System.Text;
using System.Text.Json;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.OpenInference;

public sealed class BinaryTensorTests
{
    [Theory]
    [InlineData("FP32", 80)]
    [InlineData("FP64", 160)]
    public async Task Bytes_in_and_bytes_out_are_little_endian_rows(string datatype, int size)
    {
        var predictor = new FakePredictor();
        await using var host = await V2.StartAsync(predictor);
        var rows = V2.Row(3).Concat(V2.Row(5));
        var bytes = datatype == "FP32" ? V2.Singles(rows) : V2.Doubles(rows);
        var response = await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[2,10]", size, datatype, ",\"id\":\"7\",\"parameters\":{\"binary_data_output\":true}"), bytes));
        var (json, tail) = await SplitAsync(response);

        Assert.Equal([V2.Row(3), V2.Row(5)], predictor.Calls[0].Select(row => row.AsSpan().ToArray()));
        Assert.Equal("7", json.GetProperty("id").GetString());
        Assert.Equal([64, 8, 16, 8], json.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("parameters").GetProperty("binary_data_size").GetInt32()));
        Assert.All(json.GetProperty("outputs").EnumerateArray(), o => Assert.False(o.TryGetProperty("data", out _)));
        Assert.Equal(96, tail.Length);
        var probabilities = Enumerable.Range(0, 16).Select(i => BitConverter.ToSingle(tail, i * 4)).ToArray();
        Assert.Equal([3, 13], Enumerable.Range(0, 16).Where(i => probabilities[i] == 0.65f));
        Assert.Equal([0.5f, 0.5f], [BitConverter.ToSingle(tail, 64), BitConverter.ToSingle(tail, 68)]);
        Assert.Equal([3L, 5L], [BitConverter.ToInt64(tail, 72), BitConverter.ToInt64(tail, 80)]);
        Assert.Equal([0.65f, 0.65f], [BitConverter.ToSingle(tail, 88), BitConverter.ToSingle(tail, 92)]);
    }

    [Fact]
    public async Task Outputs_may_be_mixed_and_their_own_wish_counts()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var response = await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: ""","parameters":{"binary_data_output":true},"outputs":[{"name":"strategy_id"},{"name":"confidence","parameters":{"binary_data":false}},{"name":"halt_probability","parameters":{"binary_data":true}}]""")));
        var (json, tail) = await SplitAsync(response);
        Assert.Equal(8, V2.Output(json, "strategy_id").GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal([0.65f], V2.Floats(V2.Output(json, "confidence")));
        Assert.False(V2.Output(json, "confidence").TryGetProperty("parameters", out _));
        Assert.Equal(12, tail.Length);
        Assert.Equal(3L, BitConverter.ToInt64(tail, 0));
        Assert.Equal(0.5f, BitConverter.ToSingle(tail, 8));
    }

    [Fact]
    public async Task Bytes_in_may_be_answered_in_text()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[1,10]", 40), V2.Singles(V2.Row(4)))));
        Assert.Equal(4, V2.Output(answer, "strategy_id").GetProperty("data")[0].GetInt32());
    }

    [Fact]
    public async Task The_length_of_the_JSON_may_be_said_when_nothing_follows_it()
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.Request(), [])));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task A_body_may_be_packed(string encoding)
    {
        await using var host = await V2.StartAsync(new FakePredictor());
        var json = V2.BinaryRequest("[1,10]", 40);
        var answer = await V2.OkAsync(await host.Http.PostAsync(V2.Infer, V2.Packed([.. Encoding.UTF8.GetBytes(json), .. V2.Singles(V2.Row(4))], encoding, json.Length)));
        Assert.Equal(4, V2.Output(answer, "strategy_id").GetProperty("data")[0].GetInt32());
    }

    private static async Task<(JsonElement Json, byte[] Tail)> SplitAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True((int)response.StatusCode == 200, Encoding.UTF8.GetString(body));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        var length = int.Parse(Assert.Single(response.Headers.GetValues(V2.JsonLength)));
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        return (JsonDocument.Parse(body.AsMemory(0, length)).RootElement, body[length..]);
    }
}
