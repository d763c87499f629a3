package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cli.failure.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {
    @TempDir
    private Path folder;

    private final StringWriter errors = new StringWriter();

    @Test
    void an_unknown_option_is_a_usage_error_with_a_suggestion() {
        assertThat(run("demo", "--prodcuts", "5")).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("--prodcuts").contains("Did you mean --products?");
    }

    @Test
    void an_unknown_command_is_a_usage_error_with_a_suggestion() {
        assertThat(run("demos")).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("Did you mean demo");
    }

    @Test
    void a_wrong_value_is_a_usage_error_that_says_what_was_expected() {
        assertThat(run("demo", "--duration", "5")).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("such as 500ms, 10s, 2m or 1h30m; found '5'");
    }

    @Test
    void a_value_out_of_range_is_a_usage_error() {
        assertThat(run("demo", "--products", "0", "--data", data())).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("--products must be between 1 and 100,000,000; found 0");
        assertThat(run("demo", "--kafka-port", "70000", "--data", data())).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("from 0 to 65535; found 70000");
    }

    @Test
    void a_missing_pipeline_file_is_a_usage_error_that_says_what_to_do() {
        assertThat(run("up", "--config", folder.resolve("none.yaml").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("none.yaml").contains("--config FILE");
    }

    @Test
    void a_broken_pipeline_file_is_a_usage_error_that_names_the_line_and_starts_nothing() throws Exception {
        Path file =
                Files.writeString(folder.resolve("broken.yaml"), "tidemark: 1\ncaches:\n  product:\n    tabel: x\n");
        assertThat(run("up", "--config", file.toString(), "--data", data())).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("broken.yaml:4").contains("tabel");
        assertThat(Path.of(data())).doesNotExist();
    }

    @Test
    void without_anything_running_status_and_verify_say_so_and_cannot_connect() {
        assertThat(run("status", "--data", data())).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(run("verify", "--data", data())).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(errors.toString()).contains("run.json").contains("./tidemark up");
    }

    @Test
    void a_service_that_does_not_answer_cannot_be_connected_to() {
        assertThat(run("verify", "--data", data(), "--reconciler-url", "http://127.0.0.1:1"))
                .isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(errors.toString()).contains("reconciler does not answer at http://127.0.0.1:1");
    }

    @Test
    void durations_are_read_as_people_write_them() {
        DurationText text = new DurationText();
        assertThat(text.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(text.convert("10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(text.convert("1h30m")).isEqualTo(Duration.ofMinutes(90));
        for (String wrong : new String[] {"", "5", "0s", "-1s", "1d", "s", "1s1h"}) {
            assertThatThrownBy(() -> text.convert(wrong))
                    .as(wrong)
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }

    @Test
    void wal_positions_are_read_and_written_as_the_database_does() {
        assertThat(Lsn.text(Lsn.parse("16/B374D848"))).isEqualTo("16/B374D848");
        assertThat(Lsn.parse("1/0")).isEqualTo(1L << 32);
        assertThat(Long.compareUnsigned(Lsn.parse("FFFFFFFF/0"), Lsn.parse("1/0")))
                .isPositive();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private int run(String... arguments) {
        CommandLine commandLine = Tidemark.commandLine();
        PrintWriter writer = new PrintWriter(errors);
        return commandLine.setErr(writer).execute(arguments);
    }
}
