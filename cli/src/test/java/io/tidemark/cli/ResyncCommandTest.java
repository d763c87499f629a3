package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.failure.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResyncCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product --source redis | expected --source database or kafka, found redis",
                "--key product:42 | expected the one cache whose entries --key or --rows choose, found 0 caches",
                "product shop --rows 1..5 | found 2 caches",
                "product --key product:42 --rows 1..5 | expected --key or --rows, found both",
                "product --key product:42 --check-only | expected no --check-only with --key or --rows",
            })
    void what_cannot_be_meant_is_a_usage_error_before_anybody_is_asked(String options, String error) {
        StringWriter errors = new StringWriter();
        String[] arguments = ("resync --cache-writer-url http://127.0.0.1:1 " + options).split(" ");

        int code = Tidemark.commandLine().setErr(new PrintWriter(errors)).execute(arguments);

        assertThat(errors.toString()).contains(error);
        assertThat(code).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void a_resync_from_kafka_says_what_was_asked_of_postgresql_and_what_it_cannot_find() throws Exception {
        String text = ResyncCommand.results(JSON.readTree("""
                {"id": "1f0c22ab", "state": "done", "caches": [
                  {"cache": "product", "outcome": "resynced", "success": true, "source": "kafka", "product_count": 10000,
                   "written": 2, "removed": 1, "duration_ms": 381, "error": null, "rows_asked": 1200,
                   "note": "what no topic has was not looked for", "last_sync": "2026-11-21T10:17:03Z"},
                  {"cache": "products-index", "outcome": "skipped", "success": true, "error": null, "note": "cache products-index is read by a query"},
                  {"cache": "bill", "outcome": "resynced", "success": true, "source": "kafka", "error": null, "rows_asked": 0,
                   "note": "what no topic has was not looked for"}]}"""));

        assertThat(text)
                .contains("kafka", "10,000", "2026-11-21T10:17:03Z")
                .contains("product: PostgreSQL was asked for 1,200 rows")
                .containsOnlyOnce("what no topic has was not looked for")
                .contains("cache products-index is read by a query")
                .doesNotContain("null");
    }

    @Test
    void a_part_is_said_to_be_one() throws Exception {
        assertThat(ResyncCommand.results(JSON.readTree("""
                {"id": "1f0c22ab", "state": "done", "caches": [
                  {"cache": "product", "outcome": "resynced", "success": true, "source": "database", "product_count": 5,
                   "written": 1, "removed": 0, "duration_ms": 8, "error": null, "part": "rows 1..5", "last_sync": null}]}""")))
                .contains("product: rows 1..5 only; the rest is as old as before")
                .doesNotContain("PostgreSQL was asked");
    }
}
