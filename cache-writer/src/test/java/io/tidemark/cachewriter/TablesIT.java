package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to whole tables, and to the database they are in. */
class TablesIT {
    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")));
        postgres.start();
        postgres.createDatabase("shop");
        stack = new WriterStack(directory.resolve("writer"), postgres, "shop", SharedServers.redis(), Map.of());
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        postgres.kill();
    }

    @BeforeEach
    void beWhereTheWalIs() throws Exception {
        stack.changes.catchUp(stack.walLsn());
    }

    @Test
    void truncateRemovesWhatIsOlderThanItOnEveryPartition() throws Exception {
        for (int id = 100; id < 110; id++) {
            stack.send(id, stack.changes.row("c", id, "old"));
        }
        byte[] late = stack.changes.row("u", 101, "late");
        long at = stack.changes.next();
        stack.send(0, WriterStack.utf8("{\"tidemark.truncate\":true}"), stack.changes.truncate(at));
        stack.send(100, stack.changes.row("c", 100, "new"));
        stack.awaitApplied();
        // The other partition is behind: its older change comes late, and its marker after that.
        stack.send(101, late);
        stack.send(1, WriterStack.utf8("{\"tidemark.truncate\":true}"), stack.changes.truncate(at));
        stack.awaitApplied();

        assertThat(stack.entries().keySet()).contains(stack.entry(100));
        for (int id = 101; id < 110; id++) {
            assertThat(stack.get(stack.entry(id))).as("entry %d", id).isNull();
        }
        assertThat(stack.get(stack.entry(100))).contains("new");
    }

    @Test
    void changedShapeReachesEveryEntryWithoutAChangeOfItsRow() throws Exception {
        stack.sql("insert into item select i, 'n' || i, 1.5, null from generate_series(200, 1199) i");
        for (int id = 200; id < 1_200; id++) {
            stack.send(id, stack.changes.row("c", id, "n" + id));
        }
        stack.awaitApplied();
        assertThat(stack.get(stack.entry(200))).contains("\"price\":1.50");

        stack.sql("alter table item add column colour text default 'red', alter column price type numeric(9,1)");
        // A change from before, still on its way, without the new column.
        stack.send(201, stack.changes.row("u", 201, "n201"));

        Await.until("every entry has the new shape", WriterStack.SOON).holds(() -> {
            for (int id = 200; id < 1_200; id++) {
                String value = stack.get(stack.entry(id));
                if (value == null || !value.contains("red") || !value.contains("1.5,")) {
                    return false;
                }
            }
            return true;
        });
        stack.sql("alter table item drop column colour, alter column price type numeric");
        Await.until("and loses it again", WriterStack.SOON)
                .holds(() -> !stack.get(stack.entry(777)).contains("red"));
    }

    @Test
    void onlyWhatNeedsTheDatabaseWaitsWhileItIsAway() throws Exception {
        stack.sql("insert into item values (2000, 'read', 2, repeat('x', 100))");
        stack.send(2000, stack.changes.row("c", 2000, "first"));
        stack.send(2001, stack.changes.row("c", 2001, "first"));
        stack.awaitApplied();
        postgres.kill();
        try {
            whileItIsAway();
        } finally {
            postgres.start();
        }
        stack.awaitEntry(2000, "read");
        stack.awaitApplied();
    }

    private static void whileItIsAway() throws Exception {
        stack.send(2000, stack.changes.row("u", 2000, "partly", "\"__debezium_unavailable_value\""));
        stack.send(2002, stack.changes.row("c", 2002, "behind it"));
        stack.send(2001, stack.changes.update(2001, "second"));
        stack.awaitEntry(2001, "second");
        stack.awaitEntry(2002, "behind it");
        stack.awaitEntry(2000, null);
        assertThat(stack.lag()).isPositive();
    }

    @Test
    void newerChangeOverACrowdOfReadsIsNeverTakenBack() throws Exception {
        stack.sql("insert into item values (3000, 'v0', 2, repeat('x', 100))");
        for (int i = 1; i <= 200; i++) {
            stack.sql("update item set name = 'v" + i + "' where id = 3000");
            stack.send(
                    3000,
                    stack.changes.row(
                            "u",
                            3000,
                            "v" + i,
                            i % 3 == 0 ? "\"__debezium_unavailable_value\"" : "\"" + "x".repeat(100) + "\""));
        }
        stack.awaitApplied();
        assertThat(stack.get(stack.entry(3000))).contains("\"v200\"");
    }
}
