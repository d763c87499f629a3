package io.tidemark.core.pipeline;

import java.util.List;
import java.util.Map;

/**
 * What is done by time rather than by changes. Immutable.
 *
 * @param resyncs what keeps each cache right, by its name, where the file says it
 * @param schedules what is done on a schedule, in the order of the file
 * @param search the caches that a search reads
 */
public record Upkeep(Map<String, ResyncSettings> resyncs, List<ScheduledJob> schedules, SearchData search) {

    /** Nothing by time. */
    public static final Upkeep NONE = new Upkeep(Map.of(), List.of(), SearchData.NONE);

    public Upkeep {
        resyncs = Map.copyOf(resyncs);
        schedules = List.copyOf(schedules);
    }

    /** What keeps a cache right. */
    public ResyncSettings resyncOf(String cache) {
        return resyncs.getOrDefault(cache, ResyncSettings.BY_CHANGES);
    }
}
