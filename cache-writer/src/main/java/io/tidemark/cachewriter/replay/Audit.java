package io.tidemark.cachewriter.replay;

import java.util.List;

/** The log of who had what replayed, kept for long and bounded. Thread-safe. */
public interface Audit {

    /**
     * Keeps a line; returns when it is kept.
     *
     * @param json one JSON object without any value of a row
     * @throws io.tidemark.cachewriter.past.History.AwayException when it cannot be kept
     */
    void say(String json);

    /** The newest lines, newest first. */
    List<String> newest(int most);
}
