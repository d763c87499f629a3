package io.tidemark.testkit.redis;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an embedded Redis runs.
 *
 * @param directory holds its data, its configuration and its log; made when absent
 * @param port on the loopback address; 0 = any free one
 * @param password clients must give; null = none
 * @param directives more lines of redis.conf, as they stand there, over the defaults
 */
public record RedisSettings(
        Path directory, int port, @Nullable String password, Map<String, String> directives) {

    public RedisSettings {
        directory = directory.toAbsolutePath().normalize();
        directives = Map.copyOf(directives);
    }

    /** Any free port, no password, nothing kept over a restart. */
    public static RedisSettings in(Path directory) {
        return new RedisSettings(directory, 0, null, Map.of());
    }

    public RedisSettings withPort(int newPort) {
        return new RedisSettings(directory, newPort, password, directives);
    }

    public RedisSettings withPassword(String newPassword) {
        return new RedisSettings(directory, port, newPassword, directives);
    }

    /** Keeps every write over a restart and over a kill (append-only file, written at each command, synced each second). */
    public RedisSettings withAppendOnly() {
        return with("appendonly", "yes");
    }

    /**
     * Keeps everything over an orderly stop, and nothing over a kill: for data that is filled again by itself, where
     * missing is right and old would be wrong. Unlike an append-only file it costs nothing while Redis runs.
     */
    public RedisSettings withDumpAtStop() {
        return with("shutdown-on-sigterm", "save").with("rdbcompression", "no");
    }

    /** In Redis' own form, such as {@code 64mb}; with the policy for when it is reached, such as {@code allkeys-lru}. */
    public RedisSettings withMaxMemory(String bytes, String policy) {
        return with("maxmemory", bytes).with("maxmemory-policy", policy);
    }

    /** As a node of a Redis Cluster; the caller gives it its slots. */
    public RedisSettings withCluster() {
        return with("cluster-enabled", "yes");
    }

    public RedisSettings with(String directive, String value) {
        Map<String, String> more = new LinkedHashMap<>(directives);
        more.put(directive, value);
        return new RedisSettings(directory, port, password, more);
    }

    /** A directive whose value is a file, whatever its path looks like. */
    public RedisSettings with(String directive, Path file) {
        return with(directive, quoted(file.toString()));
    }

    /** The text of redis.conf. */
    String configuration(int chosenPort) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("bind", "127.0.0.1");
        all.put("port", Integer.toString(chosenPort));
        all.put("dir", quoted(directory.toString()));
        all.put("daemonize", "no");
        all.put("save", "\"\"");
        all.put("appendonly", "no");
        if (password != null) {
            all.put("requirepass", quoted(password));
        }
        all.putAll(directives);
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
        return text.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
