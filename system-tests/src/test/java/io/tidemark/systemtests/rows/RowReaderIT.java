package io.tidemark.systemtests.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.document.JsonValues;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.ShapeChangedException;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.WalPosition;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderIT {
    private static final TableId T = new TableId("public", "t");
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        String url =
                "jdbc:postgresql://127.0.0.1:" + SharedServers.postgres().port() + "/" + SharedServers.newDatabase();
        connection = new SourceDatabase(
                        url,
                        SharedServers.postgres().user(),
                        SharedServers.postgres().password(),
                        "row-reader-test")
                .connect();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int2 | -5 | 7",
                "int8 | 9007199254740993 | -1",
                "numeric | 1.50 | 'NaN'",
                "numeric(20,4) | 1.5 | 'NaN'",
                "float8 | 0.1 | '-Infinity'",
                "bool | true | false",
                "text | 'a \"b\" \\ {é}' | ''",
                "varchar(9) | 'abc' | 'x '",
                "char(5) | 'ab' | ''",
                "uuid | 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' | '00000000-0000-0000-0000-000000000000'",
                "bytea | '\\x00ff' | ''",
                "date | 'infinity' | '0044-03-15 BC'",
                "time | '24:00' | '00:00:00.000001'",
                "timetz | '10:00+05:30' | '24:00-12'",
                "timestamp | '2024-02-29 12:34:56.789' | '-infinity'",
                "timestamptz | '2024-02-29 12:34:56.789+05:30' | '0044-03-15 BC'",
                "interval | '1 mon -1 day' | 'infinity'",
                "inet | '10.0.0.1' | '::1'",
                "int4range | '[1,5)' | 'empty'",
                "\"Mood\" | 'very happy' | 'sad'",
                "money | '12.34' | '-1'",
                "int4[] | '{1,2}' | '{}'",
                "jsonb | '{\"a\": [1.10]}' | '\"x\"'",
                "posint | 1 | 2",
                "bit(3) | '101' | '000'",
                "pair | '(1,\"a b\")' | '(2,)'",
            })
    void a_key_of_any_type_finds_its_row(String type, String one, String other) throws Exception {
        sql(
                "create type \"Mood\" as enum ('sad', 'very happy')",
                "create type pair as (a int, b text)",
                "create domain posint as int",
                "create table t (id " + type + " primary key, n int)",
                "insert into t values (" + one + ", 1), (" + other + ", 2)");
        RowReader reader = new RowReader(shape(), name -> true);

        RowPage page = reader.page(connection, null, 10);
        List<ObjectNode> keys = page.rows().stream().map(Row::key).toList();

        assertThat(keys).hasSize(2);
        assertThat(texts(reader.read(connection, keys)))
                .containsExactlyElementsOf(
                        page.rows().stream().map(row -> text(row.document())).toList());
        assertThat(reader.page(connection, keys.get(0), 10).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.key()).isEqualTo(keys.get(1)));
        assertThat(JsonValues.equal(
                        page.rows().get(0).document(), text("select to_jsonb(t)::text from t order by id limit 1")))
                .isTrue();
    }

    @Test
    void keys_of_several_columns_and_names_that_collide_with_aliases() throws Exception {
        sql(
                "create table \"Odd \"\"T\" (k int, d text, t int, place int, \"Id \"\"q\" text, a int, k0 int,"
                        + " primary key (place, \"Id \"\"q\", k, t, a, k0, d))",
                "insert into \"Odd \"\"T\" select g, 'd', g, 1, 'x' || g, g, g from generate_series(1, 30) g");
        TableId table = new TableId("public", "Odd \"T");
        RowReader reader =
                new RowReader(new Catalog(connection).shapes(List.of(table)).get(table), name -> true);

        List<Row> all = pages(reader, 7);

        assertThat(all).hasSize(30);
        assertThat(reader.read(connection, all.stream().map(Row::key).toList()).documents())
                .doesNotContainNull()
                .hasSize(30);
    }

    @Test
    void ten_thousand_keys_at_once_with_the_gone_ones_in_their_places() throws Exception {
        sql(
                "create table t (id int8 primary key, name text)",
                "insert into t select g * 2, 'n' || g from generate_series(1, 5000) g",
                "analyze t");
        List<ObjectNode> keys = new ArrayList<>();
        for (int id = 1; id <= 10_000; id++) {
            keys.add(key("{\"id\":" + id + "}"));
        }

        List<String> documents = texts(new RowReader(shape(), name -> true).read(connection, keys));

        assertThat(IntStream.range(0, 10_000).filter(i -> (documents.get(i) == null) == ((i + 1) % 2 == 1)))
                .hasSize(10_000);
        assertThat(documents.get(9_999)).isEqualTo("{\"id\": 10000, \"name\": \"n5000\"}");
    }

    @Test
    void documents_have_the_selected_columns_only_and_may_be_all_null() throws Exception {
        sql("create table t (id int primary key, a text, secret text)", "insert into t values (1, null, 's')");

        RowsRead read =
                new RowReader(shape(), "a"::equals).read(connection, List.of(key("{\"id\":1}"), key("{\"id\":2}")));

        assertThat(texts(read)).containsExactly("{\"a\": null}", null);
        assertThat(texts(new RowReader(shape(), name -> false).read(connection, List.of(key("{\"id\":1}")))))
                .containsExactly("{}");
    }

    @Test
    void the_horizon_is_no_lower_than_any_commit_that_was_seen() throws Exception {
        sql("create table t (id int primary key)", "insert into t values (1)");
        long before = WalPosition.current(connection);
        RowReader reader = new RowReader(shape(), name -> true);

        long horizon = reader.read(connection, List.of(key("{\"id\":1}"))).horizonLsn();

        assertThat(horizon).isGreaterThanOrEqualTo(before);
        sql("insert into t values (2)");
        assertThat(reader.page(connection, null, 5).horizonLsn()).isGreaterThan(horizon);
    }

    @Test
    void a_row_that_to_jsonb_refuses_counts_as_not_there() throws Exception {
        sql(
                "create table t (id int primary key, j json)",
                "insert into t select g, '{}' from generate_series(1, 50) g",
                "update t set j = '\"\\u0000\"' where id in (7, 31)");
        RowReader reader = new RowReader(shape(), name -> true);

        List<Row> all = pages(reader, 10);

        assertThat(all).hasSize(48);
        assertThat(texts(reader.read(connection, List.of(key("{\"id\":6}"), key("{\"id\":7}"), key("{\"id\":8}")))))
                .containsExactly("{\"j\": {}, \"id\": 6}", null, "{\"j\": {}, \"id\": 8}");
    }

    @Test
    void a_range_gives_its_rows_alone_page_by_page_its_ends_included() throws Exception {
        sql(
                "create table t (a int, b int, j json, primary key (a, b))",
                "insert into t select g / 10, g % 10, '{}' from generate_series(0, 99) g",
                "update t set j = '\"\\u0000\"' where a = 4 and b = 4");
        RowReader reader = new RowReader(shape(), name -> true);
        ObjectNode first = key("{\"a\":3,\"b\":8}");
        ObjectNode last = key("{\"a\":4,\"b\":5}");

        assertThat(keys(reader.between(connection, first, last, 100)))
                .as("one row of it has no document")
                .containsExactly(
                        "{\"a\":3,\"b\":8}",
                        "{\"a\":3,\"b\":9}",
                        "{\"a\":4,\"b\":0}",
                        "{\"a\":4,\"b\":1}",
                        "{\"a\":4,\"b\":2}",
                        "{\"a\":4,\"b\":3}",
                        "{\"a\":4,\"b\":5}");
        RowPage two = reader.between(connection, first, last, 2);
        assertThat(keys(two)).hasSize(2);
        assertThat(two.next()).isEqualTo(key("{\"a\":3,\"b\":9}"));
        assertThat(reader.between(connection, last, first, 10).rows()).isEmpty();
    }

    private static List<String> keys(RowPage page) {
        return page.rows().stream().map(row -> row.key().toString()).toList();
    }

    @Test
    void a_table_of_another_shape_is_said() throws Exception {
        sql("create table t (id int primary key, a int)");
        RowReader reader = new RowReader(shape(), name -> true);
        sql("alter table t rename column a to b");

        assertThatThrownBy(() -> reader.page(connection, null, 5)).isInstanceOf(ShapeChangedException.class);
        assertThatThrownBy(() -> reader.read(connection, List.of(key("{\"id\":1}"))))
                .isInstanceOf(ShapeChangedException.class);
    }

    @Test
    void pages_give_every_untouched_row_once_while_others_come_and_go() throws Exception {
        sql(
                "create table t (a int, b text, n int, primary key (a, b))",
                "insert into t select g / 10, 'b' || g, 0 from generate_series(0, 999) g");
        RowReader reader = new RowReader(shape(), name -> true);
        Set<String> seen = new HashSet<>();
        ObjectNode after = null;
        for (int round = 0; round == 0 || after != null; round++) {
            RowPage page = reader.page(connection, after, 37);
            page.rows()
                    .forEach(row -> assertThat(seen.add(row.key().toString())).isTrue());
            after = page.next();
            sql(
                    "insert into t values (" + (99 - round) + ", 'new" + round + "', 1)",
                    "update t set n = n + 1 where a = " + (round % 100),
                    "delete from t where b = 'new" + (round - 3) + "'");
        }

        List<String> untouched = new ArrayList<>();
        for (int g = 0; g < 1000; g++) {
            untouched.add("{\"a\":" + g / 10 + ",\"b\":\"b" + g + "\"}");
        }
        assertThat(seen).containsAll(untouched);
    }

    @Test
    void the_databases_own_defaults_do_not_show() throws Exception {
        sql(
                "create table t (id int primary key, at timestamptz, f float8, i interval, b bytea)",
                "insert into t values (1, '2024-01-01 00:00+00', 0.1, '1 day', '\\x00ff')");
        try (Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("select current_database()")) {
            name.next();
            String database = name.getString(1);
            sql(
                    "alter database " + database + " set timezone = 'Asia/Kathmandu'",
                    "alter database " + database + " set extra_float_digits = -3",
                    "alter database " + database + " set intervalstyle = 'iso_8601'",
                    "alter database " + database + " set bytea_output = 'escape'");
        }
        String url = connection.getMetaData().getURL();
        TableShape shape = shape();
        connection.close();
        connection = new SourceDatabase(
                        url,
                        SharedServers.postgres().user(),
                        SharedServers.postgres().password(),
                        "again")
                .connect();

        assertThat(texts(new RowReader(shape, name -> true).read(connection, List.of(key("{\"id\":1}")))))
                .containsExactly(
                        "{\"b\": \"\\\\x00ff\", \"f\": 0.1, \"i\": \"1 day\", \"at\": \"2024-01-01T00:00:00+00:00\", \"id\": 1}");
    }

    private List<Row> pages(RowReader reader, int limit) throws SQLException {
        List<Row> all = new ArrayList<>();
        ObjectNode after = null;
        do {
            RowPage page = reader.page(connection, after, limit);
            all.addAll(page.rows());
            after = page.next();
        } while (after != null);
        return all;
    }

    private TableShape shape() throws SQLException {
        return new Catalog(connection).shapes(List.of(T)).get(T);
    }

    private static ObjectNode key(String json) throws IOException {
        return (ObjectNode) ExactJson.reader().readTree(json);
    }

    private static List<String> texts(RowsRead read) {
        return new ArrayList<>(
                read.documents().stream().map(document -> text(document)).toList());
    }

    private static String text(byte[] document) {
        return document == null ? null : new String(document, UTF_8);
    }

    private byte[] text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1).getBytes(UTF_8);
        }
    }

    private void sql(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
