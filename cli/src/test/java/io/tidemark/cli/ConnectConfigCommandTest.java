package io.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark connect-config} as a process of its own, as its environment matters. */
class ConnectConfigCommandTest {
    private static final Path EXAMPLE = Repository.root().resolve("docker/tidemark.yaml");
    private static final String URL = "postgresql://tidemark:very-secret@postgres:5432/shop";

    @TempDir
    Path directory;

    private record Ended(int code, String out, String err) {}

    @Test
    void theExampleInDeployIsWhatTheCommandPrints() throws Exception {
        Ended ended = run(Map.of("TIDEMARK_SOURCE_URL", URL), "--config", EXAMPLE.toString(), "--offline");

        assertThat(ended.code()).as(ended.err()).isZero();
        String example = Files.readString(Repository.root().resolve("deploy/kafka-connect/connector.json"));
        assertThat(ended.out()).isEqualTo(example);
    }

    @Test
    void thePasswordIsNeverPrinted() throws Exception {
        Ended ended = run(
                Map.of("TIDEMARK_SOURCE_URL", URL),
                "--config",
                EXAMPLE.toString(),
                "--offline",
                "--epoch",
                "7",
                "--config-only",
                "--password-reference",
                "${directory:/run/secrets:source_password}");

        assertThat(ended.out() + ended.err()).doesNotContain("very-secret");
        JsonNode config = new ObjectMapper().readTree(ended.out());
        assertThat(config.path("database.password").asText()).isEqualTo("${directory:/run/secrets:source_password}");
        assertThat(config.path("transforms.epoch.value.literal").asText()).isEqualTo("7");
    }

    @Test
    void aPasswordInPlaceOfAReferenceIsRefusedAndNotShown() throws Exception {
        Ended ended = run(
                Map.of("TIDEMARK_SOURCE_URL", URL),
                "--config",
                EXAMPLE.toString(),
                "--offline",
                "--password-reference",
                "very-secret");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--password-reference: expected a reference like ${env:NAME}");
        assertThat(ended.out() + ended.err()).doesNotContain("very-secret");
    }

    @Test
    void whatIsMissingOrWrongEndsItWithCode2AndWhatToDo() throws Exception {
        Ended noDatabase = run(Map.of(), "--config", EXAMPLE.toString());
        assertThat(noDatabase.code()).isEqualTo(2);
        assertThat(noDatabase.err()).contains("source.url", "postgresql://user@host:5432/database");

        Ended noFile = run(Map.of(), "--config", directory.resolve("none.yaml").toString());
        assertThat(noFile.code()).isEqualTo(2);
        assertThat(noFile.err()).contains("there is no pipeline file");

        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "tidemark: 1\nkafak: {}\n");
        Ended unknown = run(Map.of("TIDEMARK_SOURCE_URL", URL), "--config", wrong.toString());
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("did you mean kafka?");

        Ended epoch =
                run(Map.of("TIDEMARK_SOURCE_URL", URL), "--config", EXAMPLE.toString(), "--offline", "--epoch", "0");
        assertThat(epoch.code()).isEqualTo(2);
        assertThat(epoch.out()).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotAnswerEndsItWithCode5() throws Exception {
        Ended ended = run(
                Map.of("TIDEMARK_SOURCE_URL", "postgresql://tidemark@127.0.0.1:1/shop"),
                "--config",
                EXAMPLE.toString());
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.err()).contains("127.0.0.1:1/shop does not answer", "--offline");
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Tidemark.class.getName(),
                "connect-config"));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }
}
