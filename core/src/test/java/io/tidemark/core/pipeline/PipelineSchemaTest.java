package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published schema and the reader say the same of a file, as far as a schema can see. */
class PipelineSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(PipelineSchemaTest.class.getResourceAsStream("tidemark.schema.json"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tables: {public.products: {}}",
                "tables: {products: null}\nsource: null\nkafka: null\nredis: null",
                "tables: {a.b.c: {columns: {critical: [a], ignored: [b]}}}",
                "tables: {t: {columns: null}}\ncaches: null",
                "caches: {p: {table: t, key: 'p:{id}'}}",
                "caches: {p-1_x: {table: s.t, key: '{{a}}:{id}:{b c}', ttl: 90s, fields: [a], tags: [x, 'y:{z}']}}",
                "caches: {p: {table: t, key: 'p:{id}', fields: {except: [a, b]}, ttl: 999999999d}}",
                "refresh: {queries_per_second: 5, rows_per_query: 10, concurrency: 1}\ntables: {t: {}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', depends: {t: '{id}'}}}",
                "caches: {p: {query: 'with a as (select 1 as id) select id from a;', key: p_all, depends: [t, u], rows: one}}",
                "caches: {p: {query: 'select a, b from t', key: 'p:{a}:{b}', depends: {t: '{a}:{b}', u: 'select a, b from t where x = :id'}}}",
                "caches: {p: {query: 'select a from t', key: 'p:{a}', rows: many, depends: {t: ['{a}', 'select a from t where b = :b'], u: {via: t, where: 'x = :id'}}}}",
                "caches: {p: {query: 'select a from t', key: 'p', depends: [t], ttl: 1h, refresh: {after: 5ms, every: 2s}, limit: {rows: 5, bytes: 10}, stamp: 'p:at'}}",
                "caches: {p: {table: t, keys: 'p:{names.key}:{slug}', fields: [slug], format: hash}}",
                "caches: {p: {table: t, key: 'p:{id}', format: hash, ttl: 1h}}",
                "caches: {p: {table: t, key: 'p:{id}', format: json, compress: 4kB}}",
                "caches: {p: {query: 'select a from t', key: 'p:{a}', depends: {t: '{a}'}, format: hash}}",
                "caches: {p: {query: 'select a from t', key: 'p', depends: [t], compress: 1MB}}",
                "caches: {p: {table: t, keys: 'p:{names.key}:{slug}', fields: [a]}}",
                "caches: {p: {table: t, index: 'p:index', member: '{id}', score: at}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 2h, resync: {interval: 30m}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {strategy: events}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {interval: 30m, source: kafka}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {strategy: events, source: kafka}}}",
                "caches: {p: {query: 'select a from t', key: p, depends: [t], resync: {interval: 5s, source: database}}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 2h, ttl_by_use: {least: 30m, most: 12h}}}",
                "caches: {p: {query: 'select a from t', key: p, depends: [t], resync: {interval: 5s, strategy: time}}}\nsearch: {boxes: [p]}",
                "caches: {p: {table: t, key: 'p:{id}'}}\nschedules: {s: {job: reconcile, cron: '0 3 * * MON-FRI', zone: Europe/Paris, caches: [p], batch_size: 500, max_instances: 10000}}",
                "caches: {p: {table: t, key: 'p:{id}'}}\nschedules: {s: {job: resync, every: 24h, force: true}, t: {job: search, every: 1s}}\nsearch: {categories: [p], cron: '15 2 * * *', every: 12h, zone: Asia/Tokyo}",
                "caches: {p: {table: t, key: 'p:{id}', warm: {at: start, limit: 5, rows_per_second: 10, source: kafka}}}",
                "caches: {p: {query: 'select a from t', key: 'p', depends: [t], warm: {at: start, limit: 1}}, q: {table: t, key: 'q:{id}', warm: null}}",
                "tables: {t: {}}\nsource: {url: 'postgres://u:p@h_1:1/d?sslmode=require', user: u, password: p}",
                "tables: {t: {}}\nsource: {url: 'postgresql://u@[::1]/d', slot: a_1, publication: P x, sslmode: verify-ca}",
                "tables: {t: {}}\nkafka: {bootstrap: 'a:1,b:2', prefix: A.b-c, partitions: 1000, replication: 3}",
                "tables: {t: {}}\nkafka: {properties: {security.protocol: SSL}}",
                "tables: {t: {}}\nredis: {url: 'rediss://u:p@h:6379/3', user: a, password: b}",
                "tables: {t: {}}\nredis: {url: 'redis://h'}",
                "tables: {t: {}}\nredis: {stream_length: 0}",
                "tables: {t: {}}\nredis: {stream_length: 10000000}"
            })
    void both_accept(String yaml) {
        assertThat(schemaProblems(yaml)).isEmpty();
        assertThat(PipelineFile.parse("t.yaml", whole(yaml), Map.of())).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tables: {}",
                "caches: {}",
                "tables: []",
                "table: {t: {}}",
                "tables: {t: {}}\ntidemarks: 1",
                "tables: {t: {columns: [a]}}",
                "tables: {t: {columns: {critcal: [a]}}}",
                "tables: {t: {columns: {critical: []}}}",
                "tables: {t: {columns: {critical: [a, a]}}}",
                "tables: {t: {columns: {critical: [1]}}}",
                "tables: {t: {columns: {critical: a}}}",
                "tables: {'.a': {}}",
                "tables: {'a.': {}}",
                "tables: {'\"a\"': {}}",
                "tables: {t: {}}\nsource: 7",
                "tables: {t: {}}\nsource: {url: x}",
                "tables: {t: {}}\nsource: {url: 'postgresql://u@h'}",
                "tables: {t: {}}\nsource: {url: 'redis://u@h/d'}",
                "tables: {t: {}}\nsource: {slot: A}",
                "tables: {t: {}}\nsource: {slot: ''}",
                "tables: {t: {}}\nsource: {password: 1234}",
                "tables: {t: {}}\nsource: {sslmode: yes}",
                "tables: {t: {}}\nkafka: {bootstrap: a}",
                "tables: {t: {}}\nkafka: {bootstrap: 'a:1, b:2'}",
                "tables: {t: {}}\nkafka: {partitions: 0}",
                "tables: {t: {}}\nkafka: {partitions: '4'}",
                "tables: {t: {}}\nkafka: {partitions: 4.5}",
                "tables: {t: {}}\nkafka: {prefix: 'a b'}",
                "tables: {t: {}}\nkafka: {properties: {a: 1}}",
                "tables: {t: {}}\nredis: {url: 'http://h'}",
                "tables: {t: {}}\nredis: {url: 'redis://h/x'}",
                "tables: {t: {}}\nredis: {stream_length: -1}",
                "tables: {t: {}}\nredis: {stream_length: 10000001}",
                "tables: {t: {}}\nredis: {stream_length: none}",
                "refresh: {queries_per_second: 0}\ntables: {t: {}}",
                "caches: {p: {table: t, key: 'p:{id}', warm: {at: night}}}",
                "caches: {p: {table: t, key: 'p:{id}', warm: {at: start, limit: 0}}}",
                "caches: {p: {table: t, key: 'p:{id}', warm: {rate: 5}}}",
                "caches: {p: {table: t, key: 'p:{id}', warm: {source: redis}}}",
                "refresh: {queries: 5}\ntables: {t: {}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}'}}",
                "caches: {p: {query: 'select id from t', depends: {t: '{id}'}}}",
                "caches: {p: {query: 'delete from t', key: 'p:{id}', depends: {t: '{id}'}}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', table: t, depends: {t: '{id}'}}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', rows: all, depends: {t: '{id}'}}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', depends: {t: {via: u}}}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', depends: {t: '{id}'}, refresh: {every: 5}}}",
                "caches: {p: {query: 'select id from t', key: 'p:{id}', depends: {t: '{id}'}, limit: {rows: 0}}}",
                "caches: {p: {table: t, keys: 'p:slug'}}",
                "caches: {p: {table: t, keys: 'p:{slug}', depends: {t: '{id}'}}}",
                "caches: {p: {table: t, index: 'p:index', member: '{id}'}}",
                "caches: {p: {table: t, index: 'p:{id}', member: '{id}', score: at}}",
                "caches: {p: {table: t, index: 'p:index', member: '{id}', score: at, ttl: 1h}}",
                "caches: {p: {table: t, key: 'p:{id}', stamp: 'p:at'}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {}}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 2h, ttl_by_use: {least: 30m}}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 2h, ttl_by_use: {least: 30, most: 12h}}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl_by_use: {least: 30m, most: 12h}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {interval: 30}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {interval: 30m, strategy: both}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {interval: 30m, strategy: events}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {strategy: time}}}",
                "caches: {p: {table: t, key: 'p:{id}', resync: {interval: 30m, source: redis}}}",
                "tables: {t: {}}\nschedules: {s: {job: verify}}",
                "tables: {t: {}}\nschedules: {s: {every: 1h}}",
                "tables: {t: {}}\nschedules: {s: {job: verify, every: 1h, cron: '0 3 * * *'}}",
                "tables: {t: {}}\nschedules: {s: {job: verify, cron: '0 3 * *'}}",
                "tables: {t: {}}\nschedules: {s: {job: flush, every: 1h}}",
                "tables: {t: {}}\nschedules: {search-net: {job: verify, every: 1h}}",
                "tables: {t: {}}\nschedules: {s: {job: reconcile, every: 1h, batch_size: 0}}",
                "tables: {t: {}}\nschedules: {s: {job: resync, every: 1h, force: 1}}",
                "tables: {t: {}}\nsearch: {every: 1h}",
                "tables: {t: {}}\nsearch: {products: [a]}",
                "caches: {p: null}",
                "caches: {p: {table: t}}",
                "caches: {p: {key: 'p:{id}'}}",
                "caches: {P: {table: t, key: 'p:{id}'}}",
                "caches: {p: {table: t, key: 'p:id'}}",
                "caches: {p: {table: t, key: 'p:{id'}}",
                "caches: {p: {table: t, key: '{id}'}}",
                "caches: {p: {table: t, key: 'p:{ id}'}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 5}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 0s}}",
                "caches: {p: {table: t, key: 'p:{id}', ttl: 1h30m}}",
                "caches: {p: {table: t, key: 'p:{id}', fields: a}}",
                "caches: {p: {table: t, key: 'p:{id}', fields: {}}}",
                "caches: {p: {table: t, key: 'p:{id}', fields: {except: []}}}",
                "caches: {p: {table: t, key: 'p:{id}', tags: []}}",
                "caches: {p: {table: t, key: 'p:{id}', format: text}}",
                "caches: {p: {table: t, key: 'p:{id}', format: true}}",
                "caches: {p: {table: t, key: 'p:{id}', compress: 4096}}",
                "caches: {p: {table: t, key: 'p:{id}', compress: 4KB}}",
                "caches: {p: {table: t, key: 'p:{id}', compress: 0kB}}",
                "caches: {p: {table: t, key: 'p:{id}', format: hash, compress: 4kB}}",
                "caches: {p: {query: 'select 1 id', key: 'p:{id}', rows: many, depends: {t: '{id}'}, format: hash}}",
                "caches: {p: {table: t, index: 'p:index', member: '{id}', score: at, format: json}}",
                "caches: {p: {table: t, index: 'p:index', member: '{id}', score: at, compress: 1MB}}",
                "caches: {p: {table: t, key: 'p:{id}', tag: [a]}}"
            })
    void both_refuse(String yaml) {
        assertThat(schemaProblems(yaml)).isNotEmpty();
        assertThat(catchThrowable(() -> PipelineFile.parse("t.yaml", whole(yaml), Map.of())))
                .isInstanceOf(InvalidPipelineException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "kafka", "redis"})
    void every_setting_of_the_schema_is_one_of_the_reader_and_has_its_variable(String section) {
        JsonNode settings = SCHEMA.getSchemaNode().at("/properties/" + section + "/properties");
        for (String setting : (Iterable<String>) settings::fieldNames) {
            boolean single = !setting.equals("properties");
            Map<String, String> environment =
                    single ? Map.of(Place.variableOf(section + "." + setting), "\t?") : Map.of();
            Reading reading = new Reading("t.yaml", environment);
            Section read = new Section(reading, section, null, new Place("t.yaml", 1, 1, section));
            ConnectionsReader connections = new ConnectionsReader(reading);
            switch (section) {
                case "source" -> connections.source(read);
                case "kafka" -> connections.kafka(read);
                default -> connections.redis(read);
            }
            reading.refuseUnknownVariables();

            assertThat(catchThrowable(reading.problems()::throwIfAny) + "")
                    .as(section + "." + setting)
                    .doesNotContain("no such setting");
        }
    }

    private static byte[] whole(String yaml) {
        return ("tidemark: 1\n" + yaml + "\n").getBytes(UTF_8);
    }

    private static Set<ValidationMessage> schemaProblems(String yaml) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(new String(whole(yaml), UTF_8));
        return SCHEMA.validate(JSON.valueToTree(tree));
    }
}
