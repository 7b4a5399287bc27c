namespace Trm.Gateway.Tests.OpenInference;

public sealed class BinaryRefusalTests(RefusingHost host) : IClassFixture<RefusingHost>
{
    [Theory]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("99999")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("5,5")]
    public async Task A_length_that_is_none_is_refused(string length)
    {
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[1,10]", 40), V2.Singles(V2.Row(4)), length)), 400);
        Assert.Contains($"Inference-Header-Content-Length is '{length}'; it must be the length of the JSON, from 0 to the body's ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("20")]
    public async Task A_length_within_the_JSON_leaves_none(string length)
    {
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[1,10]", 40), V2.Singles(V2.Row(4)), length)), 400);
        Assert.Contains("not JSON", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("40", "[1,10]", 36, "36 bytes follow the JSON; inputs[0] has 40")]
    [InlineData("40", "[1,10]", 44, "44 bytes follow the JSON; inputs[0] has 40")]
    [InlineData("40", "[1,10]", 0, "0 bytes follow the JSON; inputs[0] has 40")]
    [InlineData("40", "[2,10]", 40, "binary_data_size is 40; it must be 80, 20 numbers of 4 bytes")]
    [InlineData("-40", "[1,10]", 40, "binary_data_size is -40; it must be 40")]
    [InlineData("4294967336", "[1,10]", 40, "binary_data_size is 4294967336; it must be 40")]
    [InlineData("1e99", "[1,10]", 40, "binary_data_size is 1e99; it must be 40")]
    [InlineData("\"40\"", "[1,10]", 40, "binary_data_size is \"40\"; it must be 40")]
    [InlineData("40", "[2147483647,10]", 40, "from 1 to 1024 rows")]
    [InlineData("40", "[-1,10]", 40, "from 1 to 1024 rows")]
    public async Task A_size_that_is_not_the_shapes_or_the_bodys_is_refused(string size, string shape, int bytes, string expected)
    {
        var json = V2.BinaryRequest(shape, 1234).Replace("1234", size, StringComparison.Ordinal);
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(json, new byte[bytes])), 400);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_and_numbers_are_not_mixed_up()
    {
        var both = V2.BinaryRequest("[1,10]", 40).Replace("\"datatype\"", "\"data\":[1],\"datatype\"", StringComparison.Ordinal);
        Assert.Contains("both data and binary_data_size", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(both, new byte[40])), 400), StringComparison.Ordinal);
        Assert.Contains(
            "binary_data_size but the request no header Inference-Header-Content-Length", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.BinaryRequest("[1,10]", 40))), 400), StringComparison.Ordinal);
        Assert.Contains("40 bytes follow the JSON, and no input", await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.Request(), new byte[40])), 400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FP32", double.NaN)]
    [InlineData("FP32", double.NegativeInfinity)]
    [InlineData("FP64", double.NaN)]
    [InlineData("FP64", double.PositiveInfinity)]
    public async Task Bytes_that_are_no_finite_number_are_refused_with_their_row(string datatype, double bad)
    {
        var values = V2.Row(1).Concat(V2.Row(2)).ToArray();
        values[13] = bad;
        var bytes = datatype == "FP32" ? V2.Singles(values) : V2.Doubles(values);
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Binary(V2.BinaryRequest("[2,10]", bytes.Length, datatype), bytes)), 400);
        Assert.Contains("row 1: feature volume_ratio is ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_body_is_not_unpacked_beyond_the_limit()
    {
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Packed(new byte[50_000_000], "gzip", 10)), 413);
        Assert.Contains("larger than 589824 bytes", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br", 415, "Content-Encoding is 'br'; send gzip, deflate or none")]
    [InlineData("gzip, gzip", 415, "send gzip, deflate or none")]
    [InlineData("gzip", 400, "the body is not gzip")]
    [InlineData("deflate", 400, "the body is not deflate")]
    public async Task A_body_that_is_packed_in_another_way_is_refused(string encoding, int status, string expected)
    {
        var content = V2.Json(V2.Request());
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        Assert.Contains(expected, await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, content), status), StringComparison.Ordinal);
    }
}
