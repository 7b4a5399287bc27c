namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// Threads that do parts of one piece of work at the same time. They stay between pieces and spin a little before they
/// sleep: a thread that must first be woken would cost a small batch more than the half that it takes over.
/// </summary>
internal sealed class Crew : IDisposable
{
    // The most that ManualResetEventSlim takes: some 100 µs.
    private const int Spins = 2_047;

    private readonly Member[] others;

    /// <param name="size">Threads, the caller's included; 1 or more.</param>
    public Crew(int size) => others = [.. Enumerable.Range(1, size - 1).Select(number => new Member(number))];

    /// <summary>
    /// Runs the work once on each thread, with the thread's number from 0 on, and returns when all have done it.
    /// </summary>
    /// <exception cref="AggregateException">The work failed on another thread than the caller's.</exception>
    public void Run(Action<int> work)
    {
        foreach (var member in others) member.Begin(work);
        try
        {
            work(0);
        }
        finally
        {
            foreach (var member in others) member.Await();
        }
        var errors = others.Select(m => m.Error).OfType<Exception>().ToList();
        if (errors.Count > 0) throw new AggregateException(errors);
    }

    public void Dispose()
    {
        foreach (var member in others) member.Dispose();
    }

    private sealed class Member : IDisposable
    {
        private readonly ManualResetEventSlim begun = new(false, Spins);
        private readonly ManualResetEventSlim done = new(false, Spins);
        private readonly Thread thread;
        private readonly int number;
        private Action<int>? work;

        public Member(int number)
        {
            this.number = number;
            thread = new Thread(Live) { IsBackground = true, Name = $"bench {number}" };
            thread.Start();
        }

        public Exception? Error { get; private set; }

        public void Begin(Action<int> next)
        {
            (work, Error) = (next, null);
            done.Reset();
            begun.Set();
        }

        public void Await() => done.Wait();

        public void Dispose()
        {
            work = null;
            begun.Set();
            thread.Join();
            begun.Dispose();
            done.Dispose();
        }

        private void Live()
        {
            while (true)
            {
                begun.Wait();
                begun.Reset();
                if (work is not { } mine) return;
                try
                {
                    mine(number);
                }
#pragma warning disable CA1031 // It is told on the thread that asked for the work.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    Error = error;
                }
                done.Set();
            }
        }
    }
}
