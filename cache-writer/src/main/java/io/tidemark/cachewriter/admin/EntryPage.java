package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be said of one entry without the database. Pure. */
final class EntryPage {
    private static final JsonMapper JSON = new JsonMapper();

    private EntryPage() {}

    static boolean isApplications(Keyspace.Look look) {
        String fence = look.meta().get("v");
        return look.meta().containsKey("s")
                || (look.meta().containsKey("l") && (fence == null || fence.equals(Version.NONE.text())));
    }

    /** The tags that an application's entry was filled with. */
    static List<String> tags(Keyspace.Look look) {
        String[] stamp = look.meta().getOrDefault("s", "").split(" ");
        return stamp.length < 3 ? List.of() : Arrays.asList(stamp).subList(2, stamp.length);
    }

    static ObjectNode json(Keyspace.Look look, Optional<KeptCache> kept) {
        ObjectNode json = JSON.createObjectNode();
        json.put("key", look.key());
        json.put("cache", kept.map(KeptCache::name).orElse(Refreshing.applicationsCache(look.key())));
        json.put("filled_by", kept.isPresent() ? "cache-writer" : isApplications(look) ? "application" : "nobody");
        json.put("present", !look.type().equals("none"));
        json.put("type", look.type());
        json.put("memory_bytes", look.bytes());
        if (look.ttlMillis() >= 0) {
            json.put("ttl_ms", look.ttlMillis());
        }
        put(json, look);
        ArrayNode tags = json.putArray("tags");
        byte[] value = look.value();
        List<String> carried =
                kept.isPresent() ? value == null ? List.of() : kept.get().tagsOf(value) : tags(look);
        carried.forEach(tags::add);
        kept.ifPresent(cache -> {
            json.put("source", cache.source());
            ObjectNode row = json.putObject("primary_key");
            cache.rowOf(look.key()).orElse(Map.of()).forEach(row::put);
        });
        json.put("last_action", lastAction(look, kept.isPresent()));
        return json;
    }

    private static void put(ObjectNode json, Keyspace.Look look) {
        Map<String, String> meta = look.meta();
        if (meta.containsKey("v")) {
            json.put("version", meta.get("v"));
        }
        long committed = Long.parseLong(meta.getOrDefault("c", "0"));
        if (committed > 0) {
            Instant at = Instant.EPOCH.plus(committed, ChronoUnit.MICROS);
            json.put("committed_at", at.toString());
            json.put("age_ms", Math.max(0, look.nowMillis() - at.toEpochMilli()));
        }
        filledMillis(look).ifPresent(at -> {
            json.put("filled_at", Instant.ofEpochMilli(at).toString());
            json.put("age_ms", Math.max(0, look.nowMillis() - at));
        });
        if (meta.containsKey("h")) {
            json.put("read_up_to_lsn", meta.get("h"));
        }
        leaseEnds(look).ifPresent(ends -> json.put("leased_for_ms", ends - look.nowMillis()));
    }

    /** When a lease ends that is running now. */
    static Optional<Long> leaseEnds(Keyspace.Look look) {
        String[] lease = look.meta().getOrDefault("l", "").split(" ");
        long ends = lease.length > 1 ? Long.parseLong(lease[1]) : 0;
        return ends > look.nowMillis() ? Optional.of(ends) : Optional.empty();
    }

    /** When an application filled it: it lives so long from then, and its meta as long. */
    static Optional<Long> filledMillis(Keyspace.Look look) {
        String[] stamp = look.meta().getOrDefault("s", "").split(" ");
        return stamp.length < 2 || stamp[0].equals("-") || look.metaTtlMillis() < 0
                ? Optional.empty()
                : Optional.of(look.nowMillis() - Long.parseLong(stamp[1]) + look.metaTtlMillis());
    }

    static String lastAction(Keyspace.Look look, boolean kept) {
        boolean present = !look.type().equals("none");
        Map<String, String> meta = look.meta();
        if (meta.isEmpty()) {
            return present ? "written by somebody else, without the contract" : "none that Redis remembers";
        }
        if (!kept) {
            String stamp = meta.getOrDefault("s", "");
            return stamp.startsWith("-")
                    ? "invalidated"
                    : stamp.isEmpty() ? "leased" : "1".equals(meta.get("n")) ? "filled with an empty result" : "filled";
        }
        boolean seen = !meta.getOrDefault("v", Version.NONE.text()).equals(Version.NONE.text());
        if (meta.containsKey("h")) {
            return present ? "read from the database" : "read from the database, which had no row";
        }
        return !seen ? "leased" : present ? "written by a change" : "removed: deleted, expired, or invalidated";
    }
}
