using Trm.Gateway.Connections;

namespace Trm.Gateway.Tests.Connections;

public sealed class ShortQueueTests
{
    [Fact]
    public void What_goes_in_comes_out_in_order_however_many_wait()
    {
        var queue = new ShortQueue<string>();
        var model = new Queue<string>();
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            if (random.Next(2) == 0)
            {
                var item = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                queue.Enqueue(item);
                model.Enqueue(item);
            }
            else
            {
                var some = queue.TryPeek(out var next);
                Assert.Equal(model.TryPeek(out var expected), some);
                Assert.Equal(expected, next);
                Assert.Equal(model.TryDequeue(out expected), queue.TryDequeue(out next));
                Assert.Equal(expected, next);
            }
            Assert.Equal(model.Count, queue.Count);
            Assert.Equal(model.Count == 0, queue.IsEmpty);
        }
        queue.Clear();
        Assert.True(queue.IsEmpty);
    }
}
