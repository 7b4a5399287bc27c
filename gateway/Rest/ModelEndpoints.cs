using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Gateway.Access;
using Trm.Gateway.Models;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>The model in use, and a prediction from given features.</summary>
internal static class ModelEndpoints
{
    /// <summary>Ten numbers with their names take a few hundred bytes.</summary>
    private const int BodyLimitBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/model", Model).WithTags("Model").WithName("Model").WithSummary("The model in use")
            .Produces<ModelBody>().ProducesProblem(StatusCodes.Status501NotImplemented);
        routes.MapPost("/api/model/reload", ReloadAsync).RequireAuthorization(Scopes.Operate).WithTags("Model").WithName("ReloadModel").WithSummary("Loads the model again from where it came, and uses it")
            .WithDescription("No body. The new one is checked and warmed up first, and calls under way finish on the old one; a bad one is 409 with what is wrong, and the old one stays. A web page must send Content-Type: application/json.")
            .RequiresContentTypeOfPages("application/json")
            .Produces<ModelBody>().ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status501NotImplemented);
        routes.MapPost("/api/predict", PredictAsync).WithTags("Model").WithName("Predict").WithSummary("A prediction from ten features; not logged")
            .WithDescription($"The body is an array of {FeatureNames.Count} numbers, an object by name, or either under 'features'. Order and names: {string.Join(", ", FeatureNames.All)}.")
            .Accepts<IReadOnlyDictionary<string, double>>("application/json").RequiresContentType("application/json").WithMetadata(new RequestSizeLimitAttribute(BodyLimitBytes))
            .Produces<ModelOutputSchema>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status501NotImplemented);
    }

    /// <summary>501 of a process that does not predict.</summary>
    public static IResult NoModel() =>
        Problems.Of(StatusCodes.Status501NotImplemented, "no_model", "this process has no model; ask one that predicts");

    private static IResult Model(IServiceProvider services) =>
        services.GetService<IPredictor>() is { } predictor ? Results.Ok(Body(predictor.Model)) : NoModel();

    private static ModelBody Body(ModelInfo model) => new(
        model.Name, model.Version, model.FeatureSet, FeatureNames.All, model.HiddenSize, model.RecursionCycles, model.LatentSteps,
        model.EffectiveDepth, model.Parameters, model.TrainedFrom, model.TrainedTo,
        [.. Strategy.All.Select(s => new StrategyBody(s.Id, s.Name, s.Benchmark, s.Bond, s.Cash))]);

    private static async Task<IResult> ReloadAsync(IServiceProvider services, ILogger<IModelReloader> logger, CancellationToken cancellation)
    {
        if (services.GetService<IModelReloader>() is not { } reloader)
            return Problems.Of(StatusCodes.Status501NotImplemented, "no_reload", "this process cannot load its model again; start it anew to use another");
        try
        {
            return Results.Ok(Body(await reloader.ReloadAsync(cancellation)));
        }
        catch (TrmException error)
        {
            var inUse = services.GetService<IPredictor>()?.Model.Version;
            Log.ReloadFailed(logger, error, inUse);
            return Problems.Of(StatusCodes.Status409Conflict, error.Code, $"{error.PublicMessage}; {(inUse is null ? "the old model" : $"model {inUse}")} stays in use");
        }
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, IServiceProvider services, TimeProvider time, CancellationToken cancellation)
    {
        if (services.GetService<IPredictor>() is not { } predictor) return NoModel();
        using var document = await Problems.ParseAsync(request.Body, cancellation);
        var features = FeatureText.FromJson(document.RootElement, predictor.Model);
        var output = await predictor.PredictAsync(features, cancellation);
        return new JsonBytes(PredictionJson.Output(time.GetUtcNow(), features, output));
    }
}
