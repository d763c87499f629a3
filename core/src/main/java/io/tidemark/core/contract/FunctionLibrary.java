package io.tidemark.core.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The function library that holds the cache contract, as this program brings it. Its text says what each function takes
 * and answers. Immutable.
 *
 * @param version the library's own version, which {@link #LIBRARY} answers
 * @param code the library's text without its first line, which names its engine and itself
 */
public record FunctionLibrary(int version, String code) {

    /** The library's name in Redis. */
    public static final String NAME = "tidemark";

    public static final String PUT = "tm_put";
    public static final String EVICT = "tm_evict";
    /** Many puts and evicts in one call. */
    public static final String APPLY = "tm_apply";

    /** What {@link #APPLY} would do. */
    public static final String JUDGE = "tm_judge";

    public static final String INVALIDATE = "tm_invalidate";
    public static final String GET = "tm_get";
    /** A lease of an entry that is kept of a row; for cache-writer alone. */
    public static final String ROW_LEASE = "tm_row_lease";

    public static final String ROW_FILL = "tm_row_fill";
    /** The same two of many entries in one call. */
    public static final String ROW_LEASES = "tm_row_leases";

    public static final String ROW_FILLS = "tm_row_fills";
    /** Gives entries their whole time to live again. */
    public static final String ROW_PROLONG = "tm_row_prolong";
    /** A lease of an entry that an application fills; answers the entry itself where it is right. */
    public static final String LEASE = "tm_lease";

    public static final String FILL = "tm_fill";
    /** The first step of a fill on a Redis Cluster: how its tags are to be joined. */
    public static final String FILLING = "tm_filling";

    public static final String JOIN = "tm_join";
    public static final String SINCE = "tm_since";
    public static final String SETTLE = "tm_settle";
    public static final String RELEASE = "tm_release";
    /** The present stamp, for a lease on a Redis Cluster. */
    public static final String MARK = "tm_mark";
    /** Makes every entry with one of some tags stale. */
    public static final String BUMP = "tm_bump";
    /** The second half of a bump, where a tag lies in another slot than {@link Tag#BUMPS}. */
    public static final String BUMP_TAG = "tm_bump_tag";
    /** The lists that hold the members of a tag. */
    public static final String MEMBERS = "tm_members";

    public static final String SWEEP = "tm_sweep";
    /** A sweep on a Redis Cluster, from slot to slot. */
    public static final String PEEK = "tm_peek";

    public static final String SWEEP_KEY = "tm_sweep_key";
    public static final String UNLIST = "tm_unlist";
    public static final String SWEPT = "tm_swept";
    /** The names of tags that entries may carry. */
    public static final String TAGS = "tm_tags";

    public static final String TAGS_FOUND = "tm_tags_found";
    public static final String TAGS_PRUNE = "tm_tags_prune";
    /** The same on a Redis Cluster. */
    public static final String PRUNE = "tm_prune";

    public static final String PRUNED = "tm_pruned";
    /** What is remembered of rows. */
    public static final String RECALL = "tm_recall";

    public static final String REMEMBER = "tm_remember";
    /** Marks what is due to be read from the database again. */
    public static final String DUE = "tm_due";

    public static final String DUE_TAKE = "tm_due_take";
    public static final String DUE_DONE = "tm_due_done";
    /** Remembers what a row names. */
    public static final String NAMES = "tm_names";
    /** Ends a lease of a sorted set. */
    public static final String INDEX = "tm_index";
    /** An entry with all that whoever keeps a copy of it has to know. */
    public static final String COPY = "tm_copy";
    /** Appends to the invalidation stream, where a call itself could not. */
    public static final String SAY = "tm_say";
    /** What was appended to the invalidation stream since a place in it. */
    public static final String FOLLOW = "tm_follow";
    /** The same for the one who puts it on Kafka. */
    public static final String FORWARD = "tm_forward";
    /** All that can be said of one entry. */
    public static final String LOOK = "tm_look";
    /** Answers the version of the library that Redis holds. */
    public static final String LIBRARY = "tm_library";

    private static final String RESOURCE = "tidemark.lua";
    private static final String FIRST_LINE = "#!lua name=" + NAME + "\n";
    private static final Pattern VERSION = Pattern.compile("^local LIBRARY_VERSION = (\\d+)$", Pattern.MULTILINE);

    /** Reads the library that this program brings. */
    public static FunctionLibrary load() {
        String text = resource();
        Matcher version = VERSION.matcher(text);
        if (!text.startsWith(FIRST_LINE) || !version.find()) {
            throw new IllegalStateException("BUG: " + RESOURCE + " has no first line or no LIBRARY_VERSION");
        }
        return new FunctionLibrary(Integer.parseInt(version.group(1)), text.substring(FIRST_LINE.length()));
    }

    /** The library as {@code FUNCTION LOAD} takes it. */
    public String text() {
        return FIRST_LINE + code;
    }

    private static String resource() {
        try (InputStream in = FunctionLibrary.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("BUG: " + RESOURCE + " is not on the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("BUG: " + RESOURCE + " cannot be read", unreadable);
        }
    }
}
