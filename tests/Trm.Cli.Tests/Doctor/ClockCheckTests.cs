using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Doctor;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Tests.Postgres;

namespace Trm.Cli.Tests.Doctor;

public class ClockCheckTests(PostgresServer postgres)
{
    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(1.9, "Ok: kept by NTP; within 2 s of db")]
    [InlineData(-30, "Warn: 30.0 s ahead of db; kept by NTP; let NTP keep the clock")]
    [InlineData(61, "Fail: 61.0 s behind db; kept by NTP; let NTP keep the clock")]
    public async Task A_clock_that_is_off_another_is_told_and_one_that_is_far_off_fails(double seconds, string found) =>
        Assert.StartsWith(found, await LookAsync("yes", Reference(TimeSpan.FromSeconds(seconds))));

    [Fact]
    public async Task The_other_clock_is_read_as_of_the_middle_of_the_question_and_of_its_coarse_second()
    {
        var slow = new ClockReference("web", TimeSpan.FromSeconds(1), _ =>
        {
            time.Advance(TimeSpan.FromSeconds(4));
            return Task.FromResult<DateTimeOffset?>(time.GetUtcNow() - TimeSpan.FromSeconds(2.5));
        });

        Assert.StartsWith("Ok", await LookAsync("yes", slow));
    }

    [Theory]
    [InlineData("no\n", "Warn: not kept by NTP")]
    [InlineData("", "Ok: NTP not checked")]
    [InlineData(null, "Ok: NTP not checked")]
    public async Task Whether_NTP_keeps_it_is_told_where_the_system_knows(string? said, string found) => Assert.StartsWith(found, await LookAsync(said));

    [Fact]
    public async Task A_reference_that_does_not_answer_is_left_out()
    {
        using var http = new HttpClient();

        Assert.Equal(
            "Ok: kept by NTP; not checked against another (no service or database answers)",
            await LookAsync("yes", ClockReferences.OfService(new Uri("http://127.0.0.1:9"), http), ClockReferences.OfDatabase("db", "Host=127.0.0.1;Port=9;Username=trm")));
    }

    [Fact]
    public async Task A_service_and_a_database_tell_their_time()
    {
        var database = await postgres.CreateDatabaseAsync(schema: false);
        await using var server = await AnsweringServer.StartAsync();
        using var http = new HttpClient();

        foreach (var reference in new[] { ClockReferences.OfService(server.Address, http), ClockReferences.OfDatabase("db", database) })
        {
            var now = await reference.ReadAsync(TestContext.Current.CancellationToken);
            Assert.True((TimeProvider.System.GetUtcNow() - now)!.Value.Duration() < TimeSpan.FromMinutes(5), $"{reference.Name}: {now}");
        }
    }

    private ClockReference Reference(TimeSpan ahead) => new("db", TimeSpan.Zero, _ => Task.FromResult<DateTimeOffset?>(time.GetUtcNow() + ahead));

    private Task<string> LookAsync(string? timedatectl, params ClockReference[] references) =>
        Look.AtOneAsync(new ClockCheck(references, (_, _, _) => Task.FromResult(timedatectl), time));
}
