package io.tidemark.cachewriter.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.change.Operation;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WritingTest {
    private static final int A_PORTION = 256;
    private static final int AT_ONCE = 9;
    private static final int MANY = 30 * A_PORTION;
    private static final Partition PARTITION = new Partition("t", 0);

    private final ExecutorService redis = Executors.newSingleThreadExecutor();
    private final WriterStats stats = new WriterStats(Clock.systemUTC());
    private final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());
    private final Watermarks marks = new Watermarks();

    @AfterEach
    void stop() {
        redis.shutdownNow();
    }

    @Test
    void onlyAFewPortionsAreUnderWayAndEachAnswerIsLookedAtOnce() {
        Set<CompletableFuture<?>> open = new HashSet<>();
        List<Integer> opened = new ArrayList<>();
        Writing writing = writing(60_000, keys -> {
            CompletableFuture<List<WriteResult>> answer = new CompletableFuture<>();
            open.removeIf(CompletableFuture::isDone);
            open.add(answer);
            opened.add(open.size());
            redis.execute(() -> answer.complete(Collections.nCopies(keys.size(), WriteResult.WRITTEN)));
            return answer;
        });

        start(writing, MANY);

        assertThat(writing.settle(marks)).isEmpty();
        assertThat(stats.count(WriteResult.WRITTEN)).isEqualTo(MANY);
        assertThat(calls).hasSize(MANY / A_PORTION);
        assertThat(opened).allMatch(atOnce -> atOnce <= AT_ONCE);
        assertThat(marks.isFinished()).isTrue();
    }

    @Test
    void onceThereWasNoAnswerTheRestWaitsAndIsThenWritten() {
        boolean[] away = {true};
        Writing writing = writing(60_000, keys -> away[0] ? failed() : written(keys));

        start(writing, MANY);
        assertThat(calls)
                .as("each call to a Redis that is away waits for its time-out")
                .hasSize(AT_ONCE);
        away[0] = false;

        assertThat(writing.settle(marks)).isEmpty();
        assertThat(stats.count(WriteResult.WRITTEN)).isEqualTo(MANY);
        assertThat(new HashSet<>(calls.stream().flatMap(List::stream).toList())).hasSize(MANY);
        assertThat(marks.isFinished()).isTrue();
    }

    @Test
    void whatCouldNotBeWrittenInTimeIsUnfinishedAndTheNextBatchIsNotHeldUpByIt() {
        boolean[] away = {true};
        Writing writing = writing(0, keys -> away[0] ? failed() : written(keys));
        start(writing, MANY);

        assertThat(writing.settle(marks)).isEmpty();
        assertThat(stats.count(WriteResult.WRITTEN)).isZero();
        assertThat(marks.outcome().again()).containsEntry(PARTITION, 0L);

        away[0] = false;
        Watermarks next = new Watermarks();
        start(writing, A_PORTION);
        assertThat(writing.settle(next)).isEmpty();
        assertThat(next.isFinished()).isTrue();
        assertThat(stats.count(WriteResult.WRITTEN)).isEqualTo(A_PORTION);
    }

    @Test
    void oneWriteThatFailsIsTriedAgainAloneAndOneRefusedForItsHorizonIsReadAgain() {
        Writing writing = writing(60_000, keys -> {
            List<WriteResult> results = new ArrayList<>();
            for (String key : keys) {
                boolean isBad = key.equals("item:3") && calls.size() <= 20;
                results.add(
                        isBad
                                ? WriteResult.FAILED
                                : key.equals("item:5") ? WriteResult.READ_AGAIN : WriteResult.WRITTEN);
            }
            return CompletableFuture.completedFuture(results);
        });
        start(writing, 20 * A_PORTION);

        List<Planned> again = writing.settle(marks);

        assertThat(again).extracting(Planned::key).containsExactly("item:5");
        assertThat(calls).hasSize(21);
        assertThat(calls.get(20)).containsExactly("item:3");
        assertThat(stats.count(WriteResult.WRITTEN)).isEqualTo(20 * A_PORTION - 1);
        assertThat(marks.isFinished()).isTrue();
    }

    private static CompletionStage<List<WriteResult>> written(List<String> keys) {
        return CompletableFuture.completedFuture(Collections.nCopies(keys.size(), WriteResult.WRITTEN));
    }

    private static CompletionStage<List<WriteResult>> failed() {
        return CompletableFuture.failedFuture(new EntriesException("away", null));
    }

    private Writing writing(long patienceMillis, Function<List<String>, CompletionStage<List<WriteResult>>> answer) {
        Entries entries = (Entries) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Entries.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("apply");
                    List<String> keys = ((List<?>) arguments[1])
                            .stream().map(write -> ((EntryWrite) write).key()).toList();
                    calls.add(keys);
                    return answer.apply(keys);
                });
        return new Writing(entries, stats, patienceMillis);
    }

    private static void start(Writing writing, int count) {
        EntryPlan plan = new EntryPlan(count, Long.MAX_VALUE);
        for (int id = 0; id < count; id++) {
            plan.add(
                    Items.target(),
                    "item:" + id,
                    Items.key(id),
                    Items.change(id, Operation.UPDATE, id + 1),
                    new Incoming(PARTITION, id, new byte[2], new byte[2], name -> null));
        }
        writing.start(
                0,
                plan.take().stream()
                        .map(planned -> new Writing.Pending(planned, planned.write(null, new byte[] {'{', '}'})))
                        .toList());
    }
}
