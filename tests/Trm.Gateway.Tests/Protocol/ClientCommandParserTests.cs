using System.Text;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Tests.Protocol;

public sealed class ClientCommandParserTests
{
    [Theory]
    [InlineData("ping")]
    [InlineData(" ping\n")]
    public void The_bare_word_is_a_ping(string text) => Assert.IsType<ClientCommand.TextPing>(Parse(text));

    [Theory]
    [InlineData("", "bad_json")]
    [InlineData("{", "bad_json")]
    [InlineData("[]", "bad_json")]
    [InlineData("42", "bad_json")]
    [InlineData("null", "bad_json")]
    [InlineData("{\"type\":\"\\ud800\"}", "bad_json")]
    [InlineData("{}", "unknown_type")]
    [InlineData("{\"type\":5}", "unknown_type")]
    [InlineData("{\"type\":\"dance\"}", "unknown_type")]
    [InlineData("{\"type\":\"subscribe\",\"markets\":\"m\"}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"markets\":[1]}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"delivery\":\"fast\"}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":[]}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":{\"m\":5}}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":{\"m\":{\"epoch\":\"x\",\"sequence\":1}}}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":{\"m\":{\"epoch\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"sequence\":-1}}}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":{\"m\":{\"epoch\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"sequence\":1.5}}}", "bad_json")]
    [InlineData("{\"type\":\"subscribe\",\"subscription\":\"risk_metrics\"}", "unknown_subscription")]
    [InlineData("{\"type\":\"unsubscribe\",\"markets\":{}}", "bad_json")]
    public void What_is_wrong_has_a_code(string text, string code) => Assert.Equal(code, Assert.IsType<ClientCommand.Invalid>(Parse(text)).Code);

    [Fact]
    public void Bytes_that_are_no_text_are_bad_json() =>
        Assert.Equal("bad_json", Assert.IsType<ClientCommand.Invalid>(ClientCommandParser.Parse(new byte[] { 0x7B, 0x22, 0xFF, 0x22, 0x7D })).Code);

    [Fact]
    public void A_subscription_carries_markets_places_and_delivery()
    {
        var command = Assert.IsType<ClientCommand.Subscribe>(Parse(
            """{"type":"subscribe","markets":["a","b","a"],"since":{"a":{"epoch":"0f8fad5b-d9cb-469f-a165-70867728950e","sequence":12}},"delivery":"all","id":7}"""));
        Assert.Equal(["a", "b"], command.Markets!);
        Assert.Equal(12, command.Since["a"].Sequence);
        Assert.Equal(Delivery.All, command.Delivery);
        Assert.Equal("7", command.Id);
    }

    [Theory]
    [InlineData("trm_predictions")]
    [InlineData("predictions")]
    public void The_old_topics_of_predictions_mean_every_market(string topic) =>
        Assert.Null(Assert.IsType<ClientCommand.Subscribe>(Parse($$"""{"type":"subscribe","subscription":"{{topic}}"}""")).Markets);

    [Theory]
    [InlineData("\"abc\"", "\"abc\"")]
    [InlineData("12.50", "12.50")]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void Ids_are_echoed_as_they_came(string id, string? echoed) => Assert.Equal(echoed, Parse($$"""{"type":"ping","id":{{id}}}""").Id);

    private static ClientCommand Parse(string text) => ClientCommandParser.Parse(Encoding.UTF8.GetBytes(text));
}
