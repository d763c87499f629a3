package io.tidemark.cli.stack;

import java.nio.file.Path;

/** Our services, as the programs that {@code mvn package} makes of them. */
enum ServiceProgram {
    INGEST_SERVICE("ingest-service", 256),
    CACHE_WRITER("cache-writer", 256),
    RECONCILER("reconciler", 192);

    private final String title;
    private final int heapMegabytes;

    ServiceProgram(String title, int heapMegabytes) {
        this.title = title;
        this.heapMegabytes = heapMegabytes;
    }

    /** Its name in run.json, in logs and on screens. */
    String title() {
        return title;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    /** @param home the folder of the clone */
    Path jar(Path home) {
        return home.resolve(title).resolve("target").resolve(title + ".jar");
    }
}
