namespace Trm.Gateway.Tests.OpenInference;

public sealed class InferRefusalTests(RefusingHost host) : IClassFixture<RefusingHost>
{
    [Theory]
    [InlineData("5", "request is 5; it must be an object")]
    [InlineData("{\"inputs\":[", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("{}", "0 inputs; the model takes one, features")]
    [InlineData("{\"inputs\":[]}", "0 inputs")]
    [InlineData("{\"inputs\":[{},{}]}", "2 inputs")]
    [InlineData("{\"inputs\":{}}", "request.inputs is {}; it must be an array")]
    [InlineData("{\"inputs\":[7]}", "inputs[0] is 7; it must be an object")]
    [InlineData("{\"inputs\":[{}]}", "inputs[0].name is missing; the model takes 'features'")]
    [InlineData("{\"inputs\":[{\"name\":\"x\"}]}", "inputs[0].name is 'x'")]
    [InlineData("{\"inputs\":[{\"name\":\"\\ud800\"}]}", "inputs[0].name is not Unicode")]
    [InlineData("{\"inputs\":[{\"\\ud800abcdefgh\":1}]}", "inputs[0] has a name that is not Unicode")]
    [InlineData("{\"id\":5}", "request.id is 5; it must be a string")]
    [InlineData("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"data\":[]}]}", "inputs[0] has no shape")]
    [InlineData("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[1,10]}]}", "neither data nor binary_data_size; send 10 numbers")]
    [InlineData("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[1,10],\"data\":null}]}", "neither data nor binary_data_size")]
    [InlineData("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[1,10],\"data\":\"x\"}]}", "inputs[0].data is \"x\"; it must be an array")]
    [InlineData("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[1,10],\"parameters\":[],\"data\":[]}]}", "inputs[0].parameters is []; it must be an object")]
    public async Task A_request_that_is_not_the_protocols_is_refused_by_name(string body, string error)
    {
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(body)), 400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[10]", "[10]; it must be [n,10], [1,10] for one row")]
    [InlineData("[1,1,10]", "[1,1,10]; it must be [n,10]")]
    [InlineData("[]", "[]; it must be [n,10]")]
    [InlineData("[1,9]", "[1,9]; it must be [n,10]")]
    [InlineData("[1,\"10\"]", "it must be [n,10]")]
    [InlineData("[1.5,10]", "[1.5,10]; it must be [n,10]")]
    [InlineData("[0,10]", "[0,10]; a request may have from 1 to 1024 rows")]
    [InlineData("[-1,10]", "[-1,10]; a request may have from 1 to 1024 rows")]
    [InlineData("[1025,10]", "[1025,10]; a request may have from 1 to 1024 rows, send more in several")]
    [InlineData("[2147483647,10]", "from 1 to 1024 rows")]
    [InlineData("[4294967297,10]", "from 1 to 1024 rows")]
    [InlineData("[1844674407370955162,10]", "from 1 to 1024 rows")]
    [InlineData("[18446744073709551617,10]", "it must be [n,10]")]
    [InlineData("\"[1,10]\"", "it must be an array")]
    public async Task A_shape_other_than_rows_of_ten_is_refused(string shape, string error)
    {
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(shape))), 400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FP64", "[1,2,3]", "inputs[0].data has 3 numbers, its shape 10")]
    [InlineData("FP64", "[]", "inputs[0].data has 0 numbers, its shape 10")]
    [InlineData("FP64", "[1,2,3,4,5,6,7,8,9,10,11]", "has 11 numbers, its shape 10")]
    [InlineData("FP64", "[[1,2,3,4,5,6,7,8,9]]", "inputs[0].data[0] has 9 numbers, its shape 10")]
    [InlineData("FP64", "[[1,2,3,4,5,6,7,8,9,10],[1,2,3,4,5,6,7,8,9,10]]", "inputs[0].data has 2 rows, its shape 1")]
    [InlineData("FP64", "[[[1,2,3,4,5,6,7,8,9,10]]]", "inputs[0].data[0] has 1 numbers")]
    [InlineData("FP64", "[1,2,3,4,\"5\",6,7,8,9,10]", "inputs[0].data[4] is \"5\"; it must be a finite number")]
    [InlineData("FP64", "[1,2,3,4,null,6,7,8,9,10]", "inputs[0].data[4] is null")]
    [InlineData("FP64", "[1,2,3,4,[5],6,7,8,9,10]", "inputs[0].data[4] is [5]")]
    [InlineData("FP64", "[1,2,3,4,1e999,6,7,8,9,10]", "row 0: feature market_breadth is")]
    [InlineData("FP32", "[1,2,3,4,1e39,6,7,8,9,10]", "row 0: feature market_breadth is")]
    [InlineData("FP64", "[1,2,3,4,NaN,6,7,8,9,10]", "not JSON")]
    [InlineData("FP16", "[1,2,3,4,5,6,7,8,9,10]", "inputs[0].datatype is 'FP16'; it must be FP32 or FP64")]
    [InlineData("fp32", "[1,2,3,4,5,6,7,8,9,10]", "inputs[0].datatype is 'fp32'")]
    public async Task Data_that_is_not_finite_numbers_of_its_shape_is_refused(string datatype, string data, string error)
    {
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(data: data, datatype: datatype))), 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nested_row_that_is_none_is_named()
    {
        var error = await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request("[2,10]", "[[1,2,3,4,5,6,7,8,9,10],5]"))), 400);
        Assert.Contains("inputs[0].data[1] is 5; it must be an array of 10 numbers", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",\"outputs\":[{\"name\":\"logits\"}]", "outputs[0].name is 'logits'; the model has probabilities, halt_probability, strategy_id, confidence")]
    [InlineData(",\"outputs\":[{}]", "outputs[0].name is missing")]
    [InlineData(",\"outputs\":[{\"name\":\"confidence\"},{\"name\":\"confidence\"}]", "outputs[1].name is 'confidence' for the second time")]
    [InlineData(",\"outputs\":[{\"name\":\"confidence\",\"parameters\":{\"binary_data\":1}}]", "outputs[0].parameters.binary_data is 1; it must be true or false")]
    [InlineData(",\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"classification\":3}}]", "classification, an extension that is not offered")]
    [InlineData(",\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"shared_memory_region\":\"r\"}}]", "shared_memory_region, an extension that is not offered")]
    [InlineData(",\"outputs\":5", "request.outputs is 5; it must be an array")]
    [InlineData(",\"parameters\":{\"binary_data_output\":\"yes\"}", "request.parameters.binary_data_output is \"yes\"; it must be true or false")]
    public async Task An_output_that_cannot_be_given_is_refused(string more, string error)
    {
        Assert.Contains(error, await V2.ErrorAsync(await host.Http.PostAsync(V2.Infer, V2.Json(V2.Request(more: more))), 400), StringComparison.Ordinal);
    }
}
