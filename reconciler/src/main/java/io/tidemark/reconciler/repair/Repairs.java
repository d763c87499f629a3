package io.tidemark.reconciler.repair;

import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.util.List;

/** Where repairs are asked for. Thread-safe. */
public interface Repairs {

    /**
     * Asks for entries to be read from the database again.
     *
     * @param run which run asks
     * @param cache their cache
     * @param forget whether their fences are to be forgotten, as they are ahead of everything
     * @param keys their keys
     * @return what to wait for
     * @throws NotAppliedException when it cannot be asked for; its message says why and what to do
     */
    long ask(String run, String cache, boolean forget, List<String> keys)
            throws InterruptedException, NotAppliedException;

    /**
     * Waits until what was asked for is done.
     *
     * @param asked what {@link #ask} answered
     * @throws NotAppliedException when nobody does it
     */
    void await(long asked) throws InterruptedException, NotAppliedException;
}
