namespace Trm.Inference.Export;

/// <summary>A matrix of a step as nodes: what differs between the precisions.</summary>
internal interface IGraphLinear
{
    /// <summary>output = W·input + addend.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="output">Name of the output, and beginning of the names of what lies between.</param>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="addend">[outputs] or [batch, outputs]; null is the layer's bias.</param>
    /// <returns><paramref name="output"/>.</returns>
    string Apply(OnnxGraph graph, string output, string input, string? addend = null);

    /// <summary>The same, of an input whose first <paramref name="skipped"/> columns are zero and are not given.</summary>
    string ApplyToRest(OnnxGraph graph, string output, string input, int skipped);
}
