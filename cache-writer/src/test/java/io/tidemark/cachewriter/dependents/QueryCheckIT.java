package io.tidemark.cachewriter.dependents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.PipelineProblem;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.query.QueryCheck;
import io.tidemark.testkit.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Caches that are read from the database are held against it before anything is done. */
class QueryCheckIT {
    private static Connection connection;

    @BeforeAll
    static void connect() throws Exception {
        connection = SharedServers.postgres().connect(SharedServers.newDatabase());
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int primary key, name text, price float8, data jsonb)");
        }
    }

    @AfterAll
    static void close() throws Exception {
        connection.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query: select name from t, key: 'p:{id}', depends: {t: '{id}'}|4:12|cannot be keyed: it gives no column id",
                "query: select nme as id from t, key: 'p:{id}', depends: {t: '{id}'}|4:12|\"nme\" does not exist",
                "query: select price as id from t, key: 'p:{id}', depends: {t: '{id}'}|4:12|its equal values may have different texts",
                "query: 'select id, 1 as a, 2 as a from t', key: 'p:{id}', depends: {t: '{id}'}|4:12|two columns a",
                "query: select id from t, key: 'p:{id}', depends: {t: '{di}'}|6:18|found di",
                "query: select id from t, key: 'p:{id}', depends: {t: 'select id from t where id = :x'}|6:18|expected :x to be a column of public.t",
                "query: select id from t, key: 'p:{id}', depends: {t: 'select id from u where id = :id'}|6:18|\"u\" does not exist",
                "table: t, keys: 'p:{nam}'|5:11|it has id",
                "table: t, index: 'p', member: '{id}', score: name|7:12|found one of type text",
            })
    void what_cannot_be_read_is_refused_with_its_place(String settings, String place, String words) throws Exception {
        StringBuilder yaml = new StringBuilder("tidemark: 1\ncaches:\n  p:\n");
        for (String setting : settings.split(", (?=[a-z]+: )")) {
            yaml.append("    ").append(setting).append('\n');
        }
        PipelineFile file = PipelineFile.parse("t.yaml", yaml.toString().getBytes(UTF_8), Map.of());

        assertThat(QueryCheck.check(
                        file,
                        connection,
                        new Catalog(connection).shapes(file.pipeline().followedTables())))
                .singleElement()
                .extracting(PipelineProblem::text)
                .asString()
                .startsWith("t.yaml:" + place + ":")
                .contains(words);
    }
}
