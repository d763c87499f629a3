package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Has caches of a stack resynced over HTTP, as a test does. */
final class ResyncCalls {
    private final WriterStack stack;
    private final String token;

    ResyncCalls(WriterStack stack, String token) {
        this.stack = stack;
        this.token = token;
    }

    /** The one cache's result; the job is over. */
    JsonNode one(String body) throws Exception {
        JsonNode job = resync(body);
        assertThat(job.path("caches")).as(job.toString()).hasSize(1);
        return job.path("caches").path(0);
    }

    /** The job, which is over. */
    JsonNode resync(String body) throws Exception {
        return ended(begun(body));
    }

    /** Where the job is that has begun. */
    String begun(String body) throws Exception {
        return body(AdminCalls.send(url("/api/cache/resync"), "POST", body, token), 202)
                .path("href")
                .asText();
    }

    JsonNode ended(String href) {
        AtomicReference<JsonNode> job = new AtomicReference<>();
        Await.until("the job " + href + " is over", Duration.ofSeconds(60)).holds(() -> {
            job.set(body(AdminCalls.send(url(href), "GET", "", token), 200));
            return !job.get().path("state").asText().matches("waiting|running");
        });
        return job.get();
    }

    /** How far a job is. */
    int lookedAt(String href) throws Exception {
        return body(AdminCalls.send(url(href), "GET", "", token), 200)
                .path("looked_at")
                .asInt();
    }

    JsonNode refused(String body) throws Exception {
        return body(AdminCalls.send(url("/api/cache/resync"), "POST", body, token), 400);
    }

    JsonNode get(String path) throws Exception {
        return body(AdminCalls.send(url("/api/cache/resync/" + path), "GET", "", token), 200);
    }

    /** Empty for never. */
    String lastSync(String cache) throws Exception {
        JsonNode last = get(cache + "/last-sync").path("last_sync");
        return last.isNull() ? "" : last.asText();
    }

    /** Whether somebody waits for a lock on the table {@code item}. */
    boolean isSomebodyWaiting() throws Exception {
        try (Connection connection = stack.postgres.connect(stack.database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_locks where not granted and relation = 'item'::regclass")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    /** Puts an entry of {@code item} by the contract, whatever its fence was. */
    void plant(int id, String version, String value) throws IOException {
        String key = stack.entry(id);
        try (RedisConnection connection = stack.redis.connect()) {
            connection.call("DEL", EntryKey.metaOf(key));
            assertThat(connection.call(
                            "FCALL",
                            FunctionLibrary.PUT,
                            "2",
                            key,
                            EntryKey.metaOf(key),
                            version,
                            "1700000000000000",
                            "0",
                            "60000",
                            "",
                            value))
                    .isEqualTo("written");
        }
    }

    private String url(String path) {
        return stack.writer.url() + path;
    }
}
