package io.tidemark.cli.stack;

import java.nio.file.Path;
import java.util.List;

/** Our services, as the programs that {@code mvn package} makes of them. */
enum ServiceProgram {
    /** First: it makes tables that the others wait for. */
    POSITION_SERVICE("position-service", 128, "-XX:TieredStopAtLevel=1"),
    INGEST_SERVICE("ingest-service", 256),
    CACHE_WRITER("cache-writer", 256),
    RECONCILER("reconciler", 192);

    private final String title;
    private final int heapMegabytes;
    private final List<String> more;

    ServiceProgram(String title, int heapMegabytes, String... more) {
        this.title = title;
        this.heapMegabytes = heapMegabytes;
        this.more = List.of(more);
    }

    /** Its name in run.json, in logs and on screens. */
    String title() {
        return title;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    /** More options of its JVM; one that does little is up sooner when its code is compiled once only. */
    List<String> jvmOptions() {
        return more;
    }

    /** @param home the folder of the clone */
    Path jar(Path home) {
        return home.resolve(title).resolve("target").resolve(title + ".jar");
    }
}
