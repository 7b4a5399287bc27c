namespace Trm.Inference.Batching;

/// <summary>
/// Requests that wait, oldest first; linked through the requests themselves, so that one that is cancelled leaves at once
/// and makes room. Not thread-safe.
/// </summary>
internal sealed class RequestQueue
{
    private BatchRequest? last;

    /// <summary>The oldest.</summary>
    public BatchRequest? First { get; private set; }

    /// <summary>Rows that wait.</summary>
    public int Rows { get; private set; }

    public void Add(BatchRequest request)
    {
        request.IsQueued = true;
        request.Previous = last;
        if (last is null) First = request;
        else last.Next = request;
        last = request;
        Rows += request.Rows;
    }

    /// <summary>Takes a request out, whatever of it still waits.</summary>
    public void Remove(BatchRequest request)
    {
        if (request.Previous is null) First = request.Next;
        else request.Previous.Next = request.Next;
        if (request.Next is null) last = request.Previous;
        else request.Next.Previous = request.Previous;
        (request.Previous, request.Next, request.IsQueued) = (null, null, false);
        Rows -= request.Rows - request.Taken;
    }

    /// <summary>Takes the oldest rows, of a large request perhaps only a part.</summary>
    public void Take(int rows, List<BatchSlice> slices)
    {
        while (rows > 0)
        {
            var request = First!;
            var count = Math.Min(rows, request.Rows - request.Taken);
            slices.Add(new BatchSlice(request, request.Taken, count));
            request.Taken += count;
            Rows -= count;
            rows -= count;
            if (request.Taken == request.Rows) Remove(request);
        }
    }
}
