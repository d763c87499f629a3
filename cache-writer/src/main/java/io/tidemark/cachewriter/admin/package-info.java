/** What people do to the caches: fill, clear, invalidate, tune and ask why; as jobs that count first and can be cancelled. */
@NullMarked
package io.tidemark.cachewriter.admin;

import org.jspecify.annotations.NullMarked;
