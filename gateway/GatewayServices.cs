using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Trm.Gateway.Access;
using Trm.Gateway.Connections;
using Trm.Gateway.Dashboard;
using Trm.Gateway.OpenInference;
using Trm.Gateway.Rest;
using Trm.Gateway.Transport;

namespace Trm.Gateway;

/// <summary>Puts the gateway into a web application.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Registers the gateway. The host registers an <see cref="Core.Predictions.IPredictionFeed"/>, and as far as it
    /// has them an <see cref="Core.Predictions.IPredictor"/>, an <see cref="Bars.IBarReceiver"/>, an
    /// <see cref="Models.IModelReloader"/>, any <see cref="IReadinessCheck"/> and its own <see cref="TimeProvider"/>. Section
    /// <see cref="AccessOptions.Section"/> says who may come in; it holds for every route of the application.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Applied after section <c>Trm:Gateway</c>; a bad value stops the start and names its key.</param>
    public static IServiceCollection AddTrmGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        var options = services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);

        AccessServices.Add(services);
        services.ConfigureOptions<DirectConnection.Setup>();
        services.AddSingleton<MarketHeads>();
        services.AddSingleton(provider => new RecentPredictions(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.RecentLimit));
        services.AddSingleton<ReplayReader>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<Housekeeper>();
        services.TryAddSingleton(_ => DashboardAssets.Built);
        services.AddHostedService<FanOut>();
        services.AddHostedService(provider => provider.GetRequiredService<Housekeeper>());

        services.AddSingleton<IProblemDetailsWriter, OpenInferenceErrors>(); // before the writer of problems, which writes any
        services.AddProblemDetails(problem => problem.CustomizeProblemDetails = Problems.Complete);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // and so says OpenAPI: a number is no string
        });
        services.AddOpenApi("v1", openApi =>
        {
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "Trm.Orleans";
                document.Info.Description = "Strategy predictions: markets, their logs, live streams and the model. Errors are problem+json with a stable code.";
                return Task.CompletedTask;
            });
            openApi.AddDocumentTransformer<OpenApiSecurity>().AddOperationTransformer<OpenApiSecurity>();
        });
        return services;
    }

    /// <summary>
    /// Maps everything the gateway serves: <c>/ws/{client_id}</c>, the REST routes, the Open Inference Protocol below
    /// <c>/v2</c>, <c>/openapi/v1.json</c> and the dashboard at <c>/</c>. Errors of every route become problem+json, those
    /// below <c>/v2</c> the protocol's <c>{"error": "…"}</c>.
    /// </summary>
    public static WebApplication MapTrmGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        AccessServices.Use(app);
        StreamEndpoints.Map(app);
        HealthEndpoints.Map(app);
        MarketEndpoints.Map(app);
        ModelEndpoints.Map(app);
        BarEndpoints.Map(app);
        OpenInferenceEndpoints.Map(app);
        DashboardEndpoint.Map(app);
        app.MapOpenApi().AllowAnonymous(); // It holds nothing of the markets, and says how to show a key.
        return app;
    }
}
