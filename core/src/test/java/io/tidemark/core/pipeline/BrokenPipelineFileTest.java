package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a file that cannot be used: always where, what was expected, what was found, what to do. */
class BrokenPipelineFileTest {
    private static final String TABLES = "tables: {public.products: {}}\n";

    static Stream<Arguments> broken() {
        return Stream.of(
                row("", "t.yaml:1:1: expected a pipeline, found an empty file; it begins with tidemark: 1"),
                row("# nothing\n", "t.yaml:1:1: expected a pipeline, found an empty file; it begins with tidemark: 1"),
                row("- a\n", "t.yaml:1:1: expected settings such as tidemark: 1, found a list"),
                row("hello\n", "t.yaml:1:1: expected settings such as tidemark: 1, found a text"),
                row(
                        "tidemark: 1\nsource:\n\turl: x\n",
                        "t.yaml:3:1: found a tab; YAML is indented with spaces only: replace it by spaces"),
                row(
                        TABLES,
                        "t.yaml:1:1: tidemark: expected the form of the file as its first line, tidemark: 1, found none"),
                row("tidemark: 2\n" + TABLES, "t.yaml:1:11: tidemark: expected 1, found 2"),
                row("tidemark: 1\n", "t.yaml:1:1: expected at least one cache under caches, or a table under tables"),
                row(
                        "tidemark: 1\ntable: {}\n" + TABLES,
                        "t.yaml:2:1: table: there is no setting table here; did you mean tables?"),
                row(
                        "tidemark: 1\n" + TABLES + TABLES,
                        "t.yaml:3:1: tables: is set twice, first in line 2; keep one of the two"),
                row(
                        "tidemark: 1\n" + TABLES + "kafka: &a {prefix: x}\nredis: *a\n",
                        "t.yaml:4:8: anchors and aliases (& and *) are not used in this file; write the value out"),
                row("tidemark: 1\nx: " + "[".repeat(10_000), "t.yaml:2:19: nested more than 16 levels deep"),
                row(
                        "tidemark: 1\nsource: {url: nonsense}\n" + TABLES,
                        "t.yaml:2:15: source.url: expected a URL like postgresql://user@host:5432/database, found none;"
                                + " characters such as @ : / # and spaces in a user or password are percent-encoded"),
                row(
                        "tidemark: 1\nsource: {url: 'mysql://u@h/d'}\n" + TABLES,
                        "t.yaml:2:15: source.url: expected a URL like postgresql://user@host:5432/database, found a URL"
                                + " of mysql"),
                row(
                        "tidemark: 1\nsource: {url: 'postgresql://u@h'}\n" + TABLES,
                        "t.yaml:2:15: source.url: expected a URL like postgresql://user@host:5432/database, found no"
                                + " database in it"),
                row(
                        "tidemark: 1\nsource: {url: 'postgresql://h/d'}\n" + TABLES,
                        "t.yaml:2:15: source.url: expected a user: postgresql://user@host/database, or source.user;"
                                + " found none"),
                row(
                        "tidemark: 1\nsource: {sslmode: on, slot: My-Slot}\n" + TABLES,
                        "t.yaml:2:19: source.sslmode: expected one of disable, prefer, require, verify-ca, verify-full,"
                                + " found \"on\"",
                        "t.yaml:2:29: source.slot: expected 1 to 63 of a-z, 0-9 and _, found \"My-Slot\""),
                row(
                        "tidemark: 1\nkafka: {bootstrap: kafka, partitions: 0, replication: many}\n" + TABLES,
                        "t.yaml:2:20: kafka.bootstrap: expected one or more brokers as host:port, comma-separated"
                                + " without spaces, found \"kafka\"",
                        "t.yaml:2:39: kafka.partitions: expected a whole number from 1 to 1000, found 0",
                        "t.yaml:2:55: kafka.replication: expected a whole number, found a text"),
                row(
                        "tidemark: 1\nredis: {url: 'redis://h:99999'}\n" + TABLES,
                        "t.yaml:2:14: redis.url: expected a URL like redis://host:6379 or rediss://host:6379, found the"
                                + " port 99999"),
                row(
                        "tidemark: 1\nredis: [a]\n" + TABLES,
                        "t.yaml:2:8: redis: expected settings, indented below, found a list"),
                row(
                        "tidemark: 1\ncaches:\n  product: {}\n",
                        "t.yaml:3:3: caches.product.key: expected a key template like product:{id}, found none",
                        "t.yaml:3:3: caches.product.table: expected the table whose rows it holds, like"
                                + " public.products, found none"),
                row(
                        cache("table: public.products, key: 'product', ttl: 2x, fields: [], tags: ['a{'], colour: red"),
                        "t.yaml:3:42: caches.product.key: this key template cannot be used, \"product\": expected the"
                                + " primary key's columns in braces, like product:{id}; without one, all rows share one"
                                + " key",
                        "t.yaml:3:58: caches.product.ttl: expected a whole number above 0 and a unit, like 90s, 30m, 2h"
                                + " or 7d, found \"2x\"",
                        "t.yaml:3:70: caches.product.fields: expected at least one in the list; name some or leave it"
                                + " out",
                        "t.yaml:3:81: caches.product.tags: this tag cannot be used, \"a{\": at character 2: a { without"
                                + " its }; for the character itself write {{",
                        "t.yaml:3:88: caches.product.colour: there is no setting colour here; known are compress,"
                                + " fields, format, key, resync, table, tags, ttl, ttl_by_use, warm"),
                row(
                        cache("table: t, key: 'p:{id}', ttl: 30m, resync: {interval: 30m}"),
                        "t.yaml:3:67: caches.product.resync.interval: expected a ttl above the resync's interval, found"
                                + " a ttl of 1800 s and an interval of 1800 s: entries would expire before the next"
                                + " resync brings them back; lengthen the ttl or shorten the interval"),
                row(
                        cache("table: t, key: 'p:{id}', resync: {interval: 30m, source: redis}"),
                        "t.yaml:3:70: caches.product.resync.source: expected database or kafka, found \"redis\""),
                row(
                        cache("table: t, key: 'p:{id}', resync: {interval: 30m, strategy: time, source: kafka}"),
                        "t.yaml:3:86: caches.product.resync.source: with time, no change reaches the cache, so that nothing"
                                + " in Kafka can: leave out source, or say database"),
                row(
                        cache("table: t, index: 'p', member: '{id}', score: s, resync: {interval: 30m, source: kafka}"),
                        "t.yaml:3:93: caches.product.resync.source: a cache that is read by a query has no topic: leave out"
                                + " source, or say database"),
                row(
                        cache(
                                "table: t, key: 'p:{id}', ttl: 1h, ttl_by_use: {least: 2h, most: 30m}, resync: {interval: 10m}"),
                        "t.yaml:3:67: caches.product.ttl_by_use.least: expected at most the cache's ttl of 3600 s, found"
                                + " 7200 s",
                        "t.yaml:3:77: caches.product.ttl_by_use.most: expected at least the cache's ttl of 3600 s, found"
                                + " 1800 s"),
                row(
                        cache(
                                "table: t, key: 'p:{id}', ttl: 1h, ttl_by_use: {least: 5m, most: 2h}, resync: {interval: 10m}"),
                        "t.yaml:3:67: caches.product.ttl_by_use.least: expected more than the resync's interval of 600 s,"
                                + " found 300 s: entries would expire before the next resync brings them back"),
                row(
                        cache("table: t, key: 'p:{id}', ttl_by_use: {least: 5m, most: 2h}"),
                        "t.yaml:3:38: caches.product.ttl_by_use: there is nothing to move: without a ttl entries do not"
                                + " expire; say a ttl, or leave out ttl_by_use"),
                row(
                        cache("table: t, key: 'p:{id}'")
                                + "\nschedules:\n  nightly: {job: verify, cron: \"0 3,27 * * *\", caches: [produkt]}\n"
                                + "  plain: {job: search, cron: 0 3 * * 9, zone: Mars/Base}\n",
                        "t.yaml:6:35: schedules.nightly.cron: expected an hour like *, 3, 8-18 or */2 (0 to 23), found"
                                + " \"3,27\" in field 2",
                        "t.yaml:6:57: schedules.nightly.caches: there is no cache produkt under caches; did you mean"
                                + " product?",
                        "t.yaml:7:16: schedules.plain.job: there is no search data to read again; name its caches under"
                                + " search",
                        "t.yaml:7:38: schedules.plain.cron: expected a day of week like *, 0, 1-5 or MON (0 to 7, Sunday"
                                + " is 0 and 7), found \"9\" in field 5",
                        "t.yaml:7:47: schedules.plain.zone: expected a time zone like UTC or Europe/Paris, found"
                                + " \"Mars/Base\""),
                row(
                        cache(
                                "table: t, key: 'p:{id}', warm: {at: night, limit: 0, rows_per_second: fast, source: redis, on: x}"),
                        "t.yaml:3:49: caches.product.warm.at: expected start, whenever cache-writer starts, or demand,"
                                + " when somebody asks for it, found \"night\"",
                        "t.yaml:3:63: caches.product.warm.limit: expected a whole number from 1 to 1000000000, found 0",
                        "t.yaml:3:83: caches.product.warm.rows_per_second: expected a whole number, found a text",
                        "t.yaml:3:97: caches.product.warm.source: expected database or kafka, found \"redis\"",
                        "t.yaml:3:104: caches.product.warm.on: there is no setting on here; known are at, limit,"
                                + " rows_per_second, source"),
                row(
                        cache(
                                "table: t, index: 'p', member: '{id}', score: s, warm: {limit: 1, rows_per_second: 2, source: kafka}"),
                        "t.yaml:3:68: caches.product.warm.limit: there is no place for limit here: a sorted set is kept"
                                + " whole",
                        "t.yaml:3:78: caches.product.warm.rows_per_second: there is no place for rows_per_second here: how"
                                + " fast caches are read that come from queries is said for all of them, under refresh",
                        "t.yaml:3:98: caches.product.warm.source: a cache that is read by a query has no topic: leave out"
                                + " source, or say database"),
                row(
                        cache("table: 7, key: 'p:{id}', ttl: 90, fields: {but: [a]}, tags: products"),
                        "t.yaml:3:20: caches.product.table: expected a text, found a number; put it in quotes",
                        "t.yaml:3:43: caches.product.ttl: expected a text, found a number; put it in quotes",
                        "t.yaml:3:47: caches.product.fields.except: expected the columns to leave out, as except: [a,"
                                + " b], found none",
                        "t.yaml:3:56: caches.product.fields.but: there is no setting but here; known are except",
                        "t.yaml:3:73: caches.product.tags: expected a list like [a, b], found a text"),
                row(
                        cache("table: 'a.', key: 'p:{id}', fields: [a, a]"),
                        "t.yaml:3:20: caches.product.table: expected a table as schema.table, as the catalog spells it"
                                + " and without quotes, found \"a.\"",
                        "t.yaml:3:53: caches.product.fields: a is listed twice; once is enough"),
                row(
                        cache("table: t, key: 'p:{id}', format: xml, compress: 4k"),
                        "t.yaml:3:46: caches.product.format: expected json, an entry is a text, or hash, an entry is a"
                                + " Redis hash, found \"xml\""),
                row(
                        cache("table: t, key: 'p:{id}', format: json, compress: 4k"),
                        "t.yaml:3:62: caches.product.compress: expected from how many bytes on entries are compressed,"
                                + " like 800B, 4kB or 1MB, found \"4k\""),
                row(
                        cache("table: t, key: 'p:{id}', format: hash, compress: 4kB, fields: [name]"),
                        "t.yaml:3:46: caches.product.format: a hash whose members may all be null would not be there;"
                                + " put id in fields",
                        "t.yaml:3:62: caches.product.compress: the fields of a hash are read one by one and are not"
                                + " compressed; leave out compress, or format: hash"),
                row(
                        cache("query: select 1, key: list, depends: [t], format: hash"),
                        "t.yaml:3:63: caches.product.format: a hash is of one row, and an entry here is an array of"
                                + " rows; leave out format, or let each row be an entry of its own"),
                row(
                        cache("table: t, keys: 'p:{names.key}:{slug}', fields: [at], format: hash"),
                        "t.yaml:3:75: caches.product.format: a hash whose members may all be null would not be there;"
                                + " put names in fields"),
                row(
                        cache("table: t, index: i, member: '{id}', score: id, format: hash"),
                        "t.yaml:3:60: caches.product.format: there is no place for format here: an index is a sorted"
                                + " set"),
                row(
                        "tidemark: 1\ncaches:\n  a: {table: t, key: 'x:{id}'}\n  b: {table: u, key: 'x:{no}'}\n  C: {table:"
                                + " u, key: 'y:{no}'}\n",
                        "t.yaml:4:17: caches.b.key: a row of this cache and one of cache a (x:{id}) could have the same"
                                + " key; begin each with a text of its own, like b:",
                        "t.yaml:5:3: caches.C: expected a name that begins with a-z and goes on with a-z, 0-9, _ and -,"
                                + " found \"C\""),
                row(
                        "tidemark: 1\ntables:\n  products: {}\n  public.products:\n    columns: {critical: [a], ignored: [b,"
                                + " a]}\n",
                        "t.yaml:4:3: tables.public.products: is the table public.products, which is named above; keep"
                                + " one of the two",
                        "t.yaml:5:43: tables.public.products.columns.ignored: column a is both critical and ignored;"
                                + " keep one of the two"),
                row(
                        "tidemark: 1\ntables: {t: {columns: {ignored: [a, b]}}}\ncaches:\n  p: {table: t, key: 'p:{id}',"
                                + " fields: [a], tags: ['x:{b}']}\n",
                        "t.yaml:4:41: caches.p.fields: column a is ignored in tables, and so is part of no document;"
                                + " leave it out here or there",
                        "t.yaml:4:52: caches.p.tags: column b is ignored in tables, and so changes no tag; leave it out"
                                + " here or there"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("broken")
    void every_problem_is_said_at_once_with_its_place(String yaml, String[] problems) {
        assertThat(problemsOf(yaml.getBytes(UTF_8), Map.of())).containsExactly(problems);
    }

    @Test
    void a_byte_that_is_not_utf_8_is_shown_where_it_stands() {
        byte[] content = "tidemark: 1\nsource: {slot: \u00e9}\n".getBytes(ISO_8859_1);

        assertThat(problemsOf(content, Map.of()))
                .containsExactly("t.yaml:2:16: expected UTF-8, found a byte that is none; save the file as UTF-8");
    }

    @Test
    void yaml_that_is_none_is_shown_where_it_stops() {
        assertThat(problemsOf("tidemark: 1\nsource: {url: \"x\n".getBytes(UTF_8), Map.of()))
                .singleElement()
                .asString()
                .startsWith("t.yaml:3:1: expected YAML");
    }

    @Test
    void a_password_is_never_part_of_a_problem() {
        String yaml = "tidemark: 1\nsource: {url: 'postgresql://u:hunter2@@h:x/', password: [hunter2]}\n" + TABLES;

        assertThat(problemsOf(yaml.getBytes(UTF_8), Map.of())).hasSize(2).noneMatch(text -> text.contains("hunter2"));
    }

    @Test
    void a_missing_file_says_how_to_name_another(@TempDir Path folder) {
        InvalidPipelineException missing = catchThrowableOfType(
                InvalidPipelineException.class, () -> PipelineFile.load(folder.resolve("none.yaml"), Map.of()));

        assertThat(missing)
                .hasMessageContaining("none.yaml: there is no such file")
                .hasMessageContaining("TIDEMARK_CONFIG");
        assertThat(catchThrowableOfType(InvalidPipelineException.class, () -> PipelineFile.load(folder, Map.of())))
                .hasMessageContaining("found a directory");
    }

    @Test
    void a_service_without_a_connection_says_what_to_set() {
        InvalidPipelineException unset = catchThrowableOfType(
                InvalidPipelineException.class, () -> new SourceSettings(null, "s", "p").requireDatabase());

        assertThat(unset).hasMessageContaining("source.url").hasMessageContaining("TIDEMARK_SOURCE_URL");
    }

    @Test
    void a_variable_overrides_the_file_and_is_named_when_it_is_wrong(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
        String yaml = "tidemark: 1\nsource: {url: 'postgresql://u@h/d', slot: a, password: other}\n" + TABLES;
        Map<String, String> good = Map.of(
                "TIDEMARK_SOURCE_URL", "postgresql://v@i:1/e",
                "TIDEMARK_SOURCE_PASSWORD_FILE", secret.toString(),
                "TIDEMARK_KAFKA_PARTITIONS", "2",
                "TIDEMARK_SOURCE_SLOT", "",
                "TIDEMARK_REDIS_PORT_6379_TCP", "tcp://10.0.0.1:6379");
        Pipeline pipeline =
                PipelineFile.parse("t.yaml", yaml.getBytes(UTF_8), good).pipeline();

        assertThat(pipeline.source().requireDatabase())
                .isEqualTo(new Database("i", 1, "e", "v", new Secret("hunter2"), SslMode.PREFER));
        assertThat(pipeline.source().slot()).isEqualTo("a");
        assertThat(pipeline.kafka().partitions()).isEqualTo(2);

        assertThat(problemsOf(
                        yaml.getBytes(UTF_8),
                        Map.of(
                                "TIDEMARK_KAFKA_PARTITIONS", "many",
                                "TIDEMARK_SOURCE_PASSWORD_FILE",
                                        folder.resolve("none").toString(),
                                "TIDEMARK_REDIS_ULR", "redis://x")))
                .containsExactly(
                        "TIDEMARK_KAFKA_PARTITIONS: kafka.partitions: expected a whole number from 1 to 1000, found"
                                + " many",
                        "TIDEMARK_REDIS_ULR: there is no such setting; did you mean TIDEMARK_REDIS_URL?",
                        "TIDEMARK_SOURCE_PASSWORD_FILE: source.password_file: the file " + folder.resolve("none")
                                + " could not be read (NoSuchFileException); it is to hold the password and be readable"
                                + " by this user");
    }

    private static List<String> problemsOf(byte[] content, Map<String, String> environment) {
        InvalidPipelineException invalid = catchThrowableOfType(
                InvalidPipelineException.class, () -> PipelineFile.parse("t.yaml", content, environment));
        assertThat(invalid).isNotNull();
        return invalid.problems().stream().map(PipelineProblem::text).toList();
    }

    private static String cache(String settings) {
        return "tidemark: 1\ncaches:\n  product: {" + settings + "}\n";
    }

    private static Arguments row(String yaml, String... problems) {
        return Arguments.of(yaml, problems);
    }
}
