/** Caches that are read from the database: what a change makes due, and how what is due is read again. */
@NullMarked
package io.tidemark.cachewriter.dependents;

import org.jspecify.annotations.NullMarked;
