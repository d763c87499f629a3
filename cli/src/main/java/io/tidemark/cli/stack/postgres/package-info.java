/** What a stack does in the PostgreSQL that it has started. */
@NullMarked
package io.tidemark.cli.stack.postgres;

import org.jspecify.annotations.NullMarked;
