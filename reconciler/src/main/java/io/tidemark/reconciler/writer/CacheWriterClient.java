package io.tidemark.reconciler.writer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has cache-writer do jobs over its admin HTTP, and waits until they are over. Thread-safe. */
public final class CacheWriterClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 200;

    private final HttpClient http;
    private final URI address;
    private final String token;

    /**
     * @param token one that may at least what an operator may
     * @param trust whom to trust where the address is https; null for the platform's authorities
     */
    public CacheWriterClient(URI address, String token, @Nullable TlsFiles trust) {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
        this.http = (trust == null ? client : client.sslContext(trust.context())).build();
        this.address = address;
        this.token = token;
    }

    /** cache-writer did not do it. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        public RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Has it do something that is a job, such as {@code /api/cache/resync}, and waits until it is over. An interrupt cancels it.
     *
     * @return the job as it ended; where there was nothing to do, the answer
     * @throws RefusedException when it cannot be reached, refuses, or the job fails
     */
    public JsonNode job(String path, JsonNode body) throws RefusedException, InterruptedException {
        JsonNode job = sent("POST", path, body.toString());
        String href = job.path("href").asText();
        if (href.isEmpty()) {
            return job;
        }
        long lastSeen = System.nanoTime();
        while (job.path("state").asText().matches("waiting|running")) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                job = sent("GET", href, "");
                lastSeen = System.nanoTime();
            } catch (InterruptedException stopped) {
                cancel(href);
                throw stopped;
            } catch (RefusedException away) {
                // It may be busy or begin again; a job it does not know any more is one that nobody can tell of.
                if (System.nanoTime() - lastSeen > PATIENCE.toNanos()) {
                    throw away;
                }
            }
        }
        if (!job.path("state").asText().equals("done")) {
            throw new RefusedException("cache-writer's job " + job.path("id").asText() + " is "
                    + job.path("state").asText() + ": " + job.path("error").asText("it says no reason"));
        }
        return job;
    }

    private void cancel(String href) {
        try {
            http.sendAsync(
                            request(href)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .uri(address.resolve(href + "/cancel"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .get(2, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException away) {
            // It goes on there to its end, which does no harm.
        }
    }

    private JsonNode sent(String method, String path, String body) throws RefusedException, InterruptedException {
        HttpRequest request = request(path)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer;
        try {
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException away) {
            throw new RefusedException("cache-writer at " + address + " cannot be reached (" + away.getMessage()
                    + "); check that it runs and that TIDEMARK_CACHE_WRITER_URL names it");
        }
        JsonNode json = parsed(answer.body());
        if (answer.statusCode() >= 300) {
            throw new RefusedException("cache-writer at " + address + " refuses with " + answer.statusCode() + ": "
                    + json.path("error").asText("no reason given") + remedy(answer.statusCode()));
        }
        return json;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private static String remedy(int status) {
        return status == 401 || status == 403
                ? "; give this service an operator's token of cache-writer in TIDEMARK_CACHE_WRITER_TOKEN_FILE"
                : "";
    }

    private static JsonNode parsed(String body) throws RefusedException {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            throw new RefusedException("cache-writer gave an answer that is not JSON");
        }
    }
}
