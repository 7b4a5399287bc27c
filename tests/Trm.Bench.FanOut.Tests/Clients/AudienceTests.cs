using System.Text;
using Microsoft.Extensions.Time.Testing;
using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Tests.Clients;

public sealed class AudienceTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 10, 0, 1, TimeSpan.Zero));

    [Fact]
    public void Each_sequence_once_and_in_order_is_clean_and_its_age_is_counted()
    {
        var (audience, client) = Ready();
        foreach (var sequence in new[] { 7, 8, 9 }) Hear(audience, client, Prediction(sequence));

        Assert.Equal((3, 0, 0), (audience.Received, audience.Missing, audience.Repeated));
        Assert.Equal(9, client.LastSequence);
        Assert.InRange(audience.Latency.Percentile(0.99).TotalSeconds, 0.992, 1.008);
    }

    [Fact]
    public void Holes_and_repeats_are_told_apart()
    {
        var (audience, client) = Ready();
        foreach (var sequence in new[] { 1, 2, 5, 5, 4, 6 }) Hear(audience, client, Prediction(sequence));

        Assert.Equal((2, 2), (audience.Missing, audience.Repeated));
    }

    [Fact]
    public void A_client_that_resumes_misses_what_lies_before_its_first()
    {
        var (audience, client) = Ready();
        client.LastSequence = 10;
        Hear(audience, client, Prediction(12));

        Assert.Equal(1, audience.Missing);
    }

    [Fact]
    public void What_comes_before_the_answer_to_the_opening_does_not_count()
    {
        var audience = new Audience(Dialect.TrmAll, time);
        var client = new Client(0, audience);
        Hear(audience, client, Prediction(3));
        Assert.Equal((0, 0), (audience.Received, audience.Ready));

        Hear(audience, client, """{"type":"subscribed","markets":{}}""");
        Hear(audience, client, Prediction(9));
        Assert.Equal((1, 1, 0), (audience.Received, audience.Ready, audience.Missing));
    }

    [Fact]
    public void A_resync_is_a_complaint()
    {
        var (audience, client) = Ready();
        Hear(audience, client, """{"type":"resync","market":"eq","reason":"gap_too_large"}""");
        Hear(audience, client, """{"type":"heartbeat","timestamp":""}""");

        Assert.Contains("gap_too_large", audience.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void SignalR_may_put_several_messages_into_one()
    {
        var audience = new Audience(Dialect.SignalR, time);
        var client = new Client(0, audience);
        Hear(audience, client, "{}\u001e");
        const string message = """{"type":1,"target":"trm_prediction","arguments":[{"timestamp":"2026-11-22T10:00:00.000000Z"}]}""";
        Hear(audience, client, $"{message}\u001e{{\"type\":6}}\u001e{message}\u001e");

        Assert.Equal((1, 2), (audience.Ready, audience.Received));
    }

    [Fact]
    public void Who_is_lost_is_counted_and_who_was_ended_is_not_lost()
    {
        var (audience, client) = Ready();
        audience.OnGone(client, Ending.Cut);
        Assert.Equal((0, 1), (audience.Ready, audience.Lost));

        var (other, ended) = Ready();
        other.OnGone(ended, Ending.Ours);
        Assert.Equal((0, 0), (other.Ready, other.Lost));
    }

    private (Audience Audience, Client Client) Ready()
    {
        var audience = new Audience(Dialect.TrmLatest, time);
        var client = new Client(0, audience);
        audience.OnOpen(client);
        return (audience, client);
    }

    private static string Prediction(int sequence) =>
        $$$"""{"type":"trm_prediction","timestamp":"2026-11-22T10:00:00.000000Z","data":{"sequence":{{{sequence}}},"as_of":""}}""";

    private static void Hear(Audience audience, Client client, string message) => audience.OnMessage(client, Encoding.UTF8.GetBytes(message));
}
