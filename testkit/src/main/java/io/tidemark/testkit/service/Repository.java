package io.tidemark.testkit.service;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this project lies on disk. */
public final class Repository {

    private Repository() {}

    /** The project's root: this directory or the nearest above it that holds the modules. */
    public static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve("core/pom.xml"))
                    && Files.isRegularFile(directory.resolve("testkit/pom.xml"))) {
                return directory;
            }
        }
        throw new IllegalStateException("expected to run inside the project's directory, found " + start);
    }

    /** The jar of a runnable module, such as {@code ingest-service}. */
    public static Path jar(String module) {
        Path jar = root().resolve(module).resolve("target").resolve(module + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there; build it: mvn -DskipTests package");
        }
        return jar;
    }
}
