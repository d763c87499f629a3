package io.tidemark.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of asking for an entry, or for permission to fill it. */
public sealed interface Answer {

    /**
     * The entry is right.
     *
     * @param value null when it was filled with the knowledge that there is nothing
     */
    record Hit(@Nullable String value) implements Answer {}

    /** The caller may fill the entry with what it reads from the database from now on. */
    record Granted(Lease lease) implements Answer {}

    /** Another one fills the entry; the old value may be used until then. */
    record Old(String value, Duration atMost) implements Answer {}

    /** Another one fills the entry, at most for so long; to be asked again. */
    record Wait(Duration atMost) implements Answer {}

    /**
     * Permission to fill an entry.
     *
     * @param key the entry's
     * @param token whose lease it is
     */
    record Lease(String key, String token) {}
}
