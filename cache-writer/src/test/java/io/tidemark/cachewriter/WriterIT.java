package io.tidemark.cachewriter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.MetricsPage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer as a process, fed by hand. */
class WriterIT {
    @TempDir
    private static Path directory;

    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = new WriterStack(directory, SharedServers.redis()).start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void changesBecomeDocumentsAndDeletesRemoveThem() throws Exception {
        stack.send(1, stack.changes.row("c", 1, "one"));
        stack.send(2, stack.changes.row("c", 2, "two"));
        stack.send(1, stack.changes.row("u", 1, "uno"));
        stack.send(2, stack.changes.delete());
        stack.send(2, null);
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(1))).isEqualTo("{\"id\":1,\"big\":null,\"name\":\"uno\",\"price\":1.50}");
        assertThat(stack.get(stack.entry(2))).isNull();
    }

    @Test
    void recordsSentAgainChangeNothing() throws Exception {
        byte[] first = stack.changes.row("c", 3, "first");
        byte[] second = stack.changes.update(3, "second");
        stack.send(3, first);
        stack.send(3, second);
        stack.awaitApplied();
        stack.send(3, first);
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(3))).contains("second");
    }

    @Test
    void poisonGoesToTheDeadLettersAndItsEntryIsWhatTheDatabaseSays() throws Exception {
        stack.sql("insert into item values (10, 'real', 2, null), (12, 'true', 3, null)");
        stack.send(10, stack.changes.row("c", 10, "stale"));
        stack.send(11, stack.changes.row("c", 11, "no such row"));
        stack.awaitApplied();
        long before = stack.progress("deadLetters");

        stack.send(10, WriterStack.utf8("{not json"));
        stack.send(11, WriterStack.utf8("[".repeat(10_000)));
        stack.send(0, WriterStack.utf8("{\"other\":1}"), WriterStack.utf8("{}"));
        stack.send(12, Changes.envelope("u", "{\"id\":12}", Long.MAX_VALUE));
        stack.send(13, stack.changes.row("c", 13, "goes on"));
        stack.awaitApplied();

        assertThat(stack.progress("deadLetters") - before).isEqualTo(4);
        assertThat(stack.get(stack.entry(10))).contains("real");
        assertThat(stack.get(stack.entry(11))).isNull();
        assertThat(stack.get(stack.entry(12))).contains("true");
        assertThat(stack.get(stack.entry(13))).contains("goes on");
    }

    @Test
    void largeValueThatDidNotChangeIsReadFromTheDatabase() throws Exception {
        stack.sql("insert into item values (20, 'now', 2, repeat('x', 1000))");
        stack.send(20, stack.changes.row("u", 20, "then", "\"__debezium_unavailable_value\""));
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(20))).contains("now").contains("xxxx").doesNotContain("debezium");
    }

    @Test
    void changeThatNoReaderSeesYetWaitsUnlessIngestServiceHasWaitedAlready() throws Exception {
        stack.send(71, stack.changes.row("c", 71, "before"));
        stack.send(73, stack.changes.row("c", 73, "before"));
        stack.awaitApplied();
        try (Connection open = stack.postgres.connect(stack.database);
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            // As one whose commit is in the WAL, while a stand-by has not answered.
            String transaction;
            try (ResultSet row = statement.executeQuery("select pg_current_xact_id()::xid")) {
                row.next();
                transaction = row.getString(1);
            }
            byte[] byIngest = ofTransaction(transaction, stack.changes.update(73, "seen"));
            stack.send(73, byIngest, new RecordHeader("tidemark.epoch", WriterStack.utf8("1")));
            stack.awaitEntry(73, "seen");
            byte[] byConnect = ofTransaction(transaction, stack.changes.update(71, "unseen"));
            stack.send(
                    71,
                    byConnect,
                    new RecordHeader("tidemark.epoch", WriterStack.utf8("1")),
                    new RecordHeader("tidemark.captured-by", WriterStack.utf8("kafka-connect")));
            stack.flush();
            for (int i = 0; i < 2; i++) {
                stack.send(70, stack.changes.row("c", 70, "beside it " + i));
                stack.awaitEntry(70, "beside it " + i);
            }
            assertThat(stack.get(stack.entry(71))).contains("before");
            open.commit();
        }
        stack.awaitEntry(71, "unseen");
        stack.awaitApplied();
    }

    private static byte[] ofTransaction(String transaction, byte[] change) {
        return WriterStack.utf8(new String(change, UTF_8).replace("\"txId\":700", "\"txId\":" + transaction));
    }

    @Test
    void deleteOfAMovedKeyAsksWhoseItIsNow() throws Exception {
        stack.sql("insert into item values (30, 'moved here', 2, null)");
        byte[] newKey = WriterStack.utf8("{\"id\":31}");
        stack.send(30, stack.changes.delete(), new RecordHeader("__debezium.newkey", newKey));
        stack.send(32, stack.changes.row("c", 32, "moves away"));
        stack.send(32, stack.changes.delete(), new RecordHeader("__debezium.newkey", newKey));
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(30))).contains("moved here");
        assertThat(stack.get(stack.entry(32))).isNull();
    }

    @Test
    void tombstoneAloneAsksTheDatabase() throws Exception {
        stack.sql("insert into item values (40, 'still there', 2, null)");
        stack.send(40, stack.changes.row("c", 40, "still there"));
        stack.send(41, stack.changes.row("c", 41, "long gone"));
        stack.awaitApplied();
        stack.send(40, null);
        stack.send(41, null);
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(40))).contains("still there");
        assertThat(stack.get(stack.entry(41))).isNull();
    }

    @Test
    void largeRecordIsWrittenLikeAnyOther() throws Exception {
        stack.send(50, stack.changes.row("c", 50, "large", "\"" + "y".repeat(20_000_000) + "\""));
        stack.send(52, stack.changes.row("c", 52, "behind it"));
        stack.awaitApplied();

        assertThat(stack.get(stack.entry(50))).hasSizeGreaterThan(20_000_000);
        assertThat(stack.get(stack.entry(52))).contains("behind it");
    }

    @Test
    void metricsMoveWithTheChanges() throws Exception {
        MetricsPage before = stack.writer.metrics();
        stack.send(61, stack.changes.row("c", 61, "counted"));
        stack.send(62, WriterStack.utf8("{not json"));
        stack.awaitApplied();

        MetricsPage now = stack.writer.metrics();
        String[] written = {"table", "public.item", "result", "written"};
        assertThat(now.sum("tidemark_changes_applied_total", written))
                .isEqualTo(before.sum("tidemark_changes_applied_total", written) + 1);
        assertThat(now.sum("tidemark_freshness_seconds_count"))
                .isGreaterThan(before.sum("tidemark_freshness_seconds_count"));
        assertThat(now.sum("tidemark_freshness_seconds_bucket", "le", "+Inf"))
                .isEqualTo(now.sum("tidemark_freshness_seconds_count"));
        assertThat(now.sum("tidemark_dead_letters_total")).isEqualTo(before.sum("tidemark_dead_letters_total") + 1);
        assertThat(now.sum("tidemark_records_total")).isEqualTo(before.sum("tidemark_records_total") + 2);
        assertThat(now.sum("tidemark_writer_open")).isEqualTo(1);
        assertThat(now.names()).contains("tidemark_jobs", "tidemark_jobs_ended_total", "tidemark_tags_bumped_total");
        assertThat(now.has("tidemark_build_info", "service", "cache-writer")).isTrue();
        Await.until("the lag of the topic is looked at", Duration.ofSeconds(20))
                .sees(
                        stack.writer::metrics,
                        page -> page.has("tidemark_lag_records") && page.sum("tidemark_lag_records") == 0);
    }

    @Test
    void pagesSayHowItIs() throws Exception {
        stack.send(60, stack.changes.row("c", 60, "seen"));
        stack.awaitApplied();

        assertThat(stack.progress("applied")).isPositive();
        assertThat(stack.writer.get("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(stack.writer.get("/health/readiness").body()).contains("\"UP\"");
    }
}
