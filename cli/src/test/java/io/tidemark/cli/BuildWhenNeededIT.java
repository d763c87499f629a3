package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When {@code ./tidemark} builds: the script itself, in a folder laid out like the project after a build, with programs
 * in the place of {@code java} and {@code mvn} that only say that they were called.
 */
class BuildWhenNeededIT {
    /** As the modules' poms name what a build leaves. */
    private static final List<String> JARS = List.of(
            "ingest-service/target/ingest-service.jar",
            "cache-writer/target/cache-writer.jar",
            "position-service/target/position-service.jar",
            "reconciler/target/reconciler.jar",
            "cli/target/tidemark-cli.jar");

    private static final List<String> MODULES = List.of(
            "core", "testkit", "client", "ingest-service", "cache-writer", "position-service", "reconciler", "cli");

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void aProjectThatIsBuilt() throws IOException {
        home = Files.createDirectories(folder.resolve("clone"));
        Files.copy(RunningCommand.HOME.resolve("tidemark"), home.resolve("tidemark"));
        Instant written = Instant.now().minusSeconds(60);
        touch(home.resolve("pom.xml"), written);
        for (String module : MODULES) {
            touch(home.resolve(module).resolve("pom.xml"), written);
            touch(home.resolve(module).resolve("src/main/java/Some.java"), written);
        }
        for (String jar : JARS) {
            touch(home.resolve(jar), written);
        }
        touch(home.resolve("target/tidemark/built"), Instant.now().minusSeconds(10));
        for (String program : List.of("java", "javac", "mvn")) {
            program(folder.resolve("jdk/bin").resolve(program));
        }
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    }

    @Test
    void nothing_is_built_again_while_no_source_has_changed() throws Exception {
        assertThat(run()).doesNotContain("Build").contains("java -XX").doesNotContain("mvn -B");
    }

    @Test
    void a_missing_program_is_built() throws Exception {
        for (String jar : JARS) {
            aProjectThatIsBuiltAgain();
            Files.delete(home.resolve(jar));
            assertThat(run()).as(jar).contains("mvn -B").contains("Built Tidemark in");
        }
    }

    @Test
    void a_changed_source_of_any_module_is_built() throws Exception {
        for (String module : MODULES) {
            aProjectThatIsBuiltAgain();
            touch(home.resolve(module).resolve("src/main/java/Some.java"), Instant.now());
            assertThat(run()).as(module).contains("mvn -B").contains("Built Tidemark in");
        }
    }

    @Test
    void a_changed_test_is_not() throws Exception {
        touch(home.resolve("core/src/test/java/SomeTest.java"), Instant.now());
        assertThat(run()).doesNotContain("mvn -B");
    }

    private void aProjectThatIsBuiltAgain() throws IOException {
        for (String jar : JARS) {
            touch(home.resolve(jar), Instant.now().minusSeconds(60));
        }
        for (String module : MODULES) {
            touch(
                    home.resolve(module).resolve("src/main/java/Some.java"),
                    Instant.now().minusSeconds(60));
        }
        touch(home.resolve("target/tidemark/built"), Instant.now().minusSeconds(10));
        Files.deleteIfExists(folder.resolve("called"));
    }

    /** What was called, and what the script said. */
    private String run() throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(home.resolve("tidemark").toString(), "--version").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("PATH", folder.resolve("jdk/bin") + ":" + System.getenv("PATH"));
        builder.environment().remove("TIDEMARK_SKIP_BUILD");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said + Files.readString(folder.resolve("called"));
    }

    private void program(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "#!/bin/sh\nprintf '%s\\n' \"" + file.getFileName() + " $*\" >>'" + folder.resolve("called") + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void touch(Path file, Instant modified) throws IOException {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.writeString(file, "");
        }
        Files.setLastModifiedTime(file, FileTime.from(modified));
        // The script looks at folders too: one that lost a source is newer.
        for (Path up = file.getParent(); up != null && !up.endsWith("clone"); up = up.getParent()) {
            Files.setLastModifiedTime(up, FileTime.from(modified));
        }
    }
}
