package io.tidemark.reconciler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.reconciler.schedule.Work;
import io.tidemark.reconciler.search.SearchSync;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Verdict;
import io.tidemark.reconciler.verify.Verifier;
import io.tidemark.reconciler.writer.CacheWriterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What scheduled jobs do: some of it here, what writes entries by cache-writer. Thread-safe. */
final class ScheduledWork implements Work {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LOOK_EVERY_MILLIS = 200;

    private final CacheWriterClient writer;
    private final SearchSync search;
    private final Verifier verifier;

    ScheduledWork(CacheWriterClient writer, SearchSync search, Verifier verifier) {
        this.writer = writer;
        this.search = search;
        this.verifier = verifier;
    }

    @Override
    public String run(ScheduledJob job) throws WorkFailedException, InterruptedException {
        try {
            return switch (job.kind()) {
                case RESYNC ->
                    writer.job("/api/cache/resync", body(job).put("force", job.force()))
                            .toString();
                case WARM -> writer.job("/api/cache/warm", body(job)).toString();
                case SEARCH ->
                    search.run(List.copyOf(search.data().kinds().keySet())).toString();
                case VERIFY -> compared(begun(job)).toString();
                case RECONCILE -> reconciled(compared(begun(job)));
            };
        } catch (CacheWriterClient.RefusedException | SearchSync.BusyException said) {
            throw new WorkFailedException(String.valueOf(said.getMessage()), said);
        } catch (IllegalStateException | RejectedExecutionException notNow) {
            throw new WorkFailedException("not now: " + notNow.getMessage(), notNow);
        }
    }

    private static ObjectNode body(ScheduledJob job) {
        ObjectNode body = JSON.createObjectNode();
        job.caches().forEach(body.putArray("caches")::add);
        return body;
    }

    private List<Run> begun(ScheduledJob job) {
        if (job.caches().isEmpty()) {
            return List.of(verifier.verifyAll());
        }
        List<Run> runs = new ArrayList<>();
        job.caches().forEach(cache -> verifier.verify(cache).ifPresent(runs::add));
        return runs;
    }

    /** Has the caches that drifted compared again and mended by cache-writer, which writes only what differs. */
    private String reconciled(ObjectNode compared) throws CacheWriterClient.RefusedException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("force", true);
        ArrayNode drifted = body.putArray("caches");
        for (JsonNode cache : compared.path("caches")) {
            if (cache.path("drift").asLong() > 0) {
                drifted.add(cache.path("cache").asText());
            }
        }
        if (!drifted.isEmpty()) {
            compared.set("repaired", writer.job("/api/cache/resync", body).path("caches"));
        }
        return compared.toString();
    }

    private static ObjectNode compared(List<Run> runs) throws WorkFailedException, InterruptedException {
        ArrayNode caches = JSON.createArrayNode();
        for (Run run : runs) {
            while (run.state() == Run.State.WAITING || run.state() == Run.State.RUNNING) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            run.tallies().forEach((name, tally) -> {
                ObjectNode cache = caches.addObject()
                        .put("cache", name)
                        .put("rows", tally.rows())
                        .put("drift", tally.drift());
                for (Verdict verdict : Verdict.values()) {
                    cache.put(verdict.name().toLowerCase(Locale.ROOT), tally.count(verdict));
                }
            });
            if (run.state() != Run.State.DONE) {
                throw new WorkFailedException(
                        "the comparison is " + run.state().name().toLowerCase(Locale.ROOT) + ": " + run.problem()
                                + "; seen until then: " + caches);
            }
        }
        ObjectNode compared = JSON.createObjectNode();
        compared.set("caches", caches);
        return compared;
    }
}
