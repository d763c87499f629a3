package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Helm chart, rendered by Helm itself. */
final class Chart {
    static final Path FOLDER = Yaml.DEPLOY.resolve("helm/tidemark");

    /** What has to be given, and no more. */
    static final String LEAST = """
            pipeline: |
              tidemark: 1
              caches:
                product: {table: public.products, key: "product:{id}"}
            source: {url: "postgresql://tidemark@db:5432/shop", passwordSecret: {name: shop-db}}
            kafka: {bootstrap: "kafka-1:9092,kafka-2:9092"}
            redis: {url: "redis://redis:6379"}
            tokens: {secret: tidemark-tokens}
            """;

    private static final String KUBERNETES = "1.34.0";

    private final Path folder;

    /** @param folder for the values' file */
    Chart(Path folder) {
        this.folder = folder;
    }

    /**
     * The manifests that some values give, as the release {@code shop}.
     *
     * @throws IllegalStateException with Helm's words, when it refuses
     */
    List<JsonNode> render(String values) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values);
        return Yaml.documents(new Helm(FOLDER)
                .template()
                .withName("shop")
                .withNamespace("shop")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(file)
                .call());
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** The one manifest of a kind whose name ends so. */
    static JsonNode one(List<JsonNode> manifests, String kind, String end) {
        List<JsonNode> found = manifests.stream()
                .filter(m -> m.path("kind").asText().equals(kind))
                .filter(m -> m.at("/metadata/name").asText().endsWith(end))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + " whose name ends with " + end + ", found " + found);
        }
        return found.get(0);
    }

    /** The pods' templates, by the service. */
    static List<JsonNode> pods(List<JsonNode> manifests) {
        return manifests.stream()
                .map(manifest -> manifest.at("/spec/template"))
                .filter(template -> !template.isMissingNode())
                .toList();
    }
}
