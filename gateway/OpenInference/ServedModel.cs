using Microsoft.AspNetCore.Http;
using Trm.Core.Predictions;
using Trm.Gateway.Rest;

namespace Trm.Gateway.OpenInference;

/// <summary>
/// The one model that this process serves, under one name for every package, in the one version that is loaded. A path
/// names the version as the model says it (a '+' may be %2B), or none.
/// </summary>
internal static class ServedModel
{
    /// <summary>In paths and answers.</summary>
    public const string Name = "trm";

    /// <summary>Why a path's model cannot answer; null when it can.</summary>
    /// <param name="name">The path's model.</param>
    /// <param name="version">The path's version; null for whichever is loaded.</param>
    /// <param name="predictor">Null in a process that does not predict.</param>
    public static IResult? Refuse(string name, string? version, IPredictor? predictor)
    {
        if (name != Name) return Problems.Of(StatusCodes.Status404NotFound, "unknown_model", $"there is no model '{ProtocolJson.Shown(name)}'; ask for {Name}");
        if (predictor is null) return ModelEndpoints.NoModel();
        return Refuse(version, predictor.Model.Version);
    }

    /// <summary>Why a path's version is not the one that is loaded; null when it is.</summary>
    /// <param name="version">The path's version; null for whichever is loaded.</param>
    /// <param name="loaded">The model's.</param>
    public static IResult? Refuse(string? version, string loaded) => version is null || version == loaded
        ? null
        : Problems.Of(StatusCodes.Status404NotFound, "unknown_model", $"version '{ProtocolJson.Shown(version)}' of {Name} is not loaded; {loaded} is, ask for it or leave /versions out");
}
