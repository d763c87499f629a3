package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.Target;

/**
 * An entry of which is only known that something happened to its row: its change has no version, or one that cannot be
 * trusted, or one that Redis would not take. The database says what it is.
 *
 * @param target whose entry it is
 * @param key the entry's key
 * @param primaryKey the row's primary key in {@code to_jsonb} form
 * @param partition where the record stands that waits for it
 * @param offset that record's offset
 */
record Suspect(Target target, String key, ObjectNode primaryKey, Partition partition, long offset) {}
