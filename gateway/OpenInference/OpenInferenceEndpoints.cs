using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Gateway.Rest;

namespace Trm.Gateway.OpenInference;

/// <summary>
/// The Open Inference Protocol, version 2 (KServe, Triton), over HTTP, with its binary tensor extension: what speaks it
/// elsewhere asks this model without a line of ours.
/// </summary>
internal static class OpenInferenceEndpoints
{
    /// <summary>All of it lies below.</summary>
    public const string Root = "/v2";

    /// <summary>Content type of bodies without bytes in them.</summary>
    public const string JsonType = "application/json";

    // Ten FP64 numbers take 80 bytes, and as indented text of 17 digits about 400.
    private const int BodyBytes = 64 * 1024;
    private const int RowBytes = 512;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var protocol = routes.MapGroup(Root).WithTags("Open Inference Protocol");
        protocol.MapGet("", () => new ServerMetadataBody("Trm.Orleans", HealthEndpoints.Version, ["binary_tensor_data"]))
            .WithName("V2Server").WithSummary("This server and the extensions of the protocol that it speaks");
        protocol.MapGet("/health/live", () => new ServerLiveBody(true)).AllowAnonymous()
            .WithName("V2Live").WithSummary("The process answers; says nothing of what it depends on");
        protocol.MapGet("/health/ready", ReadyAsync).AllowAnonymous()
            .WithName("V2Ready").WithSummary("Every readiness check is well, or 503 with what is not: the same as /health/ready")
            .Produces<ServerReadyBody>().Produces<InferErrorBody>(StatusCodes.Status503ServiceUnavailable);
        // Each path has its own lambda: a version that is no part of the path would be read from the query.
        Describe(
            "",
            protocol.MapGet("/models/{model}", (string model, IServiceProvider services) => Metadata(model, null, services)),
            protocol.MapGet("/models/{model}/ready", (string model, IServiceProvider services) => ModelReady(model, null, services)),
            protocol.MapPost("/models/{model}/infer", (string model, HttpRequest request, IServiceProvider services, CancellationToken cancellation) =>
                InferAsync(model, null, request, services, cancellation)));
        Describe(
            "Version",
            protocol.MapGet("/models/{model}/versions/{version}", (string model, string version, IServiceProvider services) => Metadata(model, version, services)),
            protocol.MapGet("/models/{model}/versions/{version}/ready", (string model, string version, IServiceProvider services) => ModelReady(model, version, services)),
            protocol.MapPost("/models/{model}/versions/{version}/infer", (string model, string version, HttpRequest request, IServiceProvider services, CancellationToken cancellation) =>
                InferAsync(model, version, request, services, cancellation)));
    }

    private static void Describe(string suffix, RouteHandlerBuilder metadata, RouteHandlerBuilder ready, RouteHandlerBuilder infer)
    {
        metadata.WithName($"V2Model{suffix}").WithSummary("The model's inputs and outputs")
            .WithDescription($"The model is {ServedModel.Name}; a version is the one that is loaded, as GET /api/model says it.")
            .Produces<ModelMetadataBody>().Produces<InferErrorBody>(StatusCodes.Status404NotFound).Produces<InferErrorBody>(StatusCodes.Status501NotImplemented);
        ready.WithName($"V2ModelReady{suffix}").WithSummary("The model is loaded and can answer")
            .Produces<ModelReadyBody>().Produces<InferErrorBody>(StatusCodes.Status404NotFound).Produces<InferErrorBody>(StatusCodes.Status501NotImplemented);
        infer.WithName($"V2Infer{suffix}").WithSummary("Predictions from rows of ten raw features; not logged")
            .WithDescription(
                $"One input, {InputTensor.Name}: [n,{FeatureNames.Count}] of {InputTensor.Single} or {InputTensor.Double}, raw (the service normalises), in this order: {string.Join(", ", FeatureNames.All)}. " +
                $"Outputs: {string.Join(", ", OutputTensor.All.Select(o => $"{o.Name} [n,{o.Columns}] {o.Datatype}"))}; all of them when none is named. " +
                $"Tensors may be binary, both ways: {InferBody.JsonLengthHeader} is the length of the JSON, and binary_data_size, binary_data and binary_data_output are as in the protocol's extension. " +
                "A body may be packed with gzip or deflate.")
            .Accepts<InferRequestSchema>(JsonType, InferResponse.BinaryType).RequiresContentTypeOfPages(JsonType, InferResponse.BinaryType)
            .Produces<InferResponseSchema>(StatusCodes.Status200OK, JsonType, InferResponse.BinaryType)
            .Produces<InferErrorBody>(StatusCodes.Status400BadRequest).Produces<InferErrorBody>(StatusCodes.Status404NotFound)
            .Produces<InferErrorBody>(StatusCodes.Status413PayloadTooLarge).Produces<InferErrorBody>(StatusCodes.Status415UnsupportedMediaType)
            .Produces<InferErrorBody>(StatusCodes.Status501NotImplemented);
    }

    private static async Task<IResult> ReadyAsync(ClaimsPrincipal user, IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
        Readiness.Faults(Readiness.For(user, await Readiness.CheckAsync(checks, lifetime, cancellation))) is { } faults
            ? Problems.Of(StatusCodes.Status503ServiceUnavailable, "not_ready", faults)
            : Results.Ok(new ServerReadyBody(true, true));

    private static IResult Metadata(string model, string? version, IServiceProvider services)
    {
        var predictor = services.GetService<IPredictor>();
        return ServedModel.Refuse(model, version, predictor) ?? Results.Ok(new ModelMetadataBody(
            ServedModel.Name, [predictor!.Model.Version], "trm",
            [new TensorMetadataBody(InputTensor.Name, InputTensor.Single, [-1, FeatureNames.Count])],
            [.. OutputTensor.All.Select(o => new TensorMetadataBody(o.Name, o.Datatype, [-1, o.Columns]))]));
    }

    private static IResult ModelReady(string model, string? version, IServiceProvider services) =>
        ServedModel.Refuse(model, version, services.GetService<IPredictor>()) ?? Results.Ok(new ModelReadyBody(ServedModel.Name, true));

    private static async Task<IResult> InferAsync(
        string model, string? version, HttpRequest request, IServiceProvider services, CancellationToken cancellation)
    {
        var predictor = services.GetService<IPredictor>();
        if (ServedModel.Refuse(model, version, predictor) is { } unknown) return unknown;
        var limit = services.GetRequiredService<IOptions<GatewayOptions>>().Value.InferBatchLimit;
        var asked = InferRequest.Read(await InferBody.ReadAsync(request, BodyBytes + ((long)RowBytes * limit), cancellation), limit);
        var rows = await predictor!.PredictManyAsync(asked.Rows, cancellation);
        // A reload may have swapped the model meanwhile: the version told is the one that answered, and it must be the one asked.
        var answering = rows[0].Model.Version;
        return ServedModel.Refuse(version, answering) ?? new InferResponse(asked, answering, rows);
    }
}
