package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.testkit.access.ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The compose file, without an engine. {@code docker/try} runs it. */
class ComposeTest {
    private static final Path DOCKER = Yaml.ROOT.resolve("docker");
    private static final Map<String, ServiceAccount> ACCOUNTS = Map.of(
            "ingest-service", ServiceAccount.INGEST,
            "cache-writer", ServiceAccount.CACHE_WRITER,
            "reconciler", ServiceAccount.RECONCILER,
            "position-service", ServiceAccount.POSITIONS);
    private static final Map<String, Integer> SERVICES =
            Map.of("position-service", 8080, "cache-writer", 8081, "reconciler", 8082, "ingest-service", 8083);

    @Test
    void everyServiceIsLockedUpAndOnLoopback() {
        JsonNode services = compose().path("services");
        SERVICES.forEach((name, port) -> {
            JsonNode service = merged(services.path(name));
            assertThat(service.path("read_only").asBoolean()).as(name).isTrue();
            assertThat(service.path("cap_drop").path(0).asText()).as(name).isEqualTo("ALL");
            assertThat(service.path("mem_limit").asText()).as(name).isNotEmpty();
            assertThat(service.path("ports").path(0).asText()).isEqualTo("127.0.0.1:" + port + ":" + port);
        });
        services.forEach(service ->
                service.path("ports").forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:")));
    }

    @Test
    void secretsAreFiles() {
        List<String> values = new ArrayList<>();
        compose().path("services").forEach(service -> merged(service.path("environment"))
                .fieldNames()
                .forEachRemaining(name -> {
                    if (name.matches(".*(PASSWORD|TOKEN)")) {
                        values.add(name);
                    }
                }));
        assertThat(values).isEmpty();
        compose().path("secrets").forEach(secret -> assertThat(
                        secret.path("file").asText())
                .startsWith("${TIDEMARK_SECRETS:-./secrets}/"));
    }

    @Test
    void everyServiceComesAsItselfAndSeesNobodyElsesPassword() {
        ACCOUNTS.forEach((name, account) -> {
            JsonNode service = compose().path("services").path(name);
            List<String> secrets = new ArrayList<>();
            service.path("secrets").forEach(secret -> secrets.add(secret.asText()));
            assertThat(secrets)
                    .containsExactlyInAnyOrder(account.userName(), "admin_token", "operator_token", "viewer_token");
            JsonNode environment = merged(service.path("environment"));
            assertThat(environment.path("TIDEMARK_SOURCE_USER").asText()).isEqualTo(account.role());
            assertThat(environment.path("TIDEMARK_REDIS_USER").asText())
                    .isEqualTo(account == ServiceAccount.INGEST ? "" : account.userName());
            environment.fields().forEachRemaining(variable -> {
                if (variable.getKey().endsWith("_FILE")) {
                    assertThat(variable.getValue().asText()).startsWith("/run/secrets/");
                    assertThat(secrets).contains(variable.getValue().asText().substring("/run/secrets/".length()));
                }
            });
        });
    }

    @Test
    void everySecretIsMadeBefore() throws IOException {
        String prepare = Files.readString(DOCKER.resolve("prepare"));
        for (String file : List.of("compose.yaml", "compose.https.yaml")) {
            Yaml.of(DOCKER.resolve(file)).path("secrets").fieldNames().forEachRemaining(secret -> assertThat(prepare)
                    .containsPattern("(?m)(^|[ /\"])" + secret + "($|[ ;\"])"));
        }
    }

    @Test
    void byHttpsWhoAsksAServiceTrustsItsCertificate() throws IOException {
        JsonNode services = Yaml.of(DOCKER.resolve("compose.https.yaml")).path("services");
        for (String name : SERVICES.keySet()) {
            JsonNode environment = merged(services.path(name).path("environment"));
            assertThat(environment.path("TIDEMARK_HTTP_SSLCERT").asText()).isEqualTo("/run/secrets/http_cert");
            assertThat(environment.path("TIDEMARK_HTTP_SSLKEY").asText()).isEqualTo("/run/secrets/http_key");
        }
        JsonNode reconciler = merged(services.path("reconciler").path("environment"));
        assertThat(reconciler.path("TIDEMARK_CACHE_WRITER_URL").asText()).isEqualTo("https://cache-writer:8081");
        assertThat(reconciler.path("TIDEMARK_HTTP_SSLROOTCERT").asText()).isEqualTo("/run/secrets/http_authority");
        ObjectNode encrypted = (ObjectNode)
                Yaml.of(DOCKER.resolve("monitoring/prometheus.https.yml")).at("/scrape_configs/0");
        assertThat(encrypted.remove("scheme").asText()).isEqualTo("https");
        assertThat(encrypted.remove("tls_config").path("ca_file").asText()).isEqualTo("/run/secrets/http_authority");
        assertThat(encrypted)
                .isEqualTo(Yaml.of(DOCKER.resolve("monitoring/prometheus.yml")).at("/scrape_configs/0"));
    }

    @Test
    void everyFileThatIsMountedIsThere() {
        List<Path> files = new ArrayList<>();
        for (JsonNode service : compose().path("services")) {
            service.path("volumes").forEach(volume -> {
                String from = volume.asText().split(":")[0];
                if (from.startsWith(".")) {
                    files.add(DOCKER.resolve(from).normalize());
                }
            });
        }
        assertThat(files).hasSizeGreaterThan(4).allMatch(Files::exists);
    }

    @Test
    void prometheusAsksEveryServiceAtItsPort() throws Exception {
        List<String> targets = new ArrayList<>();
        Yaml.of(DOCKER.resolve("monitoring/prometheus.yml"))
                .at("/scrape_configs/0/static_configs/0/targets")
                .forEach(target -> targets.add(target.asText()));
        assertThat(targets)
                .containsExactlyInAnyOrderElementsOf(SERVICES.entrySet().stream()
                        .map(service -> service.getKey() + ":" + service.getValue())
                        .toList());
        for (String file : List.of("prometheus.yml", "prometheus.https.yml")) {
            Tool.Said said = Tool.orSkip("promtool", "prometheus")
                    .run(DOCKER, "check", "config", "--syntax-only", "monitoring/" + file);
            assertThat(said.exitCode()).as(said.words()).isZero();
        }
    }

    private static JsonNode compose() {
        try {
            return Yaml.of(DOCKER.resolve("compose.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With what {@code <<} brings in, which compose merges and JSON does not. */
    private static JsonNode merged(JsonNode node) {
        if (!node.has("<<")) {
            return node;
        }
        ObjectNode all = node.path("<<").deepCopy();
        node.fields().forEachRemaining(member -> all.set(member.getKey(), member.getValue()));
        return all;
    }
}
