package io.tidemark.testkit.postgres;

import io.tidemark.testkit.process.ServerStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** The files of one PostgreSQL: its data, and the password of its superuser beside it. */
final class PostgresCluster {

    private final Path directory;
    private final PostgresAccount account;

    PostgresCluster(Path directory, PostgresAccount account) {
        this.directory = directory;
        this.account = account;
    }

    Path data() {
        return directory.resolve("data");
    }

    Path passwordFile() {
        return directory.resolve("password");
    }

    /** Makes the data directory by initdb, once: under another name and then renamed, so that there is no half-made one. */
    void initialise(Path programs) {
        if (Files.exists(data())) {
            return;
        }
        try {
            Files.createDirectories(directory);
            writePassword();
            Path fresh = Files.createTempDirectory(directory, "data.new-");
            account.own(directory);
            initdb(programs, fresh);
            Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make PostgreSQL's data directory in " + directory, e);
        }
    }

    private void writePassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(random));
    }

    private void initdb(Path programs, Path fresh) throws IOException {
        Path output = directory.resolve("initdb.log");
        Process initdb = new ProcessBuilder(account.command(List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + fresh,
                        "--username=" + EmbeddedPostgres.USER,
                        "--pwfile=" + passwordFile(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--no-sync",
                        "--no-instructions")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (initdb.waitFor() != 0) {
                throw new ServerStartException(
                        "initdb failed (exit code " + initdb.exitValue() + "):\n"
                                + Files.readString(output, StandardCharsets.UTF_8),
                        null);
            }
        } catch (InterruptedException e) {
            initdb.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new ServerStartException("interrupted while initdb ran", e);
        }
    }
}
