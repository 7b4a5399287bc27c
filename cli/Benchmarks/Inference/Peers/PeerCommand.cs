namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>How a peer is started.</summary>
/// <param name="Program">The program, or the interpreter of a script.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Script">A file that must be there besides the program; null when it is the program alone.</param>
/// <param name="IfAbsent">How to get what is not there, one line.</param>
internal sealed record PeerCommand(string Program, IReadOnlyList<string> Arguments, string? Script, string IfAbsent)
{
    /// <summary>Says what is not there.</summary>
    /// <exception cref="PeerException">A file is not there.</exception>
    public void Check()
    {
        foreach (var file in (string?[])[Program, Script])
        {
            if (file is not null && !File.Exists(file)) throw new PeerException($"{Path.GetFileName(file)} is not there; {IfAbsent}");
        }
    }
}
