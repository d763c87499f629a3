package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.tls.HttpTls;
import io.tidemark.testkit.access.ServiceAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the chart's services are to the servers, and what is encrypted. */
class ChartAccessTest {
    private static final String SECURED = """
            pipeline: |
              tidemark: 1
              caches:
                product: {table: public.products, key: "product:{id}"}
            source: {url: "postgresql://db:5432/shop", logins: logins, sslmode: verify-full, tls: {secret: db, sslcert: tls.crt, sslkey: tls.key}}
            kafka: {bootstrap: "kafka:9093", protocol: sasl_ssl, logins: logins, tls: {secret: kafka}}
            redis: {url: "rediss://redis:6380", logins: logins, tls: {secret: redis}}
            http: {tls: {secret: shop-tls}}
            tokens: {secret: tidemark-tokens, roles: [admin, operator, viewer]}
            metrics: {serviceMonitor: {enabled: true}}
            """;
    private static final Map<String, ServiceAccount> ACCOUNTS = Map.of(
            "ingest-service", ServiceAccount.INGEST,
            "cache-writer", ServiceAccount.CACHE_WRITER,
            "reconciler", ServiceAccount.RECONCILER,
            "position-service", ServiceAccount.POSITIONS);

    @TempDir
    Path folder;

    @Test
    void eachServiceComesAsTheUserThatTheScriptsMake() throws IOException {
        List<JsonNode> pods = Chart.pods(new Chart(folder).render(SECURED));
        assertThat(pods).hasSize(4);
        for (JsonNode pod : pods) {
            ServiceAccount account = ACCOUNTS.get(service(pod));
            assertThat(PodEnvironment.variable(pod, "TIDEMARK_SOURCE_USER")).isEqualTo(account.role());
            assertThat(PodEnvironment.variable(pod, "TIDEMARK_KAFKA_USER")).isEqualTo(account.userName());
            boolean knowsRedis = account != ServiceAccount.INGEST;
            assertThat(PodEnvironment.variable(pod, "TIDEMARK_REDIS_USER"))
                    .isEqualTo(knowsRedis ? account.userName() : "");
            // Of the logins a pod sees its own and no other.
            TreeSet<String> keys = new TreeSet<>();
            pod.at("/spec/volumes")
                    .forEach(volume -> volume.at("/projected/sources").forEach(source -> {
                        if (source.at("/secret/name").asText().equals("logins")) {
                            source.at("/secret/items")
                                    .forEach(item -> keys.add(item.path("key").asText()));
                        }
                    }));
            assertThat(keys).containsExactly(account.userName());
            assertThat(PodEnvironment.notMounted(pod)).isEmpty();
        }
    }

    @Test
    void theServicesUnderstandItAndEverythingIsEncrypted() throws IOException {
        for (JsonNode pod : Chart.pods(new Chart(folder).render(SECURED))) {
            Map<String, String> environment = PodEnvironment.of(pod, folder);
            Pipeline pipeline = PipelineFile.fromEnvironment(environment).pipeline();
            assertThat(pipeline.source().requireDatabase().user())
                    .isEqualTo(ACCOUNTS.get(service(pod)).role());
            assertThat(pipeline.kafka().properties())
                    .containsKeys("security.protocol", "sasl.jaas.config", "ssl.truststore.certificates");
            assertThat(HttpTls.settings(environment, "8080")).containsKey("micronaut.server.ssl.enabled");
            AccessTokens tokens =
                    AccessTokens.of(environment, prefix(pod), EnumSet.allOf(Role.class), folder.resolve("no"));
            assertThat(tokens.roleOf("secret of the file /etc/tidemark/secrets/token-operator"))
                    .contains(Role.OPERATOR);
        }
    }

    @Test
    void whoAsksTheServicesAsksThemByHttps() throws IOException {
        List<JsonNode> manifests = new Chart(folder).render(SECURED);
        for (JsonNode pod : Chart.pods(manifests)) {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(pod.at("/spec/containers/0/" + probe + "/httpGet/scheme")
                                .asText())
                        .isEqualTo("HTTPS");
            }
            if (service(pod).equals("reconciler")) {
                assertThat(PodEnvironment.variable(pod, "TIDEMARK_CACHE_WRITER_URL"))
                        .isEqualTo("https://shop-tidemark-cache-writer.shop.svc:8081");
                assertThat(PodEnvironment.variable(pod, "TIDEMARK_CACHE_WRITER_TOKEN_FILE"))
                        .endsWith("token-operator");
                assertThat(PodEnvironment.variable(pod, "TIDEMARK_HTTP_SSLROOTCERT"))
                        .isEqualTo("/etc/tidemark/secrets/http-sslrootcert");
            }
        }
        JsonNode endpoint = Chart.one(manifests, "ServiceMonitor", "tidemark").at("/spec/endpoints/0");
        assertThat(endpoint.path("scheme").asText()).isEqualTo("https");
        assertThat(endpoint.at("/tlsConfig/ca/secret/name").asText()).isEqualTo("shop-tls");
        assertThat(endpoint.at("/tlsConfig/serverName").asText()).matches("shop-tidemark-.*\\.shop\\.svc");
        assertThat(endpoint.at("/authorization/credentials/key").asText()).isEqualTo("viewer");
    }

    @Test
    void everySecuredManifestIsWhatKubernetesDescribes() throws Exception {
        for (JsonNode manifest : new Chart(folder).render(SECURED)) {
            assertThat(KubernetesModels.problem(manifest))
                    .as(manifest.at("/metadata/name").asText())
                    .isEmpty();
        }
    }

    @Test
    void withoutASecretItIsHttpAndOneLogin() throws IOException {
        List<JsonNode> manifests =
                new Chart(folder).render(Chart.LEAST + "metrics: {serviceMonitor: {enabled: true}}\n");
        for (JsonNode pod : Chart.pods(manifests)) {
            assertThat(pod.at("/spec/containers/0/livenessProbe/httpGet/scheme").asText())
                    .isEqualTo("HTTP");
            for (JsonNode variable : pod.at("/spec/containers/0/env")) {
                assertThat(variable.path("name").asText()).doesNotMatch(".*(_USER|SSL[A-Z]*)");
            }
        }
        assertThat(Chart.one(manifests, "ServiceMonitor", "tidemark")
                        .at("/spec/endpoints/0")
                        .has("scheme"))
                .isFalse();
    }

    private static String service(JsonNode pod) {
        return pod.at("/spec/containers/0/name").asText();
    }

    private static String prefix(JsonNode pod) {
        return switch (ACCOUNTS.get(service(pod))) {
            case INGEST -> "TIDEMARK_INGEST";
            case CACHE_WRITER -> "TIDEMARK_CACHE";
            case RECONCILER -> "TIDEMARK_RECONCILER";
            default -> "TIDEMARK_POSITIONS";
        };
    }
}
