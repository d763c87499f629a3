/** How far the change stream has been published, and up to which LSN Redis is therefore right. */
@NullMarked
package io.tidemark.core.freshness;

import org.jspecify.annotations.NullMarked;
