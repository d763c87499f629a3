package io.tidemark.reconciler.http;

import io.micronaut.serde.annotation.Serdeable;

/** What an answer that is not a success says. */
@Serdeable
record ErrorAnswer(String error) {}
