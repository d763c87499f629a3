package io.tidemark.positions.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions for positions, as this program brings them; puts them into a Redis that lacks them. Thread-safe. */
final class PositionsLibrary {
    static final String PUT = "tm_position_put";
    static final String INCARNATION = "tm_positions_incarnation";

    private static final Logger LOG = LoggerFactory.getLogger(PositionsLibrary.class);
    private static final String NAME = "tidemark_positions";
    private static final String VERSION_FUNCTION = "tm_positions_library";
    private static final String RESOURCE = "positions.lua";
    private static final Pattern VERSION = Pattern.compile("^local LIBRARY_VERSION = (\\d+)$", Pattern.MULTILINE);

    private final String code;
    private final long version;

    PositionsLibrary() {
        String text = resource();
        Matcher found = VERSION.matcher(text);
        if (!text.startsWith("#!lua name=" + NAME + "\n") || !found.find()) {
            throw new IllegalStateException("BUG: " + RESOURCE + " has no first line or no LIBRARY_VERSION");
        }
        this.version = Long.parseLong(found.group(1));
        // Redisson writes the first line itself.
        this.code = text.substring(text.indexOf('\n') + 1);
    }

    /** Loads the library unless Redis has it in this version or a newer one. Answers whether it had to. */
    boolean ensureLoaded(RedissonClient redisson) {
        RFunction functions = redisson.getFunction(StringCodec.INSTANCE);
        if (heldVersion(functions) >= version) {
            return false;
        }
        functions.loadAndReplace(NAME, code);
        LOG.info("put the function library {} version {} into Redis", NAME, version);
        return true;
    }

    private static long heldVersion(RFunction functions) {
        if (functions.list(NAME).isEmpty()) {
            return 0;
        }
        try {
            Object answer = functions.call(FunctionMode.READ, VERSION_FUNCTION, FunctionResult.LONG, List.of());
            return answer instanceof Long number ? number : 0;
        } catch (RedisException anotherLibraryOfThatName) {
            LOG.warn("Redis holds another library named {}, which is replaced", NAME);
            return 0;
        }
    }

    private static String resource() {
        try (InputStream in = PositionsLibrary.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("BUG: " + RESOURCE + " is not on the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("BUG: " + RESOURCE + " cannot be read", unreadable);
        }
    }
}
