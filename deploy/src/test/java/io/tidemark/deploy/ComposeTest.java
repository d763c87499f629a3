package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The compose file, without an engine. {@code docker/try} runs it. */
class ComposeTest {
    private static final Path DOCKER = Yaml.ROOT.resolve("docker");
    private static final Map<String, Integer> SERVICES =
            Map.of("position-service", 8080, "cache-writer", 8081, "reconciler", 8082, "ingest-service", 8083);

    @Test
    void everyServiceIsLockedUpAndOnLoopback() throws IOException {
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
    void secretsAreFiles() throws IOException {
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
    void everyFileThatIsMountedIsThere() throws IOException {
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
        Tool.Said said = Tool.orSkip("promtool", "prometheus")
                .run(DOCKER, "check", "config", "--syntax-only", "monitoring/prometheus.yml");
        assertThat(said.exitCode()).as(said.words()).isZero();
    }

    private static JsonNode compose() throws IOException {
        return Yaml.of(DOCKER.resolve("compose.yaml"));
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
