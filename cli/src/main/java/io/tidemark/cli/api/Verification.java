package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A comparison that the reconciler makes on demand. Not thread-safe. */
public final class Verification {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServiceClient reconciler;
    private final String path;

    private Verification(ServiceClient reconciler, String path) {
        this.reconciler = reconciler;
        this.path = path;
    }

    /**
     * Asks for a comparison.
     *
     * @param cache the cache to compare; null for all
     * @throws CommandFailure when the reconciler refuses, with its words
     */
    public static Verification begin(ServiceClient reconciler, @Nullable String cache) throws InterruptedException {
        String query = cache == null ? "" : "?cache=" + URLEncoder.encode(cache, StandardCharsets.UTF_8);
        ServiceClient.Answer answer = reconciler.letIn(reconciler.post("/api/verify" + query));
        JsonNode id = answer.body().path("id");
        if (!answer.isGood() || id.isMissingNode()) {
            int exitCode = answer.status() == 400 || answer.status() == 404 ? ExitCode.USAGE : ExitCode.FAILED;
            throw new CommandFailure(exitCode, "the reconciler refused to compare: " + words(answer));
        }
        return new Verification(reconciler, "/api/verify/" + id.asText());
    }

    /**
     * Waits for the end.
     *
     * @param progress told how far it is, from time to time, in words
     * @throws CommandFailure when it fails, or does not end in time
     */
    public Comparison await(Duration limit, Consumer<String> progress) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            ServiceClient.Answer answer = reconciler.get(path);
            String state = answer.body().path("state").asText("");
            switch (state) {
                case "done" -> {
                    return Comparison.of(answer.body());
                }
                case "failed" -> throw new CommandFailure(ExitCode.FAILED, "the comparison failed: " + words(answer));
                default -> progress.accept(progressOf(answer.body()));
            }
            if (!answer.isGood()) {
                throw new CommandFailure(ExitCode.FAILED, "the reconciler lost the comparison: " + words(answer));
            }
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        ExitCode.WAITED_TOO_LONG, "the comparison did not end in " + limit.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    private static String progressOf(JsonNode body) {
        JsonNode progress = body.path("progress");
        String cache = progress.path("cache").asText("");
        return (cache.isEmpty() || cache.equals("null") ? "" : cache + ": ")
                + Numbers.grouped(progress.path("rows").asLong()) + " rows";
    }

    private static String words(ServiceClient.Answer answer) {
        for (String field : new String[] {"error", "message", "reason"}) {
            if (answer.body().path(field).isTextual()) {
                return answer.body().path(field).asText();
            }
        }
        return "status " + answer.status() + ", " + answer.body();
    }
}
