using System.Globalization;

namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>Where the peers are: in the checkout that this program was built in.</summary>
/// <param name="Checkout">The folder with the solution; null when the program runs from elsewhere.</param>
/// <param name="Python">An interpreter that has PyTorch.</param>
/// <param name="Package">The model package that they load.</param>
internal sealed record PeerLocations(string? Checkout, string Python, string Package)
{
    private const string Solution = "Trm.Orleans.sln";
    private const string OnnxPeer = "Trm.Bench.OnnxPeer";

    /// <summary>The checkout around a folder; null when there is none.</summary>
    public static string? CheckoutAround(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Solution))) return at.FullName;
        }
        return null;
    }

    /// <summary>ONNX Runtime on a graph of the model.</summary>
    public PeerCommand Onnx(string form, string precision, int threads) => new(
        InCheckout("artifacts", "bin", OnnxPeer, "release", OperatingSystem.IsWindows() ? $"{OnnxPeer}.exe" : OnnxPeer),
        ["--model", Package, "--form", form, "--precision", precision, "--threads", Text(threads)],
        Script: null,
        $"build it with 'dotnet build bench/onnx-peer -c Release', where the feed has ONNX Runtime");

    /// <summary>PyTorch on the model that training exports.</summary>
    public PeerCommand PyTorch(int threads)
    {
        var script = InCheckout("bench", "peers", "torch_peer.py");
        return new PeerCommand(
            Python, [script, "--model", Package, "--threads", Text(threads)], script, "name a Python that has PyTorch with --python (Debian: python3-torch)");
    }

    private string InCheckout(params string[] parts) => Checkout is null
        ? throw new PeerException($"{parts[^1]} is in the project's checkout, and this program is not")
        : Path.Combine([Checkout, .. parts]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
