package io.tidemark.cachewriter.admin;

/** All that the admin HTTP needs. Thread-safe. */
public record CacheDesk(
        Jobs jobs,
        CacheFigures figures,
        Warming warming,
        Clearing clearing,
        Invalidating invalidating,
        Optimizing optimizing,
        Explaining explaining) {}
