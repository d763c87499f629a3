/** The pipeline file: which tables are followed, which caches are kept of them, and where everything is. */
@NullMarked
package io.tidemark.core.pipeline;

import org.jspecify.annotations.NullMarked;
