package io.tidemark.reconciler.redis;

import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Entry;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries that are asked for again when Redis is lost for a while. As thread-safe as what it asks. */
final class PatientEntries implements Entries {
    private final Entries entries;
    private final Patience patience;

    PatientEntries(Entries entries, Patience patience) {
        this.entries = entries;
        this.patience = patience;
    }

    @Override
    public List<byte @Nullable []> values(List<String> keys) {
        return patience.ask(() -> entries.values(keys));
    }

    @Override
    public boolean allHaveMeta(List<String> keys) {
        return patience.ask(() -> entries.allHaveMeta(keys));
    }

    @Override
    public List<Entry> read(List<String> keys) {
        return patience.ask(() -> entries.read(keys));
    }

    /** Its place in the keys is Redis' own, so what a loss cut off goes on where it was: in an emptied Redis, near its end. */
    @Override
    public Iterator<String> matching(String pattern) {
        Iterator<String> keys = patience.ask(() -> entries.matching(pattern));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return patience.ask(keys::hasNext);
            }

            @Override
            public String next() {
                return patience.ask(keys::next);
            }
        };
    }
}
