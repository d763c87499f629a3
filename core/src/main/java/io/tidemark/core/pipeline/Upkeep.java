package io.tidemark.core.pipeline;

import java.util.List;
import java.util.Map;

/**
 * What is done by time rather than by changes. Immutable.
 *
 * @param resyncs what keeps each cache right, by its name, where the file says it
 * @param schedules what is done on a schedule, in the order of the file
 * @param search the caches that a search reads
 * @param ttls between which times to live the entries of a cache may be moved, by its name, where the file says it
 */
public record Upkeep(
        Map<String, ResyncSettings> resyncs,
        List<ScheduledJob> schedules,
        SearchData search,
        Map<String, TtlRange> ttls) {

    /** Nothing by time. */
    public static final Upkeep NONE = new Upkeep(Map.of(), List.of(), SearchData.NONE, Map.of());

    public Upkeep {
        resyncs = Map.copyOf(resyncs);
        schedules = List.copyOf(schedules);
        ttls = Map.copyOf(ttls);
    }

    /** What keeps a cache right. */
    public ResyncSettings resyncOf(String cache) {
        return resyncs.getOrDefault(cache, ResyncSettings.BY_CHANGES);
    }
}
