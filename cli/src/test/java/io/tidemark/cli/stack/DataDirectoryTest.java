package io.tidemark.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void two_at_once_are_refused_with_words_and_exit_code_6() {
        Path data = folder.resolve("data with spaces");
        try (DataDirectory first = DataDirectory.lock(data)) {
            assertThatThrownBy(() -> DataDirectory.lock(data))
                    .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.exitCode())
                            .isEqualTo(ExitCode.LOCKED))
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining(first.root().toString())
                    .hasMessageContaining("--data");
        }
        DataDirectory.lock(data).close();
    }

    @Test
    void a_password_is_made_once_and_read_by_its_owner_only() throws IOException {
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            Path file = directory.passwordFile(folder.resolve("secret"));
            String password = Files.readString(file);
            assertThat(password).hasSize(48);
            assertThat(Files.readString(directory.passwordFile(file))).isEqualTo(password);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void an_emptied_folder_is_empty() throws IOException {
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            Path nested = Files.createDirectories(directory.folder("demo").resolve("a/b"));
            Files.writeString(nested.resolve("file"), "old");
            assertThat(directory.emptyFolder("demo")).isEmptyDirectory();
        }
    }

    @Test
    void a_run_file_is_read_as_it_was_written() throws IOException {
        RunFile written = new RunFile(
                1,
                "up",
                new RunFile.Server("postgresql://me@db/shop", null, null, false),
                new RunFile.Broker("127.0.0.1:19092", 3L, true),
                new RunFile.Server("redis://127.0.0.1:16379", "/secret", 4L, true),
                Map.of("cache-writer", new RunFile.Service("http://127.0.0.1:8081", 5)),
                null,
                null);
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            directory.write(directory.runFile(), written.text());
            assertThat(RunFile.read(directory.runFile())).contains(written);
            assertThat(written.children()).containsExactly(3L, 4L, 5L);
        }
    }
}
