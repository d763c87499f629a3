package io.tidemark.systemtests.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import io.tidemark.testkit.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogIT {
    private static final TableId T = new TableId("public", "t");
    private Connection connection;
    private Catalog catalog;

    @BeforeEach
    void connect() throws SQLException {
        connection = SharedServers.postgres().connect(SharedServers.newDatabase());
        catalog = new Catalog(connection);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void a_shape_has_columns_in_the_tables_order_and_the_key_in_the_keys_order() throws SQLException {
        sql(
                "create schema \"My Shop\"",
                "create domain amount as numeric(10,2)",
                "create table \"My Shop\".\"Line \"\"x\"\"\" (gone int, no int, \"Bill\" bigint, price amount,"
                        + " tags text[], total int generated always as (no * 2) stored, primary key (\"Bill\", no) include (price))",
                "alter table \"My Shop\".\"Line \"\"x\"\"\" drop column gone",
                "alter table \"My Shop\".\"Line \"\"x\"\"\" replica identity full");
        TableId table = new TableId("My Shop", "Line \"x\"");

        TableShape shape = catalog.shapes(List.of(table, T)).get(table);

        assertThat(shape.columns()).extracting(Column::name).containsExactly("no", "Bill", "price", "tags", "total");
        assertThat(shape.primaryKey()).containsExactly("Bill", "no");
        assertThat(shape.replicaIdentity()).isEqualTo(ReplicaIdentity.FULL);
        Column price = shape.column("price").orElseThrow();
        assertThat(price.domain()).isTrue();
        assertThat(price.type().name()).isEqualTo("numeric");
        assertThat(price.type().modifier()).isEqualTo((10 << 16 | 2) + 4);
        assertThat(shape.column("tags").orElseThrow().type().kind()).isEqualTo(Kind.ARRAY);
        assertThat(shape.column("tags").orElseThrow().type().element().name()).isEqualTo("text");
        assertThat(shape.column("total").orElseThrow().generated()).isTrue();
        assertThat(shape.column("no").orElseThrow().toastable()).isFalse();
        assertThat(shape.column("tags").orElseThrow().toastable()).isTrue();
    }

    @Test
    void tables_that_are_not_there_are_left_out_and_partitions_are_no_tables_of_their_own() throws SQLException {
        sql(
                "create table t (id int, region int, primary key (id, region)) partition by list (region)",
                "create table t1 partition of t for values in (1)",
                "create table bare (n int)");

        assertThat(catalog.tables()).containsExactly(new TableId("public", "bare"), T);
        assertThat(catalog.shapes(List.of(T, new TableId("public", "none")))).containsOnlyKeys(T);
        assertThat(catalog.shapes(List.of(T)).get(T).partitioned()).isTrue();
        assertThat(catalog.shapes(catalog.tables())
                        .get(new TableId("public", "bare"))
                        .primaryKey())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table t add column added int default 7",
                "alter table t drop column name",
                "alter table t rename column name to title",
                "alter table t alter column name type varchar(50)",
                "alter table t alter column name type text using upper(name)",
                "alter table t drop constraint t_pkey, add primary key (name)",
                "alter type mood rename value 'sad' to 'blue'",
                "alter type mood add value 'happy'",
                "alter type pair rename attribute a to first",
                "alter table t drop column feel, add column feel mood",
            })
    void whatever_changes_documents_changes_the_fingerprint(String change) throws SQLException {
        sql(
                "create type mood as enum ('sad')",
                "create type pair as (a int, b text)",
                "create table t (id int primary key, name text not null, feel mood, pairs pair[])");
        String before = catalog.fingerprints(List.of(T)).get(T);
        assertThat(catalog.shapes(List.of(T)).get(T).fingerprint()).isEqualTo(before);

        sql(change);

        assertThat(catalog.fingerprints(List.of(T)).get(T)).isNotEqualTo(before);
    }

    @Test
    void rows_indexes_and_statistics_do_not_change_the_fingerprint() throws SQLException {
        sql("create table t (id int primary key, name text)");
        String before = catalog.fingerprints(List.of(T)).get(T);

        sql("insert into t select g, 'x' from generate_series(1, 1000) g", "create index on t (name)", "analyze t");

        assertThat(catalog.fingerprints(List.of(T)).get(T)).isEqualTo(before);
    }

    @Test
    void a_partition_attached_with_its_rows_changes_the_fingerprint() throws SQLException {
        sql(
                "create table t (id int primary key) partition by range (id)",
                "create table t1 (id int primary key)",
                "insert into t1 values (5)");
        String before = catalog.fingerprints(List.of(T)).get(T);

        sql("alter table t attach partition t1 for values from (0) to (10)");

        assertThat(catalog.fingerprints(List.of(T)).get(T)).isNotEqualTo(before);
    }

    @Test
    void types_beside_which_the_stream_cannot_start_are_named_with_the_remedy() throws SQLException {
        assertThat(catalog.obstacles()).isEmpty();
        sql("create type mood as enum ('sad')", "create domain my_mood as mood", "create type empty as enum ()");

        assertThat(catalog.obstacles())
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("no domain over an enum", "DROP DOMAIN my_mood"))
                .anySatisfy(text -> assertThat(text).contains("found empty", "DROP TYPE empty"));
    }

    private void sql(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
