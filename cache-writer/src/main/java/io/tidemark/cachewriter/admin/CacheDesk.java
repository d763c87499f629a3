package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.Jobs;

/** All that the admin HTTP needs. Thread-safe. */
public record CacheDesk(
        Jobs jobs,
        CacheFigures figures,
        Warming warming,
        Clearing clearing,
        Invalidating invalidating,
        Optimizing optimizing,
        Explaining explaining) {}
