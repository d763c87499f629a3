/** Entries that an application computes and keeps in Redis under Tidemark's cache contract. */
@NullMarked
package io.tidemark.client;

import org.jspecify.annotations.NullMarked;
