package io.tidemark.testkit.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The files of deploy/access, as they were when this was built. */
public enum AccessScript {
    POSTGRES("postgres.sql"),
    REDIS("redis.acl"),
    KAFKA("kafka-acls.txt");

    private final String file;

    AccessScript(String file) {
        this.file = file;
    }

    /** The file's text. */
    public String text() {
        try (InputStream in = AccessScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("BUG: deploy/access/" + file + " was not built in");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
