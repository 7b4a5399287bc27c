using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Trm.Core.Predictions;
using Trm.Gateway;
using Trm.Gateway.Access;
using Trm.Gateway.Host.Hosting;
using Trm.GrainInterfaces.Clients;
using Trm.Grains.Markets;
using Trm.Silo.Operations;
using Trm.Silo.Settings;
using Trm.Tests;
using YamlDotNet.RepresentationModel;
using GatewayProgram = Trm.Gateway.Host.Hosting.GatewayHost;
using SiloOptions = Trm.Silo.Settings.SiloOptions;

namespace Trm.Cluster.Tests.Deploy;

/// <summary>Container, Kubernetes and systemd files cannot be run everywhere: what they say of the program is held against it.</summary>
public sealed partial class DeployTests
{
    private const int GatewayPort = 8000;

    private static readonly SiloOptions Silo = new();
    private static readonly int OperatorPort = new Uri(Silo.OperatorUrls).Port;
    private static readonly string Dockerfile = DeployFile.Text("docker/Dockerfile");

    [Fact]
    public void Every_variable_is_a_setting_of_the_program()
    {
        var said = DeployFile.All.SelectMany(file => Variable().Matches(DeployFile.Text(file)).Select(match => (File: file, Name: match.Value))).Distinct().ToList();

        Assert.True(said.Count > 10);
        Assert.All(said, variable => Assert.True(IsSetting(variable.Name), $"{variable.File}: {variable.Name} sets nothing"));
    }

    [Fact]
    public void Every_image_of_ours_is_a_target_of_the_Dockerfile()
    {
        var targets = Target().Matches(Dockerfile).Select(match => $"trm-{match.Groups[1].Value}").ToHashSet();
        var images = Compose().Entries("services").Select(service => service.Value.Find("image"))
            .Concat(Workloads().SelectMany(workload => workload.Items("spec/template/spec/containers").Select(container => container.Find("image"))))
            .OfType<YamlScalarNode>().Select(image => image.Value!).Where(image => image.StartsWith("trm", StringComparison.Ordinal)).ToList();

        Assert.True(images.Count >= 6);
        Assert.Empty(images.Except(targets));
        Assert.Contains("trm-silo-cuda", targets);
    }

    [Fact]
    public void Every_image_starts_a_program_that_is_published_into_it()
    {
        foreach (Match publish in Published().Matches(Dockerfile))
            Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, publish.Groups[1].Value)), publish.Groups[1].Value);

        var programs = ProgramFile().Matches(Dockerfile).Select(match => match.Value).Distinct();
        Assert.Equal(["Trm.Gateway.Host.dll", "Trm.Silo.dll", "trm.dll"], programs.Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Trm.Silo.dll")) && File.Exists(Path.Combine(AppContext.BaseDirectory, "Trm.Gateway.Host.dll")));
        Assert.All(ProgramFile().Matches(DeployFile.Text("systemd/trm-silo.service") + DeployFile.Text("systemd/trm-gateway.service")), match => Assert.Contains(match.Value, programs));
    }

    [Fact]
    public void Ports_are_those_that_the_program_listens_on()
    {
        int[] silo = [OperatorPort, Silo.SiloPort, Silo.GatewayPort];
        Assert.Equal(silo.Order(), Ports(Deployment("trm-silo")).Order());
        Assert.Equal([GatewayPort], Ports(Deployment("trm-gateway")));
        Assert.Equal(silo.Order(), Compose().Items("services/silo/expose").Select(Number).Order());
        Assert.Equal([GatewayPort], Compose().Items("services/gateway/expose").Select(Number));
        Assert.Equal(
            [("trm-silo", OperatorPort), ("trm-gateway", GatewayPort)],
            DeployFile.Documents("prometheus/prometheus.yml")[0].Items("scrape_configs").Select(job => (job.At("job_name"), int.Parse(job.At("dns_sd_configs/0/port"), CultureInfo.InvariantCulture))));
        Assert.Contains($"gateway:{GatewayPort} check", DeployFile.Text("loadbalancer/haproxy.cfg"), StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {OperatorPort} {Silo.SiloPort} {Silo.GatewayPort}", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_and_checks_ask_routes_that_there_are()
    {
        await using var app = App();
        OperatorEndpoints.Map(app, new SiloOptions { Dashboard = false });
        var silo = Routes(app);
        await using var other = App();
        other.MapTrmGateway();
        var gateway = Routes(other);

        AssertProbes(Deployment("trm-silo"), silo);
        AssertProbes(Deployment("trm-gateway"), gateway);
        Assert.Contains(HealthCheck().Match(DeployFile.Text("loadbalancer/haproxy.cfg")).Groups[1].Value, gateway);
    }

    [Fact]
    public void Whatever_stops_a_silo_or_a_gateway_waits_longer_than_it_takes_to_hand_over()
    {
        var longest = Math.Max(Silo.DrainTimeout.TotalSeconds, new Microsoft.Extensions.Hosting.HostOptions().ShutdownTimeout.TotalSeconds);

        Assert.All(["trm-silo", "trm-gateway"], name => Assert.True(double.Parse(Deployment(name).At("spec/template/spec/terminationGracePeriodSeconds"), CultureInfo.InvariantCulture) > longest));
        Assert.All(["silo", "gateway"], name => Assert.True(double.Parse(Compose().At($"services/{name}/stop_grace_period").TrimEnd('s'), CultureInfo.InvariantCulture) > longest));
        Assert.All(["trm", "trm-silo", "trm-gateway"], name => Assert.True(double.Parse(StopSeconds().Match(DeployFile.Text($"systemd/{name}.service")).Groups[1].Value, CultureInfo.InvariantCulture) > longest));
    }

    [Fact]
    public void A_rollout_takes_no_silo_away_and_two_are_never_on_one_machine()
    {
        var silo = Deployment("trm-silo");
        Assert.Equal(("3", "0"), (silo.At("spec/replicas"), silo.At("spec/strategy/rollingUpdate/maxUnavailable")));
        Assert.Equal("kubernetes.io/hostname", silo.At("spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey"));
        Assert.Equal("2", Objects().Single(o => o.At("kind") == "PodDisruptionBudget" && o.At("metadata/name") == "trm-silo").At("spec/minAvailable"));
    }

    [Fact]
    public void No_pod_has_a_token_a_root_or_a_disk_to_write_on() => Assert.All(Workloads(), workload =>
    {
        var pod = workload.Find("spec/template/spec");
        Assert.Equal(("false", "true"), (pod.At("automountServiceAccountToken"), pod.At("securityContext/runAsNonRoot")));
        Assert.All(pod.Items("containers"), container =>
        {
            Assert.Equal(("false", "true", "ALL"), (container.At("securityContext/allowPrivilegeEscalation"), container.At("securityContext/readOnlyRootFilesystem"), container.At("securityContext/capabilities/drop/0")));
            Assert.NotEqual("", container.At("resources/limits/memory"));
        });
    });

    [Fact]
    public void Every_file_that_is_mounted_or_listed_is_there()
    {
        var mounts = Compose().Entries("services").SelectMany(service => service.Value.Items("volumes")).Select(volume => ((YamlScalarNode)volume).Value!.Split(':')[0]).Where(path => path.StartsWith("./", StringComparison.Ordinal));
        Assert.All(mounts, path => Assert.True(Path.Exists(Path.Combine(DeployFile.Root, path)), path));

        var resources = DeployFile.Documents("kubernetes/base/kustomization.yaml")[0].Items("resources").Select(name => ((YamlScalarNode)name).Value!);
        Assert.Equal(
            Directory.GetFiles(Path.Combine(DeployFile.Root, "kubernetes/base")).Select(Path.GetFileName).Where(name => name != "kustomization.yaml").Order(),
            resources.Order());

        var ignored = DeployFile.Text("docker/Dockerfile.dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]);
        Assert.All(ignored, path => Assert.True(Path.Exists(Path.Combine(SharedData.RepositoryRoot, path)), path));
    }

    [Fact]
    public void Its_version_is_the_programs() => Assert.All(
        DeployFile.Documents("kubernetes/base/kustomization.yaml")[0].Items("images"),
        image => Assert.Equal(typeof(GatewayOptions).Assembly.GetName().Version!.ToString(3), image.At("newTag")));

    [Fact]
    public void The_load_balancer_keeps_a_socket_longer_than_it_is_silent() =>
        Assert.True(TimeSpan.FromMinutes(int.Parse(TunnelMinutes().Match(DeployFile.Text("loadbalancer/haproxy.cfg")).Groups[1].Value, CultureInfo.InvariantCulture)) > new GatewayOptions().HeartbeatInterval * 2);

    private static bool IsSetting(string variable)
    {
        if (variable.StartsWith("OTEL_", StringComparison.Ordinal)) return variable is "OTEL_SERVICE_NAME" or "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" or "OTEL_TRACES_SAMPLER" or "OTEL_TRACES_SAMPLER_ARG";
        if (variable is "TRM_DATA" or "TRM_POSTGRES_PASSWORD" or "TRM_GRAFANA_PASSWORD") return true; // the data folder; compose's own
        var path = variable.Split("__")[1..];
        Type[] types = path[0] switch
        {
            "CLUSTER" => [typeof(TrmClusterOptions), typeof(SiloOptions)],
            "ACCESS" => [typeof(AccessOptions)],
            "GATEWAY" => [typeof(GatewayOptions)],
            "TELEMETRY" => [],
            _ => [typeof(SiloSettings), typeof(GatewaySettings)],
        };
        return path[0] == "TELEMETRY" ? path[1] is "PROMETHEUS" or "ORLEANS" : types.Any(type => type.GetProperty(path[^1], BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance) is not null);
    }

    private static WebApplication App()
    {
        var builder = WebApplication.CreateSlimBuilder();
        GatewayProgram.AddCluster(builder.Services);
        // A silo's routes are looked at, not asked.
        builder.Services.AddSingleton<ISiloStatusOracle>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IPredictionLog>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IMarketBook>(_ => throw new NotSupportedException());
        return builder.Build();
    }

    private static HashSet<string> Routes(WebApplication app) =>
        [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!)];

    private static void AssertProbes(YamlNode deployment, HashSet<string> routes)
    {
        var container = deployment.Find("spec/template/spec/containers/0");
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            Assert.Contains(container.At($"{probe}/httpGet/path"), routes);
            Assert.Contains(container.Items("ports"), port => port.At("name") == container.At($"{probe}/httpGet/port"));
        }
        Assert.Equal("/health/live", container.At("livenessProbe/httpGet/path"));
    }

    private static IEnumerable<int> Ports(YamlNode deployment) =>
        deployment.Items("spec/template/spec/containers/0/ports").Select(port => int.Parse(port.At("containerPort"), CultureInfo.InvariantCulture));

    private static int Number(YamlNode node) => int.Parse(((YamlScalarNode)node).Value!, CultureInfo.InvariantCulture);

    private static YamlMappingNode Compose() => DeployFile.Documents("compose.yaml")[0];

    private static YamlMappingNode Deployment(string name) => Objects().Single(o => o.At("kind") == "Deployment" && o.At("metadata/name") == name);

    private static IEnumerable<YamlMappingNode> Workloads() => Objects().Where(o => o.At("kind") is "Deployment" or "Job");

    private static IEnumerable<YamlMappingNode> Objects() =>
        Directory.GetFiles(Path.Combine(DeployFile.Root, "kubernetes/base"), "*.yaml").Where(path => Path.GetFileName(path) != "kustomization.yaml")
            .SelectMany(path => DeployFile.Documents(Path.GetRelativePath(DeployFile.Root, path)));

    [GeneratedRegex(@"\b(?:TRM_|OTEL_)[A-Z_]+[A-Z]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^FROM \S+ AS (serve|silo|silo-cuda|gateway)$", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Published();

    [GeneratedRegex(@"(?<=/)[A-Za-z.]+\.dll")]
    private static partial Regex ProgramFile();

    [GeneratedRegex(@"httpchk GET (\S+)")]
    private static partial Regex HealthCheck();

    [GeneratedRegex(@"^TimeoutStopSec=(\d+)$", RegexOptions.Multiline)]
    private static partial Regex StopSeconds();

    [GeneratedRegex(@"timeout tunnel (\d+)m")]
    private static partial Regex TunnelMinutes();
}
