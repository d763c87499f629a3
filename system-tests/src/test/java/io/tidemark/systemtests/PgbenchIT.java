package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.TableAndCache;
import io.tidemark.systemtests.product.UpProduct;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.process.Programs;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A writer that no one here wrote: PostgreSQL's own pgbench. */
class PgbenchIT {

    private static final int SECONDS = Integer.getInteger("tidemark.pgbench.seconds", 5);
    private static final List<TableAndCache> CACHES = List.of(
            TableAndCache.of("pgbench_accounts", "'account:' || t.aid", "account:*"),
            TableAndCache.of("pgbench_branches", "'branch:' || t.bid", "branch:*"),
            TableAndCache.of("pgbench_tellers", "'teller:' || t.tid", "teller:*"));

    private final long seed = Seed.ofThisRun("PgbenchIT");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyRowIsRightAfterPgbenchHasRun() throws Exception {
        Optional<Path> pgbench = Programs.find("pgbench");
        assumeTrue(pgbench.isPresent(), "pgbench is not on the PATH; Debian has it in postgresql-contrib");
        Path pipeline = Script.copy("pgbench/pgbench.yaml", directory);
        try (UpProduct product = UpProduct.start(pipeline, directory)) {
            run(product, pgbench.orElseThrow(), "--initialize", "--scale=1", "--quiet");
            product.awaitReady();
            FinalComparison comparison = new FinalComparison(product, CACHES);
            assertThat(comparison.awaitEqual(Duration.ofSeconds(120))).isEqualTo(100_000 + 1 + 10);

            run(
                    product,
                    pgbench.orElseThrow(),
                    "--client=4",
                    "--jobs=1",
                    "--time=" + SECONDS,
                    "--no-vacuum",
                    "--random-seed=" + seed);
            assertThat(comparison.awaitEqual(Duration.ofSeconds(60))).isEqualTo(100_000 + 1 + 10);
            System.out.println(Files.readString(directory.resolve("pgbench.log")));
            Verification verification = product.verify();
            assertThat(verification.nothingFound()).as(verification.text()).isTrue();
        }
    }

    private void run(UpProduct product, Path pgbench, String... options) throws Exception {
        JsonNode postgres = product.run().path("postgres");
        URI url = URI.create(postgres.path("url").asText().replaceFirst("^jdbc:", ""));
        List<String> command = new ArrayList<>(List.of(pgbench.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "--host=" + url.getHost(),
                "--port=" + url.getPort(),
                "--username=tidemark",
                url.getPath().substring(1)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pgbench.log").toFile());
        builder.environment()
                .put(
                        "PGPASSWORD",
                        Files.readString(Path.of(postgres.path("passwordFile").asText()))
                                .strip());
        Process process = builder.start();
        assertThat(process.waitFor(SECONDS + 120L, TimeUnit.SECONDS))
                .as("pgbench ended in time")
                .isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("pgbench.log")))
                .isZero();
    }
}
