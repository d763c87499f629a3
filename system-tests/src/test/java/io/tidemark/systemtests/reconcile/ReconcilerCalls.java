package io.tidemark.systemtests.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a test asks of one reconciler. */
final class ReconcilerCalls {
    static final String ADMIN = "an-admin-of-the-reconciler";
    static final String VIEWER = "a-viewer-of-the-reconciler";
    static final Map<String, String> TOKENS =
            Map.of("TIDEMARK_RECONCILER_ADMIN_TOKEN", ADMIN, "TIDEMARK_RECONCILER_VIEWER_TOKEN", VIEWER);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final String url;

    ReconcilerCalls(String url) {
        this.url = url;
    }

    HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, ADMIN, "");
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, ADMIN, body);
    }

    /** Begins a run and answers its id. */
    String begin(String body) throws Exception {
        HttpResponse<String> begun = post("/api/reconcile", body);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return Items.json(begun.body()).get("id").asText();
    }

    JsonNode run(String id) throws Exception {
        return Items.json(get("/api/reconcile/" + id).body());
    }

    JsonNode ended(String id) {
        return Await.until("the run has ended", Duration.ofSeconds(120))
                .sees(() -> run(id), run -> run.path("state").asText().matches("done|failed|cancelled"));
    }

    /** Runs to the end, which has to be a good one. */
    JsonNode reconciled(String body) throws Exception {
        JsonNode run = ended(begin(body));
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("done");
        return run;
    }

    /** The causes by key, of the examples of one cache. */
    static Map<String, String> causes(JsonNode run, String cache) {
        Map<String, String> causes = new TreeMap<>();
        run.path("result")
                .path(cache)
                .path("examples")
                .forEach(example -> causes.put(
                        example.get("key").asText(), example.get("cause").asText()));
        return causes;
    }

    static long count(JsonNode run, String cache, String what) {
        return run.path("result").path(cache).path(what).asLong();
    }

    static long drift(JsonNode run, String cache) {
        return count(run, cache, "stale") + count(run, cache, "missing") + count(run, cache, "orphaned");
    }
}
