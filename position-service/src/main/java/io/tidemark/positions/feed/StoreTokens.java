package io.tidemark.positions.feed;

import io.tidemark.core.pipeline.Secret;
import io.tidemark.positions.position.StoreId;
import java.util.Optional;

/** Where each store's bearer token is found. Asked before every call, so that a changed token counts at once. */
@FunctionalInterface
public interface StoreTokens {

    /** The store's token; empty when there is none, which is a state of that store and no reason to stop others. */
    Optional<Secret> of(StoreId store);
}
