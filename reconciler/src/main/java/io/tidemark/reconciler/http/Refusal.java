package io.tidemark.reconciler.http;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * Why something was not done.
 *
 * @param field which part of the request is to blame; null for none
 * @param remedy what to do
 */
@Serdeable
record Refusal(String error, @Nullable String field, String remedy) {}
