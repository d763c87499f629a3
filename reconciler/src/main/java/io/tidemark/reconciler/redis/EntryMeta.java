package io.tidemark.reconciler.redis;

import org.jspecify.annotations.Nullable;

/**
 * What the meta of an entry says.
 *
 * @param version the fence; null without a meta
 * @param horizon 16 hex digits of an LSN; null when the value came with a change
 */
record EntryMeta(@Nullable String version, @Nullable String horizon) {}
