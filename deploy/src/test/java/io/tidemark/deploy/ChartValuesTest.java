package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that the chart refuses, and the words. */
class ChartValuesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cacheWriter: {replicas: two}                   | at '/cacheWriter/replicas': got string, want integer",
                "cacheWriter: {replicas: 0}                     | at '/cacheWriter/replicas': minimum: got 0, want 1",
                "ingestService: {replicas: 2}                   | at '/ingestService': additional properties 'replicas' not allowed",
                "cachewriter: {replicas: 2}                     | additional properties 'cachewriter' not allowed",
                "kafka: {bootstrap: kafka}                      | at '/kafka/bootstrap': 'kafka' does not match pattern",
                "source: {url: 'mysql://db/shop'}               | at '/source/url': 'mysql://db/shop' does not match pattern",
                "redis: {url: 'redis.internal'}                 | at '/redis/url': 'redis.internal' does not match pattern",
                "image: {tag: 1.2}                              | at '/image/tag': got number, want string",
                "image: {pullPolicy: Sometimes}                 | at '/image/pullPolicy': value must be one of",
                "reconciler: {resources: {limits: {memory: lots}}} | at '/reconciler/resources/limits/memory'",
                "reconciler: {env: {TIDEMARK_SOURCE_PASSWORD: secret}} | expected no secret in reconciler.env, found TIDEMARK_SOURCE_PASSWORD; put it into a secret, name that in secretFiles, and give TIDEMARK_SOURCE_PASSWORD_FILE",
                "tokens: {roles: [viewer]}                      | at '/tokens/roles': no items match contains schema",
                "feed: {url: 'https://orders.example.com'}      | at '/feed/stores': minItems: got 0, want 1",
                "networkPolicy: {to: {ports: [70000]}}          | at '/networkPolicy/to/ports/0': maximum: got 70,000, want 65,535",
                "source: {url: 'postgresql://tidemark:hidden1@db/shop'} | expected source.url without a password, found one; take it out and name a secret in source.passwordSecret",
                "redis: {url: 'redis://:hidden1@redis'}         | expected redis.url without a password, found one; take it out and name a secret in redis.passwordSecret",
                "redis: {nodes: 'redis-2:6379'}                 | expected positionService.redisUrl",
                "pipelineConfigMap: mine                        | expected pipeline or pipelineConfigMap, found both",
                "pipeline: ''                                   | expected the pipeline file, found none; give it with --set-file pipeline=tidemark.yaml",
                "tokens: {secret: ''}                           | expected tokens.secret, found none; give the name of a secret with the key admin",
                "source: {tls: {secret: db, sslcert: tls.crt}}  | at '/source/tls/sslkey': minLength: got 0, want 1",
                "redis: {url: 'rediss://redis', tls: {secret: redis, sslkey: tls.key}} | at '/redis/tls/sslcert': minLength: got 0, want 1",
                "kafka: {protocol: ssl, tls: {sslcert: tls.crt, sslkey: tls.key}} | at '/kafka/tls/secret': minLength: got 0, want 1",
                "http: {tls: {secret: shop-tls, sslkey: ''}}    | at '/http/tls/sslkey': minLength: got 0, want 1",
                "http: {tls: {certificate: tls.crt}}            | at '/http/tls': additional properties 'certificate' not allowed",
                "redis: {tls: {secret: redis}}                  | at '/redis/url': 'redis://redis:6379' does not match pattern '^(rediss",
                "kafka: {tls: {secret: kafka}}                  | at '/kafka/protocol': value must be one of 'ssl', 'sasl_ssl'",
                "kafka: {protocol: sasl_ssl}                    | at '/kafka/logins': minLength: got 0, want 1",
                "kafka: {user: tidemark}                        | at '/kafka/protocol': value must be one of 'sasl_plaintext', 'sasl_ssl'",
                "kafka: {protocol: SSL}                         | at '/kafka/protocol': value must be one of",
                "source: {sslmode: verify}                      | at '/source/sslmode': value must be one of",
                "source: {logins: logins}                       | expected source.logins or source.passwordSecret, found both; take one of them away",
                "source: {logins: logins, passwordSecret: {name: ''}} | expected source.url without a user beside source.logins",
                "source: {url: ''}                              | expected source.url, found none; give --set source.url=postgresql://tidemark@db:5432/shop",
            })
    void aValueThatCannotBeIsRefusedWithItsPlace(String values, String words) throws IOException {
        assertThatThrownBy(() -> new Chart(folder).render(merged(values)))
                .hasMessageContaining(words)
                .message()
                .doesNotContain("hidden1");
    }

    @Test
    void aPasswordInThePipelineFileIsRefusedWithoutShowingIt() {
        for (String line : List.of("{password: hidden1}", "{url: 'redis://:hidden1@redis'}")) {
            String values = merged("pipeline: |\n  tidemark: 1\n  redis: " + line);
            assertThatThrownBy(() -> new Chart(folder).render(values))
                    .hasMessageContaining("expected a pipeline file without a password")
                    .message()
                    .doesNotContain("hidden1");
        }
    }

    @Test
    void everySettingStandsInTheValuesWithItsDefault() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        List<String> missing = new ArrayList<>();
        missing(schema, Yaml.of(Chart.FOLDER.resolve("values.yaml")), "", missing);
        assertThat(missing).containsExactly("/global");
    }

    private static void missing(JsonNode schema, JsonNode values, String path, List<String> missing) {
        schema.path("properties").fields().forEachRemaining(property -> {
            String name = path + "/" + property.getKey();
            if (!values.has(property.getKey())) {
                missing.add(name);
            } else {
                missing(property.getValue(), values.path(property.getKey()), name, missing);
            }
        });
    }

    /** The least values with one key's said anew: as a second values file would. */
    private static String merged(String values) {
        ObjectNode all = (ObjectNode) Yaml.documents(Chart.LEAST).get(0);
        merge(all, Yaml.documents(values).get(0));
        return all.toString();
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.fields().forEachRemaining(member -> {
            if (into.get(member.getKey()) instanceof ObjectNode inner
                    && member.getValue().isObject()) {
                merge(inner, member.getValue());
            } else {
                into.set(member.getKey(), member.getValue());
            }
        });
    }
}
