using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Trm.Core;

namespace Trm.Gateway.Rest;

/// <summary>Every error of the REST side: problem+json with a stable <c>code</c>.</summary>
internal static class Problems
{
    private const string CodeKey = "code";

    public static IResult Of(int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { [CodeKey] = code });

    /// <summary>Gives a code to problems that the framework made (404 of no route, 405, 415), and has no cache keep any.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions.TryAdd(CodeKey, CodeOf(problem.Status ?? 500));
        problem.Instance ??= context.HttpContext.Request.Path;
        context.HttpContext.Response.Headers.CacheControl = HttpCache.Nothing;
    }

    /// <summary>The HTTP status of an error: the caller's when what was sent is at fault, else this service's.</summary>
    public static int StatusOf(TrmException error) => error.Code switch
    {
        "unknown_market" => StatusCodes.Status404NotFound,
        "bad_json" or "invalid_features" or "feature_set_mismatch" or "invalid_limit" or "invalid_inference" or "invalid_bars" or "empty_file" or "bad_header" => StatusCodes.Status400BadRequest,
        "overloaded" or "predictor_closed" or "cluster_unavailable" => StatusCodes.Status503ServiceUnavailable,
        _ when error.Code.StartsWith("storage_", StringComparison.Ordinal) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The request's body as JSON.</summary>
    /// <exception cref="TrmException"><c>bad_json</c>: it is none.</exception>
    public static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, default, cancellation);
        }
        catch (JsonException error)
        {
            throw new TrmException("bad_json", $"the body is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine})", error);
        }
    }

    public static string CodeOf(int status) =>
        ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
            ? JsonNamingPolicy.SnakeCaseLower.ConvertName(phrase.Replace(" ", "", StringComparison.Ordinal))
            : "error";
}

/// <summary>Turns exceptions into problems; what a caller cannot act on is logged and told without its details.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, code, detail) = exception switch
        {
            TrmException error => (Problems.StatusOf(error), error.Code, error.PublicMessage),
            BadHttpRequestException error => (error.StatusCode, Problems.CodeOf(error.StatusCode), error.Message),
            _ => (StatusCodes.Status500InternalServerError, "internal_error", "the request failed; the server's log says why"),
        };
        if (status >= 500) Log.RequestFailed(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails = { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail, Extensions = { ["code"] = code } },
        });
    }
}
