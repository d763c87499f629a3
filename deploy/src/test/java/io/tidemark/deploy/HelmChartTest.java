package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart makes, rendered by Helm itself. */
class HelmChartTest {
    private static final String EVERYTHING = Chart.LEAST + """
            image: {registry: "registry.example.com/tidemark", tag: "1.2", pullSecrets: [pull]}
            secretFiles: [{name: kafka-stores, path: /etc/tidemark/kafka-stores}]
            feed: {url: "https://orders.example.com/{store}", stores: [NATUR, PURNA], tokensSecret: feed, limits: "5/s,50/min"}
            waitForTables: true
            cacheWriter: {replicas: 3, env: {TIDEMARK_MOST_ROW_MEGABYTES: 16}, nodeSelector: {disk: ssd}}
            reconciler: {replicas: 2}
            positionService: {storage: {size: 2Gi, className: fast}}
            networkPolicy: {from: [{namespaceSelector: {matchLabels: {name: monitoring}}}], to: {peers: [{ipBlock: {cidr: 10.0.0.0/8}}]}}
            metrics:
              serviceMonitor: {enabled: true, labels: {release: prometheus}}
              prometheusRule: {enabled: true}
              dashboards: {enabled: true}
            """;

    @TempDir
    Path folder;

    @Test
    void helmHasNothingToSayAgainstIt() {
        assertThat(Chart.lint().isFailed())
                .as(Chart.lint().getMessages().toString())
                .isFalse();
    }

    @Test
    void everyManifestIsWhatKubernetesDescribes() throws Exception {
        for (String values : List.of(Chart.LEAST, EVERYTHING)) {
            List<JsonNode> manifests = new Chart(folder).render(values);
            assertThat(manifests).hasSizeGreaterThan(14);
            for (JsonNode manifest : manifests) {
                assertThat(KubernetesModels.problem(manifest))
                        .as(manifest.path("metadata").path("name").asText())
                        .isEmpty();
            }
        }
    }

    @Test
    void aManifestThatIsNoneIsNoticed() throws Exception {
        JsonNode good = Chart.one(new Chart(folder).render(Chart.LEAST), "Deployment", "cache-writer");
        ObjectNode unknown = good.deepCopy();
        ((ObjectNode) unknown.at("/spec/template/spec")).put("automountServiceToken", false);
        ObjectNode text = good.deepCopy();
        ((ObjectNode) text.at("/spec")).put("replicas", "2");
        ObjectNode lacking = good.deepCopy();
        ((ObjectNode) lacking.at("/spec")).remove("selector");
        for (JsonNode bad : List.of(unknown, text, lacking)) {
            assertThat(KubernetesModels.problem(bad)).isPresent();
        }
    }

    @Test
    void everyPodIsLockedUpBoundedAndLookedAt() throws IOException {
        List<JsonNode> pods = Chart.pods(new Chart(folder).render(EVERYTHING));
        assertThat(pods).hasSize(4);
        for (JsonNode pod : pods) {
            JsonNode spec = pod.path("spec");
            assertThat(spec.path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            assertThat(spec.path("enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            JsonNode container = spec.at("/containers/0");
            JsonNode locks = container.path("securityContext");
            assertThat(locks.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(locks.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(locks.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/liveness");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/readiness");
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/liveness");
            assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
            assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
        }
    }

    @Test
    void oneReadsTheSlotAndWritersAreSpread() throws IOException {
        List<JsonNode> manifests = new Chart(folder).render(EVERYTHING);
        JsonNode ingest = Chart.one(manifests, "Deployment", "ingest-service").path("spec");
        assertThat(ingest.path("replicas").asInt()).isEqualTo(1);
        assertThat(ingest.at("/strategy/type").asText()).isEqualTo("Recreate");
        JsonNode writer = Chart.one(manifests, "Deployment", "cache-writer").path("spec");
        assertThat(writer.path("replicas").asInt()).isEqualTo(3);
        assertThat(writer.at("/template/spec/topologySpreadConstraints")).hasSize(2);
        assertThat(names(manifests, "PodDisruptionBudget"))
                .containsExactlyInAnyOrder("shop-tidemark-cache-writer", "shop-tidemark-reconciler");
        assertThat(names(manifests, "NetworkPolicy")).hasSize(4);
        assertThat(Chart.one(manifests, "StatefulSet", "position-service")
                        .at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("2Gi");
    }

    @Test
    void captureOnAConnectClusterLeavesIngestServiceOut() throws IOException {
        List<JsonNode> manifests = new Chart(folder).render(Chart.LEAST + "ingestService: {enabled: false}\n");
        assertThat(names(manifests, "Deployment"))
                .containsExactlyInAnyOrder("shop-tidemark-cache-writer", "shop-tidemark-reconciler");
        assertThat(names(manifests, "Service")).hasSize(3);
    }

    @Test
    void secretsAreOnlyNamed() throws IOException {
        List<JsonNode> manifests = new Chart(folder).render(EVERYTHING);
        assertThat(names(manifests, "Secret")).isEmpty();
        for (JsonNode pod : Chart.pods(manifests)) {
            pod.at("/spec/containers/0/env").forEach(variable -> {
                String name = variable.path("name").asText();
                assertThat(name.matches(".*(PASSWORD|TOKEN)")).as(name).isFalse();
                assertThat(variable.path("value").isTextual()).as(name).isTrue();
            });
        }
    }

    @Test
    void theServicesUnderstandWhatTheirPodsAreTold() throws Exception {
        for (JsonNode pod : Chart.pods(new Chart(folder).render(EVERYTHING))) {
            Pipeline pipeline =
                    PipelineFile.fromEnvironment(PodEnvironment.of(pod, folder)).pipeline();
            assertThat(pipeline.source().requireDatabase().user()).isEqualTo("tidemark");
            assertThat(pipeline.kafka().requireBootstrap()).isEqualTo("kafka-1:9092,kafka-2:9092");
        }
    }

    @Test
    void everyFileThatAVariableNamesIsMounted() throws IOException {
        for (JsonNode pod : Chart.pods(new Chart(folder).render(EVERYTHING))) {
            assertThat(PodEnvironment.notMounted(pod)).isEmpty();
        }
    }

    @Test
    void alertsAndDashboardsAreThoseOfTheirFolders() throws IOException {
        List<JsonNode> manifests = new Chart(folder).render(EVERYTHING);
        JsonNode rules = Yaml.of(Yaml.DEPLOY.resolve("prometheus/tidemark-rules.yml"));
        assertThat(Chart.one(manifests, "PrometheusRule", "tidemark").path("spec"))
                .isEqualTo(rules);
        try (Stream<Path> dashboards = Files.list(Yaml.DEPLOY.resolve("grafana"))) {
            for (Path dashboard :
                    dashboards.filter(f -> f.toString().endsWith(".json")).toList()) {
                String name = dashboard.getFileName().toString();
                String end = name.replace("tidemark-", "dashboard-").replace(".json", "");
                assertThat(Chart.one(manifests, "ConfigMap", end)
                                .path("data")
                                .path(name)
                                .asText()
                                .strip())
                        .isEqualTo(Files.readString(dashboard).strip());
            }
        }
        // The alert of a service that is down looks at this job.
        assertThat(Chart.one(manifests, "ServiceMonitor", "tidemark")
                        .at("/spec/endpoints/0/relabelings/0/replacement")
                        .asText())
                .isEqualTo("tidemark");
    }

    private static List<String> names(List<JsonNode> manifests, String kind) {
        List<String> names = new ArrayList<>();
        manifests.stream()
                .filter(manifest -> manifest.path("kind").asText().equals(kind))
                .forEach(manifest -> names.add(manifest.at("/metadata/name").asText()));
        return names;
    }
}
