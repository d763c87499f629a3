package io.tidemark.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table with a column of every type, changed at random from a seed through the whole product, kept as hashes, as text and
 * compressed. The judge is PostgreSQL: SQL of this test compares what a plain client reads of Redis with the row.
 */
class EveryFormatIT {
    private static final int ROWS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Types with an expression of i, odd values first; whole numbers from 0 on. */
    private static final Map<String, String> COLUMNS = new TreeMap<>(Map.ofEntries(
            Map.entry("bool", "i % 2 = 0"),
            Map.entry("int2", "(i - 150)::int2"),
            Map.entry("int8", "case i % 3 when 0 then 9223372036854775807 when 1 then 9007199254740993 else i end"),
            Map.entry("numeric", "case i % 4 when 0 then 'NaN' when 1 then 1.50 when 2 then 1e-30 else i / 7.0 end"),
            Map.entry("numeric(12,4)", "i / 3.0"),
            Map.entry("float4", "case i % 3 when 0 then '-0' when 1 then 'Infinity' else (i / 7.0)::text end::float4"),
            Map.entry("float8", "case i % 3 when 0 then 1e23 when 1 then 2e-3 else i / 7.0 end"),
            Map.entry(
                    "text",
                    "case i % 6 when 0 then '' when 1 then 'null' when 2 then E'a \"b\" \\\\ \n é €' when 3 then '1'"
                            + " when 4 then repeat('large ' || i, 900) else '{\"a\": 1}' end"),
            Map.entry("varchar(40)", "'v ' || i"),
            Map.entry("char(6)", "'c' || i % 9"),
            Map.entry("bytea", "decode(md5(i::text), 'hex')"),
            Map.entry("date", "date '2000-01-01' + i"),
            Map.entry("time", "time '00:00' + i * interval '1.5 s'"),
            Map.entry("timetz", "timetz '10:00+02'"),
            Map.entry("timestamp", "timestamp '2020-01-01' + i * interval '1.000001 s'"),
            Map.entry("timestamptz", "timestamptz '2020-01-01 00:00+05:30' + i * interval '1 h'"),
            Map.entry("interval", "i * interval '1 mon 2 days 3.5 s'"),
            Map.entry("uuid", "md5(i::text)::uuid"),
            Map.entry("json", "('{\"b\":' || i || ', \"a\" : [1.0, null, \"x y\"]}')::json"),
            Map.entry(
                    "jsonb",
                    "jsonb_build_object('n', i / 8.0, 't', '\"q\" , :', 'deep', jsonb_build_array('{}'::jsonb))"),
            Map.entry("mood", "case i % 2 when 0 then 'sad' else 'very \"happy\"' end::mood"),
            Map.entry("inet", "inet '10.0.0.0' + i"),
            Map.entry("cidr", "cidr '10.0.0.0/8'"),
            Map.entry("macaddr", "macaddr '08:00:2b:01:02:03'"),
            Map.entry("bit(5)", "(i % 32)::bit(5)"),
            Map.entry("varbit", "'101'::varbit"),
            Map.entry("money", "(i / 3.0)::numeric::money"),
            Map.entry("point", "point(i, -i / 3.0)"),
            Map.entry("box", "box(point(0, 0), point(i, i))"),
            Map.entry("xml", "('<a>' || i || '</a>')::xml"),
            Map.entry("tsvector", "to_tsvector('simple', 'tea and milk ' || i)"),
            Map.entry("int4range", "int4range(i, i + 5)"),
            Map.entry("pair", "row(i, 'a, \"b\"')::pair"),
            Map.entry("int4[]", "array[i, null, -1]"),
            Map.entry("text[]", "array['a b', 'NULL', null, '\"', i::text]"),
            Map.entry("numeric[]", "array[1.10, i / 3.0]")));

    private static final String PIPELINE = """
            tidemark: 1
            caches:
              plain: {table: public.every, key: "plain:{id}"}
              hashed: {table: public.every, key: "hashed:{id}", format: hash}
              packed: {table: public.every, key: "packed:{id}", compress: 600B}
              page:
                query: select id, c0, upper(slug) as slug, null as nothing from public.every
                key: "page:{id}"
                depends: {public.every: "{id}"}
                format: hash
              named: {table: public.every, keys: "named:{slug}", fields: [id, slug, c3], format: hash}
              list:
                query: select id, slug from public.every order by id
                key: the_list
                depends: [public.every]
                compress: 1kB
            """;

    /** The names of members that differ between a row's JSON and the fields of a hash. */
    private static final String DIFFERENCES = """
            select string_agg(coalesce(w.key, h.key), ', ')
              from (select key, value from jsonb_each(%s) where value <> 'null') w
              full join jsonb_each_text(?::jsonb) h on h.key = w.key
             where not coalesce(case jsonb_typeof(w.value) when 'string' then w.value #>> '{}' = h.value
                                else w.value = h.value::jsonb end, false)
            """;

    @TempDir
    private static Path directory;

    private static DirectProduct product;
    private static Path file;
    private static final long SEED = Seed.ofThisRun("EveryFormatIT");

    @BeforeAll
    static void changeRowsOfEveryType() throws Exception {
        product = DirectProduct.startServers(directory);
        StringBuilder table = new StringBuilder("create table every (id int primary key, slug text not null");
        int column = 0;
        for (String type : COLUMNS.keySet()) {
            table.append(", c").append(column++).append(' ').append(type);
        }
        sql("create type mood as enum ('sad', 'very \"happy\"'); create type pair as (a int, b text);" + table + ")");
        sql(insert(1, ROWS / 2));
        file = directory.resolve("tidemark.yaml");
        Files.writeString(file, PIPELINE);
        product.startServices(file);
        sql(insert(ROWS / 2 + 1, ROWS));
        StringBuilder changes = new StringBuilder("select setseed(" + (SEED % 1_000) / 1_000.0 + ")");
        column = 0;
        for (String value : COLUMNS.values()) {
            String name = "c" + column++;
            changes.append("; update every set " + name + " = (select " + value + " from (select every.id + 7 as i) n)"
                    + " where random() < 0.3; update every set " + name + " = null where random() < 0.2");
        }
        sql(changes.toString());
        sql("delete from every where id % 10 = 3; update every set slug = slug || ' moved' where id % 10 = 4;"
                + " update every set id = id + 10000 where id % 10 = 5");
        settle();
    }

    private static String insert(int from, int to) {
        return "insert into every select i, 'slug ' || i, " + String.join(", ", COLUMNS.values())
                + " from generate_series(" + from + ", " + to + ") i";
    }

    /** Waits until nothing is on its way: a comparison finds all right. */
    private static void settle() {
        Await.until("all is applied", Duration.ofSeconds(60)).sees(product::verify, Verification::nothingFound);
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @Test
    void everyFormatHoldsWhatPostgresSaysOfEveryRow() throws Exception {
        assertFormats("hashed", "packed");
        try (Connection database = product.database();
                RedisConnection redis = product.redis()) {
            for (int id : ids(database)) {
                String slug = one(database, "select slug from every where id = " + id);
                assertThat(differences(
                                database,
                                "(select to_jsonb(x) from (select id, slug, c3 from every where id = " + id + ") x)",
                                redis.hash("named:" + slug.replace(" ", "%20"))))
                        .as("named by slug %s", slug)
                        .isNull();
                assertThat(differences(
                                database,
                                "(select to_jsonb(x) from (select id, c0, upper(slug) as slug from every where id = "
                                        + id + ") x)",
                                redis.hash("page:" + id)))
                        .as("page %d", id)
                        .isNull();
            }
            byte[] list = redis.getBytes("the_list");
            assertThat(list).startsWith(0x1f, 0x8b);
            assertThat(one(
                            database,
                            "select (jsonb_agg(x) = '" + expanded(list)
                                    + "')::text from (select id, slug from every order by id) x"))
                    .isEqualTo("true");
        }
    }

    @Test
    void plantedDriftIsFoundInEachFormat() throws Exception {
        settle();
        try (RedisConnection redis = product.redis()) {
            byte[] compressed = redis.getBytes("packed:4");
            assertThat(compressed).as("a large text").startsWith(0x1f, 0x8b);
            redis.call("HSET", "hashed:1", "slug", "other");
            redis.call("HSET", "hashed:2", "left_over", "1");
            redis.call("HDEL", "hashed:4", "slug");
            redis.call("DEL", "hashed:6");
            redis.call("SET", "hashed:7", "{\"id\": 7}");
            redis.call("HSET", "hashed:999999", "id", "999999");
            redis.call("HSET", "page:1", "slug", "other");
            compressed[compressed.length / 2] ^= 1;
            redis.callBytes("SET".getBytes(UTF_8), "packed:4".getBytes(UTF_8), compressed);
            redis.call("SET", "packed:1", "{\"id\": 1}");
            redis.call("DEL", "packed:2");
            redis.call("HSET", "packed:999999", "id", "1");
        }
        JsonNode found = JSON.readTree(product.verify().text()).path("result");
        assertCounts(found.path("hashed"), 3, 2, 1);
        assertCounts(found.path("page"), 1, 0, 0);
        // A hash at the key of a text is none of its entries' values.
        assertCounts(found.path("packed"), 2, 1, 0);
        assertCounts(found.path("plain"), 0, 0, 0);
        sql("update every set slug = slug where id in (1, 2, 4, 6, 7)");
        try (RedisConnection redis = product.redis()) {
            redis.call("DEL", "hashed:999999", "packed:999999");
        }
        settle();
    }

    private static void assertCounts(JsonNode cache, int stale, int missing, int orphaned) {
        assertThat(List.of(
                        cache.path("stale").asInt(),
                        cache.path("missing").asInt(),
                        cache.path("orphaned").asInt()))
                .as(cache.toString())
                .containsExactly(stale, missing, orphaned);
    }

    private static void assertFormats(String hashed, String packed) throws Exception {
        int compressed = 0;
        int fields = 0;
        try (Connection database = product.database();
                RedisConnection redis = product.redis()) {
            for (int id : ids(database)) {
                String row = "(select to_jsonb(e) from every e where id = " + id + ")";
                Map<String, String> hash = redis.hash(hashed + ":" + id);
                fields += hash.size();
                assertThat(differences(database, row, hash))
                        .as("hash of row %d", id)
                        .isNull();
                byte[] value = redis.getBytes(packed + ":" + id);
                compressed += value[0] == 0x1f ? 1 : 0;
                assertThat(isEqual(database, row, expanded(value)))
                        .as("text of row %d", id)
                        .isTrue();
            }
            assertThat(fields).isGreaterThan(20 * ids(database).size());
            assertThat(compressed).isGreaterThan(ids(database).size() / 2);
            assertThat(redis.hash(hashed + ":3")).as("a deleted row").isEmpty();
        }
    }

    private static List<Integer> ids(Connection database) throws Exception {
        List<Integer> ids = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select id from every order by id")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    private static String differences(Connection database, String row, Map<String, String> hash) throws Exception {
        return judged(database, DIFFERENCES.formatted(row), JSON.writeValueAsString(hash));
    }

    private static boolean isEqual(Connection database, String row, String json) throws Exception {
        return "true".equals(judged(database, "select (" + row + " = ?::jsonb)::text", json));
    }

    private static String judged(Connection database, String query, String parameter) throws Exception {
        try (Statement utc = database.createStatement();
                PreparedStatement statement = database.prepareStatement(query)) {
            utc.execute("set timezone = 'UTC'");
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static String one(Connection database, String query) throws Exception {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String expanded(byte[] value) throws Exception {
        if (value[0] != 0x1f) {
            return new String(value, UTF_8);
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(value))) {
            return new String(gzip.readAllBytes(), UTF_8);
        }
    }

    private static void sql(String text) throws Exception {
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }
}
