package io.tidemark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Kubernetes' OpenAPI description as its Java client has it: whether a manifest has only members that are known, all that are
 * required, each of its type. It knows no rule that the API server adds to that.
 */
final class KubernetesModels {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the Prometheus operator: not Kubernetes' own. */
    private static final Set<String> STRANGE = Set.of("ServiceMonitor", "PrometheusRule");

    private KubernetesModels() {}

    /** Why it is no such thing, or empty when it is. */
    static Optional<String> problem(JsonNode manifest) throws IOException, ReflectiveOperationException {
        String kind = manifest.path("kind").asText();
        if (STRANGE.contains(kind)) {
            return Optional.empty();
        }
        String text = JSON.writeValueAsString(manifest);
        try {
            Class<?> model = Class.forName("io.kubernetes.client.openapi.models.V1" + kind);
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, JsonParser.parseString(text));
            Object read = model.getMethod("fromJson", String.class).invoke(null, text);
            // What it reads and writes again is what stood there: no text for a number, nothing left out.
            return difference(
                    JSON.readTree(model.getMethod("toJson").invoke(read).toString()), manifest, kind);
        } catch (ClassNotFoundException e) {
            return Optional.of("Kubernetes has no " + kind);
        } catch (InvocationTargetException e) {
            return Optional.of(kind + ": " + e.getCause());
        }
    }

    /** Where a manifest says what was not read so; the client adds empty lists, and writes amounts in its own way. */
    private static Optional<String> difference(JsonNode read, JsonNode manifest, String path) {
        if (manifest.isObject()) {
            return manifest.properties().stream()
                    .map(member ->
                            difference(read.path(member.getKey()), member.getValue(), path + "/" + member.getKey()))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (manifest.isArray()) {
            return IntStream.range(0, manifest.size())
                    .mapToObj(i -> difference(read.path(i), manifest.get(i), path + "/" + i))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return read.equals(manifest)
                ? Optional.empty()
                : Optional.of(path + ": expected " + manifest + ", read " + read);
    }
}
