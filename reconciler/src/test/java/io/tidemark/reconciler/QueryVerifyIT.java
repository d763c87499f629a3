package io.tidemark.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.reconciler.standin.StandIn;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison finds in caches that are read from the database, whose entries the test puts there. */
class QueryVerifyIT {
    private static final int ROWS = 1_200;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static ServiceProcess reconciler;
    private static StandIn standIn;
    private static RedisConnection redis;

    @BeforeAll
    static void start() throws Exception {
        try (Connection connection = SharedServers.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "drop table if exists product; create table product (id bigint primary key, name text, stock int)");
        }
        Path config = Files.writeString(folder.resolve("tidemark.yaml"), """
                tidemark: 1
                kafka: {prefix: verify-query}
                caches:
                  page:
                    query: select id, upper(name) as name from product
                    key: "vpage:{id}"
                    depends: {public.product: "{id}"}
                  list:
                    query: select id from product order by id
                    key: vlist
                    depends: [public.product]
                  index: {table: public.product, index: vindex, member: "{id}", score: id}
                  named: {table: public.product, keys: "vnamed:{name}", fields: [id]}
                """);
        redis = SharedServers.redis().connect();
        standIn = new StandIn(
                SharedServers.postgres(),
                SharedServers.redis(),
                SharedServers.kafka().bootstrap(),
                new Topics("verify-query"),
                ROWS,
                7);
        standIn.start();
        reconciler = new ServiceProcess(ServiceSettings.ofModule("reconciler", folder)
                .with("TIDEMARK_CONFIG", config.toString())
                .with("TIDEMARK_SOURCE_URL", SharedServers.postgres().url())
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password())
                .with("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap())
                .with("TIDEMARK_REDIS_URL", SharedServers.redis().url()));
        reconciler.start();
        fill();
    }

    private static void fill() throws Exception {
        StringBuilder list = new StringBuilder("[");
        for (int id = 1; id <= ROWS; id++) {
            put("vpage:" + id, "{\"id\":" + id + ",\"name\":\"PRODUCT " + id + "\"}");
            put("vnamed:product%20" + id, "{\"id\":" + id + "}");
            redis.call("ZADD", "vindex", "" + id, "" + id);
            list.append(id == 1 ? "" : ",").append("{\"id\":").append(id).append("}");
        }
        put("vlist", list.append("]").toString());
    }

    private static void put(String key, String document) throws Exception {
        String meta = EntryKey.metaOf(key);
        redis.call("FCALL", "tm_row_lease", "2", key, meta, "t", "60000", "60000", "take");
        redis.call("FCALL", "tm_row_fill", "2", key, meta, "t", "0000000000000000", "0", "60000", "row", document);
    }

    @AfterAll
    static void stop() throws Exception {
        reconciler.stop();
        standIn.close();
        redis.close();
    }

    @Test
    void each_kind_of_drift_is_found_and_what_is_due_is_none() throws Exception {
        JsonNode right = verified();
        for (String cache : new String[] {"page", "list", "index", "named"}) {
            assertCounts(right.get(cache), cache.equals("list") ? 1 : ROWS, 0, 0, 0);
        }

        put("vpage:1", "{\"id\":1,\"name\":\"OLD\"}");
        redis.call("DEL", "vpage:2");
        put("vpage:9000", "{\"id\":9000,\"name\":\"GONE\"}");
        put("vpage:3", "{\"id\":3,\"name\":\"DUE\"}");
        redis.call("FCALL", "tm_due", "1", "tm.due:{page}", "first", "60000", "k[\"3\"]");
        put("vlist", "[]");
        redis.call("ZADD", "vindex", "77", "4");
        redis.call("ZREM", "vindex", "5");
        redis.call("ZADD", "vindex", "1", "9000");
        put("vnamed:product%201", "{\"id\":2}");
        put("vnamed:nobody", "{\"id\":1}");

        JsonNode drift = verified();
        assertCounts(drift.get("page"), ROWS - 3, 1, 1, 1);
        assertThat(drift.get("page").get("inFlight").asLong()).isEqualTo(1);
        assertCounts(drift.get("list"), 0, 1, 0, 0);
        assertCounts(drift.get("index"), ROWS - 2, 1, 1, 1);
        assertCounts(drift.get("named"), ROWS - 1, 1, 0, 1);
    }

    private static void assertCounts(JsonNode cache, long consistent, long stale, long missing, long orphaned) {
        assertThat(new long[] {
                    cache.get("consistent").asLong(),
                    cache.get("stale").asLong(),
                    cache.get("missing").asLong(),
                    cache.get("orphaned").asLong()
                })
                .as(cache.toString())
                .containsExactly(consistent, stale, missing, orphaned);
    }

    private static JsonNode verified() throws Exception {
        JsonNode begun = JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(URI.create(reconciler.url() + "/api/verify"))
                                .header("Authorization", "Bearer " + reconciler.viewerToken())
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body());
        JsonNode[] answer = new JsonNode[1];
        Await.until("the comparison has ended", Duration.ofSeconds(90)).holds(() -> {
            answer[0] = JSON.readTree(
                    reconciler.get("/api/verify/" + begun.get("id").asText()).body());
            return answer[0].get("state").asText().equals("done")
                    || answer[0].get("state").asText().equals("failed");
        });
        assertThat(answer[0].get("state").asText()).as(answer[0].toString()).isEqualTo("done");
        return answer[0].get("result");
    }
}
