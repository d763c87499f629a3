package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Judgement;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.past.Chunk;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.past.History.Span;
import io.tidemark.cachewriter.replay.Heads.Head;
import io.tidemark.cachewriter.resync.SeenKeys;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the topics newest first, asks the fences about many changes at once, and applies what they would not refuse. For
 * one thread.
 *
 * <p>What a fence refuses was applied as a whole, with its tags and marks, by whoever set it. What has no fence, because it has
 * no entry of a row, is applied in any case: marking and making stale once more does no harm.
 */
final class ReplayRun {
    private static final int ASKED_AT_ONCE = 512;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Wish wish;
    private final Heads heads;
    private final Applying applying;
    private final FenceAsker fences;
    private final WriterStats apart;
    private final Job job;
    private final Pace pace;
    private final SeenKeys seen = new SeenKeys();
    /** Rows whose newest change was read: only where nothing is written, which would tell. */
    private final @Nullable SeenKeys met;

    private final boolean marks;
    private final BooleanSupplier isSameLife;

    /** Asks fences about versions. */
    @FunctionalInterface
    interface FenceAsker {
        CompletableFuture<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts);
    }

    /** Told how far it is; may take its time. */
    @FunctionalInterface
    interface Progress {
        void at(Partition partition, long begin, long left);
    }

    /**
     * @param apart what applying counts by
     * @param marks whether changes of tables without caches of rows have an effect
     * @param isSameLife whether Redis still has its data; once it has not, everything is rebuilt anyway
     */
    ReplayRun(
            Wish wish,
            Heads heads,
            Applying applying,
            FenceAsker fences,
            WriterStats apart,
            Job job,
            boolean marks,
            BooleanSupplier isSameLife) {
        this.isSameLife = isSameLife;
        this.wish = wish;
        this.heads = heads;
        this.applying = applying;
        this.fences = fences;
        this.apart = apart;
        this.job = job;
        this.marks = marks;
        this.pace = new Pace(wish.rate());
        this.met = wish.dryRun() ? new SeenKeys() : null;
    }

    /** The keys of which a record leaves a row. */
    SeenKeys seen() {
        return seen;
    }

    /** Goes through the partitions; returns early when the job is cancelled. */
    void go(History history, Map<Partition, Span> spans, Progress progress) throws InterruptedException {
        for (Map.Entry<Partition, Span> one : spans.entrySet()) {
            Span span = one.getValue();
            if (span.end() <= span.begin()) {
                continue;
            }
            long left = span.end();
            try (History.Reading reading = history.newestFirst(one.getKey(), span.begin(), span.end())) {
                while (job.mayGoOn()) {
                    Chunk chunk = reading.next();
                    if (chunk == null) {
                        break;
                    }
                    if (!takeAtPace(chunk.records())) {
                        return;
                    }
                    job.looked(Math.max(0, left - chunk.from() - chunk.records().size()));
                    job.count(Counts.RECORDS, chunk.read());
                    left = chunk.from();
                    progress.at(one.getKey(), span.begin(), left);
                    requireSameLife();
                }
            }
            if (!job.mayGoOn()) {
                return;
            }
        }
    }

    /** Of a piece each row comes once, so that it may be done in portions. */
    private boolean takeAtPace(List<Incoming> records) throws InterruptedException {
        int most = pace.portion(Math.max(1, records.size()));
        for (int from = 0; from < records.size(); from += most) {
            List<Incoming> portion = records.subList(from, Math.min(records.size(), from + most));
            if (!take(portion)) {
                return false;
            }
            job.looked(portion.size());
            pace.after(portion.size(), job);
        }
        return job.mayGoOn();
    }

    /** Changes of which the fences are asked in one call. */
    private record Question(List<Head> heads, CompletableFuture<List<Judgement>> answer) {}

    /** Whether a portion could be done. Fences are asked about the first changes while the next are read. */
    private boolean take(List<Incoming> records) throws InterruptedException {
        List<Question> questions = new ArrayList<>();
        List<Head> asked = new ArrayList<>(ASKED_AT_ONCE);
        List<Incoming> wanted = new ArrayList<>();
        byte[] deleted = null;
        for (Incoming record : records) {
            try {
                boolean isAfterItsDelete =
                        record.value() == null && deleted != null && Arrays.equals(deleted, record.key());
                Head head = isAfterItsDelete ? null : heads.of(record);
                deleted = head != null && !head.leavesRow() && !head.isTombstone() ? record.key() : null;
                if (head == null) {
                    continue;
                }
                if (head.leavesRow()) {
                    head.keys().forEach(seen::add);
                }
                if (head.isOfTable() || head.keys().isEmpty()) {
                    unfenced(head, wanted);
                } else {
                    asked.add(head);
                }
            } catch (UnreadableChangeException | IllegalArgumentException unreadable) {
                job.count(Counts.UNREADABLE, 1);
            }
            if (asked.size() == ASKED_AT_ONCE) {
                questions.add(new Question(asked, ask(asked)));
                asked = new ArrayList<>(ASKED_AT_ONCE);
            }
        }
        if (!asked.isEmpty()) {
            questions.add(new Question(asked, ask(asked)));
        }
        for (Question question : questions) {
            hear(question, wanted);
        }
        return wish.dryRun() || wanted.isEmpty() || isApplied(inOrder(records, wanted));
    }

    private void unfenced(Head head, List<Incoming> wanted) {
        if (marks || head.isOfTable()) {
            wanted.add(head.record());
            job.count(wish.dryRun() ? Counts.WOULD_MARK : Counts.MARKED, head.isOfTable() ? 0 : 1);
        }
    }

    private void hear(Question question, List<Incoming> wanted) throws InterruptedException {
        List<Judgement> answer = answered(question);
        int next = 0;
        for (Head head : question.heads()) {
            int end = next + head.keys().size();
            if (weigh(head, answer.subList(next, end))) {
                wanted.add(head.record());
            }
            next = end;
        }
    }

    private CompletableFuture<List<Judgement>> ask(List<Head> portion) {
        List<String> keys = new ArrayList<>(portion.size());
        List<Version> versions = new ArrayList<>(portion.size());
        List<Boolean> evicts = new ArrayList<>(portion.size());
        for (Head head : portion) {
            for (String key : head.keys()) {
                keys.add(key);
                versions.add(head.version());
                evicts.add(!head.leavesRow());
            }
        }
        return fences.judge(keys, versions, evicts);
    }

    /** Asks again as long as Redis is away. */
    private List<Judgement> answered(Question question) throws InterruptedException {
        CompletableFuture<List<Judgement>> now = question.answer();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return now.join();
            } catch (CompletionException away) {
                if (!job.mayGoOn()) {
                    throw new EntriesException("Redis did not answer: " + away.getMessage(), away);
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                now = ask(question.heads());
            }
        }
    }

    /** Counts what would become of a change, and says whether it has to be applied. */
    private boolean weigh(Head head, List<Judgement> judged) {
        if (met != null && !isFirst(head)) {
            job.count(Counts.SUPERSEDED, 1);
            return false;
        }
        if (head.isTombstone()) {
            boolean isGone = judged.stream().allMatch(one -> one == Judgement.GONE);
            job.count(isGone ? Counts.ALREADY_GONE : Counts.LONE_TOMBSTONES, 1);
            return !isGone;
        }
        if (judged.stream().allMatch(one -> one == Judgement.OLDER)) {
            job.count(Counts.REFUSED, 1);
            return false;
        }
        if (wish.dryRun()) {
            job.count(would(head, judged), 1);
        }
        return true;
    }

    private boolean isFirst(Head head) {
        String key = head.keys().get(0);
        if (met == null || met.mayContain(key)) {
            return false;
        }
        met.add(key);
        return true;
    }

    private static String would(Head head, List<Judgement> judged) {
        if (judged.contains(Judgement.READ_AGAIN)) {
            return Counts.WOULD_READ_AGAIN;
        }
        if (head.leavesRow()) {
            return Counts.WOULD_WRITE;
        }
        return judged.stream().allMatch(one -> one == Judgement.GONE) ? Counts.ALREADY_GONE : Counts.WOULD_DELETE;
    }

    /** The records as they stand in the topic, with the tombstones that belong to them. */
    private static List<Incoming> inOrder(List<Incoming> records, List<Incoming> wanted) {
        Set<Long> offsets = new HashSet<>();
        wanted.forEach(record -> offsets.add(record.offset()));
        return records.stream()
                .filter(record -> offsets.contains(record.offset()))
                .toList();
    }

    private boolean isApplied(List<Incoming> records) throws InterruptedException {
        long written = apart.count(WriteResult.WRITTEN);
        long deleted = apart.count(WriteResult.EVICTED);
        long asked = apart.rowsReadAgain();
        for (long pause = FIRST_PAUSE_MILLIS; job.mayGoOn(); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            boolean isDone = applying.apply(records).again().isEmpty();
            if (isDone) {
                job.count(Counts.WRITTEN, apart.count(WriteResult.WRITTEN) - written);
                job.count(Counts.DELETED, apart.count(WriteResult.EVICTED) - deleted);
                job.count(Counts.ROWS_ASKED, apart.rowsReadAgain() - asked);
                return true;
            }
            requireSameLife();
            TimeUnit.MILLISECONDS.sleep(pause);
        }
        return false;
    }

    private void requireSameLife() {
        if (!isSameLife.getAsBoolean()) {
            throw new EntriesException(
                    "Redis was emptied or restarted; it is rebuilt from all that Kafka has, so that nothing is left to replay",
                    null);
        }
    }
}
