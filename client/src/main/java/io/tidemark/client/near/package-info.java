/** Copies of entries in the memory of this process, and when they may be served; nothing here knows Redis. */
@NullMarked
package io.tidemark.client.near;

import org.jspecify.annotations.NullMarked;
