package io.tidemark.reconciler;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.reconciler.schedule.Work;
import io.tidemark.reconciler.search.SearchSync;
import io.tidemark.reconciler.verify.Order;
import io.tidemark.reconciler.verify.Order.Mode;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Tally.Repair;
import io.tidemark.reconciler.verify.Verdict;
import io.tidemark.reconciler.verify.Verifier;
import io.tidemark.reconciler.writer.CacheWriterClient;
import java.util.List;
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
                case VERIFY -> compared(job, Mode.CHECK);
                case RECONCILE -> compared(job, Mode.REPAIR);
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

    /** Compares, and has what differs repaired where that is the job, within the bounds that the job gives. */
    private String compared(ScheduledJob job, Mode mode) throws WorkFailedException, InterruptedException {
        List<Subject> caches = verifier.caches().stream()
                .filter(cache -> job.caches().isEmpty() || job.caches().contains(cache.name()))
                .toList();
        Run run = verifier.begin(new Order(caches, mode, job.batchSize(), job.maxInstances(), 0, false));
        try {
            while (!run.isOver()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException stopped) {
            run.steering().cancel();
            throw stopped;
        }
        ArrayNode found = JSON.createArrayNode();
        run.tallies().forEach((name, tally) -> found.add(found(name, tally, mode)));
        if (run.state() != Run.State.DONE) {
            throw new WorkFailedException(run.problem() + "; found until then: " + found);
        }
        long failed = run.tallies().values().stream()
                .mapToLong(tally -> tally.count(Repair.FAILED))
                .sum();
        if (failed > 0) {
            throw new WorkFailedException(failed
                    + " entries still differ after their repair; tidemark reconcile --verbose says which and why: "
                    + found);
        }
        return JSON.createObjectNode().set("caches", found).toString();
    }

    private static ObjectNode found(String cache, Tally tally, Mode mode) {
        ObjectNode found = JSON.createObjectNode()
                .put("cache", cache)
                .put("rows", tally.rows())
                .put("complete", tally.isComplete())
                .put("limited", tally.isLimited())
                .put("drift", tally.drift());
        for (Verdict verdict : Verdict.values()) {
            found.put(verdict.text(), tally.count(verdict));
        }
        if (mode == Mode.REPAIR) {
            found.put("repaired", tally.count(Repair.DONE)).put("repairs_failed", tally.count(Repair.FAILED));
        }
        ObjectNode causes = found.putObject("causes");
        tally.causes().forEach(causes::put);
        return found;
    }
}
