package io.tidemark.reconciler.verify;

import io.tidemark.core.pipeline.Pipeline;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes requests for comparisons and runs them, one after the other, on a thread of its own. Thread-safe. */
public final class Verifier implements AutoCloseable {
    private static final int MOST_WAITING = 16;
    private static final int MOST_REMEMBERED = 100;

    private final Pipeline pipeline;
    private final Sources sources;
    private final Clock clock;
    private final Consumer<Run> whenEnded;
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> new Thread(task, "verify"));

    /** @param whenEnded told of each run that has ended, on the thread that ran it */
    public Verifier(Pipeline pipeline, Sources sources, Clock clock, Consumer<Run> whenEnded) {
        this.pipeline = pipeline;
        this.sources = sources;
        this.clock = clock;
        this.whenEnded = whenEnded;
    }

    /**
     * Asks for the comparison of every cache.
     *
     * @throws RejectedExecutionException when too many wait already
     */
    public Run verifyAll() {
        return begin(Order.check(Subject.all(pipeline)));
    }

    /**
     * Asks for what is ordered.
     *
     * @throws RejectedExecutionException when too many wait already
     */
    public synchronized Run begin(Order order) {
        Run run = new Run(UUID.randomUUID().toString(), order, clock);
        worker.execute(() -> {
            run.run(sources);
            whenEnded.accept(run);
        });
        runs.put(run.id(), run);
        if (runs.size() > MOST_REMEMBERED) {
            runs.remove(runs.keySet().iterator().next());
        }
        return run;
    }

    /** The caches that can be compared, in the order of the pipeline file. */
    public List<Subject> caches() {
        return Subject.all(pipeline);
    }

    /** The runs that are remembered, the newest first. */
    public synchronized List<Run> runs() {
        List<Run> all = new ArrayList<>(runs.values());
        Collections.reverse(all);
        return all;
    }

    /**
     * Asks for the comparison of one cache.
     *
     * @return empty when there is no cache of that name
     * @throws RejectedExecutionException when too many wait already
     */
    public Optional<Run> verify(String cache) {
        return Subject.all(pipeline).stream()
                .filter(one -> one.name().equals(cache))
                .findFirst()
                .map(one -> begin(Order.check(List.of(one))));
    }

    /** The names of the caches, in the order of the pipeline file. */
    public List<String> cacheNames() {
        return Subject.all(pipeline).stream().map(Subject::name).toList();
    }

    /** A run by its id; empty when there was none, or it was long ago. */
    public synchronized Optional<Run> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /** Stops the run that is going on; those that wait are not begun. */
    @Override
    public void close() {
        worker.shutdownNow();
    }
}
