package io.tidemark.core.postgres;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A row as it was read.
 *
 * @param key its primary key's columns in {@code to_jsonb} form
 * @param document the selected columns as {@code to_jsonb} gives them, in UTF-8; not to be modified
 */
public record Row(ObjectNode key, byte[] document) {}
