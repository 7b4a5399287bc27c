using System.Globalization;
using Trm.Core.Bars;
using Trm.MarketData.Import;

namespace Trm.MarketData.Tests.Import;

public sealed class BarCsvReaderTests
{
    private const string Header = "date,symbol,open,high,low,close,volume";
    private const string Good = "2024-01-02,SPY,10,12,9,11,1000";
    private const string AlsoGood = "2024-01-03,TLT,20,22,19,21,2000";

    private static readonly Bar GoodBar = new("SPY", new DateOnly(2024, 1, 2), 10, 12, 9, 11, 1_000);
    private static readonly Bar AlsoGoodBar = new("TLT", new DateOnly(2024, 1, 3), 20, 22, 19, 21, 2_000);

    [Theory]
    [InlineData("date,symbol,open,high,low,close,volume\n2024-01-02,SPY,10,12,9,11,1000\n2024-01-03,TLT,20,22,19,21,2000\n")]
    [InlineData("date,symbol,open,high,low,close,volume\n2024-01-02,SPY,10,12,9,11,1000\n2024-01-03,TLT,20,22,19,21,2000")]
    [InlineData("date,symbol,open,high,low,close,volume\r\n2024-01-02,SPY,10,12,9,11,1000\r\n2024-01-03,TLT,20,22,19,21,2000\r\n")]
    [InlineData("date,symbol,open,high,low,close,volume\r2024-01-02,SPY,10,12,9,11,1000\r2024-01-03,TLT,20,22,19,21,2000\r")]
    [InlineData("\uFEFFdate,symbol,open,high,low,close,volume\n2024-01-02,SPY,10,12,9,11,1000\n2024-01-03,TLT,20,22,19,21,2000\n")]
    [InlineData("\n\ndate,symbol,open,high,low,close,volume\n\n2024-01-02,SPY,10,12,9,11,1000\n \n2024-01-03,TLT,20,22,19,21,2000\n\n")]
    [InlineData("volume,CLOSE,Low,high,open,Symbol,Date\n1000,11,9,12,10,SPY,2024-01-02\n2000,21,19,22,20,TLT,2024-01-03\n")]
    [InlineData("\"date\",\"symbol\",\"open\",\"high\",\"low\",\"close\",\"volume\"\n\"2024-01-02\",\"SPY\",\"10\",\"12\",\"9\",\"11\",\"1000\"\n2024-01-03,\"TLT\",20,22,19,21,2000\n")]
    [InlineData("date , symbol, open, high, low, close, volume\n2024-01-02 , spy , 10, 12 ,9,1.1e1, 1000 \n2024-01-03,TLT, \"20\" ,22,19,21,2000\n")]
    [InlineData("date,symbol,open,high,low,close,volume\n2024-01-02 00:00:00,SPY,10,12,9,11,1000\n2024-01-03T16:00:00,TLT,20,22,19,21,2000\n")]
    [InlineData("date,symbol,open,high,low,close,volume\n2024-01-02 00:00:00-05:00,SPY,10,12,9,11,1000\n2024-01-03T00:00:00Z,TLT,20,22,19,21,2000\n")]
    public async Task Every_usual_form_gives_the_same_bars(string csv)
    {
        var (bars, rejected, _) = await Read(csv);
        Assert.Empty(rejected);
        Assert.Equal([GoodBar, AlsoGoodBar], bars);
    }

    [Theory]
    [InlineData("2024-01-04,SPY,10,12,9,-11,1000", "close -11 is not positive")]
    [InlineData("2024-01-04,SPY,0,12,9,11,1000", "open 0 is not positive")]
    [InlineData("2024-01-04,SPY,10,8,9,11,1000", "high 8 is below low 9")]
    [InlineData("2024-01-04,SPY,10,12,9,13,1000", "close 13 is outside low 9 to high 12")]
    [InlineData("2024-01-04,SPY,10,NaN,9,11,1000", "high is NaN")]
    [InlineData("2024-01-04,SPY,10,1e999,9,11,1000", "high is infinite")]
    [InlineData("2024-01-04,SPY,10,12,9,11,-1", "volume -1 is not a number from 0 up")]
    [InlineData("2024-01-04,SPY,10,12,9,11,NaN", "volume NaN is not a number from 0 up")]
    [InlineData("2024-01-04,SPY,10,12,9,,1000", "close is empty")]
    [InlineData("2024-01-04,SPY,10,12,9,n/a,1000", "close 'n/a' is not a number")]
    [InlineData("2024-01-04,SPY,10,12,9,11", "6 columns, the header has 7")]
    [InlineData("2024-01-04,SPY,10,12,9,11,1000,5", "8 columns, the header has 7")]
    [InlineData("2024-01-04,SPY,10,12,9,11,\"1,000\"", "volume '1,000' is not a number")]
    [InlineData("04/01/2024,SPY,10,12,9,11,1000", "date '04/01/2024' is not yyyy-MM-dd")]
    [InlineData("2024-02-30,SPY,10,12,9,11,1000", "date '2024-02-30' is not yyyy-MM-dd")]
    [InlineData(",SPY,10,12,9,11,1000", "date is empty")]
    [InlineData("2024-01-04,,10,12,9,11,1000", "symbol is empty")]
    [InlineData("2024-01-04,AAPL,10,12,9,11,1000", "symbol AAPL is not in market small")]
    [InlineData("1024-01-04,SPY,10,12,9,11,1000", "date 1024-01-04 is not between 1900 and 2200")]
    [InlineData("2024-01-04,\"SPY,10,12,9,11,1000", "a quote is not closed")]
    [InlineData("2024-01-04,\"SPY\"X,10,12,9,11,1000", "text follows a closing quote")]
    [InlineData("\"", "a quote is not closed")]
    [InlineData("2024-01-04,SPY,10,12,9,11,\"1000", "a quote is not closed")]
    [InlineData("\"2024-01-04,SPY,10,12,9,11,1000", "a quote is not closed")]
    [InlineData("2024-01-04,\"S\"\"PY\",10,12,9,11,1000", "symbol S\"PY is not in market small")]
    [InlineData("2024-01-04,S\"PY,10,12,9,11,1000", "a quote stands inside a field")]
    [InlineData("\"\"", "1 columns, the header has 7")]
    [InlineData("�{]}garbage", "1 columns, the header has 7")]
    [InlineData("2024-01-02,SPY,10,12,9,11,1000", "repeats line 2")]
    [InlineData("2024-01-02,SPY,10,12,9,11.5,1000", "differs from line 2")]
    public async Task A_bad_row_is_told_and_costs_no_other(string row, string reason)
    {
        var (bars, rejected, _) = await Read($"{Header}\n{Good}\n{row}\n{AlsoGood}\n");
        Assert.Equal([GoodBar, AlsoGoodBar], bars);
        Assert.Equal(new RejectedRow(3, reason, row), Assert.Single(rejected));
    }

    [Fact]
    public async Task A_bad_row_does_not_stand_in_the_way_of_a_good_one_for_the_same_session()
    {
        var (bars, rejected, _) = await Read($"{Header}\n2024-01-02,SPY,10,12,9,-11,1000\n{Good}\n");
        Assert.Equal([GoodBar], bars);
        Assert.Equal(2, Assert.Single(rejected).Line);
    }

    [Fact]
    public async Task A_line_without_end_is_cut_and_costs_only_itself()
    {
        var (bars, rejected, _) = await Read($"{Header}\n{Good}\n{new string('x', 300_000)}\n{AlsoGood}\n{new string('y', 5_000)}");
        Assert.Equal([GoodBar, AlsoGoodBar], bars);
        Assert.Equal([3, 5], rejected.Select(r => r.Line));
        Assert.All(rejected, r => Assert.Equal(("the line is over 4096 characters long", 4_096), (r.Reason, r.Text.Length)));
    }

    [Fact]
    public async Task A_text_without_line_ends_takes_no_memory()
    {
        const int Length = 32_000_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = await Assert.ThrowsAsync<ImportException>(() => BarCsvReader.OpenAsync(new EndlessLine(Length), "test", SmallMarket.Market));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Length / 10);
        Assert.Contains("the line is over 4096 characters long", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_row_has_the_number_that_an_editor_shows()
    {
        var (_, rejected, _) = await Read($"\uFEFF{Header}\r\n\r\nbad\r \t\rbad\n\n\r\n{Good}\n\"bad\nbad\"\r\nbad");
        Assert.Equal([3, 5, 9, 10, 11], rejected.Select(r => r.Line));
        Assert.Equal(["bad", "bad", "\"bad", "bad\"", "bad"], rejected.Select(r => r.Text));
    }

    [Theory]
    [InlineData("date,symbol,open,high,low,close,volume\r\n")]
    [InlineData("date,symbol,open,high,low,close,volume")]
    public async Task A_header_alone_is_no_bars_and_no_error(string csv)
    {
        var (bars, rejected, _) = await Read(csv);
        Assert.Empty(bars);
        Assert.Empty(rejected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\r\n")]
    public async Task An_empty_input_says_what_it_should_hold(string csv)
    {
        var e = await Assert.ThrowsAsync<ImportException>(() => Read(csv));
        Assert.Equal("empty_file", e.Code);
        Assert.Contains(Header, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("date,symbol,open,high,close", "no column low, volume")]
    [InlineData("2024-01-02,SPY,10,12,9,11,1000", "no column date, symbol, open, high, low, close, volume")]
    [InlineData("date;symbol;open;high;low;close;volume", "no column date")]
    [InlineData("date,symbol,open,high,low,close,Close,volume", "column close is there twice")]
    public async Task A_header_that_will_not_do_is_told_before_anything_is_read(string header, string message)
    {
        var e = await Assert.ThrowsAsync<ImportException>(() => Read($"{header}\n{Good}\n"));
        Assert.Equal("bad_header", e.Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was read", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_columns_are_ignored_and_named()
    {
        var (bars, _, ignored) = await Read("date,symbol,Adj Close,open,high,low,close,volume,note\n2024-01-02,SPY,5,10,12,9,11,1000,\"a, b\"\n");
        Assert.Equal([GoodBar], bars);
        Assert.Equal(["Adj Close", "note"], ignored);
    }

    [Theory]
    [InlineData("2024-01-02,SPY,10,12,9,\"1\"1,1000")]
    [InlineData("2024-01-02,SPY,10,12,9,11,\"1000")]
    public async Task A_broken_quote_is_never_taken_for_a_number_even_behind_another_one(string row)
    {
        var (bars, rejected, _) = await Read($"note,{Header}\n5\" pipe,{row}\n5 pipe,{row}\n5 pipe,{Good}\n");
        Assert.Equal([GoodBar], bars);
        Assert.Equal([2, 3], rejected.Select(r => r.Line));
    }

    [Fact]
    public async Task A_long_input_comes_in_batches_and_whole_at_every_block_boundary()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant(
            $"{new DateOnly(1950, 1, 1).AddDays(i):yyyy-MM-dd},SPY,10,12,9,{10 + (i / 20_000.0)},{i}"));
        using var reader = await BarCsvReader.OpenAsync(new StringReader($"{Header}\r\n{string.Join("\r\n", rows)}"), "test", SmallMarket.Market);
        var batches = await reader.ReadAsync(1_000).ToListAsync();

        Assert.Equal(20, batches.Count);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (double)i), batches.SelectMany(b => b.Bars).Select(b => b.Volume));
        Assert.All(batches, b => Assert.Empty(b.Rejected));
    }

    [Fact]
    public async Task Numbers_are_read_the_same_under_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Decimal comma, as in German.
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            var (bars, _, _) = await Read($"{Header}\n2024-01-02,SPY,10.5,12.25,9.125,11.0625,1000\n");
            Assert.Equal([new Bar("SPY", new DateOnly(2024, 1, 2), 10.5, 12.25, 9.125, 11.0625, 1_000)], bars);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static async Task<(List<Bar> Bars, List<RejectedRow> Rejected, IReadOnlyList<string> Ignored)> Read(string csv)
    {
        using var reader = await BarCsvReader.OpenAsync(new StringReader(csv), "test", SmallMarket.Market);
        var batches = await reader.ReadAsync(2).ToListAsync();
        return ([.. batches.SelectMany(b => b.Bars)], [.. batches.SelectMany(b => b.Rejected)], reader.IgnoredColumns);
    }

    private sealed class EndlessLine(int length) : TextReader
    {
        private int left = length;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            var read = Math.Min(left, buffer.Length);
            buffer.Span[..read].Fill('x');
            left -= read;
            return ValueTask.FromResult(read);
        }
    }
}
