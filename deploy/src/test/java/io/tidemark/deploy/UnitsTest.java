package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.testkit.access.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units for systemd, as systemd itself judges them. {@code deploy/systemd/try} runs them. */
class UnitsTest {
    private static final Path FOLDER = Yaml.DEPLOY.resolve("systemd");
    private static final List<String> SERVICES =
            List.of("ingest-service", "cache-writer", "reconciler", "position-service");
    /** Of 100 at most, in tenths of systemd's own figure from 0 (locked up) to 10. */
    private static final int MOST_EXPOSED = 20;

    @TempDir
    Path folder;

    @Test
    void everyServiceHasAUnitAndTheTargetWantsIt() throws IOException {
        String target = Files.readString(FOLDER.resolve("tidemark.target"));
        for (String service : SERVICES) {
            assertThat(target).contains("tidemark-" + service + ".service");
            assertThat(FOLDER.resolve("tidemark-" + service + ".service"))
                    .content()
                    .contains("-jar /opt/tidemark/" + service + ".jar\n");
        }
        try (Stream<Path> units = Files.list(FOLDER)) {
            assertThat(units.filter(unit -> unit.toString().endsWith(".service")))
                    .hasSameSizeAs(SERVICES);
        }
    }

    @Test
    void everySecretIsACredential() throws IOException {
        for (String service : SERVICES) {
            List<String> credentials = new ArrayList<>();
            List<String> named = new ArrayList<>();
            for (String line : Files.readAllLines(FOLDER.resolve("tidemark-" + service + ".service"))) {
                if (line.startsWith("LoadCredential=")) {
                    String name = line.substring(line.indexOf('=') + 1, line.indexOf(':'));
                    assertThat(line)
                            .endsWith(":/etc/tidemark/secrets/" + (name.equals("password") ? userName(service) : name));
                    credentials.add(name);
                }
                if (line.matches("Environment=TIDEMARK_\\w+_(PASSWORD|TOKEN).*")) {
                    assertThat(line).matches("Environment=\\w+_FILE=%d/\\w+");
                    named.add(line.substring(line.lastIndexOf('/') + 1));
                }
            }
            assertThat(credentials).containsAll(named).isNotEmpty();
            assertThat(named).containsAll(credentials);
        }
    }

    @Test
    void everyServiceComesAsTheUserThatTheScriptsMake() throws IOException {
        for (String service : SERVICES) {
            List<String> lines = Files.readAllLines(FOLDER.resolve("tidemark-" + service + ".service"));
            assertThat(lines)
                    .contains("Environment=TIDEMARK_SOURCE_USER="
                            + userName(service).replace('-', '_'));
            if (!service.equals("ingest-service")) {
                assertThat(lines).contains("Environment=TIDEMARK_REDIS_USER=" + userName(service));
            }
        }
    }

    private static String userName(String service) {
        return switch (service) {
            case "ingest-service" -> ServiceAccount.INGEST.userName();
            case "cache-writer" -> ServiceAccount.CACHE_WRITER.userName();
            case "reconciler" -> ServiceAccount.RECONCILER.userName();
            default -> ServiceAccount.POSITIONS.userName();
        };
    }

    @Test
    void systemdFindsNoFault() throws Exception {
        Tool.Said said = verify("/usr/bin/java");
        assertThat(said.exitCode()).as(said.words()).isZero();
        assertThat(said.words()).isEmpty();
    }

    @Test
    void aFaultIsNoticed() throws Exception {
        Tool.Said said = verify("/usr/bin/java", "ProtectSystem=strict", "ProtectSistem=strict");
        assertThat(said.words()).contains("ProtectSistem");
    }

    @Test
    void everyServiceIsLockedUp() throws Exception {
        Tool analyze = Tool.orSkip("systemd-analyze", "systemd");
        for (String service : SERVICES) {
            Tool.Said said = analyze.run(
                    FOLDER,
                    "security",
                    "--offline=yes",
                    "--no-pager",
                    "--threshold=" + MOST_EXPOSED,
                    FOLDER.resolve("tidemark-" + service + ".service").toString());
            assumeTrue(!said.words().contains("offline"), "this systemd is older than 250 and judges no files");
            assertThat(said.exitCode()).as(said.words()).isZero();
        }
    }

    /** What systemd says of all units, once their program is one that is there, and once a text in them is another. */
    private Tool.Said verify(String java, String... replaced) throws IOException, InterruptedException {
        Tool analyze = Tool.orSkip("systemd-analyze", "systemd");
        List<String> arguments = new ArrayList<>(List.of("verify"));
        // What makes https of all of them is judged with them.
        Path more = Files.createDirectories(folder.resolve("tidemark-.service.d"));
        Files.copy(FOLDER.resolve("https.conf"), more.resolve("https.conf"), StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> units = Files.list(FOLDER)) {
            for (Path unit : units.filter(u -> u.toString().matches(".*\\.(service|target)"))
                    .toList()) {
                String text = Files.readString(unit).replace("ExecStart=" + java, "ExecStart=" + there());
                for (int i = 0; i < replaced.length; i += 2) {
                    text = text.replace(replaced[i], replaced[i + 1]);
                }
                arguments.add(
                        Files.writeString(folder.resolve(unit.getFileName().toString()), text)
                                .toString());
            }
        }
        return analyze.run(folder, arguments.toArray(String[]::new));
    }

    /** The JVM that runs this: systemd wants the program to be there. */
    private static Path there() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
