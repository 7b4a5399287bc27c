using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Trm.Gateway.Protocol;
using Trm.Gateway.Rest;

namespace Trm.Gateway.OpenInference;

/// <summary>
/// Every error below <c>/v2</c> in the protocol's form, <c>{"error": "…"}</c>: those of the routes, of exceptions and of
/// the framework (no such route, wrong method, wrong type). Its clients read nothing else.
/// </summary>
internal sealed class OpenInferenceErrors : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(OpenInferenceEndpoints.Root);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var text = context.ProblemDetails.Detail ?? Text(context.HttpContext.Response.StatusCode, context.HttpContext.Request);
        await new JsonBytes(JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", text);
            json.WriteEndObject();
        })).ExecuteAsync(context.HttpContext);
    }

    private static string Text(int status, HttpRequest request) => status == StatusCodes.Status415UnsupportedMediaType
        ? $"the Content-Type is '{ProtocolJson.Shown(request.ContentType ?? "")}'; send {OpenInferenceEndpoints.JsonType} or {InferResponse.BinaryType}"
        : $"{ReasonPhrases.GetReasonPhrase(status)}: {request.Method} {request.Path}; /openapi/v1.json says which routes there are and what they take";
}
