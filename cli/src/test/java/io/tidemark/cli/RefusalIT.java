package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.DataDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input to the command as a person gives it: one message, the exit code, and nothing started. */
class RefusalIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void a_taken_port_is_named_with_its_option_and_nothing_is_started() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RunningCommand demo =
                        RunningCommand.start(folder, "demo", "--redis-port", Integer.toString(taken.getLocalPort()))) {
            assertThat(demo.exitCode(SOON)).isEqualTo(ExitCode.USAGE);
            assertThat(demo.errors())
                    .contains("port " + taken.getLocalPort() + " for Redis is taken")
                    .contains("--redis-port")
                    .doesNotContain("is up on port");
        }
    }

    @Test
    void a_broken_pipeline_file_is_named_with_line_and_remedy() throws Exception {
        Path file = Files.writeString(
                folder.resolve("broken.yaml"),
                "tidemark: 1\ncaches:\n  product:\n    table: public.products\n    ky: product:{id}\n");
        try (RunningCommand up = RunningCommand.start(folder, "up", "--config", file.toString())) {
            assertThat(up.exitCode(SOON)).isEqualTo(ExitCode.USAGE);
            assertThat(up.errors()).contains("broken.yaml:5").contains("key").doesNotContain("Exception");
        }
    }

    @Test
    void a_second_run_in_one_folder_is_refused() throws Exception {
        try (DataDirectory held = DataDirectory.lock(folder.resolve("data"));
                RunningCommand demo = RunningCommand.start(folder, "demo")) {
            assertThat(demo.exitCode(SOON)).isEqualTo(ExitCode.LOCKED);
            assertThat(demo.errors()).contains(held.root().toString()).contains("--data");
        }
    }

    @Test
    void the_command_works_through_a_link_from_any_folder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("a link"), RunningCommand.HOME.resolve("tidemark"));
        ProcessBuilder builder = new ProcessBuilder(link.toString(), "--version")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("TIDEMARK_SKIP_BUILD", "made by the build that runs this test");
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("tidemark 0.");
        assertThat(process.waitFor()).isZero();
    }
}
