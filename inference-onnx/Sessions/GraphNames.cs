namespace Trm.Inference.Onnx.Sessions;

/// <summary>The exported graph's inputs and outputs.</summary>
internal static class GraphNames
{
    public const string Normalized = "normalized";
    public const string Probabilities = "probabilities";
    public const string Halt = "halt";

    public static string[] Inputs { get; } = [Normalized];

    public static string[] Outputs { get; } = [Probabilities, Halt];
}
