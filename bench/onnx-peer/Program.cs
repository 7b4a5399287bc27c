using System.CommandLine;
using Trm.Bench.OnnxPeer;
using Trm.Core;
using Trm.Inference;
using Trm.Inference.Export;
using Trm.Inference.Onnx;

// A peer of `trm bench inference`: says that it is ready, then answers a line of JSON with a line of JSON until its
// input ends. A process of its own, so that the benchmark needs no ONNX Runtime, and neither disturbs the other's heap.
var model = new Option<string>("--model") { Description = "Model package", Required = true };
var form = new Option<OnnxForm>("--form") { Description = "How the graph is written", DefaultValueFactory = _ => OnnxForm.Hoisted };
var precision = new Option<OnnxPrecision>("--precision") { Description = "How it multiplies", DefaultValueFactory = _ => OnnxPrecision.Fp32 };
var threads = new Option<int>("--threads") { Description = "Threads that share a prediction", DefaultValueFactory = _ => 1 };
var command = new RootCommand("ONNX Runtime as a peer of the inference benchmark.") { model, form, precision, threads };
command.SetAction(line =>
{
    try
    {
        // Spinning is what ONNX Runtime does when nobody says otherwise: the peer is measured at its best.
        var options = new OnnxEngineOptions
        {
            Provider = OnnxProvider.Cpu,
            Form = line.GetValue(form),
            Precision = line.GetValue(precision),
            IntraOpThreads = line.GetValue(threads),
            AllowSpinning = true,
        };
        using var engine = OnnxEngine.Create(TrmModel.Load(line.GetRequiredValue(model)), options);
        var name = $"onnxruntime {options.Precision} {options.Form}".ToLowerInvariant();
        Console.Out.WriteLine(Reply.Ready(name, OnnxEngine.RuntimeVersion));
        while (Console.In.ReadLine() is { } request) Console.Out.WriteLine(Measurement.Answer(engine, request));
        return 0;
    }
    catch (Exception error) when (error is TrmException or IOException or UnauthorizedAccessException)
    {
        Console.Out.WriteLine(Reply.NotReady(error.Message));
        return 1;
    }
});
return command.Parse(args).Invoke();
